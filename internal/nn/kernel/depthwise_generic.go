package kernel

// tapSum is a weighted sum of shifted copies of a plane: for y in 0…rows−1 and x in 0…width−1
//
//	dst[y·dstRow + x] = start + Σ w[t]·src[offs[t] + y·srcRow + x],
//
// where start is the old value with add. src has slack values more than the sum reads. The assembly knows the offsets of
// the fields.
type tapSum struct {
	dst, src, w    []float32
	offs           []int
	rows, width    int
	dstRow, srcRow int
	start          float32
	add            bool
}

func tapSumGeneric(t *tapSum) {
	for y := range t.rows {
		dst := t.dst[y*t.dstRow:][:t.width]
		if !t.add {
			Fill(dst, t.start)
		}
		for i, off := range t.offs {
			w := t.w[i]
			src := t.src[off+y*t.srcRow:][:len(dst)]
			for x, v := range src {
				dst[x] += w * v
			}
		}
	}
}

// tapDotsGeneric is the transpose of tapSum: for every tap it adds Σ dst[y·dstRow + x]·src[offs[t] + y·srcRow + x] to the
// sums w[4t…4t+3], column x to sum x mod 4.
func tapDotsGeneric(t *tapSum) {
	for i, off := range t.offs {
		s := t.w[4*i : 4*i+4]
		s0, s1, s2, s3 := s[0], s[1], s[2], s[3]
		for y := range t.rows {
			g := t.dst[y*t.dstRow:][:t.width]
			src := t.src[off+y*t.srcRow:][:t.width]
			for len(g) >= 4 && len(src) >= 4 {
				s0 += g[0] * src[0]
				s1 += g[1] * src[1]
				s2 += g[2] * src[2]
				s3 += g[3] * src[3]
				g, src = g[4:], src[4:]
			}
			for x, v := range g {
				s0 += v * src[x]
			}
		}
		s[0], s[1], s[2], s[3] = s0, s1, s2, s3
	}
}
