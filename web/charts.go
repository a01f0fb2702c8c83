package web

import (
	"context"
	"fmt"

	"stride/internal/lessons"
	"stride/internal/nn"
	"stride/internal/nn/analyze"
	"stride/internal/nn/arch"
	"stride/internal/viz"
	"stride/internal/viz/chart"
	"stride/web/i18n"
	"stride/web/view"
)

// Widths of the drawings of a chart: the style sheet shows the wide one or the narrow one, whichever fits.
const (
	wideChart   = 640
	narrowChart = 320
	columnChart = 280 // in the lesson's column
)

// drawn makes a chart for a page. A chart that cannot be drawn is left out and logged: the numbers are in the tables.
func (s *Server) drawn(id, title, csv string, narrowest int, c chart.Chart, alt string) (view.Chart, bool) {
	wide, err := chart.SVG(c, wideChart)
	if err != nil {
		s.cfg.Log.Warn("chart", "id", id, "error", err.Error())
		return view.Chart{}, false
	}
	narrow, err := chart.SVG(c, narrowest)
	if err != nil {
		s.cfg.Log.Warn("chart", "id", id, "error", err.Error())
		return view.Chart{}, false
	}
	rows := c.Rows()
	return view.Chart{ID: id, Title: title, Label: alt, Wide: string(wide), Narrow: string(narrow), CSVURL: csv, Data: &view.Table{Caption: title, Head: rows[0], Rows: rows[1:]}}, true
}

// newCharts are the charts below the workspace: parameters and work per stage, and the values of the selected layer.
func (t *trace) newCharts(ctx context.Context, n *nn.Node) []view.Chart {
	var l []view.Chart
	for _, q := range []struct {
		id, title string
		value     func(*analyze.Row) int64
	}{{"params-chart", t.w.Params, func(r *analyze.Row) int64 { return r.Params }}, {"macs-chart", t.w.MACs, func(r *analyze.Row) int64 { return r.MACs }}} {
		c := &chart.Bars{Words: chart.Words{Title: q.title, Alt: fmt.Sprintf(t.w.PerStage, q.title, t.model.Arch.Title)}, Stage: t.w.Stage, Value: chart.Axis{Title: q.title, Format: chart.SI}}
		for _, st := range t.stages() {
			b := chart.Bar{Label: st.name, Ink: chart.Ink("op-conv")}
			for _, m := range st.nodes {
				b.Value += float64(q.value(t.summary.Row(m)))
				b.Current = b.Current || m == n
			}
			c.Bars = append(c.Bars, b)
		}
		if v, ok := t.s.drawn(q.id, q.title, "", narrowChart, c, c.Alt); ok {
			v.Files = t.files(q.id, chartKinds)
			l = append(l, v)
		}
	}
	if x := t.out(ctx, n); x != nil && len(x.Data) > 1 {
		if v, ok := t.histogram(n, x.Data); ok {
			v.Files = t.files("histogram", chartKinds)
			l = append(l, v)
		}
	}
	return l
}

// histogramBins is how finely values are counted.
const histogramBins = 48

func (t *trace) histogram(n *nn.Node, v []float32) (view.Chart, bool) {
	h := viz.NewHistogram(v, histogramBins)
	if len(h.Counts) < 2 {
		return view.Chart{}, false
	}
	c := &chart.Histogram{Words: chart.Words{Title: t.w.Histogram, Alt: fmt.Sprintf(t.w.HistogramAlt, n.Path, i18n.N(len(v)))}, X: chart.Axis{Title: t.w.ValueAxis}, Y: chart.Axis{Title: t.w.CountAxis, Format: chart.SI}, Counts: h.Counts, Ink: "op-act", Zero: "0"}
	for i := range len(h.Counts) + 1 {
		c.Edges = append(c.Edges, h.Edge(i))
	}
	sc := viz.ScaleFor(v, viz.HasNegative(v))
	c.Clips = []chart.Mark{{X: float64(sc.Hi), Text: fmt.Sprintf("%.1f%%", viz.ClipPercentile)}}
	return t.s.drawn("histogram", t.w.Histogram, "", narrowChart, c, c.Alt)
}

// lessonChart draws a figure that a lesson asks for by name.
func (s *Server) lessonChart(r *reader, f lessons.Figure) *view.Chart {
	switch f.ID {
	case "shares", "reconcile":
		if c, ok := s.sharesChart(r.w, f.Archs); ok {
			return &c
		}
	case "gradients":
		if c, ok := s.gradientChart(r.w, f.Archs); ok {
			return &c
		}
	}
	return nil
}

// sharesChart divides the parameters of networks by kind of layer.
func (s *Server) sharesChart(w *words, names []string) (view.Chart, bool) {
	c := &chart.Shares{Words: chart.Words{Title: w.WhereParams, Alt: w.WhereParams}, Whole: w.Network, Part: w.Params, Keys: []chart.Key{{Name: w.ConvLayers, Ink: "op-conv"}, {Name: w.DenseLayers, Ink: "op-fc"}, {Name: w.OtherLayers, Ink: "op-norm"}}}
	for _, name := range names {
		a, err := arch.ByName(name)
		if err != nil {
			return view.Chart{}, false
		}
		_, sum, err := summaryOf(name)
		if err != nil {
			return view.Chart{}, false
		}
		parts := make([]float64, 3)
		for _, r := range sum.Rows {
			if r.Node.Aux {
				continue
			}
			at := 2
			switch r.Node.Op.Kind() {
			case "conv", "convtable":
				at = 0
			case "linear":
				at = 1
			}
			parts[at] += float64(r.Params)
		}
		c.Shares = append(c.Shares, chart.Share{Name: a.Title, Total: chart.SI(float64(sum.Totals.Params)), Parts: parts})
	}
	if len(c.Shares) == 0 {
		return view.Chart{}, false
	}
	return s.drawn("shares", w.WhereParams, "", columnChart, c, w.WhereParams)
}
