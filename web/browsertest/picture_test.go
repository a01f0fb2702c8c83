package browsertest

import (
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// pictureFile writes a picture of a person's own: larger than what a page sends as it is.
func pictureFile(t *testing.T) string {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 1400, 900))
	for y := range 900 {
		for x := range 1400 {
			img.Set(x, y, color.RGBA{uint8(x / 6), uint8(y / 4), uint8((x/100 + y/100) % 2 * 200), 255})
		}
	}
	name := filepath.Join(t.TempDir(), "own.png")
	f, err := os.Create(name)
	if err == nil {
		err = png.Encode(f, img)
	}
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return name
}

// TestUpload chooses a file, sees it used on every page, and gets a refusal in place that changes nothing.
func TestUpload(t *testing.T) {
	b := newTab(t, desktop)
	b.visit("/en/image")
	b.do(chromedp.SetUploadFiles(chromedp.CSS("form[data-drop] input[type=file]"), []string{pictureFile(t)}))
	b.wait(element("[data-image-chip]") + "?.textContent.includes('Your picture')")
	thumb := eval[string](b, element("[data-image-chip] img")+".src")

	b.visit("/ko/a/mini_resnet?l=block1.conv1")
	if got := eval[string](b, element("[data-image-chip] img")+".src"); got != thumb {
		t.Errorf("the network runs on %s, want the uploaded %s", got, thumb)
	}
	b.wait(`[...document.querySelectorAll('.ov image, .ov img, #over image')].length && document.images.length && [...document.images].every((i) => i.complete && i.naturalWidth)`)

	text := filepath.Join(t.TempDir(), "notes.png")
	if err := os.WriteFile(text, []byte(strings.Repeat("no picture ", 20)), 0o600); err != nil {
		t.Fatal(err)
	}
	b.visit("/en/image")
	b.do(chromedp.SetUploadFiles(chromedp.CSS("form[data-drop] input[type=file]"), []string{text}))
	b.wait(element("[data-upload-error] .notice.err"))
	b.until("the console to report the refused upload", hasMessage(b, "415"))
	b.forgive("415")
	if got := eval[string](b, element("[data-image-chip] img")+".src"); got != thumb {
		t.Errorf("a refused file replaced the picture by %s", got)
	}
}

// TestSample takes another picture on the page of a network: the network runs on it, and every page has it.
func TestSample(t *testing.T) {
	b := newTab(t, desktop)
	b.visit("/en/")
	before := eval[string](b, element("[data-image-chip] img")+".src")
	answer := b.text(".pred, .predh")
	b.click("form.thumbs button:nth-of-type(8)")
	b.wait(element("[data-image-chip] img") + ".src !== " + quote(before))
	b.wait(element(".pred, .predh") + ".textContent.replace(/\\s+/g, ' ').trim() !== " + quote(answer))
	chosen := eval[string](b, element("[data-image-chip] img")+".src")
	b.visit("/en/a/mini_mobilenet")
	if got := eval[string](b, element("[data-image-chip] img")+".src"); got != chosen {
		t.Errorf("the network runs on %s, want %s", got, chosen)
	}
}

// TestDrop drops a file on a page.
func TestDrop(t *testing.T) {
	b := newTab(t, desktop)
	b.visit("/en/a/mini_resnet")
	eval[bool](b, `(async () => {
		const c = new OffscreenCanvas(40, 30), p = c.getContext('2d');
		p.fillRect(5, 5, 20, 10);
		const data = new DataTransfer();
		data.items.add(new File([await c.convertToBlob()], 'drop.png', { type: 'image/png' }));
		for (const type of ['dragover', 'drop']) document.querySelector('main').dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
		return true;
	})()`)
	b.wait(element("[data-image-chip]") + "?.textContent.includes('Your picture')")
	b.wait(`location.pathname === '/en/a/mini_resnet'`)
}
