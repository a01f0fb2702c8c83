package web

import (
	"fmt"
	"strconv"
	"strings"

	"stride/internal/calc"
	"stride/web/i18n"
	"stride/web/view"
)

// selected is the row whose arithmetic is shown: the chosen one, or the first with parameters.
func (c *calcPage) selected() *calc.Row {
	if c.st.Chosen {
		if r := c.result.Row(c.st.Row); r != nil {
			return r
		}
	}
	for i := range c.result.Rows {
		if r := &c.result.Rows[i]; r.Params > 0 {
			return r
		}
	}
	return nil
}

// detail is the arithmetic of the selected row.
func (c *calcPage) detail() *view.CalcDetail {
	r := c.selected()
	if r == nil {
		return nil
	}
	l := calcLang(c.lang)
	d := &view.CalcDetail{Op: calcOp(r), Title: r.Title(l)}
	if !r.IsInput() {
		d.Title = fmt.Sprintf(c.w.LayerTitle, humanAddress(r.Address), r.Title(l))
	}
	if r.Known && r.Params > 0 {
		d.Lines = append(d.Lines, c.paramLines(r)...)
	}
	if r.Known && r.MACs > 0 {
		d.Lines = append(d.Lines, c.workLine(r))
	}
	d.Note = c.separableNote(r)
	return d
}

// humanAddress counts from 1 at every level: "3.1.0" is "4.2.1".
func humanAddress(address string) string {
	parts := strings.Split(address, ".")
	for i, p := range parts {
		if n, err := strconv.Atoi(p); err == nil {
			parts[i] = strconv.Itoa(n + 1)
		}
	}
	return strings.Join(parts, ".")
}

// maxTerms is how many products of a block are written out.
const maxTerms = 6

// paramLines write the row's parameters as the sum of its products.
func (c *calcPage) paramLines(r *calc.Row) []view.Rich {
	line := view.Rich{{Text: c.w.ParamsAre + " = "}}
	terms := r.Terms()
	for i, t := range terms {
		if i == maxTerms {
			line = append(line, view.Span{Text: " + …"})
			break
		}
		if i > 0 {
			line = append(line, view.Span{Text: " + "})
		}
		if t.Repeat > 1 {
			line = append(line, view.Span{Text: strconv.Itoa(t.Repeat) + " · "})
		}
		line = append(line, c.product(t)...)
	}
	return []view.Rich{append(line, view.Span{Text: " = "}, view.Span{Kind: view.SpanStrong, Text: i18n.Int(r.Params)})}
}

// product writes one tensor: kernel, input channels and filters of a convolution each in a box.
func (c *calcPage) product(t calc.ReportTerm) view.Rich {
	switch len(t.Factors) {
	case 4:
		k := fmt.Sprintf("%d·%d", t.Factors[0], t.Factors[1])
		op := view.OpConv
		if k == "1·1" {
			op = view.OpPointwise
		}
		return view.Rich{{Kind: view.SpanBox, Op: op, Text: k, Title: c.w.FactorTitles[0] + " · " + c.w.FactorTitles[1]}, {Text: " · "},
			{Kind: view.SpanBox, Op: view.OpNorm, Text: i18n.Int(int64(t.Factors[2])), Title: c.w.FactorTitles[2]}, {Text: " · "},
			{Kind: view.SpanBox, Op: view.OpConv, Text: i18n.Int(int64(t.Factors[3])), Title: c.w.FactorTitles[3]}}
	case 2:
		return view.Rich{{Kind: view.SpanBox, Op: view.OpNorm, Text: i18n.Int(int64(t.Factors[0])), Title: c.w.FactorTitles[2]}, {Text: " · "},
			{Kind: view.SpanBox, Op: view.OpDense, Text: i18n.Int(int64(t.Factors[1])), Title: c.w.FactorTitles[3]}}
	}
	return view.T(times(t.Factors...))
}

// workLine writes the multiply–adds: the weights once per output position where the row is one layer.
func (c *calcPage) workLine(r *calc.Row) view.Rich {
	text := c.w.WorkIs + " = "
	if area := int64(r.Shape.PlaneLen()); len(r.Nodes) == 1 && area > 1 {
		side := strconv.Itoa(r.Shape.H) + "²"
		if r.Shape.H != r.Shape.W {
			side = i18n.Dims(r.Shape.H, r.Shape.W)
		}
		text += i18n.Int(r.MACs/area) + " · " + side + " = "
	}
	return view.Rich{{Text: text}, {Kind: view.SpanStrong, Text: i18n.SI(r.MACs), Title: i18n.Int(r.MACs)}}
}

// separableNote compares a depthwise and a 1×1 convolution with the plain one that they replace.
func (c *calcPage) separableNote(r *calc.Row) string {
	head, last := splitAddress(r.Address)
	if r.Layer.Code != "c" || r.Layer.Kernel != calc.Square(1) || last < 1 || !r.Known {
		return ""
	}
	dw := c.result.Row(head + strconv.Itoa(last-1))
	if dw == nil || dw.Layer.Code != "dw" || !dw.Known {
		return ""
	}
	k := dw.Layer.Kernel
	both := dw.Params + r.Params
	direct := int64(k.Y*k.X)*int64(dw.In.C)*int64(r.Shape.C) + int64(r.Shape.C)
	return fmt.Sprintf(c.w.SeparableNote, i18n.Int(both), i18n.Dims(k.Y, k.X), i18n.Int(direct), i18n.Fixed(float64(direct)/float64(both), 1))
}
