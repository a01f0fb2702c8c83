package web

import (
	"fmt"
	"slices"
	"sync"

	"stride/internal/nn"
	"stride/internal/nn/tensor"
	"stride/internal/viz/chart"
	"stride/web/i18n"
	"stride/web/view"
)

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
