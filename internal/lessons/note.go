package lessons

import (
	"fmt"
	"strings"
)

// note builds a correction. In a file each part starts with its key; the keys are the same in every language.
//
//	{{note degradation}}
//	notes: Vanishing gradients cause the drop.
//	source: The plain networks use batch normalisation {{cite he2015 section=4.1}}.
//	try: Open the depth laboratory and switch normalisation off.
//	{{end}}
func (b *builder) note(d directive, line int, body []string) (Note, error) {
	n := Note{ID: d.flag(0)}
	if err := d.only(1); err != nil {
		return n, err
	}
	if !isID(n.ID) {
		return n, fmt.Errorf("note: an identifier is needed, got %q", n.ID)
	}
	parts := map[string]*[]Inline{"notes": &n.Notes, "source": &n.Source, "try": &n.Try}
	var key string
	var text []string
	start := 0
	flush := func() {
		if key != "" {
			*parts[key] = b.inlines(start, strings.Join(text, "\n"))
			b.sign("note " + key)
		}
	}
	for i, l := range body {
		if k, rest, ok := strings.Cut(l, ":"); ok && parts[k] != nil {
			flush()
			if len(*parts[k]) > 0 {
				return n, fmt.Errorf("note %s: %s is given twice", n.ID, k)
			}
			key, start, text = k, line+1+i, []string{strings.TrimSpace(rest)}
			continue
		}
		if key == "" {
			return n, fmt.Errorf("note %s: it starts with one of the words notes, source and try, followed by a colon", n.ID)
		}
		text = append(text, strings.TrimSpace(l))
	}
	flush()
	if len(n.Notes) == 0 || len(n.Source) == 0 {
		return n, fmt.Errorf("note %s: what the notes say and what the source says are both needed", n.ID)
	}
	return n, nil
}
