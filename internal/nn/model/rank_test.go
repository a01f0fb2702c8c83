package model

import (
	"context"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"stride/internal/nn"
	"stride/internal/nn/arch"
	"stride/internal/nn/op"
	"stride/internal/nn/tensor"
)

// TestReduced: the reduced layer is the two-step form, a 1×1 and a 3×3 convolution one after the other; everything before it
// is untouched, and at full rank nothing changes but for rounding.
func TestReduced(t *testing.T) {
	a, err := arch.ByName("cifar_resnet20")
	if err != nil {
		t.Fatal(err)
	}
	m, err := Untrained(a, tensor.Shape{}, 4)
	if err != nil {
		t.Fatal(err)
	}
	n := m.Graph.Node("layer2.1.conv1")
	l, err := m.LowRank(n)
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := m.LowRank(n); again != l {
		t.Error("the layer is decomposed twice")
	}
	r := rand.New(rand.NewPCG(2, 2))
	x := tensor.New(m.Graph.Input.Shape)
	for i := range x.Data {
		x.Data[i] = float32(r.NormFloat64())
	}
	run := func(cfg RunConfig) map[string]*tensor.Tensor {
		t.Helper()
		outs := map[string]*tensor.Tensor{}
		cfg.Tap = func(n *nn.Node, read func() *tensor.Tensor) error {
			if read != nil {
				outs[n.Path] = read()
			}
			return nil
		}
		if _, err := m.Run(context.Background(), x, cfg); err != nil {
			t.Fatal(err)
		}
		return outs
	}
	whole := run(RunConfig{Plain: true})
	for _, rank := range []int{1, 5, l.Rank() - 1, l.Rank(), l.Rank() + 9} {
		for _, plain := range []bool{false, true} {
			got := run(RunConfig{Edited: []*nn.Node{n}, Weights: m.Reduced(map[*nn.Node]int{n: rank}), Plain: plain})
			k := min(rank, l.Rank())
			reduce, filter := l.Factors(k)
			mid := tensor.New(tensor.Shape{N: 1, C: k, H: n.Shape.H, W: n.Shape.W})
			forward(op.Conv{Out: k, Kernel: 1, NoBias: true}, whole[n.In[0].Path], mid, reduce)
			want := tensor.New(n.Shape)
			forward(op.Conv{Out: n.Shape.C, Kernel: 3, Pad: 1, NoBias: true}, mid, want, filter)
			if d := farthest(got[n.Path], want); d > 1e-4 {
				t.Errorf("rank %d, plain %v: off the two convolutions by %g", rank, plain, d)
			}
			out := m.Graph.Output.Path
			if d := farthest(got[out], whole[out]); (d < 1e-4) != (rank >= l.Rank()) {
				t.Errorf("rank %d, plain %v: the answer moves by %g", rank, plain, d)
			}
			if plain && farthest(got[n.In[0].Path], whole[n.In[0].Path]) != 0 {
				t.Errorf("rank %d: what lies before the layer has changed", rank)
			}
		}
	}
}

func forward(o op.Conv, in, out *tensor.Tensor, w []float32) {
	o.Forward(&nn.Call{Op: o, In: []*tensor.Tensor{in}, Out: out, Params: [][]float32{w}})
}

// farthest is the largest difference of two tensors, in parts of the largest value.
func farthest(a, b *tensor.Tensor) float64 {
	var d, top float64
	for i, v := range a.Data {
		d, top = max(d, math.Abs(float64(v-b.Data[i]))), max(top, math.Abs(float64(v)))
	}
	return d / top
}

func TestReducible(t *testing.T) {
	a, err := arch.ByName("cifar_resnet20")
	if err != nil {
		t.Fatal(err)
	}
	m, err := Untrained(a, tensor.Shape{}, 4)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]bool{"conv1": true, "layer2.0.conv1": false, "layer2.0.conv2": true, "layer1.0.bn1": false} {
		n := m.Graph.Node(path)
		if err := Reducible(n); (err == nil) != want || err != nil && !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", path, err)
		}
		if _, err := m.LowRank(n); (err == nil) != want {
			t.Errorf("%s is decomposed: %v", path, err)
		}
	}
}
