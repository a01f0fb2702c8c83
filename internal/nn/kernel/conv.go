package kernel

import "fmt"

// ConvShape is the geometry of a 2-D convolution (a cross-correlation, as in every framework).
//
//	x       N×C×H×W
//	w       Out×(C/Groups)×KH×KW
//	bias    Out
//	result  N×Out×OH×OW
//
// S is the stride, D the dilation (1: none), PadTop and PadLeft the rows and columns of zeros before the map. The padding
// after it follows from OH and OW: whatever a window reads outside the map is zero. Groups cuts both channel ranges into
// equal runs that see only each other; Groups == C is a depthwise convolution.
type ConvShape struct {
	N, C, H, W      int
	Out, OH, OW     int
	KH, KW          int
	SH, SW          int
	PadTop, PadLeft int
	DH, DW          int
	Groups          int
}

// check panics unless every size makes sense.
func (s *ConvShape) check(op string) {
	for _, f := range [...]struct {
		name string
		v    int
		low  int
	}{
		{"N", s.N, 0}, {"C", s.C, 1}, {"H", s.H, 1}, {"W", s.W, 1}, {"Out", s.Out, 1}, {"OH", s.OH, 1}, {"OW", s.OW, 1},
		{"KH", s.KH, 1}, {"KW", s.KW, 1}, {"SH", s.SH, 1}, {"SW", s.SW, 1}, {"PadTop", s.PadTop, 0},
		{"PadLeft", s.PadLeft, 0}, {"DH", s.DH, 1}, {"DW", s.DW, 1}, {"Groups", s.Groups, 1},
	} {
		checkAtLeast(op, f.name, f.v, f.low)
	}
	if s.C%s.Groups != 0 || s.Out%s.Groups != 0 {
		panic(fmt.Sprintf("kernel: %s: Groups = %d does not divide C = %d and Out = %d", op, s.Groups, s.C, s.Out))
	}
}

func (s *ConvShape) xLen() int { return s.N * s.C * s.H * s.W }
func (s *ConvShape) yLen() int { return s.N * s.Out * s.OH * s.OW }
func (s *ConvShape) wLen() int { return s.Out * (s.C / s.Groups) * s.KH * s.KW }

// Conv computes dst = w ∗ x + bias; bias may be nil. dst overlaps no input.
func Conv(dst, x, w, bias []float32, s ConvShape, ws Workers) {
	s.check("Conv")
	checkLen("Conv", "dst", len(dst), s.yLen(), "N*Out*OH*OW")
	checkLen("Conv", "x", len(x), s.xLen(), "N*C*H*W")
	checkLen("Conv", "w", len(w), s.wLen(), "Out*(C/Groups)*KH*KW")
	if bias != nil {
		checkLen("Conv", "bias", len(bias), s.Out, "Out")
	}
	parallel(ws, s.N*s.Out, func(_ Workers, _, unit int) {
		oc := unit % s.Out
		plane := dst[unit*s.OH*s.OW : (unit+1)*s.OH*s.OW]
		if bias != nil {
			Fill(plane, bias[oc])
		} else {
			clear(plane)
		}
		s.eachTap(unit/s.Out, oc, func(wi, oy, iy, ic0 int, lo, hi, ix int) {
			for ox := lo; ox < hi; ox++ {
				plane[oy*s.OW+ox] += w[wi] * x[ic0+iy*s.W+ix+ox*s.SW]
			}
		})
	})
}

// ConvBackwardInput adds to dx the gradient of Conv with respect to x, given dy, the gradient with respect to the result.
func ConvBackwardInput(dx, dy, w []float32, s ConvShape, ws Workers) {
	s.check("ConvBackwardInput")
	checkLen("ConvBackwardInput", "dx", len(dx), s.xLen(), "N*C*H*W")
	checkLen("ConvBackwardInput", "dy", len(dy), s.yLen(), "N*Out*OH*OW")
	checkLen("ConvBackwardInput", "w", len(w), s.wLen(), "Out*(C/Groups)*KH*KW")
	parallel(ws, s.N, func(_ Workers, _, n int) {
		for oc := range s.Out {
			plane := dy[(n*s.Out+oc)*s.OH*s.OW:]
			s.eachTap(n, oc, func(wi, oy, iy, ic0 int, lo, hi, ix int) {
				for ox := lo; ox < hi; ox++ {
					dx[ic0+iy*s.W+ix+ox*s.SW] += w[wi] * plane[oy*s.OW+ox]
				}
			})
		}
	})
}

// ConvBackwardWeight adds to dw the gradient of Conv with respect to w and to db (which may be nil) the one with respect
// to bias, given dy, the gradient with respect to the result.
func ConvBackwardWeight(dw, db, dy, x []float32, s ConvShape, ws Workers) {
	s.check("ConvBackwardWeight")
	checkLen("ConvBackwardWeight", "dw", len(dw), s.wLen(), "Out*(C/Groups)*KH*KW")
	checkLen("ConvBackwardWeight", "dy", len(dy), s.yLen(), "N*Out*OH*OW")
	checkLen("ConvBackwardWeight", "x", len(x), s.xLen(), "N*C*H*W")
	if db != nil {
		checkLen("ConvBackwardWeight", "db", len(db), s.Out, "Out")
	}
	parallel(ws, s.Out, func(_ Workers, _, oc int) {
		for n := range s.N {
			plane := dy[(n*s.Out+oc)*s.OH*s.OW : (n*s.Out+oc+1)*s.OH*s.OW]
			if db != nil {
				for _, v := range plane {
					db[oc] += v
				}
			}
			s.eachTap(n, oc, func(wi, oy, iy, ic0 int, lo, hi, ix int) {
				var sum float32
				for ox := lo; ox < hi; ox++ {
					sum += plane[oy*s.OW+ox] * x[ic0+iy*s.W+ix+ox*s.SW]
				}
				dw[wi] += sum
			})
		}
	})
}

// eachTap calls f for every weight wi of output channel oc and every output row oy where it meets input row iy. ic0 is
// where the input plane starts; output columns lo…hi read the columns ix + ox·SW of the map.
func (s *ConvShape) eachTap(n, oc int, f func(wi, oy, iy, ic0, lo, hi, ix int)) {
	cg := s.C / s.Groups
	g := oc / (s.Out / s.Groups)
	for c := range cg {
		ic0 := (n*s.C + g*cg + c) * s.H * s.W
		for ky := range s.KH {
			for kx := range s.KW {
				ix := kx*s.DW - s.PadLeft
				lo, hi := validRange(ix, s.SW, s.W, s.OW)
				for oy := range s.OH {
					iy := oy*s.SH + ky*s.DH - s.PadTop
					if iy >= 0 && iy < s.H {
						f(((oc*cg+c)*s.KH+ky)*s.KW+kx, oy, iy, ic0, lo, hi, ix)
					}
				}
			}
		}
	}
}

// validRange is the range lo ≤ o < hi of output positions for which off + o·stride lies in 0…size−1.
func validRange(off, stride, size, out int) (lo, hi int) {
	if off < 0 {
		lo = (-off + stride - 1) / stride
	}
	if off < size {
		hi = (size-1-off)/stride + 1
	}
	hi = min(hi, out)
	return min(lo, hi), hi
}
