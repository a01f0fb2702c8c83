package browsertest

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

const (
	mapInput = "#channel [data-map]"
	tip      = `document.querySelector('[data-tip] text').textContent`
	place    = `document.querySelector('[data-place]').textContent`
	field    = `document.querySelector('[data-field] .probe').getAttribute('y')`
)

// number reads a value as the pages print it.
func number(t *testing.T, s string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(strings.NewReplacer("−", "-", ",", "", "=", "", " ", "").Replace(s), 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// hover moves the mouse to a cell of the channel map of 16×16 values.
func (b *tab) hover(y, x int) {
	b.t.Helper()
	p := b.spot(mapInput, (float64(x)+0.5)/16, (float64(y)+0.5)/16)
	b.do(chromedp.MouseEvent(chromedp.MouseMoved, p[0], p[1]))
}

// at waits until the probe stands on a cell.
func (b *tab) at(y, x int) {
	b.t.Helper()
	b.wait(fmt.Sprintf("%s === 'row %d, col %d'", place, y, x))
}

// TestProbe moves over a channel: value, receptive field and arithmetic follow; a click pins the cell, Escape lets go.
func TestProbe(t *testing.T) {
	b := newTab(t, desktop)
	b.visit("/en/a/mini_resnet?l=block1.conv1&c=3")
	b.wait(`document.querySelector('[data-probe]') && document.documentElement.dataset.ready !== 'no'`)
	exact := eval[[]float64](b, `fetch(document.querySelector('[data-probe]').dataset.values).then((r) => r.arrayBuffer()).then((a) => [...new Float32Array(a)])`)
	if len(exact) != 16*16 {
		t.Fatalf("the channel has %d values, want 256", len(exact))
	}
	before := eval[string](b, field)
	for _, c := range [][2]int{{3, 5}, {12, 9}} {
		b.wait(`document.querySelector('[data-map]')`)
		b.hover(c[0], c[1])
		b.at(c[0], c[1])
		want := exact[c[0]*16+c[1]]
		b.wait(fmt.Sprintf("Math.abs(%s.replace('−', '-') - %g) <= 0.0006 * Math.max(1, %g)", tip, want, math.Abs(want)))
		if got := eval[string](b, field); got == before {
			t.Errorf("the receptive field stays at %s", got)
		} else {
			before = got
		}
		// The sum below is that of the cell under the pointer, to its last digit.
		b.wait(fmt.Sprintf(`[...document.querySelectorAll('#pixel .sums')].some((p) => [...p.children].some((s) => Math.abs(s.textContent.replace('=', '').replace('−', '-').trim() - %g) < 0.0006 * Math.max(1, %g)))`, want, math.Abs(want)))
	}

	b.click(mapInput)
	b.at(8, 8)
	b.wait(`new URL(location).searchParams.get('y') === '8' && new URL(location).searchParams.get('x') === '8'`)
	hovered := eval[string](b, tip)
	b.visit(b.where())
	if got := eval[string](b, tip); got != hovered {
		t.Errorf("the server prints %s where the page printed %s", got, hovered)
	}

	b.do(chromedp.Focus(chromedp.CSS(mapInput)))
	b.key(kb.ArrowRight)
	b.at(8, 9)
	b.key(kb.ArrowDown, chromedp.ModifierShift)
	b.at(13, 9)
	b.key(kb.ArrowDown, chromedp.ModifierShift)
	b.at(15, 9)
	b.key(kb.Escape)
	b.at(8, 8)
	b.key(kb.ArrowUp)
	b.at(7, 8)
	b.key(kb.Enter)
	b.wait(`new URL(location).searchParams.get('y') === '7'`)
	b.key(kb.Escape)
	b.wait(`!new URL(location).searchParams.has('y') && !new URL(location).searchParams.has('x')`)
	if got := number(t, eval[string](b, tip)); got <= 0 && math.IsNaN(got) {
		t.Errorf("after letting go the page shows %g", got)
	}
}

// TestThroughTheLayers moves the slider of Grad-CAM: the picture follows while it moves, letting go makes an entry in the
// history, and without scripts a number and a button do the same.
func TestThroughTheLayers(t *testing.T) {
	const page = "/en/a/mini_resnet?cam=1&l=block1.relu"
	layer := `document.querySelector('#cam figcaption').textContent`
	b := newTab(t, desktop)
	b.visit(page)
	first := eval[string](b, layer)
	b.listening("range.js")
	b.do(chromedp.Focus(chromedp.CSS("#res input[type=range]")))
	b.key(kb.ArrowRight)
	b.wait(layer + ` !== ` + quote(first))
	second := eval[string](b, layer)
	b.key(kb.End)
	b.wait(layer + ` !== ` + quote(second) + ` && new URL(location).searchParams.get('at') === document.querySelector('#res input[type=range]').max`)
	b.wait(`document.querySelector('#cam img').complete && document.querySelector('#cam img').naturalWidth > 0`)
	if got := b.query().Get("l"); got != "block1.relu" {
		t.Errorf("the slider changed the selected layer to %q", got)
	}
	n := newTab(t, plain)
	n.visit(page)
	eval[bool](n, element("#res [name=at]")+".value = '5', true")
	n.submit("#res form button")
	if got := eval[string](n, layer); got == first || n.query().Get("at") != "5" {
		t.Errorf("the form leads to %s: %q", n.where(), got)
	}
}

// TestWordsOnShapes: the value on a map stands out from its ground, and the pills of the diagram wear their operation's colour.
func TestWordsOnShapes(t *testing.T) {
	for _, dark := range []bool{false, true} {
		b := newTab(t, look{width: 1440, height: 900, dark: dark})
		b.visit("/en/a/mini_resnet?l=block1.conv1")
		fill := func(sel string) string { return eval[string](b, "getComputedStyle("+element(sel)+").fill") }
		if fill("[data-tip] text") == fill("[data-tip] rect") || fill("[data-tip] text") == fill(".ov text.m") {
			t.Errorf("dark %v: the value on the map is %s on %s", dark, fill("[data-tip] text"), fill("[data-tip] rect"))
		}
		if fill(".dpill.o-conv text") == fill(".dpill.o-norm text") {
			t.Errorf("dark %v: all pills are written in %s", dark, fill(".dpill.o-conv text"))
		}
	}
}
