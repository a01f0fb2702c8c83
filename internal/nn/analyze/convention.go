package analyze

import (
	"stride/internal/nn"
)

// Difference is one way in which a counter can differ from the conventions of this package: what it adds to the
// parameters and to the MACs of a graph, and at which nodes.
type Difference struct {
	// Name is stable: "statistics", "no_scale", "input_statistics", "all_biases", "last_bias", "no_biases", "aux",
	// "norm_channels", "norm_values", "activations", "pools", "flops".
	Name   string
	Params int64
	// Work is in MACs. For "flops" it is the whole count once more: a MAC is two operations.
	Work  int64
	Nodes []*nn.Node
}

// excludes are the differences that cannot hold together.
var excludes = map[string][]string{
	"all_biases": {"no_biases", "last_bias"}, "no_biases": {"all_biases", "last_bias"}, "last_bias": {"all_biases", "no_biases"},
	"norm_channels": {"norm_values"}, "norm_values": {"norm_channels"},
}

// Differences lists the differences that apply to a graph, in a fixed order:
//
//	statistics        running means and variances are counted as parameters
//	no_scale          batch normalisation has a shift but no scale
//	input_statistics  a layer before the first keeps a mean and a variance per input channel and how often it saw them
//	all_biases        every convolution and dense layer has a bias, also where batch normalisation makes it needless
//	last_bias         the last layer has no bias
//	no_biases         weights only
//	aux               auxiliary classifiers are counted
//	norm_channels     two operations per channel of every batch normalisation
//	norm_values       two operations per value of every batch normalisation
//	activations       one operation per value of every activation
//	pools             one operation per value that a pooling layer reads
//	flops             multiplications and additions are counted apart
func Differences(g *nn.Graph) []Difference {
	c := counter{g: g, s: Summarize(g)}
	all := []Difference{c.statistics(), c.scales(), {Name: "input_statistics", Params: 2*int64(g.Input.Shape.C) + 1, Nodes: []*nn.Node{g.Input}}, c.missing(), c.lastBias(), c.biases("no_biases", g.Main()), c.aux(),
		c.norms("norm_channels", func(n *nn.Node) int64 { return 2 * int64(n.Shape.C) }),
		c.norms("norm_values", func(n *nn.Node) int64 { return 2 * int64(n.Shape.Len()) }),
		c.values("activations", activationKinds, func(n *nn.Node) int64 { return int64(n.Shape.Len()) }),
		c.values("pools", poolKinds, func(n *nn.Node) int64 { return int64(n.In[0].Shape.Len()) })}
	all = append(all, Difference{Name: "flops", Work: c.s.Totals.MACs})
	var out []Difference
	for _, d := range all {
		if d.Params != 0 || d.Work != 0 {
			out = append(out, d)
		}
	}
	return out
}

// Other counters go by the kind of a layer, and so must this list of what they add.
var (
	activationKinds = map[nn.Kind]bool{"relu": true, "relu6": true, "silu": true, "tanh": true, "scaledtanh": true, "sigmoid": true, "hardswish": true, "hardsigmoid": true}
	poolKinds       = map[nn.Kind]bool{"maxpool": true, "avgpool": true, "adaptiveavgpool": true, "subsample": true}
)

type counter struct {
	g *nn.Graph
	s *Summary
}

func (c counter) statistics() Difference {
	d := Difference{Name: "statistics"}
	for _, n := range c.g.Main() {
		if b := c.s.Row(n).Buffers; b > 0 {
			d.Params += b
			d.Nodes = append(d.Nodes, n)
		}
	}
	return d
}

// scales are those of batch normalisations.
func (c counter) scales() Difference {
	d := Difference{Name: "no_scale"}
	for _, n := range c.g.Main() {
		if p, ok := has(n, nn.NormWeight); ok {
			d.Params -= int64(p.Len())
			d.Nodes = append(d.Nodes, n)
		}
	}
	return d
}

// has finds a parameter of a role.
func has(n *nn.Node, r nn.Role) (nn.ParamSpec, bool) {
	for _, p := range n.Params {
		if p.Role == r {
			return p, true
		}
	}
	return nn.ParamSpec{}, false
}

// missing are the biases that convolutions and dense layers do not have.
func (c counter) missing() Difference {
	d := Difference{Name: "all_biases"}
	for _, n := range c.g.Main() {
		_, conv := has(n, nn.ConvWeight)
		_, dense := has(n, nn.LinearWeight)
		if _, bias := has(n, nn.Bias); (conv || dense) && !bias {
			d.Params += int64(n.Shape.C)
			d.Nodes = append(d.Nodes, n)
		}
	}
	return d
}

func (c counter) biases(name string, nodes []*nn.Node) Difference {
	d := Difference{Name: name}
	for _, n := range nodes {
		if p, ok := has(n, nn.Bias); ok {
			d.Params -= int64(p.Len())
			d.Nodes = append(d.Nodes, n)
		}
	}
	return d
}

// lastBias is the bias of the last layer that has weights.
func (c counter) lastBias() Difference {
	main := c.g.Main()
	for i := len(main) - 1; i >= 0; i-- {
		if main[i].MACs() > 0 {
			return c.biases("last_bias", main[i:i+1])
		}
	}
	return Difference{}
}

func (c counter) aux() Difference {
	d := Difference{Name: "aux", Params: c.s.Totals.AuxParams, Work: c.s.Totals.AuxMACs}
	for _, n := range c.g.Nodes {
		if n.Aux {
			d.Nodes = append(d.Nodes, n)
		}
	}
	return d
}

func (c counter) norms(name string, work func(*nn.Node) int64) Difference {
	d := Difference{Name: name}
	for _, n := range c.g.Main() {
		if _, ok := has(n, nn.NormMean); ok {
			d.Work += work(n)
			d.Nodes = append(d.Nodes, n)
		}
	}
	return d
}

func (c counter) values(name string, kinds map[nn.Kind]bool, work func(*nn.Node) int64) Difference {
	d := Difference{Name: name}
	for _, n := range c.g.Main() {
		if kinds[n.Op.Kind()] {
			d.Work += work(n)
			d.Nodes = append(d.Nodes, n)
		}
	}
	return d
}

// Reconcile explains a figure in circulation: the smallest set of differences that turns the package's own count of
// parameters (or, with work, of MACs) into what the figure accepts, which is more than one count when it was rounded. ok is
// false when no set does; an empty set means that the figure is the package's own count.
func Reconcile(g *nn.Graph, work bool, accepts func(count int64) bool) (lines []Difference, ok bool) {
	t := Summarize(g).Totals
	base := t.Params
	if work {
		base = t.MACs
	}
	var use []Difference
	double := false
	for _, d := range Differences(g) {
		switch {
		case d.Name == "flops":
			double = work
		case work && d.Work != 0, !work && d.Params != 0:
			use = append(use, d)
		}
	}
	best := -1
	for set := range 1 << len(use) {
		sum, chosen := base, []Difference(nil)
		for i, d := range use {
			if set>>i&1 == 1 {
				chosen = append(chosen, d)
				sum += d.of(work)
			}
		}
		switch {
		case accepts(sum):
		case double && accepts(2*sum):
			chosen = append(chosen, Difference{Name: "flops", Work: sum})
		default:
			continue
		}
		if compatible(chosen) && (best < 0 || len(chosen) < best) {
			lines, best = chosen, len(chosen)
		}
	}
	return lines, best >= 0
}

// of is what the difference adds to the parameters or to the work.
func (d Difference) of(work bool) int64 {
	if work {
		return d.Work
	}
	return d.Params
}

func compatible(set []Difference) bool {
	for _, a := range set {
		for _, b := range set {
			for _, x := range excludes[a.Name] {
				if b.Name == x {
					return false
				}
			}
		}
	}
	return true
}
