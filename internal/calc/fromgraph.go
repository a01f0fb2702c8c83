package calc

import (
	"fmt"
	"slices"

	"stride/internal/nn"
	"stride/internal/nn/op"
)

// FromGraph takes a graph apart into a stack that compiles to the same shapes, parameters, MACs, memory and depth.
// Auxiliary classifiers are left out, as they are at test time. Blocks that Kinds knows are folded into one row, equal
// blocks in a row into a repeated one. Dropout probabilities of stochastic depth and the patterns of an RBF layer are not
// kept: no count depends on them.
//
// The error says at which node the graph is neither a chain nor made of joins of such chains.
func FromGraph(g *nn.Graph) (Stack, error) {
	t := &taker{g: g}
	end, err := t.sink()
	if err != nil {
		return Stack{}, err
	}
	layers, err := t.chain(g.Input, end, nil)
	if err != nil {
		return Stack{}, err
	}
	return Stack{g.Input.Shape, fold(layers)}, nil
}

type taker struct{ g *nn.Graph }

// sink is the node that nobody reads.
func (t *taker) sink() (*nn.Node, error) {
	var end *nn.Node
	for _, n := range t.g.Main() {
		if len(t.readers(n, nil)) > 0 {
			continue
		}
		if end != nil {
			return nil, fmt.Errorf("calc: the graph has two ends, %q and %q", end.Path, n.Path)
		}
		end = n
	}
	return end, nil
}

// readers are the nodes of the main path, and of the region if there is one, that read n.
func (t *taker) readers(n *nn.Node, region map[*nn.Node]bool) []*nn.Node {
	var out []*nn.Node
	for _, u := range n.Users {
		if !u.Aux && (region == nil || region[u]) && !slices.Contains(out, u) {
			out = append(out, u)
		}
	}
	return out
}

// chain is the layers from after n up to end, within a region of nodes (nil for the whole graph).
func (t *taker) chain(n, end *nn.Node, region map[*nn.Node]bool) ([]Layer, error) {
	var out []Layer
	for n != end {
		r := t.readers(n, region)
		if len(r) == 1 && len(r[0].In) == 1 && !isConcat(r[0]) {
			l, err := layerOf(r[0])
			if err != nil {
				return nil, err
			}
			out = append(out, l)
			n = r[0]
			continue
		}
		j := t.meet(n, r, region)
		if j == nil {
			return nil, fmt.Errorf("calc: the paths after %q do not meet in one node", n.Path)
		}
		l, err := t.join(n, j)
		if err != nil {
			return nil, err
		}
		out = append(out, l)
		n = j
	}
	return out, nil
}

// meet is the node through which every path from n goes: the first, in run order, at which no other path is open.
func (t *taker) meet(n *nn.Node, readers []*nn.Node, region map[*nn.Node]bool) *nn.Node {
	if len(readers) == 1 {
		return readers[0]
	}
	inside := map[*nn.Node]bool{n: true}
	open := edges(n, readers)
	for _, u := range t.g.Nodes[n.ID+1:] {
		if u.Aux || region != nil && !region[u] {
			continue
		}
		arrive := 0
		for _, x := range u.In {
			if inside[x] {
				arrive++
			}
		}
		if arrive == 0 {
			continue
		}
		if open -= arrive; open == 0 {
			return u
		}
		inside[u] = true
		open += edges(u, t.readers(u, region))
	}
	return nil
}

// edges counts how often the readers read n.
func edges(n *nn.Node, readers []*nn.Node) int {
	k := 0
	for _, u := range readers {
		for _, x := range u.In {
			if x == n {
				k++
			}
		}
	}
	return k
}

// join is the join at j of the paths that begin at n.
func (t *taker) join(n, j *nn.Node) (Layer, error) {
	l := Layer{Count: 1, in: n.Shape}
	if isConcat(j) {
		if paths, ok, err := t.dense(n, j); ok || err != nil {
			l.Code, l.Paths = "dense", paths
			return l, err
		}
	}
	switch j.Op.(type) {
	case op.Add:
		l.Code = "add"
	case op.Mul:
		l.Code = "mul"
	case op.Concat:
		l.Code = "cat"
	default:
		return l, fmt.Errorf("calc: node %q joins paths in a way that has no layer here: %s", j.Path, j.Op.Kind())
	}
	taken := map[*nn.Node]bool{}
	for _, x := range j.In {
		path, err := t.path(n, x, taken)
		if err != nil {
			return l, err
		}
		l.Paths = append(l.Paths, path)
	}
	return l, nil
}

// path is the chain from n to x, whose nodes no other path of the join may have.
func (t *taker) path(n, x *nn.Node, taken map[*nn.Node]bool) ([]Layer, error) {
	region := between(n, x)
	for m := range region {
		if taken[m] {
			return nil, fmt.Errorf("calc: node %q is part of two paths", m.Path)
		}
		taken[m] = true
	}
	return t.chain(n, x, region)
}

// between is every node from after n to x that x depends on.
func between(n, x *nn.Node) map[*nn.Node]bool {
	region := map[*nn.Node]bool{}
	var walk func(m *nn.Node)
	walk = func(m *nn.Node) {
		if m == n || m.ID < n.ID || region[m] {
			return
		}
		region[m] = true
		for _, y := range m.In {
			walk(y)
		}
	}
	walk(x)
	return region
}

// dense recognises a dense block: j concatenates n and the ends of paths, each of which begins by concatenating n and
// all ends before it (Huang et al. 2016, eq. 2).
func (t *taker) dense(n, j *nn.Node) (paths [][]Layer, ok bool, err error) {
	if len(j.In) < 2 || j.In[0] != n {
		return nil, false, nil
	}
	var heads []*nn.Node
	for i, end := range j.In[1:] {
		h := t.headOf(end, j.In[:i+1])
		if h == nil {
			return nil, false, nil
		}
		heads = append(heads, h)
	}
	for i, end := range j.In[1:] {
		path, err := t.chain(heads[i], end, between(heads[i], end))
		if err != nil {
			return nil, false, err
		}
		paths = append(paths, path)
	}
	return paths, true, nil
}

// headOf walks back from end to the concatenation of exactly the given nodes.
func (t *taker) headOf(end *nn.Node, in []*nn.Node) *nn.Node {
	for m := end; m != in[0] && m != t.g.Input; m = m.In[0] {
		if isConcat(m) && slices.Equal(m.In, in) {
			return m
		}
		if len(m.In) != 1 {
			return nil
		}
	}
	return nil
}

func isConcat(n *nn.Node) bool { _, ok := n.Op.(op.Concat); return ok }
