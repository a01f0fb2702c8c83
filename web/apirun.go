package web

import (
	"cmp"
	"context"
	"io"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"

	"stride/internal/engine"
	"stride/internal/nn"
	"stride/internal/nn/arch"
	"stride/internal/nn/model"
	"stride/internal/nn/tensor"
	"stride/web/i18n"
)

// apiRun runs a network on the request's picture: a sample in the query, or an upload in the body. Where an answer is asked for,
// random weights are refused before anything runs.
func (s *Server) apiRun(w http.ResponseWriter, r *http.Request, answers bool) (*model.Model, *engine.Recording, apiPrediction, error) {
	var out apiPrediction
	q := r.URL.Query()
	a, err := arch.ByName(chi.URLParam(r, "model"))
	if err != nil {
		return nil, nil, out, errNotFound
	}
	m, err := s.cfg.Catalogue.Load(a.Name, q.Get("weights"))
	if err != nil {
		return nil, nil, out, &Error{Status: http.StatusNotFound, Code: "weights_missing", Arg: a.Title, Err: err}
	}
	top, err := intParam(q, "top", shownClasses, 1, 1000)
	if err != nil {
		return nil, nil, out, err
	}
	if answers && !m.Trained() {
		return nil, nil, out, &Error{Status: http.StatusUnprocessableEntity, Code: "untrained", Arg: a.Title}
	}
	v := s.sessions.open(w, r)
	p, err := s.apiPicture(w, r, v.id)
	if err != nil {
		return nil, nil, out, err
	}
	job, err := s.local.Resolve(engine.Job{Image: p.ref(), Model: a.Name, Weights: m.Provenance.ID})
	if err != nil {
		return nil, nil, out, err
	}
	rec, res, err := s.engine.Run(r.Context(), v.id, job)
	if err != nil {
		return nil, nil, out, err
	}
	out = apiPrediction{Model: a.Name, Weights: apiID{m.Provenance.ID, m.Provenance.TrainedOn, m.Provenance.SHA256}, Run: s.runs.address(rec.Job), Top: []apiGuess{},
		MS: float64(res.Elapsed.Microseconds()) / 1000, Trained: m.Trained(), Logits: apiNumbers(res.Logits)}
	if m.Trained() {
		out.Top = s.apiTop(a.Labels, res.Logits, top)
	}
	return m, rec, out, nil
}

// apiPicture is the picture of a request.
func (s *Server) apiPicture(w http.ResponseWriter, r *http.Request, owner string) (picture, error) {
	if r.Method == http.MethodGet {
		name := r.URL.Query().Get("img")
		if s.samples.byName[name] == nil {
			return picture{}, badRequest("img")
		}
		return picture{Sample: name}, nil
	}
	file, err := s.apiUpload(w, r)
	if err != nil {
		return picture{}, err
	}
	blob, err := s.pictures.Add(r.Context(), owner, file)
	if err != nil {
		return picture{}, err
	}
	return uploadOf(blob), nil
}

// apiUpload is the picture in a body: as it is, or as the file of a form.
func (s *Server) apiUpload(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
		f, err := readForm(w, r, s.cfg.Limits.Bytes)
		if err != nil {
			return nil, err
		}
		if f.file == nil {
			return nil, badRequest("file")
		}
		return f.file, nil
	}
	b, err := io.ReadAll(http.MaxBytesReader(w, &paced{body: r.Body, c: http.NewResponseController(w)}, s.cfg.Limits.Bytes))
	if err != nil {
		return nil, fileError(err, s.cfg.Limits.Bytes)
	}
	return b, nil
}

// apiTop are the likeliest classes with their softmax shares, computed from the logits in float64.
func (s *Server) apiTop(labels arch.Labels, logits []float32, k int) []apiGuess {
	best := math.Inf(-1)
	for _, v := range logits {
		best = max(best, float64(v))
	}
	sum := 0.0
	l := make([]apiGuess, len(logits))
	for i, v := range logits {
		e := math.Exp(float64(v) - best)
		sum += e
		l[i] = apiGuess{Index: i, Label: s.names.of(labels, i18n.English, i), Prob: e}
	}
	for i := range l {
		l[i].Prob /= sum
	}
	slices.SortStableFunc(l, func(a, b apiGuess) int { return cmp.Compare(b.Prob, a.Prob) })
	return l[:min(k, len(l))]
}

func (s *Server) apiPredict(w http.ResponseWriter, r *http.Request) error {
	_, _, out, err := s.apiRun(w, r, true)
	if err != nil {
		return err
	}
	out.Logits = nil
	return sendJSON(w, r, out)
}

func (s *Server) apiTrace(w http.ResponseWriter, r *http.Request) error {
	m, rec, out, err := s.apiRun(w, r, false)
	if err != nil {
		return err
	}
	for _, n := range m.Graph.Main() {
		x, err := rec.At(r.Context(), n.Path)
		if err != nil {
			return err
		}
		st := x.Stats()
		out.Nodes = append(out.Nodes, apiStats{n.Path, string(n.Op.Kind()), nchwOf(x.Shape), apiNumber(st.Mean), apiNumber(st.Std), apiNumber(st.Min), apiNumber(st.Max), apiNumber(st.AbsMean), apiNumber(st.L2)})
	}
	return sendJSON(w, r, out)
}

// nchwOf is a shape as an array of the command line's trace: [1,C,H,W], or [1,C] for a vector.
func nchwOf(s tensor.Shape) []int {
	if s.PlaneLen() == 1 {
		return []int{s.N, s.C}
	}
	return []int{s.N, s.C, s.H, s.W}
}

// apiNodeOf opens a run's node.
func (s *Server) apiNodeOf(r *http.Request) (*engine.Stream, *nn.Node, error) {
	st, err := s.stream(r)
	if err != nil {
		return nil, nil, err
	}
	path, err := url.PathUnescape(chi.URLParam(r, "node"))
	if err == nil {
		if n := st.Recording().Network.Graph.Node(path); n != nil {
			return st, n, nil
		}
	}
	st.Close()
	return nil, nil, &Error{Status: http.StatusNotFound, Code: "no_layer", Arg: path}
}

func (s *Server) apiValues(w http.ResponseWriter, r *http.Request) error {
	st, n, err := s.apiNodeOf(r)
	if err != nil {
		return err
	}
	defer st.Close()
	c, err := intParam(r.URL.Query(), "c", 0, 0, n.Shape.C-1)
	if err != nil {
		return err
	}
	x, err := st.Recording().At(r.Context(), n.Path)
	if err != nil {
		return err
	}
	out := apiValues{Path: n.Path, Shape: nchwOf(x.Shape), Channel: c, Values: [][]apiNumber{}}
	p := x.Plane(0, c)
	for y := range n.Shape.H {
		out.Values = append(out.Values, apiNumbers(p.Data[y*n.Shape.W:(y+1)*n.Shape.W]))
	}
	return sendJSON(w, r, out)
}

func (s *Server) apiExplain(w http.ResponseWriter, r *http.Request) error {
	st, n, err := s.apiNodeOf(r)
	if err != nil {
		return err
	}
	defer st.Close()
	q := r.URL.Query()
	var cell nn.Cell
	for _, f := range []struct {
		name string
		to   *int
		n    int
	}{{"c", &cell.C, n.Shape.C}, {"y", &cell.Y, n.Shape.H}, {"x", &cell.X, n.Shape.W}} {
		if *f.to, err = intParam(q, f.name, 0, 0, f.n-1); err != nil {
			return err
		}
	}
	limit, err := intParam(q, "limit", 1000, 1, 100000)
	if err != nil {
		return err
	}
	e, ok := n.Op.(nn.Explainer)
	if !ok {
		return &Error{Status: http.StatusUnprocessableEntity, Code: "no_layer", Arg: n.Path}
	}
	call, err := s.apiCall(r.Context(), st.Recording(), n)
	if err != nil {
		return err
	}
	return sendJSON(w, r, newAPIExplanation(n, cell, e.Explain(call, cell), limit))
}

// apiCall gathers a node's inputs, output and parameters.
func (s *Server) apiCall(ctx context.Context, rec *engine.Recording, n *nn.Node) (*nn.Call, error) {
	m, err := s.local.Model(rec.Job)
	if err != nil {
		return nil, err
	}
	c := &nn.Call{Op: n.Op}
	if c.Out, err = rec.At(ctx, n.Path); err != nil {
		return nil, err
	}
	for _, in := range n.In {
		x, err := rec.At(ctx, in.Path)
		if err != nil {
			return nil, err
		}
		c.In = append(c.In, x)
	}
	c.Params, err = n.Values(m.Weights)
	return c, err
}

func newAPIExplanation(n *nn.Node, cell nn.Cell, t nn.Terms, limit int) apiExplanation {
	out := apiExplanation{Path: n.Path, Kind: string(n.Op.Kind()), Cell: []int{cell.C, cell.Y, cell.X}, Form: string(t.Form), Value: apiNumber(t.Value), Sum: apiNumber(t.Sum), Terms: []apiPart{}, Total: len(t.Items), Symbols: []apiNamed{}}
	if t.HasBias {
		b := t.Bias
		out.Bias = &b
	}
	for _, i := range largest(t.Items, limit) {
		x := t.Items[i]
		out.Terms = append(out.Terms, apiPart{Input: n.In[x.In].Path, Cell: []int{x.Cell.C, x.Cell.Y, x.Cell.X}, X: apiNumber(x.X), W: apiNumber(x.W)})
	}
	for _, x := range t.Named {
		out.Symbols = append(out.Symbols, apiNamed{x.Symbol, apiNumber(x.Value)})
	}
	return out
}

// largest are the places of the terms with the largest products, in the order of the sum.
func largest(items []nn.Term, limit int) []int {
	at := make([]int, len(items))
	for i := range at {
		at[i] = i
	}
	if len(at) > limit {
		slices.SortStableFunc(at, func(a, b int) int {
			return cmp.Compare(math.Abs(items[b].X*items[b].W), math.Abs(items[a].X*items[a].W))
		})
		at = at[:limit]
		slices.Sort(at)
	}
	return at
}
