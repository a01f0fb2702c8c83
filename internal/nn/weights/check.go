package weights

import (
	"fmt"
	"slices"
	"strings"

	"stride/internal/nn"
)

// Mismatch lists every way in which a set does not fit a graph. It is an error that names all of them at once.
type Mismatch struct {
	Missing    []string // keys the graph needs, in node order
	Unexpected []string // keys of the set that no node has, in file order
	Shapes     []ShapeMismatch
}

// ShapeMismatch is a key that exists with another shape.
type ShapeMismatch struct {
	Key       string
	Got, Want []int
}

func (m *Mismatch) Error() string {
	var b strings.Builder
	b.WriteString("weights: the file does not fit the network")
	list := func(title string, keys []string) {
		if len(keys) == 0 {
			return
		}
		fmt.Fprintf(&b, "\n  %d %s:", len(keys), title)
		for _, k := range keys {
			b.WriteString("\n    " + k)
		}
	}
	list("missing", m.Missing)
	list("unexpected", m.Unexpected)
	shapes := make([]string, len(m.Shapes))
	for i, s := range m.Shapes {
		shapes[i] = fmt.Sprintf("%s: %v, want %v", s.Key, s.Got, s.Want)
	}
	list("of another shape", shapes)
	return b.String()
}

// Check compares the keys and shapes of a set with the parameters of a graph; the error is a *Mismatch with all
// differences. Three things are no difference: counters named num_batches_tracked; an auxiliary classifier that is absent
// altogether (a run without it needs none of its weights); and a dense layer stored as a convolution (or a 1×1 convolution
// as a dense layer) with the same values in the same order.
func Check(g *nn.Graph, s *Set) error {
	m := &Mismatch{}
	known := map[string]bool{}
	for _, n := range g.Nodes {
		if n.Aux && !hasAny(s, n) && auxAbsent(g, s, n) {
			continue
		}
		for _, p := range n.Params {
			key := n.Key(p)
			known[key] = true
			switch d := s.Dims(key); {
			case !s.Has(key):
				m.Missing = append(m.Missing, key)
			case !sameLayout(d, p):
				m.Shapes = append(m.Shapes, ShapeMismatch{key, d, p.Dims})
			}
		}
	}
	for _, k := range s.Keys() {
		if !known[k] && !isCounter(k) {
			m.Unexpected = append(m.Unexpected, k)
		}
	}
	if len(m.Missing)+len(m.Unexpected)+len(m.Shapes) > 0 {
		return m
	}
	return nil
}

func hasAny(s *Set, n *nn.Node) bool {
	return slices.ContainsFunc(n.Params, func(p nn.ParamSpec) bool { return s.Has(n.Key(p)) })
}

// auxAbsent reports whether no node of the auxiliary classifier of n (same first path element) has weights in s.
func auxAbsent(g *nn.Graph, s *Set, n *nn.Node) bool {
	head, _, _ := strings.Cut(n.Path, ".")
	for _, o := range g.Nodes {
		if h, _, _ := strings.Cut(o.Path, "."); o.Aux && h == head && hasAny(s, o) {
			return false
		}
	}
	return true
}

func isCounter(key string) bool {
	return key == "num_batches_tracked" || strings.HasSuffix(key, ".num_batches_tracked")
}

// sameLayout reports whether an array of shape d holds the values of p in p's order.
func sameLayout(d []int, p nn.ParamSpec) bool {
	if p.Role == nn.LinearWeight {
		return len(d) > 0 && d[0] == p.Dims[0] && product(d) == p.Len()
	}
	return slices.Equal(trimOnes(d), trimOnes(p.Dims))
}

// trimOnes drops trailing sides of 1, so that [1000 512 1 1] equals [1000 512].
func trimOnes(d []int) []int {
	for len(d) > 1 && d[len(d)-1] == 1 {
		d = d[:len(d)-1]
	}
	return d
}
