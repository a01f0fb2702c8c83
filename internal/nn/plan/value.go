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

// View reads a materialised node of the last run; ok is false for a node that is fused away. It needs KeepAll, and is
// valid until the next run.
func (p *Plan) View(n *nn.Node) (v View, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.keep != KeepAll || !p.ran || p.values[n.ID] == nil {
		return View{}, false
	}
	return p.view(n), true
}

// Value is a copy of the value of any node of the last run: kept nodes are unpacked, others are computed from the nearest
// kept ancestors with the plain operations. It needs KeepAll and a completed run.
func (p *Plan) Value(n *nn.Node) (*tensor.Tensor, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.keep != KeepAll || !p.ran {
		return nil, fmt.Errorf("plan: no value of %q: the plan keeps nothing or has not run to its end", n.Path)
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
