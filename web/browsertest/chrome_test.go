package browsertest

import (
	"net/url"
	"strconv"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestLanguageAndTheme: both toggles keep the place, and the next page keeps them.
func TestLanguageAndTheme(t *testing.T) {
	b := newTab(t, desktop)
	const state = "c=4&cm=viridis&l=block1.conv2&step=2&x=6&y=5"
	b.visit("/en/a/mini_resnet?" + state)
	english := b.text("#les h2")
	b.click(".lang a[lang=ko]")
	b.wait(`document.documentElement.lang === 'ko'`)
	want, err := url.ParseQuery(state)
	if err != nil {
		t.Fatal(err)
	}
	if got := b.query(); got.Encode() != want.Encode() {
		t.Errorf("the Korean page is at %s, want %s", got.Encode(), want.Encode())
	}
	if got := b.text("#les h2"); got == english || got == "" {
		t.Errorf("the Korean lesson is called %q", got)
	}

	ground := `getComputedStyle(document.body).backgroundColor`
	light := eval[string](b, ground)
	b.click("[data-theme-form] .to-dark")
	b.wait(`document.documentElement.dataset.theme === 'dark' && ` + ground + ` !== '` + light + `'`)
	if got := b.query(); got.Encode() != want.Encode() {
		t.Errorf("the dark page is at %s", got.Encode())
	}
	b.wait(`document.cookie.includes('theme=dark')`)
	b.visit("/ko/models")
	if got := eval[string](b, `document.documentElement.dataset.theme`); got != "dark" {
		t.Errorf("the next page comes in %q", got)
	}
	b.click("[data-theme-form] .to-light")
	b.wait(ground + ` === '` + light + `'`)
	// The language is remembered at the bare address.
	b.visit("/")
	if got := eval[string](b, `document.documentElement.lang`); got != "ko" {
		t.Errorf("the bare address leads to %q", got)
	}
}

// TestPhone: three tabs, a sheet that opens, and nothing wider than the screen.
func TestPhone(t *testing.T) {
	b := newTab(t, phone)
	b.visit("/en/a/mini_resnet?l=block1.conv2")
	shown := func(sel string) bool { return eval[bool](b, `Boolean(`+element(sel)+`?.offsetHeight)`) }
	if !shown("#les") || shown("#vnet") {
		t.Error("the first tab is not the lesson")
	}
	b.click("#tabs a:nth-child(2)")
	b.param("tab", "1")
	b.wait(`document.getElementById('vnet').offsetHeight > 0 && !document.getElementById('les').offsetHeight`)
	b.click("#vnet .vst:nth-child(5) a.h")
	b.wait(`document.querySelectorAll('#vnet .vst:nth-child(5) a.vly').length > 3`)
	layer := eval[string](b, `document.querySelector('#insp').dataset.layer`)
	b.click("#vnet a.vly:not([aria-current])")
	b.wait(`document.querySelector('#insp').dataset.layer !== ` + quote(layer))
	peek := eval[int](b, `document.getElementById('insp').offsetHeight`)
	b.click("#insp .grip")
	b.wait(`document.getElementById('insp').offsetHeight > ` + strconv.Itoa(peek*3/2))
	// A finger comes down without moving first: the tapped cell is the pinned one.
	rows := eval[int](b, `+document.querySelector('[data-probe]').dataset.rows`)
	p := b.spot(mapInput, 2.5/float64(rows), 1.5/float64(rows))
	b.do(chromedp.TapXY(p[0], p[1]))
	b.param("y", "1")
	b.param("x", "2")
	b.at(1, 2)
	b.click("#insp .grip")
	b.wait(`document.getElementById('insp').offsetHeight === ` + strconv.Itoa(peek))
	b.click("#tabs a:nth-child(3)")
	b.param("tab", "2")
	b.wait(`document.getElementById('res').offsetHeight > 0`)
}

// TestReflow: at 390 px and at 320, which is 1280 at 400 %, only tables and diagrams scroll sideways.
func TestReflow(t *testing.T) {
	b := newTab(t, phone)
	for i, path := range audited {
		lang := []string{"/en", "/ko"}[i%2]
		b.do(chromedp.Navigate(site.URL + lang + path))
		for _, width := range []int{390, 320} {
			b.do(chromedp.EmulateViewport(int64(width), 844))
			if w := eval[int](b, `document.documentElement.scrollWidth`); w > width {
				wide := eval[[]string](b, `[...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('svg, .scrollx')).map((e) => e.outerHTML.slice(0, 90))`)
				t.Errorf("%s%s is %d px wide at %d: %q", lang, path, w, width, wide[:min(len(wide), 3)])
			}
		}
	}
	b.forgive("404") // the page of a missing network
}

// TestWorkspace: side by side, the three columns of an architecture page keep to their own widths.
func TestWorkspace(t *testing.T) {
	b := newTab(t, desktop)
	for _, path := range []string{"/en/a/resnet50?step=4", "/ko/a/densenet121?l=features.denseblock2.denselayer6.conv2&step=2", "/en/a/mini_googlenet?cam=1"} {
		b.visit(path)
		for _, width := range []int64{1180, 1340, 1440, 1920} {
			b.do(chromedp.EmulateViewport(width, 900))
			for _, col := range []string{".les", ".lesn", ".mid", ".blk > header", ".insp", ".insp > header", ".abar"} {
				if wide := eval[int](b, "(e => e.scrollWidth - e.clientWidth)("+element(col)+")"); wide > 1 {
					t.Errorf("%s at %d px: %s is %d px too wide", path, width, col, wide)
				}
			}
		}
	}
}
