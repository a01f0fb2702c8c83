package web

import (
	"strings"

	"stride/internal/lessons"
	"stride/internal/nn"
	"stride/internal/nn/arch"
	"stride/internal/viz"
	"stride/web/view"
)

func (r *reader) blocks(in []lessons.Block) []view.Block {
	var out []view.Block
	for _, b := range in {
		if v := r.block(b); v != nil {
			out = append(out, v)
		}
	}
	return out
}

func (r *reader) block(b lessons.Block) view.Block {
	switch b := b.(type) {
	case lessons.Paragraph:
		return view.Paragraph{Text: r.rich(b.Text)}
	case lessons.List:
		l := view.List{Ordered: b.Ordered}
		for _, i := range b.Items {
			l.Items = append(l.Items, r.rich(i))
		}
		return l
	case lessons.Table:
		t := view.RichTable{Head: r.riches(b.Head)}
		for _, row := range b.Rows {
			t.Rows = append(t.Rows, r.riches(row))
		}
		return t
	case lessons.Equation:
		e := view.Equation{}
		for _, l := range b.Lines {
			e.Lines = append(e.Lines, view.EquationLine{MathML: l.MathML, Label: l.Label})
		}
		return e
	case lessons.Note:
		return view.Note{Notes: r.rich(b.Notes), Source: r.rich(b.Source), Try: r.rich(b.Try)}
	case lessons.Question:
		return r.question(b)
	case lessons.Figure:
		return r.figure(b)
	case lessons.Activation:
		return r.activation(b)
	case lessons.Diagram:
		return view.Figure{Caption: r.rich(b.Caption), URL: r.archURL(b.Arch, b.From)}
	case lessons.LabLink:
		return view.LabLink{Text: plain(b.Text), Title: r.labTitle(b.Slug), URL: "/" + r.lang + "/labs/" + b.Slug}
	}
	return nil
}

func (r *reader) labTitle(slug string) string {
	if l := r.s.library.Book(r.lang).Lesson(lessons.LabLesson, slug); l != nil {
		return l.Title
	}
	return slug
}

func (r *reader) riches(cells []lessons.Cell) []view.Rich {
	out := make([]view.Rich, len(cells))
	for i, c := range cells {
		out[i] = r.rich(c)
	}
	return out
}

func (r *reader) rich(in []lessons.Inline) view.Rich {
	var out view.Rich
	for _, i := range in {
		out = append(out, r.span(i))
	}
	return out
}

func (r *reader) span(i lessons.Inline) view.Span {
	switch i := i.(type) {
	case lessons.Text:
		return view.Span{Text: string(i)}
	case lessons.Strong:
		return view.Span{Kind: view.SpanStrong, Inner: r.rich(i.Text)}
	case lessons.Emph:
		return view.Span{Kind: view.SpanEmph, Inner: r.rich(i.Text)}
	case lessons.Code:
		return view.Span{Kind: view.SpanCode, Text: string(i)}
	case lessons.Link:
		return view.Span{Kind: view.SpanLink, Inner: r.rich(i.Text), URL: i.URL}
	case lessons.Number:
		return view.Span{Kind: view.SpanNumber, Text: i.Text, Title: i.Product, URL: r.numberURL(i)}
	case lessons.TermLink:
		return view.Span{Kind: view.SpanTerm, Text: i.Text, Title: plain(i.Term.Definition), URL: "/" + r.lang + "/learn#term-" + i.Term.ID}
	case lessons.Ref:
		return view.Span{Kind: view.SpanRef, Inner: r.rich(i.Text), URL: r.archURL(i.Arch, i.Node), Op: r.refOp(i)}
	case lessons.Cite:
		return view.Span{Kind: view.SpanCite, Text: i.Text, Title: i.Reference.Authors + ", " + i.Reference.Title, URL: i.Reference.URL()}
	case lessons.Math:
		return view.Span{Kind: view.SpanMath, Markup: i.MathML, Title: i.Plain}
	case lessons.Published:
		return view.Span{Kind: view.SpanNumber, Text: i.Text, Title: i.Result.What[r.lang] + " (" + i.Result.Reference.Short + ", " + i.Result.Where + ")", URL: i.Result.Reference.URL()}
	}
	return view.Span{}
}

// refOp is the colour of a reference.
func (r *reader) refOp(i lessons.Ref) view.Op {
	switch i.Role {
	case "r-x":
		return view.OpAdd
	case "r-f":
		return view.OpConv
	}
	if a, err := arch.ByName(i.Arch); err == nil {
		if g, err := a.Graph(); err == nil {
			if n := g.Node(i.Node); n != nil {
				return opOf(n)
			}
		}
	}
	return view.OpOf(i.Kind, false, false)
}

// archURL selects a node: on this page when it shows that architecture or has the node's counterpart, on the architecture's
// own page otherwise.
func (r *reader) archURL(name, path string) string {
	if r.t != nil && name == r.l.Arch {
		if p, ok := r.t.counterpart(r.l, path); ok {
			if n := first(r.t.model.Graph, p); n != nil {
				return r.t.nodeURL(n)
			}
		}
	}
	return r.ownURL(name, path)
}

// ownURL selects a node on the page of its own architecture.
func (r *reader) ownURL(name, path string) string {
	a, err := arch.ByName(name)
	if err != nil {
		return ""
	}
	step := 1
	if r.t != nil && name == r.l.Arch { // the same lesson stands there
		step = r.t.st.Step
	}
	st := archState{Model: name, Step: step, Channel: -1, Y: -1, X: -1, In: -1, Class: -1, Scope: viz.Channel, Order: viz.Strongest}
	if g, err := a.Graph(); err == nil {
		if n := first(g, path); n != nil {
			st.Layer = n.Path
		}
	}
	return st.url(r.lang)
}

// first is the node of a path, or the first one below it.
func first(g *nn.Graph, path string) *nn.Node {
	if n := g.Node(path); n != nil {
		return n
	}
	if l := below(g, path); path != "" && len(l) > 0 {
		return l[0]
	}
	return nil
}

func (r *reader) numberURL(i lessons.Number) string {
	if i.Arch == "" {
		return ""
	}
	if i.Node == "" {
		return "/" + r.lang + "/a/" + i.Arch + "/layers"
	}
	if r.t != nil && i.Arch != r.t.st.Model { // the number holds for that network alone
		return r.ownURL(i.Arch, i.Node)
	}
	return r.archURL(i.Arch, i.Node)
}

// plain is the text of inlines without markup.
func plain(in []lessons.Inline) string {
	var b strings.Builder
	for _, i := range in {
		switch i := i.(type) {
		case lessons.Text:
			b.WriteString(string(i))
		case lessons.Strong:
			b.WriteString(plain(i.Text))
		case lessons.Emph:
			b.WriteString(plain(i.Text))
		case lessons.Code:
			b.WriteString(string(i))
		case lessons.Link:
			b.WriteString(plain(i.Text))
		case lessons.Number:
			b.WriteString(i.Text)
		case lessons.TermLink:
			b.WriteString(i.Text)
		case lessons.Ref:
			b.WriteString(plain(i.Text))
		case lessons.Cite:
			b.WriteString(i.Text)
		case lessons.Math:
			b.WriteString(i.Plain)
		case lessons.Published:
			b.WriteString(i.Text)
		}
	}
	return b.String()
}

// activation is maps of the current picture, when the page shows that network.
func (r *reader) activation(a lessons.Activation) view.Block {
	f := view.Figure{Caption: r.rich(a.Caption), URL: r.archURL(a.Arch, a.Node), Alt: a.Node}
	if r.t == nil {
		return f
	}
	p, ok := r.t.there(r.l, a.Node)
	n := r.t.model.Graph.Node(p)
	if !ok || n == nil {
		return f
	}
	for i := range min(4, n.Shape.C) {
		f.Tiles = append(f.Tiles, r.t.tile(n, i))
	}
	return f
}

// figure draws what a lesson asks for by name.
func (r *reader) figure(f lessons.Figure) view.Block {
	out := view.Figure{Caption: r.rich(f.Caption), Alt: plain(f.Caption)}
	switch f.ID {
	case "silhouettes":
		out.Nets = r.netBars(f.Archs)
	case "connections":
		out.Grid = r.readsGrid(f.Archs)
	case "shares", "reconcile", "gradients":
		out.Chart = r.s.lessonChart(r, f)
	}
	switch {
	case out.Chart != nil:
		out.Chart.Caption, out.Caption = out.Caption, nil
		out.Chart.Files = r.figureFiles(f, chartKinds)
	case out.Nets != nil:
		out.Files = r.figureFiles(f, pictureKinds)
	case out.Grid != nil:
		out.Files = r.figureFiles(f, chartKinds)
	default:
		return view.Paragraph{Text: out.Caption}
	}
	return out
}

func (r *reader) term(t *lessons.Term) view.TermRow {
	row := view.TermRow{ID: t.ID, Term: t.Name, Definition: r.rich(t.Definition), Avoid: t.Avoid, URL: "/" + r.lang + "/learn#term-" + t.ID}
	if other := r.s.library.Book(otherLang(r.lang)).Term(t.ID); other != nil {
		row.Other, row.OtherLang = other.Name, otherLang(r.lang)
	}
	return row
}

func otherLang(l string) string {
	if l == "ko" {
		return "en"
	}
	return "ko"
}
