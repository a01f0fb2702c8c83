package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/go-chi/chi/v5"

	"stride/internal/engine"
	"stride/internal/nn"
	"stride/internal/nn/explain"
	"stride/internal/viz"
	"stride/web/view"
)

// addCAM puts Grad-CAM on the page: the toggle, the picture for the selected layer, and the choice of the class. Untrained
// weights have nothing to explain.
func (t *trace) addCAM(p *view.ArchPage, n *nn.Node) {
	if !t.model.Trained() || !t.done || len(t.result.Top) == 0 {
		return
	}
	p.Bar.GradCAM = &view.Toggle{Label: t.w.GradCAM, URL: t.url(func(s *archState) { s.CAM = !s.CAM }), On: t.st.CAM}
	if !t.st.CAM {
		return
	}
	class := t.st.Class
	if class < 0 || class >= t.model.Graph.Output.Shape.C {
		class = t.result.Top[0].Index
	}
	at := t.camNode(n)
	u := nodeBase(t.run, at.Path) + "/cam.png?class=" + strconv.Itoa(class)
	name := t.s.names.of(t.model.Arch.Labels, t.lang, class)
	p.Result.CAM = &view.CAM{URL: u, Alt: fmt.Sprintf(t.w.CAMAlt, at.Path, name), Files: t.files("cam", pictureKinds)}
	if p.Inspector.Channel != nil {
		p.Inspector.Channel.CAMURL = u
	}
	sel := view.Select{Label: t.w.ExplainClass, Show: true}
	for _, g := range t.result.Top {
		sel.Options = append(sel.Options, view.Option{Label: t.s.names.of(t.model.Arch.Labels, t.lang, g.Index), URL: t.url(func(s *archState) { s.Class = g.Index }), Current: g.Index == class})
	}
	p.Result.Explain = &sel
}

// camNode is the selected layer when it has maps, else the last layer that has.
func (t *trace) camNode(n *nn.Node) *nn.Node {
	if n.Shape.PlaneLen() > 1 && n != t.model.Graph.Input {
		return n
	}
	last := n
	for _, m := range t.model.Graph.Main() {
		if m.Shape.PlaneLen() > 1 {
			last = m
		}
	}
	return last
}

// camFile is the Grad-CAM of a node for a class, painted over the picture as the network sees it.
func (s *Server) camFile(w http.ResponseWriter, r *http.Request) error {
	job, ok := s.runs.job(chi.URLParam(r, "run"))
	if !ok {
		return errNotFound
	}
	class, err := intParam(r.URL.Query(), "class", explain.Best, 0, maxIndex)
	if err != nil {
		return err
	}
	path, err := url.PathUnescape(chi.URLParam(r, "node"))
	if err != nil {
		return errNotFound
	}
	b, err := s.gradCAM(r.Context(), job, path, class)
	if err != nil {
		return err
	}
	return sendFile(w, r, "image/png", b)
}

// gradCAM runs the network forward and backward once, on a thread of the engine.
func (s *Server) gradCAM(ctx context.Context, job engine.Job, path string, class int) (png []byte, err error) {
	m, err := s.local.Model(job)
	if err != nil {
		return nil, err
	}
	n := m.Graph.Node(path)
	if n == nil || n.Aux || n.Shape.PlaneLen() == 1 || class >= m.Graph.Output.Shape.C || !m.Trained() {
		return nil, errNotFound
	}
	img, err := images{s.pictures, s.drawings}.Image(ctx, job.Image)
	if err != nil {
		return nil, err
	}
	err = s.engine.Compute(ctx, func() error {
		res, err := explain.Run(ctx, m.Graph, m.Tensor(img), m.Weights, explain.Config{Class: class, Nodes: []*nn.Node{n}})
		if err != nil {
			return err
		}
		cam, ok := res.Of(n)
		if !ok {
			return errNotFound
		}
		png = viz.PhotoPNG(viz.Heat(m.Picture(img), cam.Map.Plane(0, 0)))
		return nil
	})
	return png, err
}
