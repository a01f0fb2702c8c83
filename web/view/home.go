package view

import (
	"fmt"
	"regexp"
)

// format fills the values into a text of the catalogue.
func format(text string, args ...any) string { return fmt.Sprintf(text, args...) }

func (s IdeaStop) first() bool { return s.Kind == StopIntroduces || s.Kind == StopOnly }

func (s IdeaStop) class() string {
	switch s.Kind {
	case StopIntroduces:
		return "org"
	case StopEnds:
		return "end"
	case StopOnly:
		return "org end"
	}
	return ""
}

// brief is the network's line on a phone: parameters and accuracy.
func (n FamilyNetwork) brief() string {
	s := ""
	for i, f := range n.Figures {
		if i != 1 && i != 3 {
			continue
		}
		if s != "" {
			s += " · "
		}
		s += f.Value
		if f.Unit != "" {
			s += " " + f.Unit
		}
	}
	return s
}

var word = regexp.MustCompile(`[a-z]{2}|\p{Hangul}`)

// numeric reports whether a figure is set in the figures' face: "5 layers" is words.
func (f FamilyFigure) numeric() bool { return !word.MatchString(f.Value) }
