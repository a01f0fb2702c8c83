package web

import (
	"fmt"
	"net/http"

	"rsc.io/qr"

	"stride/internal/lessons"
	"stride/web/view"
)

// present is the projector's screen: one step, one row of pictures, and a code that leads to the same page.
func (s *Server) present(w http.ResponseWriter, r *http.Request) error {
	t, err := s.open(w, r, patienceFor(r))
	if err != nil {
		return err
	}
	t.late = true
	n, err := t.selected()
	if err != nil {
		return err
	}
	p := view.PresentPage{Page: s.base(w, r, view.NavNone, t.model.Arch.Title), Network: t.model.Arch.Title, EndURL: t.url(func(*archState) {}), Heading: t.model.Arch.Title}
	p.Bare, p.Present = true, true
	p.Code, p.Address = codeOf(r, p.EndURL), r.Host+p.EndURL
	p.Join = t.w.OpenOnPhone
	if l := t.newLesson(n); l != nil {
		p.Heading, p.Steps, p.Current = l.Heading, l.Steps, l.Current
		p.StepText = fmt.Sprintf(p.T().Common.StepOf, l.Current+1, len(l.Steps))
		for i := range p.Steps {
			p.Steps[i].URL = t.presentURL(i)
		}
		if l.Current > 0 {
			p.PrevURL = t.presentURL(l.Current - 1)
		}
		if l.Current < len(l.Steps)-1 {
			p.NextURL = t.presentURL(l.Current + 1)
		}
	}
	p.Stages = append(p.Stages, view.PresentStage{Photo: t.seenURL(), Size: 220, Name: t.w.Image, Shape: shapeText(t.model.Graph.Input.Shape)})
	for i, m := range flowStages(t.model.Graph, 4) {
		p.Stages = append(p.Stages, view.PresentStage{Tile: t.tile(m, 0), Size: 200 - 20*float64(i), Name: m.Path, Shape: shapeText(m.Shape), Selected: m == n, URL: t.nodeURL(m)})
	}
	return render(w, r, http.StatusOK, view.Present(p))
}

func (t *trace) presentURL(step int) string {
	return query("/"+t.lang.Tag()+"/a/"+t.st.Model+"/present", t.st.with(func(s *archState) { s.Step = step + 1 }).values())
}

// codeOf is an address as a QR code; nil when it is too long for one.
func codeOf(r *http.Request, path string) *view.QR {
	scheme := "http://"
	if r.TLS != nil {
		scheme = "https://"
	}
	c, err := qr.Encode(scheme+r.Host+path, qr.M)
	if err != nil {
		return nil
	}
	q := &view.QR{Label: r.Host + path}
	for y := range c.Size {
		row := make([]bool, c.Size)
		for x := range row {
			row[x] = c.Black(x, y)
		}
		q.Modules = append(q.Modules, row)
	}
	return q
}

// print is the lesson as a document for paper: every step with its figure, the layers, the answers on the last page.
func (s *Server) print(w http.ResponseWriter, r *http.Request) error {
	t, err := s.open(w, r, patienceFor(r))
	if err != nil {
		return err
	}
	t.late = true
	l := s.library.Book(t.lang.Tag()).Lesson(lessons.ArchLesson, lessonSlug(t.model.Arch.Family))
	if l == nil {
		return errNotFound
	}
	p := view.PrintPage{Page: s.base(w, r, view.NavArchitectures, l.Title), Heading: l.Title + " · " + t.model.Arch.Title, Facts: t.newArchBar(r).Facts}
	rd := &reader{s: s, w: t.w, lang: t.lang.Tag(), l: l, t: t, answers: map[string]string{}}
	p.Lead = rd.blocks(l.Lead)
	for i, step := range l.Steps {
		ps := view.PrintStep{Title: step.Title, Blocks: rd.blocks(step.Blocks), Code: codeOf(r, t.stepURL(l, i))}
		if path, ok := l.Path(t.st.Model, step.Node); ok && step.Node != "" {
			if n := first(t.model.Graph, path); n != nil {
				o := outlineOf(t.model.Graph)
				_, b, _ := o.At(n)
				d := t.newDiagram(o.Draw(b), n, zoomBlock)
				d.ID = fmt.Sprintf("step-%d", i+1)
				ps.Diagram = &d
			}
		}
		p.Steps = append(p.Steps, ps)
		for _, q := range step.Questions() {
			p.Answers = append(p.Answers, view.Fact{Label: plain(q.Prompt), Value: plain(q.Choices[q.Right()].Label), Note: plain(q.Choices[q.Right()].Why)})
		}
	}
	for _, src := range l.Sources {
		p.Refs = append(p.Refs, view.RefRow{ID: src.ID, Authors: src.Authors, Title: src.Title, Where: src.Venue, Year: fmt.Sprint(src.Year), URL: src.URL()})
	}
	p.Address, p.Code = r.Host+t.url(func(*archState) {}), codeOf(r, t.url(func(*archState) {}))
	return render(w, r, http.StatusOK, view.Print(p))
}
