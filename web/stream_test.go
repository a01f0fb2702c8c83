package web

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"stride/internal/engine"
	"stride/web/i18n"
)

// TestStream reads the events of a run to the end and fetches what they name.
func TestStream(t *testing.T) {
	s := newSite(t)
	st, err := s.s.engine.Submit(context.Background(), "a", mustResolve(t, s.s, engine.Job{Image: engine.SampleRef("cat"), Model: "mini_googlenet"}))
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	base := "/r/" + s.s.runs.address(st.Recording().Job)
	_, body := s.get(t, base+"/events?lang=ko")
	layers, kept, done := 0, 0, false
	var last layerEvent
	for _, block := range strings.Split(body, "\n\n") {
		name, data := "", ""
		for _, line := range strings.Split(block, "\n") {
			if v, ok := strings.CutPrefix(line, "event: "); ok {
				name = v
			}
			if v, ok := strings.CutPrefix(line, "data: "); ok {
				data = v
			}
		}
		switch name {
		case "layer":
			var e layerEvent
			if err := json.Unmarshal([]byte(data), &e); err != nil {
				t.Fatal(err)
			}
			layers++
			if e.Stage < last.Stage || e.Percent <= last.Percent || !strings.Contains(e.Text, "단계") {
				t.Errorf("after %+v comes %+v", last, e)
			}
			last = e
			if e.Kept {
				kept++
			}
			if layers%10 == 1 {
				sheet := nodeBase(base, e.Path) + "/sheet.png"
				if resp, b := s.get(t, sheet); resp.StatusCode != 200 || !strings.HasPrefix(b, "\x89PNG") || resp.Header.Get("ETag") == "" {
					t.Errorf("%s: status %d", sheet, resp.StatusCode)
				}
			}
		case "done":
			done = true
		}
	}
	if want := len(st.Recording().Network.Graph.Main()); layers != want || !done {
		t.Errorf("%d layers of %d, done %v", layers, want, done)
	}
	if p := newProgress(st.Recording().Network.Graph, i18n.English); last.Percent != 100 || last.Stage != p.stages || p.stages < 4 || kept*3 < layers {
		t.Errorf("at the end stage %d of %d, %.0f %%, %d of %d layers kept", last.Stage, p.stages, last.Percent, kept, layers)
	}
}

func mustResolve(t *testing.T, s *Server, j engine.Job) engine.Job {
	t.Helper()
	j, err := s.local.Resolve(j)
	if err != nil {
		t.Fatal(err)
	}
	return j
}
