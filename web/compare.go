package web

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"stride/internal/nn"
	"stride/internal/nn/analyze"
	"stride/internal/nn/arch"
	"stride/internal/viz/chart"
	"stride/web/i18n"
	"stride/web/view"
)

// compared is one network of the comparison.
type compared struct {
	arch  *arch.Arch
	graph *nn.Graph
	tot   analyze.Totals
	top1  float64 // 0 where none is published
	on    bool
	ms    float64 // of its run on this page; 0 while there is none
}

func comparedOf(name string) (*compared, error) {
	a, err := arch.ByName(name)
	if err != nil {
		return nil, errNotFound
	}
	g, sum, err := summaryOf(name)
	if err != nil {
		return nil, err
	}
	return &compared{arch: a, graph: g, tot: sum.Totals, top1: topOnes[name]}, nil
}

// chips are the networks that the page offers: one per family, in the form whose accuracy is published, and what the address adds.
func chips(chosen []string) []string {
	l := []string{"lenet5", "alexnet", "vgg16", "googlenet", "resnet50", "mobilenet_v1", "densenet121", "efficientnet_b0"}
	for _, m := range chosen {
		if !slices.Contains(l, m) {
			l = append(l, m)
		}
	}
	return l
}

// presets are comparisons worth a look: the ResNet paper's Fig. 3, VGG's last step, where the stride went, what the
// published weights changed.
var presets = [][]string{
	{"vgg19", "plain34", "resnet34"}, {"vgg16", "vgg19"}, {"resnet50_v1", "resnet50"}, {"alexnet_paper", "alexnet"}, {"googlenet_paper", "googlenet"},
}

// comparePage is what the parts of the page are made from.
type comparePage struct {
	s    *Server
	b    view.Page
	w    *words
	tw   *toolWords
	st   compareState
	nets []*compared // in focus
	// untimed are the networks that were not run for their time: large ones without weights. waiting tells that a run is on.
	untimed []string
	waiting bool
	// shown are the runs whose maps the matrix has.
	shown []*trace
}

// compare puts networks side by side.
func (s *Server) compare(w http.ResponseWriter, r *http.Request) error {
	c, err := s.newComparePage(w, r)
	if err != nil {
		return err
	}
	b := c.b
	p := view.ComparePage{Page: b, Action: b.URL("/compare"), Name: "m", Max: maxCompared, ShareURL: s.chosen(r).shared(shareOf(r, c.st.url(b.Lang, nil))), CSVURL: query(b.URL("/compare.csv"), c.st.values())}
	f := c.st.fields()
	for _, k := range sortedKeys(f) {
		p.Fields = append(p.Fields, view.Field{Name: k, Value: f.Get(k)})
	}
	for _, name := range chips(c.st.Models) {
		if a, err := arch.ByName(name); err == nil {
			p.Chips = append(p.Chips, view.ModelChip{Name: a.Title, Value: a.Name, Family: view.Family(a.Family), On: slices.Contains(c.st.Models, name)})
		}
	}
	rows, waiting := c.matrix(w, r)
	p.Matrix = rows
	if c.waiting = waiting; waiting {
		p.RefreshIn = 2
	}
	p.Cost = c.cost()
	p.Params, p.Work = c.paramBands(), c.workBands()
	p.Table = c.table()
	if l := reckonings(b.Lang, c.st.Models...); len(l) > 0 {
		p.Reckoning = &view.ReckoningBox{Title: c.tw.Reckon, Figures: l}
	}
	if c.st.Dropped {
		p.Notice = &view.Notice{Tone: view.ToneWarn, Text: fmt.Sprintf(c.tw.TooMany, maxCompared)}
	}
	p.PairsTitle, p.Pairs = c.tw.Presets, c.pairs()
	return render(w, r, http.StatusOK, view.Compare(p))
}

func (s *Server) newComparePage(w http.ResponseWriter, r *http.Request) (*comparePage, error) {
	st, err := parseCompare(r.URL.Query())
	if err != nil {
		return nil, err
	}
	b := s.base(w, r, view.NavCompare, "")
	b.Title = b.T().Compare.Title
	c := &comparePage{s: s, b: b, w: wordsOf(b.Lang), tw: toolWordsOf(b.Lang), st: st}
	for _, name := range st.Models {
		n, err := comparedOf(name)
		if err != nil {
			return nil, err
		}
		n.on = true
		c.nets = append(c.nets, n)
	}
	return c, nil
}

// pairs offers the presets and, for two or three networks, their comparison layer by layer.
func (c *comparePage) pairs() (l []view.Action) {
	if len(c.nets) == 2 || len(c.nets) == 3 {
		for i := 1; i < len(c.nets); i++ {
			a, b := c.nets[i-1].arch, c.nets[i].arch
			l = append(l, view.Action{Label: fmt.Sprintf(c.tw.ByLayer, a.Title, b.Title), URL: c.b.URL("/compare/" + a.Name + "/" + b.Name), Primary: true})
		}
	}
	for _, set := range presets {
		if slices.Equal(set, c.st.Models) {
			continue
		}
		label := ""
		for i, name := range set {
			if a, err := arch.ByName(name); err == nil {
				if i > 0 {
					label += " / "
				}
				label += a.Title
			}
		}
		l = append(l, view.Action{Label: label, URL: c.st.url(c.b.Lang, func(st *compareState) { st.Models = set })})
	}
	return l
}

// familyInks are the families' colours by the names that the style sheet has on every page.
var familyInks = map[string]chart.Ink{"lenet": "op-fc", "alexnet": "op-act", "vgg": "op-conv", "inception": "op-concat", "resnet": "op-add", "mobilenet": "op-dw", "densenet": "m-densenet", "efficientnet": "op-pool"}

// cost is accuracy against what a picture costs; the families are context.
func (c *comparePage) cost() view.Chart {
	ch := c.bubbles()
	caption := c.tw.Caption
	if c.st.X == "ms" {
		caption = c.tw.CaptionTime
		if len(c.untimed) > 0 {
			caption += " " + fmt.Sprintf(c.tw.Untimed, strings.Join(c.untimed, ", "))
		}
	}
	out := view.Chart{ID: "cost", Title: c.tw.Against, Label: c.tw.Against}
	if v, ok := c.s.drawn("cost", c.tw.Against, "", narrowChart, ch, ch.Alt); ok && len(ch.Points) > 0 {
		out = v
	} else if caption = c.tw.NoAccuracy; c.st.X == "ms" && c.waiting {
		caption = c.tw.NotTimed
	}
	out.Caption = append(view.T(caption+" "+c.tw.Source+" "), c.axisLinks()...)
	if out.Wide != "" {
		out.Files = c.files("cost", chartKinds)
	}
	return out
}

// bubbles are the points of the chart.
func (c *comparePage) bubbles() *chart.Bubbles {
	title := map[string]string{"macs": c.tw.XMACs, "params": c.tw.XParams, "ms": c.tw.XTime}[c.st.X]
	ch := &chart.Bubbles{Words: chart.Words{Title: c.tw.Against, Alt: c.tw.Against + ": " + title}, Size: c.w.Params,
		X: chart.Axis{Title: title, Log: c.tw.LogScale, Format: chart.SI}, Y: chart.Axis{Title: "Top-1", Format: chart.Percent}}
	for _, n := range c.context() {
		x := float64(n.tot.MACs)
		switch c.st.X {
		case "params":
			x = float64(n.tot.Params)
		case "ms":
			x = n.ms
		}
		if n.top1 == 0 || x == 0 {
			continue
		}
		ch.Points = append(ch.Points, chart.Point{Name: n.arch.Title, Detail: i18n.SI(n.tot.Params), X: x, Y: n.top1 / 100, Area: float64(n.tot.Params), Ink: familyInks[n.arch.Family], Selected: n.on})
	}
	return ch
}

// axisLinks choose what cost is.
func (c *comparePage) axisLinks() view.Rich {
	l := view.Rich{{Text: c.tw.ChooseX + ": "}}
	for i, o := range []struct{ x, label string }{{"macs", c.tw.XMACs}, {"params", c.tw.XParams}, {"ms", c.tw.XTime}} {
		if i > 0 {
			l = append(l, view.Span{Text: " · "})
		}
		if o.x == c.st.X {
			l = append(l, view.Span{Kind: view.SpanStrong, Text: o.label})
			continue
		}
		l = append(l, view.Span{Kind: view.SpanLink, Text: o.label, URL: c.st.url(c.b.Lang, func(st *compareState) { st.X = o.x })})
	}
	return l
}

// context are the families' networks whose accuracy is published, those in focus last so that they lie on top.
func (c *comparePage) context() []*compared {
	var l []*compared
	for _, name := range chips(nil) {
		if slices.Contains(c.st.Models, name) {
			continue
		}
		if n, err := comparedOf(name); err == nil {
			l = append(l, n)
		}
	}
	return append(l, c.nets...)
}

// bandClasses colour the bands from large maps to small, then the dense layers.
var bandClasses = map[analyze.Band]string{analyze.Band112: "seq-1", analyze.Band56: "seq-2", analyze.Band28: "seq-3", analyze.Band14: "seq-4", analyze.Band7: "seq-5", analyze.BandTiny: view.OpNorm.Class(), analyze.Dense: "c-ink"}

func (c *comparePage) bandName(b analyze.Band) string {
	switch b {
	case analyze.Dense:
		return c.tw.DenseBand
	case analyze.BandTiny:
		return c.tw.SmallBand
	case analyze.Band112:
		return "≥112²"
	}
	return string(b) + "²"
}

// bands divide a quantity of each network by map size. A band that nobody uses is not in the legend.
func (c *comparePage) bands(title string, part func(analyze.Share) int64, whole func(analyze.Totals) int64) view.BandBars {
	out := view.BandBars{Title: title}
	used := map[analyze.Band]bool{}
	for _, n := range c.nets {
		bar := view.ShareBar{Label: n.arch.Title, Value: i18n.SI(whole(n.tot)), URL: c.b.URL("/a/" + n.arch.Name)}
		for _, s := range analyze.ByBand(n.graph) {
			if part(s) == 0 {
				continue
			}
			b := analyze.Band(s.Name)
			used[b] = true
			share := float64(part(s)) / float64(max(whole(n.tot), 1))
			bar.Parts = append(bar.Parts, view.SharePart{Percent: 100 * share, Class: bandClasses[b], Title: c.bandName(b) + ": " + i18n.Percent(share, 1)})
		}
		out.Bars = append(out.Bars, bar)
	}
	for _, b := range analyze.Bands {
		if used[b] {
			out.Legend = append(out.Legend, view.SharePart{Class: bandClasses[b], Label: c.bandName(b)})
		}
	}
	return out
}

// denseNote names the network with the largest share in dense layers.
func (c *comparePage) denseNote() string {
	name, most := "", 0.0
	for _, n := range c.nets {
		bands := analyze.ByBand(n.graph)
		if share := float64(bands[len(bands)-1].Params) / float64(max(n.tot.Params, 1)); share > most {
			name, most = n.arch.Title, share
		}
	}
	if name == "" {
		return ""
	}
	return fmt.Sprintf(c.tw.MostDense, name, i18n.Percent(most, 0))
}
