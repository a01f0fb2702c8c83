package kernel

import "math"

func reluGeneric(dst, x []float32) {
	dst = dst[:len(x)]
	for i, v := range x {
		if v < 0 {
			v = 0
		}
		dst[i] = v
	}
}

func reluBackwardGeneric(dx, dy, y []float32) {
	dx, dy = dx[:len(y)], dy[:len(y)]
	for i, v := range y {
		if v > 0 {
			dx[i] += dy[i]
		}
	}
}

func relu6BackwardGeneric(dx, dy, y []float32) {
	dx, dy = dx[:len(y)], dy[:len(y)]
	for i, v := range y {
		if v > 0 && v < 6 {
			dx[i] += dy[i]
		}
	}
}

func clampGeneric(dst, x []float32, low, high float32) {
	dst = dst[:len(x)]
	for i, v := range x {
		if v < low {
			v = low
		}
		if v > high {
			v = high
		}
		dst[i] = v
	}
}

func clampBackwardGeneric(dx, dy, x []float32, low, high float32) {
	dx, dy = dx[:len(x)], dy[:len(x)]
	for i, v := range x {
		if v >= low && v <= high {
			dx[i] += dy[i]
		}
	}
}

func tanhGeneric(dst, x []float32) {
	dst = dst[:len(x)]
	for i, v := range x {
		dst[i] = float32(math.Tanh(float64(v)))
	}
}

func tanhBackwardGeneric(dx, dy, y []float32) {
	dx, dy = dx[:len(y)], dy[:len(y)]
	for i, v := range y {
		dx[i] += dy[i] * (1 - v*v)
	}
}

// sigmoid64 is the logistic function. In float64 e⁻ˣ overflows only where the result is zero in float32 as well.
func sigmoid64(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

func sigmoidGeneric(dst, x []float32) {
	dst = dst[:len(x)]
	for i, v := range x {
		dst[i] = float32(sigmoid64(float64(v)))
	}
}

func sigmoidBackwardGeneric(dx, dy, y []float32) {
	dx, dy = dx[:len(y)], dy[:len(y)]
	for i, v := range y {
		dx[i] += dy[i] * (v * (1 - v))
	}
}

func siluGeneric(dst, x []float32) {
	dst = dst[:len(x)]
	for i, v := range x {
		dst[i] = float32(float64(v) * sigmoid64(float64(v)))
	}
}

func siluBackwardGeneric(dx, dy, x []float32) {
	dx, dy = dx[:len(x)], dy[:len(x)]
	for i, v := range x {
		s := sigmoid64(float64(v))
		dx[i] += dy[i] * float32(s*(1+float64(v)*(1-s)))
	}
}

// hardSigmoid1 is min(max(v + 3, 0), 6)/6; NaN stays.
func hardSigmoid1(v float32) float32 {
	v += 3
	if v < 0 {
		v = 0
	}
	if v > 6 {
		v = 6
	}
	return v * (1.0 / 6)
}

func hardSigmoidGeneric(dst, x []float32) {
	dst = dst[:len(x)]
	for i, v := range x {
		dst[i] = hardSigmoid1(v)
	}
}

func hardSigmoidBackwardGeneric(dx, dy, x []float32) {
	dx, dy = dx[:len(x)], dy[:len(x)]
	for i, v := range x {
		if v > -3 && v < 3 {
			dx[i] += dy[i] * (1.0 / 6)
		}
	}
}

func hardSwishGeneric(dst, x []float32) {
	dst = dst[:len(x)]
	for i, v := range x {
		dst[i] = v * hardSigmoid1(v)
	}
}

func hardSwishBackwardGeneric(dx, dy, x []float32) {
	dx, dy = dx[:len(x)], dy[:len(x)]
	for i, v := range x {
		switch {
		case v <= -3:
		case v >= 3:
			dx[i] += dy[i]
		default:
			dx[i] += dy[i] * (v*(1.0/3) + 0.5)
		}
	}
}
