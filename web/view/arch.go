package view

import "fmt"

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
