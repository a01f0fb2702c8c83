package web

import (
	"context"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"

	"stride/internal/engine"
	"stride/internal/nn"
	"stride/internal/nn/analyze"
	"stride/internal/nn/arch"
	"stride/internal/nn/model"
	"stride/internal/nn/tensor"
	"stride/web/i18n"
)

// glance is how long a part of the page is waited for that a script asks for during a run: enough to hear where the run is.
const glance = 5 * time.Millisecond

// patienceFor is the patience that a request asks for: scripts do not wait (RFC 7240).
func (s *Server) patienceFor(r *http.Request) time.Duration {
	if prefers(r, "wait=0") {
		return glance
	}
	return s.cfg.Patience
}

// trace is a network on a picture, as far as it is computed: what the parts of an architecture page are made from.
type trace struct {
	s       *Server
	lang    i18n.Lang
	w       *words
	st      archState
	model   *model.Model
	summary *analyze.Summary
	picture picture
	job     engine.Job
	run     string // address of the run
	rec     *engine.Recording
	reached map[int]engine.NodeEvent
	result  engine.Result
	before  engine.Result // the answer without edits, where it is there and the page has edits
	done    bool
	failed  error
	queued  engine.Event
	// late says that the page has no stream: pictures that are not there yet come when they are computed.
	late bool
}

// open starts or joins the run of a page.
func (s *Server) open(w http.ResponseWriter, r *http.Request, wait time.Duration) (*trace, error) {
	st, err := parseArch(chi.URLParam(r, "model"), r.URL.Query())
	if err != nil {
		return nil, err
	}
	t := &trace{s: s, lang: languageOf(r), st: st}
	t.w = wordsOf(t.lang)
	if err := t.load(); err != nil {
		return nil, err
	}
	t.picture = s.current(r, t.model.Arch.Labels)
	t.job, err = s.local.Resolve(engine.Job{Image: t.picture.ref(), Model: st.Model, Weights: t.model.Provenance.ID, Options: engine.Options{Height: st.Size, Width: st.Size, Edits: st.Edits}})
	if err != nil {
		return nil, err
	}
	v := s.sessions.open(w, r)
	if len(st.Edits) > 0 { // first, because the edited run computes only what the edits change
		if err := t.unedited(r.Context(), v.id, wait); err != nil {
			return nil, err
		}
	}
	stream, err := s.engine.Submit(r.Context(), v.id, t.job)
	if err != nil {
		return nil, err
	}
	defer stream.Close()
	t.follow(r.Context(), stream, wait)
	t.job = stream.Recording().Job
	t.run = "/r/" + s.runs.address(t.job)
	return t, nil
}

// unedited runs the job without its edits, for the answer before them.
func (t *trace) unedited(ctx context.Context, session string, wait time.Duration) error {
	job := t.job
	job.Options.Edits = nil
	stream, err := t.s.engine.Submit(ctx, session, job)
	if err != nil {
		return err
	}
	defer stream.Close()
	await(ctx, stream, wait)
	t.before, _ = stream.Recording().Result()
	return nil
}

// load finds the model, its graph and its numbers.
func (t *trace) load() error {
	a, err := arch.ByName(t.st.Model)
	if err != nil {
		return errNotFound
	}
	in := tensor.Shape{}
	if t.st.Size > 0 {
		in = tensor.CHW(a.Input.C, t.st.Size, t.st.Size)
		if _, err := a.GraphAt(in); err != nil {
			e := badSize(t.st.Size)
			e.Err = err
			return e
		}
	}
	if t.model, err = t.s.cfg.Catalogue.LoadAt(t.st.Model, t.st.Weights, in); err != nil {
		return &Error{Status: http.StatusNotFound, Code: "weights_missing", Arg: a.Title, Err: err}
	}
	t.summary = analyze.Summarize(t.model.Graph)
	return nil
}

// follow takes what the run has so far.
func (t *trace) follow(ctx context.Context, stream *engine.Stream, wait time.Duration) {
	last := await(ctx, stream, wait)
	t.rec = stream.Recording()
	t.reached = map[int]engine.NodeEvent{}
	for _, e := range t.rec.Events() {
		t.reached[e.Node] = e
	}
	switch last.Kind {
	case engine.Failed:
		t.failed = last.Err
	case engine.Queued:
		t.queued = last
	}
	t.result, t.done = t.rec.Result()
}

// has reports whether the output of a node is there to be shown. While the run goes on, that is what it keeps: anything else
// would have to wait for a thread of the run itself.
func (t *trace) has(n *nn.Node) bool {
	e, ok := t.reached[n.ID]
	return ok && (e.Kept || t.done)
}

// out is the output of a node that is there; nil when it is not, or cannot be computed again.
func (t *trace) out(ctx context.Context, n *nn.Node) *tensor.Tensor {
	if !t.has(n) {
		return nil
	}
	if !t.done {
		return t.rec.Peek(n.Path)
	}
	x, err := t.rec.At(ctx, n.Path)
	if err != nil {
		return nil
	}
	return x
}

// url is the address of a changed view of the page.
func (t *trace) url(f func(*archState)) string { return t.st.with(f).url(t.lang.Tag()) }

// nodeURL is the address of the page with a node selected.
func (t *trace) nodeURL(n *nn.Node) string { return t.st.selectNode(n.Path).url(t.lang.Tag()) }

// selected is the node that the address names, or the one that the lesson's step speaks of, or the first one with weights.
func (t *trace) selected() (*nn.Node, error) {
	g := t.model.Graph
	if t.st.Layer == "" {
		t.st = t.atStep(t.st)
	}
	if t.st.Layer != "" {
		n := g.Node(t.st.Layer)
		if n == nil || n.Aux {
			return nil, &Error{Status: http.StatusNotFound, Code: "no_layer", Arg: t.st.Layer}
		}
		return n, nil
	}
	for _, n := range g.Nodes {
		if n.MACs() > 0 {
			return n, nil
		}
	}
	return g.Output, nil
}
