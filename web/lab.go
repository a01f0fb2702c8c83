package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"stride/internal/engine"
	"stride/internal/lessons"
	"stride/web/view"
)

// lab is what one lab adds to the page that all labs share: text, questions, answers, maps of the current picture,
// previous and next come from there. To add one, write its text in content/*/lab, this value, and a row in labsOf.
type lab struct {
	slug string
	// model names the network whose maps the lab shows; "" is none.
	model func(s *Server) string
	// open reads the lab's own part of the address.
	open func(q url.Values) (labState, error)
}

// labState is a lab as its address describes it.
type labState interface {
	// values are the lab's own parameters that are not at their defaults: open and values are inverses.
	values() url.Values
	// bench is the controls and what they drive, without action and answers.
	bench(w *words) view.Bench
	// beside adds figures to a section of the text.
	beside(p *labPlace, section *view.LabSection) error
}

// labPlace is what a lab's figures can draw on: the page, the reader of its text with the run of the lab's own network, and
// runs of others.
type labPlace struct {
	view.Page
	*reader
	ctx context.Context
	// open runs a network on the current picture, some of its convolutions at lower rank, and waits for it: a while, or as
	// long as a reader would who asked for nothing else.
	open func(model string, ranks []engine.Rank, asked bool) (*trace, error)
	// wait makes the page look again until a run has ended.
	wait func(t *trace)
}

// labsOf lists the labs that have a bench.
var labsOf = []lab{bottleneckLab}

// lab is the page of a lab.
func (s *Server) lab(l lab) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		st, err := l.open(r.URL.Query())
		if err != nil {
			return err
		}
		b := s.base(w, r, view.NavLabs, "")
		text := s.library.Book(b.Lang.Tag()).Lesson(lessons.LabLesson, l.slug)
		b.Title = text.Title
		t, err := s.openDefault(w, r, l.model(s))
		if err != nil {
			return err
		}
		answers := answersOf(r.URL.Query())
		action := b.URL("/labs/" + l.slug)
		rd := &reader{s: s, w: wordsOf(b.Lang), lang: b.Lang.Tag(), l: text, t: t, answers: answers, action: action,
			fields: func(q string) []view.Field { return labFields(st, answers, q) }}
		p := view.LabPage{Page: b, Crumbs: []view.Link{{Label: b.T().Lab.Title, URL: b.URL("/labs")}, {Label: text.Title}}, Heading: text.Title}
		at := &labPlace{Page: b, reader: rd, ctx: r.Context(), wait: func(t *trace) { p.RefreshIn = max(p.RefreshIn, refreshOf(t.newStream())) }}
		at.open = s.labRuns(w, r)
		at.wait(t)
		p.Bench = st.bench(rd.w)
		p.Bench.Action, p.Bench.Reset = action, &view.Link{Label: b.T().Lab.Reset, URL: action}
		p.Bench.Fields = append(p.Bench.Fields, fieldsOf(answerValues(answers))...)
		for i, bl := range rd.blocks(text.Lead) {
			if par, ok := bl.(view.Paragraph); ok && i == 0 {
				p.Lead = par.Text
			}
		}
		for _, step := range text.Steps {
			sec := view.LabSection{ID: step.ID, Heading: step.Title, Blocks: rd.blocks(step.Blocks)}
			if err := st.beside(at, &sec); err != nil {
				return err
			}
			p.Sections = append(p.Sections, sec)
		}
		offerLab(b, l, st, &p)
		p.Prev, p.Next = s.labNeighbours(b, l.slug)
		return render(w, r, http.StatusOK, view.Lab(p))
	}
}

// labRuns opens runs on a visitor's picture.
func (s *Server) labRuns(w http.ResponseWriter, r *http.Request) func(string, []engine.Rank, bool) (*trace, error) {
	return func(model string, ranks []engine.Rank, asked bool) (*trace, error) {
		wait := s.patienceFor(r)
		if asked && !prefers(r, "wait=0") {
			wait = max(wait, timingPatience)
		}
		return s.openReduced(w, r, model, ranks, wait)
	}
}

// labNeighbours are the labs before and after one in the order of the texts.
func (s *Server) labNeighbours(b view.Page, slug string) (prev, next *view.Link) {
	cards := s.labCards(b)
	for i, c := range cards {
		if c.Slug != slug {
			continue
		}
		if i > 0 {
			prev = &view.Link{Label: cards[i-1].Title, URL: cards[i-1].URL}
		}
		if i+1 < len(cards) {
			next = &view.Link{Label: cards[i+1].Title, URL: cards[i+1].URL}
		}
	}
	return prev, next
}

// answersOf reads the answers of an address by question.
func answersOf(q url.Values) map[string]string {
	a := map[string]string{}
	for k := range q {
		if id, ok := strings.CutPrefix(k, "q."); ok && id != "" && len(q.Get(k)) <= 64 {
			a[id] = q.Get(k)
		}
	}
	return a
}

func answerValues(answers map[string]string) url.Values {
	q := url.Values{}
	for id, v := range answers {
		q.Set("q."+id, v)
	}
	return q
}

// labFields is a lab's address as hidden fields, without one answer.
func labFields(st labState, answers map[string]string, without string) []view.Field {
	q := st.values()
	for k, v := range answerValues(answers) {
		if k != "q."+without {
			q[k] = v
		}
	}
	return fieldsOf(q)
}

// fieldsOf are parameters as hidden fields.
func fieldsOf(q url.Values) (l []view.Field) {
	for _, k := range sortedKeys(q) {
		l = append(l, view.Field{Name: k, Value: q.Get(k)})
	}
	return l
}

// slider is a control of a whole number from 1.
func slider(name, text string, op view.Op, v, hi int) view.Control {
	return view.Control{Kind: view.ControlRange, Name: name, Label: text, Op: op, Min: 1, Max: float64(max(hi, v)), Step: 1, Value: float64(v)}
}

// labParam is a whole number of a lab's address.
type labParam struct {
	name        string
	to          *int
	def, lo, hi int
}

func parseParams(q url.Values, params []labParam) (err error) {
	for _, p := range params {
		if *p.to, err = intParam(q, p.name, p.def, p.lo, p.hi); err != nil {
			return err
		}
	}
	return nil
}

// encodeParams writes what is not at its default.
func encodeParams(params []labParam) url.Values {
	q := url.Values{}
	for _, p := range params {
		if *p.to != p.def {
			q.Set(p.name, strconv.Itoa(*p.to))
		}
	}
	return q
}
