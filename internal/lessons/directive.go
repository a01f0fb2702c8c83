package lessons

import (
	"fmt"
	"sort"
	"strings"
	"unicode/utf8"
)

// directive is one parsed {{…}}.
type directive struct {
	name  string
	flags []string // words without "="
	attrs map[string]string
	text  string // after the bar, trimmed
}

// directiveEnd finds the end of the directive that s starts with, its braces included; directives may nest in the text
// after the bar. It returns -1 when the directive is not closed.
func directiveEnd(s string) int {
	depth := 0
	for i := 0; i+1 < len(s); i++ {
		switch s[i : i+2] {
		case "{{":
			depth++
			i++
		case "}}":
			depth--
			i++
			if depth == 0 {
				return i + 1
			}
		}
	}
	return -1
}

// parseDirective parses what stands between the braces.
func parseDirective(s string) (directive, error) {
	d := directive{attrs: map[string]string{}}
	head := s
	if i := barIndex(s); i >= 0 {
		head, d.text = s[:i], strings.TrimSpace(s[i+1:])
	}
	words, err := splitWords(head)
	if err != nil {
		return d, err
	}
	if len(words) == 0 {
		return d, fmt.Errorf("empty directive")
	}
	d.name = words[0]
	for _, w := range words[1:] {
		k, v, ok := strings.Cut(w, "=")
		if !ok {
			d.flags = append(d.flags, w)
			continue
		}
		if _, dup := d.attrs[k]; dup || k == "" {
			return d, fmt.Errorf("%s: attribute %q is given twice or has no name", d.name, k)
		}
		d.attrs[k] = unquote(v)
	}
	return d, nil
}

// barIndex finds the bar that starts the text: the first one outside quotes and outside nested directives.
func barIndex(s string) int {
	quoted := false
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '"':
			quoted = !quoted
		case s[i] == '|' && !quoted:
			return i
		}
	}
	return -1
}

// splitWords splits at white space outside double quotes.
func splitWords(s string) ([]string, error) {
	var words []string
	var w strings.Builder
	quoted := false
	flush := func() {
		if w.Len() > 0 {
			words = append(words, w.String())
			w.Reset()
		}
	}
	for _, r := range s {
		switch {
		case r == '"':
			quoted = !quoted
			w.WriteRune(r)
		case !quoted && (r == ' ' || r == '\t' || r == '\n'):
			flush()
		case r == utf8.RuneError:
			return nil, fmt.Errorf("not UTF-8")
		default:
			w.WriteRune(r)
		}
	}
	if quoted {
		return nil, fmt.Errorf("a quote is not closed")
	}
	flush()
	return words, nil
}

func unquote(s string) string {
	if len(s) >= 2 && s[0] == '"' && s[len(s)-1] == '"' {
		return s[1 : len(s)-1]
	}
	return s
}

// only reports an error when the directive carries anything but the named attributes, or more flags than allowed.
func (d directive) only(flags int, attrs ...string) error {
	if len(d.flags) > flags {
		return fmt.Errorf("%s: unexpected %q", d.name, d.flags[flags])
	}
	for k := range d.attrs {
		known := false
		for _, a := range attrs {
			known = known || a == k
		}
		if !known {
			return fmt.Errorf("%s: there is no attribute %q", d.name, k)
		}
	}
	return nil
}

// flag gives the i-th flag or "".
func (d directive) flag(i int) string {
	if i < len(d.flags) {
		return d.flags[i]
	}
	return ""
}

// signature is what must be the same in every language: everything but the text.
func (d directive) signature() string {
	keys := make([]string, 0, len(d.attrs))
	for k := range d.attrs {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	parts := append([]string{d.name}, d.flags...)
	for _, k := range keys {
		if k != "short" { // a step's short title is text
			parts = append(parts, k+"="+d.attrs[k])
		}
	}
	return strings.Join(parts, " ")
}
