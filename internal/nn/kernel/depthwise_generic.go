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

// tapMax is the maximum of shifted copies of a plane: for y in 0…rows−1 and x in 0…width−1, dst[y·dstRow + x] is the
// largest of src[offs[t] + y·srcRow + x], a NaN being larger than all, and idx (unless empty) receives, for the first tap
// that has it, pos[t] + y·posRow + x·posStep. The assembly knows the offsets of the fields.
type tapMax struct {
	dst             []float32
	idx             []int32
	src             []float32
	offs, pos       []int
	rows, width     int
	dstRow, srcRow  int
	posRow, posStep int
}

func tapMaxGeneric(t *tapMax) {
	for y := range t.rows {
		dst := t.dst[y*t.dstRow:][:t.width]
		for x := range dst {
			i := y*t.srcRow + x
			best, at := t.src[t.offs[0]+i], 0
			for k, off := range t.offs {
				// !(v <= best) holds for a larger value and for NaN; a NaN already found stays.
				if v := t.src[off+i]; !(v <= best) && best == best {
					best, at = v, k
				}
			}
			dst[x] = best
			if len(t.idx) > 0 {
				t.idx[y*t.dstRow+x] = int32(t.pos[at] + y*t.posRow + x*t.posStep)
			}
		}
	}
}
