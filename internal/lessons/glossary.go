package lessons

import (
	"regexp"
	"strings"
)

// Term is one entry of the glossary in one language.
type Term struct {
	ID string // the same in every language
	// Name is the term as texts write it; English the English name, for the brackets at first use.
	Name, English string
	// Also lists other names in use; Avoid says which word not to use, and why.
	Also  []string
	Avoid string
	// Definition is one to three sentences.
	Definition []Inline
}

// Misconception is what a learner may have in mind who gives a certain wrong answer.
type Misconception struct {
	Code string // "M01"
	Text string // "forgets the depth of the input"
}

// termSource is an entry before its definition is built: definitions may link to each other.
type termSource struct {
	term *Term
	line int
	text string
}

// readGlossary reads entries of the form
//
//	## receptive-field
//	term: receptive field
//	also: field of view
//	avoid: "window", which is the kernel's
//	The part of the input that can influence one value.
func readGlossary(text string, problem func(line int, format string, args ...any)) []termSource {
	var out []termSource
	var cur *termSource
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if id, ok := strings.CutPrefix(line, "## "); ok {
			if !isID(id) {
				problem(i+1, "the identifier %q is not of the form a-b-1", id)
			}
			out = append(out, termSource{term: &Term{ID: id}})
			cur = &out[len(out)-1]
			continue
		}
		if line == "" {
			continue
		}
		if cur == nil {
			problem(i+1, "a glossary entry starts with \"## id\"")
			continue
		}
		switch k, v, _ := strings.Cut(line, ":"); k {
		case "term":
			cur.term.Name = strings.TrimSpace(v)
		case "also":
			for _, a := range strings.Split(v, ",") {
				cur.term.Also = append(cur.term.Also, strings.TrimSpace(a))
			}
		case "avoid":
			cur.term.Avoid = strings.TrimSpace(v)
		default:
			if cur.text == "" {
				cur.line = i + 1
			}
			cur.text += line + "\n"
		}
	}
	for _, t := range out {
		if t.term.Name == "" || t.text == "" {
			problem(0, "glossary entry %q needs a term and a definition", t.term.ID)
		}
	}
	return out
}

var misconceptionLine = regexp.MustCompile(`^(M\d\d): (.+)$`)

func readMisconceptions(text string, problem func(line int, format string, args ...any)) []*Misconception {
	var out []*Misconception
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		m := misconceptionLine.FindStringSubmatch(line)
		if m == nil {
			problem(i+1, "write \"M01: what the learner has in mind\"")
			continue
		}
		out = append(out, &Misconception{m[1], m[2]})
	}
	return out
}
