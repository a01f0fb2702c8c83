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
	b.listening("drawpad.js")
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

	// What was painted by keyboard in one go is taken back in one go.
	b.click("[data-clear]")
	b.wait(says + ` === '–'`)
	b.do(chromedp.Focus(chromedp.CSS("[data-pad] canvas")))
	ink := `new URL(location).searchParams.get('d').replace(/00/g, '').length`
	for range 4 {
		b.key(" ")
		b.key(kb.ArrowRight)
	}
	b.wait(ink + ` > 20`)
	b.key("z", chromedp.ModifierCtrl)
	b.wait(ink + ` === 0`)
}

// TestDigitSamples: the sample in use and the header's picture follow the choice.
func TestDigitSamples(t *testing.T) {
	b := newTab(t, desktop)
	b.visit("/en/a/lenet5")
	b.listening("drawpad.js")
	for _, n := range []string{"8", "15"} {
		b.click(".samples a:nth-child(" + n + ")")
		name := eval[string](b, element(".samples a:nth-child("+n+")")+".ariaLabel")
		b.wait(element(".samples a:nth-child("+n+")") + `.ariaCurrent === 'true'`)
		b.wait(element("[data-image-chip]") + `.textContent.includes(` + quote(name) + `)`)
		if c := eval[int](b, `document.querySelectorAll('.samples [aria-current]').length`); c != 1 {
			t.Errorf("%d samples are in use", c)
		}
	}
	// A map of the network is open to the pointer: its cells are worked out below it.
	b.do(chromedp.Focus(chromedp.CSS("#lnflow .stg svg a:nth-child(3)")))
	b.key(kb.Enter)
	b.wait(`new URL(location).searchParams.get('l') === 'tanh'`)
	sum := b.text("#pixel")
	p := b.spot(mapInput, 0.52, 0.3)
	b.do(chromedp.MouseClickXY(p[0], p[1]))
	b.wait(`new URL(location).searchParams.has('y') && ` + element("#pixel") + `.textContent.replace(/\s+/g, ' ').trim() !== ` + quote(sum))
}
