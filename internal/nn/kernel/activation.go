package kernel

// The activation functions. dst and x have the same length and may be the same slice.
//
// Tanh is within 2 units in the last place of the exact value, Sigmoid within 2.5 and SiLU within 3, everywhere, denormal
// results included. The plain Go version rounds the float64 value and is within 0.5 or little more.
//
// Each backward function adds dy times the derivative to dx. It reads the function's result y where the derivative can
// be told from it, because y is kept anyway and x need not be; otherwise it reads x.

// ReLU computes max(x, 0); −0 and NaN stay.
func ReLU(dst, x []float32, ws Workers) {
	checkSame("ReLU", "dst", len(dst), "x", len(x))
	im := active.Load()
	chunked(ws, len(x), func(lo, hi int) { im.relu(dst[lo:hi], x[lo:hi]) })
}

// ReLUBackward adds dy where y > 0.
func ReLUBackward(dx, dy, y []float32, ws Workers) {
	checkBackward("ReLUBackward", dx, dy, "y", y)
	im := active.Load()
	chunked(ws, len(y), func(lo, hi int) { im.reluBackward(dx[lo:hi], dy[lo:hi], y[lo:hi]) })
}

// ReLU6 computes min(max(x, 0), 6) (MobileNet, arXiv:1704.04861); NaN stays.
func ReLU6(dst, x []float32, ws Workers) {
	checkSame("ReLU6", "dst", len(dst), "x", len(x))
	im := active.Load()
	chunked(ws, len(x), func(lo, hi int) { im.clamp(dst[lo:hi], x[lo:hi], 0, 6) })
}

// ReLU6Backward adds dy where 0 < y < 6.
func ReLU6Backward(dx, dy, y []float32, ws Workers) {
	checkBackward("ReLU6Backward", dx, dy, "y", y)
	im := active.Load()
	chunked(ws, len(y), func(lo, hi int) { im.relu6Backward(dx[lo:hi], dy[lo:hi], y[lo:hi]) })
}

// Clamp computes min(max(x, low), high), low ≤ high; NaN stays.
func Clamp(dst, x []float32, low, high float32, ws Workers) {
	checkSame("Clamp", "dst", len(dst), "x", len(x))
	im := active.Load()
	chunked(ws, len(x), func(lo, hi int) { im.clamp(dst[lo:hi], x[lo:hi], low, high) })
}

// ClampBackward adds dy where low ≤ x ≤ high.
func ClampBackward(dx, dy, x []float32, low, high float32, ws Workers) {
	checkBackward("ClampBackward", dx, dy, "x", x)
	im := active.Load()
	chunked(ws, len(x), func(lo, hi int) { im.clampBackward(dx[lo:hi], dy[lo:hi], x[lo:hi], low, high) })
}

// Tanh computes the hyperbolic tangent.
func Tanh(dst, x []float32, ws Workers) {
	checkSame("Tanh", "dst", len(dst), "x", len(x))
	im := active.Load()
	chunked(ws, len(x), func(lo, hi int) { im.tanh(dst[lo:hi], x[lo:hi]) })
}

// TanhBackward adds dy·(1 − y²).
func TanhBackward(dx, dy, y []float32, ws Workers) {
	checkBackward("TanhBackward", dx, dy, "y", y)
	im := active.Load()
	chunked(ws, len(y), func(lo, hi int) { im.tanhBackward(dx[lo:hi], dy[lo:hi], y[lo:hi]) })
}

// Sigmoid computes 1/(1 + e⁻ˣ).
func Sigmoid(dst, x []float32, ws Workers) {
	checkSame("Sigmoid", "dst", len(dst), "x", len(x))
	im := active.Load()
	chunked(ws, len(x), func(lo, hi int) { im.sigmoid(dst[lo:hi], x[lo:hi]) })
}

// SigmoidBackward adds dy·y·(1 − y).
func SigmoidBackward(dx, dy, y []float32, ws Workers) {
	checkBackward("SigmoidBackward", dx, dy, "y", y)
	im := active.Load()
	chunked(ws, len(y), func(lo, hi int) { im.sigmoidBackward(dx[lo:hi], dy[lo:hi], y[lo:hi]) })
}

// SiLU computes x/(1 + e⁻ˣ), also called swish (arXiv:1710.05941). It is NaN at −Inf, where the formula is −Inf·0.
func SiLU(dst, x []float32, ws Workers) {
	checkSame("SiLU", "dst", len(dst), "x", len(x))
	im := active.Load()
	chunked(ws, len(x), func(lo, hi int) { im.silu(dst[lo:hi], x[lo:hi]) })
}

// SiLUBackward adds dy·σ·(1 + x·(1 − σ)) with σ = 1/(1 + e⁻ˣ).
func SiLUBackward(dx, dy, x []float32, ws Workers) {
	checkBackward("SiLUBackward", dx, dy, "x", x)
	im := active.Load()
	chunked(ws, len(x), func(lo, hi int) { im.siluBackward(dx[lo:hi], dy[lo:hi], x[lo:hi]) })
}

// HardSigmoid computes min(max(x + 3, 0), 6)/6 (MobileNetV3, arXiv:1905.02244); NaN stays.
func HardSigmoid(dst, x []float32, ws Workers) {
	checkSame("HardSigmoid", "dst", len(dst), "x", len(x))
	im := active.Load()
	chunked(ws, len(x), func(lo, hi int) { im.hardSigmoid(dst[lo:hi], x[lo:hi]) })
}

// HardSigmoidBackward adds dy/6 where −3 < x < 3.
func HardSigmoidBackward(dx, dy, x []float32, ws Workers) {
	checkBackward("HardSigmoidBackward", dx, dy, "x", x)
	im := active.Load()
	chunked(ws, len(x), func(lo, hi int) { im.hardSigmoidBackward(dx[lo:hi], dy[lo:hi], x[lo:hi]) })
}

// HardSwish computes x·min(max(x + 3, 0), 6)/6 (MobileNetV3, arXiv:1905.02244). It is NaN at −Inf.
func HardSwish(dst, x []float32, ws Workers) {
	checkSame("HardSwish", "dst", len(dst), "x", len(x))
	im := active.Load()
	chunked(ws, len(x), func(lo, hi int) { im.hardSwish(dst[lo:hi], x[lo:hi]) })
}

// HardSwishBackward adds 0 where x ≤ −3, dy where x ≥ 3 and dy·(x/3 + ½) between.
func HardSwishBackward(dx, dy, x []float32, ws Workers) {
	checkBackward("HardSwishBackward", dx, dy, "x", x)
	im := active.Load()
	chunked(ws, len(x), func(lo, hi int) { im.hardSwishBackward(dx[lo:hi], dy[lo:hi], x[lo:hi]) })
}

// checkBackward panics unless dx, dy and the kept values v (called name) are equally long.
func checkBackward(op string, dx, dy []float32, name string, v []float32) {
	checkSame(op, "dx", len(dx), name, len(v))
	checkSame(op, "dy", len(dy), name, len(v))
}
