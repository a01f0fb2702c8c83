package plan

import (
	"fmt"

	"stride/internal/nn"
	"stride/internal/nn/kernel/nchwc"
	"stride/internal/nn/tensor"
)

// View reads the value of a materialised node without converting what is not asked for.
type View struct {
	shape tensor.Shape
	m     nchwc.Map
}

func (p *Plan) view(n *nn.Node) View { return View{n.Shape, p.values[n.ID].m} }

// Shape is the node's output shape.
func (v View) Shape() tensor.Shape { return v.shape }

// CopyTo writes the whole value in NCHW order. It panics unless dst has Shape().Len() values.
func (v View) CopyTo(dst []float32) { nchwc.Unpack(dst, v.m) }

// Tensor is a copy of the whole value.
func (v View) Tensor() *tensor.Tensor {
	t := tensor.New(v.shape)
	v.CopyTo(t.Data)
	return t
}

// PlaneTo writes channel c. It panics unless dst has Shape().PlaneLen() values.
func (v View) PlaneTo(dst []float32, c int) {
	if hw := v.m.H * v.m.W; hw != v.shape.PlaneLen() { // a flattened map: one value per channel
		dst[0] = v.m.Data[v.m.Index(c/hw, c%hw/v.m.W, c%v.m.W)]
		return
	}
	v.m.Plane(dst, c)
}

// Plane is a copy of channel c.
func (v View) Plane(c int) tensor.Plane {
	d := make([]float32, v.shape.PlaneLen())
	v.PlaneTo(d, c)
	return tensor.Plane{H: v.shape.H, W: v.shape.W, Data: d}
}

// Recording is what a run leaves: the values of all materialised nodes, in the plan's layout, in memory of its own. It
// outlives the plan's next runs, and its methods may be called from several goroutines.
type Recording struct {
	w     nn.Weights
	views []View // by node ID; the zero View for nodes that are fused away
	bytes int64
}

// Record copies the activations of the last run. It needs KeepAll and a completed run.
func (p *Plan) Record() (*Recording, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.readable(); err != nil {
		return nil, err
	}
	arena := nchwc.Floats(len(p.arena))
	const chunk = 1 << 18
	p.pool.Run((len(arena)+chunk-1)/chunk, func(_, unit int) {
		copy(arena[unit*chunk:min((unit+1)*chunk, len(arena))], p.arena[unit*chunk:])
	})
	r := &Recording{w: p.w, views: make([]View, len(p.values)), bytes: 4 * int64(len(arena))}
	for _, n := range p.g.Main() {
		if v := p.values[n.ID]; v != nil {
			r.views[n.ID] = p.view(n)
			r.views[n.ID].m.Data = arena[v.at:]
		}
	}
	return r, nil
}

// readable says why the last run's values cannot be read.
func (p *Plan) readable() error {
	if p.keep != KeepAll || !p.ran {
		return fmt.Errorf("plan: no values to read: the plan keeps nothing, or its last run did not reach the end")
	}
	return nil
}

// Bytes is the memory of the recording.
func (r *Recording) Bytes() int64 { return r.bytes }

// View reads a materialised node; ok is false for a node that is fused away.
func (r *Recording) View(n *nn.Node) (v View, ok bool) {
	v = r.views[n.ID]
	return v, v.m.Valid()
}

// Value is a copy of the value of any node: materialised nodes are unpacked, others are computed from the nearest
// materialised ancestors with the plain operations, on the workers ws (nil for the calling goroutine).
func (r *Recording) Value(n *nn.Node, ws nn.Workers) (*tensor.Tensor, error) {
	return Recompute(n, r.w, ws, func(n *nn.Node) *tensor.Tensor {
		if v, ok := r.View(n); ok {
			return v.Tensor()
		}
		return nil
	})
}

// View reads a materialised node of the last run; ok is false for a node that is fused away, and always unless the plan
// was compiled with KeepAll. The view is valid until the next run.
func (p *Plan) View(n *nn.Node) (v View, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.readable() != nil || p.values[n.ID] == nil {
		return View{}, false
	}
	return p.view(n), true
}

// Value is a copy of the value of any node of the last run, as Recording.Value. It needs KeepAll and a completed run.
func (p *Plan) Value(n *nn.Node) (*tensor.Tensor, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.readable(); err != nil {
		return nil, err
	}
	return Recompute(n, p.w, p.pool, func(n *nn.Node) *tensor.Tensor {
		if p.values[n.ID] == nil {
			return nil
		}
		return p.view(n).Tensor()
	})
}

// Recompute is the value of n, computed with the plain operations from its nearest ancestors for which known gives a
// value (nil where there is none).
func Recompute(n *nn.Node, w nn.Weights, ws nn.Workers, known func(*nn.Node) *tensor.Tensor) (*tensor.Tensor, error) {
	done := map[*nn.Node]*tensor.Tensor{}
	var value func(n *nn.Node) (*tensor.Tensor, error)
	value = func(n *nn.Node) (*tensor.Tensor, error) {
		if t := done[n]; t != nil {
			return t, nil
		}
		t := known(n)
		if t == nil {
			if len(n.In) == 0 {
				return nil, &nn.NodeError{Path: n.Path, Err: fmt.Errorf("has no value to start from")}
			}
			in := make([]*tensor.Tensor, len(n.In))
			for i, x := range n.In {
				var err error
				if in[i], err = value(x); err != nil {
					return nil, err
				}
			}
			t = tensor.New(n.Shape)
			if err := nn.Apply(n, in, t, w, ws); err != nil {
				return nil, err
			}
		}
		done[n] = t
		return t, nil
	}
	return value(n)
}
