package web

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"stride/internal/lessons"
	"stride/internal/nn"
	"stride/internal/nn/arch"
	"stride/internal/viz"
	"stride/web/view"
)

// reader turns lesson trees into view models: links point into the page that the lesson stands on.
type reader struct {
	s    *Server
	w    *words
	lang string
	l    *lessons.Lesson
	t    *trace // the architecture page around the lesson; nil on other pages
	// answers are the reader's answers by question, action and fields where the next one goes.
	answers map[string]string
	action  string
	fields  func(question string) []view.Field
}

// newLesson is the lesson column; nil when the family has no lesson.
func (t *trace) newLesson(n *nn.Node) *view.Lesson {
	l := t.lesson()
	if l == nil || len(l.Steps) == 0 {
		return nil
	}
	at := min(t.st.Step, len(l.Steps)) - 1
	step := l.Steps[at]
	r := &reader{s: t.s, w: t.w, lang: t.lang.Tag(), l: l, t: t, answers: t.st.Answers, action: "/" + t.lang.Tag() + "/a/" + t.st.Model,
		fields: func(q string) []view.Field { return t.fields(func(s *archState) { delete(s.Answers, q) }) }}
	blocks := step.Blocks
	if at == 0 {
		blocks = slices.Concat(l.Lead, blocks)
	}
	out := &view.Lesson{Title: l.Title, Current: at, Heading: step.Title, Blocks: r.blocks(blocks), About: r.about(step.Node)}
	for i, s := range l.Steps {
		out.Steps = append(out.Steps, view.LessonStep{Title: s.Title, URL: t.stepURL(l, i), Done: i < at})
	}
	if at > 0 {
		out.Back = &view.Link{Label: l.Steps[at-1].Short, URL: t.stepURL(l, at-1)}
	}
	if at < len(l.Steps)-1 {
		out.Next = &view.Link{Label: l.Steps[at+1].Short, URL: t.stepURL(l, at+1)}
	}
	for _, term := range lessons.TermsOf(blocks) {
		out.Terms = append(out.Terms, r.term(term))
	}
	return out
}

// about says whose numbers a lesson gives where another network of the family runs beside it; nil where its own does.
func (r *reader) about(node string) view.Rich {
	a, err := arch.ByName(r.l.Arch)
	if err != nil || a.Name == r.t.st.Model {
		return nil
	}
	text := fmt.Sprintf(r.w.LessonAbout, a.Title, r.t.model.Arch.Title)
	return append(view.T(text+" "), view.Span{Kind: view.SpanLink, Inner: view.T(fmt.Sprintf(r.w.OpenNetwork, a.Title)), URL: r.ownURL(a.Name, node)})
}

// lessonSlug is the file of a family's lesson: the Inception family's is about GoogLeNet.
func lessonSlug(family string) string {
	if family == "inception" {
		return "googlenet"
	}
	return family
}

// stepURL is the page at another step: it selects what the step speaks of.
func (t *trace) stepURL(l *lessons.Lesson, i int) string {
	st := t.st.with(func(a *archState) { a.Step = i + 1 })
	return t.nodeOf(l, st).url(t.lang.Tag())
}

// nodeOf selects what a view's step speaks of; a step without a node leaves the view as it is.
func (t *trace) nodeOf(l *lessons.Lesson, st archState) archState {
	s := l.Steps[st.Step-1]
	if p, ok := t.there(l, s.Node); s.Node != "" && ok && t.model.Graph.Node(p) != nil && !t.model.Graph.Node(p).Aux {
		st = st.selectNode(p)
		st.Channel = s.Channel
	}
	return st
}

// atStep is nodeOf for a view that names no node; a channel, pixel or the like that it names is kept.
func (t *trace) atStep(st archState) archState {
	l := t.lesson()
	if l == nil || st.Step > len(l.Steps) {
		return st
	}
	at := t.nodeOf(l, st)
	if st.Channel >= 0 {
		at.Channel = st.Channel
	}
	at.Y, at.X, at.In, at.All, at.CAMAt = st.Y, st.X, st.In, st.All, st.CAMAt
	return at
}

// there is a layer or block of the lesson in the network of the page: the one that the lesson names, or where it names none,
// the one that does the same in this network of the family.
func (t *trace) there(l *lessons.Lesson, path string) (string, bool) {
	if p, ok := l.Path(t.st.Model, path); ok {
		return p, true
	}
	a, err := arch.ByName(l.Arch)
	if err != nil || a.Family != t.model.Arch.Family {
		return "", false
	}
	g, err := a.Graph()
	if err != nil {
		return "", false
	}
	n := first(g, path)
	if n == nil || n.Aux {
		return "", false
	}
	from, to := outlineOf(g), outlineOf(t.model.Graph)
	block := n.Path != path
	if b := from.Find(path); block && b != nil {
		n = b.Out // its first layer may be one that blocks elsewhere do not have
	}
	m := from.Nearest(to, n)
	if m == nil || m.Aux {
		return "", false
	}
	if _, b, _ := to.At(m); block && b.Path != "" {
		return b.Path, true
	}
	return m.Path, true
}

// counterpart is there for words that point at a layer: false where another layer than the one they name would open.
func (t *trace) counterpart(l *lessons.Lesson, path string) (string, bool) {
	p, ok := t.there(l, path)
	if _, promised := l.Path(t.st.Model, path); !ok || promised {
		return p, ok
	}
	a, err := arch.ByName(l.Arch)
	if err != nil {
		return "", false
	}
	g, err := a.Graph()
	if err != nil {
		return "", false
	}
	if n := g.Node(path); n != nil && outlineOf(g).Counterpart(outlineOf(t.model.Graph), n) == nil {
		return "", false
	}
	return p, true
}

// lesson is the family's; nil where there is none.
func (t *trace) lesson() *lessons.Lesson {
	return t.s.library.Book(t.lang.Tag()).Lesson(lessons.ArchLesson, lessonSlug(t.model.Arch.Family))
}

// focus lists the paths that the current step shows at full strength; nil for everything.
func (t *trace) focus() []string {
	l := t.lesson()
	if l == nil || t.st.Step > len(l.Steps) {
		return nil
	}
	var f []string
	for _, p := range l.Steps[t.st.Step-1].Focus {
		if q, ok := t.there(l, p); ok {
			f = append(f, q)
		}
	}
	return f
}

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

// question shows a question and, once it is answered, what the answer computes.
func (r *reader) question(q lessons.Question) view.Question {
	v := view.Question{ID: q.ID, Prompt: r.rich(q.Prompt), Action: r.action, Name: "q." + q.ID, Numeric: q.Numeric, Predict: q.Predict}
	if r.fields != nil {
		v.Fields = r.fields(q.ID)
	}
	given, answered := r.answers[q.ID]
	v.Value = given
	chosen := -1
	if q.Numeric {
		if f, err := strconv.ParseFloat(strings.ReplaceAll(given, ",", ""), 64); answered && err == nil {
			r.gradeNumber(&v, q, f)
		}
		return v
	}
	if n, err := strconv.Atoi(given); answered && err == nil && n >= 0 && n < len(q.Choices) {
		chosen = n
	}
	for i, c := range q.Choices {
		v.Choices = append(v.Choices, view.Choice{Label: r.rich(c.Label), Value: strconv.Itoa(i), Chosen: i == chosen, Right: answered && c.Right})
	}
	switch {
	case chosen >= 0:
		r.verdict(&v, q.Choices[chosen])
	case answered && q.Predict: // "no idea yet"
		v.Verdict = r.rich(q.Choices[q.Right()].Why)
	}
	return v
}

func (r *reader) verdict(v *view.Question, c lessons.Choice) {
	v.Verdict, v.Right = r.rich(c.Why), c.Right
	if m := r.s.library.Book(r.lang).Misconception(c.Misconception); m != nil && !c.Right {
		v.Cause = m.Text
	}
}

func (r *reader) gradeNumber(v *view.Question, q lessons.Question, f float64) {
	c, known := q.Grade(f)
	if known {
		r.verdict(v, c)
		return
	}
	right := q.Choices[q.Right()]
	v.Verdict = append(view.T(r.w.NotThat+" "), append(r.rich(right.Label), append(view.T(". "), r.rich(right.Why)...)...)...)
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
