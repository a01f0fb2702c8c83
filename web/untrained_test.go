package web

import (
	"fmt"
	"strings"
	"testing"

	"stride/web/i18n"
)

// TestUntrainedIsSaid: every page that shows what untrained weights make of a picture says so, and none says what the maps
// show.
func TestUntrainedIsSaid(t *testing.T) {
	s := newSite(t)
	for _, lang := range []i18n.Lang{i18n.English, i18n.Korean} {
		w := wordsOf(lang)
		for _, page := range []string{"", "/present", "/print", "/layers", "/n/conv1", "?cam=1", "?tab=2"} {
			p := "/" + lang.Tag() + "/a/cifar_resnet20" + page
			_, body := s.get(t, p)
			if !strings.Contains(body, fmt.Sprintf(w.UntrainedBadge, 1)) {
				t.Errorf("%s does not say that its weights are untrained", p)
			}
			for _, depth := range w.Depths {
				if strings.Contains(body, "<b>"+depth+"</b>") {
					t.Errorf("%s says that maps of untrained weights show %s", p, depth)
				}
			}
		}
		for page, says := range map[string]bool{"mini_resnet/present": true, "lenet5/present": false} {
			if _, body := s.get(t, "/"+lang.Tag()+"/a/"+page); strings.Contains(body, "<b>"+w.Depths[0]+"</b>") != says {
				t.Errorf("%s: speaks of %s: %v", page, w.Depths[0], !says)
			}
		}
	}
}
