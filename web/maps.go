package web

import (
	"bytes"
	"encoding/csv"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/go-chi/chi/v5"

	"stride/internal/nn"
	"stride/internal/nn/input"
	"stride/internal/nn/tensor"
	"stride/internal/viz"
)

// nodeBase is the address of a node's pictures below that of its run.
func nodeBase(run, path string) string { return run + "/n/" + url.PathEscape(path) }

// lookOf reads the drawing parameters of an address: cm, scale, sort.
func lookOf(q url.Values) (cm *viz.Colormap, scope viz.Scope, order viz.Order, err error) {
	cm = viz.Mako
	if name := q.Get("cm"); name != "" {
		var ok bool
		if cm, ok = viz.ColormapByName(name); !ok {
			return nil, "", "", badRequest("cm")
		}
	}
	if scope, err = choiceParam(q, "scale", viz.Channel, viz.Layer, viz.Network); err != nil {
		return nil, "", "", err
	}
	order, err = choiceParam(q, "sort", viz.Strongest, viz.Varied, viz.ByIndex)
	return cm, scope, order, err
}

// output is the tensor of the address's run and node; it waits for a running trace.
func (s *Server) output(r *http.Request) (*nn.Node, *tensor.Tensor, error) {
	n, t, _, err := s.scaled(r, viz.Channel)
	return n, t, err
}

// scaled is output with the scale that its maps share in a scope, nil where every map has its own.
func (s *Server) scaled(r *http.Request, scope viz.Scope) (*nn.Node, *tensor.Tensor, *viz.Scale, error) {
	st, err := s.stream(r)
	if err != nil {
		return nil, nil, nil, err
	}
	defer st.Close()
	path, err := url.PathUnescape(chi.URLParam(r, "node"))
	if err != nil {
		return nil, nil, nil, errNotFound
	}
	n := st.Recording().Network.Graph.Node(path)
	if n == nil {
		return nil, nil, nil, errNotFound
	}
	t, err := st.Recording().At(r.Context(), path)
	if err != nil {
		return nil, nil, nil, err
	}
	shared, err := s.scales.shared(r.Context(), st.Recording(), t, scope)
	return n, t, shared, err
}

// runModel is the network of the address's run, for the names of files.
func (s *Server) runModel(r *http.Request) string {
	job, _ := s.runs.job(chi.URLParam(r, "run"))
	return job.Model
}

// channel is the channel of the address.
func channelOf(r *http.Request, t *tensor.Tensor) (int, error) {
	c, err := strconv.Atoi(chi.URLParam(r, "channel"))
	if err != nil || c < 0 || c >= t.Shape.C {
		return 0, errNotFound
	}
	return c, nil
}

// sheetFile is all channels of a node in one picture, in the order asked for.
func (s *Server) sheetFile(w http.ResponseWriter, r *http.Request) error {
	cm, scope, order, err := lookOf(r.URL.Query())
	if err != nil {
		return err
	}
	_, t, shared, err := s.scaled(r, scope)
	if err != nil {
		return err
	}
	sheet := sheetOf(t, shared, order, r.URL.Query().Get("all") != "")
	return sendFile(w, r, "image/png", sheet.PNG(viz.ColormapFor(cm, sheet.Scales[0])))
}

// sheetOf draws the first channels of t in an order, on a shared scale or, where that is nil, each on its own.
func sheetOf(t *tensor.Tensor, shared *viz.Scale, order viz.Order, all bool) *viz.Sheet {
	channels, _ := viz.Channels(viz.ChannelStats(t, 0), order)
	if !all && len(channels) > viz.MaxTiles {
		channels = channels[:viz.MaxTiles]
	}
	o := viz.SheetOptions{Channels: channels, Signed: viz.HasNegative(t.Data), Shared: shared}
	if shared != nil {
		o.Signed = shared.Signed
	}
	return viz.NewSheet(t, 0, o)
}

// scaleOf is the scale of one channel: the shared one, or its own where that is nil.
func scaleOf(t *tensor.Tensor, c int, shared *viz.Scale) viz.Scale {
	if shared != nil {
		return *shared
	}
	return viz.ScaleFor(t.Plane(0, c).Data, viz.HasNegative(t.Data))
}

// mapFile is one channel, a pixel per value.
func (s *Server) mapFile(w http.ResponseWriter, r *http.Request) error {
	cm, scope, _, err := lookOf(r.URL.Query())
	if err != nil {
		return err
	}
	zoom, err := intParam(r.URL.Query(), "zoom", 1, 1, 32)
	if err != nil {
		return err
	}
	_, t, shared, err := s.scaled(r, scope)
	if err != nil {
		return err
	}
	c, err := channelOf(r, t)
	if err != nil {
		return err
	}
	sc := scaleOf(t, c, shared)
	return sendFile(w, r, "image/png", viz.PNG(t.Plane(0, c), sc, viz.ColormapFor(cm, sc), zoom))
}

// valuesFile is one channel as little-endian float32.
func (s *Server) valuesFile(w http.ResponseWriter, r *http.Request) error {
	_, t, err := s.output(r)
	if err != nil {
		return err
	}
	c, err := channelOf(r, t)
	if err != nil {
		return err
	}
	return sendFile(w, r, "application/octet-stream", viz.RawFloats(t.Plane(0, c)))
}

// csvFile is one channel as a table.
func (s *Server) csvFile(w http.ResponseWriter, r *http.Request) error {
	n, t, err := s.output(r)
	if err != nil {
		return err
	}
	c, err := channelOf(r, t)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	out := csv.NewWriter(&b)
	p := t.Plane(0, c)
	for row := range slices.Chunk(p.Data, p.W) {
		rec := make([]string, len(row))
		for i, v := range row {
			rec[i] = strconv.FormatFloat(float64(v), 'g', -1, 32)
		}
		if err := out.Write(rec); err != nil {
			return err
		}
	}
	out.Flush()
	attachment(w, s.runModel(r)+"-"+n.Path+"-channel-"+strconv.Itoa(c)+".csv")
	return sendFile(w, r, "text/csv; charset=utf-8", b.Bytes())
}

// npyFile is the whole output of a node for NumPy: float32, N×C×H×W.
func (s *Server) npyFile(w http.ResponseWriter, r *http.Request) error {
	n, t, err := s.output(r)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := input.WriteNPY(&b, t, t.Shape.N, t.Shape.C, t.Shape.H, t.Shape.W); err != nil {
		return err
	}
	attachment(w, s.runModel(r)+"-"+n.Path+".npy")
	return sendFile(w, r, "application/octet-stream", b.Bytes())
}

// maxStripCols bounds the columns of a vector's picture.
const maxStripCols = 64

// stripFile is a vector as pixels, one a value: a column, or row by row in a number of columns.
func (s *Server) stripFile(w http.ResponseWriter, r *http.Request) error {
	cm, _, order, err := lookOf(r.URL.Query())
	if err != nil {
		return err
	}
	cols, err := intParam(r.URL.Query(), "cols", 1, 1, maxStripCols)
	if err != nil {
		return err
	}
	_, t, err := s.output(r)
	if err != nil {
		return err
	}
	if t.Shape.C%cols != 0 {
		return badRequest("cols")
	}
	sc := viz.ScaleFor(t.Data, viz.HasNegative(t.Data))
	channels, _ := viz.Channels(viz.ChannelStats(t, 0), order)
	v := make([]float32, len(channels))
	for i, c := range channels {
		v[i] = t.Data[c]
	}
	pix := make([]uint8, len(v))
	sc.Quantise(pix, v)
	return sendFile(w, r, "image/png", viz.EncodePNG(pix, cols, len(pix)/cols, viz.ColormapFor(cm, sc)))
}

// filtersFile is the kernels of a layer: in colour where they read a colour picture, the first input channel's slices
// otherwise.
func (s *Server) filtersFile(w http.ResponseWriter, r *http.Request) error {
	m, err := s.cfg.Catalogue.Load(chi.URLParam(r, "model"), r.URL.Query().Get("w"))
	if err != nil {
		return errNotFound
	}
	path, err := url.PathUnescape(chi.URLParam(r, "node"))
	if err != nil {
		return errNotFound
	}
	n := m.Graph.Node(path)
	if n == nil || len(n.Params) == 0 || n.Params[0].Role != nn.ConvWeight || len(n.Params[0].Dims) != 4 {
		return errNotFound
	}
	d := n.Params[0].Dims
	k := tensor.Of(tensor.Shape{N: d[0], C: d[1], H: d[2], W: d[3]}, m.Weights.Values(n.Key(n.Params[0])))
	if d[1] != 3 {
		sheet := viz.Kernels(k, 0, false)
		return sendFile(w, r, "image/png", sheet.PNG(viz.Vik))
	}
	f, err := viz.Filters(k, false)
	if err != nil {
		return err
	}
	return sendFile(w, r, "image/png", f.PNG(1))
}
