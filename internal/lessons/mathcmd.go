package lessons

import (
	"fmt"
	"html"
	"strings"
	"unicode"
)

// command parses a backslash command.
func (p *mathParser) command() (a piece, base string, err error) {
	p.pos++
	start := p.pos
	for p.pos < len(p.src) && p.src[p.pos] < 128 && unicode.IsLetter(p.src[p.pos]) {
		p.pos++
	}
	if p.pos == start && p.pos < len(p.src) {
		p.pos++ // a single sign such as \,
	}
	name := string(p.src[start:p.pos])
	if s, ok := symbols[name]; ok {
		if s.elem == "mo" {
			return operator(s.char, "\\"+name+" "), s.char, nil
		}
		return element(s.elem, s.char, "\\"+name+" "), s.char, nil
	}
	if functionNames[name] {
		return function(name, "\\"+name+" "), name, nil
	}
	if w, ok := mathSpaces[name]; ok {
		return piece{`<mspace width="` + w + `"></mspace>`, " ", "\\" + name + " "}, "", nil
	}
	if role, ok := roleShort[name]; ok {
		a, err = p.coloured(role)
		return a, "", err
	}
	a, err = p.structure(name)
	return a, "", err
}

// function is an upright name; the invisible sign after it is the application.
func function(name, tex string) piece {
	return piece{"<mi>" + html.EscapeString(name) + "</mi><mo>\u2061</mo>", name, tex}
}

// coloured parses a group that wears the colour of a quantity. The colour is left out of the copied TeX.
func (p *mathParser) coloured(role string) (piece, error) {
	a, err := p.group()
	return piece{`<mrow class="` + role + `">` + a.ml + "</mrow>", a.plain, "{" + a.tex + "}"}, err
}

// structure parses the commands that have arguments.
func (p *mathParser) structure(name string) (piece, error) {
	switch name {
	case "frac":
		n, err := p.group()
		if err != nil {
			return n, err
		}
		d, err := p.group()
		return piece{"<mfrac><mrow>" + n.ml + "</mrow><mrow>" + d.ml + "</mrow></mfrac>", grouping(n.plain) + "/" + grouping(d.plain), `\frac{` + n.tex + "}{" + d.tex + "}"}, err
	case "sqrt":
		a, err := p.group()
		return piece{"<msqrt>" + a.ml + "</msqrt>", "√" + grouping(a.plain), `\sqrt{` + a.tex + "}"}, err
	case "text":
		s, err := p.raw('{', '}')
		return piece{"<mtext>" + html.EscapeString(strings.ReplaceAll(s, " ", noBreak)) + "</mtext>", s, `\text{` + s + "}"}, err
	case "fn":
		s, err := p.raw('{', '}')
		return function(s, `\operatorname{`+s+"}"), err
	case "role":
		s, err := p.raw('{', '}')
		if err == nil && !Roles[s] {
			err = fmt.Errorf("there is no colour role %q", s)
		}
		if err != nil {
			return piece{}, err
		}
		return p.coloured(s)
	case "val":
		return p.value()
	case "left":
		return p.stretched()
	}
	return piece{}, fmt.Errorf("unknown command \\%s", name)
}

// value parses \val{expr} and \val[form]{expr}.
func (p *mathParser) value() (piece, error) {
	form := ""
	var err error
	if p.pos < len(p.src) && p.src[p.pos] == '[' {
		if form, err = p.raw('[', ']'); err != nil {
			return piece{}, err
		}
	}
	expr, err := p.raw('{', '}')
	if err != nil {
		return piece{}, err
	}
	s, err := p.val(expr, form)
	return element("mn", s, s), err
}

// stretched parses \left( … \right): fences as tall as what they hold.
func (p *mathParser) stretched() (piece, error) {
	open, err := p.fence()
	if err != nil {
		return piece{}, err
	}
	inner, err := p.row("right")
	if err != nil {
		return piece{}, err
	}
	if !p.at(`\right`) {
		return piece{}, fmt.Errorf(`\right is missing`)
	}
	p.pos += len(`\right`)
	closing, err := p.fence()
	if err != nil {
		return piece{}, err
	}
	return piece{
		"<mrow><mo>" + open.plain + "</mo>" + inner.ml + "<mo>" + closing.plain + "</mo></mrow>",
		open.plain + inner.plain + closing.plain,
		`\left` + open.tex + inner.tex + `\right` + closing.tex,
	}, nil
}

func (p *mathParser) fence() (piece, error) {
	p.space()
	if p.pos >= len(p.src) {
		return piece{}, fmt.Errorf("a bracket is missing")
	}
	a, base, err := p.atom()
	if err == nil && !fences[base] {
		err = fmt.Errorf("%q is no bracket", a.plain)
	}
	return piece{a.ml, base, a.tex}, err
}
