package diagram

import (
	"cmp"
	"math"

	"stride/internal/nn"
)

// At says in which stage, block and layer a node of the graph is.
func (o *Outline) At(n *nn.Node) (*Stage, *Block, *Layer) {
	p := o.at[n.ID]
	s := o.Stages[p.stage]
	b := s.Blocks[p.block]
	return s, b, b.Layers[p.layer]
}

// Find is the block with a path: its own scope, or that of a node in it. Nil when there is none.
func (o *Outline) Find(path string) *Block {
	if n := o.Graph.Node(path); n != nil {
		_, b, _ := o.At(n)
		return b
	}
	for _, b := range o.Blocks() {
		if b.Path == path {
			return b
		}
	}
	return nil
}

// Next is the node after n in reading order: block by block, layer by layer, each with its normalisation and activation.
// Nil at the end.
func (o *Outline) Next(n *nn.Node) *nn.Node { return o.step(n, 1) }

// Prev is the node before n in reading order; nil at the beginning.
func (o *Outline) Prev(n *nn.Node) *nn.Node { return o.step(n, -1) }

func (o *Outline) step(n *nn.Node, d int) *nn.Node {
	for i, x := range o.order {
		if x == n && i+d >= 0 && i+d < len(o.order) {
			return o.order[i+d]
		}
	}
	return nil
}

// NextLayer is the layer after that of n in reading order; nil at the end.
func (o *Outline) NextLayer(n *nn.Node) *Layer { return o.layerFrom(n, 1) }

// PrevLayer is the layer before that of n; nil at the beginning.
func (o *Outline) PrevLayer(n *nn.Node) *Layer { return o.layerFrom(n, -1) }

func (o *Outline) layerFrom(n *nn.Node, d int) *Layer {
	_, _, from := o.At(n)
	for x := n; x != nil; x = o.step(x, d) {
		if _, _, l := o.At(x); l != from {
			return l
		}
	}
	return nil
}

// Nearest is the node of another network that does what n does here: the one with the same path in a stage of the same
// name, the one in the layer of the same name, or the one of the same kind whose place is most alike (stage, block and
// layer, counted from the beginning and weighed in this order). Nil when no node has n's kind or class.
func (o *Outline) Nearest(other *Outline, n *nn.Node) *nn.Node {
	s, _, l := o.At(n)
	if m := other.Graph.Node(n.Path); m != nil && m.Op.Kind() == n.Op.Kind() {
		if t, _, _ := other.At(m); t.Name == s.Name {
			return m
		}
	}
	var best *nn.Node
	least := math.Inf(1)
	for _, m := range other.Graph.Nodes {
		if ClassOf(m) != ClassOf(n) {
			continue
		}
		d := o.apart(other, n, m)
		if _, _, k := other.At(m); k.Name == l.Name && m.Op.Kind() == n.Op.Kind() {
			d /= 100
		}
		if d < least {
			best, least = m, d
		}
	}
	return best
}

// Counterpart is Nearest where its layer may be spoken of in n's place: it is of n's class, plays the same role in its block,
// and is not the namesake of another layer here (conv4 is no counterpart of conv5; a pooling is known by what stands around
// it, not by its number). Nil when the other network has no such node.
func (o *Outline) Counterpart(other *Outline, n *nn.Node) *nn.Node {
	m := o.Nearest(other, n)
	if m == nil || ClassOf(m) != ClassOf(n) {
		return nil
	}
	_, _, l := o.At(n)
	_, _, k := other.At(m)
	switch {
	case (l.Role == RoleShortcut) != (k.Role == RoleShortcut):
		return nil
	case k.Name != l.Name && (weighty(k.Main) || joins(k.Main)) && o.named(k.Name):
		return nil
	}
	return m
}

// named tells whether a layer has the name.
func (o *Outline) named(name string) bool {
	for _, b := range o.Blocks() {
		for _, l := range b.Layers {
			if l.Name == name {
				return true
			}
		}
	}
	return false
}

// apart measures how unlike two places are.
func (o *Outline) apart(other *Outline, n, m *nn.Node) float64 {
	s, b, l := o.At(n)
	t, c, k := other.At(m)
	d := 0.0
	if s.Kind != t.Kind {
		d += 200
	}
	if s.Name != t.Name {
		d += 10 + 80*math.Abs(o.depth(s)-other.depth(t))
	}
	d += 20 * math.Abs(fraction(b.Index, len(s.Blocks))-fraction(c.Index, len(t.Blocks)))
	if b.Projection != c.Projection {
		d += 3
	}
	if l.Role != k.Role {
		d += 8
	}
	if n.Window() != m.Window() {
		d += 4
	}
	if n.Op.Kind() != m.Op.Kind() {
		d += 4
	}
	if lastName(n.Path) != lastName(m.Path) {
		d += 9
	}
	return d + 6*math.Abs(fraction(l.Index, len(b.Layers))-fraction(k.Index, len(c.Layers))) + inLayer(l, n, k, m)
}

// depth is where a stage stands among those of the body, 0 … 1.
func (o *Outline) depth(s *Stage) float64 {
	at, body := 0, 0
	for _, x := range o.Stages {
		if x.Kind != StageBody {
			continue
		}
		if x.Index < s.Index {
			at++
		}
		body++
	}
	return fraction(min(at, max(body-1, 0)), body)
}

// fraction places item i of n on 0 … 1.
func fraction(i, n int) float64 {
	if n < 2 {
		return 0
	}
	return float64(i) / float64(n-1)
}

// inLayer is a little more when one node stands before its layer's main operation and the other behind.
func inLayer(l *Layer, n *nn.Node, k *Layer, m *nn.Node) float64 {
	return math.Abs(float64(cmp.Compare(n.ID, l.Main.ID) - cmp.Compare(m.ID, k.Main.ID)))
}
