package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

// The exponential: x = n·ln 2 + r with |r| ≤ ½·ln 2, eˣ = 2ⁿ·eʳ. ln 2 is split in two so that n·ln2High is exact. The
// polynomial for (eʳ − 1 − r)/r² interpolates at the Chebyshev points of the interval; its error is below 0.2 units in
// the last place of eʳ.
const (
	ln2High = 0x1.62e4p-1
	ln2Low  = math.Ln2 - ln2High
)

var expPoly = []float64{0.5, 0.166665767, 0.0416665542, 0.00836323288, 0.00139262508}

// The hyperbolic tangent near zero: the polynomial for (tanh(x)/x − 1)/x² in x², |x| ≤ tanhSmall, found likewise, error
// below 0.1 units in the last place.
const tanhSmall = 0.625

var tanhPoly = []float64{-0.333333332, 0.133333036, -0.0539592596, 0.0217689186, -0.00834394548, 0.00229274479}

// horner evaluates a polynomial in register x to dst.
func horner(v vec, c []float64, x, dst int) {
	VMOVUPS(constant(c[len(c)-1]), v.r(dst))
	for i := len(c) - 2; i >= 0; i-- {
		VFMADD213PS(constant(c[i]), v.r(x), v.r(dst))
	}
}

// exp replaces x by 2^shift·eˣ, raising x to low first (NaN stays); eˣ·2^shift must not overflow. It uses t, t+1 and t+2.
func exp(v vec, x int, low, shift float64, t int) {
	n, p := t, t+1
	VMOVUPS(constant(low), v.r(n))
	VMAXPS(v.r(x), v.r(n), v.r(x))
	VMULPS(constant(math.Log2E), v.r(x), v.r(n))
	if v.is512() {
		VRNDSCALEPS(U8(8), v.r(n), v.r(n))
	} else {
		VROUNDPS(U8(8), v.r(n), v.r(n))
	}
	VFNMADD231PS(constant(ln2High), v.r(n), v.r(x))
	VFNMADD231PS(constant(ln2Low), v.r(n), v.r(x))
	horner(v, expPoly, x, p)
	VMULPS(v.r(x), v.r(x), v.r(t+2))
	VFMADD213PS(v.r(x), v.r(t+2), v.r(p))
	VADDPS(constant(1), v.r(p), v.r(p))
	if shift != 0 {
		VADDPS(constant(shift), v.r(n), v.r(n))
	}
	if v.is512() {
		VSCALEFPS(v.r(n), v.r(p), v.r(x))
		return
	}
	// 2ⁿ in two factors: it may be denormal.
	VCVTPS2DQ(v.r(n), v.r(n))
	VPSRAD(U8(1), v.r(n), v.r(x))
	VPSUBD(v.r(x), v.r(n), v.r(n))
	for _, half := range []int{x, n} {
		VPADDD(pattern(127), v.r(half), v.r(half))
		VPSLLD(U8(23), v.r(half), v.r(half))
	}
	VMULPS(v.r(x), v.r(p), v.r(p))
	VMULPS(v.r(n), v.r(p), v.r(x))
}

const (
	signBit = 1 << 31
	// Below expLow eˣ rounds to zero even as a denormal.
	expLow = -104
)

// negate sets dst to −|x|.
func (v vec) negativeAbs(x, dst int) { VORPS(pattern(signBit), v.r(x), v.r(dst)) }

// sigmoid sets dst to 1/(1 + e⁻ˣ): with e = e^−|x|, which cannot overflow, it is 1/(1 + e) or e/(1 + e). It uses temp
// to temp+4; temp+3 holds 1/(1+e)'s other half, the sigmoid of −x, if both is asked for by siluBackward.
func sigmoid(v vec, x, dst int) {
	sigmoidParts(v, x)
	v.compare(less, x, constant(0), 1, temp)
	v.choose(1, temp, v.r(temp+4), temp+1, temp+1)
	VDIVPS(v.r(temp+3), v.r(temp+1), v.r(dst))
}

// sigmoidParts sets temp+4 to e^−|x|, temp+3 to 1 + e^−|x| and temp+1 to 1.
func sigmoidParts(v vec, x int) {
	v.negativeAbs(x, temp+4)
	exp(v, temp+4, expLow, 0, temp)
	VMOVUPS(constant(1), v.r(temp+1))
	VADDPS(v.r(temp+1), v.r(temp+4), v.r(temp+3))
}

// silu is x/(1 + e) or x·e/(1 + e). The latter is computed 2^siluShift times as large, or a denormal e would spoil a
// result that is none.
func silu(v vec) {
	const siluShift, low = 64, -200 // e^−200·2^64 is zero, as −Inf and −MaxFloat32 need
	v.negativeAbs(0, temp+4)
	exp(v, temp+4, low, siluShift, temp)
	VMULPS(constant(math.Ldexp(1, -siluShift)), v.r(temp+4), v.r(temp+3))
	VADDPS(constant(1), v.r(temp+3), v.r(temp+3))
	v.compare(less, 0, constant(0), 1, temp)
	VMULPS(v.r(0), v.r(temp+4), v.r(temp+4))
	v.choose(1, temp, v.r(temp+4), 0, temp+4)
	VDIVPS(v.r(temp+3), v.r(temp+4), v.r(0))
	VMULPS(constant(math.Ldexp(1, -siluShift)), v.r(0), v.r(temp+4))
	v.choose(1, temp, v.r(temp+4), 0, 0)
}

// siluBackward: dx + dy·σ·(1 + x·(1 − σ)); 1 − σ is σ(−x), without cancellation.
func siluBackward(v vec) {
	sigmoidParts(v, 2)
	v.compare(less, 2, constant(0), 1, temp)
	v.choose(1, temp, v.r(temp+1), temp+4, temp+2)
	v.choose(1, temp, v.r(temp+4), temp+1, temp+1)
	VDIVPS(v.r(temp+3), v.r(temp+1), v.r(temp+1)) // σ
	VDIVPS(v.r(temp+3), v.r(temp+2), v.r(temp+2)) // 1 − σ
	VFMADD213PS(constant(1), v.r(2), v.r(temp+2))
	VMULPS(v.r(temp+1), v.r(temp+2), v.r(temp+2))
	VFMADD231PS(v.r(temp+2), v.r(1), v.r(0))
}

// tanh is (1 − e)/(1 + e) with e = e^−2|x|, or the polynomial where that cancels; the sign is put back last.
func tanh(v vec) {
	const abs, sign = 1, 2
	VANDPS(pattern(signBit), v.r(0), v.r(sign))
	VXORPS(v.r(sign), v.r(0), v.r(abs))
	VMULPS(constant(-2), v.r(abs), v.r(temp+4))
	exp(v, temp+4, expLow, 0, temp)
	VMOVUPS(constant(1), v.r(temp))
	VSUBPS(v.r(temp+4), v.r(temp), v.r(temp+1))
	VADDPS(v.r(temp+4), v.r(temp), v.r(temp+2))
	VDIVPS(v.r(temp+2), v.r(temp+1), v.r(temp+1))
	VMULPS(v.r(abs), v.r(abs), v.r(temp+2))
	horner(v, tanhPoly, temp+2, temp+3)
	VMULPS(v.r(abs), v.r(temp+2), v.r(temp+2))
	VFMADD213PS(v.r(abs), v.r(temp+2), v.r(temp+3))
	v.compare(less, abs, constant(tanhSmall), 1, temp)
	v.choose(1, temp, v.r(temp+3), temp+1, 0)
	VORPS(v.r(sign), v.r(0), v.r(0))
}

// tanhBackward: dx + dy·(1 − y²).
func tanhBackward(v vec) {
	VMOVUPS(constant(1), v.r(temp))
	VFNMADD231PS(v.r(2), v.r(2), v.r(temp))
	VFMADD231PS(v.r(temp), v.r(1), v.r(0))
}

// sigmoidBackward: dx + dy·(y·(1 − y)).
func sigmoidBackward(v vec) {
	VMOVUPS(constant(1), v.r(temp))
	VSUBPS(v.r(2), v.r(temp), v.r(temp))
	VMULPS(v.r(2), v.r(temp), v.r(temp))
	VFMADD231PS(v.r(temp), v.r(1), v.r(0))
}
