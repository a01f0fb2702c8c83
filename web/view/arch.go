package view

import (
	"fmt"
	"slices"
)

// tabClass says which part a phone shows.
func (p ArchPage) tabClass() string {
	return [...]string{TabLesson: "tab-lesson", TabNetwork: "tab-network", TabResult: "tab-result"}[p.Tab]
}

func (p ArchPage) tabLabels() []string {
	t := p.T().Arch
	return []string{TabLesson: t.Lesson, TabNetwork: t.Network, TabResult: t.Result}
}

// stepOf counts from the index of a step: "Step 4 of 9".
func (p Page) stepOf(i, n int) string { return fmt.Sprintf(p.T().Common.StepOf, i+1, n) }

func (p Page) next(label string) string { return fmt.Sprintf(p.T().Common.NextStep, label) }

// mostVariants is how many variants stand side by side; further ones are in a menu.
const mostVariants = 5

// shown is the variants that stand side by side: the first ones, and the current one wherever it is.
func (b ArchBar) shown() []Option {
	if len(b.Variants) <= mostVariants+1 {
		return b.Variants
	}
	out := slices.Clone(b.Variants[:mostVariants])
	for _, v := range b.Variants[mostVariants:] {
		if v.Current {
			out = append(out, v)
		}
	}
	return out
}

// others is a menu of the variants that are not shown.
func (b ArchBar) others(label string) Select {
	s := Select{Label: label, Fixed: "…"}
	if len(b.Variants) <= mostVariants+1 {
		return s
	}
	for _, v := range b.Variants[mostVariants:] {
		if !v.Current {
			s.Options = append(s.Options, v)
		}
	}
	return s
}
