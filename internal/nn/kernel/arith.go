package kernel

// Fill sets every value of dst to v.
func Fill(dst []float32, v float32) {
	for i := range dst {
		dst[i] = v
	}
}

// Scale computes dst = alpha·x; dst may equal x.
func Scale(dst, x []float32, alpha float32, ws Workers) {
	im := active.Load()
	checkSame("Scale", "dst", len(dst), "x", len(x))
	chunked(ws, len(x), func(lo, hi int) { im.scale(dst[lo:hi], x[lo:hi], alpha) })
}

// Add computes dst = a + b; dst may equal a or b. Its backward is Add(da, da, dy) and Add(db, db, dy).
func Add(dst, a, b []float32, ws Workers) {
	im := active.Load()
	checkSame("Add", "a", len(a), "dst", len(dst))
	checkSame("Add", "b", len(b), "dst", len(dst))
	chunked(ws, len(dst), func(lo, hi int) { im.add(dst[lo:hi], a[lo:hi], b[lo:hi]) })
}

// AddScaled computes dst = a + alpha·b; dst may equal a or b. AddScaled(y, y, x, alpha) is the axpy of BLAS. Its backward
// is Add(da, da, dy) and AddScaled(db, db, dy, alpha).
func AddScaled(dst, a, b []float32, alpha float32, ws Workers) {
	im := active.Load()
	checkSame("AddScaled", "a", len(a), "dst", len(dst))
	checkSame("AddScaled", "b", len(b), "dst", len(dst))
	chunked(ws, len(dst), func(lo, hi int) { im.addScaled(dst[lo:hi], a[lo:hi], b[lo:hi], alpha) })
}

// Mul computes dst = a·b value by value; dst may equal a or b.
func Mul(dst, a, b []float32, ws Workers) {
	im := active.Load()
	checkSame("Mul", "a", len(a), "dst", len(dst))
	checkSame("Mul", "b", len(b), "dst", len(dst))
	chunked(ws, len(dst), func(lo, hi int) { im.mul(dst[lo:hi], a[lo:hi], b[lo:hi]) })
}

// MulBackward adds dy·b to da and dy·a to db; either may be nil.
func MulBackward(da, db, dy, a, b []float32, ws Workers) {
	im := active.Load()
	checkSame("MulBackward", "a", len(a), "dy", len(dy))
	checkSame("MulBackward", "b", len(b), "dy", len(dy))
	if da != nil {
		checkSame("MulBackward", "da", len(da), "dy", len(dy))
		chunked(ws, len(dy), func(lo, hi int) { im.mulAdd(da[lo:hi], dy[lo:hi], b[lo:hi]) })
	}
	if db != nil {
		checkSame("MulBackward", "db", len(db), "dy", len(dy))
		chunked(ws, len(dy), func(lo, hi int) { im.mulAdd(db[lo:hi], dy[lo:hi], a[lo:hi]) })
	}
}

// MulGate multiplies every plane of x (n×c×hw) by its gate (n×c), as in squeeze-and-excitation (arXiv:1709.01507). dst
// may equal x.
func MulGate(dst, x, gate []float32, n, c, hw int, ws Workers) {
	im := active.Load()
	checkGate("MulGate", dst, x, gate, n, c, hw)
	planes(ws, n*c, hw, func(lo, hi int) {
		for p := lo; p < hi; p++ {
			im.scale(dst[p*hw:(p+1)*hw], x[p*hw:(p+1)*hw], gate[p])
		}
	})
}

// MulGateBackward adds dy·gate to dx and the sum of dy·x over each plane to dgate; either may be nil.
func MulGateBackward(dx, dgate, dy, x, gate []float32, n, c, hw int, ws Workers) {
	im := active.Load()
	checkGate("MulGateBackward", dy, x, gate, n, c, hw)
	if dx != nil {
		checkSame("MulGateBackward", "dx", len(dx), "x", len(x))
	}
	if dgate != nil {
		checkSame("MulGateBackward", "dgate", len(dgate), "gate", len(gate))
	}
	planes(ws, n*c, hw, func(lo, hi int) {
		for p := lo; p < hi; p++ {
			g := dy[p*hw : (p+1)*hw]
			if dx != nil {
				d := dx[p*hw : (p+1)*hw]
				im.addScaled(d, d, g, gate[p])
			}
			if dgate != nil {
				dgate[p] += im.dot(g, x[p*hw:(p+1)*hw])
			}
		}
	})
}

func checkGate(op string, y, x, gate []float32, n, c, hw int) {
	checkLen(op, "x", len(x), n*c*hw, "n*c*hw")
	checkSame(op, "y", len(y), "x", len(x))
	checkLen(op, "gate", len(gate), n*c, "n*c")
}

// Dot is the sum of x·y.
func Dot(x, y []float32) float32 {
	checkSame("Dot", "y", len(y), "x", len(x))
	return active.Load().dot(x, y)
}
