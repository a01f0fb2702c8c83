package nn

import (
	"fmt"

	"stride/internal/nn/tensor"
)

// Node is one operation of a graph, applied to the outputs of earlier nodes.
type Node struct {
	// ID is the position in Graph.Nodes, which is a valid run order.
	ID int
	// Path is dotted and equals the weight prefix: "layer1.0.conv1". It is the public name of the node: URLs, lessons,
	// golden files and weight keys use it.
	Path string
	Op   Op
	In   []*Node
	// Shape is the output shape for one image (N is 1).
	Shape  tensor.Shape
	Params []ParamSpec
	// Aux marks the nodes of auxiliary classifiers, which run only when asked for.
	Aux bool
	// Users are the nodes that read this one, in order.
	Users []*Node
}

// InShapes lists the shapes of the inputs for a batch of n.
func (n *Node) InShapes(batch int) []tensor.Shape {
	s := make([]tensor.Shape, len(n.In))
	for i, x := range n.In {
		s[i] = x.Shape.WithN(batch)
	}
	return s
}

// MACs is the number of multiply-accumulates for one image.
func (n *Node) MACs() int64 { return n.Op.MACs(n.InShapes(1), n.Shape) }

// Key is the name of a parameter in a weight file.
func (n *Node) Key(p ParamSpec) string { return n.Path + "." + p.Name }

// Window is the op's window, or that of a pointwise op.
func (n *Node) Window() Window {
	if w, ok := n.Op.(Windowed); ok {
		return w.Window(n.In[0].Shape)
	}
	return Window{KH: 1, KW: 1, SH: 1, SW: 1, DH: 1, DW: 1}
}

// Graph is a directed acyclic graph with one input and one main output. It is immutable once built.
type Graph struct {
	Nodes  []*Node
	Input  *Node
	Output *Node
	// AuxOutputs are the logits of auxiliary classifiers, in order.
	AuxOutputs []*Node
	byPath     map[string]*Node
}

// Node finds a node by its path; nil when there is none.
func (g *Graph) Node(path string) *Node { return g.byPath[path] }

// Main lists the nodes without the auxiliary classifiers.
func (g *Graph) Main() []*Node {
	var m []*Node
	for _, n := range g.Nodes {
		if !n.Aux {
			m = append(m, n)
		}
	}
	return m
}

// inputOp is the picture itself.
type inputOp struct{ shape tensor.Shape }

func (inputOp) Kind() Kind                                      { return KindInput }
func (o inputOp) OutShape([]tensor.Shape) (tensor.Shape, error) { return o.shape, nil }
func (inputOp) Params([]tensor.Shape) []ParamSpec               { return nil }
func (inputOp) MACs([]tensor.Shape, tensor.Shape) int64         { return 0 }
func (inputOp) Forward(c *Call)                                 {}
func (o inputOp) String() string                                { return fmt.Sprint("input ", o.shape) }

// Builder adds nodes to a graph. It keeps the first error, so that declarations need no error handling: after an error
// every call is harmless and Build returns it.
type Builder struct {
	st    *buildState
	scope string
	aux   bool
}

type buildState struct {
	g    *Graph
	err  error
	dead *Node // stands for the output of a node that failed
}

// Build declares a graph: f receives the input node and returns the output node.
func Build(in tensor.Shape, f func(b *Builder, x *Node) *Node) (*Graph, error) {
	if !in.Valid() || in.N != 1 {
		return nil, fmt.Errorf("nn: an input of %v: want one image, every side at least 1, fewer than 2³¹ values", in)
	}
	x := &Node{Path: "input", Op: inputOp{in}, Shape: in}
	g := &Graph{Nodes: []*Node{x}, Input: x, byPath: map[string]*Node{"input": x}}
	b := &Builder{st: &buildState{g: g, dead: &Node{Path: "?", Shape: tensor.CHW(1, 1, 1)}}}
	g.Output = f(b, x)
	if b.st.err != nil {
		return nil, b.st.err
	}
	if g.Output == nil || g.byPath[g.Output.Path] != g.Output {
		return nil, fmt.Errorf("nn: the declaration returned no node of its graph")
	}
	g.order()
	return g, nil
}

// order moves the auxiliary nodes to the end, where they may be left out of a run, and numbers the nodes.
func (g *Graph) order() {
	var main, aux []*Node
	for _, n := range g.Nodes {
		if n.Aux {
			aux = append(aux, n)
		} else {
			main = append(main, n)
		}
	}
	g.Nodes = append(main, aux...)
	for i, n := range g.Nodes {
		n.ID = i
		for _, x := range n.In {
			x.Users = append(x.Users, n)
		}
	}
}

// Scope is a builder whose nodes have name as a prefix: Scope("layer1").Scope("0").Add("conv1", …) is "layer1.0.conv1".
func (b *Builder) Scope(name string) *Builder {
	s := *b
	s.scope = b.path(name)
	return &s
}

func (b *Builder) path(name string) string {
	if b.scope == "" {
		return name
	}
	return b.scope + "." + name
}

// Add appends one node. The error of a node that does not fit names its path and the shapes.
func (b *Builder) Add(name string, op Op, in ...*Node) *Node {
	path := b.path(name)
	if b.st.err != nil {
		return b.st.dead
	}
	if b.st.g.byPath[path] != nil {
		b.fail(path, fmt.Errorf("the path is used twice"))
		return b.st.dead
	}
	shapes := make([]tensor.Shape, len(in))
	for i, x := range in {
		if x == nil || b.st.g.byPath[x.Path] != x {
			b.fail(path, fmt.Errorf("input %d is not a node of this graph", i))
			return b.st.dead
		}
		if x.Aux && !b.aux {
			b.fail(path, fmt.Errorf("the main path reads auxiliary node %q", x.Path))
			return b.st.dead
		}
		shapes[i] = x.Shape
	}
	out, err := op.OutShape(shapes)
	if err == nil && !out.Valid() {
		err = fmt.Errorf("the output %v would be empty or too large", out)
	}
	if err != nil {
		b.fail(path, err)
		return b.st.dead
	}
	n := &Node{ID: len(b.st.g.Nodes), Path: path, Op: op, In: in, Shape: out, Params: op.Params(shapes), Aux: b.aux}
	b.st.g.Nodes = append(b.st.g.Nodes, n)
	b.st.g.byPath[path] = n
	return n
}

// Aux declares an auxiliary classifier under the scope name; f returns its logits.
func (b *Builder) Aux(name string, f func(b *Builder) *Node) {
	s := b.Scope(name)
	s.aux = true
	if out := f(s); b.st.err == nil {
		b.st.g.AuxOutputs = append(b.st.g.AuxOutputs, out)
	}
}

// Fail records an error of the declaration itself.
func (b *Builder) Fail(format string, args ...any) { b.fail(b.scope, fmt.Errorf(format, args...)) }

func (b *Builder) fail(path string, err error) {
	if b.st.err == nil {
		b.st.err = &NodeError{path, err}
	}
}

// NodeError is an error at one node.
type NodeError struct {
	Path string
	Err  error
}

func (e *NodeError) Error() string { return fmt.Sprintf("nn: node %q: %v", e.Path, e.Err) }
func (e *NodeError) Unwrap() error { return e.Err }
