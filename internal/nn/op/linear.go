package op

import (
	"fmt"

	"stride/internal/nn"
	"stride/internal/nn/kernel"
	"stride/internal/nn/tensor"
)

// Linear is a fully connected (dense) layer.
//
//	in      N×C
//	out     N×Out,  out = weight·in + bias
//	weight  Out×C,  bias  Out
//
// Cost is C·Out multiply-accumulates.
type Linear struct {
	Out    int
	NoBias bool
}

// Kind is "linear".
func (Linear) Kind() nn.Kind { return "linear" }

// Window is the whole input.
func (Linear) Window(in tensor.Shape) nn.Window { return wholeMap(in) }

// OutShape wants a vector: a map must be flattened first.
func (l Linear) OutShape(in []tensor.Shape) (tensor.Shape, error) {
	x, err := one(in)
	switch {
	case err != nil:
		return x, err
	case x.H != 1 || x.W != 1:
		return x, fmt.Errorf("a dense layer takes a vector, not %v: flatten the maps first", x)
	case l.Out < 1:
		return x, fmt.Errorf("a dense layer with %d outputs", l.Out)
	}
	return tensor.Vec(x.N, l.Out), nil
}

// Params are the weight and, unless NoBias, the bias.
func (l Linear) Params(in []tensor.Shape) []nn.ParamSpec {
	p := []nn.ParamSpec{{Name: "weight", Dims: []int{l.Out, in[0].C}, Role: nn.LinearWeight}}
	if !l.NoBias {
		p = append(p, nn.ParamSpec{Name: "bias", Dims: []int{l.Out}, Role: nn.Bias})
	}
	return p
}

// MACs is one multiplication per weight.
func (l Linear) MACs(in []tensor.Shape, _ tensor.Shape) int64 {
	return int64(in[0].N) * int64(in[0].C) * int64(l.Out)
}

// Forward computes the matrix product.
func (l Linear) Forward(k *nn.Call) {
	x := k.In[0].Shape
	kernel.Linear(k.Out.Data, k.In[0].Data, k.Params[0], param(k.Params, 1), x.N, x.C, l.Out, k.Workers)
}

// Backward adds the gradients of input, weight and bias.
func (l Linear) Backward(k *nn.GradCall) {
	x := k.In[0].Shape
	if k.GradIn[0] != nil {
		kernel.LinearBackwardInput(k.GradIn[0].Data, k.GradOut.Data, k.Params[0], x.N, x.C, l.Out, k.Workers)
	}
	if dw := param(k.GradParams, 0); dw != nil {
		kernel.LinearBackwardWeight(dw, param(k.GradParams, 1), k.GradOut.Data, k.In[0].Data, x.N, x.C, l.Out, k.Workers)
	}
}

// Explain lists every input times its weight.
func (l Linear) Explain(k *nn.Call, cell nn.Cell) nn.Terms {
	n := k.In[0].Shape.C
	t := nn.Terms{Form: nn.FormSum, Items: make([]nn.Term, n)}
	for c := range n {
		t.Items[c] = nn.Term{Cell: nn.Cell{C: c}, X: float64(k.In[0].Data[c]), W: float64(k.Params[0][cell.C*n+c])}
	}
	return withBias(t, param(k.Params, 1), cell.C)
}

// wholeMap is the window of an op that reads every position at once.
func wholeMap(in tensor.Shape) nn.Window {
	return nn.Window{KH: in.H, KW: in.W, SH: in.H, SW: in.W, DH: 1, DW: 1}
}

// RBF is LeNet-5's output layer (LeCun et al. 1998, §II.B, eq. 7): the squared distance to a fixed pattern per class.
// Its sign is turned so that, as for every other network here, the largest output is the answer.
//
//	in       N×C
//	out      N×len(Patterns),  out = −Σ (in − pattern)²
//
// The patterns are part of the architecture and have no parameters.
type RBF struct{ Patterns [][]float32 }

// Kind is "rbf".
func (RBF) Kind() nn.Kind { return "rbf" }

// Window is the whole input.
func (RBF) Window(in tensor.Shape) nn.Window { return wholeMap(in) }

// OutShape wants a vector as long as the patterns.
func (r RBF) OutShape(in []tensor.Shape) (tensor.Shape, error) {
	x, err := one(in)
	if err != nil {
		return x, err
	}
	for i, p := range r.Patterns {
		if x.H != 1 || x.W != 1 || len(p) != x.C {
			return x, fmt.Errorf("pattern %d has %d values, the input is %v", i, len(p), x)
		}
	}
	return tensor.Vec(x.N, len(r.Patterns)), nil
}

// Params is empty.
func (RBF) Params([]tensor.Shape) []nn.ParamSpec { return nil }

// MACs is 0: distances are not counted by the convention.
func (RBF) MACs([]tensor.Shape, tensor.Shape) int64 { return 0 }

// Forward computes the distances; the layer is tiny, so plain loops do.
func (r RBF) Forward(k *nn.Call) {
	for n := range k.Out.Shape.N {
		x, y := k.In[0].Image(n).Data, k.Out.Image(n).Data
		for o, p := range r.Patterns {
			var sum float32
			for i, v := range x {
				d := v - p[i]
				sum += d * d
			}
			y[o] = -sum
		}
	}
}

// Backward adds −2·(in − pattern)·gradient.
func (r RBF) Backward(k *nn.GradCall) {
	if k.GradIn[0] == nil {
		return
	}
	for n := range k.Out.Shape.N {
		x, g, dx := k.In[0].Image(n).Data, k.GradOut.Image(n).Data, k.GradIn[0].Image(n).Data
		for o, p := range r.Patterns {
			for i, v := range x {
				dx[i] -= 2 * (v - p[i]) * g[o]
			}
		}
	}
}

// Explain lists the input beside the pattern; W is the pattern's value.
func (r RBF) Explain(k *nn.Call, cell nn.Cell) nn.Terms {
	t := nn.Terms{Form: nn.FormDistance}
	for c, p := range r.Patterns[cell.C] {
		x := float64(k.In[0].Data[c])
		t.Items = append(t.Items, nn.Term{Cell: nn.Cell{C: c}, X: x, W: float64(p)})
		t.Sum += (x - float64(p)) * (x - float64(p))
	}
	t.Value = -t.Sum
	return t
}
