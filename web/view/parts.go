package view

import (
	"strconv"
	"strings"
)

func (b Badge) icon() IconName {
	if b.Icon != "" {
		return b.Icon
	}
	switch b.Tone {
	case ToneOK:
		return IconCheck
	case ToneWarn:
		return IconDices
	case ToneError:
		return IconTriangleAlert
	}
	return ""
}

func toneIcon(t Tone) IconName {
	switch t {
	case ToneOK:
		return IconCheck
	case ToneWarn, ToneError:
		return IconTriangleAlert
	}
	return IconInfo
}

func (a Action) class(small bool) string {
	c := "btn"
	if small {
		c += " s"
	}
	if a.Primary {
		c += " pri"
	}
	return c
}

func boolText(b bool) string { return strconv.FormatBool(b) }

func (p Prediction) title() string {
	if p.Title != "" {
		return p.Title
	}
	return p.Label
}

func (t *Table) numeric(i int) bool { return i < len(t.Numeric) && t.Numeric[i] }

func (q *QR) viewBox() string {
	n := float64(len(q.Modules))
	return viewBox(-4, -4, n+8, n+8)
}

func (q *QR) path() string {
	var b strings.Builder
	for y, row := range q.Modules {
		for x, dark := range row {
			if dark {
				b.WriteString("M" + itoa(x) + " " + itoa(y) + "h1v1h-1z")
			}
		}
	}
	return b.String()
}

// span is one part of a bar in per cent of its figure's widest bar.
type span struct {
	X, W         float64
	Class, Title string
}

// spans places the parts one after the other with a hairline between them.
func (b ShareBar) spans() []span {
	const gap = 0.15
	var out []span
	x := 0.0
	for i, p := range b.Parts {
		w := p.Percent
		if i < len(b.Parts)-1 && w > 2*gap {
			w -= gap
		}
		title := p.Title
		if title == "" {
			title = p.Label
		}
		out = append(out, span{x, w, p.Class, title})
		x += p.Percent
	}
	return out
}

// describe says the bar in words.
func (b ShareBar) describe() string {
	words := []string{}
	for _, p := range b.Parts {
		if p.Title != "" {
			words = append(words, p.Title)
		} else if p.Label != "" {
			words = append(words, p.Label)
		}
	}
	s := strings.TrimSpace(b.Label + " " + b.Value)
	if len(words) > 0 {
		s += ": " + strings.Join(words, ", ")
	}
	return s
}
