package explain

import (
	"context"
	"fmt"
	"math"
	"slices"

	"stride/internal/nn"
	"stride/internal/nn/kernel"
	"stride/internal/nn/tensor"
)

// LayerNorm is how much one layer would learn from a batch.
type LayerNorm struct {
	Node *nn.Node
	// Weight is the Euclidean norm of the loss's gradient with respect to the layer's weight, Relative the same divided by the
	// norm of the weight itself; Signal is the norm of the gradient with respect to the layer's output.
	Weight, Relative, Signal float64
}

// GradNorms measures the gradient that reaches every convolution and dense layer of the main path, in run order, for the
// cross-entropy of a batch as in training: batch normalisation by the batch's own statistics, dropout as drawn from seed 0. The
// weights, running statistics too, are not changed.
func GradNorms(ctx context.Context, g *nn.Graph, x *tensor.Tensor, labels []int, w nn.Weights, ws nn.Workers) ([]LayerNorm, error) {
	if len(labels) != x.Shape.N {
		return nil, fmt.Errorf("explain: %d labels for %d pictures", len(labels), x.Shape.N)
	}
	norms := map[int]*LayerNorm{}
	grads := map[string][]float32{}
	for _, n := range g.Main() {
		if p, ok := weightOf(n); ok {
			norms[n.ID] = &LayerNorm{Node: n}
			grads[n.Key(p)] = make([]float32, p.Len())
		}
	}
	tap := func(n *nn.Node, grad *tensor.Tensor) error {
		if l := norms[n.ID]; l != nil {
			l.Signal = norm(grad.Data)
		}
		return nil
	}
	tape := nn.NewTape(g, nn.TapeConfig{Workers: ws, Train: true, GradTap: tap})
	if err := tape.Forward(ctx, x, copyStatistics(g, w)); err != nil {
		return nil, err
	}
	seed, err := lossGradient(tape.Out(g.Output), labels)
	if err != nil {
		return nil, err
	}
	into := func(key string, _ nn.ParamSpec) []float32 { return grads[key] }
	if err := tape.Backward(ctx, nn.Seeds{g.Output: seed}, into); err != nil {
		return nil, err
	}
	var l []LayerNorm
	for _, n := range g.Main() {
		if r := norms[n.ID]; r != nil {
			p, _ := weightOf(n)
			r.Weight = norm(grads[n.Key(p)])
			if size := norm(w.Values(n.Key(p))); size > 0 {
				r.Relative = r.Weight / size
			}
			l = append(l, *r)
		}
	}
	return l, nil
}

func lossGradient(logits *tensor.Tensor, labels []int) (*tensor.Tensor, error) {
	n, c := logits.Shape.N, logits.Shape.C
	for _, l := range labels {
		if l < 0 || l >= c {
			return nil, fmt.Errorf("explain: label %d: the network has the classes 0 to %d", l, c-1)
		}
	}
	prob, grad := make([]float32, n*c), tensor.New(logits.Shape)
	kernel.CrossEntropy(prob, logits.Data, labels, n, c, 0)
	kernel.CrossEntropyBackward(grad.Data, prob, labels, n, c, 0, 1)
	return grad, nil
}

// weightOf is the multiplying parameter of a convolution or dense layer.
func weightOf(n *nn.Node) (nn.ParamSpec, bool) {
	for _, p := range n.Params {
		if p.Role == nn.ConvWeight || p.Role == nn.LinearWeight {
			return p, true
		}
	}
	return nn.ParamSpec{}, false
}

// statistics are weights of which the running statistics are copies, so that a training pass may move them.
type statistics struct {
	nn.Weights
	own map[string][]float32
}

func (s statistics) Values(key string) []float32 {
	if v := s.own[key]; v != nil {
		return v
	}
	return s.Weights.Values(key)
}

func copyStatistics(g *nn.Graph, w nn.Weights) nn.Weights {
	s := statistics{w, map[string][]float32{}}
	for _, n := range g.Nodes {
		for _, p := range n.Params {
			if p.Role == nn.NormMean || p.Role == nn.NormVar {
				s.own[n.Key(p)] = slices.Clone(w.Values(n.Key(p)))
			}
		}
	}
	return s
}

func norm(v []float32) float64 {
	sum := 0.0
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	return math.Sqrt(sum)
}
