package browsertest

import (
	"fmt"
	"testing"
)

// TestPresentFits: one idea, one screen. Nothing of the presenter's page lies outside of a projector's picture.
func TestPresentFits(t *testing.T) {
	for _, size := range []look{{width: 1280, height: 720}, {width: 1024, height: 768}, {width: 1920, height: 1080, dark: true}} {
		t.Run(fmt.Sprintf("%dx%d", size.width, size.height), func(t *testing.T) {
			b := newTab(t, size)
			for _, p := range []string{"/ko/a/mini_resnet/present?step=2", "/en/a/lenet5/present?step=4"} {
				b.visit(p)
				b.wait(`document.querySelectorAll('.prow svg').length > 2`)
				over := eval[[2]int](b, `[document.documentElement.scrollWidth - innerWidth, document.documentElement.scrollHeight - innerHeight]`)
				row := eval[int](b, element(".prow")+".scrollWidth - "+element(".prow")+".clientWidth")
				if over[0] > 0 || over[1] > 0 || row > 0 {
					t.Errorf("%s: %d px too wide, %d px too high, the row %d px too wide", p, over[0], over[1], row)
				}
			}
		})
	}
}
