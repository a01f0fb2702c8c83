package nntest

import (
	"math"
	"math/rand/v2"
)

// Rand is a source of test values that is the same in every run.
func Rand(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 0x5741de)) }

// Normal returns n values of the standard normal distribution.
func Normal(r *rand.Rand, n int) []float32 {
	v := make([]float32, n)
	for i := range v {
		v[i] = float32(r.NormFloat64())
	}
	return v
}

// Special are the values that break careless arithmetic.
var Special = []float32{
	0, float32(math.Copysign(0, -1)), 1, -1, 0.5, -3, 3, 6, -6,
	math.SmallestNonzeroFloat32, -math.SmallestNonzeroFloat32, 0x1p-126, -0x1p-127,
	math.MaxFloat32, -math.MaxFloat32, 1e-20, -1e20, 88.8, -88.8, -103.9,
	float32(math.Inf(1)), float32(math.Inf(-1)), float32(math.NaN()),
}

// Nasty returns n values of which about one in three is Special.
func Nasty(r *rand.Rand, n int) []float32 {
	v := Normal(r, n)
	for i := range v {
		if r.IntN(3) == 0 {
			v[i] = Special[r.IntN(len(Special))]
		}
	}
	return v
}

// guard is a NaN with a payload that no arithmetic produces.
const guard = 0x7fabcdef

// Guarded returns n values to write to, off values into their memory, and a function that tells whether a value before or
// after them was overwritten.
func Guarded(n, off int) (v []float32, intact func() bool) {
	const band = 64
	all := make([]float32, band+off+n+band)
	for i := range all {
		all[i] = math.Float32frombits(guard)
	}
	lo, hi := band+off, band+off+n
	return all[lo:hi:hi], func() bool {
		for i, x := range all {
			if (i < lo || i >= hi) && math.Float32bits(x) != guard {
				return false
			}
		}
		return true
	}
}

// At copies v to memory that starts off values after an aligned address, so that kernels meet every alignment.
func At(v []float32, off int) []float32 {
	all := make([]float32, off+len(v))
	copy(all[off:], v)
	return all[off:]
}
