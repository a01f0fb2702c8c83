package browsertest

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// focusless lists what can take the focus and does not show it. The keyboard was used last, so :focus-visible holds.
const focusless = `(() => {
	const looks = (el) => [el, el.closest('label'), ...el.querySelectorAll('*')].filter(Boolean).slice(0, 30).map((e) => {
		const s = getComputedStyle(e);
		return [s.outlineStyle === 'none' ? '' : s.outline, s.boxShadow, s.borderColor, s.stroke, s.fill, s.backgroundColor, s.textDecorationLine, s.opacity].join();
	}).join(';');
	const bad = [];
	for (const el of document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')) {
		if (!el.checkVisibility({ visibilityProperty: true }) || el.disabled || el.tabIndex < 0 || el.closest('details:not([open]) > :not(summary)')) continue;
		document.activeElement.blur();
		const before = looks(el);
		el.focus({ preventScroll: true });
		if (document.activeElement === el && looks(el) === before) bad.push(el.outerHTML.slice(0, 140));
	}
	return bad;
})()`

// TestFocusIsSeen: whatever takes the focus shows it, in both themes.
func TestFocusIsSeen(t *testing.T) {
	for _, dark := range []bool{false, true} {
		b := newTab(t, look{width: 1440, height: 900, dark: dark})
		for _, path := range []string{"/en/", "/en/a/mini_resnet?l=block1.conv1", "/en/a/lenet5", "/en/labs/bottleneck", "/en/compare", "/en/calc", "/en/image", "/en/learn", "/en/models", "/en/a/mini_resnet/n/conv1", "/en/a/mini_resnet/present"} {
			b.visit(path)
			b.key("\t")
			if bad := eval[[]string](b, focusless); len(bad) > 0 {
				t.Errorf("%s: %d elements hide the focus: %s", path, len(bad), strings.Join(bad[:min(3, len(bad))], "\n"))
			}
		}
	}
}

// TestKeyboardAlone: from the address bar to a pinned pixel and an answer without a pointer.
func TestKeyboardAlone(t *testing.T) {
	b := newTab(t, desktop)
	b.visit("/en/a/mini_resnet?l=block1.conv1")
	b.key("\t")
	if !eval[bool](b, `document.activeElement.matches('.skip')`) {
		t.Errorf("the first stop is %s", eval[string](b, `document.activeElement.outerHTML.slice(0, 100)`))
	}
	b.key(kb.Enter)
	b.tabTo("#les button.ans")
	b.key(kb.Enter)
	b.wait(element("#les .why"))
	b.tabTo("#insp [data-map]")
	b.key(kb.ArrowRight)
	b.key(kb.Enter)
	b.wait(`new URL(location).searchParams.has('y')`)
	b.tabTo("#insp .cmsel summary")
	b.key(kb.Enter)
	b.wait(element("#insp .cmsel") + ".open")
	b.key(kb.ArrowDown)
	b.key(kb.ArrowDown)
	b.key(kb.Enter)
	b.wait(`new URL(location).searchParams.has('cm')`)
	b.tabTo("#insp [data-grid] a")
	b.key(kb.ArrowRight)
	b.key(kb.Enter)
	b.wait(`new URL(location).searchParams.has('c')`)
	// The list of keys opens on top, takes the focus, and gives it back.
	b.key("?")
	b.wait(`document.querySelector('dialog[open]')?.contains(document.activeElement)`)
	b.key(kb.Escape)
	b.wait(`!document.querySelector('dialog[open]')`)
	b.key("/")
	b.wait(`document.activeElement.matches('dialog input')`)
	// The protocol types a key even where the page has taken it.
	eval[bool](b, `document.activeElement.value = '', true`)
	for _, c := range "k3.conv1" {
		b.key(string(c))
	}
	b.wait(`document.querySelectorAll('dialog .found a').length === 1`)
	b.key(kb.Enter)
	b.wait(`document.querySelector('#insp')?.dataset.layer === 'block3.conv1'`)
}

// TestArchByKeyboard goes through everything that an architecture page offers without a pointer.
func TestArchByKeyboard(t *testing.T) {
	b := newTab(t, desktop)
	b.visit("/en/a/mini_resnet?l=block1.relu")
	layer := `document.querySelector('#insp').dataset.layer`
	param := func(key string, press ...string) {
		t.Helper()
		before := b.where()
		for _, k := range press {
			b.key(k)
		}
		b.wait(`location.pathname + location.search !== ` + quote(before) + ` && new URL(location).searchParams.has(` + quote(key) + `)`)
	}
	// Single keys: colour, order, scale, Grad-CAM, channel, lesson, zoom, layer, stage.
	param("cm", "c")
	param("sort", "s")
	param("scale", "n")
	param("cam", "g")
	param("c", kb.ArrowDown)
	param("step", "]")
	param("zoom", kb.Enter)
	b.key(kb.Escape)
	b.wait(`!new URL(location).searchParams.has('zoom')`)
	was := eval[string](b, layer)
	b.key(kb.ArrowRight)
	b.wait(layer + ` !== ` + quote(was))
	was = eval[string](b, layer)
	b.key("3")
	b.wait(layer + ` !== ` + quote(was))
	// What has no key of its own is reached with Tab.
	b.tabTo("#res input[type=range]")
	param("at", kb.ArrowRight)
	if !eval[bool](b, `document.activeElement.matches('#res input[type=range]')`) {
		t.Error("the slider of Grad-CAM loses the focus")
	}
	b.tabTo("#blk .seg a:not([aria-current])")
	param("zoom", kb.Enter)
	b.tabTo("#blk a[data-node]:not([aria-current])")
	was = eval[string](b, layer)
	b.key(kb.Enter)
	b.wait(layer + ` !== ` + quote(was))
	b.visit("/en/a/mini_resnet?l=block2.conv2")
	b.tabTo("#pixel .contrib summary")
	b.key(" ")
	b.tabTo("#pixel .contrib a:not([aria-current])")
	param("in", kb.Enter)
	b.tabTo("#pixel .arith td a")
	b.key(kb.Enter)
	b.wait(layer + ` === 'block2.relu' && new URL(location).searchParams.has('y')`)
	b.tabTo("#surgery input[type=range]")
	param("edit", kb.ArrowLeft)
	if !eval[bool](b, `document.activeElement.matches('#surgery input[type=range]')`) {
		t.Error("the slider of the surgery loses the focus")
	}
	b.wait(element("#res .twin"))
	b.tabTo("#surgery a[href]")
	b.key(kb.Enter)
	b.wait(`(new URL(location).searchParams.get('edit') || '').includes(',')`)
	// A vector is one stop of Tab, arrows move inside it.
	b.visit("/en/a/mini_resnet?l=softmax")
	b.tabTo("#strip svg a")
	b.key(kb.ArrowRight)
	param("c", kb.Enter)
	b.tabTo(".abar .seg a:not([aria-current])")
	b.key(kb.Enter)
	b.wait(`location.pathname !== '/en/a/mini_resnet'`)
}

// tabTo presses Tab until the focus is on an element of a selector.
func (b *tab) tabTo(sel string) {
	b.t.Helper()
	for range 200 {
		if eval[bool](b, `document.activeElement.matches(`+quote(sel)+`)`) {
			return
		}
		b.key("\t")
	}
	b.t.Fatalf("Tab does not reach %s from where it was at %s", sel, b.where())
}
