package browsertest

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// wish sets what a visitor asks of every page.
func (b *tab) wish(features ...string) {
	b.t.Helper()
	var l []*emulation.MediaFeature
	for _, f := range features {
		name, value, _ := strings.Cut(f, "=")
		l = append(l, &emulation.MediaFeature{Name: name, Value: value})
	}
	b.do(send(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: l}))
}

// unmarked lists what is selected and looks like what is not, and text that has the colour of its ground.
const unmarked = `(() => {
	const probe = document.createElement('i');
	document.body.append(probe);
	const system = (name) => { probe.style.color = name; return getComputedStyle(probe).color; };
	const mark = system('Highlight'), text = system('HighlightText'), bad = [];
	for (const el of document.querySelectorAll('[aria-current], [aria-checked=true] i, .seg :has(> :checked), .sel-tile')) {
		if (!el.checkVisibility() || el.closest('svg, .samples')) continue;
		const s = getComputedStyle(el);
		if (el.matches('.sel-tile') ? s.outlineColor !== mark : s.backgroundColor !== mark || s.color !== text) bad.push('not marked: ' + el.outerHTML.slice(0, 120));
	}
	for (const el of document.querySelectorAll('.seg > a:not([aria-current]), [aria-checked=false] i, .steps a:not([aria-current])'))
		if (getComputedStyle(el).backgroundColor === mark) bad.push('marked: ' + el.outerHTML.slice(0, 120));
	const tip = document.querySelector('[data-tip]');
	if (tip && getComputedStyle(tip.querySelector('rect')).fill === getComputedStyle(tip.querySelector('text')).fill) bad.push('the value on the map has the colour of its ground');
	for (const el of document.querySelectorAll('.track, .bar, .arith td, .cm')) {
		if (!el.checkVisibility()) continue;
		const s = getComputedStyle(el), ground = getComputedStyle(document.body).backgroundColor;
		if (el.matches('.cm') ? s.backgroundImage === 'none' : el.matches('svg.bar') && el.firstElementChild && getComputedStyle(el.firstElementChild).fill === ground) bad.push('lost: ' + el.outerHTML.slice(0, 120));
	}
	probe.remove();
	return bad;
})()`

// TestForcedColours: with the few colours of a contrast theme, what is selected stays marked, values stay readable, scales keep
// their colours, and the focus is seen.
func TestForcedColours(t *testing.T) {
	for _, scheme := range []string{"light", "dark"} {
		b := newTab(t, desktop)
		b.wish("forced-colors=active", "prefers-color-scheme="+scheme, "prefers-reduced-motion=reduce")
		for _, path := range []string{"/en/a/mini_resnet?l=block1.conv1&c=2&cam=1&step=3", "/ko/a/mini_googlenet", "/en/a/mini_mobilenet?l=softmax", "/en/a/lenet5?step=2", "/en/a/mini_resnet/n/block1.relu", "/ko/a/mini_vgg/layers"} {
			b.visit(path)
			b.wait(`!document.querySelector('[data-stream]')`)
			for _, width := range []int64{1440, 390} {
				b.do(chromedp.EmulateViewport(width, 900))
				for _, bad := range eval[[]string](b, unmarked) {
					t.Errorf("%s, %s, %d px: %s", path, scheme, width, bad)
				}
			}
			b.do(chromedp.EmulateViewport(1440, 900))
			b.key("\t")
			for _, bad := range eval[[]string](b, focusless) {
				t.Errorf("%s, %s: no focus seen on %s", path, scheme, bad)
			}
		}
	}
}

// TestReducedMotion: what moves is still where the visitor asked for rest.
func TestReducedMotion(t *testing.T) {
	const moving = `[...document.querySelectorAll('*')].flatMap((e) => [null, '::before', '::after'].map((p) => getComputedStyle(e, p)).filter((s) => parseFloat(s.transitionDuration) || s.animationName !== 'none')).length`
	b := newTab(t, desktop)
	for _, c := range []struct {
		wish  string
		moves bool
	}{{"no-preference", true}, {"reduce", false}} {
		b.wish("prefers-reduced-motion=" + c.wish)
		b.visit("/en/a/mini_resnet?l=block1.conv1")
		if n := eval[int](b, moving); n > 0 != c.moves {
			t.Errorf("%s: %d parts can move", c.wish, n)
		}
		b.click("#insp [data-grid] a:nth-child(4)")
		b.wait(`new URL(location).searchParams.has('c')`)
		if n := eval[int](b, `document.getAnimations().length`); n > 0 && !c.moves {
			t.Errorf("%s: %d parts move after a choice", c.wish, n)
		}
	}
}
