package lessons

import "strings"

// Kind is where a lesson stands in the product.
type Kind string

// The kinds; each is a folder of the content, except Page, whose files lie at the top.
const (
	ArchLesson Kind = "arch" // beside an architecture; the slug is the family
	LabLesson  Kind = "lab"  // the text of a lab; the slug is the lab's
	Page       Kind = "page" // a page of its own
)

// Needs says which weights a lesson needs to mean what it says.
type Needs string

// The needs.
const (
	NeedsNothing   Needs = "none"      // counts, shapes, arithmetic
	NeedsAny       Needs = "any"       // any weights
	NeedsPublished Needs = "published" // weights that were trained and published
)

// Lesson is one text in one language.
type Lesson struct {
	Kind           Kind
	Slug, Lang     string
	Title, Summary string
	Order          int
	// Arch is the architecture that the text speaks of, and the default of its directives.
	Arch string
	// Variants are further architectures in which every path of the lesson exists, see Path.
	Variants []string
	Needs    Needs
	// Sources are the references of the front matter, then those that the text cites besides.
	Sources []*Reference
	// Lead stands before the first step.
	Lead  []Block
	Steps []*Step

	paths    map[string]map[string]string // variant → path here → path there
	leadSigs []string                     // signatures of the directives before the first step
	frontSig string                       // what the front matter must have in common in every language
}

// Step is one idea and the part of the diagram it speaks of.
type Step struct {
	// ID is the same in every language and never changes: it is public in URLs.
	ID    string
	Title string
	// Short is the title for a narrow place, such as the button that leads here.
	Short string
	// Focus lists the node paths or prefixes that the diagram shows at full strength; empty means everything.
	Focus []string
	// Node is what the step selects; empty leaves the selection alone. Channel is −1 for no particular one.
	Arch, Node string
	Channel    int
	Blocks     []Block

	line int
	sigs []string // signatures of the directives, for the comparison of languages
}

// Questions lists the questions of a step in order.
func (s *Step) Questions() []Question {
	var qs []Question
	for _, b := range s.Blocks {
		if q, ok := b.(Question); ok {
			qs = append(qs, q)
		}
	}
	return qs
}

// Step finds a step by its identifier; index is its position.
func (l *Lesson) Step(id string) (step *Step, index int, ok bool) {
	for i, s := range l.Steps {
		if s.ID == id {
			return s, i, true
		}
	}
	return nil, 0, false
}

// Path translates a path of the lesson's architecture to another one. ok is false when the lesson does not promise that
// the path exists there; then links should stay with l.Arch.
func (l *Lesson) Path(arch, path string) (string, bool) {
	if arch == l.Arch {
		return path, true
	}
	for _, v := range l.Variants {
		if v != arch {
			continue
		}
		if there, ok := l.paths[arch][path]; ok {
			return there, true
		}
		return path, true
	}
	return path, false
}

// TermsOf lists the glossary entries that the blocks use, in order of first use.
func TermsOf(blocks []Block) []*Term {
	var terms []*Term
	seen := map[string]bool{}
	WalkBlocks(blocks, func(text []Inline) {
		walk(text, func(x Inline) {
			if t, ok := x.(TermLink); ok && !seen[t.Term.ID] {
				seen[t.Term.ID] = true
				terms = append(terms, t.Term)
			}
		})
	})
	return terms
}

// citeSources adds what the text cites to the sources of the front matter.
func (l *Lesson) citeSources() {
	listed := map[string]bool{}
	for _, r := range l.Sources {
		listed[r.ID] = true
	}
	l.walk(func(x Inline) {
		var r *Reference
		switch x := x.(type) {
		case Cite:
			r = x.Reference
		case Published:
			r = x.Result.Reference
		}
		if r != nil && !listed[r.ID] {
			listed[r.ID] = true
			l.Sources = append(l.Sources, r)
		}
	})
}

func (l *Lesson) walk(visit func(Inline)) {
	each := func(text []Inline) { walk(text, visit) }
	WalkBlocks(l.Lead, each)
	for _, s := range l.Steps {
		WalkBlocks(s.Blocks, each)
	}
}

// listOf splits a comma- or space-separated value.
func listOf(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' })
}
