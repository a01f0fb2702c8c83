package input

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"stride/internal/nn/tensor"
)

const (
	npyMagic  = "\x93NUMPY"
	npyHeader = 64 << 10 // longest header read; NumPy's own are 128 bytes
	npyDims   = 4
)

// ReadNPY reads a NumPy array file of version 1 or 2: little-endian float32 in C order, of 1 to 4 dimensions, at most
// maxValues values, nothing after the last. Four dimensions are N×C×H×W, three C×H×W, two N×C (vectors), one C.
func ReadNPY(r io.Reader, maxValues int) (*tensor.Tensor, error) {
	t, err := readNPY(bufio.NewReader(r), maxValues)
	if err != nil {
		return nil, fmt.Errorf("npy: %w", err)
	}
	return t, nil
}

func readNPY(r *bufio.Reader, maxValues int) (*tensor.Tensor, error) {
	header, err := npyHeaderText(r)
	if err != nil {
		return nil, err
	}
	dims, err := parseNPYHeader(header)
	if err != nil {
		return nil, err
	}
	s, err := npyShape(dims)
	if err != nil {
		return nil, err
	}
	if n := s.Len(); n > maxValues {
		return nil, fmt.Errorf("%d values, the limit is %d", n, maxValues)
	}
	data, err := readFloats(r, s.Len())
	if err != nil {
		return nil, err
	}
	if _, err := r.ReadByte(); err != io.EOF {
		return nil, errors.New("data after the last value")
	}
	return tensor.Of(s, data), nil
}

func npyHeaderText(r io.Reader) (string, error) {
	var b [12]byte
	if _, err := io.ReadFull(r, b[:10]); err != nil || string(b[:6]) != npyMagic {
		return "", errors.New("not a .npy file")
	}
	n := int64(binary.LittleEndian.Uint16(b[8:]))
	switch b[6] {
	case 1:
	case 2:
		if _, err := io.ReadFull(r, b[10:12]); err != nil {
			return "", noEOF(err)
		}
		n = int64(binary.LittleEndian.Uint32(b[8:]))
	default:
		return "", fmt.Errorf("format version %d, want 1 or 2", b[6])
	}
	if n > npyHeader {
		return "", fmt.Errorf("header of %d bytes, the limit is %d", n, npyHeader)
	}
	text := make([]byte, n)
	if _, err := io.ReadFull(r, text); err != nil {
		return "", noEOF(err)
	}
	return string(text), nil
}

func noEOF(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// npyShape gives dimensions their meaning; a product too large for a tensor is an error.
func npyShape(dims []int) (tensor.Shape, error) {
	d := append([]int(nil), dims...)
	switch len(d) {
	case 1, 3:
		d = append([]int{1}, d...)
	}
	for len(d) < npyDims {
		d = append(d, 1)
	}
	s := tensor.Shape{N: d[0], C: d[1], H: d[2], W: d[3]}
	if !s.Valid() {
		return s, fmt.Errorf("shape %v has an empty side or too many values", dims)
	}
	return s, nil
}

// readFloats reads n values, growing with what arrives: the header alone allocates nothing.
func readFloats(r io.Reader, n int) ([]float32, error) {
	const chunk = 64 << 10
	var buf [4 * chunk]byte
	data := make([]float32, 0, min(n, chunk))
	for len(data) < n {
		b := buf[:4*min(chunk, n-len(data))]
		if _, err := io.ReadFull(r, b); err != nil {
			return nil, fmt.Errorf("after %d of %d values: %w", len(data), n, noEOF(err))
		}
		for ; len(b) > 0; b = b[4:] {
			data = append(data, math.Float32frombits(binary.LittleEndian.Uint32(b)))
		}
	}
	return data, nil
}

// parseNPYHeader reads the Python dictionary {'descr': '<f4', 'fortran_order': False, 'shape': (1, 3, 224, 224), }:
// exactly these keys, each once, in any order.
func parseNPYHeader(text string) (dims []int, err error) {
	p := pyLiteral{strings.TrimRight(text, " \n")}
	seen := map[string]bool{}
	p.expect("{")
	for p.ok() && !p.try("}") {
		key := p.quoted()
		if seen[key] {
			return nil, fmt.Errorf("header has %q twice", key)
		}
		seen[key] = true
		p.expect(":")
		switch key {
		case "descr":
			if t := p.quoted(); p.ok() && t != "<f4" {
				return nil, fmt.Errorf("values are %q, want \"<f4\": save array.astype('float32')", t)
			}
		case "fortran_order":
			if p.try("True") {
				return nil, errors.New("values are in Fortran order: save numpy.ascontiguousarray(array)")
			}
			p.expect("False")
		case "shape":
			dims = p.tuple()
		default:
			if p.ok() {
				return nil, fmt.Errorf("header has unknown key %q", key)
			}
		}
		if !p.try(",") {
			p.expect("}")
			break
		}
	}
	if !p.ok() || p.rest != "" || len(seen) != 3 {
		return nil, errors.New("header is not the dictionary of descr, fortran_order and shape")
	}
	if len(dims) < 1 || len(dims) > npyDims {
		return nil, fmt.Errorf("%d dimensions, want 1 to %d", len(dims), npyDims)
	}
	return dims, nil
}

// pyLiteral reads a Python literal from the front of rest. After a mistake rest is badLiteral and stays so.
type pyLiteral struct{ rest string }

const badLiteral = "\x00"

func (p *pyLiteral) ok() bool { return p.rest != badLiteral }

func (p *pyLiteral) try(token string) bool {
	s := strings.TrimLeft(p.rest, " ")
	if !strings.HasPrefix(s, token) {
		return false
	}
	p.rest = s[len(token):]
	return true
}

func (p *pyLiteral) expect(token string) {
	if !p.try(token) {
		p.rest = badLiteral
	}
}

func (p *pyLiteral) quoted() string {
	for _, q := range []string{"'", `"`} {
		if p.try(q) {
			s, rest, ok := strings.Cut(p.rest, q)
			if !ok || strings.ContainsAny(s, "\\\n\x00") {
				break
			}
			p.rest = rest
			return s
		}
	}
	p.rest = badLiteral
	return ""
}

// tuple reads (a, b, …) of non-negative decimal numbers. A single element needs its comma, as in Python.
func (p *pyLiteral) tuple() (v []int) {
	p.expect("(")
	for p.ok() && !p.try(")") {
		s := strings.TrimLeft(p.rest, " ")
		end := 0
		for end < len(s) && '0' <= s[end] && s[end] <= '9' {
			end++
		}
		n, err := strconv.ParseInt(s[:end], 10, 32)
		if err != nil || len(v) > npyDims {
			p.rest = badLiteral
			return nil
		}
		v = append(v, int(n))
		p.rest = s[end:]
		if !p.try(",") {
			p.expect(")")
			if len(v) == 1 {
				p.rest = badLiteral
			}
			return v
		}
	}
	return v
}

// WriteNPY writes t as a NumPy array file of version 1, float32 in C order. dims replaces the four dimensions N×C×H×W
// of the header, for example N, C for vectors; it panics when their product is not the number of values.
func WriteNPY(w io.Writer, t *tensor.Tensor, dims ...int) error {
	if len(dims) == 0 {
		dims = []int{t.Shape.N, t.Shape.C, t.Shape.H, t.Shape.W}
	}
	n := 1
	for _, d := range dims {
		n *= d
	}
	if n != len(t.Data) {
		panic(fmt.Sprintf("input: WriteNPY: dimensions %v hold %d values, want %d", dims, n, len(t.Data)))
	}
	b := bufio.NewWriterSize(w, 64<<10)
	b.WriteString(npyPreamble(dims))
	var v [4]byte
	for _, f := range t.Data {
		binary.LittleEndian.PutUint32(v[:], math.Float32bits(f))
		b.Write(v[:])
	}
	// A bufio.Writer keeps its first error and gives it here.
	if err := b.Flush(); err != nil {
		return fmt.Errorf("npy: %w", err)
	}
	return nil
}

// npyPreamble is everything before the values; spaces bring it to a multiple of 64 bytes, so that values can be mapped.
func npyPreamble(dims []int) string {
	var shape strings.Builder
	for _, d := range dims {
		fmt.Fprintf(&shape, "%d, ", d)
	}
	tuple := shape.String()
	if len(dims) > 1 {
		tuple = strings.TrimSuffix(tuple, ", ")
	} else {
		tuple = strings.TrimSuffix(tuple, " ")
	}
	header := fmt.Sprintf("{'descr': '<f4', 'fortran_order': False, 'shape': (%s), }", tuple)
	const fixed = len(npyMagic) + 4
	pad := 63 - (fixed+len(header))%64
	header += strings.Repeat(" ", pad) + "\n"
	return npyMagic + "\x01\x00" + string([]byte{byte(len(header)), byte(len(header) >> 8)}) + header
}
