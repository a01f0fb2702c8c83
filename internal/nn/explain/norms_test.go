package explain

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"stride/internal/nn"
	"stride/internal/nn/op"
	"stride/internal/nn/tensor"
)

// TestGradNormsOfDense has the gradient in closed form: for logits W·x + b and one picture, ∂loss/∂W = (p − t)·xᵀ.
func TestGradNormsOfDense(t *testing.T) {
	g, err := nn.Build(tensor.CHW(1, 2, 2), func(b *nn.Builder, x *nn.Node) *nn.Node {
		return b.Add("fc", op.Linear{Out: 2}, b.Add("flatten", op.Flatten{}, x))
	})
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(5, 6))
	w, x := randomWeights(g, rng), randomInput(g, 1, rng)
	l, err := GradNorms(context.Background(), g, x, []int{1}, w, nil)
	if err != nil {
		t.Fatal(err)
	}
	logit := func(o int) float64 {
		s := float64(w.Values("fc.bias")[o])
		for i, v := range x.Data {
			s += float64(w.Values("fc.weight")[o*4+i]) * float64(v)
		}
		return s
	}
	wrong := 1 / (1 + math.Exp(logit(1)-logit(0))) // the share of class 0
	signal := math.Sqrt2 * wrong
	weight := signal * norm(x.Data)
	for _, c := range []struct {
		what      string
		got, want float64
	}{{"signal", l[0].Signal, signal}, {"weight", l[0].Weight, weight}, {"relative", l[0].Relative, weight / norm(w.Values("fc.weight"))}} {
		if math.Abs(c.got-c.want) > 1e-6 {
			t.Errorf("%s is %v, want %v", c.what, c.got, c.want)
		}
	}
}

// TestGradNormsLeavesWeights checks that a training pass for the norms moves nothing, running statistics included, and what is
// refused.
func TestGradNormsLeavesWeights(t *testing.T) {
	g, err := nn.Build(tensor.CHW(1, 6, 6), func(b *nn.Builder, x *nn.Node) *nn.Node {
		y := b.Add("bn", op.BatchNorm{}, b.Add("conv", op.Conv{Out: 3, Kernel: 3, NoBias: true}, x))
		return b.Add("fc", op.Linear{Out: 2}, b.Add("flatten", op.Flatten{}, b.Add("relu", op.ReLU, y)))
	})
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(7, 8))
	w, x := randomWeights(g, rng), randomInput(g, 4, rng)
	before := map[string][]float32{}
	for _, k := range w.Keys() {
		before[k] = slices.Clone(w.Values(k))
	}
	l, err := GradNorms(context.Background(), g, x, []int{0, 1, 1, 0}, w, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(l) != 2 || l[0].Node.Path != "conv" || l[1].Node.Path != "fc" || l[0].Weight <= 0 || l[0].Signal <= 0 {
		t.Errorf("layers %+v", l)
	}
	for k, v := range before {
		if !slices.Equal(w.Values(k), v) {
			t.Errorf("%s has changed", k)
		}
	}
	for _, labels := range [][]int{{0, 1}, {0, 1, 2, 0}} {
		if _, err := GradNorms(context.Background(), g, x, labels, w, nil); err == nil {
			t.Errorf("labels %v are accepted", labels)
		}
	}
}
