package browsertest

import (
	"context"
	"strings"
	"testing"
)

// budget is what the first view of a page may fetch, in bytes over the wire.
type budget struct {
	kind string // of the answer, or a part of the address
	most float64
	is   func(*transfer) bool
}

// TestWeight measures first views with an empty cache.
func TestWeight(t *testing.T) {
	for _, c := range []struct {
		path  string
		fonts float64
	}{
		{"/en/", 250e3}, {"/ko/", 450e3}, {"/en/a/mini_resnet", 250e3}, {"/ko/a/resnet50", 450e3}, {"/en/labs/bottleneck", 250e3}, {"/en/a/lenet5", 250e3}, {"/en/models", 250e3}, {"/ko/learn", 450e3},
	} {
		t.Run(c.path, func(t *testing.T) {
			b := newTab(t, desktop)
			b.visit(c.path)
			b.wait(`document.readyState === 'complete' && document.fonts.status === 'loaded'`)
			b.until("all scripts and fonts to arrive", func(context.Context) (bool, error) { return b.settled(), nil })
			for _, l := range []budget{
				{"HTML", 60e3, func(x *transfer) bool { return x.kind == "text/html" && strings.HasSuffix(x.url, c.path) }},
				{"CSS", 12e3, func(x *transfer) bool { return x.kind == "text/css" && !strings.HasSuffix(x.url, "/fonts.css") }},
				{"JavaScript", 15e3, func(x *transfer) bool { return strings.HasSuffix(x.kind, "javascript") }},
				{"fonts", c.fonts, func(x *transfer) bool { return strings.HasSuffix(x.url, ".woff2") }},
			} {
				got := b.weight(l.is)
				t.Logf("%-10s %7.1f kB of %.0f", l.kind, got/1e3, l.most/1e3)
				if got > l.most {
					t.Errorf("%s: %.1f kB, want at most %.0f", l.kind, got/1e3, l.most/1e3)
				}
				if got == 0 {
					t.Errorf("%s: nothing was fetched", l.kind)
				}
			}
		})
	}
}

// settled reports whether everything but event streams has arrived.
func (b *tab) settled() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, x := range b.net {
		if !x.finished && x.kind != "text/event-stream" {
			return false
		}
	}
	return len(b.net) > 0
}

// weight adds up the bytes of answers.
func (b *tab) weight(is func(*transfer) bool) (sum float64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, x := range b.net {
		if is(x) {
			sum += x.bytes
		}
	}
	return sum
}
