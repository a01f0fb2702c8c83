package nntest

import (
	"math"
	"testing"
)

// Close fails unless every got[i] is within atol + rtol·|want[i]| of want[i]; NaN equals NaN and an infinity itself. It
// reports the first bad value and the worst difference.
func Close(t testing.TB, what string, got, want []float32, rtol, atol float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d values, want %d", what, len(got), len(want))
	}
	first, bad, worst := -1, 0, 0.0
	for i := range got {
		g, w := float64(got[i]), float64(want[i])
		if g == w || g != g && w != w {
			continue
		}
		d := math.Abs(g - w)
		if !(d <= atol+rtol*math.Abs(w)) || math.IsInf(w, 0) {
			if bad++; first < 0 {
				first = i
			}
			worst = max(worst, d)
		}
	}
	if bad > 0 {
		t.Fatalf("%s: %d of %d values differ, first [%d] = %g, want %g; worst difference %g",
			what, bad, len(got), first, got[first], want[first], worst)
	}
}

// Same fails unless got and want have the same bits; any NaN equals any other.
func Same(t testing.TB, what string, got, want []float32) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d values, want %d", what, len(got), len(want))
	}
	for i := range got {
		g, w := got[i], want[i]
		if math.Float32bits(g) != math.Float32bits(w) && !(g != g && w != w) {
			t.Fatalf("%s: [%d] = %g (%#08x), want %g (%#08x)", what, i, g, math.Float32bits(g), w, math.Float32bits(w))
		}
	}
}

// ULPs is the distance of got from the exact value want in units of the last place of float32 at want. It is 0 when both
// are NaN or got is want rounded, and infinite when only one is NaN or infinite.
func ULPs(got float32, want float64) float64 {
	w := float32(want)
	if got == w || got != got && want != want {
		return 0
	}
	if math.IsNaN(want) || got != got || math.IsInf(float64(got), 0) != math.IsInf(float64(w), 0) {
		return math.Inf(1)
	}
	next := math.Nextafter32(float32(math.Abs(float64(w))), float32(math.Inf(1)))
	ulp := float64(next) - math.Abs(float64(w))
	if math.IsInf(float64(next), 0) {
		ulp = 0x1p104
	}
	return math.Abs(float64(got)-want) / ulp
}

// Gradient fails unless grad is the derivative of loss at x. loss is evaluated at x with one value moved by ±step; x is
// restored. It checks at most limit values, spread evenly.
func Gradient(t testing.TB, what string, loss func() float64, x, grad []float32, step float32, tol float64, limit int) {
	t.Helper()
	if len(x) != len(grad) {
		t.Fatalf("%s: %d gradients of %d values", what, len(grad), len(x))
	}
	for i := 0; i < len(x); i += max(1, len(x)/limit) {
		old := x[i]
		hi, lo := old+step, old-step
		x[i] = hi
		up := loss()
		x[i] = lo
		down := loss()
		x[i] = old
		want := (up - down) / (float64(hi) - float64(lo))
		if d := math.Abs(float64(grad[i]) - want); !(d <= tol*(1+math.Abs(want))) {
			t.Fatalf("%s: gradient [%d] = %g, finite differences say %g", what, i, grad[i], want)
		}
	}
}
