package browsertest

import (
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"sync"
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

// TestLeaving: a visitor in the queue sees the place in it; who leaves takes nobody's time any longer.
func TestLeaving(t *testing.T) {
	b := newTab(t, desktop)
	watched := make(chan struct{})
	models := []string{"efficientnet_b7", "efficientnet_b6", "vgg19_bn", "vgg16_bn", "efficientnet_b5", "resnet152"}
	for _, model := range models {
		occupy(t, model, watched)
	}
	for range models {
		<-watched
	}
	b.visit("/en/a/vgg19")
	u, err := url.Parse(eval[string](b, `document.querySelector('[data-stream]')?.dataset.stream || ''`))
	if err != nil || u.Path == "" {
		t.Fatalf("a run behind six others has no stream (%v)", err)
	}
	if s := b.text("[data-stream-text]"); s == "" {
		t.Error("the page does not say that the run waits")
	}
	b.until("the stream to open", func(context.Context) (bool, error) { s := site.stream(u.Path); return s.open+s.left+s.done > 0, nil })
	b.visit("/en/limits")
	b.until("the stream to close", func(context.Context) (bool, error) { return site.stream(u.Path).open == 0, nil })
	if s := site.stream(u.Path); s.left == 0 {
		t.Error("the run went on to its end after the visitor had left")
	}
}

// occupy lets another visitor open a network and watch it to the end of the test. The engine of the tests has one thread, so
// these runs wait for each other. A value comes when the visitor watches.
func occupy(t *testing.T, model string, watched chan<- struct{}) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Jar: jar}
	get := func(path string) (*http.Response, error) {
		req, err := http.NewRequestWithContext(ctx, "GET", site.URL+path, nil)
		if err != nil {
			return nil, err
		}
		return client.Do(req)
	}
	gone := make(chan struct{})
	t.Cleanup(func() { cancel(); <-gone })
	go func() {
		defer close(gone)
		watch := sync.OnceFunc(func() { watched <- struct{}{} })
		defer watch() // also when it is done already
		page, err := get("/en/a/" + model)
		if err != nil {
			return
		}
		html, err := io.ReadAll(page.Body)
		page.Body.Close()
		m := regexp.MustCompile(`data-stream="([^"]+)"`).FindSubmatch(html)
		if err != nil || m == nil {
			return
		}
		if events, err := get(string(m[1])); err == nil {
			watch()
			io.Copy(io.Discard, events.Body) // ends with the run or with the test
			events.Body.Close()
		}
	}()
}
