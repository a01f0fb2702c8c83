package calc

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"stride/internal/nn/tensor"
)

// SyntaxError says where a compact text cannot be read. Text that is well formed but cannot work as a network is no
// syntax error: Compile tells about it on the layer's row.
type SyntaxError struct {
	// Offset in bytes from the start of the text.
	Offset int
	Near   string
	What   string
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("calc: at position %d, near %q: %s", e.Offset+1, e.Near, e.What)
}

// Parse reads the compact text described in the package comment. "~" may stand for ";", and white space is ignored.
func Parse(text string) (Stack, error) {
	if len(text) > MaxText {
		return Stack{}, &SyntaxError{MaxText, "", fmt.Sprintf("the text has %d characters, at most %d are read", len(text), MaxText)}
	}
	p := parser{s: strings.Map(func(r rune) rune {
		switch r {
		case '~':
			return ';'
		case ' ', '\t', '\n', '\r':
			return -1
		}
		return r
	}, text)}
	return p.stack()
}

type parser struct {
	s     string
	at    int
	nodes int
	depth int
}

func (p *parser) fail(format string, args ...any) error {
	near := p.s[min(p.at, len(p.s)):]
	return &SyntaxError{p.at, near[:min(len(near), 16)], fmt.Sprintf(format, args...)}
}

func (p *parser) stack() (Stack, error) {
	var s Stack
	if strings.HasPrefix(p.s, "v") && !strings.HasPrefix(p.s, "v1;") {
		return s, p.fail("this version of the text is not known here; version 1 is")
	}
	p.skip("v1;")
	var err error
	if s.Input, err = p.input(); err != nil {
		return s, err
	}
	for p.skip(";") && p.at < len(p.s) {
		l, err := p.layer()
		if err != nil {
			return s, err
		}
		s.Layers = append(s.Layers, l)
	}
	if p.at < len(p.s) {
		return s, p.fail("a layer ends here; the next begins with \";\"")
	}
	return s, nil
}

func (p *parser) skip(t string) bool {
	if strings.HasPrefix(p.s[p.at:], t) {
		p.at += len(t)
		return true
	}
	return false
}

func (p *parser) input() (tensor.Shape, error) {
	if !p.skip("i") {
		return tensor.Shape{}, p.fail("the text begins with the input, like i3x64: channels x side")
	}
	n := span(p.s[p.at:], "0123456789x")
	sides := strings.Split(p.s[p.at:p.at+n], "x")
	d := [3]int{0, 1, 1}
	if n == 0 || len(sides) > 3 {
		return tensor.Shape{}, p.fail("the input is channels x rows x columns, like i3x64 or i3x48x64")
	}
	for i, t := range sides {
		v, err := strconv.Atoi(t)
		if limit := [3]int{maxWidth, maxSide, maxSide}[i]; err != nil || v < 1 || v > limit {
			return tensor.Shape{}, p.fail("input: %q is not a size from 1 to %d", t, limit)
		}
		d[i] = v
	}
	if len(sides) == 2 {
		d[2] = d[1]
	}
	p.at += n
	shape := tensor.CHW(d[0], d[1], d[2])
	if !shape.Valid() {
		return shape, p.fail("an input of %v has too many values", shape)
	}
	return shape, nil
}

// byLength has the longest codes first, so that "relu6" is not read as "relu".
var byLength = func() []Code {
	var all []Code
	for _, k := range kindList {
		all = append(all, k.Code)
	}
	slices.SortStableFunc(all, func(a, b Code) int { return len(b) - len(a) })
	return all
}()

func (p *parser) layer() (Layer, error) {
	if p.nodes++; p.nodes > MaxNodes {
		return Layer{}, p.fail("more than %d layers", MaxNodes)
	}
	count := 1
	if n := span(p.s[p.at:], "0123456789"); n > 0 && strings.HasPrefix(p.s[p.at+n:], "x") {
		v, err := strconv.Atoi(p.s[p.at : p.at+n])
		if err != nil || v < 1 || v > maxCount {
			return Layer{}, p.fail("a layer is repeated 1 to %d times", maxCount)
		}
		count = v
		p.at += n + 1
	}
	i := slices.IndexFunc(byLength, func(c Code) bool { return strings.HasPrefix(p.s[p.at:], string(c)) })
	if i < 0 {
		return Layer{}, p.fail("no layer is written so")
	}
	l, _ := New(byLength[i])
	l.Count = count
	p.at += len(l.Code)
	k := kinds[l.Code]
	if k.Join {
		if count > 1 {
			return l, p.fail("a join stands once; repeat its members instead")
		}
		return l, p.paths(&l)
	}
	return l, p.fields(k, &l)
}

func (p *parser) fields(k *Kind, l *Layer) error {
	if len(k.Fields) > 0 && k.Fields[0].Key == 0 {
		rest, err := k.Fields[0].read(l, p.s[p.at:])
		if err != nil {
			return p.fail("%v", err)
		}
		p.at = len(p.s) - len(rest)
	}
	seen := map[byte]bool{}
	for p.at < len(p.s) && strings.IndexByte(";|)", p.s[p.at]) < 0 {
		key := p.s[p.at]
		i := slices.IndexFunc(k.Fields, func(f Field) bool { return f.Key == key && key != 0 })
		if i < 0 {
			return p.fail("%s has no setting %q", k.Name, string(rune(key)))
		}
		if seen[key] {
			return p.fail("the setting %q is given twice", string(rune(key)))
		}
		seen[key] = true
		rest, err := k.Fields[i].read(l, p.s[p.at+1:])
		if err != nil {
			return p.fail("%v", err)
		}
		p.at = len(p.s) - len(rest)
	}
	return nil
}

func (p *parser) paths(l *Layer) error {
	if p.depth++; p.depth > maxDepth {
		return p.fail("joins inside joins more than %d deep", maxDepth)
	}
	defer func() { p.depth-- }()
	if !p.skip("(") {
		return p.fail("a join has its paths in brackets, like %s(c64k3p1|)", l.Code)
	}
	l.Paths = nil
	for {
		var path []Layer
		for p.at < len(p.s) && strings.IndexByte("|)", p.s[p.at]) < 0 {
			m, err := p.layer()
			if err != nil {
				return err
			}
			path = append(path, m)
			if !p.skip(";") {
				break
			}
		}
		l.Paths = append(l.Paths, path)
		if p.nodes++; p.nodes > MaxNodes {
			return p.fail("more than %d layers and paths", MaxNodes)
		}
		switch {
		case p.skip("|"):
		case p.skip(")"):
			return nil
		default:
			return p.fail("the bracket of %s is not closed", l.Code)
		}
	}
}
