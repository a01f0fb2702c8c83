package web

import (
	"container/list"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"sync"
	"time"

	"github.com/go-chi/chi/v5"

	"stride/internal/engine"
)

// runs gives jobs addresses that cannot be guessed: a run's pictures are a capability of whoever was shown the page. The
// same job keeps its address as long as the server runs, so that browsers can cache.
type runs struct {
	secret []byte
	mu     sync.Mutex
	byID   map[string]*list.Element
	order  *list.List // of *runEntry, the latest first
}

type runEntry struct {
	id  string
	job engine.Job
}

// maxRuns bounds the remembered jobs; the recordings behind them are bounded by the engine.
const maxRuns = 50000

func newRuns(secret []byte) *runs {
	return &runs{secret: secret, byID: map[string]*list.Element{}, order: list.New()}
}

// address is the id of a job's run.
func (r *runs) address(j engine.Job) string {
	m := hmac.New(sha256.New, r.secret)
	m.Write([]byte(j.Key()))
	id := hex.EncodeToString(m.Sum(nil)[:16])
	r.mu.Lock()
	defer r.mu.Unlock()
	if e := r.byID[id]; e != nil {
		r.order.MoveToFront(e)
		return id
	}
	r.byID[id] = r.order.PushFront(&runEntry{id, j})
	if r.order.Len() > maxRuns {
		old := r.order.Back()
		delete(r.byID, r.order.Remove(old).(*runEntry).id)
	}
	return id
}

func (r *runs) job(id string) (engine.Job, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	e := r.byID[id]
	if e == nil {
		return engine.Job{}, false
	}
	return e.Value.(*runEntry).job, true
}

// stream opens the run of a request's address.
func (s *Server) stream(r *http.Request) (*engine.Stream, error) {
	return s.streamOf(r, chi.URLParam(r, "run"))
}

// streamOf opens a run by its address.
func (s *Server) streamOf(r *http.Request, run string) (*engine.Stream, error) {
	job, ok := s.runs.job(run)
	if !ok {
		return nil, errNotFound
	}
	v, _ := s.sessions.of(r)
	return s.engine.Submit(r.Context(), v.id, job)
}

// await gives a run some time to end: most pictures are done before a page would be drawn without them. It returns with
// whatever is there.
func await(ctx context.Context, st *engine.Stream, patience time.Duration) (last engine.Event) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		e, err := st.Next(ctx)
		if err != nil {
			return last
		}
		last = e
		if e.Kind == engine.Done || e.Kind == engine.Failed {
			return last
		}
	}
}
