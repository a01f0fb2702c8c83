package web

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"stride/internal/lessons"
	"stride/internal/nn"
	"stride/internal/nn/analyze"
	"stride/internal/nn/arch"
)

// resolver answers the questions of lesson texts from the architectures themselves, so that no text holds a number.
type resolver struct{}

// figures are the drawings that pages can make for a lesson; labs are the benches that exist.
var (
	figures  = []string{"silhouettes", "connections", "shares", "reconcile", "gradients"}
	labSlugs = []string{"bottleneck"}
)

func (resolver) Figure(id string) error {
	if !slices.Contains(figures, id) {
		return fmt.Errorf("no page draws a figure %q", id)
	}
	return nil
}

func (resolver) Lab(slug string) error {
	if !slices.Contains(labSlugs, slug) {
		return fmt.Errorf("there is no lab %q", slug)
	}
	return nil
}

// summaries are analysed once: lessons ask thousands of questions about few networks.
var summaries sync.Map // name → *analyze.Summary

// summaryOf is a network at its own input size.
func summaryOf(name string) (*nn.Graph, *analyze.Summary, error) {
	a, err := arch.ByName(name)
	if err != nil {
		return nil, nil, err
	}
	g, err := a.Graph()
	if err != nil {
		return nil, nil, err
	}
	if s, ok := summaries.Load(name); ok {
		return g, s.(*analyze.Summary), nil
	}
	s, _ := summaries.LoadOrStore(name, analyze.Summarize(g))
	return g, s.(*analyze.Summary), nil
}

// Node tells what a path names.
func (resolver) Node(name, path string) (lessons.NodeInfo, error) {
	g, _, err := summaryOf(name)
	if err != nil {
		return lessons.NodeInfo{}, err
	}
	if n := g.Node(path); n != nil {
		return lessons.NodeInfo{Kind: string(n.Op.Kind())}, nil
	}
	if len(below(g, path)) > 0 {
		return lessons.NodeInfo{Kind: "block"}, nil
	}
	return lessons.NodeInfo{}, fmt.Errorf("no node %s in %s", path, name)
}

// below lists the nodes under a prefix, without the auxiliary classifiers unless the prefix is one.
func below(g *nn.Graph, prefix string) []*nn.Node {
	var l []*nn.Node
	for _, n := range g.Nodes {
		if strings.HasPrefix(n.Path, prefix+".") || n.Path == prefix {
			l = append(l, n)
		}
	}
	return l
}

// Quantity gives one number.
func (resolver) Quantity(name, path string, q lessons.Quantity) (lessons.Value, error) {
	g, s, err := summaryOf(name)
	if err != nil {
		return lessons.Value{}, err
	}
	if path == "" {
		return networkQuantity(g, s, q)
	}
	if n := g.Node(path); n != nil {
		return nodeQuantity(n, s.Row(n), q)
	}
	nodes := below(g, path)
	if len(nodes) == 0 {
		return lessons.Value{}, fmt.Errorf("no node %s in %s", path, name)
	}
	return sumQuantity(s, nodes, q)
}

func networkQuantity(g *nn.Graph, s *analyze.Summary, q lessons.Quantity) (lessons.Value, error) {
	t := s.Totals
	switch q {
	case lessons.Params:
		return whole(t.Params), nil
	case lessons.AuxParams:
		return whole(t.ParamsWithAux()), nil
	case lessons.Statistics:
		return whole(t.Buffers), nil
	case lessons.MACs:
		return whole(t.MACs), nil
	case lessons.Depth:
		return whole(int64(t.Depth)), nil
	case lessons.Size:
		return whole(int64(g.Input.Shape.H)), nil
	case lessons.Weights:
		return sumQuantity(s, g.Main(), q)
	}
	return lessons.Value{}, fmt.Errorf("%s is asked of a node", q)
}

func whole(n int64) lessons.Value { return lessons.Value{Number: float64(n)} }

// kernelValues counts the values of convolution and dense kernels.
func kernelValues(r *analyze.Row) (n int64, dims []int) {
	for _, f := range r.Factors {
		if f.Role == nn.ConvWeight || f.Role == nn.LinearWeight {
			n, dims = n+f.Product, f.Dims
		}
	}
	return n, dims
}

func nodeQuantity(n *nn.Node, r *analyze.Row, q lessons.Quantity) (lessons.Value, error) {
	w := n.Window()
	switch q {
	case lessons.Params:
		v := whole(r.Params)
		if k, dims := kernelValues(r); k == r.Params && len(dims) > 0 {
			v.Product = productOf(dims)
		}
		return v, nil
	case lessons.Weights:
		k, dims := kernelValues(r)
		return lessons.Value{Number: float64(k), Product: productOf(dims)}, nil
	case lessons.Statistics:
		return whole(r.Buffers), nil
	case lessons.MACs:
		return whole(r.MACs), nil
	case lessons.RF:
		if r.Field.Whole {
			return lessons.Value{}, fmt.Errorf("%s sees the whole picture; its receptive field has no side", n.Path)
		}
		return whole(int64(r.Field.Size[0])), nil
	case lessons.Shape:
		return lessons.Value{Number: float64(n.Shape.Len()), Dims: []int{n.Shape.C, n.Shape.H, n.Shape.W}}, nil
	case lessons.Channels:
		return whole(int64(n.Shape.C)), nil
	case lessons.Size:
		return whole(int64(n.Shape.H)), nil
	case lessons.Values:
		return whole(int64(n.Shape.Len())), nil
	case lessons.Kernel:
		return whole(int64(max(w.KH, w.KW))), nil
	case lessons.Stride:
		return whole(int64(w.SH)), nil
	case lessons.Padding:
		return whole(int64(max(w.PT, w.PL))), nil
	case lessons.Groups:
		if g, ok := n.Op.(interface{ GroupCount() int }); ok {
			return whole(int64(g.GroupCount())), nil
		}
		return lessons.Value{}, fmt.Errorf("%s has no groups", n.Path)
	}
	return lessons.Value{}, fmt.Errorf("%s is asked of a network", q)
}

// productOf writes the kernel first, as people say it: 3 · 3 · 128 · 128.
func productOf(d []int) string {
	if len(d) == 4 {
		d = []int{d[2], d[3], d[1], d[0]}
	}
	return times(d...)
}

func sumQuantity(s *analyze.Summary, nodes []*nn.Node, q lessons.Quantity) (lessons.Value, error) {
	var sum int64
	for _, n := range nodes {
		r := s.Row(n)
		switch q {
		case lessons.Params:
			sum += r.Params
		case lessons.MACs:
			sum += r.MACs
		case lessons.Statistics:
			sum += r.Buffers
		case lessons.Weights:
			k, _ := kernelValues(r)
			sum += k
		case lessons.Shape, lessons.Channels, lessons.Size, lessons.Values:
			last := nodes[len(nodes)-1]
			return nodeQuantity(last, s.Row(last), q)
		default:
			return lessons.Value{}, fmt.Errorf("%s is asked of one node, not of a block", q)
		}
	}
	return whole(sum), nil
}
