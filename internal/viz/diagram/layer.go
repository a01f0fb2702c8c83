package diagram

import (
	"slices"

	"stride/internal/nn"
)

// Layer is what one map of a drawing stands for: an operation with the small ones around it, the normalisation and the
// activation of a convolution for instance. Tensors are nodes, operations sit on edges.
type Layer struct {
	Index int // in Block.Layers
	// Main is the operation that the layer is named after; Pre come before it (pre-activation), Post after it.
	Main      *nn.Node
	Pre, Post []*nn.Node
	Class     Class
	// Name is short and unique in the network: "conv3.1b", "3a.2b", "fc7".
	Name string
	Role Role
	// Lane is the number of the branch that the layer stands in, from 1; 0 on the main path.
	Lane int
}

// Out is the last node, whose output the layer hands on.
func (l *Layer) Out() *nn.Node {
	if len(l.Post) > 0 {
		return l.Post[len(l.Post)-1]
	}
	return l.Main
}

// First is the first node, which reads the inputs.
func (l *Layer) First() *nn.Node {
	if len(l.Pre) > 0 {
		return l.Pre[0]
	}
	return l.Main
}

// Nodes lists the nodes in run order.
func (l *Layer) Nodes() []*nn.Node {
	n := append([]*nn.Node(nil), l.Pre...)
	return append(append(n, l.Main), l.Post...)
}

// Params counts trainable values and MACs multiply-accumulates for one image.
func (l *Layer) Params() int64 { return params(l.Nodes()) }

// MACs counts multiply-accumulates for one image.
func (l *Layer) MACs() int64 { return macs(l.Nodes()) }

func params(nodes []*nn.Node) int64 {
	var p int64
	for _, n := range nodes {
		for _, s := range n.Params {
			if s.Role.Trainable() {
				p += int64(s.Len())
			}
		}
	}
	return p
}

func macs(nodes []*nn.Node) int64 {
	var m int64
	for _, n := range nodes {
		m += n.MACs()
	}
	return m
}

// layersOf groups the nodes of a block, which are in run order.
func layersOf(nodes []*nn.Node) []*Layer {
	in := make(map[*nn.Node]bool, len(nodes))
	for _, n := range nodes {
		in[n] = true
	}
	tail := make(map[*nn.Node]*Layer, len(nodes)) // the layer that ends in a node
	var ls []*Layer
	for _, n := range nodes {
		if l := takes(n, tail, in); l != nil {
			delete(tail, n.In[0])
			tail[n] = l
			continue
		}
		l := &Layer{}
		l.add(n)
		ls = append(ls, l)
		tail[n] = l
	}
	for _, l := range ls {
		if l.Main == nil { // nothing but small operations: the last is the main one
			l.Main = l.Pre[len(l.Pre)-1]
			l.Pre = l.Pre[:len(l.Pre)-1]
		}
	}
	slices.SortStableFunc(ls, func(a, b *Layer) int { return a.Out().ID - b.Out().ID })
	for i, l := range ls {
		l.Index, l.Class = i, ClassOf(l.Main)
	}
	return ls
}

// takes finds the layer that n continues, and adds it there; nil when n begins a layer.
func takes(n *nn.Node, tail map[*nn.Node]*Layer, in map[*nn.Node]bool) *Layer {
	if len(n.In) != 1 || joins(n) {
		return nil
	}
	x := n.In[0]
	l := tail[x]
	if l == nil || uses(x, in) != 1 {
		return nil
	}
	if l.Main == nil {
		if !small(n) && ClassOf(n) == ClassOutput {
			return nil
		}
		l.add(n)
		return l
	}
	if small(n) && n.Shape == x.Shape && !joins(l.Main) && ClassOf(l.Main) != ClassOutput && l.Main.Op.Kind() != nn.KindInput {
		l.Post = append(l.Post, n)
		return l
	}
	return nil
}

// uses counts how often nodes of the block, or of any block when the node leaves it, read x.
func uses(x *nn.Node, in map[*nn.Node]bool) int {
	u := 0
	for _, n := range x.Users {
		if in[n] || !n.Aux {
			u++
		}
	}
	return u
}

// add puts a node into a layer that has no main node yet.
func (l *Layer) add(n *nn.Node) {
	if small(n) {
		l.Pre = append(l.Pre, n)
		return
	}
	l.Main = n
}
