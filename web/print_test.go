package web

import (
	"net/http"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"stride/internal/nn/arch"
	"stride/web/i18n"
)

// TestBlockTable: the blocks of a handout add up to the network, for every architecture.
func TestBlockTable(t *testing.T) {
	for _, a := range arch.All() {
		g, sum, err := summaryOf(a.Name)
		if err != nil {
			t.Fatal(err)
		}
		var params, macs int64
		for _, st := range handoutStages(g) {
			for _, b := range st.Blocks {
				params += b.Params
				macs += b.MACs
			}
		}
		if params != sum.Totals.Params || macs != sum.Totals.MACs {
			t.Errorf("%s: blocks have %s parameters and %s multiply–adds, the network %s and %s", a.Name, i18n.Int(params), i18n.Int(macs), i18n.Int(sum.Totals.Params), i18n.Int(sum.Totals.MACs))
		}
	}
}

// TestPrint: every step, every map, the answers, nothing that waits for a run.
func TestPrint(t *testing.T) {
	s := newSite(t)
	for _, p := range []string{"/en/a/mini_resnet/print", "/ko/a/lenet5/print"} {
		resp, body := s.get(t, p)
		if resp.StatusCode != http.StatusOK {
			t.Fatalf("%s: status %d", p, resp.StatusCode)
		}
		checkPage(t, p, p[1:3], body)
		if strings.Contains(body, "fm wait") || !strings.Contains(body, "answers") {
			t.Errorf("%s: a map is missing, or the answers are", p)
		}
		for _, bars := range find(t, body, func(n *html.Node) bool { return n.Data == "path" && strings.HasPrefix(attr(n, "class"), "fb ") }) {
			if strings.HasSuffix(attr(bars, "class"), " off") {
				t.Errorf("%s: the overview before all steps is dimmed by one", p)
			}
		}
	}
}
