package drawings

import (
	"regexp"
	"strings"
	"testing"
)

func TestClassesTable(t *testing.T) {
	if got := len(Classes()); got != 36 {
		t.Errorf("%d classes, want 36", got)
	}
	if got := len(glyphCodes()); got != 316 {
		t.Errorf("%d glyphs, want 316", got)
	}
	code := regexp.MustCompile(`^[0-9a-f]{4,5}(-[0-9a-f]{4,5})*$`)
	seen := map[string]string{}
	once := func(what, value string) {
		if value == "" {
			t.Errorf("an empty %s", what)
		}
		if before, ok := seen[value]; ok {
			t.Errorf("%s %q is used twice, before as %s", what, value, before)
		}
		seen[value] = what
	}
	for _, c := range Classes() {
		if want := strings.ReplaceAll(c.EN, " ", "-"); c.ID != want {
			t.Errorf("id %q, want %q", c.ID, want)
		}
		once("English name", c.EN)
		once("Korean name", c.KO)
		if len(c.Glyphs) < 3 {
			t.Errorf("%s has %d glyphs, want 3 at least", c.ID, len(c.Glyphs))
		}
		for _, g := range c.Glyphs {
			once("code", g)
			if !code.MatchString(g) || strings.Contains(g, "fe0f") {
				t.Errorf("%s: code %q", c.ID, g)
			}
		}
	}
}

func TestClassesIsACopy(t *testing.T) {
	Classes()[0].ID = "changed"
	if got := Classes()[0].ID; got != "cat" {
		t.Errorf("first class is %q after a caller's change, want cat", got)
	}
}

func TestStyles(t *testing.T) {
	for _, s := range AllStyles() {
		if got, err := ParseStyle(string(s)); got != s || err != nil {
			t.Errorf("ParseStyle(%q) = %q, %v", s, got, err)
		}
		if len(sources[s].digest) != 64 || sources[s].npm == "" {
			t.Errorf("%s is not pinned", s)
		}
	}
	if _, err := ParseStyle("apple"); err == nil || !strings.Contains(err.Error(), "noto") {
		t.Errorf("ParseStyle(apple): error %v, want one that lists the styles", err)
	}
	for _, s := range TrainStyles() {
		if s == OpenMoji {
			t.Error("OpenMoji is among the training styles")
		}
	}
}

func TestOpenMojiIsNeverTrainedOn(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("TrainSpec(OpenMoji) did not panic")
		}
	}()
	TrainSpec(OpenMoji)
}

func TestNotice(t *testing.T) {
	n := Notice()
	for _, want := range []string{"Noto Emoji", "Apache-2.0", "Copyright (c) Microsoft Corporation", "LobeHub", "Twemoji", "CC-BY-4.0", "Permission is hereby granted"} {
		if !strings.Contains(n, want) {
			t.Errorf("the notice does not say %q", want)
		}
	}
	if strings.Contains(n, "OpenMoji") {
		t.Error("the notice names OpenMoji, of which nothing is shipped")
	}
	if got := len(Licences()); got != len(AllStyles()) {
		t.Errorf("%d licences for %d styles", got, len(AllStyles()))
	}
}
