package web

import (
	"fmt"
	"maps"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"stride/internal/nn/analyze"
	"stride/internal/viz/chart"
	"stride/web/i18n"
	"stride/web/view"
)

// bottleneckLab is the lab of the 1×1 convolution.
var bottleneckLab = lab{slug: "bottleneck", model: (*Server).moduleModel, open: func(q url.Values) (labState, error) { return parseBottleneck(q) }}

// bottleneckState is a convolution and the middle depth of its bottleneck.
type bottleneckState struct {
	In, Mid, Out, Kernel, Size int
	Bias                       bool
	Show                       string // what is counted, of shown
	Real                       realState
}

// What the bench counts: its bars, large numbers and products follow.
const (
	showParams = "params"
	showMACs   = "macs"
	showMaps   = "maps"
)

var shown = []string{showParams, showMACs, showMaps}

// bottleneckParams are the whole numbers of the address with their defaults and bounds.
func (st *bottleneckState) params() []labParam {
	return []labParam{{"in", &st.In, 32, 1, 2048}, {"mid", &st.Mid, 16, 1, 2048}, {"out", &st.Out, 64, 1, 2048}, {"k", &st.Kernel, 3, 1, 11}, {"size", &st.Size, 28, 1, 512}}
}

func parseBottleneck(q url.Values) (st bottleneckState, err error) {
	st.Bias = q.Get("bias") == "1"
	if st.Show, err = choiceParam(q, "show", shown...); err != nil {
		return st, err
	}
	if st.Real, err = parseReal(q); err != nil {
		return st, err
	}
	err = parseParams(q, st.params())
	return st, err
}

func (st bottleneckState) values() url.Values {
	q := encodeParams(st.params())
	if st.Bias {
		q.Set("bias", "1")
	}
	if st.Show != showParams {
		q.Set("show", st.Show)
	}
	maps.Copy(q, st.Real.values())
	return q
}

func (st bottleneckState) contract() analyze.Contract {
	return analyze.Contract{In: st.In, Out: st.Out, Kernel: st.Kernel, Size: st.Size, Bias: st.Bias}
}

// bench is two ways from the same input to the same output.
func (st bottleneckState) bench(w *words) view.Bench {
	c := st.contract()
	show := view.Control{Kind: view.ControlChoice, Name: "show", Label: w.Count}
	for _, q := range shown {
		show.Options = append(show.Options, view.Choice{Label: view.T(st.word(w, q)), Value: q, Chosen: q == st.Show})
	}
	return view.Bench{Fields: fieldsOf(st.Real.values()), Controls: []view.Control{
		slider("in", w.InDepth, view.OpInput, st.In, 256), slider("mid", w.MidDepth, view.OpPointwise, st.Mid, 256), slider("out", w.OutDepth, view.OpConv, st.Out, 256),
		{Kind: view.ControlChoice, Name: "k", Label: w.KernelSize, Options: choices(st.Kernel, "%d×%d", 1, 3, 5, 7)},
		{Kind: view.ControlChoice, Name: "size", Label: w.MapSize, Options: choices(st.Size, "%[1]d²", 7, 14, 28, 56, 112)},
		{Kind: view.ControlChoice, Name: "bias", Label: w.Biases, Options: []view.Choice{{Label: view.T(w.Without), Value: "0", Chosen: !st.Bias}, {Label: view.T(w.With), Value: "1", Chosen: st.Bias}}},
		show,
		{Kind: view.ControlResult, Label: w.BreakEven, Text: i18n.Fixed(c.BreakEven(), 1), Hint: fmt.Sprintf(w.SavesUpTo, c.LargestSaving())},
	}, Stage: view.BottleneckStageView(bottleneckStage(w, st))}
}

// beside draws the cost beside the text on the break-even; under their texts one pixel's layer, the ladder (after the
// question that asks for a guess), the module and a layer that exists.
func (st bottleneckState) beside(p *labPlace, sec *view.LabSection) error {
	switch sec.ID {
	case "breakeven":
		if c, ok := breakEvenChart(p.s, p.w, st); ok {
			sec.Chart = &c
		}
	case "pixel":
		sec.Body = view.MapRows(p.t.pointwiseRows())
	case "ladder":
		sec.Body = view.FormTableView(ladder(p.w, st))
	case "module":
		sec.Body = view.ModuleView(p.Page, p.t.moduleFigure())
	case "real":
		return st.real(p, sec)
	}
	return nil
}

// choices are the values of a control, written in a format of two equal numbers.
func choices(now int, format string, values ...int) []view.Choice {
	var l []view.Choice
	for _, v := range values {
		l = append(l, view.Choice{Label: view.T(fmt.Sprintf(format, v, v)), Value: strconv.Itoa(v), Chosen: v == now})
	}
	return l
}

// bottleneckStage draws both ways to one scale.
func bottleneckStage(w *words, st bottleneckState) view.BottleneckStage {
	c := st.contract()
	d, bn := c.Direct(), c.Bottleneck(st.Mid)
	vol := func(op view.Op, ch int, name string) view.Volume {
		return view.Volume{Cells: st.Size, Channels: ch, Op: op, Shape: fmt.Sprintf("%d×%d²", ch, st.Size), Name: name}
	}
	total, other := st.total(d), st.total(bn)
	top := float64(max(total, other))
	bar := func(name string, sum int64, parts ...view.SharePart) view.ShareBar {
		return view.ShareBar{Label: name, Value: i18n.Int(sum), Parts: parts}
	}
	part := func(p analyze.PartCost, op view.Op) view.SharePart {
		return view.SharePart{Percent: 100 * float64(st.amount(p)) / top, Class: op.Class(), Label: i18n.Int(st.amount(p)), Title: times(st.factors(p)...)}
	}
	unit := strings.ToLower(st.word(w, st.Show))
	k := fmt.Sprintf("%d×%d", st.Kernel, st.Kernel)
	return view.BottleneckStage{
		Paths: []view.VolumePath{
			{Title: w.Direct + " " + k, Volumes: []view.Volume{vol(view.OpInput, st.In, w.BoxIn), vol(view.OpConv, st.Out, w.BoxOut)}, Steps: []string{k}, Formula: st.formula(d, view.OpConv), Value: i18n.Int(total), Unit: unit},
			{Title: fmt.Sprintf(w.SqueezeFirst, k), Volumes: []view.Volume{vol(view.OpInput, st.In, w.BoxIn), vol(view.OpPointwise, st.Mid, w.BoxMid), vol(view.OpConv, st.Out, w.BoxOut)}, Steps: []string{"1×1", k}, Formula: st.sum(bn, view.OpPointwise, view.OpConv), Value: i18n.Int(other), Unit: unit},
		},
		Scale:  w.VolumeScale,
		Bars:   []view.ShareBar{bar(w.Direct, total, part(d.Parts[0], view.OpConv)), bar(w.Bottleneck, other, part(bn.Parts[0], view.OpPointwise), part(bn.Parts[1], view.OpConv))},
		Legend: []view.LegendItem{{Op: view.OpPointwise, Label: "1×1"}, {Op: view.OpConv, Label: k}},
		Note:   saving(w, unit, total, other),
		Meta:   fmt.Sprintf(w.WorkAndMemory, st.Size, st.Size, i18n.SI(d.MACs), i18n.SI(bn.MACs), i18n.Int(d.MapValues), i18n.Int(bn.MapValues)),
	}
}

// word names what is counted.
func (st bottleneckState) word(w *words, show string) string {
	switch show {
	case showMACs:
		return w.MACs
	case showMaps:
		return w.MapValues
	}
	return w.Params
}

// factors are the product that a convolution amounts to, without biases.
func (st bottleneckState) factors(p analyze.PartCost) []int {
	switch st.Show {
	case showMACs:
		return append(slices.Clone(p.Factors), st.Size, st.Size)
	case showMaps:
		return []int{p.Out, st.Size, st.Size}
	}
	return p.Factors
}

// amount is what a convolution adds to what is counted.
func (st bottleneckState) amount(p analyze.PartCost) int64 {
	n := int64(1)
	for _, f := range st.factors(p) {
		n *= int64(f)
	}
	if st.Show == showParams {
		n += p.Biases
	}
	return n
}

func (st bottleneckState) total(f analyze.Form) (n int64) {
	for _, p := range f.Parts {
		n += st.amount(p)
	}
	return n
}

// formula writes a form as the sum of its products, each in its colour.
func (st bottleneckState) formula(f analyze.Form, ops ...view.Op) view.Rich {
	var r view.Rich
	for i, p := range f.Parts {
		if i > 0 {
			r = append(r, view.Span{Text: " + "})
		}
		text := times(st.factors(p)...)
		if p.Biases > 0 && st.Show == showParams {
			text += " + " + i18n.Int(p.Biases)
		}
		r = append(r, view.Span{Kind: view.SpanBox, Text: text, Op: ops[min(i, len(ops)-1)], Title: i18n.Int(st.amount(p))})
	}
	return r
}

// sum is the formula followed by what its products are.
func (st bottleneckState) sum(f analyze.Form, ops ...view.Op) view.Rich {
	text := " = "
	for i, p := range f.Parts {
		if i > 0 {
			text += " + "
		}
		text += i18n.Int(st.amount(p))
	}
	return append(st.formula(f, ops...), view.Span{Text: text})
}

func saving(w *words, unit string, direct, other int64) string {
	p := 100 * (1 - float64(other)/float64(direct))
	if p >= 0 {
		return fmt.Sprintf(w.Saves, i18n.Fixed(p, 1), unit)
	}
	return fmt.Sprintf(w.CostsMore, i18n.Fixed(-p, 1), unit)
}

// ladder is every way to keep the contract.
func ladder(w *words, st bottleneckState) view.FormTable {
	count := st
	count.Show = showParams // the other counts have columns of their own
	c := st.contract()
	direct := c.Direct().Params
	t := view.FormTable{Head: []string{w.Form, w.Products, w.Params, w.OfDirect, w.MACs, w.MapValues}, Note: w.LadderNote}
	for _, f := range c.Ladder(st.Mid) {
		name := w.FormNames[f.Name]
		switch {
		case f.Name == "grouped":
			name = fmt.Sprintf(name, f.Groups)
		case f.Mid > 0 && f.Name == "asymmetric":
			name = fmt.Sprintf(name, st.Kernel, st.Kernel, f.Mid)
		case f.Name == "sandwich":
			name = fmt.Sprintf(name, st.Kernel, st.Kernel, f.Mid)
		}
		share := float64(f.Params) / float64(direct)
		t.Rows = append(t.Rows, view.FormRow{Name: name, Terms: count.formula(f, view.OpNone), Selected: f.Name == "bottleneck", Percent: math.Min(100, 100*share),
			Cells: []string{i18n.Int(f.Params), i18n.Percent(share, 1), i18n.SI(f.MACs), i18n.Int(f.MapValues)}})
	}
	return t
}

// breakEvenChart draws the cost of the bottleneck against its middle depth, and the direct form as the line that it must
// stay under.
func breakEvenChart(s *Server, w *words, st bottleneckState) (view.Chart, bool) {
	c := st.contract()
	direct := float64(c.Direct().Params)
	most := max(st.Mid, int(math.Ceil(1.25*c.BreakEven())), 2)
	cost := chart.Series{Name: w.Bottleneck, X: []float64{1, float64(most)}, Ink: "op-pw"}
	for _, m := range cost.X {
		cost.Y = append(cost.Y, float64(c.Bottleneck(int(m)).Params))
	}
	now := float64(c.Bottleneck(st.Mid).Params)
	title := fmt.Sprintf(w.CostOfMid, i18n.Fixed(c.BreakEven(), 1))
	v, ok := s.drawn("break-even", "", "", narrowChart, &chart.Lines{Words: chart.Words{Title: w.BreakEven, Alt: title}, X: chart.Axis{Title: w.MidDepth}, Y: chart.Axis{Title: w.Params, Format: chart.SI, Lo: 0, Hi: 1.1 * max(cost.Y[1], direct)},
		Series:  []chart.Series{cost, {Name: w.Direct, X: cost.X, Y: []float64{direct, direct}, Ink: chart.Plain, Dash: chart.Dashed}},
		Current: &chart.Mark{X: float64(st.Mid), Y: now, Text: fmt.Sprintf("%d → %s", st.Mid, i18n.Int(int64(now)))}}, title)
	v.Caption = view.T(title)
	return v, ok
}
