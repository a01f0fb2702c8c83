package browsertest

import (
	"testing"
)

// TestLesson goes forth and back through a lesson and answers a question: the verdict explains, and the address keeps it.
func TestLesson(t *testing.T) {
	b := newTab(t, desktop)
	b.visit("/en/a/mini_resnet")
	first := b.text("#les h2")
	b.click("#les .lesn .pri")
	b.param("step", "2")
	b.wait(`document.querySelector('#les h2').textContent !== '` + first + `'`)
	b.key("]")
	b.param("step", "3")
	b.key("[")
	b.param("step", "2")
	b.key("[")
	b.wait(`document.querySelector('#les h2').textContent === '` + first + `'`)

	question := "#les form[data-ask]"
	b.click(question + " button.ans:nth-of-type(2)")
	b.wait(element(question + " .why"))
	if got := eval[int](b, `document.querySelectorAll('#les .ans[aria-pressed=true]').length`); got != 1 {
		t.Errorf("%d answers are pressed", got)
	}
	if why := b.text(question + " .why"); len(why) < 40 {
		t.Errorf("the verdict is %q", why)
	}
	if !eval[bool](b, `document.activeElement.matches('#les .ans')`) {
		t.Errorf("after the answer the focus is on %s", eval[string](b, `document.activeElement.outerHTML.slice(0, 80)`))
	}
	why := b.text(question + " .why")
	b.visit(b.where())
	if got := b.text(question + " .why"); got != why {
		t.Errorf("the address brings the verdict %q, want %q", got, why)
	}
}

// TestRealLayer drags the rank of a trained layer: maps and errors follow while it moves, letting go keeps the slider and names
// the rank in the address; a layer from the list brings a slider of its own depth.
func TestRealLayer(t *testing.T) {
	b := newTab(t, desktop)
	b.visit("/en/labs/bottleneck?in=48")
	b.listening("range.js")
	const slider, results = ".c-real-layer [type=range]", "#real-layer-results"
	eval[bool](b, element(slider)+".scrollIntoView({block: 'center'}) === undefined")
	before := b.text(results)
	p, q := b.spot(slider, 0.5, 0.5), b.spot(slider, 0.9, 0.5)
	b.drag(p, q, 6)
	b.wait(`document.querySelector('` + results + `').textContent.replace(/\s+/g, ' ').trim() !== ` + quote(before))
	b.wait(`new URL(location).searchParams.get('rank') === ` + element(slider) + `.value`)
	b.param("in", "48")
	eval[bool](b, `(() => { const s = `+element(".c-real-layer select")+`; s.value = 'mini_vgg:conv1_2.conv'; s.dispatchEvent(new Event('change', { bubbles: true })); return true })()`)
	b.wait(element(slider) + `.max === '12'`)
	b.param("layer", "mini_vgg:conv1_2.conv")
}

// TestBottleneck drags a slider of the lab: figures follow while it moves, letting go makes one entry of the history, and
// the address reproduces the bench.
func TestBottleneck(t *testing.T) {
	b := newTab(t, desktop)
	b.visit("/en/labs/bottleneck")
	stage, breakEven := b.text("#bench"), b.text("#bench-results")
	slider := "#bench ~ form [type=range], .bench form [type=range]"
	entries := eval[int](b, `history.length`)
	p, q := b.spot(slider, 0.2, 0.5), b.spot(slider, 0.8, 0.5)
	b.drag(p, q, 6)
	b.wait(`document.getElementById('bench').textContent.replace(/\s+/g, ' ').trim() !== ` + quote(stage))
	value := eval[string](b, element(slider)+".value")
	if got := eval[string](b, element(".bench form [type=number]")+".value"); got != value {
		t.Errorf("the slider says %s, its number %s", value, got)
	}
	name := eval[string](b, element(".bench form [type=number]")+".name")
	b.param(name, value)
	if got := b.text("#bench-results"); got == breakEven {
		t.Errorf("the break-even stays %q", got)
	}
	if got := eval[int](b, `history.length`); got != entries+1 {
		t.Errorf("a drag made %d entries in the history, want 1", got-entries)
	}

	// The number is the same control: its arrows and its digits work.
	eval[bool](b, element(".bench form [type=number]")+".focus() === undefined")
	eval[bool](b, element(".bench form [type=number]")+".select() === undefined")
	b.key("9")
	b.key("6")
	b.wait(element(slider) + ".value === '96'")
	b.key("\t")
	b.param(name, "96")
	b.wait(`document.getElementById('bench').textContent.includes('96')`)
	moved := b.text("#bench")
	b.visit(b.where())
	if got := b.text("#bench"); got != moved {
		t.Error("the address does not reproduce the bench")
	}
	eval[bool](b, `(history.back(), true)`)
	b.param(name, value)
	b.wait(element(".bench form [type=number]") + ".value === '" + value + "'")
}
