package web

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"

	"stride/internal/nn"
	"stride/internal/nn/arch"
	"stride/internal/nn/model"
	"stride/web/i18n"
	"stride/web/view"
)

// newFamilyTable is the lineage: figures from the engine, accuracies from their sources.
func (s *Server) newFamilyTable(b view.Page) (view.FamilyTable, error) {
	t := wordsOf(b.Lang)
	f := view.FamilyTable{Rows: []string{t.Depth, t.Params, t.MACs, t.Top1}, GapAfter: 0, Note: t.FamilyNote, URL: b.URL("/compare")}
	for _, fam := range arch.Families {
		a, err := arch.ByName(fam.Main)
		if err != nil {
			return f, err
		}
		_, sum, err := summaryOf(fam.Main)
		if err != nil {
			return f, err
		}
		tot := sum.Totals
		n := view.FamilyNetwork{Family: view.Family(fam.Name), Year: fmt.Sprint(fam.Year), Name: fam.Title, URL: b.URL("/a/" + s.best(fam)), Silhouette: silhouetteOf(*a), Idea: t.Ideas[fam.Name].name, IdeaOp: ideas[fam.Name].op,
			Figures: []view.FamilyFigure{{Value: i18n.Int(int64(tot.Depth))}, {Value: i18n.SI(tot.Params)}, {Value: i18n.SI(tot.MACs)}, s.accuracy(fam, a)}}
		f.Networks = append(f.Networks, n)
	}
	f.Gap = fmt.Sprintf(t.Quiet, arch.Families[1].Year-arch.Families[0].Year)
	for _, x := range ideaLines {
		at := slices.IndexFunc(arch.Families, func(f arch.Family) bool { return f.Name == x.family })
		f.Ideas = append(f.Ideas, s.ideaLine(b, at, x.idea))
	}
	return f, nil
}

// accuracy is a network's published top-1; for LeNet, which never saw ImageNet, its own result on MNIST.
func (s *Server) accuracy(fam arch.Family, main *arch.Arch) view.FamilyFigure {
	_, usual := forms(main) // public weights have accuracies, papers' forms of their networks have none
	if a := cmp.Or(topOnes[main.Name], topOnes[usual]); a > 0 {
		return view.FamilyFigure{Value: i18n.Fixed(a, 1) + "%"}
	}
	for _, e := range s.cfg.Catalogue.Of("lenet5") {
		if c, err := s.cfg.Catalogue.Card(e); err == nil && c != nil && fam.Name == "lenet" {
			top1, _ := c.Accuracy(func(model.CardSplit) bool { return true })
			return view.FamilyFigure{Value: i18n.Fixed(100*top1, 1) + "%", Unit: "MNIST"}
		}
	}
	return view.FamilyFigure{Value: "–"}
}

// ideaLines are the lines of the lineage: what a family introduced, from its own idea on. InceptionNet brought two.
var ideaLines = []struct{ idea, family string }{
	{"lenet", "lenet"}, {"alexnet", "alexnet"}, {"vgg", "vgg"}, {"inception", "inception"}, {"branches", "inception"}, {"resnet", "resnet"}, {"mobilenet", "mobilenet"}, {"densenet", "densenet"}, {"efficientnet", "efficientnet"},
}

// idea is what a family introduced and which later families take it up; the test that a family uses it is a question to
// its graph.
type idea struct {
	op   view.Op
	uses func(*nn.Graph) bool
}

var ideas = map[string]idea{
	"lenet": {view.OpDense, func(g *nn.Graph) bool {
		return has(g, "conv") && (has(g, "maxpool") || has(g, "avgpool") || has(g, "adaptiveavgpool"))
	}},
	"alexnet":   {view.OpAct, func(g *nn.Graph) bool { return has(g, "relu") || has(g, "relu6") || has(g, "silu") }},
	"vgg":       {view.OpConv, stacked3x3},
	"inception": {view.OpPointwise, squeezes},
	"resnet":    {view.OpAdd, func(g *nn.Graph) bool { return has(g, "add") }},
	"mobilenet": {view.OpDepthwise, func(g *nn.Graph) bool {
		for _, n := range g.Nodes {
			if opOf(n) == view.OpDepthwise {
				return true
			}
		}
		return false
	}},
	"branches":     {view.OpConcat, func(g *nn.Graph) bool { return has(g, "concat") }},
	"densenet":     {view.OpConcat, readsAllBefore},
	"efficientnet": {view.OpPool, func(g *nn.Graph) bool { return has(g, "mul") }},
}

func has(g *nn.Graph, kind nn.Kind) bool {
	for _, n := range g.Nodes {
		if n.Op.Kind() == kind {
			return true
		}
	}
	return false
}

// stacked3x3 asks for at least four 3×3 convolutions and no larger kernel behind the first.
func stacked3x3(g *nn.Graph) bool {
	n := 0
	for _, x := range g.Main() {
		if w := x.Window(); x.Op.Kind() == "conv" && w.KH == 3 && w.KW == 3 {
			n++
		}
	}
	return n >= 4
}

// readsAllBefore asks for concatenations of more maps than any module has branches.
func readsAllBefore(g *nn.Graph) bool {
	most := 0
	for _, n := range g.Main() {
		if n.Op.Kind() == "concat" {
			most = max(most, len(n.In))
		}
	}
	return most > 6
}

// squeezes asks for a 1×1 convolution that has fewer outputs than inputs.
func squeezes(g *nn.Graph) bool {
	for _, n := range g.Main() {
		if opOf(n) == view.OpPointwise && n.Shape.C < n.In[0].Shape.C && n.Shape.PlaneLen() > 1 {
			return true
		}
	}
	return false
}

// ideaLine is one idea as a line through the networks.
func (s *Server) ideaLine(b view.Page, from int, fam string) view.IdeaLine {
	t := wordsOf(b.Lang)
	l := view.IdeaLine{Name: t.Ideas[fam].name, Op: ideas[fam].op}
	last := from
	uses := make([]bool, len(arch.Families))
	for i, f := range arch.Families {
		a, err := arch.ByName(f.Main)
		if err != nil {
			continue
		}
		g, err := a.Graph()
		if err != nil {
			continue
		}
		if uses[i] = i > from && ideas[fam].uses(g); uses[i] {
			last = i
		}
	}
	for i, f := range arch.Families {
		st := view.IdeaStop{URL: b.URL("/a/" + s.best(f))}
		switch {
		case i == from && last == from:
			st.Kind, st.Label, st.Title = view.StopOnly, t.Ideas[fam].label, t.Ideas[fam].title
		case i == from:
			st.Kind, st.Label, st.Title = view.StopIntroduces, t.Ideas[fam].label, t.Ideas[fam].title
		case i < from || i > last:
			st.Kind = view.StopNone
		case uses[i] && i == last:
			st.Kind, st.Title = view.StopEnds, t.Ideas[fam].title
		case uses[i]:
			st.Kind, st.Title = view.StopUses, t.Ideas[fam].title
		default:
			st.Kind = view.StopPasses
		}
		l.Stops = append(l.Stops, st)
	}
	return l
}

// archIndex leads to the family page: that is the list of architectures.
func (s *Server) archIndex(w http.ResponseWriter, r *http.Request) error {
	http.Redirect(w, r, "/"+languageOf(r).Tag()+"/a/"+s.flowModel(r), http.StatusFound)
	return nil
}
