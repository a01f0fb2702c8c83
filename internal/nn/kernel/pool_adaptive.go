package kernel

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

// AdaptiveAvgPool computes the mean of every cell (PyTorch's adaptive_avg_pool2d), summed in float64: a global mean adds
// thousands of values.
func AdaptiveAvgPool(dst, x []float32, s AdaptiveShape, ws Workers) {
	s.check("AdaptiveAvgPool", len(x), len(dst))
	im := active.Load()
	in, out := s.H*s.W, s.OH*s.OW
	planes(ws, s.N*s.C, in, func(lo, hi int) {
		for p := lo; p < hi; p++ {
			plane := x[p*in : (p+1)*in]
			for o := range out {
				y0, y1 := cell(o/s.OW, s.H, s.OH)
				x0, x1 := cell(o%s.OW, s.W, s.OW)
				var sum float64
				if x1-x0 == s.W { // whole rows lie together
					sum = im.sum(plane[y0*s.W : y1*s.W])
				} else {
					for y := y0; y < y1; y++ {
						sum += sumGeneric(plane[y*s.W+x0 : y*s.W+x1])
					}
				}
				dst[p*out+o] = float32(sum / float64((y1-y0)*(x1-x0)))
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

// addBox adds g to the rows y0…y1−1 and columns x0…x1−1 of a plane w wide.
func addBox(plane []float32, w, y0, y1, x0, x1 int, g float32) {
	for y := y0; y < y1; y++ {
		row := plane[y*w+x0 : y*w+x1]
		for i := range row {
			row[i] += g
		}
	}
}
