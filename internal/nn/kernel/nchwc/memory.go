package nchwc

import "unsafe"

// Floats is a slice of n zeros that starts on a cache line: a vector load across two lines costs twice. Large ones
// ask for huge pages, because a stream of weights otherwise waits for an address translation every 4 KB.
func Floats(n int) []float32 {
	const line = 64
	b := make([]float32, n+line/4)
	adviseHuge(b)
	off := 0
	if r := uintptr(unsafe.Pointer(&b[0])) % line; r != 0 {
		off = int(line-r) / 4
	}
	return b[off : off+n : off+n]
}
