package view

import "strings"

// name is the branch for a screen reader: "1×1 96, 3×3 128".
func (b Branch) name() string {
	var parts []string
	for _, p := range b.Pills {
		parts = append(parts, strings.TrimSpace(p.Text+" "+p.Sub))
	}
	return strings.Join(parts, ", ")
}
