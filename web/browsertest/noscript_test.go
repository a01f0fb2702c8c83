package browsertest

import (
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

var plain = look{width: 1180, height: 900, noScript: true}

// submit presses a button and waits for the next page.
func (b *tab) submit(sel string) {
	b.t.Helper()
	p := b.spot(sel, 0.5, 0.5)
	b.load(chromedp.MouseClickXY(p[0], p[1]))
}

// load does something that leads to another page, and waits for that page.
func (b *tab) load(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	mark := eval[float64](b, `performance.timeOrigin`)
	b.do(actions...)
	b.wait(`document.readyState === 'complete' && performance.timeOrigin !== ` + strconv.FormatFloat(mark, 'f', -1, 64))
}

// TestWithoutScript reaches every layer, channel, pixel and control by links and forms alone.
func TestWithoutScript(t *testing.T) {
	t.Run("layer, channel, pixel", func(t *testing.T) {
		b := newTab(t, plain)
		b.visit("/en/a/mini_resnet")
		b.submit("#insp [data-key=ArrowRight]")
		layer := b.query().Get("l")
		if got := eval[string](b, `document.querySelector('#insp').dataset.layer`); layer == "" || got != layer {
			t.Errorf("the next layer is %q, its page shows %q", layer, got)
		}
		b.submit("#blk a[data-node]:not([aria-current])")
		if got := b.query().Get("l"); got == layer {
			t.Error("the diagram leads nowhere")
		}
		b.visit("/en/a/mini_resnet?l=block1.conv1")
		b.submit("#insp [data-grid] a:nth-child(6)")
		c := b.query().Get("c")
		if c == "" || !strings.Contains(b.text("#channel-h"), c) {
			t.Errorf("channel %q is shown as %q", c, b.text("#channel-h"))
		}
		p := b.spot(mapInput, 3.5/16, 11.5/16)
		b.load(chromedp.MouseClickXY(p[0], p[1]))
		if got := eval[string](b, place); got != "row 11, col 3" {
			t.Errorf("a click on the map leads to %q, want row 11, col 3", got)
		}
		if got := b.query().Get("c"); got != c {
			t.Errorf("the click changed channel %s to %s", c, got)
		}
		eval[bool](b, element("#channel .goto [name=y]")+".value = '2', "+element("#channel .goto [name=x]")+".value = '14', true")
		b.submit("#channel .goto button")
		if got := eval[string](b, place); got != "row 2, col 14" {
			t.Errorf("the form leads to %q", got)
		}
		// Each term of the sum is a way down to the pixels.
		b.submit("#pixel .arith td a")
		if got := b.query(); got.Get("l") != "relu" || got.Get("y") == "" || got.Get("c") == "" {
			t.Errorf("a term leads to %s", got.Encode())
		}
	})
	t.Run("question, lesson, theme", func(t *testing.T) {
		b := newTab(t, plain)
		b.visit("/en/a/mini_resnet")
		b.submit("#les form[data-ask] button.ans")
		if why := b.text("#les .why"); len(why) < 40 {
			t.Errorf("the verdict is %q", why)
		}
		b.submit("#les .lesn .pri")
		if got := b.query().Get("step"); got != "2" {
			t.Errorf("the next step is %q", got)
		}
		b.submit("[data-theme-form] .to-dark")
		if got := eval[string](b, `document.documentElement.dataset.theme`); got != "dark" || b.query().Get("step") != "2" {
			t.Errorf("the dark theme is %q at %s", got, b.where())
		}
	})
	t.Run("menus", func(t *testing.T) {
		b := newTab(t, plain)
		b.visit("/en/a/mini_resnet?l=block1.relu")
		b.click("#insp .cmsel summary")
		b.wait(element("#insp .cmsel") + ".open")
		b.submit("#insp .cmsel a[href*=viridis]")
		if got := b.query().Get("cm"); got != "viridis" {
			t.Errorf("the colours are %q", got)
		}
	})
	t.Run("lab", func(t *testing.T) {
		b := newTab(t, plain)
		b.visit("/en/labs/bottleneck")
		before := b.text("#bench")
		name := eval[string](b, element(".bench [type=number]")+".name")
		eval[bool](b, element(".bench [type=number]")+".value = '96', true")
		b.submit(".bench form button:not([name])")
		if got := b.query().Get(name); got != "96" || b.text("#bench") == before {
			t.Errorf("the form leads to %s=%s", name, got)
		}
		if n := eval[int](b, `[...document.querySelectorAll('.bench [type=range]')].filter((e) => e.offsetHeight).length`); n > 0 {
			t.Errorf("%d sliders are shown that do nothing", n)
		}
	})
	t.Run("upload", func(t *testing.T) {
		b := newTab(t, plain)
		b.visit("/en/image")
		b.do(chromedp.SetUploadFiles(chromedp.CSS("form[data-drop] input[type=file]"), []string{pictureFile(t)}))
		b.submit("form[data-drop] noscript button, form[data-drop] button")
		if got := b.text("[data-image-chip]"); !strings.Contains(got, "Your picture") {
			t.Errorf("the picture is %q", got)
		}
		b.visit("/en/image")
		b.do(chromedp.SetUploadFiles(chromedp.CSS("label[data-camera] input"), []string{pictureFile(t)}))
		b.submit("form:has(label[data-camera]) noscript button, form:has(label[data-camera]) button")
		if got := b.text("[data-image-chip]"); !strings.Contains(got, "Your picture") {
			t.Errorf("after a photo the picture is %q", got)
		}
		b.visit("/en/image")
		b.submit("form button[name=sample]:not([aria-pressed=true])")
		if got := b.text("[data-image-chip]"); strings.Contains(got, "Your picture") {
			t.Errorf("after choosing a sample the picture is %q", got)
		}
	})
	t.Run("pad", func(t *testing.T) {
		b := newTab(t, plain)
		b.visit("/en/a/lenet5")
		b.submit("[data-clear]")
		for y := 0.22; y < 0.8; y += 0.055 {
			p := b.spot("[data-pad] input[type=image]", 0.5, y)
			b.load(chromedp.MouseClickXY(p[0], p[1]))
		}
		if got := eval[string](b, says); got != "1" {
			t.Errorf("dots in a line are read as %q", got)
		}
	})
}
