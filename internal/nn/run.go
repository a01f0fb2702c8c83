package nn

import (
	"context"
	"errors"
	"fmt"

	"stride/internal/nn/tensor"
)

// Weights finds the values of a parameter by its key ("layer1.0.conv1.weight"); nil when there is none. The slice is
// shared and read only.
type Weights interface{ Values(key string) []float32 }

// Tap sees the output of every node, in run order. The tensor is valid during the call only; keep a Clone. ErrStop ends
// the run without an error, any other error ends it with that error.
type Tap func(n *Node, out *tensor.Tensor) error

// RunConfig says how to run a graph. The zero value runs the main path on the calling goroutine.
type RunConfig struct {
	Workers Workers
	Tap     Tap
	// Aux also runs the auxiliary classifiers.
	Aux bool
	// Edit, if not nil, may change the output of a node before anybody reads it (surgery: mute a channel, scale a branch).
	Edit func(n *Node, out *tensor.Tensor)
	// Known maps nodes to outputs that need not be computed again; their tensors are read only.
	Known func(n *Node) *tensor.Tensor
}

// Run applies the graph to x (N×C×H×W as declared, any N) and returns the logits. The result does not depend on the
// number of threads. A cancelled context ends the run between two nodes with ctx.Err().
func Run(ctx context.Context, g *Graph, x *tensor.Tensor, w Weights, cfg RunConfig) (*tensor.Tensor, error) {
	if x.Shape.WithN(1) != g.Input.Shape {
		return nil, &NodeError{g.Input.Path, fmt.Errorf("the picture is %v, the network takes %v", x.Shape, g.Input.Shape)}
	}
	r := newRun(g, w, cfg, x.Shape.N)
	for _, n := range g.Nodes {
		if n.Aux && !cfg.Aux {
			continue
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		out, err := r.node(n, x)
		if err != nil {
			return nil, err
		}
		if cfg.Tap != nil {
			if err := cfg.Tap(n, out); errors.Is(err, ErrStop) {
				return nil, nil
			} else if err != nil {
				return nil, err
			}
		}
		r.release(n)
	}
	return r.out[g.Output.ID], nil
}

// run is the state of one Run: live outputs and the buffers that may be used again.
type run struct {
	g     *Graph
	w     Weights
	cfg   RunConfig
	batch int
	out   []*tensor.Tensor
	owned []bool
	left  []int // users that have not read the output yet
	free  map[int][][]float32
}

func newRun(g *Graph, w Weights, cfg RunConfig, batch int) *run {
	r := &run{g: g, w: w, cfg: cfg, batch: batch, out: make([]*tensor.Tensor, len(g.Nodes)),
		owned: make([]bool, len(g.Nodes)), left: make([]int, len(g.Nodes)), free: map[int][][]float32{}}
	for _, n := range g.Nodes {
		for _, u := range n.Users {
			if !u.Aux || cfg.Aux {
				r.left[n.ID]++
			}
		}
	}
	r.left[g.Output.ID]++ // the caller reads it
	return r
}

func (r *run) node(n *Node, x *tensor.Tensor) (*tensor.Tensor, error) {
	if n == r.g.Input {
		r.out[n.ID] = x
		return x, nil
	}
	if r.cfg.Known != nil {
		if t := r.cfg.Known(n); t != nil {
			r.out[n.ID] = t
			return t, nil
		}
	}
	in := make([]*tensor.Tensor, len(n.In))
	for i, p := range n.In {
		in[i] = r.out[p.ID]
	}
	out := tensor.Of(n.Shape.WithN(r.batch), r.alloc(n.Shape.WithN(r.batch).Len()))
	if err := Apply(n, in, out, r.w, r.cfg.Workers); err != nil {
		return nil, err
	}
	if r.cfg.Edit != nil {
		r.cfg.Edit(n, out)
	}
	r.out[n.ID], r.owned[n.ID] = out, true
	return out, nil
}

// Apply computes one node from its inputs into out.
func Apply(n *Node, in []*tensor.Tensor, out *tensor.Tensor, w Weights, ws Workers) error {
	p, err := n.Values(w)
	if err != nil {
		return err
	}
	n.Op.Forward(&Call{Op: n.Op, In: in, Out: out, Params: p, Workers: ws})
	return nil
}

// Values collects the node's parameters in the order of Params.
func (n *Node) Values(w Weights) ([][]float32, error) {
	if len(n.Params) == 0 {
		return nil, nil
	}
	p := make([][]float32, len(n.Params))
	for i, s := range n.Params {
		if p[i] = w.Values(n.Key(s)); p[i] == nil {
			return nil, &NodeError{n.Path, fmt.Errorf("the weights have no %q", n.Key(s))}
		}
		if len(p[i]) != s.Len() {
			return nil, &NodeError{n.Path, fmt.Errorf("%q has %d values, want %d (%v)", n.Key(s), len(p[i]), s.Len(), s.Dims)}
		}
	}
	return p, nil
}

// alloc takes a buffer of exactly n values from the free list, or a new one. Networks repeat few sizes.
func (r *run) alloc(n int) []float32 {
	if l := r.free[n]; len(l) > 0 {
		r.free[n] = l[:len(l)-1]
		return l[len(l)-1]
	}
	return make([]float32, n)
}

// release frees the inputs of n that nobody reads any more.
func (r *run) release(n *Node) {
	for _, p := range n.In {
		if r.left[p.ID]--; r.left[p.ID] == 0 {
			r.recycle(p)
		}
	}
	if r.left[n.ID] == 0 {
		r.recycle(n)
	}
}

func (r *run) recycle(n *Node) {
	if r.owned[n.ID] {
		d := r.out[n.ID].Data
		r.free[len(d)] = append(r.free[len(d)], d)
	}
	r.out[n.ID] = nil
}
