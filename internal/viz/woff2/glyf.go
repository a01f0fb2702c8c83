package woff2

import (
	"encoding/binary"
	"math"
)

// glyphs are the outlines put together again.
type glyphs struct {
	glyf, loca []byte  // loca has long offsets
	left       []int16 // xMin of each glyph
}

// streams are the parts that a transformed glyf table is divided into (section 5.1).
type streams struct {
	contours, points, flags, glyph, composite, box reader
	boxes                                          []byte // a bit for each glyph that has a box of its own
}

// unpackGlyphs puts the streams of outlines together to a glyf and a loca table.
func unpackGlyphs(b []byte) (*glyphs, error) {
	r := &reader{b: b}
	r.skip(4)
	n := int(r.u16())
	r.skip(2)
	var size [7]int
	for i := range size {
		size[i] = int(r.u32())
	}
	var s streams
	for i, p := range []*reader{&s.contours, &s.points, &s.flags, &s.glyph, &s.composite, &s.box} {
		p.b = r.bytes(size[i])
	}
	s.boxes = s.box.bytes((n + 31) >> 5 << 2)
	if r.bad || s.box.bad {
		return nil, errShort
	}
	g := &glyphs{loca: make([]byte, 4, 4*(n+1)), left: make([]int16, n)}
	for i := range n {
		own := s.boxes[i>>3]&(0x80>>(i&7)) != 0
		start := len(g.glyf)
		switch c := int16(s.contours.u16()); {
		case c > 0:
			g.simple(&s, int(c), own)
		case c < 0:
			g.compose(&s)
		}
		if s.contours.bad || s.points.bad || s.flags.bad || s.glyph.bad || s.composite.bad || s.box.bad || len(g.glyf) > maxSize {
			return nil, errShort
		}
		if len(g.glyf) > start {
			g.left[i] = int16(binary.BigEndian.Uint16(g.glyf[start+2:]))
		}
		g.glyf = append(g.glyf, make([]byte, -len(g.glyf)&3)...)
		g.loca = binary.BigEndian.AppendUint32(g.loca, uint32(len(g.glyf)))
	}
	return g, nil
}

// simple writes an outline of contours, each coordinate in two bytes.
func (g *glyphs) simple(s *streams, contours int, own bool) {
	ends := make([]uint16, contours)
	total := 0
	for i := range ends {
		total += s.points.packed16()
		ends[i] = uint16(total - 1)
	}
	if s.points.bad || total > len(s.flags.b) {
		s.flags.bad = true
		return
	}
	on, xs, ys := make([]byte, total), make([]int, total), make([]int, total)
	x, y := 0, 0
	lo, hi := [2]int{math.MaxInt16, math.MaxInt16}, [2]int{math.MinInt16, math.MinInt16}
	for i := range total {
		f := s.flags.u8()
		dx, dy := triplet(&s.glyph, f&0x7f)
		on[i] = 1 - f>>7
		xs[i], ys[i] = dx, dy
		x, y = x+dx, y+dy
		lo, hi = [2]int{min(lo[0], x), min(lo[1], y)}, [2]int{max(hi[0], x), max(hi[1], y)}
	}
	s.glyph.packed16() // the length of instructions, which are left out
	g.put(contours)
	if own {
		g.glyf = append(g.glyf, s.box.bytes(8)...)
	} else {
		g.put(lo[0], lo[1], hi[0], hi[1])
	}
	for _, e := range ends {
		g.put(int(e))
	}
	g.put(0)
	g.glyf = append(g.glyf, on...)
	g.put(xs...)
	g.put(ys...)
}

func (g *glyphs) put(v ...int) {
	for _, n := range v {
		g.glyf = binary.BigEndian.AppendUint16(g.glyf, uint16(n))
	}
}

// Flags of a part of a composite glyph (OpenType, table glyf).
const (
	wordArguments   = 1 << 0
	hasScale        = 1 << 3
	moreParts       = 1 << 5
	hasTwoScales    = 1 << 6
	hasMatrix       = 1 << 7
	hasInstructions = 1 << 8
)

// compose copies a glyph that is made of others.
func (g *glyphs) compose(s *streams) {
	g.put(-1)
	g.glyf = append(g.glyf, s.box.bytes(8)...)
	instructions := false
	for more := true; more && !s.composite.bad; {
		flags := s.composite.u16()
		n := 4
		if flags&wordArguments != 0 {
			n = 6
		}
		switch {
		case flags&hasScale != 0:
			n += 2
		case flags&hasTwoScales != 0:
			n += 4
		case flags&hasMatrix != 0:
			n += 8
		}
		instructions = instructions || flags&hasInstructions != 0
		more = flags&moreParts != 0
		g.put(int(flags &^ hasInstructions))
		g.glyf = append(g.glyf, s.composite.bytes(n)...)
	}
	if instructions {
		s.glyph.packed16()
	}
}

// triplet is the step from one point to the next, in one to four bytes (section 5.2).
func triplet(r *reader, f uint8) (dx, dy int) {
	sign := func(bit uint8, v int) int {
		if bit&1 == 0 {
			return -v
		}
		return v
	}
	k := int(f)
	switch {
	case f < 10:
		return 0, sign(f, (k&14)<<7+int(r.u8()))
	case f < 20:
		return sign(f, ((k-10)&14)<<7+int(r.u8())), 0
	case f < 84:
		k -= 20
		b := int(r.u8())
		return sign(f, 1+k&0x30+b>>4), sign(f>>1, 1+k&0x0c<<2+b&15)
	case f < 120:
		k -= 84
		b := r.bytes(2)
		return sign(f, 1+k/12<<8+int(b[0])), sign(f>>1, 1+k%12>>2<<8+int(b[1]))
	case f < 124:
		b := r.bytes(3)
		return sign(f, int(b[0])<<4+int(b[1])>>4), sign(f>>1, int(b[1]&15)<<8+int(b[2]))
	}
	b := r.bytes(4)
	return sign(f, int(b[0])<<8+int(b[1])), sign(f>>1, int(b[2])<<8+int(b[3]))
}
