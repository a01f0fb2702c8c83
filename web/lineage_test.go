package web

import (
	"strings"
	"testing"

	"stride/internal/nn/arch"
	"stride/web/i18n"
	"stride/web/view"
)

// TestLineage: every family introduces what its line says, and the graphs say who takes it up.
func TestLineage(t *testing.T) {
	f, err := newSite(t).s.newFamilyTable(view.Page{Lang: i18n.English})
	if err != nil {
		t.Fatal(err)
	}
	introduced := map[string]int{}
	for i, x := range ideaLines {
		for j, stop := range f.Ideas[i].Stops {
			if first := stop.Kind == view.StopIntroduces || stop.Kind == view.StopOnly; first != (arch.Families[j].Name == x.family) {
				t.Errorf("%s: the stop at %s is %d", x.idea, arch.Families[j].Name, stop.Kind)
			}
			if x.idea == "branches" && arch.Families[j].Name == "densenet" && stop.Kind != view.StopEnds {
				t.Errorf("DenseNet joins by concatenation too; its stop is %d", stop.Kind)
			}
			if x.idea == "densenet" && arch.Families[j].Name == "inception" && stop.Kind != view.StopNone {
				t.Errorf("no layer of InceptionNet reads all before it; its stop is %d", stop.Kind)
			}
		}
		introduced[x.family]++
	}
	for _, fam := range arch.Families {
		if introduced[fam.Name] == 0 {
			t.Errorf("%s has no line", fam.Name)
		}
	}
}

// TestListSaysWhatIsRead: on a phone the block is a list, so a branch and a join say where their inputs come from.
func TestListSaysWhatIsRead(t *testing.T) {
	s := newSite(t)
	for path, want := range map[string]string{
		"/en/a/mini_googlenet?l=inception_3a.b2_reduce.conv": "from pool1",
		"/en/a/mini_resnet?l=block2.conv1":                   "also receives block1.relu_1",
	} {
		_, page := s.get(t, path)
		if !strings.Contains(page, want) {
			t.Errorf("%s lacks %q", path, want)
		}
	}
}

// TestFamilyAccuracies: every family has an accuracy: of its public weights, LeNet of its own digits.
func TestFamilyAccuracies(t *testing.T) {
	s := newSite(t).s
	for _, fam := range arch.Families {
		a, err := arch.ByName(fam.Main)
		if err != nil {
			t.Fatal(err)
		}
		f := s.accuracy(fam, a)
		if !strings.HasSuffix(f.Value, "%") || (f.Unit != "") != (fam.Name == "lenet") {
			t.Errorf("%s: %+v", fam.Name, f)
		}
	}
}
