package export

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
)

// Sheet is the rules of style sheets that decide how SVG looks. Rules for some media only (print, narrow windows, a device
// that is dark) and for states that a file has not (hover) are left out.
type Sheet struct {
	rules []rule
	// Skipped are the selectors that could not be read. They must speak of states and of generated content only.
	Skipped []string
}

type rule struct {
	sel          cascadia.Sel
	weight       cascadia.Specificity
	declarations []declaration
}

type declaration struct {
	name, value string
	important   bool
}

// properties are those that matter here; custom ones (--name) do too. The value tells whether they are inherited.
var properties = map[string]bool{
	"color": true, "fill": true, "fill-opacity": true, "stroke": true, "stroke-width": true, "stroke-opacity": true, "stroke-dasharray": true,
	"stroke-linecap": true, "stroke-linejoin": true, "paint-order": true, "font-size": true, "font-weight": true, "font-family": true,
	"letter-spacing": true, "word-spacing": true, "text-anchor": true, "image-rendering": true, "visibility": true,
	"opacity": false, "display": false, "vector-effect": false,
}

var comments = regexp.MustCompile(`(?s)/\*.*?\*/`)

// ParseSheet reads style sheets, later ones over earlier.
func ParseSheet(css ...string) *Sheet {
	s := &Sheet{}
	for _, text := range css {
		s.read(comments.ReplaceAllString(text, ""))
	}
	slices.SortStableFunc(s.rules, func(a, b rule) int {
		x, y := a.weight, b.weight
		return cmp.Or(cmp.Compare(x[0], y[0]), cmp.Compare(x[1], y[1]), cmp.Compare(x[2], y[2]))
	})
	return s
}

// read takes rule after rule; blocks that start with @ are skipped whole.
func (s *Sheet) read(css string) {
	for {
		open := strings.IndexByte(css, '{')
		if open < 0 {
			return
		}
		end, depth := open+1, 1
		for end < len(css) && depth > 0 {
			switch css[end] {
			case '{':
				depth++
			case '}':
				depth--
			}
			end++
		}
		head := strings.TrimSpace(css[:open])
		if !strings.HasPrefix(head, "@") && depth == 0 {
			s.add(head, css[open+1:end-1])
		}
		css = css[end:]
	}
}

// add adds a rule for each selector of the head. A selector that cannot be read speaks of what a file has not.
func (s *Sheet) add(head, body string) {
	var l []declaration
	for _, d := range split(body, ';') {
		name, value, ok := strings.Cut(d, ":")
		name = strings.TrimSpace(name)
		if _, known := properties[name]; !ok || !known && !strings.HasPrefix(name, "--") {
			continue
		}
		value, important := strings.CutSuffix(strings.TrimSpace(value), "!important")
		l = append(l, declaration{name, strings.TrimSpace(value), important})
	}
	if len(l) == 0 {
		return
	}
	for _, sel := range split(head, ',') {
		sel = strings.TrimSpace(sel)
		with, without := unwrap(sel)
		p, err := cascadia.Parse(with)
		q, err2 := cascadia.Parse(without)
		if err != nil || err2 != nil {
			s.Skipped = append(s.Skipped, sel)
			continue
		}
		s.rules = append(s.rules, rule{p, q.Specificity(), l})
	}
}

// unwrap takes :where( ) off a condition: with is the selector that has to match, without the one whose weight it has.
func unwrap(sel string) (with, without string) {
	with, without = sel, sel
	for {
		at := strings.Index(with, ":where(")
		if at < 0 {
			return with, without
		}
		end := closing(with, at+7)
		in := with[at+7 : end]
		if strings.ContainsAny(in, ", >+~") { // more than one condition on one element: left to be refused
			return with, without
		}
		without = strings.Replace(without, with[at:min(end+1, len(with))], "", 1)
		with = with[:at] + in + with[min(end+1, len(with)):]
	}
}

// split divides at a separator that stands in no brackets.
func split(s string, sep byte) []string {
	var l []string
	depth, from := 0, 0
	for i := range len(s) {
		switch s[i] {
		case '(', '[':
			depth++
		case ')', ']':
			depth--
		case sep:
			if depth == 0 {
				l, from = append(l, s[from:i]), i+1
			}
		}
	}
	return append(l, s[from:])
}

// style is the values of an element, as they are written; variables are not yet put in.
type style map[string]string

// styleOf is what holds for an element inside a parent's style: what is inherited, its attributes, the rules.
func (s *Sheet) styleOf(n *html.Node, parent style) style {
	st := style{}
	for k, v := range parent {
		if properties[k] || strings.HasPrefix(k, "--") {
			st[k] = v
		}
	}
	for _, a := range n.Attr {
		if _, ok := properties[a.Key]; ok {
			st[a.Key] = a.Val
		}
	}
	for _, important := range []bool{false, true} {
		for _, r := range s.rules {
			if !r.sel.Match(n) {
				continue
			}
			for _, d := range r.declarations {
				if d.important == important && d.value != "inherit" {
					st[d.name] = d.value
				}
			}
		}
	}
	return st
}

// maxDepth bounds variables that refer to variables.
const maxDepth = 16

// value is a property with its variables put in; "" when it is not set.
func (st style) value(name string) string { return st.expand(st[name], 0) }

func (st style) expand(v string, depth int) string {
	for depth < maxDepth {
		at := strings.Index(v, "var(")
		if at < 0 {
			return v
		}
		end := closing(v, at+4)
		name, fallback, _ := strings.Cut(v[at+4:end], ",")
		in, ok := st[strings.TrimSpace(name)]
		if !ok {
			in = fallback
		}
		v = v[:at] + strings.TrimSpace(st.expand(in, depth+1)) + v[min(end+1, len(v)):]
	}
	return ""
}

// closing is the index of the bracket that closes the one before from.
func closing(s string, from int) int {
	depth := 1
	for i := from; i < len(s); i++ {
		switch s[i] {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return len(s)
}
