package web

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/go-chi/chi/v5"

	"stride/internal/engine"
	"stride/internal/nn"
	"stride/internal/nn/analyze"
	"stride/internal/nn/arch"
	"stride/internal/nn/tensor"
	"stride/internal/viz"
	"stride/internal/viz/chart"
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

// mapError is how far the factor's maps are from the layer's: the length of the difference of all their values in parts of
// the length of the layer's. ok is false while a map is missing.
func (v *realView) mapError(ctx context.Context) (e float64, ok bool) {
	a, b := v.as.out(ctx, v.node(v.as)), v.with.out(ctx, v.node(v.with))
	if a == nil || b == nil {
		return 0, false
	}
	return relativeError(a, b), true
}

// relativeError is |b − a| / |a|; 0 where both are zero.
func relativeError(a, b *tensor.Tensor) float64 {
	var diff, all float64
	for i, x := range a.Data {
		d := float64(b.Data[i]) - float64(x)
		diff += d * d
		all += float64(x) * float64(x)
	}
	if diff == 0 {
		return 0
	}
	return math.Sqrt(diff / all)
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

// realTiles is how many maps a row has.
const realTiles = 8

// rows are the strongest maps of the layer, of its factor, and their difference, all on one scale.
func (v *realView) rows(ctx context.Context) []view.MapRow {
	n := v.node(v.as)
	x := v.as.out(ctx, n)
	channels := pairChannels(x)
	g := viz.SheetGeometry(n.Shape, len(channels), false)
	var rows []view.MapRow
	for _, r := range []struct{ part, name string }{{partOriginal, v.w.RealOriginal}, {partReduced, fmt.Sprintf(v.w.RealRank, v.rank)}, {partDifference, v.w.RealDifference}} {
		sheet := view.Sheet{URL: nodeBase(v.as.run, n.Path) + "/beside/" + strings.TrimPrefix(v.with.run, "/r/") + "/" + r.part + ".png", Cols: g.Cols, Rows: g.Rows, CellW: g.TileW, CellH: g.TileH}
		row := view.MapRow{Name: r.name}
		for i, c := range channels {
			row.Tiles = append(row.Tiles, view.Tile{Sheet: sheet, Index: i, Label: r.name + ", " + fmt.Sprintf(v.w.Channel, c)})
		}
		rows = append(rows, row)
	}
	return rows
}

// The pictures of a pair of runs.
const (
	partOriginal   = "original"
	partReduced    = "reduced"
	partDifference = "difference"
)

// pairChannels are the channels of a layer that a pair of runs is shown by: the strongest.
func pairChannels(x *tensor.Tensor) []int {
	l, _ := viz.Channels(viz.ChannelStats(x, 0), viz.Strongest)
	return l[:min(realTiles, len(l))]
}

// pairSheet draws a layer of two runs of one network, or their difference, on the scale of the first: what is pale in the
// difference is small beside the maps themselves.
func pairSheet(a, b *tensor.Tensor, part string) *viz.Sheet {
	shown := a
	switch part {
	case partReduced:
		shown = b
	case partDifference:
		shown = tensor.New(a.Shape)
		for i, x := range a.Data {
			shown.Data[i] = b.Data[i] - x
		}
	}
	sc := viz.LayerScale(a, 0, true)
	return viz.NewSheet(shown, 0, viz.SheetOptions{Channels: pairChannels(a), Signed: true, Shared: &sc})
}

// pairFile is a picture of a node in the address's run and in another run of the same network.
func (s *Server) pairFile(w http.ResponseWriter, r *http.Request) error {
	n, a, err := s.output(r)
	if err != nil {
		return err
	}
	other, err := s.streamOf(r, chi.URLParam(r, "other"))
	if err != nil {
		return err
	}
	defer other.Close()
	b, err := other.Recording().At(r.Context(), n.Path)
	if err != nil {
		return err
	}
	if a.Shape != b.Shape {
		return errNotFound
	}
	return sendFile(w, r, "image/png", pairSheet(a, b, chi.URLParam(r, "part")).PNG(viz.Vik))
}

// errorChart draws the errors against the rank: that of the weights, that of the map, and what the task allows.
func (v *realView) errorChart(p *labPlace, now float64) (view.Chart, bool) {
	w := p.w
	weights := chart.Series{Name: w.RealWeightsLine, Ink: "op-norm"}
	for m := 1; m <= v.low.Rank(); m++ {
		weights.X, weights.Y = append(weights.X, float64(m)), append(weights.Y, v.low.Error(m))
	}
	onMap := v.mapErrors(p)
	onMap.Name, onMap.Ink = w.RealMapLine, "op-pw"
	series := []chart.Series{weights}
	top := max(weights.Y[0], now, goodError)
	if len(onMap.Y) > 0 {
		series, top = append(series, onMap), max(top, slices.Max(onMap.Y))
	}
	series = append(series, chart.Series{Name: i18n.Percent(goodError, 0), X: []float64{1, float64(v.low.Rank())}, Y: []float64{goodError, goodError}, Ink: chart.Plain, Dash: chart.Dashed})
	alt := fmt.Sprintf(w.RealErrorAlt, i18n.Percent(v.low.Error(1), 0), v.low.Rank(), v.rank, i18n.Percent(now, 1))
	share := func(v float64) string { return i18n.Percent(v, 0) }
	c, ok := p.s.drawn("real-error", "", "", narrowChart, &chart.Lines{Words: chart.Words{Title: w.RealError, Alt: alt}, X: chart.Axis{Title: w.MidDepth}, Y: chart.Axis{Title: w.RealError, Format: share, Lo: 0, Hi: top},
		Series: series, Current: &chart.Mark{X: float64(v.rank), Y: now, Text: fmt.Sprintf("%d → %s", v.rank, i18n.Percent(now, 1))}}, alt)
	c.Caption = view.T(alt)
	return c, ok
}

// The curve of a map's error costs the layer once more for every rank: so many multiply–adds are spent on it, and no curve is
// drawn with fewer points.
const (
	curveWork   = 4e9
	curvePoints = 8
)

// mapErrors is the error of the map at the ranks of the layer, or at some of them where all are too much work. It is empty
// where the layer is too large for a curve.
func (v *realView) mapErrors(p *labPlace) (out chart.Series) {
	n, full := v.node(v.as), v.low.Rank()
	points := min(full, int(curveWork/float64(n.MACs())))
	if points < min(full, curvePoints) {
		return out
	}
	key := v.as.rec.Key + " " + n.Path
	if y, ok := p.s.curves.get(key); ok {
		return y
	}
	x, in := v.as.out(p.ctx, n), v.as.out(p.ctx, n.In[0])
	if x == nil || in == nil {
		return out
	}
	err := p.s.engine.Compute(p.ctx, func() error {
		made := tensor.New(n.Shape)
		for i := range points {
			m := 1 + i*(full-1)/max(1, points-1)
			if err := p.ctx.Err(); err != nil {
				return err
			}
			if err := nn.Apply(n, []*tensor.Tensor{in}, made, v.as.model.Reduced(map[*nn.Node]int{n: m}), nil); err != nil {
				return err
			}
			out.X, out.Y = append(out.X, float64(m)), append(out.Y, relativeError(x, made))
		}
		return nil
	})
	if err != nil {
		p.s.cfg.Log.Warn("curve of a map's error", "node", n.Path, "error", err.Error())
		return chart.Series{}
	}
	p.s.curves.put(key, out)
	return out
}

// maxCurves bounds the remembered curves; a forgotten one is made again from the run.
const maxCurves = 1024

// curves remembers what mapErrors has computed, by run and layer.
type curves struct {
	mu    sync.Mutex
	byKey map[string]chart.Series
}

func (c *curves) get(key string) (chart.Series, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s, ok := c.byKey[key]
	return s, ok
}

func (c *curves) put(key string, s chart.Series) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.byKey == nil || len(c.byKey) >= maxCurves {
		c.byKey = map[string]chart.Series{}
	}
	c.byKey[key] = s
}

// realPlate is the maps or the chart of the errors as a file; nil while the run is on its way.
func (st bottleneckState) realPlate(p *labPlace, picture string) (*plate, error) {
	l, ok, err := st.Real.find(p.s.realLayers())
	if err != nil || !ok {
		return nil, err
	}
	v, err := p.realView(l, st.Real.rank(l), true)
	if err != nil || v.low == nil {
		return nil, err
	}
	e, ok := v.mapError(p.ctx)
	if !ok {
		return nil, nil
	}
	out := &plate{name: l.arch.Name + "-" + l.node.Path + "-rank-" + strconv.Itoa(v.rank)}
	out.frame.Title = l.arch.Title + ", " + l.node.Path
	if picture == "real-maps" {
		out.markup = view.PairFile(v.rows(p.ctx), out.frame.Title)
		out.frame.Caption = v.about(p) + " " + p.w.RealMapError + ": " + i18n.Percent(e, 1) + ". " + p.w.RealScale
		return out, nil
	}
	c, ok := v.errorChart(p, e)
	if !ok {
		return nil, nil
	}
	out.name += "-error"
	out.markup, out.table = chartMarkup(c), chartTable(c)
	out.frame.Caption = v.about(p) + " " + c.Label
	return out, nil
}
