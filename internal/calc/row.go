package calc

import (
	"stride/internal/nn"
	"stride/internal/nn/analyze"
	"stride/internal/nn/tensor"
)

// Row is one line of the calculator: the input, a layer, a block, a join, or the head of one of a join's paths.
type Row struct {
	// Address is where the layer stands: "3" is the fourth layer, "3.1" its second path, "3.1.0" the first layer there.
	// The input's is "".
	Address string
	Depth   int
	// Layer is the zero value for the input and for heads of paths.
	Layer Layer
	// Path is the number of a path that begins here, from 0, and -1 for all other rows.
	Path int
	// Nodes are what the row became in the graph: one for a layer, several for a block, none where it cannot work.
	Nodes []*nn.Node
	// In is the first input. Known tells whether it and the numbers below mean anything: an earlier problem leaves all later
	// rows unknown.
	In, Shape tensor.Shape
	Known     bool
	// Params, Buffers, MACs and Bytes (of the outputs, in float32) are the row's own; a join's members have theirs.
	Params, Buffers, MACs, Bytes int64
	// Factors are the products behind Params and Buffers.
	Factors []analyze.Factor
	Field   analyze.Field
	Problem *Problem
}

// IsInput reports whether the row is the input.
func (r *Row) IsInput() bool { return r.Address == "" }

// IsPath reports whether the row is the head of a path.
func (r *Row) IsPath() bool { return r.Path >= 0 }

// Result is a compiled stack.
type Result struct {
	Stack Stack
	// Graph holds the layers up to the first problem; its output is the last of them, or what the last softmax reads.
	Graph *nn.Graph
	Rows  []Row
	// Totals cover the rows that work; peak and depth are 0 while a row does not.
	Totals analyze.Totals
	// Problem is the index of the row with the problem, -1 for none.
	Problem int
}

// OK reports whether every layer works.
func (r *Result) OK() bool { return r.Problem < 0 }

// Row finds a row by address; nil when there is none.
func (r *Result) Row(address string) *Row {
	for i := range r.Rows {
		if r.Rows[i].Address == address {
			return &r.Rows[i]
		}
	}
	return nil
}

// count fills the numbers of the rows from those of the nodes.
func (r *Result) count() {
	s := analyze.Summarize(r.Graph)
	for i := range r.Rows {
		row := &r.Rows[i]
		for _, n := range row.Nodes {
			x := s.Row(n)
			row.Params += x.Params
			row.Buffers += x.Buffers
			row.MACs += x.MACs
			row.Bytes += x.Bytes
			row.Field = x.Field
			row.Factors = append(row.Factors, x.Factors...)
		}
	}
	if r.Totals = s.Totals; !r.OK() {
		r.Totals = r.partial()
	}
}

// partial adds up the rows before a problem; the graph may also hold the first layers of a block that does not work.
func (r *Result) partial() analyze.Totals {
	var t analyze.Totals
	for _, row := range r.Rows {
		t.Params += row.Params
		t.Buffers += row.Buffers
		t.MACs += row.MACs
		t.ActivationBytes += row.Bytes
	}
	return t
}
