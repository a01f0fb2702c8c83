package nchwc

import "math"

// expf is e^x for −87 ≤ x ≤ 88; smaller and larger arguments give the value at the bound, NaN gives NaN. Relative error
// at most 2 ulp (2.4e-7). Cody–Waite reduction x = n·ln 2 + r with |r| ≤ ln 2 / 2, and the polynomial of Cephes' expf.
func expf(x float32) float32 {
	if x < -87 {
		x = -87
	}
	if x > 88 {
		x = 88
	}
	if x != x {
		return x
	}
	n := float32(math.RoundToEven(float64(x * 1.44269504)))
	x -= n * 0.693359375
	x -= n * -2.12194440e-4
	y := float32(1.9875691500e-4)
	y = y*x + 1.3981999507e-3
	y = y*x + 8.3334519073e-3
	y = y*x + 4.1665795894e-2
	y = y*x + 1.6666665459e-1
	y = y*x + 5.0000001201e-1
	y = y*(x*x) + x
	y += 1
	return math.Float32frombits(math.Float32bits(y) + uint32(int32(n))<<23)
}

func genericExp(dst, src []float32) {
	for i, x := range src {
		dst[i] = expf(x)
	}
}

// genericSigmoid is 1/(1 + e^−x). Relative error at most 4e-7, below −87 absolute error 2e-38.
func genericSigmoid(dst, src []float32) {
	for i, x := range src {
		dst[i] = 1 / (1 + expf(0-x))
	}
}

// genericSiLU is x/(1 + e^−x). Relative error at most 4e-7; for x < −87 the result lies between x·2e-38 and 0.
func genericSiLU(dst, src []float32) {
	for i, x := range src {
		dst[i] = x / (1 + expf(0-x))
	}
}

// genericTanh is 1 − 2/(e^2x + 1). Absolute error at most 2e-7.
func genericTanh(dst, src []float32) {
	for i, x := range src {
		dst[i] = 1 - 2/(1+expf(x+x))
	}
}

// genericHardSwish is x·min(max(x+3, 0), 6)/6.
func genericHardSwish(dst, src []float32) {
	for i, x := range src {
		dst[i] = x * min(max(x+3, 0), 6) / 6
	}
}

// genericHardSigmoid is min(max(x+3, 0), 6)/6.
func genericHardSigmoid(dst, src []float32) {
	for i, x := range src {
		dst[i] = min(max(x+3, 0), 6) / 6
	}
}

// genericAffine is dst = clamp(src·scale + shift), one scale and shift per lane. Without bounds pass infinities.
func genericAffine(dst, src, scale, shift []float32, lo, hi float32) {
	block := len(scale)
	for i := range dst {
		dst[i] = bound(src[i]*scale[i%block]+shift[i%block], lo, hi)
	}
}

// genericAdd is dst = clamp(a + b).
func genericAdd(dst, a, b []float32, lo, hi float32) {
	for i := range dst {
		dst[i] = bound(a[i]+b[i], lo, hi)
	}
}

// genericMul is dst = clamp(a · b).
func genericMul(dst, a, b []float32, lo, hi float32) {
	for i := range dst {
		dst[i] = bound(a[i]*b[i], lo, hi)
	}
}

// genericScaleRows multiplies the vectors of src by one factor each.
func genericScaleRows(dst, src, factors []float32, block int) {
	for i, f := range factors {
		for l, v := range src[i*block:][:block] {
			dst[i*block+l] = v * f
		}
	}
}

// bound clamps v and keeps NaN.
func bound(v, lo, hi float32) float32 {
	if v < lo {
		return lo
	}
	if v > hi {
		return hi
	}
	return v
}

// genericLRN5 normalises a row of pixels, whose channel blocks lie srcStride and dstStride apart:
//
//	dst[c] = src[c] / (k + a·Σ src[c−2…c+2]²)^(3/4)
//
// sq is scratch for blocks·block+4 values, of which the first and last two are zero.
func genericLRN5(dst, src, sq []float32, blocks, dstStride, srcStride, pixels int, k, a float32, block int) {
	for p := range pixels {
		for b := range blocks {
			for l, v := range src[b*srcStride+p*block:][:block] {
				sq[2+b*block+l] = v * v
			}
		}
		for b := range blocks {
			in, out := src[b*srcStride+p*block:][:block], dst[b*dstStride+p*block:][:block]
			for l, v := range in {
				var sum float32
				for _, q := range sq[b*block+l:][:5] {
					sum += q
				}
				root := float32(math.Sqrt(float64(k + a*sum)))
				out[l] = v / (root * float32(math.Sqrt(float64(root))))
			}
		}
	}
}
