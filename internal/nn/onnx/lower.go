package onnx

import (
	"fmt"

	"stride/internal/nn"
	"stride/internal/nn/op"
)

// model is a graph in ONNX's terms, without the values of its weights.
type model struct {
	name   string
	graph  []byte // the nodes, then name, input and outputs
	params []param
	value  map[*nn.Node]string // the name under which the value of a node is known
	flat   map[*nn.Node]bool   // values of two dimensions, N×C
}

// lower translates every node of the main path.
func lower(g *nn.Graph, o Options) (*model, error) {
	m := &model{name: o.Name, value: map[*nn.Node]string{}, flat: map[*nn.Node]bool{}}
	for _, n := range g.Main() {
		if n == g.Input {
			m.value[n] = n.Path
			continue
		}
		if err := m.node(n); err != nil {
			return nil, &nn.NodeError{Path: n.Path, Err: err}
		}
	}
	m.graph = appendString(m.graph, graphName, o.Name)
	m.graph = appendBytes(m.graph, graphInput, valueInfo(g.Input.Path, g.Input.Shape, false))
	for _, n := range append([]*nn.Node{g.Output}, o.Outputs...) {
		if m.value[n] != n.Path || n == g.Input {
			return nil, &nn.NodeError{Path: n.Path, Err: fmt.Errorf("onnx: has no value of its own to return")}
		}
		m.graph = appendBytes(m.graph, graphOutput, valueInfo(n.Path, n.Shape, m.flat[n]))
	}
	return m, nil
}

// node adds what computes n. Nodes that are the identity in inference add nothing.
func (m *model) node(n *nn.Node) error {
	var in []string
	for _, x := range n.In {
		in = append(in, m.value[x])
	}
	m.value[n], m.flat[n] = n.Path, m.flat[n.In[0]]
	if m.identity(n) {
		m.value[n] = in[0]
		return nil
	}
	for _, p := range n.Params {
		m.params = append(m.params, param{key: n.Key(p), dims: p.Dims})
		in = append(in, n.Key(p))
	}
	switch x := n.Op.(type) {
	case op.Conv:
		m.add(n, "Conv", in, append(windowAttrs(n, x.Window(n.In[0].Shape), x.Same), intAttr("group", x.GroupCount()))...)
	case op.Linear:
		m.linear(n, in)
	case op.BatchNorm:
		m.add(n, "BatchNormalization", in, floatAttr("epsilon", x.Epsilon()))
	case op.LRN:
		m.add(n, "LRN", in, floatAttr("alpha", x.Factor()*float64(x.N)), floatAttr("beta", x.Beta), floatAttr("bias", x.K), intAttr("size", x.N))
	case op.Act:
		return m.activation(n, x, in)
	case op.MaxPool:
		m.add(n, "MaxPool", in, append(windowAttrs(n, x.Window(n.In[0].Shape), false), flag("ceil_mode", x.Ceil))...)
	case op.AvgPool:
		if x.Ceil && x.Pad > 0 && !x.ExcludePad {
			return fmt.Errorf("onnx: runtimes disagree on a rounded-up average pool that counts its padding")
		}
		m.add(n, "AveragePool", in, append(windowAttrs(n, x.Window(n.In[0].Shape), false), flag("ceil_mode", x.Ceil), flag("count_include_pad", !x.ExcludePad))...)
	case op.AdaptiveAvgPool:
		return m.adaptive(n, x, in)
	case op.Add:
		m.add(n, map[bool]string{true: "Add", false: "Sum"}[len(in) == 2], in)
	case op.Mul:
		m.add(n, "Mul", in)
	case op.Concat:
		m.add(n, "Concat", in, intAttr("axis", 1))
	case op.Flatten:
		m.add(n, "Flatten", in, intAttr("axis", 1))
		m.flat[n] = true
	case op.Softmax:
		m.add(n, "Softmax", in, intAttr("axis", 1))
	default:
		return fmt.Errorf("onnx: the operation %q has no counterpart", n.Op.Kind())
	}
	return nil
}

// identity reports whether the value of n is that of its input.
func (m *model) identity(n *nn.Node) bool {
	switch n.Op.(type) {
	case op.Dropout, op.StochasticDepth:
		return true
	case op.Concat:
		return len(n.In) == 1
	case op.AdaptiveAvgPool:
		return n.Shape == n.In[0].Shape
	case op.Flatten:
		return m.flat[n.In[0]]
	}
	return false
}

// add appends a node whose output is named after n.
func (m *model) add(n *nn.Node, kind string, in []string, attrs ...attr) {
	m.addAs(n.Path, kind, in, attrs...)
}

func (m *model) addAs(out, kind string, in []string, attrs ...attr) {
	var b []byte
	for _, i := range in {
		b = appendString(b, nodeInput, i)
	}
	b = appendString(b, nodeOutput, out)
	b = appendString(b, nodeName, out)
	b = appendString(b, nodeOp, kind)
	for _, a := range attrs {
		b = appendBytes(b, nodeAttribute, a)
	}
	m.graph = appendBytes(m.graph, graphNode, b)
}

// constant is a tensor of the exporter's own; no dims make a scalar.
func (m *model) constant(n *nn.Node, name string, v float32) string {
	key := n.Path + ":" + name // no weight has a colon
	m.params = append(m.params, param{key: key, values: []float32{v}})
	return key
}

// linear is a matrix product with the weight as it is stored, transposed. A map of 1×1 is flattened first.
func (m *model) linear(n *nn.Node, in []string) {
	if !m.flat[n.In[0]] {
		flat := n.Path + ":flat"
		m.addAs(flat, "Flatten", in[:1], intAttr("axis", 1))
		in[0] = flat
	}
	m.add(n, "Gemm", in, intAttr("transB", 1))
	m.flat[n] = true
}

// activation translates a pointwise function; x·sigmoid(x) is two nodes there.
func (m *model) activation(n *nn.Node, a op.Act, in []string) error {
	switch a {
	case op.ReLU:
		m.add(n, "Relu", in)
	case op.ReLU6:
		m.add(n, "Clip", append(in, m.constant(n, "low", 0), m.constant(n, "high", 6)))
	case op.SiLU:
		m.addAs(n.Path+":sigmoid", "Sigmoid", in)
		m.add(n, "Mul", append(in, n.Path+":sigmoid"))
	case op.Tanh:
		m.add(n, "Tanh", in)
	case op.Sigmoid:
		m.add(n, "Sigmoid", in)
	case op.HardSwish:
		m.add(n, "HardSwish", in)
	case op.HardSigmoid:
		m.add(n, "HardSigmoid", in, floatAttr("alpha", 1.0/6), floatAttr("beta", 0.5))
	default:
		return fmt.Errorf("onnx: the activation %q has no counterpart", a)
	}
	return nil
}

// adaptive is a global average, or an average pool where the output side divides the input's.
func (m *model) adaptive(n *nn.Node, p op.AdaptiveAvgPool, in []string) error {
	s := n.In[0].Shape
	switch {
	case p.Out == 1:
		m.add(n, "GlobalAveragePool", in)
	case s.H%p.Out == 0 && s.W%p.Out == 0:
		m.add(n, "AveragePool", in, windowAttrs(n, p.Window(s), false)...)
	default:
		return fmt.Errorf("onnx: averages of %d×%d to %d×%d overlap, which has no counterpart", s.H, s.W, p.Out, p.Out)
	}
	return nil
}

// windowAttrs are kernel, strides, padding and dilation. The padding after the map equals that before it, except where
// the convolution pads to a size.
func windowAttrs(n *nn.Node, w nn.Window, toSize bool) []attr {
	in, out := n.In[0].Shape, n.Shape
	pb, pr := w.PT, w.PL
	if toSize {
		pb = max((out.H-1)*w.SH+w.DH*(w.KH-1)+1-in.H-w.PT, 0)
		pr = max((out.W-1)*w.SW+w.DW*(w.KW-1)+1-in.W-w.PL, 0)
	}
	a := []attr{intsAttr("kernel_shape", w.KH, w.KW), intsAttr("strides", w.SH, w.SW), intsAttr("pads", w.PT, w.PL, pb, pr)}
	if w.DH != 1 || w.DW != 1 {
		a = append(a, intsAttr("dilations", w.DH, w.DW))
	}
	return a
}

func flag(name string, set bool) attr {
	if set {
		return intAttr(name, 1)
	}
	return intAttr(name, 0)
}
