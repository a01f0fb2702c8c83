package view

import (
	"cmp"
	"strings"
)

func (b Bench) id() string { return cmp.Or(b.ID, "bench") }

func (b Bench) label(p Page) string { return cmp.Or(b.Label, p.T().Lab.Controls) }

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
