package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"stride/internal/engine"
	"stride/internal/nn"
	"stride/internal/nn/analyze"
	"stride/internal/nn/arch"
	"stride/web/i18n"
	"stride/web/view"
)

// The 1×1 lab on a layer that exists: the contract is a trained convolution, the bottleneck its best factor of a rank.

// realState is the chosen layer, "network:path", and the rank of its bottleneck. Empty and 0 are the page's choice.
type realState struct {
	Layer string
	Rank  int
}

// maxRank bounds what an address may ask for; a layer's own channels bound it further.
const maxRank = 4096

func parseReal(q url.Values) (st realState, err error) {
	st.Layer = q.Get("layer")
	st.Rank, err = intParam(q, "rank", 0, 1, maxRank)
	return st, err
}

func (st realState) values() url.Values {
	q := url.Values{}
	if st.Layer != "" {
		q.Set("layer", st.Layer)
	}
	if st.Rank > 0 {
		q.Set("rank", strconv.Itoa(st.Rank))
	}
	return q
}

// realLayer is a trained convolution that has a two-step form.
type realLayer struct {
	arch *arch.Arch
	node *nn.Node
	analyze.Contract
}

func (l realLayer) name() string { return l.arch.Name + ":" + l.node.Path }

// realLayers are the layers that the reader can choose among: those of every network that has trained weights here.
func (s *Server) realLayers() (l []realLayer) {
	var seen []string
	for _, e := range s.cfg.Catalogue.List() {
		if slices.Contains(seen, e.Model) {
			continue
		}
		seen = append(seen, e.Model)
		a, err := arch.ByName(e.Model)
		if err != nil {
			continue
		}
		g, err := a.Graph()
		if err != nil {
			continue
		}
		for _, n := range g.Main() {
			if c, ok := analyze.ContractOf(n); ok {
				l = append(l, realLayer{a, n, c})
			}
		}
	}
	return l
}

// find is the chosen layer. Without a choice it is one with the depths and the kernel of the lesson's example, of a network
// for photographs if there is one; where no network has such a layer, the first of all. ok is false when there is none.
func (st realState) find(layers []realLayer) (l realLayer, ok bool, err error) {
	if st.Layer != "" {
		for _, l := range layers {
			if l.name() == st.Layer {
				return l, true, nil
			}
		}
		return realLayer{}, false, &Error{Status: http.StatusNotFound, Code: "no_two_step", Arg: st.Layer}
	}
	if len(layers) == 0 {
		return realLayer{}, false, nil
	}
	example, err := parseBottleneck(nil)
	if err != nil {
		return realLayer{}, false, err
	}
	best := layers[0]
	like := func(l realLayer) bool {
		return l.In == example.In && l.Out == example.Out && l.Kernel == example.Kernel
	}
	for _, l := range layers {
		if like(l) && (!like(best) || l.arch.Labels == arch.ImageNet && best.arch.Labels != arch.ImageNet) {
			best = l
		}
	}
	return best, true, nil
}

// full is the rank at which the two-step form is the layer: no matrix has more than it has rows or columns.
func (l realLayer) full() int { return min(l.In, l.Out*l.Kernel*l.Kernel) }

// rank is the rank on the page: half of the layer's where none is asked for, as in the notes' example.
func (st realState) rank(l realLayer) int {
	if st.Rank == 0 {
		return max(1, l.full()/2)
	}
	return min(st.Rank, l.full())
}

// realView is a layer and its factor on the current picture.
type realView struct {
	w        *words
	l        realLayer
	rank     int
	low      *analyze.LowRank
	as, with *trace // the network as it is, and with the factor in place of the layer
}

// realView runs both networks and waits a while; nil views are those that are not there yet.
func (p *labPlace) realView(l realLayer, rank int, asked bool) (*realView, error) {
	v := &realView{w: p.w, l: l, rank: rank}
	var err error
	if v.as, err = p.open(l.arch.Name, nil, asked); err != nil || !v.as.done {
		return v, err
	}
	if v.with, err = p.open(l.arch.Name, []engine.Rank{{Node: l.node.Path, Rank: rank}}, asked); err != nil || !v.with.done {
		return v, err
	}
	v.low, err = v.as.model.LowRank(v.node(v.as)) // the run has made it
	return v, err
}

// node is the layer in the graph of a trace.
func (v *realView) node(t *trace) *nn.Node { return t.model.Graph.Node(v.l.node.Path) }

// last is the run that the page waits for or shows.
func (v *realView) last() *trace {
	if v.with != nil {
		return v.with
	}
	return v.as
}

// real is the section of the layer that exists: controls, and what they drive.
func (st bottleneckState) real(p *labPlace, sec *view.LabSection) error {
	layers := p.s.realLayers()
	l, ok, err := st.Real.find(layers)
	if err != nil || !ok {
		return err
	}
	rank := st.Real.rank(l)
	v, err := p.realView(l, rank, st.Real.Layer != "")
	if err != nil {
		return err
	}
	p.wait(v.last())
	stage := view.RealLayer{Stream: v.last().newStream()}
	bench := view.Bench{ID: "real-layer", Label: p.w.RealControls, Action: p.action, Controls: []view.Control{
		layerControl(p.w, layers, l),
		slider("rank", p.w.MidDepth, view.OpPointwise, rank, l.full()),
	}}
	keep := st
	keep.Real = realState{}
	bench.Fields = labFields(keep, p.answers, "")
	bench.Reset = &view.Link{Label: p.w.RealReset, URL: query(p.action, keep.values())}
	if v.low != nil {
		if err := st.measured(p, v, &bench, &stage); err != nil {
			return err
		}
	} else if e, ok := answer(v.last().failed); v.last().failed != nil && ok {
		m := messageOf(p.Lang, e)
		stage.Notice = &view.Notice{Tone: view.ToneError, Title: m.title, Text: m.what}
	}
	bench.Stage = view.RealLayerView(p.Page, stage)
	sec.Body = view.BenchView(p.Page, bench)
	return nil
}

// layerControl chooses a layer, network by network.
func layerControl(w *words, layers []realLayer, now realLayer) view.Control {
	c := view.Control{Kind: view.ControlSelect, Name: "layer", Label: w.RealLayer}
	for _, l := range layers {
		if n := len(c.Groups); n == 0 || c.Groups[n-1].Label != l.arch.Title {
			c.Groups = append(c.Groups, view.ChoiceGroup{Label: l.arch.Title})
		}
		g := &c.Groups[len(c.Groups)-1]
		text := fmt.Sprintf("%s · %d → %d, %d×%d", l.node.Path, l.In, l.Out, l.Kernel, l.Kernel)
		g.Options = append(g.Options, view.PickOption{Text: text, Value: l.name(), Chosen: l.name() == now.name()})
	}
	return c
}

// goodError is the relative error that the task allows.
const goodError = 0.1

// measured adds what was measured: the errors, the maps, the answers and the charts.
func (st bottleneckState) measured(p *labPlace, v *realView, bench *view.Bench, stage *view.RealLayer) error {
	e, ok := v.mapError(p.ctx)
	if !ok {
		return nil
	}
	w, c := p.w, v.l.Contract
	direct, thin := c.Direct(), c.Bottleneck(v.rank)
	hint := w.RealAbove
	if e < goodError {
		hint = w.RealBelow
	}
	contract := st
	contract.In, contract.Mid, contract.Out, contract.Kernel, contract.Size, contract.Bias = c.In, v.rank, c.Out, c.Kernel, c.Size, false
	bench.Controls = append(bench.Controls,
		view.Control{Kind: view.ControlResult, Op: view.OpPointwise, Label: w.RealMapError, Text: i18n.Percent(e, 1), Hint: fmt.Sprintf(hint, i18n.Percent(goodError, 0))},
		view.Control{Kind: view.ControlResult, Label: w.RealWeightError, Text: i18n.Percent(v.low.Error(v.rank), 1)},
		view.Control{Kind: view.ControlResult, Label: w.Params, Text: i18n.Int(thin.Params), Hint: saving(w, strings.ToLower(w.Params), direct.Params, thin.Params) + " " + fmt.Sprintf(w.SavesUpTo, c.LargestSaving())})
	stage.Rows = v.rows(p.ctx)
	stage.Scale = w.RealScale
	stage.Contract = &view.Link{Label: w.RealAsContract, URL: query(p.action, contract.values())}
	for _, a := range []struct {
		title string
		t     *trace
	}{{w.RealOriginal, v.as}, {fmt.Sprintf(w.RealRank, v.rank), v.with}} {
		l := a.t.predictions(a.t.result.Top, shownClasses)
		for i := range l {
			l[i].URL = "" // no page explains a class of the changed network
		}
		stage.Answers = append(stage.Answers, view.Answers{Title: a.title, Preds: l})
	}
	stage.About = v.about(p)
	stage.Files = labFiles(p.Page, bottleneckLab, st, "real-maps", pictureKinds)
	if ch, ok := v.errorChart(p, e); ok {
		ch.Files = labFiles(p.Page, bottleneckLab, st, "real-error", chartKinds)
		stage.Charts = append(stage.Charts, ch)
	}
	if ch, ok := breakEvenChart(p.s, w, contract); ok {
		ch.ID = "real-cost"
		ch.Files = labFiles(p.Page, bottleneckLab, contract, "breakeven", chartKinds)
		stage.Charts = append(stage.Charts, ch)
	}
	return nil
}

// about says which network, weights and picture the maps are of.
func (v *realView) about(p *labPlace) string {
	return fmt.Sprintf(p.w.RealAbout, v.l.arch.Title, p.w.Trained[v.l.arch.Labels], p.s.pictureName(v.as.picture, p.Lang))
}
