package web

import (
	"fmt"
	"slices"

	"stride/internal/lessons"
	"stride/internal/nn"
	"stride/internal/nn/arch"
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
