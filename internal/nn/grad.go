package nn

import (
	"context"
	"fmt"

	"stride/internal/nn/tensor"
)

// Tape is a forward pass that remembers what a backward pass needs. One tape serves many steps of one batch size: it
// keeps its buffers.
type Tape struct {
	g     *Graph
	cfg   TapeConfig
	calls []*Call // by node ID; nil for the input and for nodes that do not run
	grads []*tensor.Tensor
	pool  map[int][][]float32
}

// TapeConfig says what to differentiate. The zero value is an evaluation pass over the main path with gradients for every
// trainable parameter.
type TapeConfig struct {
	Workers Workers
	// Train uses batch statistics and dropout, and moves the running statistics, which live in the weights.
	Train bool
	// Aux includes the auxiliary classifiers.
	Aux bool
	// Seed makes the random bits of a training step; nodes draw from it by their ID.
	Seed uint64
	// Frozen reports parameters that get no gradient; nil freezes none.
	Frozen func(key string) bool
	// Tap sees every output in run order, as in Run.
	Tap Tap
	// GradTap sees the finished gradient of every output in backward order; the tensor is valid during the call.
	GradTap func(n *Node, grad *tensor.Tensor) error
	// KeepGrad lists nodes whose output gradients survive Backward (for Grad-CAM and saliency); see Grad.
	KeepGrad []*Node
}

// NewTape prepares a tape.
func NewTape(g *Graph, cfg TapeConfig) *Tape {
	return &Tape{g: g, cfg: cfg, calls: make([]*Call, len(g.Nodes)), grads: make([]*tensor.Tensor, len(g.Nodes)), pool: map[int][][]float32{}}
}

// Seed replaces the seed of the next step's random bits.
func (t *Tape) Seed(s uint64) { t.cfg.Seed = s }

func (t *Tape) runs(n *Node) bool { return !n.Aux || t.cfg.Aux }

// Forward runs the graph on x and keeps every output. The outputs are valid until the next Forward.
func (t *Tape) Forward(ctx context.Context, x *tensor.Tensor, w Weights) error {
	if x.Shape.WithN(1) != t.g.Input.Shape {
		return &NodeError{t.g.Input.Path, fmt.Errorf("the batch is %v, the network takes %v", x.Shape, t.g.Input.Shape)}
	}
	for _, n := range t.g.Nodes {
		if err := ctx.Err(); err != nil {
			return err
		}
		if !t.runs(n) {
			continue
		}
		if n == t.g.Input {
			t.calls[n.ID] = &Call{Op: n.Op, Out: x}
		} else if err := t.forward(n, x.Shape.N, w); err != nil {
			return err
		}
		if t.cfg.Tap != nil {
			if err := t.cfg.Tap(n, t.calls[n.ID].Out); err != nil {
				return err
			}
		}
	}
	return nil
}

func (t *Tape) forward(n *Node, batch int, w Weights) error {
	p, err := n.Values(w)
	if err != nil {
		return err
	}
	c := t.calls[n.ID]
	shape := n.Shape.WithN(batch)
	if c == nil || c.Out.Shape != shape {
		c = &Call{Op: n.Op, In: make([]*tensor.Tensor, len(n.In)), Out: tensor.New(shape)}
		t.calls[n.ID] = c
	}
	for i, in := range n.In {
		c.In[i] = t.calls[in.ID].Out
	}
	c.Params, c.Workers, c.Train, c.Saved = p, t.cfg.Workers, t.cfg.Train, nil
	c.Rand = (t.cfg.Seed + uint64(n.ID)) * 0x9E3779B97F4A7C15
	n.Op.Forward(c)
	return nil
}

// Out is the output of a node in the last Forward; nil when it did not run.
func (t *Tape) Out(n *Node) *tensor.Tensor {
	if c := t.calls[n.ID]; c != nil {
		return c.Out
	}
	return nil
}

// Grad is the gradient with respect to a node's output, for the nodes of KeepGrad, after Backward. The input is always kept
// when it is among them; nil when no gradient reached the node.
func (t *Tape) Grad(n *Node) *tensor.Tensor { return t.grads[n.ID] }

// Seeds are the gradients a backward pass starts from: d loss / d output of one or more nodes.
type Seeds map[*Node]*tensor.Tensor

// Backward propagates the seeds. Parameter gradients are added to into(key), which may return nil for none; the seeds are
// not changed. Forward must have run.
func (t *Tape) Backward(ctx context.Context, seeds Seeds, into func(key string, p ParamSpec) []float32) error {
	t.recycle()
	keep := map[int]bool{}
	for _, n := range t.cfg.KeepGrad {
		keep[n.ID] = true
	}
	needed := t.needed(into, keep)
	for n, s := range seeds {
		if t.calls[n.ID] == nil || s.Shape != t.calls[n.ID].Out.Shape {
			return &NodeError{n.Path, fmt.Errorf("the seed is %v, the output of this pass is not", s.Shape)}
		}
		copy(t.grad(n).Data, s.Data)
	}
	for i := len(t.g.Nodes) - 1; i >= 0; i-- {
		n := t.g.Nodes[i]
		if t.grads[i] == nil {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := t.backward(n, needed, into); err != nil {
			return err
		}
		if t.cfg.GradTap != nil {
			if err := t.cfg.GradTap(n, t.grads[i]); err != nil {
				return err
			}
		}
		if !keep[i] {
			t.free(i)
		}
	}
	return nil
}

// needed marks the nodes whose output gradient somebody wants: a parameter at or below the node, or KeepGrad.
func (t *Tape) needed(into func(string, ParamSpec) []float32, keep map[int]bool) []bool {
	need := make([]bool, len(t.g.Nodes))
	for i, n := range t.g.Nodes {
		need[i] = keep[i]
		for _, p := range n.Params {
			need[i] = need[i] || t.wants(n, p) && into != nil
		}
		for _, in := range n.In {
			need[i] = need[i] || need[in.ID]
		}
	}
	return need
}

func (t *Tape) wants(n *Node, p ParamSpec) bool {
	return p.Role.Trainable() && (t.cfg.Frozen == nil || !t.cfg.Frozen(n.Key(p)))
}

func (t *Tape) backward(n *Node, needed []bool, into func(string, ParamSpec) []float32) error {
	if n == t.g.Input {
		return nil
	}
	d, ok := n.Op.(Differentiable)
	if !ok {
		return &NodeError{n.Path, fmt.Errorf("%s has no backward pass", n.Op.Kind())}
	}
	c := &GradCall{Call: *t.calls[n.ID], GradOut: t.grads[n.ID], GradIn: make([]*tensor.Tensor, len(n.In)), GradParams: make([][]float32, len(n.Params))}
	for i, in := range n.In {
		if needed[in.ID] {
			c.GradIn[i] = t.grad(in)
		}
	}
	for i, p := range n.Params {
		if into != nil && t.wants(n, p) {
			c.GradParams[i] = into(n.Key(p), p)
		}
	}
	d.Backward(c)
	return nil
}

// grad is the gradient buffer of a node, zero when first asked for.
func (t *Tape) grad(n *Node) *tensor.Tensor {
	if t.grads[n.ID] == nil {
		s := t.calls[n.ID].Out.Shape
		t.grads[n.ID] = tensor.Of(s, t.buffer(s.Len()))
	}
	return t.grads[n.ID]
}

func (t *Tape) buffer(n int) []float32 {
	if l := t.pool[n]; len(l) > 0 {
		b := l[len(l)-1]
		t.pool[n] = l[:len(l)-1]
		clear(b)
		return b
	}
	return make([]float32, n)
}

func (t *Tape) free(id int) {
	d := t.grads[id].Data
	t.pool[len(d)] = append(t.pool[len(d)], d)
	t.grads[id] = nil
}

func (t *Tape) recycle() {
	for id, g := range t.grads {
		if g != nil {
			t.free(id)
		}
	}
}
