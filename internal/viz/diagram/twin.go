package diagram

import (
	"stride/internal/nn"
	"stride/internal/nn/tensor"
)

// Line is one item of the list that says what a drawing shows: for whoever does not see it, and for print. It holds facts,
// not sentences; the words are the page's.
type Line struct {
	// Layer is what the line is about; Node the node whose output it is.
	Layer *Layer
	Node  *nn.Node
	// Input is set for the maps that enter the block; Layer then lies in another block.
	Input bool
	// Ops are the operations between the inputs and the output, in order.
	Ops   []*nn.Node
	Shape tensor.Shape
	// Lane is the branch, from 1, of an inception module; 0 on the main path.
	Lane int
	Role Role
	// From lists what the line reads.
	From         []Source
	Params, MACs int64
}

// Source is one input of a line.
type Source struct {
	// Layer and Node are where it comes from.
	Layer *Layer
	Node  *nn.Node
	// Before is set when it is the line before; a page says "also receives" of the others.
	Before bool
	// Skip is set when a sum receives the block's input as it is; Gate when the input scales whole maps.
	Skip, Gate bool
}

// Twin lists a block: its inputs, then its layers in reading order.
func (o *Outline) Twin(b *Block) []Line {
	f := &b.flow
	var lines []Line
	for v := range f.pred {
		l, n := f.layer(v), f.node(v)
		t := Line{Layer: l, Node: n, Shape: n.Shape}
		if l == nil {
			_, _, t.Layer = o.At(n)
			t.Input, t.Role = true, RoleX
			lines = append(lines, t)
			continue
		}
		t.Ops, t.Lane, t.Role, t.Params, t.MACs = l.Nodes(), l.Lane, l.Role, l.Params(), l.MACs()
		gate := gateLane(l, len(f.pred[v]))
		for i, u := range f.pred[v] {
			s := Source{Layer: f.layer(u), Node: f.node(u), Before: u == v-1, Gate: i == gate}
			if s.Layer == nil {
				_, _, s.Layer = o.At(s.Node)
				s.Skip = l.Class == ClassAdd
			}
			t.From = append(t.From, s)
		}
		lines = append(lines, t)
	}
	return lines
}
