package op_test

import (
	"math"
	"strings"
	"testing"

	"stride/internal/nn"
	"stride/internal/nn/kernel"
	"stride/internal/nn/nntest/golden"
	"stride/internal/nn/op"
	"stride/internal/nn/tensor"
)

// TestGoldens holds every single operation of the reference file to it, all values.
func TestGoldens(t *testing.T) {
	for _, c := range golden.LoadOps(t) {
		t.Run(c.Name(), func(t *testing.T) {
			x := tensor.Of(shape(c.Inputs[0].Shape), c.Inputs[0].Values())
			if c.Op == "cross_entropy" {
				labels := golden.Attr[[]int](c, "labels")
				got := kernel.CrossEntropy(nil, x.Data, labels, x.Shape.N, x.Shape.C, 0)
				if math.Abs(got-c.Values[0]) > 1e-6*c.Values[0] {
					t.Errorf("loss %v, want %v", got, c.Values[0])
				}
				return
			}
			var params [][]float32
			for _, p := range c.Inputs[1:] {
				params = append(params, p.Values())
			}
			out := apply(t, opOf(t, c), params, x)
			if want := shape(c.Shape); out.Shape != want {
				t.Fatalf("shape %v, want %v", out.Shape, want)
			}
			if _, err := golden.CompareValues(out.Data, c.Values, 1e-6); err != nil {
				t.Error(err)
			}
		})
	}
}

func shape(d []int) tensor.Shape {
	if len(d) == 1 {
		return tensor.Vec(1, d[0])
	}
	return golden.Shape(d)
}

func opOf(t *testing.T, c golden.OpCase) nn.Op {
	t.Helper()
	switch c.Op {
	case "lrn":
		return op.LRN{N: golden.Attr[int](c, "n"), K: golden.Attr[float64](c, "k"), Alpha: golden.Attr[float64](c, "alpha"),
			Beta: golden.Attr[float64](c, "beta"), Sum: !golden.Attr[bool](c, "alpha_divided_by_n")}
	case "max_pool":
		return op.MaxPool{Kernel: golden.Attr[int](c, "kernel"), Stride: golden.Attr[int](c, "stride"), Pad: golden.Attr[int](c, "padding"), Ceil: golden.Attr[bool](c, "ceil_mode")}
	case "avg_pool":
		return op.AvgPool{Kernel: golden.Attr[int](c, "kernel"), Stride: golden.Attr[int](c, "stride"), Pad: golden.Attr[int](c, "padding"),
			Ceil: golden.Attr[bool](c, "ceil_mode"), ExcludePad: !golden.Attr[bool](c, "count_include_pad")}
	case "adaptive_avg_pool":
		return op.AdaptiveAvgPool{Out: golden.Attr[int](c, "output")}
	case "conv":
		k, p := golden.Attr[[]int](c, "kernel"), golden.Attr[[]int](c, "padding")
		return op.Conv{Out: c.Inputs[1].Shape[0], Size: [2]int(k), Pads: [2]int(p), Stride: golden.Attr[int](c, "stride"),
			Groups: golden.Attr[int](c, "groups"), NoBias: len(c.Inputs) == 2}
	case "softmax":
		return op.Softmax{}
	case "relu", "relu6", "silu", "sigmoid", "tanh", "hardswish", "hardsigmoid":
		return op.Act(strings.ToLower(c.Op))
	}
	t.Fatalf("no operation for %q", c.Op)
	return nil
}

// apply runs one op forward.
func apply(t *testing.T, o nn.Op, params [][]float32, in ...*tensor.Tensor) *tensor.Tensor {
	t.Helper()
	out := tensor.New(outShape(t, o, in))
	o.Forward(&nn.Call{Op: o, In: in, Out: out, Params: params})
	return out
}

func outShape(t *testing.T, o nn.Op, in []*tensor.Tensor) tensor.Shape {
	t.Helper()
	s, err := o.OutShape(shapes(in))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func shapes(in []*tensor.Tensor) []tensor.Shape {
	s := make([]tensor.Shape, len(in))
	for i, x := range in {
		s[i] = x.Shape
	}
	return s
}
