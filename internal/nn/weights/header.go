package weights

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// header is the parsed description at the front of a safetensors file.
type header struct {
	meta    map[string]string
	tensors []tensorInfo // in the order of the header
}

// tensorInfo is one tensor: its bytes are data[begin:end] after the header.
type tensorInfo struct {
	name       string
	dtype      DType
	dims       []int
	begin, end uint64
}

// parseHeader reads the JSON of a header with a grammar of its own: exactly {"__metadata__": {string: string},
// name: {"dtype": string, "shape": [n…], "data_offsets": [begin, end]}…}. General JSON parsers are too lenient here:
// they take the last of two equal keys, match keys in any case and repair broken UTF-8, and every such freedom is a way
// to make two readers see two different files.
func parseHeader(b []byte) (h *header, err error) {
	p := &parser{b: b}
	defer func() {
		if r := recover(); r != nil {
			e, ok := r.(*Error)
			if !ok {
				panic(r)
			}
			h, err = nil, e
		}
	}()
	h = p.header()
	for p.i < len(p.b) && p.b[p.i] == ' ' {
		p.i++
	}
	if p.i != len(p.b) {
		p.fail("%d bytes after the closing brace: only spaces may follow", len(p.b)-p.i)
	}
	return h, nil
}

// parser is a position in the header. Its methods panic with an *Error, which parseHeader returns.
type parser struct {
	b      []byte
	i      int
	tensor string // the one being read
}

func (p *parser) fail(format string, args ...any) { p.refuse(BadHeader, format, args...) }

func (p *parser) refuse(c Code, format string, args ...any) {
	panic(refuse(c, p.tensor, "%s (byte %d of the header)", fmt.Sprintf(format, args...), p.i))
}

func (p *parser) header() *header {
	h := &header{meta: map[string]string{}}
	seen := map[string]bool{}
	if len(p.b) == 0 || p.b[0] != '{' {
		p.fail("the header does not start with {")
	}
	p.object(func(key string) {
		if seen[key] {
			p.fail("the key %q occurs twice", clip(key))
		}
		seen[key] = true
		if key == "__metadata__" {
			p.object(func(k string) {
				if _, dup := h.meta[k]; dup {
					p.fail("the metadata key %q occurs twice", clip(k))
				}
				h.meta[k] = p.str()
			})
			return
		}
		if len(h.tensors) == MaxTensors {
			p.fail("more than %d tensors", MaxTensors)
		}
		checkName(p, key)
		p.tensor = key
		h.tensors = append(h.tensors, p.info(key))
		p.tensor = ""
	})
	return h
}

func checkName(p *parser, name string) {
	if why := badName(name); why != "" {
		p.fail("the name %q %s", clip(name), why)
	}
}

// badName says why a key of a file is not a name, "" when it is one.
func badName(name string) string {
	switch {
	case name == "__metadata__":
		return "is reserved"
	case name == "":
		return "is empty"
	case len(name) > MaxName:
		return fmt.Sprintf("has %d bytes, the limit is %d", len(name), MaxName)
	case !utf8.ValidString(name):
		return "is not valid UTF-8"
	case strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }):
		return "has characters that cannot be printed"
	}
	return ""
}

// info reads one tensor object: exactly three keys, in any order.
func (p *parser) info(name string) tensorInfo {
	t := tensorInfo{name: name}
	var hasType, hasShape, hasOffsets bool
	once := func(key string, has *bool) {
		if *has {
			p.fail("%q occurs twice", key)
		}
		*has = true
	}
	p.object(func(key string) {
		switch key {
		case "dtype":
			once(key, &hasType)
			t.dtype = DType(p.str())
		case "shape":
			once(key, &hasShape)
			t.dims = p.shape()
		case "data_offsets":
			once(key, &hasOffsets)
			t.begin, t.end = p.offsets()
		default:
			p.fail("unknown key %q; want exactly dtype, shape and data_offsets", clip(key))
		}
	})
	if !hasType || !hasShape || !hasOffsets {
		p.fail("dtype, shape or data_offsets is missing")
	}
	return t
}

func (p *parser) shape() []int {
	dims := []int{}
	p.array(BadShape, func() {
		if len(dims) == MaxRank {
			p.refuse(BadShape, "more than %d dimensions", MaxRank)
		}
		n, ok := p.uint()
		if !ok || n > MaxElements {
			p.refuse(BadShape, "a dimension is not an integer of 0 … %d", MaxElements)
		}
		dims = append(dims, int(n))
	})
	return dims
}

func (p *parser) offsets() (begin, end uint64) {
	var v []uint64
	p.array(BadHeader, func() {
		n, ok := p.uint()
		if !ok || len(v) == 2 {
			p.fail("data_offsets must be two integers")
		}
		v = append(v, n)
	})
	if len(v) != 2 {
		p.fail("data_offsets must be two integers")
	}
	return v[0], v[1]
}

func (p *parser) space() {
	for p.i < len(p.b) && strings.IndexByte(" \t\r\n", p.b[p.i]) >= 0 {
		p.i++
	}
}

// take consumes one expected byte.
func (p *parser) take(c byte) {
	p.space()
	if p.i == len(p.b) || p.b[p.i] != c {
		p.fail("want %q", c)
	}
	p.i++
}

// next reports whether the next byte is c, and consumes it when it is.
func (p *parser) next(c byte) bool {
	p.space()
	if p.i < len(p.b) && p.b[p.i] == c {
		p.i++
		return true
	}
	return false
}

// object calls value after each "key":, which must consume the value.
func (p *parser) object(value func(key string)) {
	p.take('{')
	if p.next('}') {
		return
	}
	for {
		key := p.str()
		p.take(':')
		value(key)
		if !p.next(',') {
			p.take('}')
			return
		}
	}
}

// array calls value at each element of a flat list; what is no list of integers is refused with code c.
func (p *parser) array(c Code, value func()) {
	if !p.next('[') {
		p.refuse(c, "want a list of integers")
	}
	if p.next(']') {
		return
	}
	for {
		value()
		if p.next(']') {
			return
		}
		if !p.next(',') {
			p.refuse(c, "want , or ] after an integer")
		}
	}
}

// uint reads a decimal integer below 10^18 without sign, fraction, exponent or leading zero. ok is
// false for another value.
func (p *parser) uint() (n uint64, ok bool) {
	p.space()
	start := p.i
	if p.i < len(p.b) && (p.b[p.i] == '[' || p.b[p.i] == '{') {
		p.fail("a list or object inside a list")
	}
	for p.i < len(p.b) && p.b[p.i] >= '0' && p.b[p.i] <= '9' {
		if p.i-start == 18 { // 10^18 < 2^63: no overflow below
			p.fail("a number of more than 18 digits")
		}
		n = n*10 + uint64(p.b[p.i]-'0')
		p.i++
	}
	return n, p.i > start && (p.i == start+1 || p.b[start] != '0')
}

// str reads a JSON string. Control characters, broken UTF-8 and lone surrogates are refused.
func (p *parser) str() string {
	p.take('"')
	start := p.i
	var out []byte // nil as long as the string has no escapes
	for {
		if p.i == len(p.b) {
			p.fail("a string does not end")
		}
		switch c := p.b[p.i]; {
		case c == '"':
			raw := p.b[start:p.i]
			p.i++
			if out != nil {
				raw = append(out, raw...)
			}
			if !utf8.Valid(raw) {
				p.fail("a string is not valid UTF-8")
			}
			return string(raw)
		case c < ' ':
			p.fail("a control character in a string")
		case c == '\\':
			out = append(append(out, p.b[start:p.i]...), p.escape()...)
			start = p.i
		default:
			p.i++
		}
	}
}

// escape reads one backslash sequence.
func (p *parser) escape() string {
	if p.i+1 >= len(p.b) {
		p.fail("a string does not end")
	}
	c := p.b[p.i+1]
	p.i += 2
	if k := strings.IndexByte(`"\/bfnrt`, c); k >= 0 {
		return "\"\\/\b\f\n\r\t"[k : k+1]
	}
	if c != 'u' {
		p.fail("unknown escape \\%c", c)
	}
	r := p.hex4()
	if utf16.IsSurrogate(r) {
		if p.i+2 > len(p.b) || p.b[p.i] != '\\' || p.b[p.i+1] != 'u' {
			p.fail("a lone surrogate")
		}
		p.i += 2
		if r = utf16.DecodeRune(r, p.hex4()); r == unicode.ReplacementChar {
			p.fail("a lone surrogate")
		}
	}
	return string(r)
}

func (p *parser) hex4() rune {
	if p.i+4 > len(p.b) {
		p.fail("a string does not end")
	}
	var r rune
	for _, c := range p.b[p.i : p.i+4] {
		d := strings.IndexByte("0123456789abcdef", c|0x20)
		if d < 0 || c < '0' {
			p.fail("\\u needs four hexadecimal digits")
		}
		r = r<<4 | rune(d)
	}
	p.i += 4
	return r
}
