// Package explain says which parts of a picture and of its maps a network's answer depends on: Grad-CAM for every layer,
// saliency, and the size of the gradient that reaches each layer.
//
// All of it is one forward pass and one backward pass of the chosen class's logit over the tape of package nn. The package
// makes numbers, not pictures (see viz), and does not train. Start reading at Run.
package explain

import (
	"context"
	"fmt"
	"slices"

	"stride/internal/nn"
	"stride/internal/nn/tensor"
)

// Best, as a class, stands for the class with the largest logit.
const Best = -1

// Config says what to explain.
type Config struct {
	// Class is the index of the logit, or Best.
	Class int
	// Nodes are those to make maps for. Nil stands for every node of the main path with a map larger than 1×1.
	Nodes []*nn.Node
	// Saliency asks for the gradient at the input too.
	Saliency bool
	Workers  nn.Workers
}

// Result explains one class for one picture.
type Result struct {
	Class  int
	Logits []float32
	// Maps holds one CAM for each node asked for that the logit depends on, in run order.
	Maps []CAM
	// Saliency is max over colours of |∂logit/∂input|, 1×1×H×W (Simonyan et al. 2013, arXiv:1312.6034, §3.1); nil unless asked
	// for.
	Saliency *tensor.Tensor
}

// CAM is the Grad-CAM of one node (Selvaraju et al. 2017, arXiv:1610.02391, §3): ReLU(Σ over channels c of α_c·A_c), where A are
// the node's maps and α_c is the mean over the positions of ∂logit/∂A_c.
type CAM struct {
	Node *nn.Node
	// Weights are the α, one per channel.
	Weights []float32
	// Map is 1×1×H×W, not scaled; Max is its largest value, 0 when nothing speaks for the class.
	Map *tensor.Tensor
	Max float32
}

// Of finds the map of a node.
func (r *Result) Of(n *nn.Node) (CAM, bool) {
	for _, m := range r.Maps {
		if m.Node == n {
			return m, true
		}
	}
	return CAM{}, false
}

// Run explains the class of cfg for the picture x, 1×C×H×W. The weights are read only. All maps come from one backward pass; it
// keeps every output of the network in memory, and every gradient for as long as it is needed.
func Run(ctx context.Context, g *nn.Graph, x *tensor.Tensor, w nn.Weights, cfg Config) (*Result, error) {
	if x.Shape.N != 1 {
		return nil, fmt.Errorf("explain: the input is %v, want one picture", x.Shape)
	}
	want := wanted(g, cfg.Nodes)
	r := &Result{}
	var tape *nn.Tape
	tap := func(n *nn.Node, grad *tensor.Tensor) error {
		if want[n.ID] {
			r.Maps = append(r.Maps, gradCAM(n, tape.Out(n), grad))
		}
		if n == g.Input && cfg.Saliency {
			r.Saliency = saliency(grad)
		}
		return nil
	}
	keep := []*nn.Node{g.Input}
	if !cfg.Saliency {
		keep = lowest(g, want)
	}
	tape = nn.NewTape(g, nn.TapeConfig{Workers: cfg.Workers, GradTap: tap, KeepGrad: keep})
	if err := tape.Forward(ctx, x, w); err != nil {
		return nil, err
	}
	out := tape.Out(g.Output)
	r.Logits = append(r.Logits, out.Data...)
	var err error
	if r.Class, err = class(cfg.Class, r.Logits); err != nil {
		return nil, err
	}
	seed := tensor.New(out.Shape)
	seed.Data[r.Class] = 1
	if err := tape.Backward(ctx, nn.Seeds{g.Output: seed}, nil); err != nil {
		return nil, err
	}
	slices.Reverse(r.Maps) // from backward to run order
	return r, nil
}

// class resolves Best and checks the range.
func class(c int, logits []float32) (int, error) {
	if c == Best {
		best := 0
		for i, v := range logits {
			if v > logits[best] {
				best = i
			}
		}
		return best, nil
	}
	if c < 0 || c >= len(logits) {
		return 0, fmt.Errorf("explain: class %d: the network has the classes 0 to %d", c, len(logits)-1)
	}
	return c, nil
}

// wanted marks the nodes to make maps for, by ID.
func wanted(g *nn.Graph, nodes []*nn.Node) []bool {
	want := make([]bool, len(g.Nodes))
	if nodes == nil {
		for _, n := range g.Main() {
			want[n.ID] = n != g.Input && n.Shape.PlaneLen() > 1
		}
	}
	for _, n := range nodes {
		want[n.ID] = true
	}
	return want
}

// lowest lists the wanted nodes that depend on no other wanted one: the backward pass ends there.
func lowest(g *nn.Graph, want []bool) []*nn.Node {
	above := make([]bool, len(g.Nodes)) // depends on a wanted node
	var l []*nn.Node
	for _, n := range g.Nodes {
		for _, in := range n.In {
			above[n.ID] = above[n.ID] || above[in.ID] || want[in.ID]
		}
		if want[n.ID] && !above[n.ID] {
			l = append(l, n)
		}
	}
	return l
}

func gradCAM(n *nn.Node, out, grad *tensor.Tensor) CAM {
	s := out.Shape
	c := CAM{Node: n, Weights: make([]float32, s.C), Map: tensor.New(tensor.CHW(1, s.H, s.W))}
	sum := make([]float64, s.PlaneLen())
	for ch := range s.C {
		alpha := 0.0
		for _, v := range grad.Plane(0, ch).Data {
			alpha += float64(v)
		}
		alpha /= float64(s.PlaneLen())
		c.Weights[ch] = float32(alpha)
		for i, v := range out.Plane(0, ch).Data {
			sum[i] += alpha * float64(v)
		}
	}
	for i, v := range sum {
		c.Map.Data[i] = float32(max(v, 0))
		c.Max = max(c.Max, c.Map.Data[i])
	}
	return c
}

func saliency(grad *tensor.Tensor) *tensor.Tensor {
	s := grad.Shape
	m := tensor.New(tensor.CHW(1, s.H, s.W))
	for ch := range s.C {
		for i, v := range grad.Plane(0, ch).Data {
			m.Data[i] = max(m.Data[i], v, -v)
		}
	}
	return m
}
