package lessons

import "strings"

// Browsers do not break the lines of a MathML formula. So a displayed one is several formulas in a row, cut where a line may
// end: before a relation, a plus or a minus outside of brackets, behind a wide space or words.

const (
	relations  = "=<>≤≥≈≠→←∝≪≫"
	openers    = "([⌊"
	closers    = ")]⌋"
	formulaGap = `<wbr/>`
)

// mayBreak tells whether the outermost row may go to a new line between what stands there and an atom; sign marks the minus
// of a number.
func (p *mathParser) mayBreak(row piece, base string, sign bool) bool {
	switch {
	case base == "":
	case strings.Contains(openers, base):
		p.open++
	case strings.Contains(closers, base):
		p.open--
	}
	if row.ml == "" || p.open != 0 {
		return false
	}
	behind := strings.HasSuffix(row.tex, `\quad`) || strings.HasSuffix(row.tex, `\quad `) || strings.HasSuffix(row.ml, "\u00a0</mtext>")
	return behind || base != "" && !sign && strings.Contains(relations+"+\u2212", base)
}

// parts is a displayed row as formulas between which a line may end.
func (p *mathParser) parts(row piece) string {
	var b strings.Builder
	from := piece{}
	for _, to := range append(p.cuts, row) {
		ml := to.ml[len(from.ml):]
		if op, ok := strings.CutPrefix(ml, "<mo>"); ok && from.ml != "" {
			ml = `<mo form="infix">` + op // the first operator of a row is taken for a sign
		}
		if from.ml != "" {
			b.WriteString(formulaGap)
		}
		b.WriteString(mathElement(` displaystyle="true"`, ml, strings.TrimSpace(to.tex[len(from.tex):])))
		from = to
	}
	return b.String()
}
