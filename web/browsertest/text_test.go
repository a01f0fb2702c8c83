package browsertest

import (
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// leastText is the smallest size, in CSS pixels on the screen, of text in a drawing.
const leastText = 11

// TestDrawnText: text in a drawing is as large as text, on every screen: drawings are made for their width, not scaled.
func TestDrawnText(t *testing.T) {
	b := newTab(t, desktop)
	for _, path := range []string{
		"/en/", "/en/compare", "/en/labs/bottleneck", "/ko/labs/bottleneck?in=256&mid=64&out=192&size=7", "/en/a/lenet5", "/ko/a/mini_resnet?l=block1.conv2", "/en/a/mini_efficientnet?l=features.1.block.0.0", "/en/a/mini_googlenet?l=inception_3a.cat", "/en/a/mini_resnet?tab=2", "/en/a/resnet50",
	} {
		b.visit(path)
		for _, width := range []int64{1440, 1180, 768, 390} {
			b.do(chromedp.EmulateViewport(width, 900))
			small := eval[[]string](b, `[...document.querySelectorAll('svg text')].filter((t) => t.textContent.trim() && t.getClientRects().length && t.getBoundingClientRect().width).map((t) => {
				const m = t.getScreenCTM(), size = parseFloat(getComputedStyle(t).fontSize) * Math.hypot(m.a, m.b);
				return size < `+strconv.Itoa(leastText)+` - 0.05 ? size.toFixed(1) + ' px: ' + t.textContent.trim() : '';
			}).filter(Boolean)`)
			if len(small) > 0 {
				t.Errorf("%s at %d px: %d texts are small: %s", path, width, len(small), strings.Join(small[:min(len(small), 4)], ", "))
			}
		}
	}
}

// TestNumbersFit: formulas, the cells of a worked sum and the shares of the digits stand whole in their places.
func TestNumbersFit(t *testing.T) {
	b := newTab(t, desktop)
	for _, path := range []string{
		"/en/a/mini_resnet?step=5", "/en/a/mini_resnet?step=6", "/ko/a/mini_googlenet?step=3", "/en/a/mini_densenet?step=2", "/ko/a/mini_efficientnet?step=2", "/en/a/mini_alexnet?step=2&l=conv1.conv", "/en/a/lenet5?step=2",
	} {
		b.visit(path)
		for _, width := range []int64{1440, 1180, 390} {
			b.do(chromedp.EmulateViewport(width, 900))
			cut := eval[[]string](b, `[...document.querySelectorAll('.eq, .arith td, .digits li')].filter((e) => e.scrollWidth > e.clientWidth + 1 && e.clientWidth).map((e) => e.className + ' ' + e.textContent.trim().slice(0, 40))`)
			if len(cut) > 0 {
				t.Errorf("%s at %d px: %d numbers do not fit: %q", path, width, len(cut), cut[:min(len(cut), 3)])
			}
		}
	}
}
