package lessons

import (
	"fmt"
	"html"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The formulas of the lessons are written in a small subset of TeX and become MathML while loading: letters, numbers,
// operators, {groups}, ^ and _, \frac{}{}, \sqrt{}, \text{}, \fn{name}, \left \right, sums and products with limits, the
// symbols of mathsym.go, and three commands of our own:
//
//	\rx{x} \rf{F(x)} \rh{H(x)}   the colours of input, residual and output
//	\role{q-param}{…}            the colour of another quantity (Roles)
//	\val{expr} \val[si]{expr}    a computed number (evalExpr, formatNumber)
//
// Whole numbers of more than two digits are refused: they can be computed, so \val must write them.
const (
	maxMathLen   = 2000
	maxMathDepth = 40
)

// valueFunc computes and formats an expression.
type valueFunc func(expr, form string) (string, error)

// renderMath turns TeX into a Formula.
func renderMath(tex string, display bool, val valueFunc) (Formula, error) {
	if len(tex) > maxMathLen {
		return Formula{}, fmt.Errorf("formula: longer than %d bytes", maxMathLen)
	}
	if !utf8.ValidString(tex) {
		return Formula{}, fmt.Errorf("formula: not UTF-8")
	}
	p := mathParser{src: []rune(tex), display: display, val: val}
	row, err := p.row("")
	if err == nil && p.pos < len(p.src) {
		err = fmt.Errorf("unexpected %q", string(p.src[p.pos:]))
	}
	if err != nil {
		return Formula{}, fmt.Errorf("formula %q: %w", tex, err)
	}
	source := strings.TrimSpace(row.tex)
	f := Formula{MathML: mathElement("", row.ml, source), TeX: source, Plain: strings.Join(strings.Fields(row.plain), " ")}
	if display {
		f.MathML = p.parts(row)
	}
	return f, nil
}

func mathElement(attrs, ml, tex string) string {
	return `<math` + attrs + `><semantics><mrow>` + ml + `</mrow><annotation encoding="application/x-tex">` + html.EscapeString(tex) + `</annotation></semantics></math>`
}

// piece is a part of a formula in its three forms.
type piece struct{ ml, plain, tex string }

func (p *piece) add(q piece) {
	p.ml += q.ml
	p.plain += q.plain
	p.tex += q.tex
}

type mathParser struct {
	src     []rune
	pos     int
	depth   int
	display bool
	val     valueFunc
	open    int     // brackets of the outermost row that are open
	cuts    []piece // the outermost row up to each place where it may go to a new line
}

// row parses until the end, a closing brace, or the command named until ("right"), which it leaves unread.
func (p *mathParser) row(until string) (piece, error) {
	var out piece
	if p.depth++; p.depth > maxMathDepth {
		return out, fmt.Errorf("nested too deeply")
	}
	defer func() { p.depth-- }()
	for {
		p.space()
		if p.pos >= len(p.src) || p.src[p.pos] == '}' || until != "" && p.at("\\"+until) {
			return out, nil
		}
		a, base, err := p.atom()
		if err != nil {
			return out, err
		}
		if base == "\u2212" && signPosition(out.plain) {
			a.ml, a.plain = `<mo form="prefix">`+base+`</mo>`, base
		}
		sign := strings.HasPrefix(a.ml, `<mo form="prefix">`)
		if a, err = p.scripts(a, base); err != nil {
			return out, err
		}
		if p.depth == 1 && p.mayBreak(out, base, sign) {
			p.cuts = append(p.cuts, out)
		}
		out.add(a)
	}
}

// signPosition tells whether a minus after this text is a sign: nothing or an operator stands before it.
func signPosition(before string) bool {
	before = strings.TrimRight(before, " ")
	return before == "" || strings.HasSuffix(before, "(") || strings.HasSuffix(before, "=") || strings.HasSuffix(before, "·")
}

func (p *mathParser) space() {
	for p.pos < len(p.src) && unicode.IsSpace(p.src[p.pos]) {
		p.pos++
	}
}

func (p *mathParser) at(s string) bool {
	return strings.HasPrefix(string(p.src[p.pos:min(len(p.src), p.pos+len(s))]), s)
}

// atom parses one unit without scripts. base is its character when it is an operator or a function, for limits.
func (p *mathParser) atom() (a piece, base string, err error) {
	r := p.src[p.pos]
	switch {
	case r == '\\':
		return p.command()
	case r == '{':
		a, err = p.group()
		a = piece{"<mrow>" + a.ml + "</mrow>", a.plain, "{" + a.tex + "}"}
		return a, "", err
	case r >= '0' && r <= '9':
		a, err = p.number()
		return a, "", err
	case unicode.IsLetter(r):
		p.pos++
		return element("mi", string(r), string(r)), "", nil
	}
	if s, ok := operatorRunes[r]; ok {
		p.pos++
		return operator(s, string(r)), s, nil
	}
	return a, "", fmt.Errorf("%q has no meaning here", r)
}

func element(elem, char, tex string) piece {
	return piece{"<" + elem + ">" + html.EscapeString(char) + "</" + elem + ">", char, tex}
}

func operator(char, tex string) piece {
	a := element("mo", char, tex)
	if fences[char] {
		a.ml = `<mo stretchy="false">` + html.EscapeString(char) + `</mo>`
	}
	if strings.ContainsAny(char, "=<>≤≥≈≠→←∝≪≫+\u2212") {
		a.plain = " " + char + " "
	}
	return a
}

func (p *mathParser) number() (piece, error) {
	start := p.pos
	for p.pos < len(p.src) && (p.src[p.pos] >= '0' && p.src[p.pos] <= '9' || p.src[p.pos] == '.') {
		p.pos++
	}
	s := string(p.src[start:p.pos])
	if whole, _, _ := strings.Cut(s, "."); len(whole) > 2 {
		return piece{}, fmt.Errorf("the number %s can be computed: write \\val{…}", s)
	}
	return element("mn", s, s), nil
}

// group parses {…} and returns what is inside.
func (p *mathParser) group() (piece, error) {
	p.space()
	if p.pos >= len(p.src) || p.src[p.pos] != '{' {
		return piece{}, fmt.Errorf("a group {…} is missing")
	}
	p.pos++
	a, err := p.row("")
	if err != nil {
		return a, err
	}
	if p.pos >= len(p.src) {
		return a, fmt.Errorf("a group is not closed")
	}
	p.pos++
	return a, nil
}

// raw reads the argument between open and close as it stands.
func (p *mathParser) raw(open, closing rune) (string, error) {
	if p.pos >= len(p.src) || p.src[p.pos] != open {
		return "", fmt.Errorf("%q is missing", open)
	}
	for i := p.pos + 1; i < len(p.src); i++ {
		if p.src[i] == closing {
			s := string(p.src[p.pos+1 : i])
			p.pos = i + 1
			return s, nil
		}
	}
	return "", fmt.Errorf("%q is not closed", open)
}

// scripts attaches ^ and _ to an atom, at most one of each.
func (p *mathParser) scripts(a piece, base string) (piece, error) {
	var sub, sup *piece
	for {
		p.space()
		if p.pos >= len(p.src) || p.src[p.pos] != '^' && p.src[p.pos] != '_' {
			return attach(a, base, sub, sup, p.display), nil
		}
		slot := &sub
		if p.src[p.pos] == '^' {
			slot = &sup
		}
		if *slot != nil {
			return a, fmt.Errorf("two indices or two exponents on one base")
		}
		p.pos++
		p.space()
		if p.pos >= len(p.src) || p.src[p.pos] == '}' || p.src[p.pos] == '^' || p.src[p.pos] == '_' {
			return a, fmt.Errorf("an index or exponent is missing")
		}
		s, _, err := p.atom()
		if err != nil {
			return a, err
		}
		*slot = &s
	}
}

func attach(a piece, base string, sub, sup *piece, display bool) piece {
	if sub == nil && sup == nil {
		return a
	}
	elem := map[[2]bool]string{{true, false}: "sub", {false, true}: "sup", {true, true}: "subsup"}[[2]bool{sub != nil, sup != nil}]
	tag := "m" + elem
	if display && limitsBelow[base] {
		tag = map[string]string{"sub": "munder", "sup": "mover", "subsup": "munderover"}[elem]
	}
	out := piece{"<" + tag + ">" + a.ml, a.plain, a.tex}
	if sub != nil {
		out.add(piece{sub.ml, "_" + grouping(sub.plain), "_" + sub.tex})
	}
	if sup != nil {
		out.add(piece{sup.ml, "^" + grouping(sup.plain), "^" + sup.tex})
	}
	out.ml += "</" + tag + ">"
	return out
}

// grouping puts parentheses around more than one character in the plain form.
func grouping(s string) string {
	s = strings.TrimSpace(s)
	if utf8.RuneCountInString(s) > 1 {
		return "(" + s + ")"
	}
	return s
}
