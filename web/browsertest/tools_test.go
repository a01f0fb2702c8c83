package browsertest

import (
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// rows are the layers of the calculator, top to bottom.
const rows = `[...document.querySelectorAll('[data-row] > .op')].map((a) => a.textContent.trim())`

// requests are the pages that a tab has asked for since the last call.
func (b *tab) requests() (n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, t := range b.net {
		if t.kind == "text/html" {
			n++
		}
	}
	b.net = nil
	return n
}

// listening waits until the page's script of a name has come and has been started.
func (b *tab) listening(script string) {
	b.t.Helper()
	b.wait(`performance.getEntriesByType('resource').some((e) => e.name.endsWith('/` + script + `'))`)
	eval[bool](b, `import(performance.getEntriesByType('resource').find((e) => e.name.endsWith('/`+script+`')).name).then(() => true)`)
}

// typeIn replaces what stands in a field.
func (b *tab) typeIn(sel, text string) {
	b.t.Helper()
	eval[bool](b, element(sel)+".select() === undefined")
	for _, c := range text {
		b.key(string(c))
	}
}

// TestCalculatorTyping changes settings: the numbers follow while one types, the field keeps focus and caret, and one change
// is one request and one entry of the history.
func TestCalculatorTyping(t *testing.T) {
	b := newTab(t, desktop)
	b.visit("/en/calc")
	b.listening("rows.js")
	const out, shape = "[data-row]:nth-child(2) .sets input", "[data-row]:nth-child(2) .shape"
	before := eval[int](b, "history.length")
	b.requests()
	b.typeIn(out, "4")
	b.wait(element(shape) + ".textContent.startsWith('4×')")
	b.key("8")
	b.wait(element(shape) + ".textContent.startsWith('48×')")
	if n := b.requests(); n != 2 {
		t.Errorf("two keys took %d requests", n)
	}
	if got := eval[string](b, "document.activeElement.name + ' ' + document.activeElement.selectionStart"); got != "r1.out 2" {
		t.Errorf("the caret is at %q", got)
	}
	if d := b.query().Get("d"); !strings.Contains(d, "~c48k3p1~") || len(b.query()["r1.out"]) > 0 {
		t.Errorf("the address holds %q", b.query())
	}
	b.key(kb.Enter)
	b.wait(element("input[name=d]") + ".value.includes('~c48k3p1~')")
	b.key("\t")
	if n := b.requests(); n != 0 {
		t.Errorf("Enter and leaving the field took %d requests more", n)
	}
	if n := eval[int](b, "history.length"); n != before+1 {
		t.Errorf("one change made %d entries", n-before)
	}
	// The next field starts from the new stack; Back undoes one change at a time.
	b.typeIn("[data-row]:nth-child(2) .sets [name$=kernel]", "5")
	b.wait(element(shape) + ".textContent.startsWith('48×62')")
	b.key("\t")
	b.wait(element("input[name=d]") + ".value.includes('~c48k5p1~')")
	if n := b.requests(); n != 1 {
		t.Errorf("one key and leaving the field took %d requests", n)
	}
	eval[bool](b, "(history.back(), true)")
	b.wait(element(shape) + ".textContent.startsWith('48×64')")
	eval[bool](b, "(history.back(), true)")
	b.wait(element(shape) + ".textContent.startsWith('32×64')")
	if v := eval[string](b, element(out)+".value"); v != "32" {
		t.Errorf("after Back the field holds %q", v)
	}

	// A value that cannot be taken is told at its row and leaves the rest alone.
	at := eval[string](b, "location.href")
	b.typeIn(out, "0")
	b.wait(element("[data-row]:nth-child(2).bad .fix"))
	if eval[string](b, "location.href") != at || eval[string](b, "document.activeElement.value") != "0" {
		t.Error("a refused value changed the address or the field")
	}
	b.typeIn(out, "7")
	b.wait(element(shape) + ".textContent.startsWith('7×64')")
	b.forgive("422")

	// Before its answer has come, a change is carried along by the next button.
	eval[bool](b, element("[data-row]:nth-child(2) .sets input")+".select() === undefined")
	n := eval[int](b, "document.querySelectorAll('[data-row]').length")
	eval[bool](b, `(() => { const f = document.querySelector('form[data-rows]'), el = f.elements['r1.out']; el.value = '9'; el.dispatchEvent(new Event('input', { bubbles: true })); f.querySelector('[name=add]').click(); return true; })()`)
	b.wait("document.querySelectorAll('[data-row]').length === " + strconv.Itoa(n+1))
	b.wait(element(shape) + ".textContent.startsWith('9×64')")
}

// TestCalculator edits a stack of layers: a number, the keyboard, the mouse, and the buttons that work without scripts.
func TestCalculator(t *testing.T) {
	b := newTab(t, desktop)
	b.visit("/en/calc")
	b.listening("rows.js")
	start := eval[[]string](b, rows)
	if len(start) < 5 {
		t.Fatalf("the calculator starts with %q", start)
	}
	swapped := func(a, c int) string {
		l := append([]string(nil), start...)
		l[a], l[c] = l[c], l[a]
		return quote(l[0] + l[1] + l[2] + l[3])
	}
	eval[bool](b, element("[data-row]:nth-child(2) .op")+".focus() === undefined")
	b.key(kb.ArrowDown, chromedp.ModifierAlt)
	b.wait(rows + `.slice(0, 4).join('') === ` + swapped(1, 2))
	b.key(kb.ArrowUp, chromedp.ModifierAlt) // the focus went along
	b.wait(rows + `.slice(0, 4).join('') === ` + quote(start[0]+start[1]+start[2]+start[3]))
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

	b.click("[data-undo]")
	b.wait(rows + `.length === ` + strconv.Itoa(n))

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
	b.listening("range.js")
	eval[bool](b, `window.stays = true`)
	before := eval[int](b, `document.querySelectorAll('.cmpt tbody tr').length`)
	entries := eval[int](b, "history.length")
	eval[bool](b, `(() => {
		const f = window.fetch, name = document.querySelector('.chip input:not(:checked)').value;
		let asked = 0;
		window.fetch = (...a) => { asked += String(a[0]).includes('m=' + name); return f(...a); };
		document.addEventListener('visited', () => { window.asked ??= asked || undefined; });
		return true;
	})()`)
	b.click(".chip:has(input:not(:checked))")
	b.wait(`document.querySelectorAll('.cmpt tbody tr').length === ` + strconv.Itoa(before+1))
	if n := eval[int](b, "window.asked"); n != 1 || eval[int](b, "history.length") != entries+1 {
		t.Errorf("one click asked %d times and made %d entries", n, eval[int](b, "history.length")-entries)
	}
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

// TestSliderSteps: a walk of arrow keys over one slider is one entry of the history, and ends where the keys led.
func TestSliderSteps(t *testing.T) {
	b := newTab(t, desktop)
	b.visit("/en/labs/bottleneck?in=32")
	b.listening("range.js")
	before := eval[int](b, "history.length")
	const slider, number = "[data-range]:has([name=in]) [type=range]", "[data-range] [name=in]"
	eval[bool](b, element(slider)+".focus() === undefined")
	from := eval[int](b, element(slider)+".valueAsNumber")
	step := eval[int](b, "Number("+element(slider)+".step) || 1")
	for range 6 {
		b.key(kb.ArrowRight)
	}
	b.param("in", strconv.Itoa(from+6*step))
	if n := eval[int](b, "history.length"); n != before+1 {
		t.Errorf("six keys made %d entries", n-before)
	}
	eval[bool](b, "(history.back(), true)")
	b.wait(element(number) + ".value === " + quote(strconv.Itoa(from)))
}
