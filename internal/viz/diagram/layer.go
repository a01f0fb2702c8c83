package diagram

import (
	"slices"

	"stride/internal/nn"
)

// flow is a block as a graph of layers. Vertices 0 … len(src)−1 are the inputs, the rest the layers.
type flow struct {
	src    []*nn.Node
	layers []*Layer
	pred   [][]int // in the order of the inputs
	succ   [][]int // in the order of the layers
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

// newFlow connects the layers of a block.
func newFlow(ls []*Layer) flow {
	f := flow{layers: ls}
	vertex := map[*nn.Node]int{}
	inside := map[*nn.Node]bool{}
	for _, l := range ls {
		for _, n := range l.Nodes() {
			inside[n] = true
		}
	}
	for _, l := range ls {
		for _, x := range l.First().In {
			if _, ok := vertex[x]; !ok && !inside[x] {
				vertex[x] = len(f.src)
				f.src = append(f.src, x)
			}
		}
	}
	for i, l := range ls {
		vertex[l.Out()] = len(f.src) + i
	}
	f.pred = make([][]int, len(f.src)+len(ls))
	f.succ = make([][]int, len(f.src)+len(ls))
	for i, l := range ls {
		v := len(f.src) + i
		for _, x := range l.First().In {
			u := vertex[x]
			f.pred[v] = append(f.pred[v], u)
			f.succ[u] = append(f.succ[u], v)
		}
	}
	return f
}

// layer is the layer of a vertex; nil for an input.
func (f *flow) layer(v int) *Layer {
	if v < len(f.src) {
		return nil
	}
	return f.layers[v-len(f.src)]
}

// node is the node whose output a vertex holds.
func (f *flow) node(v int) *nn.Node {
	if v < len(f.src) {
		return f.src[v]
	}
	return f.layers[v-len(f.src)].Out()
}
