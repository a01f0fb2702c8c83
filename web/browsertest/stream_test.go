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

	"github.com/chromedp/cdproto/page"
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

// filling counts the tiles that get their pictures while the run goes on, and how often the page is fetched for that.
const filling = `window.filled = 0;
window.fetched = () => performance.getEntriesByType('resource').filter((e) => e.initiatorType === 'fetch' && new URL(e.name).pathname === location.pathname).length;
document.addEventListener('load', (e) => {
	if (e.target.matches?.('[data-wait]') && document.querySelector('[data-stream]')) filled++;
}, true);`

// TestStreaming opens a network that was never computed: its maps fill in one after the other, in a page that is fetched again
// only for the inspector and at the end, and the bar says how long it took.
func TestStreaming(t *testing.T) {
	b := newTab(t, desktop)
	b.do(send(page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: filling}))
	b.visit("/en/a/vgg13?l=features.14")
	b.wait(`document.querySelectorAll('#insp [data-grid] image').length >= 12`)
	b.wait(`!document.querySelector('[data-stream]')`)
	if n := eval[int](b, `filled`); n < 4 {
		t.Errorf("%d tiles filled in during the run", n)
	}
	if n := eval[int](b, `fetched()`); n < 1 || n > 2 {
		t.Errorf("the page was fetched %d times", n)
	}
	if n := eval[int](b, `document.querySelectorAll('main .wait, main [data-pending]').length`); n > 0 {
		t.Errorf("%d parts still wait after the end of the run", n)
	}
	if s := b.text("[data-stream-text]"); !strings.Contains(s, "ms") {
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
	if s := b.text("[data-stream-text]"); !strings.Contains(s, "before yours") {
		t.Errorf("a run that waits says %q", s)
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
		doc, err := get("/en/a/" + model)
		if err != nil {
			return
		}
		html, err := io.ReadAll(doc.Body)
		doc.Body.Close()
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
