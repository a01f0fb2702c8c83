package assets_test

import (
	"io/fs"
	"slices"
	"strings"
	"testing"

	"stride/assets"
)

// lines reads a list of assets/labels, one entry a line; ok is false when there is no such file.
func lines(t *testing.T, name string) (list []string, ok bool) {
	t.Helper()
	b, err := fs.ReadFile(assets.FS, "labels/"+name)
	if err != nil {
		return nil, false
	}
	text, found := strings.CutSuffix(string(b), "\n")
	if !found {
		t.Errorf("%s does not end in a line feed", name)
	}
	return strings.Split(text, "\n"), true
}

func TestLabels(t *testing.T) {
	cases := []struct {
		set      string
		classes  int
		optional bool
	}{
		{set: "imagenet", classes: 1000},
		{set: "cifar10", classes: 10},
		{set: "digits", classes: 10},
		{set: "drawings", classes: 36, optional: true},
	}
	for _, c := range cases {
		t.Run(c.set, func(t *testing.T) {
			for _, lang := range []string{"en", "ko"} {
				name := c.set + "." + lang + ".txt"
				list, ok := lines(t, name)
				if !ok && c.optional {
					t.Skipf("no %s here", name)
				}
				if len(list) != c.classes {
					t.Errorf("%s has %d names, want %d", name, len(list), c.classes)
				}
				checkNames(t, name, list)
			}
		})
	}
}

// checkNames wants names that are not empty, carry no stray space, and are told apart.
func checkNames(t *testing.T, file string, list []string) {
	t.Helper()
	first := map[string]int{}
	for i, name := range list {
		if name == "" || name != strings.TrimSpace(name) || strings.Contains(name, "  ") {
			t.Errorf("%s: class %d has the name %q", file, i, name)
		}
		if j, seen := first[name]; seen {
			t.Errorf("%s: classes %d and %d are both %q", file, j, i, name)
		}
		first[name] = i
	}
}

// TestAnchors holds names that every list of the ILSVRC-2012 classes has in the same place, so that a list that slipped by a
// line is found.
func TestAnchors(t *testing.T) {
	cases := []struct {
		class  int
		en, ko string
	}{
		{0, "tench", "텐치"}, {134, "crane bird", "두루미"}, {151, "Chihuahua", "치와와"}, {268, "Mexican hairless", "멕시칸 헤어리스"},
		{281, "tabby", "태비 고양이"}, {397, "puffer", "복어"}, {398, "abacus", "주판"}, {463, "bucket", "양동이"}, {517, "crane", "크레인"},
		{604, "hourglass", "모래시계"}, {701, "parachute", "낙하산"}, {817, "sports car", "스포츠카"}, {963, "pizza", "피자"}, {999, "toilet tissue", "화장지"},
	}
	en, _ := lines(t, "imagenet.en.txt")
	ko, _ := lines(t, "imagenet.ko.txt")
	for _, c := range cases {
		if c.class >= len(en) || c.class >= len(ko) {
			t.Fatalf("the lists have %d and %d names, want class %d in both", len(en), len(ko), c.class)
		}
		if en[c.class] != c.en || ko[c.class] != c.ko {
			t.Errorf("class %d is %q and %q, want %q and %q", c.class, en[c.class], ko[c.class], c.en, c.ko)
		}
	}
}

// TestKinds: the animals of ImageNet are its first 398 classes.
func TestKinds(t *testing.T) {
	kinds, _ := lines(t, "imagenet.kinds.txt")
	if len(kinds) != 1000 {
		t.Fatalf("imagenet.kinds.txt has %d lines, want 1000", len(kinds))
	}
	for i, k := range kinds {
		if k != "animal" && k != "object" {
			t.Errorf("class %d is of kind %q, want animal or object", i, k)
		}
	}
	const animals = 398
	if got := slices.Index(kinds, "object"); got != animals {
		t.Errorf("the first object is class %d, want %d", got, animals)
	}
	if slices.Contains(kinds[animals:], "animal") {
		t.Errorf("an animal is listed after class %d", animals-1)
	}
}
