package browsertest

import (
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
)

// axe is the source of axe-core.
var axe = sync.OnceValues(func() (string, error) {
	f, err := os.Open("testdata/axe/axe.min.js.gz")
	if err != nil {
		return "", err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return "", err
	}
	b, err := io.ReadAll(z)
	return string(b), err
})

// violation is a rule of axe-core that a page breaks.
type violation struct {
	ID, Help string
	Nodes    []struct {
		Target []any
		HTML   string
		Why    string
	}
}

// audit runs all rules of axe-core on the page.
func (b *tab) audit(state string) {
	b.t.Helper()
	src, err := axe()
	if err != nil {
		b.t.Fatal(err)
	}
	if !eval[bool](b, `typeof window.axe === 'object'`) {
		b.do(chromedp.Evaluate[chromedp.Void](src))
	}
	// Fonts decide what overlaps what, and a fading colour is no colour yet.
	list := eval[[]violation](b, `(async () => {
		await document.fonts.ready;
		await Promise.all(document.getAnimations().map((a) => a.finished.catch(() => {})));
		const r = await axe.run(document, { resultTypes: ['violations'] });
		return r.violations.map((v) => ({ ID: v.id, Help: v.help, Nodes: v.nodes.map((n) => ({ Target: n.target, HTML: n.html.slice(0, 200), Why: n.failureSummary.replace(/\s+/g, ' ') })) }));
	})()`)
	for _, v := range list {
		for i, n := range v.Nodes {
			if i == 4 {
				b.t.Errorf("%s: %s: … and %d more", state, v.ID, len(v.Nodes)-i)
				break
			}
			b.t.Errorf("%s: %s (%s): %v: %s: %s", state, v.ID, v.Help, n.Target, n.Why, n.HTML)
		}
	}
}

// audited is every page in its main states; small networks, so that a page is there at once.
var audited = []string{
	"/", "/image", "/models", "/learn", "/limits", "/classes?q=cat", "/labs", "/labs/bottleneck", "/labs/bottleneck?in=192&mid=31&out=128&k=5&q.bottleneck-weights=0", "/compare", "/compare?m=resnet50_v1,resnet50", "/calc", "/calc?row=5&figure=9+G",
	"/a/lenet5", "/a/lenet5?l=tanh_1&c=3&y=2&x=3", "/a/mini_resnet", "/a/mini_resnet?l=block3.conv2&c=5&y=2&x=3&all=1&cam=1", "/a/mini_googlenet?l=inception_3a.cat&tab=1",
	"/a/mini_mobilenet?l=softmax&tab=2", "/a/mini_densenet?zoom=2", "/a/mini_resnet?edit=block3.bn2:*:0&step=2&q.training-error=0", "/a/plain18?l=conv1", "/a/mini_resnet/layers", "/a/mini_resnet/n/block1.relu?c=2",
	"/a/mini_resnet/present?step=2", "/a/mini_resnet/print", "/a/no_such_network",
}

// TestAccessible runs axe-core on every page; nothing is excluded. Each page is seen in four of the eight combinations of
// language, theme and width, chosen so that every pair of them occurs.
func TestAccessible(t *testing.T) {
	for lang, looks := range map[string][]look{
		"/en": {{width: 1440, height: 900}, {width: 390, height: 844, dark: true}},
		"/ko": {{width: 1440, height: 900, dark: true}, {width: 390, height: 844}},
	} {
		t.Run(lang[1:], func(t *testing.T) {
			t.Parallel()
			b := newTab(t, desktop)
			for _, path := range audited {
				b.do(chromedp.Navigate(site.URL + lang + path))
				b.wait(`document.readyState === 'complete' && !document.querySelector('[data-stream]')`)
				for _, l := range looks {
					b.do(chromedp.EmulateViewport(int64(l.width), int64(l.height)), media(l.dark))
					b.audit(fmt.Sprintf("%s%s, %d px, dark %v", lang, path, l.width, l.dark))
				}
			}
			b.forgive("404") // the page of a missing network
		})
	}
}
