package kernel

func scaleGeneric(dst, x []float32, alpha float32) {
	dst = dst[:len(x)]
	for i, v := range x {
		dst[i] = alpha * v
	}
}

// affineGeneric is dst = scale·x + shift. A shift of zero is not added: −0 must stay.
func affineGeneric(dst, x []float32, scale, shift float32) {
	dst = dst[:len(x)]
	if shift == 0 {
		scaleGeneric(dst, x, scale)
		return
	}
	for i, v := range x {
		dst[i] = scale*v + shift
	}
}

func addGeneric(dst, a, b []float32) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = a[i] + b[i]
	}
}

func addScaledGeneric(dst, a, b []float32, alpha float32) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = a[i] + alpha*b[i]
	}
}

func mulGeneric(dst, a, b []float32) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = a[i] * b[i]
	}
}

// mulAddGeneric is dst += a·b.
func mulAddGeneric(dst, a, b []float32) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] += a[i] * b[i]
	}
}

// dotGeneric adds in eight interleaved partial sums, which is faster and more accurate than one.
func dotGeneric(x, y []float32) float32 {
	y = y[:len(x)]
	var s [8]float32
	for len(x) >= 8 && len(y) >= 8 {
		for i := range s {
			s[i] += x[i] * y[i]
		}
		x, y = x[8:], y[8:]
	}
	sum := ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]))
	for i, v := range x {
		sum += v * y[i]
	}
	return sum
}
