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

// MaxPool computes the maximum of every window; padding counts as −Inf and a NaN in the window wins. idx (as long as dst,
// or nil) receives the position y·W + x of the first maximum in its plane, for MaxPoolBackward.
func MaxPool(dst []float32, idx []int32, x []float32, s PoolShape, ws Workers) {
	s.check("MaxPool", len(x), len(dst))
	if idx != nil {
		checkSame("MaxPool", "idx", len(idx), "dst", len(dst))
	}
	in, out := s.H*s.W, s.OH*s.OW
	planes(ws, s.N*s.C, in, func(lo, hi int) {
		for p := lo; p < hi; p++ {
			var ip []int32
			if idx != nil {
				ip = idx[p*out : (p+1)*out]
			}
			maxPoolPlane(dst[p*out:(p+1)*out], ip, x[p*in:(p+1)*in], &s)
		}
	})
}

func maxPoolPlane(dst []float32, idx []int32, x []float32, s *PoolShape) {
	for oy := range s.OH {
		y0, y1 := window(oy, s.SH, s.PadTop, s.KH, s.H)
		for ox := range s.OW {
			x0, x1 := window(ox, s.SW, s.PadLeft, s.KW, s.W)
			at := y0*s.W + x0
			best := x[at]
			for y := y0; y < y1; y++ {
				row := x[y*s.W : y*s.W+x1]
				for i := x0; i < len(row); i++ {
					// !(v <= best) holds for a larger value and for NaN; a NaN already found stays.
					if v := row[i]; !(v <= best) && best == best {
						best, at = v, y*s.W+i
					}
				}
			}
			dst[oy*s.OW+ox] = best
			if idx != nil {
				idx[oy*s.OW+ox] = int32(at)
			}
		}
	}
}

// MaxPoolBackward adds every value of dy to the input position idx that MaxPool recorded for it.
func MaxPoolBackward(dx, dy []float32, idx []int32, s PoolShape, ws Workers) {
	s.check("MaxPoolBackward", len(dx), len(dy))
	checkSame("MaxPoolBackward", "idx", len(idx), "dy", len(dy))
	in, out := s.H*s.W, s.OH*s.OW
	planes(ws, s.N*s.C, in, func(lo, hi int) {
		for p := lo; p < hi; p++ {
			plane := dx[p*in : (p+1)*in]
			for i, at := range idx[p*out : (p+1)*out] {
				plane[at] += dy[p*out+i]
			}
		}
	})
}

// divisor is what AvgPool divides a window by, after PyTorch: with countIncludePad the part of the window inside the map
// and its padding of (PadTop, PadLeft) on both sides, otherwise the part inside the map.
func (s *PoolShape) divisor(oy, ox int, countIncludePad bool) int {
	if countIncludePad {
		y, x := oy*s.SH-s.PadTop, ox*s.SW-s.PadLeft
		return (min(y+s.KH, s.H+s.PadTop) - y) * (min(x+s.KW, s.W+s.PadLeft) - x)
	}
	y0, y1 := window(oy, s.SH, s.PadTop, s.KH, s.H)
	x0, x1 := window(ox, s.SW, s.PadLeft, s.KW, s.W)
	return (y1 - y0) * (x1 - x0)
}

// AvgPool computes the mean of every window by the rules of PyTorch's avg_pool2d, ceil mode included: padding counts as
// zeros with countIncludePad and not at all without; what lies beyond the padding never counts.
func AvgPool(dst, x []float32, s PoolShape, countIncludePad bool, ws Workers) {
	s.check("AvgPool", len(x), len(dst))
	in, out := s.H*s.W, s.OH*s.OW
	planes(ws, s.N*s.C, in, func(lo, hi int) {
		for p := lo; p < hi; p++ {
			avgPoolPlane(dst[p*out:(p+1)*out], x[p*in:(p+1)*in], &s, countIncludePad)
		}
	})
}

func avgPoolPlane(dst, x []float32, s *PoolShape, countIncludePad bool) {
	for oy := range s.OH {
		y0, y1 := window(oy, s.SH, s.PadTop, s.KH, s.H)
		for ox := range s.OW {
			x0, x1 := window(ox, s.SW, s.PadLeft, s.KW, s.W)
			var sum float32
			for y := y0; y < y1; y++ {
				for _, v := range x[y*s.W+x0 : y*s.W+x1] {
					sum += v
				}
			}
			dst[oy*s.OW+ox] = sum / float32(s.divisor(oy, ox, countIncludePad))
		}
	}
}

// AvgPoolBackward spreads every value of dy evenly over its window and adds that to dx.
func AvgPoolBackward(dx, dy []float32, s PoolShape, countIncludePad bool, ws Workers) {
	s.check("AvgPoolBackward", len(dx), len(dy))
	in, out := s.H*s.W, s.OH*s.OW
	planes(ws, s.N*s.C, in, func(lo, hi int) {
		for p := lo; p < hi; p++ {
			plane := dx[p*in : (p+1)*in]
			for oy := range s.OH {
				y0, y1 := window(oy, s.SH, s.PadTop, s.KH, s.H)
				for ox := range s.OW {
					x0, x1 := window(ox, s.SW, s.PadLeft, s.KW, s.W)
					g := dy[p*out+oy*s.OW+ox] / float32(s.divisor(oy, ox, countIncludePad))
					addBox(plane, s.W, y0, y1, x0, x1, g)
				}
			}
		}
	})
}

// addBox adds g to the rows y0…y1−1 and columns x0…x1−1 of a plane w wide.
func addBox(plane []float32, w, y0, y1, x0, x1 int, g float32) {
	for y := y0; y < y1; y++ {
		row := plane[y*w+x0 : y*w+x1]
		for i := range row {
			row[i] += g
		}
	}
}

// AdaptiveShape is the geometry of an adaptive pooling layer: N·C planes of H×W are cut into OH×OW cells, cell (oy, ox)
// reaching from ⌊oy·H/OH⌋ to ⌈(oy+1)·H/OH⌉ and likewise in x. OH = OW = 1 is global pooling.
type AdaptiveShape struct{ N, C, H, W, OH, OW int }

func (s *AdaptiveShape) check(op string, x, y int) {
	checkAtLeast(op, "H", s.H, 1)
	checkAtLeast(op, "W", s.W, 1)
	checkAtLeast(op, "OH", s.OH, 1)
	checkAtLeast(op, "OW", s.OW, 1)
	checkLen(op, "x", x, s.N*s.C*s.H*s.W, "N*C*H*W")
	checkLen(op, "y", y, s.N*s.C*s.OH*s.OW, "N*C*OH*OW")
}

// cell is the range of input rows (or columns) of output o out of out.
func cell(o, size, out int) (lo, hi int) {
	return o * size / out, ((o+1)*size + out - 1) / out
}

// AdaptiveAvgPool computes the mean of every cell (PyTorch's adaptive_avg_pool2d).
func AdaptiveAvgPool(dst, x []float32, s AdaptiveShape, ws Workers) {
	s.check("AdaptiveAvgPool", len(x), len(dst))
	in, out := s.H*s.W, s.OH*s.OW
	planes(ws, s.N*s.C, in, func(lo, hi int) {
		for p := lo; p < hi; p++ {
			for oy := range s.OH {
				y0, y1 := cell(oy, s.H, s.OH)
				for ox := range s.OW {
					x0, x1 := cell(ox, s.W, s.OW)
					var sum float64 // a global mean adds thousands of values
					for y := y0; y < y1; y++ {
						for _, v := range x[p*in+y*s.W+x0 : p*in+y*s.W+x1] {
							sum += float64(v)
						}
					}
					dst[p*out+oy*s.OW+ox] = float32(sum / float64((y1-y0)*(x1-x0)))
				}
			}
		}
	})
}

// AdaptiveAvgPoolBackward spreads every value of dy evenly over its cell and adds that to dx.
func AdaptiveAvgPoolBackward(dx, dy []float32, s AdaptiveShape, ws Workers) {
	s.check("AdaptiveAvgPoolBackward", len(dx), len(dy))
	in, out := s.H*s.W, s.OH*s.OW
	planes(ws, s.N*s.C, in, func(lo, hi int) {
		for p := lo; p < hi; p++ {
			plane := dx[p*in : (p+1)*in]
			for oy := range s.OH {
				y0, y1 := cell(oy, s.H, s.OH)
				for ox := range s.OW {
					x0, x1 := cell(ox, s.W, s.OW)
					addBox(plane, s.W, y0, y1, x0, x1, dy[p*out+oy*s.OW+ox]/float32((y1-y0)*(x1-x0)))
				}
			}
		}
	})
}
