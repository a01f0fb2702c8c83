package kernel

import "fmt"

// PoolShape is the geometry of a pooling layer: N·C planes of H×W give planes of OH×OW. OH and OW decide whether the last
// window may hang over the end of the map (ceil mode).
type PoolShape struct {
	N, C, H, W      int
	OH, OW          int
	KH, KW          int
	SH, SW          int
	PadTop, PadLeft int
}

// check panics unless every size makes sense and every window meets the map.
func (s *PoolShape) check(op string, x, y int) {
	for _, f := range [...]struct {
		name string
		v    int
		low  int
	}{
		{"N", s.N, 0}, {"C", s.C, 0}, {"H", s.H, 1}, {"W", s.W, 1}, {"OH", s.OH, 1}, {"OW", s.OW, 1}, {"KH", s.KH, 1},
		{"KW", s.KW, 1}, {"SH", s.SH, 1}, {"SW", s.SW, 1}, {"PadTop", s.PadTop, 0}, {"PadLeft", s.PadLeft, 0},
	} {
		checkAtLeast(op, f.name, f.v, f.low)
	}
	if s.PadTop >= s.KH || s.PadLeft >= s.KW || (s.OH-1)*s.SH-s.PadTop >= s.H || (s.OW-1)*s.SW-s.PadLeft >= s.W {
		panic(fmt.Sprintf("kernel: %s: a window lies outside the map: %+v", op, *s))
	}
	checkLen(op, "x", x, s.N*s.C*s.H*s.W, "N*C*H*W")
	checkLen(op, "y", y, s.N*s.C*s.OH*s.OW, "N*C*OH*OW")
}

// window is the part of the map that output row (or column) o sees.
func window(o, stride, pad, k, size int) (lo, hi int) {
	lo = o*stride - pad
	return max(lo, 0), min(lo+k, size)
}
