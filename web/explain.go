package web

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sort"
	"strconv"

	"stride/internal/nn"
	"stride/internal/nn/tensor"
	"stride/web/view"
)

// termLines is how many contributions are listed.
const termLines = 12

// pixelSum is how one value was made. Every form of arithmetic has its own picture; the terms add up to the shown value.
func (t *trace) pixelSum(ctx context.Context, n *nn.Node, x *tensor.Tensor, cell nn.Cell) *view.PixelSum {
	e, ok := n.Op.(nn.Explainer)
	if !ok {
		return nil
	}
	c, ok := t.call(ctx, n, x)
	if !ok {
		return nil
	}
	terms := e.Explain(c, cell)
	p := &view.PixelSum{Title: t.w.HowMade}
	scale := t.scale(n, cell.C)
	if scale == 1 { // the very value that the map shows
		terms.Value = float64(x.At(0, cell.C, cell.Y, cell.X))
	}
	switch terms.Form {
	case nn.FormSum:
		t.explainSum(p, n, cell, terms)
	case nn.FormMax, nn.FormMean:
		t.explainPool(p, n, cell, terms)
	case nn.FormNorm:
		t.explainNorm(p, n, terms)
	case nn.FormLRN:
		t.explainLRN(p, n, terms)
	case nn.FormSoftmax:
		t.explainSoftmax(p, n, cell, terms)
	case nn.FormProduct:
		t.explainProduct(p, n, terms)
	case nn.FormDistance:
		t.explainDistance(p, n, terms)
	default:
		t.explainPoint(p, n, terms)
	}
	if scale != 1 {
		p.Lines = append(p.Lines, t.scaled(terms.Value, scale))
	}
	t.carryOn(ctx, p, n, cell)
	return p
}

// scale is what the reader's edits multiply a channel of a node by.
func (t *trace) scale(n *nn.Node, c int) float64 {
	s := 1.0
	for _, e := range t.st.Edits {
		if e.Node == n.Path && (e.Channel < 0 || e.Channel == c) {
			s *= float64(e.Scale)
		}
	}
	return s
}

// scaled is the line of an edit: what was computed, times the factor.
func (t *trace) scaled(v, scale float64) []view.SumTerm {
	d, dv := places(decimals(v), v*scale, decimals(v*scale), func(round func(float64) float64) float64 { return round(v) * scale })
	return []view.SumTerm{{Text: t.w.Edited}, {Text: fixed(v, d) + " · " + strconv.FormatFloat(scale, 'g', -1, 32)}, {Text: "= " + fixed(v*scale, dv), Final: true}}
}

// call gathers a node's inputs; ok is false while one is missing.
func (t *trace) call(ctx context.Context, n *nn.Node, x *tensor.Tensor) (*nn.Call, bool) {
	c := &nn.Call{Op: n.Op, Out: x}
	for _, in := range n.In {
		y := t.out(ctx, in)
		if y == nil {
			return nil, false
		}
		c.In = append(c.In, y)
	}
	var err error
	c.Params, err = n.Values(t.model.Weights)
	return c, err == nil
}

// termURL leads to the cell that a term read.
func (t *trace) termURL(n *nn.Node, i nn.Term) string {
	in := n.In[i.In]
	return t.st.selectNode(in.Path).with(func(s *archState) { s.Channel, s.Y, s.X = i.Cell.C, i.Cell.Y, i.Cell.X }).url(t.lang.Tag())
}

// group is the terms of one input channel (or of one input, for joins).
type group struct {
	in, c int
	items []nn.Term
	sum   float64
}

// groups splits terms by input and channel, in the order of the sum.
func groupTerms(items []nn.Term) []group {
	var g []group
	for _, i := range items {
		if len(g) == 0 || g[len(g)-1].in != i.In || g[len(g)-1].c != i.Cell.C {
			g = append(g, group{in: i.In, c: i.Cell.C})
		}
		l := &g[len(g)-1]
		l.items = append(l.items, i)
		l.sum += i.X * i.W
	}
	return g
}

// explainSum is patch ⊙ kernel for one input channel, and the sum over all of them.
func (t *trace) explainSum(p *view.PixelSum, n *nn.Node, cell nn.Cell, e nn.Terms) {
	groups := groupTerms(e.Items)
	if len(groups) == 0 {
		p.Line = []view.SumTerm{{Text: value(e.Value), Final: true}}
		return
	}
	byWeight := make([]int, len(groups))
	for i := range byWeight {
		byWeight[i] = i
	}
	sort.SliceStable(byWeight, func(a, b int) bool { return math.Abs(groups[byWeight[a]].sum) > math.Abs(groups[byWeight[b]].sum) })
	pick := byWeight[0]
	for i, g := range groups {
		if g.c == t.st.In && n.Op.Kind() != "add" {
			pick = i
		}
	}
	sums := make([]float64, len(groups))
	for i, g := range groups {
		sums[i] = g.sum
	}
	d := decimals(append(slices.Clone(sums), e.Value, e.Bias)...)
	if n.Op.Kind() == "add" {
		t.explainAdd(p, n, e, d)
		return
	}
	total := []float64{e.Value}
	if e.HasBias {
		d = sumPlaces(d, e.Value, e.Sum, e.Bias)
		total = addUp(d, e.Value, []float64{e.Sum, e.Bias})
	}
	listed, rest := printedTerms(sums, byWeight, total[0], d)
	if g := groups[pick]; len(g.items) > 1 || len(groups) > 1 {
		t.patch(p, n, cell, g, listed[pick], d)
	}
	at := slices.Index(byWeight, pick)
	if len(groups) > 1 {
		p.Input = t.inputSelect(n, groups, byWeight, pick)
		if at > 0 {
			p.Prev = t.inputURL(n, groups[byWeight[at-1]].c)
		}
		if at < len(byWeight)-1 {
			p.Next = t.inputURL(n, groups[byWeight[at+1]].c)
		}
		t.contributions(p, n, groups, byWeight, listed, rest, pick, d)
	}
	p.Line = append(p.Line, view.SumTerm{Text: "Σ", Sub: fmt.Sprint(len(groups)), Title: t.w.SumTitle})
	if e.HasBias {
		p.Line = append(p.Line, view.SumTerm{Text: "= " + fixed(total[0], d), Title: t.w.SumTitle}, view.SumTerm{Text: "+ bias " + fixed(total[1], d)})
	}
	p.Line = append(p.Line, view.SumTerm{Text: "= " + fixed(e.Value, d), Final: true})
}

// printedTerms are the contributions as they are printed, which add up to the printed total: the largest by themselves, the rest
// together.
func printedTerms(sums []float64, byWeight []int, total float64, d int) (listed []float64, rest float64) {
	if len(sums) <= termLines {
		return addUp(d, total, sums), 0
	}
	listed, rest = make([]float64, len(sums)), rounded(total, d)
	for k, i := range byWeight {
		listed[i] = rounded(sums[i], d)
		if k < termLines {
			rest -= listed[i]
		}
	}
	return listed, rest
}

// patch draws the input's values beside the weights.
// sum is what they give, as it is printed.
func (t *trace) patch(p *view.PixelSum, n *nn.Node, cell nn.Cell, g group, sum float64, d int) {
	w := n.Window()
	if g.items[0].Cell == (nn.Cell{C: g.c}) && n.In[g.in].Shape.PlaneLen() == 1 {
		i := g.items[0]
		p.Parts = []view.SumPart{
			{Caption: t.w.InputValue, Rows: [][]view.SumCell{{t.cellOf(n, i, i.X, d, math.Abs(i.X))}}, Hue: view.HueMap}, {Sign: "·"},
			{Caption: t.w.Weight, Rows: [][]view.SumCell{{weightCell(i.W, d, math.Abs(i.W))}}, Hue: view.HueSigned}, {Sign: "="}, {Result: fixed(sum, d)}}
		return
	}
	topX, topW := 0.0, 0.0
	byPlace := map[[2]int]nn.Term{}
	for _, i := range g.items {
		topX, topW = max(topX, math.Abs(i.X)), max(topW, math.Abs(i.W))
		byPlace[[2]int{i.Cell.Y, i.Cell.X}] = i
	}
	var xs, ws [][]view.SumCell
	for ky := range w.KH {
		var xr, wr []view.SumCell
		for kx := range w.KW {
			i, ok := byPlace[[2]int{cell.Y*w.SH - w.PT + ky*w.DH, cell.X*w.SW - w.PL + kx*w.DW}]
			if !ok {
				xr, wr = append(xr, view.SumCell{Text: "0", Pad: true}), append(wr, view.SumCell{Text: "·", Pad: true})
				continue
			}
			xr, wr = append(xr, t.cellOf(n, i, i.X, d, topX)), append(wr, weightCell(i.W, d, topW))
		}
		xs, ws = append(xs, xr), append(ws, wr)
	}
	p.Parts = []view.SumPart{{Caption: t.w.Patch, Rows: xs, Hue: view.HueMap}, {Sign: "⊙"}, {Caption: t.w.Kernel, Rows: ws, Hue: view.HueSigned}, {Sign: "="}, {Result: fixed(sum, d)}}
}

// level is the tint of a value among those up to top: −15 … 15.
func level(v, top float64) int {
	if top == 0 || math.IsNaN(v) {
		return 0
	}
	return int(math.Round(15 * max(-1, min(1, v/top))))
}

func (t *trace) cellOf(n *nn.Node, i nn.Term, v float64, d int, top float64) view.SumCell {
	return view.SumCell{Text: fixed(v, min(d, 3)), Level: level(v, top), URL: t.termURL(n, i)}
}

func weightCell(v float64, d int, top float64) view.SumCell {
	return view.SumCell{Text: fixed(v, min(decimals(top), 3)), Level: level(v, top)}
}

func (t *trace) inputURL(n *nn.Node, c int) string {
	return t.url(func(s *archState) { s.Layer, s.In = n.Path, c })
}

// inputSelect lists the input channels that contribute most.
func (t *trace) inputSelect(n *nn.Node, groups []group, byWeight []int, pick int) *view.Select {
	s := &view.Select{Label: t.w.InputChannel}
	show := byWeight[:min(len(byWeight), termLines)]
	if !slices.Contains(show, pick) {
		show = append(slices.Clone(show), pick)
	}
	for _, i := range show {
		s.Options = append(s.Options, view.Option{Label: fmt.Sprintf(t.w.InputOf, groups[i].c, n.In[groups[i].in].Shape.C), URL: t.inputURL(n, groups[i].c), Current: i == pick})
	}
	return s
}

// contributions lists what each input channel adds, the largest first; the rest is one line, so that the list adds up.
func (t *trace) contributions(p *view.PixelSum, n *nn.Node, groups []group, byWeight []int, listed []float64, rest float64, pick, d int) {
	top := math.Abs(groups[byWeight[0]].sum)
	for _, i := range byWeight[:min(len(byWeight), termLines)] {
		g := groups[i]
		p.Terms = append(p.Terms, view.TermLine{Label: fmt.Sprintf(t.w.InputShort, g.c), Value: fixed(listed[i], d), Percent: share(g.sum, top), URL: t.inputURL(n, g.c), Selected: i == pick})
	}
	if len(byWeight) > termLines {
		p.Terms = append(p.Terms, view.TermLine{Label: fmt.Sprintf(t.w.OthersTogether, len(byWeight)-termLines), Value: fixed(rest, d), Percent: share(rest, top)})
	}
}

func share(v, top float64) float64 {
	if top == 0 {
		return 0
	}
	return 100 * max(-1, min(1, v/top))
}
