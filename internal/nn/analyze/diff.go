package analyze

import (
	"strconv"
	"strings"

	"stride/internal/nn"
)

// Fate is what became of a node.
type Fate string

// The fates.
const (
	Kept     Fate = "kept"
	Changed  Fate = "changed"
	Inserted Fate = "inserted"
	Removed  Fate = "removed"
)

// FieldChange is one property that differs.
type FieldChange struct {
	// Field is stable: "kernel", "stride", "padding", "groups", "dilation", "channels", "bias", "size". Size is the side of the map; it
	// follows from earlier changes and alone does not make a node Changed.
	Field    string
	From, To string
}

// Step is one node of either graph, or a pair of nodes that stand for each other.
type Step struct {
	Fate Fate
	// A is nil for an inserted node, B for a removed one.
	A, B    *nn.Node
	Changes []FieldChange
	// Params, MACs and Bytes (of the output, in float32) are B's minus A's.
	Params, MACs, Bytes int64
}

// Comparison is the difference of two graphs, in run order.
type Comparison struct {
	A, B  *nn.Graph
	Steps []Step
	// Params, MACs and Bytes are the sums over all steps.
	Params, MACs, Bytes int64
}

// Count is the number of steps of a fate.
func (c *Comparison) Count(f Fate) int {
	n := 0
	for _, s := range c.Steps {
		if s.Fate == f {
			n++
		}
	}
	return n
}

// Diff aligns the main paths of two graphs and says what was inserted, removed and changed on the way from a to b.
//
// The alignment is the one of the highest score among all that keep the run order (a weighted longest common
// subsequence): two nodes can stand for each other only if they are of one kind, and the more they have in common the
// better. Paths decide between otherwise equal alignments, so that a renamed layer is still the same layer.
func Diff(a, b *nn.Graph) *Comparison {
	c := &Comparison{A: a, B: b}
	x, y := a.Main(), b.Main()
	fx, fy := traitsOf(x), traitsOf(y)
	score := align(fx, fy)
	sa, sb := Summarize(a), Summarize(b)
	i, j := 0, 0
	for i < len(x) || j < len(y) {
		switch {
		case i < len(x) && j < len(y) && match(&fx[i], &fy[j]) > 0 && score[i][j] == score[i+1][j+1]+match(&fx[i], &fy[j]):
			c.pair(sa.Row(x[i]), sb.Row(y[j]), &fx[i], &fy[j])
			i, j = i+1, j+1
		case j < len(y) && (i == len(x) || score[i][j] == score[i][j+1]):
			r := sb.Row(y[j])
			c.step(Step{Fate: Inserted, B: y[j], Params: r.Params, MACs: r.MACs, Bytes: r.Bytes})
			j++
		default:
			r := sa.Row(x[i])
			c.step(Step{Fate: Removed, A: x[i], Params: -r.Params, MACs: -r.MACs, Bytes: -r.Bytes})
			i++
		}
	}
	return c
}

func (c *Comparison) step(s Step) {
	c.Steps = append(c.Steps, s)
	c.Params += s.Params
	c.MACs += s.MACs
	c.Bytes += s.Bytes
}

func (c *Comparison) pair(a, b *Row, ta, tb *traits) {
	s := Step{Fate: Kept, A: a.Node, B: b.Node, Params: b.Params - a.Params, MACs: b.MACs - a.MACs, Bytes: b.Bytes - a.Bytes}
	for f := range ta.fields {
		if ta.fields[f] != tb.fields[f] {
			s.Changes = append(s.Changes, FieldChange{fieldNames[f], ta.fields[f], tb.fields[f]})
			if fieldNames[f] != "size" && (fieldNames[f] != "channels" || len(a.Node.Params) > 0 && a.MACs > 0) {
				s.Fate = Changed
			}
		}
	}
	c.step(s)
}

// fieldNames are the properties by which nodes are compared, the most telling first.
var fieldNames = [...]string{"kernel", "stride", "padding", "dilation", "groups", "bias", "channels", "size"}

// traits are a node's properties as they are compared and told.
type traits struct {
	kind   nn.Kind
	fields [len(fieldNames)]string
	path   []string
}

func traitsOf(nodes []*nn.Node) []traits {
	out := make([]traits, len(nodes))
	for i, n := range nodes {
		t := traits{kind: n.Op.Kind(), path: strings.Split(n.Path, ".")}
		if _, ok := n.Op.(nn.Windowed); ok && n.Shape.PlaneLen() > 1 {
			w := n.Window()
			t.fields[0], t.fields[1], t.fields[2], t.fields[3] = sides(w.KH, w.KW), sides(w.SH, w.SW), sides(w.PT, w.PL), sides(w.DH, w.DW)
		}
		if g, ok := n.Op.(interface{ GroupCount() int }); ok {
			t.fields[4] = strconv.Itoa(g.GroupCount())
		}
		if n.MACs() > 0 {
			_, bias := has(n, nn.Bias)
			t.fields[5] = strconv.FormatBool(bias)
		}
		t.fields[6], t.fields[7] = strconv.Itoa(n.Shape.C), sides(n.Shape.H, n.Shape.W)
		out[i] = t
	}
	return out
}

func sides(y, x int) string {
	if y == x {
		return strconv.Itoa(y)
	}
	return strconv.Itoa(y) + "×" + strconv.Itoa(x)
}

// match is how much two nodes have in common; 0 when they cannot stand for each other. An equal node is worth more than
// two that merely share their kind, and any pair more than none.
func match(a, b *traits) int32 {
	if a.kind != b.kind {
		return 0
	}
	s := int32(64)
	for f := range a.fields {
		if a.fields[f] == b.fields[f] {
			s += 16
		}
	}
	if a.fields[6] == b.fields[6] && a.fields[7] == b.fields[7] {
		s += 32 // the same place in the network
	}
	for i := range min(len(a.path), len(b.path)) { // at most a handful: names only break ties
		if a.path[i] == b.path[i] {
			s++
		}
	}
	return s
}

// align fills the table of the best scores of all suffixes.
func align(a, b []traits) [][]int32 {
	t := make([][]int32, len(a)+1)
	cells := make([]int32, (len(a)+1)*(len(b)+1))
	for i := range t {
		t[i] = cells[i*(len(b)+1) : (i+1)*(len(b)+1)]
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			best := max(t[i+1][j], t[i][j+1])
			if m := match(&a[i], &b[j]); m > 0 {
				best = max(best, t[i+1][j+1]+m)
			}
			t[i][j] = best
		}
	}
	return t
}
