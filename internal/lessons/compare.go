package lessons

import (
	"fmt"
	"path"
	"sort"
	"strings"
)

// compare checks that all languages have the same lessons, steps, directives and entries.
func (l *Library) compare(probs *Problems) {
	first := l.books[Langs[0]]
	for _, lang := range Langs[1:] {
		other := l.books[lang]
		l.compareLists(probs, first, other)
		for _, a := range first.Lessons {
			if b := other.Lesson(a.Kind, a.Slug); b != nil {
				compareLessons(probs, a, b)
			}
		}
		for _, t := range other.Glossary {
			if e := first.terms[t.ID]; e != nil {
				t.English = e.Name
			}
		}
	}
	for _, t := range first.Glossary {
		t.English = t.Name
	}
}

func (l *Library) compareLists(probs *Problems, a, b *Book) {
	missing := func(kind string, x, y map[string]bool, lang string) {
		for id := range x {
			if !y[id] {
				probs.add(lang, 0, "%s %q exists in another language but not here", kind, id)
			}
		}
	}
	for _, pair := range [][2]*Book{{a, b}, {b, a}} {
		x, y := pair[0], pair[1]
		missing("lesson", keys(x.lessons), keys(y.lessons), y.Lang)
		missing("glossary entry", keys(x.terms), keys(y.terms), y.Lang)
		missing("misconception", keys(x.misconceptions), keys(y.misconceptions), y.Lang)
	}
}

func keys[V any](m map[string]V) map[string]bool {
	out := map[string]bool{}
	for k := range m {
		out[k] = true
	}
	return out
}

// compareLessons compares what may not depend on the language; b is reported on.
func compareLessons(probs *Problems, a, b *Lesson) {
	file := path.Join(b.Lang, string(b.Kind), b.Slug+".md")
	if b.Kind == Page {
		file = path.Join(b.Lang, b.Slug+".md")
	}
	if x, y := a.frontSig, b.frontSig; x != y {
		probs.add(file, 1, "front matter differs from %s: %q, there %q", a.Lang, y, x)
	}
	if d := difference(a.leadSigs, b.leadSigs); d != "" {
		probs.add(file, 1, "before the first step: %s in %s", d, a.Lang)
	}
	if len(a.Steps) != len(b.Steps) {
		probs.add(file, 0, "%d steps, in %s %d", len(b.Steps), a.Lang, len(a.Steps))
		return
	}
	for i, s := range a.Steps {
		t := b.Steps[i]
		if d := difference(s.sigs, t.sigs); d != "" {
			probs.add(file, t.line, "step %s: %s in %s", t.ID, d, a.Lang)
		}
	}
}

// difference says what one list of signatures has and the other has not; the order within a step is the language's own.
func difference(a, b []string) string {
	count := map[string]int{}
	for _, s := range a {
		count[s]++
	}
	for _, s := range b {
		count[s]--
	}
	var out []string
	for s, n := range count {
		if n > 0 {
			out = append(out, fmt.Sprintf("%q stands only", s))
		}
		if n < 0 {
			out = append(out, fmt.Sprintf("%q does not stand", s))
		}
	}
	sort.Strings(out)
	return strings.Join(out, "; ")
}
