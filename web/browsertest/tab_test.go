package browsertest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// patience is how long a test waits for a condition: far more than a slow machine needs.
const patience = 60 * time.Second

// tab is one visitor: a page with cookies of its own.
type tab struct {
	t   *testing.T
	ctx context.Context

	artifacts string

	mu      sync.Mutex
	console []string
	net     traffic
}

// look is the screen and the wishes of a visitor.
type look struct {
	width, height int
	dark          bool
	noScript      bool
	touch         bool
}

var (
	desktop = look{width: 1440, height: 900}
	phone   = look{width: 390, height: 844, touch: true}
)

// newTab opens a tab and closes it with the test, which fails if the console had anything to say.
func newTab(t *testing.T, l look) *tab {
	t.Helper()
	if browser == nil {
		t.Skip("no browser; REQUIRE_BROWSER=1 makes this an error")
	}
	b := &tab{t: t, artifacts: t.ArtifactDir()}
	ctx, cancel := chromedp.NewContext(browser, chromedp.WithNewBrowserContext(), chromedp.WithListener(b.listen))
	b.ctx = ctx
	t.Cleanup(func() {
		if t.Failed() {
			b.keepPicture()
		}
		if err := chromedp.Cancel(ctx); err != nil && !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		cancel()
		for _, m := range b.messages() {
			t.Errorf("console: %s", m)
		}
	})
	b.do(chromedp.EmulateViewport(int64(l.width), int64(l.height), touch(l)...), media(l.dark))
	if l.noScript {
		b.do(send(emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}))
	}
	return b
}

func touch(l look) []chromedp.EmulateViewportOption {
	if l.touch {
		return []chromedp.EmulateViewportOption{chromedp.EmulateTouch}
	}
	return nil
}

// media sets the colour scheme. Motion is reduced, so that nothing is measured on its way.
func media(dark bool) chromedp.Action[chromedp.Void] {
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	return send(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}}})
}

// send is a protocol command whose result does not matter.
func send[P, R any](c cdp.Command[P, R], p P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, c, p)
		return err
	})
}

// do runs actions one after the other.
func (b *tab) do(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if b.started() {
		if err := chromedp.Do(ctx, actions...); err != nil {
			b.t.Fatalf("%v at %s", err, b.where())
		}
		return
	}
	// The first context of a tab decides how long the tab lives.
	if err := chromedp.Do(b.ctx, actions...); err != nil {
		b.t.Fatal(err)
	}
}

func (b *tab) started() bool { return chromedp.FromContext(b.ctx).Target != nil }

// visit opens a page of the site and waits until it is loaded.
func (b *tab) visit(path string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	resp, err := chromedp.Run(ctx, chromedp.NavigateResponse(site.URL+path))
	if err != nil {
		b.t.Fatalf("%s: %v", path, err)
	}
	if resp.Status != http.StatusOK {
		b.t.Fatalf("%s: status %d", path, resp.Status)
	}
	// Modules run before this event, so a key or a click that follows is heard.
	b.wait(`performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd > 0`)
}

// eval is the value of a JavaScript expression in the page.
func eval[T any](b *tab, js string) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](js, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("%s: %v at %s", js, err, b.where())
	}
	return v
}

// wait waits until a JavaScript expression holds. It asks again and again, so it survives a change of the page.
func (b *tab) wait(js string) {
	b.t.Helper()
	js = "Boolean(" + js + ")"
	b.until(js, func(ctx context.Context) (bool, error) { return chromedp.Run(ctx, chromedp.Evaluate[bool](js)) })
}

// until waits for a condition; errors count as "not yet", and the last one is reported.
func (b *tab) until(what string, f func(context.Context) (bool, error)) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	var last error
	for {
		ok, err := f(ctx)
		if ok && err == nil {
			return
		}
		if err != nil && ctx.Err() == nil {
			last = err
		}
		select {
		case <-ctx.Done():
			b.t.Fatalf("waited in vain for %s at %s (%v)", what, b.where(), last)
		case <-time.After(15 * time.Millisecond):
		}
	}
}

// element is the JavaScript expression of the first element of a selector.
func element(sel string) string { return fmt.Sprintf("document.querySelector(%q)", sel) }

// click presses the middle of an element with the mouse, as far as it is on the screen and nothing lies over it.
func (b *tab) click(sel string) {
	b.t.Helper()
	b.wait(element(sel))
	p := b.spot(sel, 0.5, 0.5)
	b.do(chromedp.MouseClickXY(p[0], p[1]))
}

// spot is the place on the screen at a share of an element's width and height. The element is scrolled to first, and must
// be what a finger would hit there.
func (b *tab) spot(sel string, fx, fy float64) [2]float64 {
	b.t.Helper()
	type hit struct {
		X, Y float64
		Top  string
	}
	h := eval[hit](b, fmt.Sprintf(`(() => {
		const el = %s;
		el.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });
		const r = el.getBoundingClientRect(), X = r.x + r.width * %g, Y = r.y + r.height * %g, top = document.elementFromPoint(X, Y);
		return { X, Y, Top: top && (el.contains(top) || top.contains(el) || el.closest('label')?.contains(top)) ? '' : String(top?.outerHTML).slice(0, 160) };
	})()`, element(sel), fx, fy))
	if h.Top != "" {
		b.t.Fatalf("%s is covered by %s at %s", sel, h.Top, b.where())
	}
	return [2]float64{h.X, h.Y}
}

// key presses a key.
func (b *tab) key(key string, mods ...chromedp.Modifier) {
	b.t.Helper()
	b.do(chromedp.KeyEvent(key, chromedp.KeyModifiers(mods...)))
}

// text is what an element says, white space folded.
func (b *tab) text(sel string) string {
	b.t.Helper()
	return eval[string](b, "("+element(sel)+"?.textContent || '').replace(/\\s+/g, ' ').trim()")
}

// query is the parameters of the page's address.
func (b *tab) query() url.Values {
	b.t.Helper()
	u, err := url.Parse(eval[string](b, "location.href"))
	if err != nil {
		b.t.Fatal(err)
	}
	return u.Query()
}

func (b *tab) where() string {
	ctx, cancel := context.WithTimeout(b.ctx, 5*time.Second)
	defer cancel()
	s, err := chromedp.Run(ctx, chromedp.Location())
	if err != nil {
		return "an unknown page"
	}
	return strings.TrimPrefix(s, site.URL)
}

// keepPicture leaves a picture of the screen beside the test's artifacts.
func (b *tab) keepPicture() {
	ctx, cancel := context.WithTimeout(b.ctx, 10*time.Second)
	defer cancel()
	png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err == nil {
		name := filepath.Join(b.artifacts, "screen.png")
		err = os.WriteFile(name, png, 0o644)
	}
	if err != nil {
		b.t.Log("no picture of the screen:", err)
	}
}
