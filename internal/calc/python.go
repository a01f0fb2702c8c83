package calc

import (
	"fmt"
	"strconv"
	"strings"
)

// pyValue is a literal or call of Python, as far as layer definitions need it: a float64, bool, string, nil, pyName,
// []pyValue (a tuple or list) or *pyCall.
type pyValue any

// pyName is an identifier, dotted or not.
type pyName string

// pyCall is a call with its positional and named arguments.
type pyCall struct {
	Name  string
	Line  int
	Args  []pyValue
	Named map[string]pyValue
}

// pyReader reads one expression. It has no operators beyond a sign, no comprehensions and no unpacking: what needs
// running cannot be read.
type pyReader struct {
	s     string
	at    int
	line  int
	depth int
}

const maxPyDepth = 40

func (p *pyReader) fail(what string) error {
	rest := p.s[min(p.at, len(p.s)):]
	return fmt.Errorf("line %d, near %q: %s", p.line, rest[:min(len(rest), 20)], what)
}

// space skips white space and comments.
func (p *pyReader) space() {
	for p.at < len(p.s) {
		switch c := p.s[p.at]; {
		case c == '\n':
			p.line++
		case c == '#':
			for p.at < len(p.s) && p.s[p.at] != '\n' {
				p.at++
			}
			continue
		case c != ' ' && c != '\t' && c != '\r' && c != '\\':
			return
		}
		p.at++
	}
}

func (p *pyReader) peek() byte {
	p.space()
	if p.at < len(p.s) {
		return p.s[p.at]
	}
	return 0
}

func (p *pyReader) take(c byte) bool {
	if p.peek() == c {
		p.at++
		return true
	}
	return false
}

func (p *pyReader) value() (pyValue, error) {
	if p.depth++; p.depth > maxPyDepth {
		return nil, p.fail("nested too deep")
	}
	defer func() { p.depth-- }()
	switch c := p.peek(); {
	case c == '(' || c == '[':
		return p.sequence()
	case c == '"' || c == '\'':
		return p.text(c)
	case c >= '0' && c <= '9' || c == '-' || c == '+' || c == '.':
		return p.number()
	case isLetter(c):
		return p.named()
	}
	return nil, p.fail("not a value")
}

func isLetter(c byte) bool { return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

func (p *pyReader) sequence() (pyValue, error) {
	end := byte(')')
	if p.s[p.at] == '[' {
		end = ']'
	}
	p.at++
	list, single := []pyValue{}, true
	for !p.take(end) {
		v, err := p.value()
		if err != nil {
			return nil, err
		}
		list = append(list, v)
		if p.take(',') {
			single = false
		} else if p.peek() != end {
			return nil, p.fail("an argument ends here")
		}
	}
	if end == ')' && single && len(list) == 1 { // brackets around one value
		return list[0], nil
	}
	return list, nil
}

func (p *pyReader) text(q byte) (pyValue, error) {
	end := strings.IndexByte(p.s[p.at+1:], q)
	if end < 0 {
		return nil, p.fail("the string does not end")
	}
	t := p.s[p.at+1 : p.at+1+end]
	p.at += end + 2
	return t, nil
}

func (p *pyReader) number() (pyValue, error) {
	end := p.at + 1
	for end < len(p.s) && (strings.IndexByte("0123456789._", p.s[end]) >= 0 || p.s[end] == 'e' || p.s[end] == 'E' || (p.s[end] == '-' || p.s[end] == '+') && (p.s[end-1] == 'e' || p.s[end-1] == 'E')) {
		end++
	}
	v, err := strconv.ParseFloat(strings.ReplaceAll(p.s[p.at:end], "_", ""), 64)
	if err != nil {
		return nil, p.fail("not a number")
	}
	p.at = end
	return v, nil
}

func (p *pyReader) named() (pyValue, error) {
	start, line := p.at, p.line
	for p.at < len(p.s) && (isLetter(p.s[p.at]) || p.s[p.at] >= '0' && p.s[p.at] <= '9' || p.s[p.at] == '.') {
		p.at++
	}
	name := p.s[start:p.at]
	switch name {
	case "True":
		return true, nil
	case "False":
		return false, nil
	case "None":
		return nil, nil
	}
	if p.peek() != '(' {
		return pyName(name), nil
	}
	c := &pyCall{Name: name, Line: line, Named: map[string]pyValue{}}
	p.at++
	for !p.take(')') {
		if err := p.argument(c); err != nil {
			return nil, err
		}
		if !p.take(',') && p.peek() != ')' {
			return nil, p.fail("an argument ends here")
		}
	}
	return c, nil
}

func (p *pyReader) argument(c *pyCall) error {
	v, err := p.value()
	if err != nil {
		return err
	}
	if n, ok := v.(pyName); ok && p.peek() == '=' {
		p.at++
		if v, err = p.value(); err != nil {
			return err
		}
		c.Named[string(n)] = v
		return nil
	}
	c.Args = append(c.Args, v)
	return nil
}

// arg is a named or positional argument; ok is false when it is not given.
func (c *pyCall) arg(name string, at int) (pyValue, bool) {
	if v, ok := c.Named[name]; ok {
		return v, true
	}
	if at >= 0 && at < len(c.Args) {
		return c.Args[at], true
	}
	return nil, false
}

// int reads a whole number; def when it is not given.
func (c *pyCall) int(name string, at, def int) (int, error) {
	v, ok := c.arg(name, at)
	if !ok || v == nil {
		return def, nil
	}
	f, ok := v.(float64)
	if !ok || f != float64(int(f)) || f < 0 || f > 1<<31 {
		return 0, fmt.Errorf("%s is no whole number", name)
	}
	return int(f), nil
}

// pair reads a size: one number for both sides, or rows and columns.
func (c *pyCall) pair(name string, at int, def Pair) (Pair, error) {
	v, ok := c.arg(name, at)
	if !ok || v == nil {
		return def, nil
	}
	if l, ok := v.([]pyValue); ok && len(l) == 2 {
		y, ok1 := l[0].(float64)
		x, ok2 := l[1].(float64)
		if ok1 && ok2 && y >= 0 && x >= 0 && y <= maxSide && x <= maxSide {
			return Pair{int(y), int(x)}, nil
		}
	} else if f, ok := v.(float64); ok && f >= 0 && f <= maxSide {
		return Square(int(f)), nil
	}
	return Pair{}, fmt.Errorf("%s is no size", name)
}

func (c *pyCall) float(name string, at int, def float64) (float64, error) {
	v, ok := c.arg(name, at)
	if !ok || v == nil {
		return def, nil
	}
	f, ok := v.(float64)
	if !ok {
		return 0, fmt.Errorf("%s is no number", name)
	}
	return f, nil
}

func (c *pyCall) bool(name string, at int, def bool) bool {
	if v, ok := c.arg(name, at); ok {
		if b, ok := v.(bool); ok {
			return b
		}
	}
	return def
}
