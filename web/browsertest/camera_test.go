package browsertest

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// TestCamera takes a picture with the browser's stand-in for a camera, and leaves the finder without taking one.
func TestCamera(t *testing.T) {
	b := newTab(t, desktop)
	b.visit("/en/image")
	before := eval[string](b, element("[data-image-chip] img")+".src")
	b.click("label[data-camera]")
	b.wait(element("dialog video") + "?.videoWidth")
	if got := eval[string](b, element("dialog")+".getAttribute('aria-label')"); got != "Camera" {
		t.Errorf("the finder is called %q", got)
	}
	b.click("dialog button:last-of-type")
	b.wait("!" + element("dialog"))
	if got := eval[string](b, element("[data-image-chip] img")+".src"); got != before {
		t.Errorf("leaving the finder changed the picture to %s", got)
	}
	b.click("label[data-camera]")
	b.wait(element("dialog video") + "?.videoWidth")
	b.click("dialog .btn.pri")
	b.wait(element("[data-image-chip]") + "?.textContent.includes('Your picture')")
	b.wait(`[...document.querySelectorAll('.crop img')].length === 3 && [...document.images].every((i) => i.complete && i.naturalWidth)`)
}

// TestCameraRefused says what to do when there is no camera, or none is allowed.
func TestCameraRefused(t *testing.T) {
	b := newTab(t, desktop)
	b.visit("/ko/image")
	eval[bool](b, `Boolean(navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotAllowedError')))`)
	b.click("label[data-camera]")
	b.wait(element("[data-upload-error]") + "?.textContent.includes('카메라')")
}

// TestPaste pastes a picture from the clipboard.
func TestPaste(t *testing.T) {
	b := newTab(t, desktop)
	b.visit("/en/a/mini_vgg?l=pool1")
	eval[bool](b, `(async () => {
		const c = new OffscreenCanvas(60, 40), p = c.getContext('2d');
		p.fillStyle = '#c40';
		p.fillRect(9, 9, 30, 20);
		const data = new DataTransfer();
		data.items.add(new File([await c.convertToBlob()], 'image.png', { type: 'image/png' }));
		document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
		return true;
	})()`)
	b.wait(element("[data-image-chip]") + "?.textContent.includes('Your picture')")
	if got := b.query().Get("l"); got != "pool1" {
		t.Errorf("the new picture leads to layer %q, want pool1", got)
	}
}

// TestPrint: the handout becomes a file of a few pages, with every map loaded.
func TestPrint(t *testing.T) {
	b := newTab(t, desktop)
	b.visit("/ko/a/mini_resnet/print")
	b.wait(`[...document.images].every((i) => i.complete && i.naturalWidth)`)
	pdf, err := chromedp.Run(b.ctx, chromedp.PrintToPDF())
	if err != nil {
		t.Fatal(err)
	}
	if len(pdf) < 20_000 || string(pdf[:5]) != "%PDF-" {
		t.Errorf("%d bytes that begin with %.8q", len(pdf), pdf)
	}
}
