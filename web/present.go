package web

import (
	"fmt"
	"net/http"

	"rsc.io/qr"

	"stride/web/view"
)

// present is the projector's screen: one step, one row of pictures, and a code that leads to the same page.
func (s *Server) present(w http.ResponseWriter, r *http.Request) error {
	t, err := s.open(w, r, s.patienceFor(r))
	if err != nil {
		return err
	}
	t.late = true
	n, err := t.selected()
	if err != nil {
		return err
	}
	p := view.PresentPage{Page: t.base(w, r, view.NavNone, t.model.Arch.Title), Network: t.model.Arch.Title, EndURL: t.url(func(*archState) {}), Heading: t.model.Arch.Title, Weights: t.badge()}
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
	at := false
	for i, m := range flowStages(t.model.Graph, len(t.w.Depths)) {
		x := view.PresentStage{Tile: t.tile(m, 0), Size: 200 - 20*float64(i), Name: t.depthName(m, i), Shape: shapeText(m.Shape), Selected: !at && n.ID <= m.ID, URL: t.nodeURL(m)}
		at = at || x.Selected
		p.Stages = append(p.Stages, x)
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
