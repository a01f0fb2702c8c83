package weights

import (
	"bytes"
	"encoding/binary"
	"math"
	"unicode/utf8"
)

// This file reads the arguments of pickle operations: bytes, lengths, integers, strings.

func (u *unpickler) byte() byte { return u.take(1)[0] }

func (u *unpickler) take(n int) []byte {
	if n > len(u.b)-u.i {
		u.fail("the pickle is cut off")
	}
	u.i += n
	return u.b[u.i-n : u.i]
}

// length reads a little-endian count of w bytes that must fit the rest of the input.
func (u *unpickler) length(w int) int {
	var n uint64
	for i, c := range u.take(w) {
		n |= uint64(c) << (8 * i)
	}
	if n > uint64(len(u.b)-u.i) {
		u.fail("a length of %d, %d bytes are left", n, len(u.b)-u.i)
	}
	return int(n)
}

func (u *unpickler) line() string {
	n := bytes.IndexByte(u.b[u.i:min(len(u.b), u.i+2*MaxName)], '\n')
	if n < 0 {
		u.fail("a name does not end within %d bytes", 2*MaxName)
	}
	s := string(u.take(n))
	u.take(1)
	return s
}

func (u *unpickler) integer(op byte) any {
	switch op {
	case opBinInt:
		return int64(int32(binary.LittleEndian.Uint32(u.take(4))))
	case opBinInt1:
		return int64(u.byte())
	case opBinInt2:
		return int64(binary.LittleEndian.Uint16(u.take(2)))
	}
	w := 1
	if op == opLong4 {
		w = 4
	}
	n := u.length(w)
	if n > maxPickleString {
		u.fail("an integer of %d bytes", n)
	}
	b := u.take(n)
	if n > 8 {
		return integer(b)
	}
	var v uint64
	for i, c := range b {
		v |= uint64(c) << (8 * i)
	}
	if n > 0 && n < 8 && b[n-1]&0x80 != 0 {
		v |= math.MaxUint64 << (8 * n) // sign
	}
	return int64(v)
}

func (u *unpickler) str(op byte) any {
	w := map[byte]int{opShortBinUnicode: 1, opShortBinString: 1, opShortBinBytes: 1, opBinUnicode8: 8}[op]
	if w == 0 {
		w = 4
	}
	n := u.length(w)
	if n > maxPickleString {
		u.fail("a string of %d bytes, the limit is %d", n, maxPickleString)
	}
	if u.text += n; u.text > maxPickleText {
		u.fail("strings of more than %d bytes altogether", maxPickleText)
	}
	b := u.take(n)
	switch op {
	case opBinBytes, opShortBinBytes:
		return append([]byte(nil), b...)
	}
	if !utf8.Valid(b) {
		u.fail("a string is not valid UTF-8")
	}
	return string(b)
}
