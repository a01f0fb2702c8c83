package woff2

import "encoding/binary"

// reader takes numbers from the front of a slice. Behind the end everything is zero and bad is set.
type reader struct {
	b   []byte
	bad bool
}

var zeros [8]byte

// bytes takes n bytes; they alias the file.
func (r *reader) bytes(n int) []byte {
	if n < 0 || n > len(r.b) {
		r.bad, r.b = true, nil
		if n > len(zeros) || n < 0 {
			n = 0
		}
		return zeros[:n]
	}
	b := r.b[:n]
	r.b = r.b[n:]
	return b
}

func (r *reader) skip(n int)  { r.bytes(n) }
func (r *reader) u8() uint8   { return r.bytes(1)[0] }
func (r *reader) u16() uint16 { return binary.BigEndian.Uint16(r.bytes(2)) }
func (r *reader) u32() uint32 { return binary.BigEndian.Uint32(r.bytes(4)) }

// base128 is a UIntBase128: seven bits a byte, the high bit set on all but the last.
func (r *reader) base128() uint32 {
	v := uint32(0)
	for i := range 5 {
		c := r.u8()
		if i == 0 && c == 0x80 || v >= 1<<25 {
			r.bad = true
			return 0
		}
		v = v<<7 | uint32(c&0x7f)
		if c&0x80 == 0 {
			return v
		}
	}
	r.bad = true
	return 0
}

// packed16 is a 255UInt16.
func (r *reader) packed16() int {
	switch c := r.u8(); c {
	case 253:
		return int(r.u16())
	case 254:
		return 506 + int(r.u8())
	case 255:
		return 253 + int(r.u8())
	default:
		return int(c)
	}
}
