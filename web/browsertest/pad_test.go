package browsertest

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

const says = `document.querySelector('.says').textContent.trim()`

// TestPad draws a one with the mouse and LeNet reads it; the keyboard draws as well; clearing forgets.
func TestPad(t *testing.T) {
	b := newTab(t, desktop)
	b.visit("/en/a/lenet5")
	b.wait(element("[data-pad] canvas"))
	if n := eval[int](b, `[...document.querySelectorAll('[data-pad] form > *')].filter((e) => e.matches('canvas, input') && e.offsetHeight > 0).length`); n != 1 {
		t.Errorf("%d pads are shown, want the canvas alone", n)
	}
	b.click("[data-clear]")
	b.wait(`document.querySelector('[data-pad]').classList.contains('empty')`)
	b.wait(says + ` === '–'`)
	b.stroke([][2]float64{b.spot("[data-pad] canvas", 0.52, 0.2), b.spot("[data-pad] canvas", 0.5, 0.8)}, 12)
	b.wait(says + ` === '1'`)
	if n := eval[int](b, `document.querySelectorAll('.digits li.on').length`); n != 1 {
		t.Errorf("%d digits are marked as the answer", n)
	}
	drawn := b.query().Get("d")
	if len(drawn) != 2*28*28 {
		t.Fatalf("the address holds %d digits of the drawing", len(drawn))
	}
	b.visit(b.where())
	if got := eval[string](b, says); got != "1" {
		t.Errorf("the address brings a %s", got)
	}

	b.click("[data-clear]")
	b.wait(says + ` === '–'`)
	b.do(chromedp.Focus(chromedp.CSS("[data-pad] canvas")))
	for range 8 {
		b.key(kb.ArrowUp)
	}
	for range 16 {
		b.key(kb.ArrowDown, chromedp.ModifierShift)
	}
	b.key(kb.Enter)
	b.wait(says + ` === '1'`)
	if !eval[bool](b, `document.activeElement.matches('canvas')`) {
		t.Error("drawing by keyboard loses the focus")
	}
	b.key(kb.Delete)
	b.wait(says + ` === '–'`)
	b.click("[data-undo]")
	b.wait(says + ` === '1'`)
}
