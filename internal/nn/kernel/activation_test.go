package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"stride/internal/nn/nntest"
)

// activation is one function with its definition in float64 and how far from it an implementation may be.
type activation struct {
	name     string
	forward  func(dst, x []float32, ws Workers)
	def      func(x float64) float64
	ulps     float64 // of the result
	backward func(dx, dy, kept []float32, ws Workers)
	keepsY   bool // backward reads y, not x
	slope    func(x float64) float64
}

func sigmoidDef(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

func clampDef(lo, hi float64) func(float64) float64 {
	return func(x float64) float64 {
		if x != x {
			return x
		}
		return min(max(x, lo), hi)
	}
}

// between is 1 where lo < x < hi, NaN not being there.
func between(lo, hi float64) func(float64) float64 {
	return func(x float64) float64 {
		if x > lo && x < hi {
			return 1
		}
		return 0
	}
}

var activations = []activation{
	{"ReLU", ReLU, clampDef(0, math.Inf(1)), 0, ReLUBackward, true, between(0, math.Inf(1))},
	{"ReLU6", ReLU6, clampDef(0, 6), 0, ReLU6Backward, true, between(0, 6)},
	{"Clamp", func(dst, x []float32, ws Workers) { Clamp(dst, x, -1.5, 2.25, ws) }, clampDef(-1.5, 2.25), 0,
		func(dx, dy, x []float32, ws Workers) { ClampBackward(dx, dy, x, -1.5, 2.25, ws) }, false,
		between(math.Nextafter(-1.5, -2), math.Nextafter(2.25, 3))},
	{"Tanh", Tanh, math.Tanh, 2, TanhBackward, true, func(x float64) float64 { t := math.Tanh(x); return 1 - t*t }},
	{"Sigmoid", Sigmoid, sigmoidDef, 2.5, SigmoidBackward, true, func(x float64) float64 { return sigmoidDef(x) * sigmoidDef(-x) }},
	{"SiLU", SiLU, func(x float64) float64 { return x * sigmoidDef(x) }, 3, SiLUBackward, false,
		func(x float64) float64 { return sigmoidDef(x) * (1 + x*sigmoidDef(-x)) }},
	{"HardSigmoid", HardSigmoid, func(x float64) float64 { return clampDef(0, 6)(x+3) / 6 }, 0, HardSigmoidBackward, false,
		func(x float64) float64 { return between(-3, 3)(x) / 6 }},
	{"HardSwish", HardSwish, func(x float64) float64 { return x * clampDef(0, 6)(x+3) / 6 }, 0, HardSwishBackward, false,
		func(x float64) float64 {
			switch {
			case x <= -3:
				return 0
			case x >= 3:
				return 1
			}
			return x/3 + 0.5
		}},
}

// exact compares got with the definition. Rounding x + 3 in float32 costs the hard functions some of their last places
// near −3, which is a difference in value, not in ulps.
func (a *activation) check(t *testing.T, x, got float32) {
	t.Helper()
	want := a.def(float64(x))
	if a.ulps > 0 {
		if u := nntest.ULPs(got, want); u > a.ulps {
			t.Fatalf("%s(%g) = %g, want %g: %.2f ulp", a.name, x, got, want, u)
		}
		return
	}
	nntest.Close(t, fmt.Sprintf("%s(%g)", a.name, x), []float32{got}, []float32{float32(want)}, 1e-6, 5e-7)
}

// everywhere visits float32 of every sign and magnitude, some 50,000 of them, and the special ones.
func everywhere(f func(x float32)) {
	for bits := uint64(0); bits < 1<<32; bits += 90001 {
		f(math.Float32frombits(uint32(bits)))
	}
	for _, x := range nntest.Special {
		f(x)
	}
}

func TestActivationsEverywhere(t *testing.T) {
	var xs []float32
	everywhere(func(x float32) { xs = append(xs, x) })
	r := nntest.Rand(1)
	for range 20000 {
		xs = append(xs, float32(r.NormFloat64()*4))
	}
	eachImplementation(t, func(t *testing.T) {
		ys := make([]float32, len(xs))
		for _, a := range activations {
			a.forward(ys, xs, nil)
			worst, at := 0.0, float32(0)
			for i, x := range xs {
				a.check(t, x, ys[i])
				if u := nntest.ULPs(ys[i], a.def(float64(x))); u > worst {
					worst, at = u, x
				}
			}
			t.Logf("%s: worst %.2f ulp at %g", a.name, worst, at)
		}
	})
}

func TestActivationsKeepNegativeZero(t *testing.T) {
	zero := []float32{float32(math.Copysign(0, -1))}
	eachImplementation(t, func(t *testing.T) {
		y := []float32{1}
		for _, f := range []func(dst, x []float32, ws Workers){ReLU, Tanh, SiLU} {
			f(y, zero, nil)
			nntest.Same(t, "−0", y, zero)
		}
	})
}

// Every length around the vector sizes and every alignment, in place and not, without touching the neighbours, and alike
// whatever the position in the slice.
func TestActivationsLengthsAndAliases(t *testing.T) {
	team := NewTeam(2)
	defer team.Close()
	eachImplementation(t, func(t *testing.T) {
		r := nntest.Rand(2)
		for _, a := range activations {
			for n := range 131 {
				x := nntest.Nasty(r, n)
				want := make([]float32, n)
				for i := range x {
					a.forward(want[i:i+1], x[i:i+1], nil)
				}
				y, intact := nntest.Guarded(n, n%8)
				a.forward(y, nntest.At(x, n%7), team)
				nntest.Same(t, fmt.Sprintf("%s of %d", a.name, n), y, want)
				if !intact() {
					t.Fatalf("%s of %d writes outside dst", a.name, n)
				}
				copy(y, x)
				a.forward(y, y, team)
				nntest.Same(t, fmt.Sprintf("%s of %d in place", a.name, n), y, want)
			}
		}
	})
}

func TestActivationBackwards(t *testing.T) {
	eachImplementation(t, func(t *testing.T) {
		r := nntest.Rand(3)
		for _, a := range activations {
			for n := range 131 {
				x, dy := nntest.Normal(r, n), nntest.Normal(r, n)
				for i := range x {
					x[i] *= 3
				}
				kept := slices.Clone(x)
				if a.keepsY {
					a.forward(kept, x, nil)
				}
				dx, intact := nntest.Guarded(n, n%8)
				Fill(dx, 0.5)
				a.backward(dx, nntest.At(dy, n%5), nntest.At(kept, n%7), nil)
				for i := range x {
					want := 0.5 + float64(dy[i])*a.slope(float64(x[i]))
					if d := math.Abs(float64(dx[i]) - want); !(d < 2e-6) {
						t.Fatalf("%s backward at %g: %g, want %g", a.name, x[i], dx[i], want)
					}
				}
				if !intact() {
					t.Fatalf("%s backward of %d writes outside dx", a.name, n)
				}
			}
		}
	})
}

// Where the slope is zero by definition nothing is added, not even a NaN of dy or the sign of a zero.
func TestActivationBackwardsNasty(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	tests := []struct {
		name          string
		backward      func(dx, dy, kept []float32, ws Workers)
		dx, dy, v, to float32
	}{
		{"ReLU at 0", ReLUBackward, float32(math.Copysign(0, -1)), nan, 0, float32(math.Copysign(0, -1))},
		{"ReLU of NaN", ReLUBackward, 1, 2, nan, 1},
		{"ReLU of Inf", ReLUBackward, 1, 2, inf, 3},
		{"ReLU of a denormal", ReLUBackward, 1, 2, math.SmallestNonzeroFloat32, 3},
		{"ReLU6 at 6", ReLU6Backward, 1, inf, 6, 1},
		{"ReLU6 below 6", ReLU6Backward, 1, 2, 5.9999995, 3},
		{"Clamp at its end", activations[2].backward, 1, 2, 2.25, 3},
		{"Clamp beyond", activations[2].backward, 1, nan, 2.2500002, 1},
		{"HardSwish at −3", HardSwishBackward, 1, nan, -3, 1},
		{"HardSwish at 3", HardSwishBackward, 1, 2, 3, 3},
		{"HardSwish of NaN", HardSwishBackward, 1, 2, nan, nan},
		{"HardSigmoid at 3", HardSigmoidBackward, 1, nan, 3, 1},
		{"SiLU of NaN", SiLUBackward, 1, 2, nan, nan},
	}
	eachImplementation(t, func(t *testing.T) {
		for _, tt := range tests {
			for _, n := range []int{1, 16, 37} {
				dx, dy, v, want := make([]float32, n), make([]float32, n), make([]float32, n), make([]float32, n)
				Fill(dx, tt.dx)
				Fill(dy, tt.dy)
				Fill(v, tt.v)
				Fill(want, tt.to)
				tt.backward(dx, dy, v, nil)
				nntest.Same(t, tt.name, dx, want)
			}
		}
	})
}

// The large, threaded path must give what the small one gives.
func TestElementwiseSameBytesForAnyThreads(t *testing.T) {
	n := 5*grain + 77
	x := nntest.Nasty(rand.New(rand.NewPCG(1, 2)), n)
	eachImplementation(t, func(t *testing.T) {
		for _, a := range activations {
			want := make([]float32, n)
			a.forward(want, x, nil)
			for _, threads := range teamSizes {
				team := NewTeam(threads)
				y := make([]float32, n)
				a.forward(y, x, team)
				team.Close()
				nntest.Same(t, fmt.Sprintf("%s with %d threads", a.name, threads), y, want)
			}
		}
	})
}

func BenchmarkActivation(b *testing.B) {
	x := nntest.Normal(nntest.Rand(1), 64*64*16*16)
	y := make([]float32, len(x))
	for _, a := range activations {
		b.Run(a.name, func(b *testing.B) {
			b.SetBytes(int64(8 * len(x)))
			for b.Loop() {
				a.forward(y, x, nil)
			}
		})
	}
}
