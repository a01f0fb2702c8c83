package web

import (
	"fmt"
	"net/http"
	"time"

	"stride/internal/engine"
	"stride/internal/nn"
	"stride/internal/nn/arch"
	"stride/internal/nn/weights"
	"stride/internal/viz/diagram"
	"stride/web/view"
)

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
