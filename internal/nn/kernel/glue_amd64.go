//go:build !purego

package kernel

// The assembly takes pointers and does whole vectors in some loops. These functions make of it what impl asks for: they
// check lengths, guard against empty slices and finish in plain Go what is left over.

// byHeight picks the tile by t.rows.
func byHeight(tiles map[int]func(*tile)) func(*tile) {
	var table [rowBlock + 1]func(*tile)
	for h, f := range tiles {
		table[h] = f
	}
	return func(t *tile) { table[t.rows](t) }
}

func copyRowsWith(f func(*rowCopy)) func(*rowCopy) {
	return func(r *rowCopy) {
		if len(r.dst) > 0 {
			f(r)
		}
	}
}

// transposeAVX2 covers what is no multiple of 8 with squares that overlap the ones before.
func transposeAVX2(dst []float32, ldd int, src []float32, lds, rows, cols int) {
	if rows < 8 || cols < 8 {
		transposeGeneric(dst, ldd, src, lds, rows, cols)
		return
	}
	whole, last := cols&^7, cols-8
	for r := 0; r < rows; r += 8 {
		r := min(r, rows-8)
		transpose8AVX2(&dst[r], ldd, &src[r*lds], lds, whole)
		if whole < cols {
			transpose8AVX2(&dst[last*ldd+r], ldd, &src[r*lds+last], lds, 8)
		}
	}
}

func splitWith(f func(even, odd, src *float32, n, rows, dstRow, srcRow int)) func(even, odd, src []float32, n, rows, dstRow, srcRow int) {
	return func(even, odd, src []float32, n, rows, dstRow, srcRow int) {
		if n == 1 || rows == 0 { // no odd value to point at
			splitGeneric(even, odd, src, n, rows, dstRow, srcRow)
			return
		}
		f(&even[0], &odd[0], &src[0], n, rows, dstRow, srcRow)
	}
}

func mergeWith(f func(dst, even, odd *float32, n, rows, dstRow, evenRow, oddRow int)) func(dst, even, odd []float32, n, rows, dstRow, evenRow, oddRow int) {
	return func(dst, even, odd []float32, n, rows, dstRow, evenRow, oddRow int) {
		if n == 1 || rows == 0 {
			mergeAddGeneric(dst, even, odd, n, rows, dstRow, evenRow, oddRow)
			return
		}
		f(&dst[0], &even[0], &odd[0], n, rows, dstRow, evenRow, oddRow)
	}
}

// whole is the part of n values that the reductions do: a multiple of the widest vector, so that every implementation
// leaves the same rest.
func whole(n int) int { return n &^ 15 }

func sumWith(f func(x *float32, n int) float64) func(x []float32) float64 {
	return func(x []float32) float64 {
		n := whole(len(x))
		if n == 0 {
			return sumGeneric(x)
		}
		return f(&x[0], n) + sumGeneric(x[n:])
	}
}

func sumSquaresWith(f func(x *float32, n int, m float32) float64) func(x []float32, m float32) float64 {
	return func(x []float32, m float32) float64 {
		n := whole(len(x))
		if n == 0 {
			return sumSquaresGeneric(x, m)
		}
		return f(&x[0], n, m) + sumSquaresGeneric(x[n:], m)
	}
}

func sumDotWith(f func(dy, x *float32, n int, m float32) (sum, dot float64)) func(dy, x []float32, m float32) (sum, dot float64) {
	return func(dy, x []float32, m float32) (sum, dot float64) {
		n := whole(len(dy))
		x = x[:len(dy)]
		sum, dot = sumDotGeneric(dy[n:], x[n:], m)
		if n > 0 {
			s, d := f(&dy[0], &x[0], n, m)
			sum, dot = s+sum, d+dot
		}
		return sum, dot
	}
}

func dotWith(f func(x, y *float32, n int) float32) func(x, y []float32) float32 {
	return func(x, y []float32) float32 {
		n := whole(len(x))
		y = y[:len(x)]
		if n == 0 {
			return dotGeneric(x, y)
		}
		return f(&x[0], &y[0], n) + dotGeneric(x[n:], y[n:])
	}
}

func with2(f func(dst, x *float32, n int)) func(dst, x []float32) {
	return func(dst, x []float32) {
		if n := len(x); n > 0 {
			f(&dst[:n][0], &x[0], n)
		}
	}
}

func with21(f func(dst, x *float32, n int, p float32)) func(dst, x []float32, p float32) {
	return func(dst, x []float32, p float32) {
		if n := len(x); n > 0 {
			f(&dst[:n][0], &x[0], n, p)
		}
	}
}

func with22(f func(dst, x *float32, n int, p, q float32)) func(dst, x []float32, p, q float32) {
	return func(dst, x []float32, p, q float32) {
		if n := len(x); n > 0 {
			f(&dst[:n][0], &x[0], n, p, q)
		}
	}
}

func with3(f func(dst, a, b *float32, n int)) func(dst, a, b []float32) {
	return func(dst, a, b []float32) {
		if n := len(dst); n > 0 {
			f(&dst[0], &a[:n][0], &b[:n][0], n)
		}
	}
}

func with31(f func(dst, a, b *float32, n int, p float32)) func(dst, a, b []float32, p float32) {
	return func(dst, a, b []float32, p float32) {
		if n := len(dst); n > 0 {
			f(&dst[0], &a[:n][0], &b[:n][0], n, p)
		}
	}
}

func with32(f func(dst, a, b *float32, n int, p, q float32)) func(dst, a, b []float32, p, q float32) {
	return func(dst, a, b []float32, p, q float32) {
		if n := len(dst); n > 0 {
			f(&dst[0], &a[:n][0], &b[:n][0], n, p, q)
		}
	}
}

func with33(f func(dst, a, b *float32, n int, p, q, r float32)) func(dst, a, b []float32, p, q, r float32) {
	return func(dst, a, b []float32, p, q, r float32) {
		if n := len(dst); n > 0 {
			f(&dst[0], &a[:n][0], &b[:n][0], n, p, q, r)
		}
	}
}

// affineWith keeps −0 as affineGeneric does: a shift of zero is not added.
func affineWith(scale func(dst, x *float32, n int, p float32), affine func(dst, x *float32, n int, p, q float32)) func(dst, x []float32, p, q float32) {
	only, both := with21(scale), with22(affine)
	return func(dst, x []float32, p, q float32) {
		if q == 0 {
			only(dst, x, p)
		} else {
			both(dst, x, p, q)
		}
	}
}
