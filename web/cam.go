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

// addCAM puts Grad-CAM on the page: the toggle, the picture for the selected layer or for the one that the slider is at, and the
// choice of the class. Untrained weights have nothing to explain, and of an edited network no gradients are taken.
func (t *trace) addCAM(p *view.ArchPage, n *nn.Node) {
	if !t.model.Trained() || !t.done || len(t.result.Top) == 0 || len(t.st.Edits) > 0 {
		return
	}
	p.Bar.GradCAM = &view.Toggle{Label: t.w.GradCAM, URL: t.url(func(s *archState) { s.CAM, s.CAMAt = !s.CAM, 0 }), On: t.st.CAM}
	if !t.st.CAM {
		return
	}
	class := t.st.Class
	if class < 0 || class >= t.model.Graph.Output.Shape.C {
		class = t.result.Top[0].Index
	}
	layers := camLayers(t.model.Graph)
	at := t.camNode(n, layers)
	u := nodeBase(t.run, at.Path) + "/cam.png?class=" + strconv.Itoa(class)
	name := t.s.names.of(t.model.Arch.Labels, t.lang, class)
	p.Result.CAM = &view.CAM{URL: u, Alt: fmt.Sprintf(t.w.CAMAlt, at.Path, name), Layer: t.headline(at), Files: t.files("cam", pictureKinds)}
	if p.Inspector.Channel != nil {
		p.Inspector.Channel.CAMURL = u
	}
	p.Result.CAM.Action, p.Result.CAM.Fields = "/"+t.lang.Tag()+"/a/"+t.st.Model, t.fields(func(s *archState) { s.CAMAt = 0 })
	p.Result.CAM.Through = view.Control{Kind: view.ControlRange, Name: "at", Label: t.w.CAMLayer, Min: 1, Max: float64(len(layers)), Step: 1, Value: float64(camPlace(at, layers))}
	sel := view.Select{Label: t.w.ExplainClass, Show: true}
	for _, g := range t.result.Top {
		sel.Options = append(sel.Options, view.Option{Label: t.s.names.of(t.model.Arch.Labels, t.lang, g.Index), URL: t.url(func(s *archState) { s.Class = g.Index }), Current: g.Index == class})
	}
	p.Result.Explain = &sel
}

// camLayers are the layers that a reader looks through with Grad-CAM: what each hands on, as long as it is maps.
func camLayers(g *nn.Graph) (l []*nn.Node) {
	for _, b := range outlineOf(g).Blocks() {
		for _, y := range b.Layers {
			if n := y.Out(); n != g.Input && !n.Aux && n.Shape.PlaneLen() > 1 {
				l = append(l, n)
			}
		}
	}
	return l
}

// camPlace is the place of a node among the layers, counted from 1; of a node inside a layer, that of the layer.
func camPlace(n *nn.Node, layers []*nn.Node) int {
	for i, m := range layers {
		if m.ID >= n.ID {
			return i + 1
		}
	}
	return len(layers)
}

// camNode is the layer that the slider is at, else the selected layer when it has maps, else the last layer that has.
func (t *trace) camNode(n *nn.Node, layers []*nn.Node) *nn.Node {
	if t.st.CAMAt > 0 && len(layers) > 0 {
		return layers[min(t.st.CAMAt, len(layers))-1]
	}
	if n.Shape.PlaneLen() > 1 && n != t.model.Graph.Input {
		return n
	}
	if len(layers) > 0 {
		return layers[len(layers)-1]
	}
	return n
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

// gradCAM draws the map of a node over the picture.
func (s *Server) gradCAM(ctx context.Context, job engine.Job, path string, class int) ([]byte, error) {
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
	maps, err := s.cams.get(ctx, camKey{job.Key(), class}, func() (res *explain.Result, err error) {
		err = s.engine.Compute(ctx, func() (err error) {
			res, err = explain.Run(ctx, m.Graph, m.Tensor(img), m.Weights, explain.Config{Class: class})
			return err
		})
		return res, err
	})
	if err != nil {
		return nil, err
	}
	cam, ok := maps.Of(n)
	if !ok {
		return nil, errNotFound
	}
	return viz.PhotoPNG(viz.Heat(m.Picture(img), cam.Map.Plane(0, 0))), nil
}
