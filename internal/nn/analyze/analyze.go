// Package analyze derives numbers from a graph without running it: shapes, parameters, multiply-accumulates, receptive
// fields, memory, and what other forms of the same convolution would cost. Everything is a pure function of a graph.
//
// It does not draw (viz) and does not look at weights, but for NewLowRank, which is handed those of one layer. Start reading
// at Summarize.
//
// Conventions: one MAC is one multiplication with its addition, often reported as 2 FLOPs; only convolutions and dense
// layers count. Parameters are trainable values; running statistics are buffers. Auxiliary classifiers are counted apart.
package analyze

import (
	"stride/internal/nn"
	"stride/internal/nn/tensor"
)

// Row is one node.
type Row struct {
	Node  *nn.Node
	Shape tensor.Shape
	// Params are trainable values, Buffers the others.
	Params, Buffers int64
	// Factors is the product behind each parameter tensor; the parameters are their sum.
	Factors []Factor
	MACs    int64
	// Bytes is the size of the output in float32.
	Bytes int64
	Field Field
}

// Factor is one parameter tensor as the product that makes its size.
type Factor struct {
	Name string
	Role nn.Role
	Dims []int
	// Product is Dims multiplied.
	Product int64
}

// Totals add up a graph for one image.
type Totals struct {
	// Params, Buffers and MACs are without the auxiliary classifiers; the Aux numbers are theirs.
	Params, Buffers, MACs          int64
	AuxParams, AuxBuffers, AuxMACs int64
	// ActivationBytes is the size of all outputs, in float32.
	ActivationBytes int64
	// PeakBytes is the largest size of outputs alive at once when each is freed after its last reader.
	PeakBytes int64
	// Depth is the number of convolution and dense layers on the longest path.
	Depth int
	// Layers is the number of nodes with MACs.
	Layers int
}

// ParamsWithAux counts the auxiliary classifiers too.
func (t Totals) ParamsWithAux() int64 { return t.Params + t.AuxParams }

// Summary is everything about a graph.
type Summary struct {
	Rows   []Row // in run order, the auxiliary nodes last
	Totals Totals
}

// Row finds the row of a node.
func (s *Summary) Row(n *nn.Node) *Row { return &s.Rows[n.ID] }

// Summarize computes a summary for one image.
func Summarize(g *nn.Graph) *Summary {
	fields := Fields(g)
	s := &Summary{Rows: make([]Row, len(g.Nodes))}
	depth := make([]int, len(g.Nodes))
	t := &s.Totals
	for i, n := range g.Nodes {
		r := row(n)
		r.Field = fields[i]
		s.Rows[i] = r
		for _, in := range n.In {
			depth[i] = max(depth[i], depth[in.ID])
		}
		if r.MACs > 0 {
			depth[i]++
		}
		if n.Aux {
			t.AuxParams += r.Params
			t.AuxBuffers += r.Buffers
			t.AuxMACs += r.MACs
			continue
		}
		if r.MACs > 0 {
			t.Layers++
		}
		t.Params += r.Params
		t.Buffers += r.Buffers
		t.MACs += r.MACs
		t.ActivationBytes += r.Bytes
		t.Depth = max(t.Depth, depth[i])
	}
	t.PeakBytes = peak(g)
	return s
}

func row(n *nn.Node) Row {
	r := Row{Node: n, Shape: n.Shape, MACs: n.MACs(), Bytes: int64(n.Shape.Len()) * 4}
	for _, p := range n.Params {
		f := Factor{Name: p.Name, Role: p.Role, Dims: p.Dims, Product: int64(p.Len())}
		r.Factors = append(r.Factors, f)
		if p.Role.Trainable() {
			r.Params += f.Product
		} else {
			r.Buffers += f.Product
		}
	}
	return r
}

// peak walks the run order and frees every output after its last reader.
func peak(g *nn.Graph) int64 {
	left := make([]int, len(g.Nodes))
	var live, most int64
	for _, n := range g.Nodes {
		if n.Aux {
			continue
		}
		for _, u := range n.Users {
			if !u.Aux {
				left[n.ID]++
			}
		}
		live += int64(n.Shape.Len()) * 4
		most = max(most, live)
		for _, in := range n.In {
			if left[in.ID]--; left[in.ID] == 0 {
				live -= int64(in.Shape.Len()) * 4
			}
		}
	}
	return most
}
