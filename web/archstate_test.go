package web

import (
	"net/url"
	"testing"
)

// TestStateRoundTrip: an address says everything, and nothing twice.
func TestStateRoundTrip(t *testing.T) {
	for _, q := range []string{"", "l=conv1&c=3&y=4&x=5", "cm=viridis&scale=layer&sort=index&all=1&cam=1&class=7&at=5&step=3&tab=2&zoom=1&in=9&size=64&w=untrained%3A3&img=cat", "edit=a.b%3A%2A%3A0.5%2Cc%3A3%3A0&q.one=2&q.two=1e3"} {
		v, err := url.ParseQuery(q)
		if err != nil {
			t.Fatal(err)
		}
		st, err := parseArch("mini_resnet", v)
		if err != nil {
			t.Errorf("%q: %v", q, err)
			continue
		}
		if got := st.values().Encode(); got != v.Encode() {
			t.Errorf("%q comes back as %q", v.Encode(), got)
		}
	}
}

// TestClick selects the cell under a click that a browser without scripts sends.
func TestClick(t *testing.T) {
	s := newSite(t)
	resp, _ := s.get(t, "/en/a/mini_resnet?l=block1.conv1&c=3&p.x=92&p.y=183")
	if q := resp.Request.URL.Query(); q.Get("x") != "8" || q.Get("y") != "15" || q.Get("c") != "3" {
		t.Errorf("a click in the middle of the last row leads to %s", resp.Request.URL)
	}
}
