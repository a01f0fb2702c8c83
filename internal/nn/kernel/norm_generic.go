package kernel

// sumGeneric is the sum of x.
func sumGeneric(x []float32) float64 {
	var a, b float64
	for len(x) >= 2 {
		a += float64(x[0])
		b += float64(x[1])
		x = x[2:]
	}
	for _, v := range x {
		a += float64(v)
	}
	return a + b
}

// sumSquaresGeneric is the sum of (x − m)².
func sumSquaresGeneric(x []float32, m float32) float64 {
	var s float64
	for _, v := range x {
		d := float64(v) - float64(m)
		s += d * d
	}
	return s
}

// sumDotGeneric is the sum of dy and the sum of dy·(x − m).
func sumDotGeneric(dy, x []float32, m float32) (sum, dot float64) {
	x = x[:len(dy)]
	for i, g := range dy {
		sum += float64(g)
		dot += float64(g) * (float64(x[i]) - float64(m))
	}
	return sum, dot
}

// addTwoGeneric is dst += ka·a + kb·b + k.
func addTwoGeneric(dst, a, b []float32, ka, kb, k float32) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] += ka*a[i] + (kb*b[i] + k)
	}
}
