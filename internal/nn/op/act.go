package op

import (
	"math"

	"stride/internal/nn"
	"stride/internal/nn/kernel"
	"stride/internal/nn/tensor"
)

// Act is an activation function, applied to every value. Its kind is its name.
type Act nn.Kind

// The activations. ScaledTanh is LeNet-5's 1.7159·tanh(2x/3) (LeCun et al. 1998, Appendix A); HardSwish and HardSigmoid
// are MobileNet v3's (arXiv:1905.02244, §5.2).
const (
	ReLU        Act = "relu"
	ReLU6       Act = "relu6"
	SiLU        Act = "silu"
	Tanh        Act = "tanh"
	ScaledTanh  Act = "scaledtanh"
	Sigmoid     Act = "sigmoid"
	HardSwish   Act = "hardswish"
	HardSigmoid Act = "hardsigmoid"
)

const scaledTanhA, scaledTanhS = 1.7159, 2.0 / 3

// actFunc is one activation: f for explanations in float64, forward and backward on slices. backward adds dy·f' to dx,
// computed from the output where fromOutput is set and from the input otherwise.
type actFunc struct {
	f          func(x float64) float64
	forward    func(dst, x []float32, ws kernel.Workers)
	backward   func(dx, dy, v []float32, ws kernel.Workers)
	fromOutput bool
}

func sigmoid(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

var acts = map[Act]actFunc{
	ReLU:        {func(x float64) float64 { return max(x, 0) }, kernel.ReLU, kernel.ReLUBackward, true},
	ReLU6:       {func(x float64) float64 { return min(max(x, 0), 6) }, kernel.ReLU6, kernel.ReLU6Backward, true},
	SiLU:        {func(x float64) float64 { return x * sigmoid(x) }, kernel.SiLU, kernel.SiLUBackward, false},
	Tanh:        {math.Tanh, kernel.Tanh, kernel.TanhBackward, true},
	Sigmoid:     {sigmoid, kernel.Sigmoid, kernel.SigmoidBackward, true},
	HardSwish:   {func(x float64) float64 { return x * min(max(x+3, 0), 6) / 6 }, kernel.HardSwish, kernel.HardSwishBackward, false},
	HardSigmoid: {func(x float64) float64 { return min(max(x+3, 0), 6) / 6 }, kernel.HardSigmoid, kernel.HardSigmoidBackward, false},
	ScaledTanh:  {func(x float64) float64 { return scaledTanhA * math.Tanh(scaledTanhS*x) }, scaledTanh, scaledTanhBackward, true},
}

// Only LeNet's small maps use ScaledTanh, so it has no kernel.
func scaledTanh(dst, x []float32, _ kernel.Workers) {
	for i, v := range x {
		dst[i] = float32(scaledTanhA * math.Tanh(scaledTanhS*float64(v)))
	}
}

func scaledTanhBackward(dx, dy, y []float32, _ kernel.Workers) {
	for i, v := range y {
		t := v / scaledTanhA
		dx[i] += dy[i] * scaledTanhA * scaledTanhS * (1 - t*t)
	}
}

// Kind is the activation's name.
func (a Act) Kind() nn.Kind { return nn.Kind(a) }

// OutShape keeps the shape.
func (a Act) OutShape(in []tensor.Shape) (tensor.Shape, error) { return one(in) }

// Params is empty.
func (Act) Params([]tensor.Shape) []nn.ParamSpec { return nil }

// MACs is 0 by the convention.
func (Act) MACs([]tensor.Shape, tensor.Shape) int64 { return 0 }

// Forward applies the function.
func (a Act) Forward(k *nn.Call) { acts[a].forward(k.Out.Data, k.In[0].Data, k.Workers) }

// Backward adds the gradient times the derivative.
func (a Act) Backward(k *nn.GradCall) {
	if k.GradIn[0] == nil {
		return
	}
	f, v := acts[a], k.In[0]
	if f.fromOutput {
		v = k.Out
	}
	f.backward(k.GradIn[0].Data, k.GradOut.Data, v.Data, k.Workers)
}

// Explain is the value before and after.
func (a Act) Explain(k *nn.Call, cell nn.Cell) nn.Terms {
	t := pointTerm(k, 0, cell, nn.FormPointwise)
	t.Value = acts[a].f(t.Sum)
	return t
}

// pointTerm is the single input cell at the same place.
func pointTerm(k *nn.Call, in int, cell nn.Cell, form nn.Form) nn.Terms {
	x := float64(k.In[in].At(0, cell.C, cell.Y, cell.X))
	return nn.Terms{Form: form, Items: []nn.Term{{In: in, Cell: cell, X: x, W: 1}}, Sum: x, Value: x}
}

// Softmax turns logits into shares that add up to 1: e^x / Σ e^x over the channels.
type Softmax struct{}

// Kind is "softmax".
func (Softmax) Kind() nn.Kind { return "softmax" }

// Window is the whole input.
func (Softmax) Window(in tensor.Shape) nn.Window { return wholeMap(in) }

// OutShape keeps the shape.
func (Softmax) OutShape(in []tensor.Shape) (tensor.Shape, error) { return one(in) }

// Params is empty.
func (Softmax) Params([]tensor.Shape) []nn.ParamSpec { return nil }

// MACs is 0 by the convention.
func (Softmax) MACs([]tensor.Shape, tensor.Shape) int64 { return 0 }

// Forward subtracts the largest logit first, so that nothing overflows.
func (Softmax) Forward(k *nn.Call) {
	s := k.Out.Shape
	kernel.Softmax(k.Out.Data, k.In[0].Data, s.N, s.C, s.PlaneLen(), k.Workers)
}

// Backward adds y·(dy − Σ y·dy).
func (Softmax) Backward(k *nn.GradCall) {
	if s := k.Out.Shape; k.GradIn[0] != nil {
		kernel.SoftmaxBackward(k.GradIn[0].Data, k.GradOut.Data, k.Out.Data, s.N, s.C, s.PlaneLen(), k.Workers)
	}
}

// Explain lists every logit as X with its exponential as W (relative to the largest logit); Sum is Σ W.
func (Softmax) Explain(k *nn.Call, cell nn.Cell) nn.Terms {
	t := nn.Terms{Form: nn.FormSoftmax}
	top := math.Inf(-1)
	for c := range k.In[0].Shape.C {
		top = max(top, float64(k.In[0].At(0, c, cell.Y, cell.X)))
	}
	for c := range k.In[0].Shape.C {
		x := float64(k.In[0].At(0, c, cell.Y, cell.X))
		e := math.Exp(x - top)
		t.Items = append(t.Items, nn.Term{Cell: nn.Cell{C: c, Y: cell.Y, X: cell.X}, X: x, W: e})
		t.Sum += e
	}
	t.Value = t.Items[cell.C].W / t.Sum
	t.Named = []nn.Named{{Symbol: "max", Value: top}}
	return t
}
