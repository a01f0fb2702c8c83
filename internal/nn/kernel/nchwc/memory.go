package nchwc

import "unsafe"

// alignedFloats is a slice of zeros that starts on a cache line: a vector load across two lines costs twice.
func alignedFloats(n int) []float32 {
	const line = 64
	b := make([]float32, n+line/4)
	off := 0
	if r := uintptr(unsafe.Pointer(&b[0])) % line; r != 0 {
		off = int(line-r) / 4
	}
	return b[off : off+n : off+n]
}
