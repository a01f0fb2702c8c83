package op

import (
	"fmt"
	"strings"

	"stride/internal/nn"
	"stride/internal/nn/kernel"
	"stride/internal/nn/tensor"
)

// Add is the sum of inputs of one shape: the skip connection (He et al. 2015, arXiv:1512.03385, eq. 1).
type Add struct{}

// Kind is "add".
func (Add) Kind() nn.Kind { return "add" }

// OutShape wants two or more inputs of one shape.
func (Add) OutShape(in []tensor.Shape) (tensor.Shape, error) {
	if len(in) < 2 {
		return tensor.Shape{}, fmt.Errorf("adds %d inputs, takes at least 2", len(in))
	}
	for _, s := range in[1:] {
		if s != in[0] {
			return s, fmt.Errorf("shapes differ: %s", joinShapes(in, " + "))
		}
	}
	return in[0], nil
}

func joinShapes(in []tensor.Shape, sep string) string {
	t := make([]string, len(in))
	for i, s := range in {
		t[i] = s.String()
	}
	return strings.Join(t, sep)
}

// Params is empty.
func (Add) Params([]tensor.Shape) []nn.ParamSpec { return nil }

// MACs is 0 by the convention.
func (Add) MACs([]tensor.Shape, tensor.Shape) int64 { return 0 }

// Forward adds from left to right.
func (Add) Forward(k *nn.Call) {
	kernel.Add(k.Out.Data, k.In[0].Data, k.In[1].Data, k.Workers)
	for _, x := range k.In[2:] {
		kernel.Add(k.Out.Data, k.Out.Data, x.Data, k.Workers)
	}
}

// Backward hands the gradient to every input unchanged.
func (Add) Backward(k *nn.GradCall) {
	for _, d := range k.GradIn {
		if d != nil {
			kernel.Add(d.Data, d.Data, k.GradOut.Data, k.Workers)
		}
	}
}

// Explain lists one value per input.
func (Add) Explain(k *nn.Call, cell nn.Cell) nn.Terms {
	t := nn.Terms{Form: nn.FormSum}
	for i := range k.In {
		t.Items = append(t.Items, pointTerm(k, i, cell, nn.FormSum).Items[0])
	}
	return withBias(t, nil, 0)
}

// Concat lays the channels of its inputs behind one another (Szegedy et al. 2014, arXiv:1409.4842, §4).
type Concat struct{}

// Kind is "concat".
func (Concat) Kind() nn.Kind { return "concat" }

// OutShape wants inputs with maps of one size. One input is allowed: a dense block begins so.
func (Concat) OutShape(in []tensor.Shape) (tensor.Shape, error) {
	if len(in) == 0 {
		return tensor.Shape{}, fmt.Errorf("concatenates nothing")
	}
	out := in[0]
	for _, s := range in[1:] {
		if s.H != out.H || s.W != out.W || s.N != out.N {
			return s, fmt.Errorf("map sizes differ: %s", joinShapes(in, ", "))
		}
		out.C += s.C
	}
	return out, nil
}

// Params is empty.
func (Concat) Params([]tensor.Shape) []nn.ParamSpec { return nil }

// MACs is 0 by the convention.
func (Concat) MACs([]tensor.Shape, tensor.Shape) int64 { return 0 }

// parts visits every contiguous piece: image n of input i lies at [at, at+len) of the output.
func parts(in []*tensor.Tensor, out tensor.Shape, f func(i, n, at int)) {
	for n := range out.N {
		at := n * out.ImageLen()
		for i, x := range in {
			f(i, n, at)
			at += x.Shape.ImageLen()
		}
	}
}

// Forward copies.
func (Concat) Forward(k *nn.Call) {
	parts(k.In, k.Out.Shape, func(i, n, at int) { copy(k.Out.Data[at:], k.In[i].Image(n).Data) })
}

// Backward cuts the gradient into the inputs' parts.
func (Concat) Backward(k *nn.GradCall) {
	parts(k.In, k.Out.Shape, func(i, n, at int) {
		if k.GradIn[i] == nil {
			return
		}
		d := k.GradIn[i].Image(n).Data
		for j := range d {
			d[j] += k.GradOut.Data[at+j]
		}
	})
}

// Explain names the input and channel the cell was copied from.
func (Concat) Explain(k *nn.Call, cell nn.Cell) nn.Terms {
	for i, x := range k.In {
		if cell.C < x.Shape.C {
			return pointTerm(k, i, cell, nn.FormCopy)
		}
		cell.C -= x.Shape.C
	}
	panic(fmt.Sprintf("op: Concat.Explain: channel %d is beyond the inputs", cell.C))
}

// Mul is the product of two inputs. One may be a C×1×1 gate that multiplies whole maps: squeeze-and-excitation (Hu et
// al. 2017, arXiv:1709.01507).
type Mul struct{}

// Kind is "mul".
func (Mul) Kind() nn.Kind { return "mul" }

// OutShape is that of the larger input.
func (Mul) OutShape(in []tensor.Shape) (tensor.Shape, error) {
	if len(in) != 2 {
		return tensor.Shape{}, fmt.Errorf("multiplies %d inputs, takes 2", len(in))
	}
	a, b := in[0], in[1]
	switch {
	case a == b, isGate(b, a):
		return a, nil
	case isGate(a, b):
		return b, nil
	}
	return a, fmt.Errorf("shapes do not match: %s", joinShapes(in, " · "))
}

func isGate(g, x tensor.Shape) bool {
	return g.C == x.C && g.N == x.N && g.H == 1 && g.W == 1 && x.PlaneLen() > 1
}

// IsGate reports whether input i multiplies whole maps.
func (Mul) IsGate(in []tensor.Shape, i int) bool { return isGate(in[i], in[1-i]) }

// Params is empty.
func (Mul) Params([]tensor.Shape) []nn.ParamSpec { return nil }

// MACs is 0 by the convention.
func (Mul) MACs([]tensor.Shape, tensor.Shape) int64 { return 0 }

// split says which input is the gate; -1 when the shapes are equal.
func (Mul) split(in []*tensor.Tensor) (gate, x int) {
	for i := range in {
		if isGate(in[i].Shape, in[1-i].Shape) {
			return i, 1 - i
		}
	}
	return -1, 0
}

// Forward multiplies.
func (m Mul) Forward(k *nn.Call) {
	g, x := m.split(k.In)
	if g < 0 {
		kernel.Mul(k.Out.Data, k.In[0].Data, k.In[1].Data, k.Workers)
		return
	}
	s := k.Out.Shape
	kernel.MulGate(k.Out.Data, k.In[x].Data, k.In[g].Data, s.N, s.C, s.PlaneLen(), k.Workers)
}

// Backward gives each input the gradient times the other.
func (m Mul) Backward(k *nn.GradCall) {
	g, x := m.split(k.In)
	if g < 0 {
		kernel.MulBackward(data(k.GradIn[0]), data(k.GradIn[1]), k.GradOut.Data, k.In[0].Data, k.In[1].Data, k.Workers)
		return
	}
	s := k.Out.Shape
	kernel.MulGateBackward(data(k.GradIn[x]), data(k.GradIn[g]), k.GradOut.Data, k.In[x].Data, k.In[g].Data, s.N, s.C, s.PlaneLen(), k.Workers)
}

// Explain gives the two factors: W of the first item is the gate (or the first input), X the map's value.
func (m Mul) Explain(k *nn.Call, cell nn.Cell) nn.Terms {
	t := nn.Terms{Form: nn.FormProduct, Value: 1}
	for i, x := range k.In {
		c := cell
		if x.Shape.PlaneLen() == 1 {
			c.Y, c.X = 0, 0
		}
		it := pointTerm(k, i, c, nn.FormProduct).Items[0]
		t.Items = append(t.Items, it)
		t.Value *= it.X
	}
	t.Sum = t.Value
	return t
}
