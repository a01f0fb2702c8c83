package web

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"stride/internal/engine"
	"stride/internal/nn"
	"stride/internal/nn/arch"
	"stride/internal/nn/model"
	"stride/internal/nn/weights"
	"stride/internal/viz/diagram"
	"stride/web/i18n"
	"stride/web/view"
)

// home is the family page.
func (s *Server) home(w http.ResponseWriter, r *http.Request) error {
	p, err := s.newHomePage(w, r)
	if err != nil {
		return err
	}
	return render(w, r, http.StatusOK, view.Home(p))
}

func (s *Server) newHomePage(w http.ResponseWriter, r *http.Request) (view.HomePage, error) {
	b := s.base(w, r, view.NavFamily, "")
	open := s.flowModel(r)
	a, err := arch.ByName(open)
	if err != nil {
		return view.HomePage{}, errNotFound
	}
	p := view.HomePage{Page: b, StartURL: b.URL("/a/lenet5"), OpenURL: b.URL("/a/" + open), OpenName: a.Title, CalculatorURL: b.URL("/calc"), ClassifyURL: b.URL("/a/" + open), TransferURL: b.URL("/labs"), Labs: append(s.labCards(b), s.lessonCards(b)...), Refs: s.refRows()}
	p.Flow, err = s.newFlow(w, r, &p.Page, a)
	if err != nil {
		return p, err
	}
	p.RefreshIn = refreshOf(p.Flow.Stream)
	if p.Family, err = s.newFamilyTable(b); err != nil {
		return p, err
	}
	t := wordsOf(b.Lang)
	p.Facts = []view.BigFact{{Value: t.TrainImages, Label: t.TrainImagesLabel}, {Value: i18n.Int(50000), Label: t.ValImagesLabel}, {Value: i18n.Int(int64(len(s.names[arch.ImageNet][i18n.English]))), Label: fmt.Sprintf(t.ClassesLabel, s.animals()), Link: &view.Link{Label: t.Browse, URL: b.URL("/classes")}}}
	return p, nil
}

// refreshOf reloads a page without JavaScript while its run goes on.
func refreshOf(s view.Stream) int {
	if s.EventsURL == "" {
		return 0
	}
	return 2
}

// flowModel is the network that the home page runs: the one asked for, or the first family with real weights, from
// ResNet on.
func (s *Server) flowModel(r *http.Request) string {
	if m := r.URL.Query().Get("m"); m != "" {
		return m
	}
	for _, name := range []string{"resnet", "mobilenet", "vgg", "efficientnet", "densenet", "inception", "alexnet"} {
		f, _ := family(name)
		if best := s.best(f); len(s.cfg.Catalogue.Of(best)) > 0 {
			return best
		}
	}
	return "resnet50"
}

// newFlow runs the picture through one network and shows five depths of it.
func (s *Server) newFlow(w http.ResponseWriter, r *http.Request, b *view.Page, a *arch.Arch) (view.Flow, error) {
	t, err := s.openDefault(w, r, a.Name)
	if err != nil {
		return view.Flow{}, err
	}
	f := view.Flow{Picker: s.newPicker(r, *b, b.Path), Badge: t.badge(), Stream: t.newStream()}
	b.Image = view.ImageChip{Name: s.pictureName(t.picture, b.Lang), ThumbURL: s.pictureURL(t.picture, 96)}
	f.Picker.Large, f.Picker.LargeAlt = s.pictureURL(t.picture, 384), s.pictureName(t.picture, b.Lang)
	for i := range f.Picker.Samples {
		f.Picker.Samples[i].Current = f.Picker.Samples[i].Name == t.picture.Sample
	}
	for _, fam := range arch.Families {
		m := s.best(fam)
		x, err := arch.ByName(m)
		if err != nil {
			return f, err
		}
		f.Network.Options = append(f.Network.Options, view.Option{Label: x.Title, URL: b.URL("/?m=" + m), Current: m == a.Name})
	}
	stages := flowStages(t.model.Graph, 5)
	for i, n := range stages {
		face := 110 - 60*float64(i)/float64(max(len(stages)-1, 1))
		f.Stages = append(f.Stages, view.FlowStage{Name: t.depthName(n, i), Shape: fmt.Sprintf("%d × %d²", n.Shape.C, n.Shape.H), URL: t.nodeURL(n), Stack: t.stack(n, face)})
	}
	res := t.newResult()
	f.Preds, f.Notice = res.Preds, res.Notice
	return f, nil
}

// openDefault opens a network as it is first seen.
func (s *Server) openDefault(w http.ResponseWriter, r *http.Request, name string) (*trace, error) {
	return s.openFor(w, r, name, s.cfg.Patience)
}

// openFor is openDefault with another patience: a run that nobody watches is given up soon after the page has left.
func (s *Server) openFor(w http.ResponseWriter, r *http.Request, name string, patience time.Duration) (*trace, error) {
	return s.openReduced(w, r, name, nil, patience)
}

// openReduced is openFor with some of the network's convolutions at lower rank.
func (s *Server) openReduced(w http.ResponseWriter, r *http.Request, name string, ranks []engine.Rank, patience time.Duration) (*trace, error) {
	t := &trace{s: s, lang: languageOf(r), st: archState{Model: name, Step: 1, Channel: -1, Y: -1, X: -1, In: -1, Class: -1, Scope: "channel", Order: "strength"}}
	t.w = wordsOf(t.lang)
	if err := t.load(); err != nil {
		return nil, err
	}
	t.picture = s.current(r, t.model.Arch.Labels)
	var err error
	if t.job, err = s.local.Resolve(engine.Job{Image: t.picture.ref(), Model: name, Weights: t.model.Provenance.ID, Options: engine.Options{Ranks: ranks}}); err != nil {
		return nil, err
	}
	v := s.sessions.open(w, r)
	stream, err := s.engine.Submit(r.Context(), v.id, t.job)
	if err != nil {
		return nil, err
	}
	defer stream.Close()
	t.follow(r.Context(), stream, patience)
	t.job = stream.Recording().Job
	t.run = "/r/" + s.runs.address(t.job)
	return t, nil
}

// flowStages picks one layer for each map size, the k sizes that come last: the last one of that size that a reader would
// look at, so not the inside of a block that ends smaller.
func flowStages(g *nn.Graph, k int) []*nn.Node {
	var l []*nn.Node
	for _, st := range outlineOf(g).Stages {
		if st.Kind == diagram.StageInput || st.Kind == diagram.StageAux {
			continue
		}
		for _, b := range st.Blocks {
			for _, n := range handedOn(b) {
				switch h := n.Shape.H; {
				case h <= 1:
				case len(l) > 0 && l[len(l)-1].Shape.H == h:
					l[len(l)-1] = n
				case len(l) == 0 || h < l[len(l)-1].Shape.H:
					l = append(l, n)
				}
			}
		}
	}
	return l[max(0, len(l)-k):]
}

// depthName is what the map of a depth shows: in a network that has learned from pictures, by depth; in any other one
// nobody can say, and the stage or layer is named.
func (t *trace) depthName(n *nn.Node, depth int) string {
	labels := t.model.Arch.Labels
	if t.model.Provenance.Status != weights.Untrained && (labels == arch.ImageNet || labels == arch.Drawings) {
		return t.w.Depths[depth]
	}
	st, b, l := outlineOf(t.model.Graph).At(n)
	if b.Kind == diagram.BlockChain {
		return l.Name
	}
	return t.stageName(st.Kind, st.Name)
}

// handedOn are the maps of a block that stand for it: all of a plain chain, the joined maps that a dense layer or a
// transition begins with, else the result alone.
func handedOn(b *diagram.Block) []*nn.Node {
	switch b.Kind {
	case diagram.BlockChain, diagram.BlockHead:
		return b.Nodes
	case diagram.BlockDenseLayer:
		return []*nn.Node{b.Layers[0].Out()}
	case diagram.BlockTransition:
		return []*nn.Node{b.Layers[0].Out(), b.Out}
	}
	return []*nn.Node{b.Out}
}

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
			Figures: []view.FamilyFigure{{Value: i18n.Int(int64(tot.Depth))}, {Value: i18n.SI(tot.Params)}, {Value: i18n.SI(tot.MACs)}, s.accuracy(fam.Name)}}
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
func (s *Server) accuracy(fam string) view.FamilyFigure {
	if a, ok := accuracies[fam]; ok {
		return view.FamilyFigure{Value: i18n.Fixed(a, 1) + "%"}
	}
	for _, e := range s.cfg.Catalogue.Of("lenet5") {
		if c, err := s.cfg.Catalogue.Card(e); err == nil && c != nil && fam == "lenet" {
			top1, _ := c.Accuracy(func(model.CardSplit) bool { return true })
			return view.FamilyFigure{Value: i18n.Fixed(100*top1, 1) + "%", Unit: "MNIST"}
		}
	}
	return view.FamilyFigure{Value: "–"}
}

// accuracies are single-crop ImageNet validation accuracies of torchvision's first weights, except MobileNet v1 (its
// paper, Table 4).
var accuracies = map[string]float64{
	"alexnet": 56.522, "vgg": 71.592, "inception": 69.778, "resnet": 76.13, "mobilenet": 70.6, "densenet": 74.434, "efficientnet": 77.692,
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
