package browsertest

import (
	"strconv"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// rows are the layers of the calculator, top to bottom.
const rows = `[...document.querySelectorAll('[data-row] > .op')].map((a) => a.textContent.trim())`

// TestCalculator edits a stack of layers: a number, the keyboard, the mouse, and the buttons that work without scripts.
func TestCalculator(t *testing.T) {
	b := newTab(t, desktop)
	b.visit("/en/calc")
	start := eval[[]string](b, rows)
	if len(start) < 5 {
		t.Fatalf("the calculator starts with %q", start)
	}
	total := b.text("#calc aside")
	eval[bool](b, element("[data-row]:nth-child(2) .sets input")+".select() === undefined")
	for _, c := range "48" {
		b.key(string(c))
	}
	b.key("\t")
	b.wait(`document.querySelector('#calc aside').textContent.replace(/\s+/g, ' ').trim() !== ` + quote(total))
	b.wait(element("[data-row]:nth-child(2) .shape") + `.textContent.startsWith('48×')`)

	swapped := func(a, c int) string {
		l := append([]string(nil), start...)
		l[a], l[c] = l[c], l[a]
		return quote(l[0] + l[1] + l[2] + l[3])
	}
	eval[bool](b, element("[data-row]:nth-child(2) .op")+".focus() === undefined")
	b.key(kb.ArrowDown, chromedp.ModifierAlt)
	b.wait(rows + `.slice(0, 4).join('') === ` + swapped(1, 2))
	eval[bool](b, `(history.back(), true)`)
	b.wait(rows + `.slice(0, 4).join('') === ` + quote(start[0]+start[1]+start[2]+start[3]))

	from, to := b.spot("[data-row]:nth-child(2) .grab", 0.5, 0.5), b.spot("[data-row]:nth-child(3) .grab", 0.5, 0.9)
	b.drag(from, to, 8)
	b.wait(rows + `.slice(0, 4).join('') === ` + swapped(1, 2))

	n := len(start)
	eval[bool](b, element("[data-row]:nth-child(4) .op")+".focus() === undefined")
	b.key(kb.Delete)
	b.wait(rows + `.length === ` + strconv.Itoa(n-1))

	// A row that cannot work says so and offers what would.
	eval[bool](b, element("[data-row] .sets input")+".select() === undefined")
	plainTab := newTab(t, plain)
	plainTab.visit("/ko/calc")
	m := eval[int](plainTab, `document.querySelectorAll('[data-row]').length`)
	plainTab.submit(".adds button[name]:nth-of-type(1)")
	if got := eval[int](plainTab, `document.querySelectorAll('[data-row]').length`); got != m+1 {
		t.Errorf("without scripts a layer was added to %d rows and there are %d", m, got)
	}
}

// TestCompare chooses networks and sorts, in place.
func TestCompare(t *testing.T) {
	b := newTab(t, desktop)
	b.visit("/en/compare")
	eval[bool](b, `window.stays = true`)
	before := eval[int](b, `document.querySelectorAll('.cmpt tbody tr').length`)
	b.click(".chip:has(input:not(:checked))")
	b.wait(`document.querySelectorAll('.cmpt tbody tr').length === ` + strconv.Itoa(before+1))
	first := b.text(".cmpt tbody tr")
	b.click(".cmpt thead a:not([aria-current])")
	b.wait(`document.querySelector('.cmpt tbody tr').textContent.replace(/\s+/g, ' ').trim() !== ` + quote(first))
	if !eval[bool](b, `window.stays === true`) {
		t.Error("the page was loaded again")
	}
}

// TestPresent walks through a lesson on the projector by keys.
func TestPresent(t *testing.T) {
	b := newTab(t, look{width: 1600, height: 900})
	b.visit("/en/a/mini_resnet?step=2")
	b.key("p")
	b.wait(`location.pathname.endsWith('/present')`)
	b.wait(`document.querySelector('[data-present]') && document.readyState === 'complete'`)
	title := b.text("h1")
	b.key(kb.ArrowRight)
	b.param("step", "3")
	b.wait(`document.querySelector('h1').textContent !== ` + quote(title))
	b.key(kb.ArrowLeft)
	b.param("step", "2")
	b.wait(`document.querySelector('h1').textContent === ` + quote(title))
	b.key("b")
	b.wait(`document.querySelector('[data-present]').classList.contains('blank')`)
	b.key("b")
	b.wait(`!document.querySelector('[data-present]').classList.contains('blank')`)
	small := eval[[]string](b, `[...document.querySelectorAll('main *')].filter((e) => e.checkVisibility() && [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) && parseFloat(getComputedStyle(e).fontSize) < 15.9).map((e) => e.outerHTML.slice(0, 80))`)
	if len(small) > 0 {
		t.Errorf("too small for the back row: %q", small)
	}
	b.key(kb.Escape)
	b.wait(`location.pathname === '/en/a/mini_resnet'`)
	b.param("step", "2")
}
