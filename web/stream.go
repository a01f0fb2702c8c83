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
)

// layerEvent is one node of a running trace, for the page's script.
type layerEvent struct {
	Path  string `json:"path"`
	Sheet string `json:"sheet"`
	MS    int64  `json:"ms"`
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
	base := "/r/" + s.runs.address(st.Recording().Job)
	for {
		e, err := st.Next(r.Context())
		if errors.Is(err, io.EOF) || err != nil {
			return nil // the run is over, or the viewer has left
		}
		if err := sendEvent(out, base, e); err != nil {
			return nil // a viewer that does not read is let go
		}
	}
}

func sendEvent(out *sse, base string, e engine.Event) error {
	switch e.Kind {
	case engine.Queued:
		return out.send("queue", -1, map[string]int{"position": e.Position, "seconds": int(e.Wait.Seconds() + 0.5)})
	case engine.Node:
		return out.send("layer", e.Node.Seq, layerEvent{e.Node.Path, nodeBase(base, e.Node.Path) + "/sheet.png", e.Node.At.Milliseconds()})
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
