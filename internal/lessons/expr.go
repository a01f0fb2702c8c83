package lessons

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// evalExpr computes an expression over numbers and quantities of networks:
//
//	params(fc6, fc7, fc8) / params()        shares; several nodes are added up
//	macs(vgg16:) / macs(resnet50:conv1)     another network than the lesson's, before the colon
//	3*3*32*64   2^7   ceil(1.2 * 4)         plain arithmetic; + - * / ^, parentheses, floor, ceil, round, sqrt, log
//
// arch is the network that is meant when none is named. Depth of nesting is bounded, so any text is safe to evaluate.
func evalExpr(s, arch string, r Resolver) (float64, error) {
	p := exprParser{src: s, arch: arch, res: r}
	v, err := p.sum()
	if err != nil {
		return 0, fmt.Errorf("expression %q: %w", s, err)
	}
	if p.skip(); p.pos < len(p.src) {
		return 0, fmt.Errorf("expression %q: unexpected %q", s, p.src[p.pos:])
	}
	return v, nil
}

type exprParser struct {
	src   string
	pos   int
	depth int
	arch  string
	res   Resolver
}

const maxExprDepth = 50

func (p *exprParser) skip() {
	for p.pos < len(p.src) && p.src[p.pos] == ' ' {
		p.pos++
	}
}

// take consumes the next byte when it is one of set.
func (p *exprParser) take(set string) byte {
	p.skip()
	if p.pos < len(p.src) && strings.IndexByte(set, p.src[p.pos]) >= 0 {
		p.pos++
		return p.src[p.pos-1]
	}
	return 0
}

func (p *exprParser) sum() (float64, error) {
	v, err := p.product()
	for err == nil {
		op := p.take("+-")
		if op == 0 {
			return v, nil
		}
		var w float64
		if w, err = p.product(); op == '+' {
			v += w
		} else {
			v -= w
		}
	}
	return 0, err
}

func (p *exprParser) product() (float64, error) {
	v, err := p.power()
	for err == nil {
		op := p.take("*/")
		if op == 0 {
			return v, nil
		}
		var w float64
		if w, err = p.power(); op == '*' {
			v *= w
		} else if w == 0 && err == nil {
			err = fmt.Errorf("division by zero")
		} else {
			v /= w
		}
	}
	return 0, err
}

// power binds tighter than the sign in front of it and groups to the right, as in mathematics.
func (p *exprParser) power() (float64, error) {
	if p.depth++; p.depth > maxExprDepth {
		return 0, fmt.Errorf("nested too deeply")
	}
	defer func() { p.depth-- }()
	if p.take("-") != 0 {
		v, err := p.power()
		return -v, err
	}
	v, err := p.atom()
	if err != nil || p.take("^") == 0 {
		return v, err
	}
	w, err := p.power()
	return math.Pow(v, w), err
}

func (p *exprParser) atom() (float64, error) {
	if p.take("(") != 0 {
		v, err := p.sum()
		if err == nil && p.take(")") == 0 {
			err = fmt.Errorf("a parenthesis is not closed")
		}
		return v, err
	}
	start := p.pos
	for p.pos < len(p.src) && (p.src[p.pos] == '.' || p.src[p.pos] >= '0' && p.src[p.pos] <= '9') {
		p.pos++
	}
	if p.pos > start {
		return strconv.ParseFloat(p.src[start:p.pos], 64)
	}
	for p.pos < len(p.src) && (p.src[p.pos] == '_' || p.src[p.pos] >= 'a' && p.src[p.pos] <= 'z') {
		p.pos++
	}
	name := p.src[start:p.pos]
	if name == "" {
		return 0, fmt.Errorf("a number, a quantity or a parenthesis is missing at %q", p.src[start:])
	}
	if p.take("(") == 0 {
		return 0, fmt.Errorf("%q: parentheses are missing", name)
	}
	if f, ok := exprFuncs[name]; ok {
		v, err := p.sum()
		if err == nil && p.take(")") == 0 {
			err = fmt.Errorf("a parenthesis is not closed")
		}
		return f(v), err
	}
	end := strings.IndexByte(p.src[p.pos:], ')')
	if end < 0 {
		return 0, fmt.Errorf("%s( is not closed", name)
	}
	args := p.src[p.pos : p.pos+end]
	p.pos += end + 1
	return p.quantity(Quantity(name), args)
}

var exprFuncs = map[string]func(float64) float64{"floor": math.Floor, "ceil": math.Ceil, "round": math.Round, "sqrt": math.Sqrt, "log": math.Log}

func (p *exprParser) quantity(q Quantity, args string) (float64, error) {
	list := strings.Split(args, ",")
	if len(list) > 1 && !quantities[q].sum {
		return 0, fmt.Errorf("%s of several nodes has no meaning", q)
	}
	total := 0.0
	for _, a := range list {
		arch, path := p.arch, strings.TrimSpace(a)
		if before, after, ok := strings.Cut(path, ":"); ok {
			arch, path = before, after
		}
		v, err := ask(p.res, arch, path, q)
		if err != nil {
			return 0, err
		}
		total += v.Number
	}
	return total, nil
}
