package diagram

import "stride/internal/nn"

// flow is a block as a graph of layers. Vertices 0 … len(src)−1 are the inputs, the rest the layers.
type flow struct {
	src    []*nn.Node
	layers []*Layer
	pred   [][]int // in the order of the inputs
	succ   [][]int // in the order of the layers
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
