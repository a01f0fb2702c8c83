package lessons

import "strings"

// Plain gives running text without any markup: for titles, labels, tooltips and search.
func Plain(text []Inline) string {
	var b strings.Builder
	walk(text, func(x Inline) {
		switch x := x.(type) {
		case Text:
			b.WriteString(string(x))
		case Code:
			b.WriteString(string(x))
		case Number:
			b.WriteString(x.Text)
		case TermLink:
			b.WriteString(x.Text)
		case Cite:
			b.WriteString("(" + x.Text + ")")
		case Math:
			b.WriteString(x.Plain)
		case Published:
			b.WriteString(x.Text)
		}
	})
	return b.String()
}

// walk visits every inline, parents before their children.
func walk(text []Inline, visit func(Inline)) {
	for _, x := range text {
		visit(x)
		switch x := x.(type) {
		case Strong:
			walk(x.Text, visit)
		case Emph:
			walk(x.Text, visit)
		case Link:
			walk(x.Text, visit)
		case Ref:
			walk(x.Text, visit)
		}
	}
}

// WalkBlocks visits every stretch of running text in the blocks, in reading order.
func WalkBlocks(blocks []Block, visit func([]Inline)) {
	cells := func(row []Cell) {
		for _, c := range row {
			visit(c)
		}
	}
	for _, b := range blocks {
		switch b := b.(type) {
		case Paragraph:
			visit(b.Text)
		case List:
			cells(b.Items)
		case Table:
			cells(b.Head)
			for _, r := range b.Rows {
				cells(r)
			}
		case Note:
			cells([]Cell{b.Notes, b.Source, b.Try})
		case Figure:
			visit(b.Caption)
		case Activation:
			visit(b.Caption)
		case Diagram:
			visit(b.Caption)
		case LabLink:
			visit(b.Text)
		case Question:
			visit(b.Prompt)
			for _, c := range b.Choices {
				cells([]Cell{c.Label, c.Why})
			}
		}
	}
}
