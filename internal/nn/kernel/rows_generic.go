package kernel

// rowCopy describes a copy of a rectangle of rows×width pixels out of the planes of several images to consecutive
// values of dst. Pixel (y, x) of image i comes from src[off + i·srcImg + y·srcRow + x] where y0 ≤ y < y1 and x0 ≤ x < x1
// and is zero elsewhere. The assembly knows the offsets of the fields.
type rowCopy struct {
	dst, src            []float32
	off                 int // may lie before src: pixels there are outside the range
	images, rows, width int
	y0, y1, x0, x1      int
	srcImg, srcRow      int
}

func copyRowsGeneric(r *rowCopy) {
	if len(r.dst) == 0 {
		return
	}
	dst := r.dst
	whole := r.x0 == 0 && r.x1 == r.width && r.width == r.srcRow // no gap between rows
	for i := range r.images {
		at := r.off + i*r.srcImg
		n := r.rows * r.width
		clear(dst[:r.y0*r.width])
		if whole && r.y0 < r.y1 {
			copy(dst[r.y0*r.width:r.y1*r.width], r.src[at+r.y0*r.srcRow:])
		} else {
			for y := r.y0; y < r.y1; y++ {
				row := dst[y*r.width : (y+1)*r.width]
				clear(row[:r.x0])
				if r.x0 < r.x1 {
					from := at + y*r.srcRow
					copy(row[r.x0:r.x1], r.src[from+r.x0:from+r.x1])
				}
				clear(row[r.x1:])
			}
		}
		clear(dst[r.y1*r.width : n])
		dst = dst[n:]
	}
}

// transposeGeneric is dst[c·ldd + r] = src[r·lds + c] for r in 0…rows−1 and c in 0…cols−1.
func transposeGeneric(dst []float32, ldd int, src []float32, lds, rows, cols int) {
	const side = 16 // a square of this side of src and dst stays in the first cache
	for c0 := 0; c0 < cols; c0 += side {
		c1 := min(c0+side, cols)
		for r := range rows {
			for c, v := range src[r*lds+c0 : r*lds+c1] {
				dst[(c0+c)*ldd+r] = v
			}
		}
	}
}

// splitGeneric deals the n values of each row of src out to even and odd, whose rows are dstRow apart and hold ⌈n/2⌉ and
// ⌊n/2⌋ values.
func splitGeneric(even, odd, src []float32, n, rows, dstRow, srcRow int) {
	for y := range rows {
		e, o, s := even[y*dstRow:][:(n+1)/2], odd[y*dstRow:][:n/2], src[y*srcRow:][:n]
		for i := range o {
			e[i], o[i] = s[2*i], s[2*i+1]
		}
		if n%2 == 1 {
			e[n/2] = s[n-1]
		}
	}
}

// mergeAddGeneric is the way back: it adds the rows of even and odd to every other of the n values of each row of dst.
func mergeAddGeneric(dst, even, odd []float32, n, rows, dstRow, evenRow, oddRow int) {
	for y := range rows {
		d, e, o := dst[y*dstRow:][:n], even[y*evenRow:][:(n+1)/2], odd[y*oddRow:][:n/2]
		for i, v := range o {
			d[2*i] += e[i]
			d[2*i+1] += v
		}
		if n%2 == 1 {
			d[n-1] += e[n/2]
		}
	}
}
