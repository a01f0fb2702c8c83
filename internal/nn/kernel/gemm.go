package kernel

// GemmShape describes C = A·B, an M×N result over a sum of K products. TransA says that A is stored K×M, TransB that B
// is stored N×K. Add adds the product to C instead of replacing it.
type GemmShape struct {
	M, N, K        int
	TransA, TransB bool
	Add            bool
}

// Gemm computes c = A·B or c += A·B on row-major matrices without gaps: len(c) = M·N, len(a) = M·K, len(b) = K·N. c
// overlaps neither a nor b. With K = 0 the product is zero.
func Gemm(c, a, b []float32, s GemmShape, ws Workers) {
	checkAtLeast("Gemm", "M", s.M, 0)
	checkAtLeast("Gemm", "N", s.N, 0)
	checkAtLeast("Gemm", "K", s.K, 0)
	checkLen("Gemm", "c", len(c), s.M*s.N, "m*n")
	checkLen("Gemm", "a", len(a), s.M*s.K, "m*k")
	checkLen("Gemm", "b", len(b), s.K*s.N, "k*n")
	ars, acs := s.K, 1
	if s.TransA {
		ars, acs = 1, s.M
	}
	brs, bcs := s.N, 1
	if s.TransB {
		brs, bcs = 1, s.K
	}
	parallel(ws, s.M, func(_ Workers, _, m int) {
		row := c[m*s.N : (m+1)*s.N]
		if !s.Add {
			clear(row)
		}
		for k := range s.K {
			v := a[m*ars+k*acs]
			for n := range row {
				row[n] += v * b[k*brs+n*bcs]
			}
		}
	})
}

// Linear computes dst = x·wᵀ + bias: n vectors of in values to n vectors of out values, w out×in, bias out or nil.
func Linear(dst, x, w, bias []float32, n, in, out int, ws Workers) {
	checkLinear("Linear", dst, x, w, n, in, out)
	if bias != nil {
		checkLen("Linear", "bias", len(bias), out, "out")
	}
	Gemm(dst, x, w, GemmShape{M: n, N: out, K: in, TransB: true}, ws)
	if bias != nil {
		for i := range n {
			row := dst[i*out : (i+1)*out]
			for o, v := range bias {
				row[o] += v
			}
		}
	}
}

// LinearBackwardInput adds to dx (n×in) the gradient dy·w, dy being n×out and w out×in.
func LinearBackwardInput(dx, dy, w []float32, n, in, out int, ws Workers) {
	checkLinear("LinearBackwardInput", dy, dx, w, n, in, out)
	Gemm(dx, dy, w, GemmShape{M: n, N: in, K: out, Add: true}, ws)
}

// LinearBackwardWeight adds to dw (out×in) the gradient dyᵀ·x, and to db (out, or nil) the column sums of dy.
func LinearBackwardWeight(dw, db, dy, x []float32, n, in, out int, ws Workers) {
	checkLinear("LinearBackwardWeight", dy, x, dw, n, in, out)
	Gemm(dw, dy, x, GemmShape{M: out, N: in, K: n, TransA: true, Add: true}, ws)
	if db == nil {
		return
	}
	checkLen("LinearBackwardWeight", "db", len(db), out, "out")
	for i := range n {
		for o, v := range dy[i*out : (i+1)*out] {
			db[o] += v
		}
	}
}

func checkLinear(op string, y, x, w []float32, n, in, out int) {
	checkAtLeast(op, "n", n, 0)
	checkAtLeast(op, "in", in, 0)
	checkAtLeast(op, "out", out, 0)
	checkLen(op, "y", len(y), n*out, "n*out")
	checkLen(op, "x", len(x), n*in, "n*in")
	checkLen(op, "w", len(w), out*in, "out*in")
}
