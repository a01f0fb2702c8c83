package weights_test

import (
	"math"
	"slices"
	"testing"

	"stride/internal/nn"
	"stride/internal/nn/tensor"
	"stride/internal/nn/weights"
)

// layer is an op with given parameters; it computes nothing.
type layer struct{ params []nn.ParamSpec }

func (layer) Kind() nn.Kind                                    { return "layer" }
func (layer) OutShape(in []tensor.Shape) (tensor.Shape, error) { return in[0], nil }
func (l layer) Params([]tensor.Shape) []nn.ParamSpec           { return l.params }
func (layer) MACs(in []tensor.Shape, out tensor.Shape) int64   { return 0 }
func (layer) Forward(*nn.Call)                                 {}
func (layer) FixedValues(name string) []float32                { return []float32{1, -1, 1} }
func spec(name string, role nn.Role, dims ...int) nn.ParamSpec {
	return nn.ParamSpec{Name: name, Dims: dims, Role: role}
}
func conv(out, in, k int) layer {
	return layer{[]nn.ParamSpec{spec("weight", nn.ConvWeight, out, in, k, k)}}
}
func dense(out, in int) layer {
	return layer{[]nn.ParamSpec{spec("weight", nn.LinearWeight, out, in), spec("bias", nn.Bias, out)}}
}
func norm(c int) layer {
	return layer{[]nn.ParamSpec{spec("weight", nn.NormWeight, c), spec("bias", nn.NormBias, c), spec("running_mean", nn.NormMean, c), spec("running_var", nn.NormVar, c)}}
}

// small is a graph of conv, bn, an auxiliary dense layer and a classifier.
func small(t *testing.T) *nn.Graph {
	t.Helper()
	g, err := nn.Build(tensor.CHW(3, 4, 4), func(b *nn.Builder, x *nn.Node) *nn.Node {
		l := b.Scope("layer1")
		x = l.Add("conv", conv(8, 3, 3), x)
		x = l.Add("bn", norm(8), x)
		b.Aux("aux1", func(b *nn.Builder) *nn.Node { return b.Add("fc", dense(5, 8), x) })
		return b.Add("fc", dense(10, 8), x)
	})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestInit(t *testing.T) {
	g := small(t)
	s := weights.Init(g, 1)
	if err := weights.Check(g, s); err != nil {
		t.Fatal(err)
	}
	bound := float32(math.Sqrt(6.0 / 27))
	w := s.Values("layer1.conv.weight")
	if mx := slices.Max(w); mx > bound || mx < 0.9*bound {
		t.Errorf("largest convolution weight %v, want just below %v", mx, bound)
	}
	for key, want := range map[string]float32{"layer1.bn.weight": 1, "layer1.bn.bias": 0, "layer1.bn.running_mean": 0, "layer1.bn.running_var": 1, "fc.bias": 0} {
		for _, v := range s.Values(key) {
			if v != want {
				t.Errorf("%s has %v, want %v", key, v, want)
			}
		}
	}
	if !slices.Equal(w, weights.Init(g, 1).Values("layer1.conv.weight")) {
		t.Error("the same seed gave other values")
	}
	if slices.Equal(w, weights.Init(g, 2).Values("layer1.conv.weight")) {
		t.Error("another seed gave the same values")
	}
}

// A key's values do not depend on what else is in the graph.
func TestInitIsOrderIndependent(t *testing.T) {
	one := func(first bool) []float32 {
		g, err := nn.Build(tensor.CHW(3, 4, 4), func(b *nn.Builder, x *nn.Node) *nn.Node {
			if first {
				x = b.Add("extra", conv(3, 3, 3), x)
			}
			return b.Add("conv", conv(8, 3, 3), x)
		})
		if err != nil {
			t.Fatal(err)
		}
		return weights.Init(g, 7).Values("conv.weight")
	}
	if !slices.Equal(one(false), one(true)) {
		t.Error("an unrelated layer changed the values of conv.weight")
	}
}

func TestInitVariance(t *testing.T) {
	g, err := nn.Build(tensor.CHW(3, 4, 4), func(b *nn.Builder, x *nn.Node) *nn.Node { return b.Add("conv", conv(256, 64, 3), x) })
	if err != nil {
		t.Fatal(err)
	}
	s := tensor.Summarize(weights.Init(g, 1).Values("conv.weight"))
	want := math.Sqrt(2.0 / (64 * 9))
	if math.Abs(s.Std/want-1) > 0.01 || math.Abs(s.Mean) > want/100 {
		t.Errorf("mean %v, deviation %v; want 0 and √(2/fan-in) = %v", s.Mean, s.Std, want)
	}
}

func TestInitFixed(t *testing.T) {
	g, err := nn.Build(tensor.CHW(3, 4, 4), func(b *nn.Builder, x *nn.Node) *nn.Node {
		return b.Add("rbf", layer{[]nn.ParamSpec{spec("weight", nn.Fixed, 3)}}, x)
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := weights.Init(g, 1).Values("rbf.weight"); !slices.Equal(got, []float32{1, -1, 1}) {
		t.Errorf("fixed parameters %v, want the op's own", got)
	}
}
