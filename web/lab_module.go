package web

import (
	"fmt"

	"stride/internal/nn"
	"stride/web/i18n"
	"stride/web/view"
)

// moduleModel is the GoogLeNet whose module is shown: one with trained weights if there is any.
func (s *Server) moduleModel() string {
	for _, name := range []string{"googlenet", "mini_googlenet"} {
		if len(s.cfg.Catalogue.Of(name)) > 0 {
			return name
		}
	}
	return "googlenet_paper"
}

// moduleTiles is how many maps of a branch are shown.
const moduleTiles = 8

// moduleFigure is the first inception module on the current picture, with what each branch costs, and what the same
// filters would cost without reductions.
func (t *trace) moduleFigure() view.ModuleFigure {
	cat := firstConcat(t)
	in := source(cat)
	f := view.ModuleFigure{Input: t.stack(in, 72), Shape: shapeText(in.Shape), Name: "concat", Heads: [3]string{t.w.WithReduction, t.w.WithoutReduction, t.w.Saved}}
	with := view.ShareBar{Label: t.w.WithReduction}
	without := view.ShareBar{Label: t.w.WithoutReduction}
	var sum, bare int64
	channels, bareChannels := 0, 0
	for _, end := range cat.In {
		br := branchOf(in, end)
		b := view.Branch{URL: t.nodeURL(end), With: i18n.Int(br.weights), Without: i18n.Int(br.bare), Count: i18n.Int(int64(end.Shape.C))}
		if br.bare > 0 {
			b.Saved = i18n.Percent(1-float64(br.weights)/float64(br.bare), 0)
		}
		for _, n := range br.path {
			w := n.Window()
			b.Pills = append(b.Pills, view.Pill{Op: opOf(n), Text: fmt.Sprintf("%d×%d", w.KH, w.KW), Sub: i18n.Int(int64(n.Shape.C)), URL: t.nodeURL(n)})
		}
		for i := range min(moduleTiles, end.Shape.C) {
			b.Tiles = append(b.Tiles, t.tile(end, i))
		}
		f.Branches = append(f.Branches, b)
		sum, bare = sum+br.weights, bare+br.bare
		channels, bareChannels = channels+end.Shape.C, bareChannels+br.bareChannels
		class := br.class().Class()
		with.Parts = append(with.Parts, view.SharePart{Percent: float64(end.Shape.C), Class: class, Label: b.Count})
		without.Parts = append(without.Parts, view.SharePart{Percent: float64(br.bareChannels), Class: class, Label: i18n.Int(int64(br.bareChannels))})
	}
	for _, bar := range []view.ShareBar{with, without} { // on one scale
		for i := range bar.Parts {
			bar.Parts[i].Percent *= 100 / float64(max(channels, bareChannels))
		}
	}
	with.Value, without.Value = mapsText(channels, cat), mapsText(bareChannels, cat)
	f.Concat = []view.ShareBar{with, without}
	f.Meta = fmt.Sprintf(t.w.ModuleTotals, t.model.Arch.Title, i18n.Int(sum), i18n.Int(bare))
	f.Note = t.predictionsNote()
	return f
}

func mapsText(channels int, n *nn.Node) string {
	s := n.Shape
	s.C = channels
	return shapeText(s)
}

// moduleBranch is one path of a module with its counts of weights: as it is, and as the last filter alone would have,
// working on all channels of the module's input. Without its 1×1 a pooling branch has no weights and hands on every channel.
type moduleBranch struct {
	path          []*nn.Node // what computes or pools
	weights, bare int64
	bareChannels  int
}

func branchOf(in, end *nn.Node) moduleBranch {
	b := moduleBranch{bareChannels: end.Shape.C}
	for n := end; n != in && len(n.In) == 1; n = n.In[0] {
		if n.MACs() > 0 || opOf(n) == view.OpPool {
			b.path = append([]*nn.Node{n}, b.path...)
		}
		b.weights += weightsOf(n)
	}
	if len(b.path) == 0 {
		return b
	}
	if opOf(b.path[0]) == view.OpPool {
		b.bareChannels = in.Shape.C
		return b
	}
	// Everything behind the reduction as it stands, its first filter on the input's channels.
	work := b.path
	if len(work) > 1 && opOf(work[0]) == view.OpPointwise {
		work = work[1:]
	}
	for i, n := range work {
		w := weightsOf(n)
		if i == 0 {
			w = w / int64(n.In[0].Shape.C) * int64(in.Shape.C)
		}
		b.bare += w
	}
	return b
}

// weightsOf counts what a node multiplies with: neither biases nor the numbers of a normalisation.
func weightsOf(n *nn.Node) int64 {
	var sum int64
	for _, p := range n.Params {
		if n.MACs() > 0 && len(p.Dims) > 1 {
			sum += int64(p.Len())
		}
	}
	return sum
}

// class is the colour of a branch.
func (b moduleBranch) class() view.Op {
	op := view.OpPointwise
	for _, n := range b.path {
		if k := opOf(n); k != view.OpPointwise {
			op = k
		}
	}
	return op
}

// pointwiseRows are the maps before and after the first reduction of the module; the second row leads to the layer, where
// every pixel opens.
func (t *trace) pointwiseRows() []view.MapRow {
	cat := firstConcat(t)
	in := source(cat)
	row := func(n *nn.Node) view.MapRow {
		r := view.MapRow{Name: n.Path, Caption: shapeText(n.Shape), URL: t.nodeURL(n)}
		for i := range min(moduleTiles, n.Shape.C) {
			r.Tiles = append(r.Tiles, t.tile(n, i))
		}
		return r
	}
	rows := []view.MapRow{row(in)}
	for _, end := range cat.In {
		if b := branchOf(in, end); len(b.path) > 1 && opOf(b.path[0]) == view.OpPointwise {
			return append(rows, row(b.path[0]))
		}
	}
	return rows
}

// predictionsNote labels maps of untrained weights.
func (t *trace) predictionsNote() string {
	if t.model.Trained() {
		return ""
	}
	return t.w.UntrainedLong
}

// firstConcat is the first module's joint.
func firstConcat(t *trace) *nn.Node {
	for _, n := range t.model.Graph.Main() {
		if n.Op.Kind() == "concat" && len(n.In) > 2 {
			return n
		}
	}
	return t.model.Graph.Output
}

// source is the node that all branches of a joint start from.
func source(join *nn.Node) *nn.Node {
	n := join.In[0]
	for len(n.In) == 1 && len(n.In[0].Users) == 1 {
		n = n.In[0]
	}
	return n.In[0]
}
