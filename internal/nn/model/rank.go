package model

import (
	"fmt"
	"sync"

	"stride/internal/nn"
	"stride/internal/nn/analyze"
)

// Reducible says why a convolution has no two-step form; nil where it has one.
func Reducible(n *nn.Node) error {
	if _, ok := analyze.ContractOf(n); !ok {
		return fmt.Errorf("%q is no square convolution in one group, with stride 1, that keeps the size of its map: only those have a two-step form", n.Path)
	}
	return nil
}

// LowRank is the decomposed weight of a convolution. It is made once a model and layer, which takes a second for 512
// channels. It is an error when the layer is not Reducible or its weights are not finite.
func (m *Model) LowRank(n *nn.Node) (*analyze.LowRank, error) {
	once, _ := m.ranks.LoadOrStore(n.Path, sync.OnceValues(func() (*analyze.LowRank, error) { return m.lowRank(n) }))
	return once.(func() (*analyze.LowRank, error))()
}

func (m *Model) lowRank(n *nn.Node) (*analyze.LowRank, error) {
	if err := Reducible(n); err != nil {
		return nil, err
	}
	v, err := n.Values(m.Weights)
	if err != nil {
		return nil, err
	}
	d := n.Params[0].Dims
	l, err := analyze.NewLowRank(v[0], d[0], d[1], d[2])
	if err != nil {
		return nil, fmt.Errorf("%s: %q: %w", m.Arch.Name, n.Path, err)
	}
	return l, nil
}

// Reduced is the model's weights with those of some convolutions replaced by their best approximation of a rank. The 1×1
// and the k×k convolution of that rank have nothing between them, so their product as one weight is the same function, and
// the graph stays as it is. A rank above the layer's own is the layer's own. A product is made when it is asked for and not
// kept; there is none where LowRank fails.
func (m *Model) Reduced(ranks map[*nn.Node]int) nn.Weights {
	r := reduced{Weights: m.Weights, byKey: map[string]func() []float32{}}
	for n, rank := range ranks {
		r.byKey[n.Key(n.Params[0])] = func() []float32 {
			l, err := m.LowRank(n)
			if err != nil {
				return nil
			}
			return l.Weights(min(rank, l.Rank()))
		}
	}
	return r
}

// reduced are weights some of which are replaced.
type reduced struct {
	nn.Weights
	byKey map[string]func() []float32
}

func (r reduced) Values(key string) []float32 {
	if v, ok := r.byKey[key]; ok {
		return v()
	}
	return r.Weights.Values(key)
}
