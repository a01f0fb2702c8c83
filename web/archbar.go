package web

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"stride/internal/engine"
	"stride/internal/nn/arch"
	"stride/internal/nn/tensor"
	"stride/internal/nn/weights"
	"stride/web/i18n"
	"stride/web/view"
)

// newArchBar is the line with the network's name, variants and totals.
func (t *trace) newArchBar(r *http.Request) view.ArchBar {
	a, tot := t.model.Arch, t.summary.Totals
	b := view.ArchBar{Name: a.Title, Weights: t.badge(), Links: []view.Link{
		{Label: t.w.AsTable, URL: "/" + t.lang.Tag() + "/a/" + a.Name + "/layers"},
		{Label: t.w.Handout, URL: query("/"+t.lang.Tag()+"/a/"+a.Name+"/print", t.st.values())},
	}}
	if paper, usual := forms(a); paper != "" {
		b.Links = append(b.Links, view.Link{Label: t.w.PaperAgainst, URL: "/" + t.lang.Tag() + "/compare/" + paper + "/" + usual})
	}
	for _, v := range arch.InFamily(a.Family) {
		if v.Labels == arch.CIFAR10 && a.Labels != arch.CIFAR10 {
			continue // ten more nets of one idea; the lesson leads to them
		}
		o := view.Option{Label: v.Short, Long: v.Title, URL: t.variantURL(v), Current: v.Name == a.Name}
		if o.Label == "" {
			o.Label, o.Long = v.Title, ""
		}
		b.Variants = append(b.Variants, o)
	}
	c := i18n.For(t.lang).Common
	b.Facts = []view.Fact{
		{Label: c.Params, Value: i18n.Int(tot.Params), Note: t.auxNote()},
		{Label: c.MACs, Value: i18n.SI(tot.MACs), Formula: i18n.Int(tot.MACs)},
		{Label: c.Depth, Value: i18n.Int(int64(tot.Depth))},
	}
	if top := topOnes[a.Name]; top > 0 {
		b.Facts = append(b.Facts, view.Fact{Label: c.Top1, Value: i18n.Fixed(top, 1) + "%"})
	}
	b.ShareURL = t.picture.shared(absolute(r))
	b.Note = t.formNote()
	b.Notice = t.sizeNotice()
	return b
}

// forms are the names of a network as its paper has it and as its public weights do; empty where there are not both.
func forms(a *arch.Arch) (paper, usual string) {
	for _, v := range arch.InFamily(a.Family) {
		for _, suffix := range []string{"_paper", "_v1"} {
			switch {
			case v.Name == a.Name+suffix:
				return v.Name, a.Name
			case a.Name == v.Name+suffix:
				return a.Name, v.Name
			}
		}
	}
	return "", ""
}

// auxNote counts the parameters of auxiliary classifiers, which are thrown away after training.
func (t *trace) auxNote() string {
	if t.summary.Totals.AuxParams == 0 {
		return ""
	}
	return fmt.Sprintf(t.w.WithAux, i18n.Int(t.summary.Totals.ParamsWithAux()))
}

// variantURL keeps what still makes sense on another network: the picture, the lesson with its answers, how maps are drawn, and
// the layer, which becomes the one that does the same there.
func (t *trace) variantURL(a arch.Arch) string {
	st := archState{Model: a.Name, Sample: t.st.Sample, Step: 1, Channel: -1, Y: -1, X: -1, In: -1, Class: -1, Colours: t.st.Colours, Scope: t.st.Scope, Order: t.st.Order, Zoom: t.st.Zoom, Tab: t.st.Tab}
	if a.Family == t.model.Arch.Family {
		st.Step, st.Answers = t.st.Step, t.st.Answers
	}
	n := t.model.Graph.Node(t.st.Layer)
	if g, err := a.Graph(); err == nil && n != nil {
		if m := outlineOf(t.model.Graph).Nearest(outlineOf(g), n); m != nil && !m.Aux {
			st.Layer = m.Path
		}
	}
	return st.url(t.lang.Tag())
}

// formNote says in one line how this form differs from the paper's. A miniature offers larger maps to look at.
func (t *trace) formNote() view.Rich {
	if s := t.w.FormNotes[t.model.Arch.Name]; s != "" {
		return view.T(s)
	}
	note := view.T(t.w.Forms[t.model.Arch.Form])
	if side := t.lookingSize(); side > 0 && t.st.Size != side {
		note = append(note, view.T(" "+t.w.LargerMaps+" ")...)
		note = append(note, view.Span{Kind: view.SpanLink, Inner: view.T(i18n.Dims(side, side)), URL: t.url(func(s *archState) { s.Size, s.Y, s.X = side, -1, -1 })})
	}
	return note
}

// lookingSize is the input that a miniature offers for looking: twice its own, where maps are easier to read. Things are then
// twice as large as those that it learnt from, so that its answer is no better. 0 where the network does not accept it.
func (t *trace) lookingSize() int {
	a := t.model.Arch
	if a.Form != arch.AsMiniature {
		return 0
	}
	side := 2 * a.Input.H
	if _, err := a.GraphAt(tensor.CHW(a.Input.C, side, side)); err != nil || side > engine.MaxSize {
		return 0
	}
	return side
}

// tooLong is how long a run may take before the page says so.
const tooLong = 3 * time.Second

// slow is how long the run takes where that is worth saying; 0 where it is not.
func (t *trace) slow() time.Duration {
	if t.done || t.failed != nil {
		return 0
	}
	if d := t.s.engine.Estimate(t.summary.Totals.MACs); d > tooLong {
		return d
	}
	return 0
}

// sizeNotice offers a smaller input to a network that takes long, and the full one where the smaller was chosen.
func (t *trace) sizeNotice() *view.Notice {
	a, i := t.model.Arch, i18n.For(t.lang).States
	resize := func(label string, side, to int) view.Action {
		return view.Action{Label: fmt.Sprintf(label, fmt.Sprintf("%d×%d", side, side)), URL: t.url(func(s *archState) { s.Size, s.Y, s.X = to, -1, -1 })}
	}
	if s := t.st.Size; s > 0 && s != a.Input.H {
		return &view.Notice{Tone: view.ToneNone, Text: fmt.Sprintf(t.w.OtherSize, s, s, a.Input.H, a.Input.W), Actions: []view.Action{resize(i.RunFull, a.Input.H, 0)}}
	}
	d := t.slow()
	if d == 0 {
		return nil
	}
	n := &view.Notice{Tone: view.ToneNone, Text: fmt.Sprintf(i.Slow, a.Title, strconv.Itoa(int(d.Seconds()+0.5)))}
	small := (a.Input.H/2 + engine.SizeStep - 1) / engine.SizeStep * engine.SizeStep
	if _, err := a.GraphAt(tensor.CHW(a.Input.C, small, small)); err == nil {
		n.Actions = []view.Action{resize(i.QuickLook, small, small)}
	}
	return n
}

// badge says which weights these are.
func (t *trace) badge() view.Badge { return weightsBadge(t.w, t.model.Arch, t.model.Provenance) }

func weightsBadge(w *words, a *arch.Arch, p weights.Provenance) view.Badge {
	if p.Status == weights.Untrained {
		return view.Badge{Tone: view.ToneWarn, Text: fmt.Sprintf(w.UntrainedBadge, p.Seed), Title: w.UntrainedLong}
	}
	return view.Badge{Tone: view.ToneOK, Text: w.Trained[a.Labels], Title: p.TrainedOn + ". " + p.Source}
}

// absolute is the full address of the page that was asked for.
func absolute(r *http.Request) string {
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	return scheme + "://" + r.Host + r.URL.RequestURI()
}

func paperRow(p arch.Paper) view.RefRow {
	row := view.RefRow{ID: fmt.Sprintf("ref-%d", p.Year), Authors: p.Authors, Title: p.Title, Where: p.Venue, Year: fmt.Sprint(p.Year)}
	switch {
	case p.ArXiv != "":
		row.URL = "https://arxiv.org/abs/" + p.ArXiv
	case p.DOI != "":
		row.URL = "https://doi.org/" + p.DOI
	}
	return row
}
