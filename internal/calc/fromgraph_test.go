package calc

import (
	"testing"

	"stride/internal/nn/analyze"
	"stride/internal/nn/arch"
)

// TestFromGraph holds every architecture's stack to the architecture itself: all totals, and the text read back.
func TestFromGraph(t *testing.T) {
	for _, a := range arch.All() {
		g, err := a.Graph()
		if err != nil {
			t.Fatal(err)
		}
		s, err := FromGraph(g)
		if err != nil {
			t.Errorf("%s: %v", a.Name, err)
			continue
		}
		r := Compile(s)
		if !r.OK() {
			t.Errorf("%s: row %+v", a.Name, r.Rows[r.Problem])
			continue
		}
		want := analyze.Summarize(g).Totals
		want.AuxParams, want.AuxBuffers, want.AuxMACs = 0, 0, 0
		if r.Totals != want {
			t.Errorf("%s: totals\n got %+v\nwant %+v", a.Name, r.Totals, want)
		}
		back, err := Parse(s.Link())
		if err != nil || back.String() != s.String() {
			t.Errorf("%s: %v: read back as %s", a.Name, err, back)
		}
		t.Logf("%s: %d rows, %d characters", a.Name, len(r.Rows), len(s.String()))
		if testing.Verbose() {
			t.Log(s)
		}
	}
}
