package op_test

import (
	"fmt"
	"math"
	"testing"

	"stride/internal/nn"
	"stride/internal/nn/arch"
	"stride/internal/nn/nntest/golden"
	"stride/internal/nn/op"
	"stride/internal/nn/tensor"
)

// problem is one op with the shapes it is applied to.
type problem struct {
	op nn.Op
	in []tensor.Shape
}

func s(n, c, h, w int) tensor.Shape { return tensor.Shape{N: n, C: c, H: h, W: w} }

// problems has every op at least once, odd sizes, batches and all optional fields.
var problems = []problem{
	{op.Conv{Out: 6, Kernel: 3, Pad: 1}, []tensor.Shape{s(2, 4, 5, 6)}},
	{op.Conv{Out: 4, Kernel: 3, Stride: 2, Groups: 2, NoBias: true}, []tensor.Shape{s(2, 6, 7, 7)}},
	{op.Conv{Out: 5, Kernel: 5, Pad: 2, Dilation: 2}, []tensor.Shape{s(1, 2, 9, 8)}},
	{op.Conv{Out: 6, Kernel: 3, Stride: 2, Groups: 6, Same: true}, []tensor.Shape{s(2, 6, 6, 7)}},
	{op.Conv{Out: 3, Size: [2]int{1, 7}, Pads: [2]int{0, 3}}, []tensor.Shape{s(1, 3, 5, 8)}},
	{op.Conv{Out: 7, Kernel: 1}, []tensor.Shape{s(2, 5, 4, 3)}},
	{op.ConvTable{Kernel: 3, Inputs: [][]int{{0, 1}, {2}, {0, 1, 2}}}, []tensor.Shape{s(2, 3, 5, 6)}},
	{op.Linear{Out: 7}, []tensor.Shape{tensor.Vec(3, 11)}},
	{op.Linear{Out: 2, NoBias: true}, []tensor.Shape{tensor.Vec(1, 4)}},
	{op.RBF{Patterns: [][]float32{{1, -1, 1}, {-1, -1, 1}}}, []tensor.Shape{tensor.Vec(2, 3)}},
	{op.MaxPool{Kernel: 3, Stride: 2, Pad: 1}, []tensor.Shape{s(2, 3, 7, 6)}},
	{op.MaxPool{Kernel: 3, Stride: 2, Ceil: true}, []tensor.Shape{s(1, 2, 8, 8)}},
	{op.AvgPool{Kernel: 3, Stride: 2, Pad: 1}, []tensor.Shape{s(2, 2, 7, 6)}},
	{op.AvgPool{Kernel: 3, Stride: 2, Pad: 1, Ceil: true, ExcludePad: true}, []tensor.Shape{s(1, 2, 8, 7)}},
	{op.AdaptiveAvgPool{Out: 1}, []tensor.Shape{s(2, 3, 5, 4)}},
	{op.AdaptiveAvgPool{Out: 3}, []tensor.Shape{s(1, 2, 7, 8)}},
	{op.SubSample{}, []tensor.Shape{s(2, 3, 4, 6)}},
	{op.BatchNorm{}, []tensor.Shape{s(3, 4, 5, 3)}},
	{op.LRN{N: 5, K: 1, Alpha: 0.1, Beta: 0.75}, []tensor.Shape{s(2, 7, 3, 2)}},
	{op.LRN{N: 4, K: 2, Alpha: 0.05, Beta: 0.5, Sum: true}, []tensor.Shape{s(1, 6, 2, 2)}},
	{op.ReLU, []tensor.Shape{s(2, 3, 4, 5)}},
	{op.ReLU6, []tensor.Shape{s(1, 3, 4, 5)}},
	{op.SiLU, []tensor.Shape{s(1, 3, 4, 5)}},
	{op.Tanh, []tensor.Shape{s(1, 3, 4, 5)}},
	{op.ScaledTanh, []tensor.Shape{s(1, 3, 4, 5)}},
	{op.Sigmoid, []tensor.Shape{s(1, 3, 4, 5)}},
	{op.HardSwish, []tensor.Shape{s(1, 3, 4, 5)}},
	{op.HardSigmoid, []tensor.Shape{s(1, 3, 4, 5)}},
	{op.Softmax{}, []tensor.Shape{tensor.Vec(2, 6)}},
	{op.Add{}, []tensor.Shape{s(2, 2, 3, 3), s(2, 2, 3, 3), s(2, 2, 3, 3)}},
	{op.Concat{}, []tensor.Shape{s(2, 2, 3, 3), s(2, 1, 3, 3), s(2, 4, 3, 3)}},
	{op.Mul{}, []tensor.Shape{s(2, 3, 1, 1), s(2, 3, 4, 2)}},
	{op.Mul{}, []tensor.Shape{s(2, 3, 4, 2), s(2, 3, 4, 2)}},
	{op.Flatten{}, []tensor.Shape{s(2, 3, 4, 2)}},
	{op.Dropout{P: 0.3}, []tensor.Shape{s(2, 3, 4, 2)}},
	{op.StochasticDepth{P: 0.4}, []tensor.Shape{s(4, 3, 2, 2)}},
	{op.Subsample{Step: 2}, []tensor.Shape{s(2, 3, 5, 4)}},
	{op.PadChannels{Out: 5}, []tensor.Shape{s(2, 3, 2, 2)}},
}

func (p problem) name(i int) string { return fmt.Sprintf("%02d %s %v", i, p.op.Kind(), p.in) }

// call makes inputs and parameters from the formula; values are spread so that kinks (ReLU at 0, ties of a maximum) are
// not closer than a finite difference reaches.
func (p problem) call(t *testing.T, train bool) *nn.GradCall {
	t.Helper()
	c := &nn.GradCall{}
	c.Op, c.Train, c.Rand = p.op, train, 7
	for i, sh := range p.in {
		c.In = append(c.In, tensor.Of(sh, golden.Values(fmt.Sprint("law.x", i), sh.Len(), -2, 2)))
		for j, v := range c.In[i].Data {
			if v > -0.02 && v < 0.02 {
				c.In[i].Data[j] = 0.05
			}
		}
	}
	for _, ps := range p.op.Params(p.in) {
		lo, hi := -0.5, 0.5
		if ps.Role == nn.NormVar || ps.Role == nn.NormWeight {
			lo, hi = 0.5, 1.5
		}
		c.Params = append(c.Params, golden.Values("law."+ps.Name, ps.Len(), lo, hi))
	}
	c.Out = tensor.New(outShape(t, p.op, c.In))
	return c
}

// TestLawsCoverEveryOp holds that no architecture uses an op that the laws below do not see.
func TestLawsCoverEveryOp(t *testing.T) {
	covered := map[nn.Kind]bool{nn.KindInput: true}
	for _, p := range problems {
		covered[p.op.Kind()] = true
	}
	for _, a := range arch.All() {
		g, err := a.Graph()
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range g.Nodes {
			if k := n.Op.Kind(); !covered[k] {
				t.Errorf("%s: no problem for %q", a.Name, k)
				covered[k] = true
			}
		}
	}
}

// TestEveryOp checks the laws that hold for all: the result has the declared shape, inputs stay as
// they are, a batch is its images one by one, and every cell equals its explanation.
func TestEveryOp(t *testing.T) {
	for i, p := range problems {
		t.Run(p.name(i), func(t *testing.T) {
			c := p.call(t, false)
			before := make([][]float32, len(c.In))
			for j, x := range c.In {
				before[j] = x.Clone().Data
			}
			p.op.Forward(&c.Call)
			for j, x := range c.In {
				for k, v := range x.Data {
					if v != before[j][k] {
						t.Fatalf("input %d changed at %d", j, k)
					}
				}
			}
			checkBatch(t, p, c)
			checkExplanations(t, c)
		})
	}
}

func checkBatch(t *testing.T, p problem, c *nn.GradCall) {
	t.Helper()
	for n := range c.Out.Shape.N {
		var in []*tensor.Tensor
		for _, x := range c.In {
			in = append(in, x.Image(n))
		}
		one := apply(t, p.op, c.Params, in...)
		for i, v := range one.Data {
			if w := c.Out.Image(n).Data[i]; v != w {
				t.Fatalf("image %d alone gives %v at %d, in the batch %v", n, v, i, w)
			}
		}
	}
}

func checkExplanations(t *testing.T, c *nn.GradCall) {
	t.Helper()
	e := c.Op.(nn.Explainer)
	first := c.Call
	first.Out = c.Out.Image(0)
	first.In = nil
	for _, x := range c.In {
		first.In = append(first.In, x.Image(0))
	}
	sh := first.Out.Shape
	for ch := range sh.C {
		for y := range sh.H {
			for x := range sh.W {
				got, want := e.Explain(&first, nn.Cell{C: ch, Y: y, X: x}), float64(first.Out.At(0, ch, y, x))
				if math.Abs(got.Value-want) > 2e-6*max(1, math.Abs(want)) {
					t.Fatalf("cell %d,%d,%d is %v, the explanation says %v: %+v", ch, y, x, want, got.Value, got)
				}
				for _, it := range got.Items {
					if v := first.In[it.In].At(0, it.Cell.C, it.Cell.Y, it.Cell.X); float64(v) != it.X {
						t.Fatalf("cell %d,%d,%d: a term says input %d %v is %v, it is %v", ch, y, x, it.In, it.Cell, it.X, v)
					}
				}
			}
		}
	}
}

// TestBackward compares every gradient with central differences, in evaluation and training.
func TestBackward(t *testing.T) {
	for i, p := range problems {
		for _, train := range []bool{false, true} {
			t.Run(fmt.Sprint(p.name(i), " train=", train), func(t *testing.T) { checkBackward(t, p, train) })
		}
	}
}

func checkBackward(t *testing.T, p problem, train bool) {
	t.Helper()
	c := p.call(t, train)
	seed := golden.Values("law.seed", c.Out.Shape.Len(), -1, 1)
	loss := func() float64 { // Σ seed·out; running statistics must not drift between evaluations
		saved := make([][]float32, len(c.Params))
		for i, q := range c.Params {
			saved[i] = append([]float32(nil), q...)
		}
		p.op.Forward(&c.Call)
		for i := range c.Params {
			copy(c.Params[i], saved[i])
		}
		sum := 0.0
		for i, v := range c.Out.Data {
			sum += float64(v) * float64(seed[i])
		}
		return sum
	}
	loss()
	c.GradOut = tensor.Of(c.Out.Shape, seed)
	for _, x := range c.In {
		g := tensor.New(x.Shape)
		for i := range g.Data {
			g.Data[i] = 0.25 // gradients are added to what is there
		}
		c.GradIn = append(c.GradIn, g)
	}
	specs := p.op.Params(p.in)
	for _, ps := range specs {
		var g []float32
		if ps.Role.Trainable() {
			g = make([]float32, ps.Len())
		}
		c.GradParams = append(c.GradParams, g)
	}
	p.op.(nn.Differentiable).Backward(c)
	for i, x := range c.In {
		compareDifferences(t, fmt.Sprint("input ", i), x.Data, c.GradIn[i].Data, 0.25, loss)
	}
	for i, g := range c.GradParams {
		if g != nil {
			compareDifferences(t, specs[i].Name, c.Params[i], g, 0, loss)
		}
	}
}

// compareDifferences perturbs every value of v. The outputs are float32, which limits a difference over 2h to about
// ulp·|out|/h; the gradient's own size sets the scale.
func compareDifferences(t *testing.T, what string, v, grad []float32, offset float64, loss func() float64) {
	t.Helper()
	const h = 1.0 / 128
	scale := 1.0
	for _, g := range grad {
		scale = max(scale, math.Abs(float64(g)-offset))
	}
	for i := range v {
		old := v[i]
		v[i] = old + h
		up := loss()
		v[i] = old - h
		down := loss()
		v[i] = old
		want, got := (up-down)/(2*h), float64(grad[i])-offset
		if math.Abs(got-want) > 4e-3*scale {
			t.Fatalf("gradient of %s at %d is %v, differences say %v", what, i, got, want)
		}
	}
	loss()
}
