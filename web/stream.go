package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"stride/internal/engine"
	"stride/internal/nn"
	"stride/internal/viz/diagram"
	"stride/web/i18n"
)

// layerEvent is one node of a running trace, for the page's script.
type layerEvent struct {
	Path string `json:"path"`
	// Kept says that the node's pictures can be had at once.
	Kept    bool    `json:"kept,omitempty"`
	Stage   int     `json:"stage"`
	Percent float64 `json:"percent"`
	Text    string  `json:"text"`
}

// queueEvent is a place in the queue.
type queueEvent struct {
	Position int    `json:"position"`
	Seconds  int    `json:"seconds"`
	Text     string `json:"text"`
}

// progress counts the stages of a run, in words of a language.
type progress struct {
	lang          i18n.Lang
	outline       *diagram.Outline
	graph         *nn.Graph
	stage, stages int // the input is stage 0, as in the overview
	got, total    int // nodes
	at            time.Duration
}

func newProgress(g *nn.Graph, l i18n.Lang) *progress {
	p := &progress{lang: l, graph: g, outline: outlineOf(g)}
	for _, n := range g.Nodes {
		if !n.Aux {
			p.total++
		}
	}
	for _, s := range p.outline.Stages {
		if s.Kind != diagram.StageAux && s.Kind != diagram.StageInput {
			p.stages++
		}
	}
	return p
}

func (p *progress) add(e engine.NodeEvent) {
	p.got, p.at = e.Seq+1, e.At
	st, _, _ := p.outline.At(p.graph.Nodes[e.Node])
	stage := 0
	for _, s := range p.outline.Stages[:st.Index+1] {
		if s.Kind != diagram.StageAux && s.Kind != diagram.StageInput {
			stage++
		}
	}
	p.stage = max(p.stage, stage)
}

func (p *progress) percent() float64 { return 100 * float64(p.got) / float64(p.total) }

func (p *progress) text() string {
	return fmt.Sprintf(i18n.For(p.lang).States.Stage, p.stage, p.stages, i18n.Int(p.at.Milliseconds()))
}

func (p *progress) queue(e engine.Event) string {
	return fmt.Sprintf(i18n.For(p.lang).States.Queue, i18n.Int(int64(e.Position)))
}

// streamDeadline is how long one write to a viewer may take.
const streamDeadline = 10 * time.Second

// events streams a run as server-sent events: "queue", "layer", "done", "failed". A browser that reconnects goes on where
// it was (Last-Event-ID). The stream ends with the run; the last event carries no result, the page fetches it.
func (s *Server) events(w http.ResponseWriter, r *http.Request) error {
	st, err := s.stream(r)
	if err != nil {
		return err
	}
	defer st.Close()
	if id, err := strconv.Atoi(r.Header.Get("Last-Event-ID")); err == nil {
		st.From(id + 1)
	}
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	out := &sse{w: w, c: http.NewResponseController(w)}
	lang, ok := i18n.Parse(r.URL.Query().Get("lang"))
	if !ok {
		lang = languageOf(r)
	}
	p := newProgress(st.Recording().Network.Graph, lang)
	for {
		e, err := st.Next(r.Context())
		if errors.Is(err, io.EOF) || err != nil {
			return nil // the run is over, or the viewer has left
		}
		if err := sendEvent(out, p, e); err != nil {
			return nil // a viewer that does not read is let go
		}
	}
}

func sendEvent(out *sse, p *progress, e engine.Event) error {
	switch e.Kind {
	case engine.Queued:
		return out.send("queue", -1, queueEvent{e.Position, int(e.Wait.Seconds() + 0.5), p.queue(e)})
	case engine.Node:
		p.add(e.Node)
		return out.send("layer", e.Node.Seq, layerEvent{e.Node.Path, e.Node.Kept, p.stage, p.percent(), p.text()})
	case engine.Done:
		return out.send("done", -1, map[string]int64{"ms": e.Result.Elapsed.Milliseconds()})
	case engine.Failed:
		a, ok := answer(e.Err)
		if !ok {
			a = errInternal
		}
		return out.send("failed", -1, map[string]string{"code": a.Code})
	}
	return nil
}

// sse writes server-sent events.
type sse struct {
	w http.ResponseWriter
	c *http.ResponseController
}

func (o *sse) send(name string, id int, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if err := o.c.SetWriteDeadline(time.Now().Add(streamDeadline)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	if id >= 0 {
		if _, err := fmt.Fprintf(o.w, "id: %d\n", id); err != nil {
			return err
		}
	}
	if _, err := fmt.Fprintf(o.w, "event: %s\ndata: %s\n\n", name, b); err != nil {
		return err
	}
	return o.c.Flush()
}
