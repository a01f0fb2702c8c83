package calc

import (
	"strings"
)

// String is the compact text. Parse reads it back to an equal stack.
func (s Stack) String() string {
	var b strings.Builder
	b.WriteString(inputText(s))
	for _, l := range s.Layers {
		b.WriteByte(';')
		writeLayer(&b, l)
	}
	return b.String()
}

// Link is the compact text for an address: it names its version and has no ";", which queries do not allow.
func (s Stack) Link() string { return "v1~" + strings.ReplaceAll(s.String(), ";", "~") }

// Text is the compact text of one layer.
func (l Layer) Text() string {
	var b strings.Builder
	writeLayer(&b, l)
	return b.String()
}

func listText(layers []Layer) string {
	var b strings.Builder
	writeList(&b, layers)
	return b.String()
}

func writeList(b *strings.Builder, layers []Layer) {
	for i, l := range layers {
		if i > 0 {
			b.WriteByte(';')
		}
		writeLayer(b, l)
	}
}

func writeLayer(b *strings.Builder, l Layer) {
	if n := l.Times(); n > 1 {
		b.WriteString(number(float64(n)))
		b.WriteByte('x')
	}
	b.WriteString(string(l.Code))
	k := kinds[l.Code]
	if k == nil {
		return
	}
	for _, f := range k.Fields {
		b.WriteString(f.text(&l))
	}
	if !k.Join {
		return
	}
	b.WriteByte('(')
	for i, p := range l.Paths {
		if i > 0 {
			b.WriteByte('|')
		}
		writeList(b, p)
	}
	b.WriteByte(')')
}

func inputText(s Stack) string {
	x := s.Input
	t := "i" + number(float64(x.C))
	switch {
	case x.H == 1 && x.W == 1:
	case x.H == x.W:
		t += "x" + number(float64(x.H))
	default:
		t += "x" + number(float64(x.H)) + "x" + number(float64(x.W))
	}
	return t
}
