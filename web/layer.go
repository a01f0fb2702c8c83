package web

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"stride/internal/nn"
	"stride/internal/nn/analyze"
	"stride/internal/viz"
	"stride/web/i18n"
	"stride/web/view"
)

// opOf is the visual class of a node.
func opOf(n *nn.Node) view.Op {
	pointwise, depthwise := false, false
	if c, ok := n.Op.(interface{ Pointwise() bool }); ok {
		pointwise = c.Pointwise()
	}
	if g, ok := n.Op.(interface{ GroupCount() int }); ok && len(n.In) == 1 {
		depthwise = g.GroupCount() > 1 && g.GroupCount() == n.In[0].Shape.C
	}
	return view.OpOf(string(n.Op.Kind()), pointwise, depthwise)
}

// sheet is the picture of a node's channels, with the geometry it will have.
func (t *trace) sheet(n *nn.Node) view.Sheet {
	g := viz.SheetGeometry(n.Shape, min(n.Shape.C, viz.MaxTiles), false)
	return view.Sheet{URL: nodeBase(t.run, n.Path) + "/sheet.png" + t.look(), Cols: g.Cols, Rows: g.Rows, CellW: g.TileW, CellH: g.TileH}
}

// look is the query that draws maps as the page wants them.
func (t *trace) look() string {
	q := url.Values{}
	if t.st.Colours != "" && t.st.Colours != viz.Mako.Name {
		q.Set("cm", t.st.Colours)
	}
	if t.st.Scope != viz.Channel {
		q.Set("scale", string(t.st.Scope))
	}
	if t.st.Order != viz.Strongest {
		q.Set("sort", string(t.st.Order))
	}
	return query("", q)
}

// kindText says what a node does: "3×3 convolution, stride 2, padding 1".
func (t *trace) kindText(n *nn.Node) string {
	w := n.Window()
	name := t.w.Kinds[n.Op.Kind()]
	if name == "" {
		name = string(n.Op.Kind())
	}
	size := fmt.Sprintf("%d×%d", w.KH, w.KW)
	switch opOf(n) {
	case view.OpConv, view.OpPointwise:
		name = size + " " + name
	case view.OpDepthwise:
		name = size + " " + t.w.DepthwiseConv
	case view.OpPool:
		if n.Op.Kind() != "adaptiveavgpool" {
			name = size + " " + name
		}
	}
	parts := []string{name}
	if n.Op.Kind() == "conv" || n.Op.Kind() == "maxpool" || n.Op.Kind() == "avgpool" {
		if w.SH > 1 {
			parts = append(parts, fmt.Sprintf(t.w.StrideOf, w.SH))
		}
		if w.PT > 0 || w.PL > 0 {
			parts = append(parts, fmt.Sprintf(t.w.PaddingOf, max(w.PT, w.PL)))
		}
		if w.DH > 1 {
			parts = append(parts, fmt.Sprintf(t.w.DilationOf, w.DH))
		}
	}
	if g, ok := n.Op.(interface{ GroupCount() int }); ok && g.GroupCount() > 1 && opOf(n) != view.OpDepthwise {
		parts = append(parts, fmt.Sprintf(t.w.Groups, g.GroupCount()))
	}
	return strings.Join(parts, ", ")
}

// facts are the four numbers of a layer, each with the sum or product it comes from.
func (t *trace) facts(n *nn.Node) []view.Fact {
	r := t.summary.Row(n)
	return []view.Fact{
		{Label: t.w.Output, Value: shapeText(n.Shape), Formula: t.outputFormula(n)},
		{Label: t.w.Params, Value: i18n.Int(r.Params), Formula: t.paramsFormula(r)},
		{Label: t.w.MACs, Value: i18n.SI(r.MACs), Formula: t.macsFormula(r)},
		{Label: t.w.Field, Value: t.fieldText(r.Field), Formula: t.fieldFormula(n), Note: t.gateNote(n)},
	}
}

// outputFormula is the sum that gives the map's side: "⌊(56 + 2·1 − 3)/2⌋ + 1 = 28".
func (t *trace) outputFormula(n *nn.Node) string {
	if _, ok := n.Op.(nn.Windowed); !ok || len(n.In) != 1 || n.Shape.PlaneLen() == 1 || n.Op.Kind() == "adaptiveavgpool" {
		return ""
	}
	w, in := n.Window(), n.In[0].Shape
	if c, ok := n.Op.(interface{ SamePadding() bool }); ok && c.SamePadding() {
		return fmt.Sprintf("⌈%d/%d⌉ = %d", in.H, w.SH, n.Shape.H)
	}
	span := (w.KH-1)*w.DH + 1
	open, shut := "⌊", "⌋"
	if (in.H+2*w.PT-span)/w.SH+1 != n.Shape.H {
		open, shut = "⌈", "⌉"
	}
	if w.SH == 1 {
		open, shut = "", ""
		return fmt.Sprintf("%d + 2·%d − %d + 1 = %d", in.H, w.PT, span, n.Shape.H)
	}
	return fmt.Sprintf("%s(%d + 2·%d − %d)/%d%s + 1 = %d", open, in.H, w.PT, span, w.SH, shut, n.Shape.H)
}

// paramsFormula is the sum of products behind the parameters.
func (t *trace) paramsFormula(r *analyze.Row) string {
	var parts []string
	for _, f := range r.Factors {
		if !f.Role.Trainable() {
			continue
		}
		d := f.Dims
		if len(d) == 4 { // kernel first, as people say it: 3 · 3 · 128 · 128
			d = []int{d[2], d[3], d[1], d[0]}
		}
		parts = append(parts, times(d...))
	}
	if len(parts) == 0 {
		return t.w.NoParams
	}
	return strings.Join(parts, " + ")
}

// macsFormula is weights times positions.
func (t *trace) macsFormula(r *analyze.Row) string {
	if r.MACs == 0 {
		return t.w.NotCounted
	}
	w := r.MACs / int64(r.Shape.PlaneLen())
	s := i18n.Int(w)
	if r.Shape.PlaneLen() > 1 {
		s += fmt.Sprintf(" · %d · %d", r.Shape.H, r.Shape.W)
	} else if f := r.Factors; len(f) > 0 && len(f[0].Dims) > 1 { // every weight once
		s = times(f[0].Dims...)
	}
	if r.MACs >= 1000 {
		s += " = " + i18n.Int(r.MACs)
	}
	return s
}

func (t *trace) fieldText(f analyze.Field) string {
	if f.Whole {
		return t.w.WholePicture
	}
	return strconv.Itoa(f.Size[0]) + "×" + strconv.Itoa(f.Size[1])
}

// gateNote says where the receptive field leaves gates out: each of their factors sees its whole map.
func (t *trace) gateNote(n *nn.Node) string {
	if t.summary.Row(n).Field.Whole {
		return ""
	}
	gated := map[*nn.Node]bool{}
	for _, m := range t.model.Graph.Nodes[:n.ID+1] {
		gated[m] = m.Op.Kind() == "mul"
		for _, in := range m.In {
			gated[m] = gated[m] || gated[in]
		}
	}
	if gated[n] {
		return t.w.WithoutGates
	}
	return ""
}

// fieldFormula is the recurrence r + (k − 1)·j on the input it grows from.
func (t *trace) fieldFormula(n *nn.Node) string {
	f := t.summary.Row(n).Field
	if f.Whole || len(n.In) == 0 {
		return ""
	}
	var before analyze.Field
	for _, in := range n.In {
		if in.Path == f.From {
			before = t.summary.Row(in).Field
		}
	}
	w := n.Window()
	if w.KH == 1 && w.KW == 1 || before.Size[0] == 0 {
		return ""
	}
	return fmt.Sprintf("%d + (%d − 1) · %d", before.Size[0], (w.KH-1)*w.DH+1, before.Jump[0])
}
