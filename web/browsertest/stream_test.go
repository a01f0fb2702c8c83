package browsertest

import (
	"context"
	"net/url"
	"strings"
	"testing"
)

func hasMessage(b *tab, part string) func(context.Context) (bool, error) {
	return func(context.Context) (bool, error) {
		for _, m := range b.messages() {
			if strings.Contains(m, part) {
				return true, nil
			}
		}
		return false, nil
	}
}

// TestStreaming opens a network that was never computed: its maps arrive without a reload, and the bar says how long it took.
func TestStreaming(t *testing.T) {
	b := newTab(t, desktop)
	b.visit("/en/a/resnet50?l=layer4.2.relu_2")
	eval[bool](b, `window.stays = true`)
	b.wait(`document.querySelectorAll('#insp [data-grid] image').length >= 12`)
	b.wait(`!document.querySelector('[data-stream]')`)
	if !eval[bool](b, `window.stays === true`) {
		t.Error("the page was loaded again")
	}
	if n := eval[int](b, `document.querySelectorAll('main .wait').length`); n > 0 {
		t.Errorf("%d tiles still wait after the end of the run", n)
	}
	if s := b.text("[data-stream-text]"); !strings.Contains(s, "ms") && !strings.Contains(s, "s") {
		t.Errorf("the end of the run says %q", s)
	}
}

// TestLeaving: who leaves the page of a large network takes nobody's time any longer.
func TestLeaving(t *testing.T) {
	b := newTab(t, desktop)
	b.visit("/en/a/efficientnet_b7")
	u, err := url.Parse(eval[string](b, `document.querySelector('[data-stream]')?.dataset.stream || ''`))
	if err != nil {
		t.Fatal(err)
	}
	if u.Path == "" {
		t.Skip("this machine runs EfficientNet-B7 before its page is drawn")
	}
	b.until("the stream to open", func(context.Context) (bool, error) { s := site.stream(u.Path); return s.open+s.left+s.done > 0, nil })
	b.visit("/en/limits")
	b.until("the stream to close", func(context.Context) (bool, error) { return site.stream(u.Path).open == 0, nil })
	if s := site.stream(u.Path); s.left == 0 {
		t.Error("the run went on to its end after the visitor had left")
	}
}
