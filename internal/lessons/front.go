package lessons

import (
	"sort"
	"strconv"
	"strings"
)

// front reads the front matter of a lesson. Keys: title, summary, order, arch, variants, needs, sources, and
// paths.<variant>, which translates node paths: "conv1=features.0, pool5=features.12".
func (l *loader) front(b *builder, front map[string]frontLine) *Lesson {
	lesson := &Lesson{Lang: l.book.Lang, Needs: NeedsNothing, paths: map[string]map[string]string{}}
	var sig []string
	for k, v := range front {
		switch {
		case k == "title":
			lesson.Title = v.value
			b.digits(v.line, v.value)
			continue
		case k == "summary":
			lesson.Summary = v.value
			b.digits(v.line, v.value)
			continue
		case k == "order":
			n, err := strconv.Atoi(v.value)
			if err != nil {
				b.problem(v.line, "order %q is no whole number", v.value)
			}
			lesson.Order = n
		case k == "arch":
			lesson.Arch, b.arch = v.value, v.value
			if _, err := ask(b.res, v.value, "", Params); err != nil {
				b.problem(v.line, "arch: %v", err)
			}
		case k == "variants":
			lesson.Variants = listOf(v.value)
		case k == "needs":
			lesson.Needs = Needs(v.value)
			if n := lesson.Needs; n != NeedsNothing && n != NeedsAny && n != NeedsPublished {
				b.problem(v.line, "needs: %q is not none, any or published", v.value)
			}
		case k == "sources":
			lesson.Sources = b.sources(v)
		case strings.HasPrefix(k, "paths."):
			lesson.paths[strings.TrimPrefix(k, "paths.")] = b.translations(v)
		default:
			b.problem(v.line, "front matter has no key %q", k)
		}
		sig = append(sig, k+": "+v.value)
	}
	if lesson.Title == "" || lesson.Summary == "" {
		b.problem(1, "front matter needs a title and a summary")
	}
	for v := range lesson.paths {
		if _, ok := lesson.Path(v, ""); !ok {
			b.problem(front["paths."+v].line, "paths.%s: %s is no variant of the lesson", v, v)
		}
	}
	sort.Strings(sig)
	lesson.frontSig = strings.Join(sig, "; ")
	return lesson
}

func (b *builder) sources(v frontLine) []*Reference {
	var refs []*Reference
	for _, id := range listOf(v.value) {
		r := b.book.references[id]
		if r == nil {
			b.problem(v.line, "there is no reference %q", id)
			continue
		}
		refs = append(refs, r)
	}
	return refs
}

func (b *builder) translations(v frontLine) map[string]string {
	m := map[string]string{}
	for _, pair := range listOf(v.value) {
		here, there, ok := strings.Cut(pair, "=")
		if !ok || here == "" || there == "" {
			b.problem(v.line, "%q is no here=there", pair)
			continue
		}
		m[here] = there
	}
	return m
}
