package web

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sort"

	"stride/internal/nn"
	"stride/web/view"
)

// explainAdd is one value per input.
func (t *trace) explainAdd(p *view.PixelSum, n *nn.Node, e nn.Terms, d int) {
	xs := make([]float64, len(e.Items))
	for k, i := range e.Items {
		xs[k] = i.X
	}
	d = sumPlaces(d, e.Value, xs...)
	xs = addUp(d, e.Value, xs)
	for k, i := range e.Items {
		text := fixed(xs[k], d)
		if k > 0 {
			text = "+ " + text
		}
		p.Line = append(p.Line, view.SumTerm{Text: text, Sub: n.In[i.In].Path, URL: t.termURL(n, i)})
	}
	p.Line = append(p.Line, view.SumTerm{Text: "= " + fixed(e.Value, d), Final: true})
}

// explainPool shows the window: the largest cell is marked, or the mean is written out.
func (t *trace) explainPool(p *view.PixelSum, n *nn.Node, cell nn.Cell, e nn.Terms) {
	top, vals := 0.0, []float64{e.Value}
	for _, i := range e.Items {
		top = max(top, math.Abs(i.X))
		vals = append(vals, i.X)
	}
	d := decimals(vals...)
	if len(e.Items) <= 49 {
		var rows [][]view.SumCell
		y := -1
		for _, i := range e.Items {
			if len(rows) == 0 || i.Cell.Y != y {
				rows, y = append(rows, nil), i.Cell.Y
			}
			c := t.cellOf(n, i, i.X, d, top)
			c.Chosen = e.Form == nn.FormMax && i.W == 1
			rows[len(rows)-1] = append(rows[len(rows)-1], c)
		}
		p.Parts = []view.SumPart{{Caption: t.w.Window, Rows: rows, Hue: view.HueMap}}
	}
	if e.Form == nn.FormMax {
		p.Line = []view.SumTerm{{Text: "max"}, {Text: "= " + fixed(e.Value, d), Final: true}}
		return
	}
	count := math.Round(1 / e.Items[0].W)
	sum := e.Sum * count
	ds, dv := decimals(sum), decimals(e.Value)
	ds, dv = places(ds, e.Value, dv, func(round func(float64) float64) float64 { return round(sum) / count })
	p.Line = []view.SumTerm{{Text: "Σ", Sub: fmt.Sprint(len(e.Items))}, {Text: "= " + fixed(sum, ds)}, {Text: fmt.Sprintf("÷ %.0f", count)}, {Text: "= " + fixed(e.Value, dv), Final: true}}
}

// explainNorm writes batch normalisation with its four numbers.
func (t *trace) explainNorm(p *view.PixelSum, n *nn.Node, e nn.Terms) {
	p.Line, p.Lines = t.normLine(n, e)
}

func (t *trace) normLine(n *nn.Node, e nn.Terms) ([]view.SumTerm, [][]view.SumTerm) {
	v := map[string]float64{}
	for _, s := range e.Named {
		v[s.Symbol] = s.Value
	}
	d, dv := places(decimals(e.Sum, v["γ"], v["β"], v["μ"], v["σ²"]), e.Value, decimals(e.Value), func(round func(float64) float64) float64 {
		return round(v["γ"])*(round(e.Sum)-round(v["μ"]))/math.Sqrt(round(v["σ²"])+v["ε"]) + round(v["β"])
	})
	line := []view.SumTerm{{Text: "γ (x − μ)/√(σ² + ε) + β"},
		{Text: fmt.Sprintf("= %s · (%s − %s)/√(%s + %g) + %s", fixed(v["γ"], d), fixed(e.Sum, d), paren(v["μ"], d), fixed(v["σ²"], d), v["ε"], paren(v["β"], d)), Op: view.OpNorm, URL: t.termURL(n, e.Items[0])},
		{Text: "= " + fixed(e.Value, dv), Final: true}}
	var second []view.SumTerm
	for _, s := range e.Named {
		text := s.Symbol + " " + fixed(s.Value, d)
		if s.Symbol == "ε" {
			text = fmt.Sprintf("ε %g", s.Value)
		}
		second = append(second, view.SumTerm{Text: text})
	}
	return line, [][]view.SumTerm{second}
}

// paren puts a negative number in brackets.
func paren(v float64, d int) string {
	s := fixed(v, d)
	if v < 0 {
		return "(" + s + ")"
	}
	return s
}

// explainLRN writes local response normalisation.
func (t *trace) explainLRN(p *view.PixelSum, n *nn.Node, e nn.Terms) {
	v := map[string]float64{}
	for _, s := range e.Named {
		v[s.Symbol] = s.Value
	}
	own := 0.0
	vals := []float64{e.Value}
	for _, i := range e.Items {
		vals = append(vals, i.X)
		if i.W == 1 {
			own = i.X
		}
	}
	d := decimals(vals...)
	var row []view.SumCell
	for _, i := range e.Items {
		c := t.cellOf(n, i, i.X, d, slices.Max(vals))
		c.Chosen = i.W == 1
		row = append(row, c)
	}
	p.Parts = []view.SumPart{{Caption: t.w.Neighbours, Rows: [][]view.SumCell{row}, Hue: view.HueMap}}
	dl, dv := places(d, e.Value, decimals(e.Value), func(round func(float64) float64) float64 {
		return round(own) / math.Pow(v["k"]+v["α"]*round(e.Sum), v["β"])
	})
	p.Line = []view.SumTerm{{Text: "Σ x²", Sub: fmt.Sprint(len(e.Items))}, {Text: "= " + fixed(e.Sum, dl)}}
	p.Lines = [][]view.SumTerm{{{Text: fmt.Sprintf("%s/(%g + %g · %s)^%g", fixed(own, dl), v["k"], v["α"], fixed(e.Sum, dl), v["β"])}, {Text: "= " + fixed(e.Value, dv), Final: true}}}
}

// explainSoftmax writes the exponentials of the largest logits and of the own one.
func (t *trace) explainSoftmax(p *view.PixelSum, n *nn.Node, cell nn.Cell, e nn.Terms) {
	order := make([]int, len(e.Items))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(a, b int) bool { return e.Items[order[a]].W > e.Items[order[b]].W })
	own := e.Items[cell.C].W
	d, dv := places(4, e.Value, decimals(e.Value), func(round func(float64) float64) float64 { return round(own) / round(e.Sum) })
	weights := make([]float64, len(e.Items))
	for c, i := range e.Items {
		weights[c] = i.W
	}
	listed, rest := printedTerms(weights, order, e.Sum, d)
	for _, c := range order[:min(len(order), termLines)] {
		i := e.Items[c]
		p.Terms = append(p.Terms, view.TermLine{Label: t.vectorTitle(n, c), Value: fmt.Sprintf("e^%s = %s", fixed(i.X-e.Named[0].Value, 2), fixed(listed[c], d)), Percent: share(i.W, 1), URL: t.termURL(n, i), Selected: c == cell.C})
	}
	if len(order) > termLines {
		p.Terms = append(p.Terms, view.TermLine{Label: fmt.Sprintf(t.w.OthersTogether, len(order)-termLines), Value: fixed(rest, d), Percent: share(rest, 1)})
	}
	p.Line = []view.SumTerm{{Text: fmt.Sprintf("%s ÷ %s", fixed(own, d), fixed(e.Sum, d))}, {Text: "= " + fixed(e.Value, dv), Final: true}}
	p.Note = fmt.Sprintf(t.w.SoftmaxNote, fixed(e.Named[0].Value, 2))
}

// explainProduct is one factor per input.
func (t *trace) explainProduct(p *view.PixelSum, n *nn.Node, e nn.Terms) {
	d, dv := places(max(decimals(e.Items[0].X), decimals(e.Items[1].X)), e.Value, decimals(e.Value), func(round func(float64) float64) float64 {
		return round(e.Items[0].X) * round(e.Items[1].X)
	})
	for k, i := range e.Items {
		text := fixed(i.X, d)
		if k > 0 {
			text = "· " + text
		}
		p.Line = append(p.Line, view.SumTerm{Text: text, Sub: n.In[i.In].Path, URL: t.termURL(n, i)})
	}
	p.Line = append(p.Line, view.SumTerm{Text: "= " + fixed(e.Value, dv), Final: true})
}

// explainDistance lists the largest squares of the distance to a class's pattern.
func (t *trace) explainDistance(p *view.PixelSum, n *nn.Node, e nn.Terms) {
	d := decimals(e.Value)
	squares, order := make([]float64, len(e.Items)), make([]int, len(e.Items))
	for k, i := range e.Items {
		squares[k], order[k] = (i.X-i.W)*(i.X-i.W), k
	}
	sort.SliceStable(order, func(a, b int) bool { return squares[order[a]] > squares[order[b]] })
	listed, rest := printedTerms(squares, order, -e.Value, d)
	top := squares[order[0]]
	for _, k := range order[:min(len(order), termLines)] {
		i := e.Items[k]
		p.Terms = append(p.Terms, view.TermLine{Label: fmt.Sprintf("(%s − %s)²", fixed(i.X, 2), paren(i.W, 0)), Value: fixed(listed[k], d), Percent: share(squares[k], top), URL: t.termURL(n, i)})
	}
	if len(order) > termLines {
		p.Terms = append(p.Terms, view.TermLine{Label: fmt.Sprintf(t.w.OthersTogether, len(order)-termLines), Value: fixed(rest, d), Percent: share(rest, top)})
	}
	p.Line = []view.SumTerm{{Text: "−Σ", Sub: fmt.Sprint(len(e.Items))}, {Text: "(x − w)²"}, {Text: "= " + fixed(e.Value, d), Final: true}}
}

// explainPoint is one value before and after.
func (t *trace) explainPoint(p *view.PixelSum, n *nn.Node, e nn.Terms) {
	if len(e.Items) == 0 {
		p.Line = []view.SumTerm{{Text: "0", Final: true}}
		return
	}
	from := view.SumTerm{Text: value(e.Sum), Sub: n.In[e.Items[0].In].Path, URL: t.termURL(n, e.Items[0])}
	p.Line = []view.SumTerm{from, {Text: "→ " + t.kindText(n) + " →", Op: opOf(n)}, {Text: value(e.Value), Final: true}}
}

// carryOn goes on from a convolution through its normalisation and activation, which readers think of as one step.
func (t *trace) carryOn(ctx context.Context, p *view.PixelSum, n *nn.Node, cell nn.Cell) {
	if n.MACs() == 0 {
		return
	}
	for len(n.Users) == 1 {
		n = n.Users[0]
		e, ok := n.Op.(nn.Explainer)
		if !ok || len(n.In) != 1 || n.MACs() > 0 || n.Shape != n.In[0].Shape || n.Op.Kind() == "softmax" {
			return // the next step: its cells are others
		}
		x := t.out(ctx, n)
		if x == nil {
			return
		}
		c, ok := t.call(ctx, n, x)
		if !ok {
			return
		}
		terms := e.Explain(c, cell)
		scale := t.scale(n, cell.C)
		if scale == 1 {
			terms.Value = float64(x.At(0, cell.C, cell.Y, cell.X))
		}
		switch terms.Form {
		case nn.FormNorm:
			line, _ := t.normLine(n, terms)
			p.Lines = append(p.Lines, line)
		case nn.FormPointwise:
			p.Lines = append(p.Lines, []view.SumTerm{{Text: "→ " + t.kindText(n) + " →", Op: opOf(n), URL: t.nodeURL(n)}, {Text: value(terms.Value), Final: true}})
		default:
			return
		}
		if scale != 1 {
			p.Lines = append(p.Lines, t.scaled(terms.Value, scale))
		}
	}
}
