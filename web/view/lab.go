package view

import (
	"cmp"
	"strings"
)

func (b Bench) id() string { return cmp.Or(b.ID, "bench") }

func (b Bench) label(p Page) string { return cmp.Or(b.Label, p.T().Lab.Controls) }

// inputs are what a reader sets; results are what follows from it: with JavaScript they are swapped with the stage.
func (b Bench) inputs() []Control { return b.only(false) }

func (b Bench) results() []Control { return b.only(true) }

func (b Bench) only(results bool) (l []Control) {
	for _, c := range b.Controls {
		if (c.Kind == ControlResult) == results {
			l = append(l, c)
		}
	}
	return l
}

// stage names what the controls drive.
func (b Bench) stage(p Page) string {
	if b.Label == "" {
		return p.T().Lab.Stage
	}
	return p.T().Lab.Stage + ": " + b.Label
}

// name is the branch for a screen reader: "1×1 96, 3×3 128".
func (b Branch) name() string {
	var parts []string
	for _, p := range b.Pills {
		parts = append(parts, strings.TrimSpace(p.Text+" "+p.Sub))
	}
	return strings.Join(parts, ", ")
}
