package kernel

import (
	"fmt"
	"math"
	"testing"

	"stride/internal/nn/nntest"
)

func TestBatchNormInference(t *testing.T) {
	eachImplementation(t, func(t *testing.T) {
		r := nntest.Rand(1)
		n, c, hw := 2, 5, 37
		x := nntest.Normal(r, n*c*hw)
		gamma, beta, mean := nntest.Normal(r, c), nntest.Normal(r, c), nntest.Normal(r, c)
		variance := []float32{0.5, 2, 1e-3, 7, 0}
		scale, shift := make([]float32, c), make([]float32, c)
		BatchNormFold(scale, shift, gamma, beta, mean, variance, 1e-3)
		y, want := make([]float32, len(x)), make([]float32, len(x))
		for i, v := range x {
			ch := i / hw % c
			want[i] = float32(float64(gamma[ch])*(float64(v)-float64(mean[ch]))/math.Sqrt(float64(variance[ch])+1e-3) + float64(beta[ch]))
		}
		BatchNormInference(y, x, scale, shift, n, c, hw, nil)
		nntest.Close(t, "BatchNormInference", y, want, 1e-5, 1e-5)
		copy(y, x)
		BatchNormInference(y, y, scale, shift, n, c, hw, nil)
		nntest.Close(t, "BatchNormInference in place", y, want, 1e-5, 1e-5)
	})
}

func TestBatchNormTrain(t *testing.T) {
	team := NewTeam(2)
	defer team.Close()
	const eps = 1e-5
	eachImplementation(t, func(t *testing.T) {
		r := nntest.Rand(2)
		for _, d := range [][4]int{{4, 3, 25, 0}, {1, 2, 300, 1000}, {8, 1, 1, 0}, {3, 20, 256, 5}} {
			n, c, hw, offset := d[0], d[1], d[2], float32(d[3])
			x := nntest.Normal(r, n*c*hw)
			addTo(x, offset) // a large mean must not cost the variance its accuracy
			gamma, beta := nntest.Normal(r, c), nntest.Normal(r, c)
			y, mean, variance := make([]float32, len(x)), make([]float32, c), make([]float32, c)
			BatchNormTrain(y, mean, variance, x, gamma, beta, eps, n, c, hw, team)
			wantY, wantMean, wantVar := nntest.BatchNorm(x, gamma, beta, eps, n, c, hw)
			nntest.Close(t, "mean", mean, wantMean, 1e-6, 1e-6)
			nntest.Close(t, "variance", variance, wantVar, 1e-5, 1e-7)
			nntest.Close(t, "y", y, wantY, 1e-5, 1e-5+3e-7*float64(offset))
		}
	})
}

// The mean is rounded to float32 before the second pass; far from zero that alone would cost the variance a percent.
func TestBatchNormVarianceFarFromZero(t *testing.T) {
	eachImplementation(t, func(t *testing.T) {
		x := nntest.Normal(nntest.Rand(6), 1000)
		for i := range x {
			x[i] = 30000 + 0.01*x[i]
		}
		y, mean, variance := make([]float32, len(x)), make([]float32, 1), make([]float32, 1)
		BatchNormTrain(y, mean, variance, x, nil, nil, 1e-5, 1, 1, len(x), nil)
		_, _, want := nntest.BatchNorm(x, []float32{1}, []float32{0}, 1e-5, 1, 1, len(x))
		nntest.Close(t, "variance", variance, want, 1e-5, 0)
	})
}

func TestBatchNormBackward(t *testing.T) {
	const eps = 1e-3
	eachImplementation(t, func(t *testing.T) {
		r := nntest.Rand(3)
		n, c, hw := 3, 4, 21
		x, w := nntest.Normal(r, n*c*hw), nntest.Normal(r, n*c*hw)
		gamma, beta := nntest.Normal(r, c), nntest.Normal(r, c)
		y, mean, variance := make([]float32, len(x)), make([]float32, c), make([]float32, c)
		BatchNormTrain(y, mean, variance, x, gamma, beta, eps, n, c, hw, nil)
		dx, dgamma, dbeta := make([]float32, len(x)), make([]float32, c), make([]float32, c)
		BatchNormBackward(dx, dgamma, dbeta, w, x, gamma, mean, variance, eps, n, c, hw, nil)
		loss := func() float64 {
			y, _, _ := nntest.BatchNorm(x, gamma, beta, eps, n, c, hw)
			return nntest.Weighted(y, w)
		}
		nntest.Gradient(t, "dx", loss, x, dx, 1e-3, 1e-3, 100)
		nntest.Gradient(t, "dgamma", loss, gamma, dgamma, 1e-2, 1e-3, 100)
		nntest.Gradient(t, "dbeta", loss, beta, dbeta, 1e-2, 1e-3, 100)
		BatchNormBackward(nil, nil, nil, w, x, nil, mean, variance, eps, n, c, hw, nil)
		twice := append([]float32(nil), dx...)
		BatchNormBackward(twice, nil, nil, w, x, gamma, mean, variance, eps, n, c, hw, nil)
		for i := range dx {
			dx[i] *= 2
		}
		nntest.Close(t, "added dx", twice, dx, 1e-6, 1e-7)
	})
}

func TestBatchNormSameBytesForAnyThreads(t *testing.T) {
	eachImplementation(t, func(t *testing.T) {
		r := nntest.Rand(4)
		n, c, hw := 8, 24, 256
		x, dy := nntest.Normal(r, n*c*hw), nntest.Normal(r, n*c*hw)
		var first []float32
		for _, threads := range teamSizes {
			team := NewTeam(threads)
			out := make([]float32, 2*len(x)+2*c)
			y, dx, mean, variance := out[:len(x)], out[len(x):2*len(x)], out[2*len(x):][:c], out[2*len(x)+c:]
			BatchNormTrain(y, mean, variance, x, nil, nil, 1e-5, n, c, hw, team)
			BatchNormBackward(dx, nil, nil, dy, x, nil, mean, variance, 1e-5, n, c, hw, team)
			team.Close()
			if first == nil {
				first = out
			}
			nntest.Same(t, fmt.Sprintf("%d threads", threads), out, first)
		}
	})
}

func TestLRN(t *testing.T) {
	team := NewTeam(2)
	defer team.Close()
	eachImplementation(t, func(t *testing.T) {
		r := nntest.Rand(5)
		for _, s := range []LRNShape{
			{N: 2, C: 9, HW: 13, Size: 5, Alpha: 1e-1, Beta: 0.75, K: 2},
			{N: 1, C: 3, HW: 20, Size: 5, Alpha: 0.3, Beta: 0.75, K: 1, PlainAlpha: true},
			{N: 1, C: 6, HW: 17, Size: 4, Alpha: 0.5, Beta: 0.5, K: 1},
			{N: 1, C: 2, HW: 3, Size: 1, Alpha: 1, Beta: 1, K: 0.5},
		} {
			a := s.Alpha
			if !s.PlainAlpha {
				a /= float64(s.Size)
			}
			n := s.N * s.C * s.HW
			x, w := nntest.Normal(r, n), nntest.Normal(r, n)
			ref := func() []float32 { return nntest.LRN(x, a, s.Beta, s.K, s.Size, s.N, s.C, s.HW) }
			y, dx := make([]float32, n), make([]float32, n)
			LRN(y, x, s, team)
			nntest.Close(t, fmt.Sprintf("LRN %+v", s), y, ref(), 1e-5, 1e-6)
			LRNBackward(dx, w, x, s, team)
			nntest.Gradient(t, fmt.Sprintf("LRNBackward %+v", s), func() float64 { return nntest.Weighted(ref(), w) }, x, dx, 1e-2, 2e-3, 60)
		}
	})
}

func BenchmarkBatchNorm(b *testing.B) {
	n, c, hw := 64, 64, 256
	r := nntest.Rand(1)
	x, dy := nntest.Normal(r, n*c*hw), nntest.Normal(r, n*c*hw)
	y, dx, mean, variance := make([]float32, len(x)), make([]float32, len(x)), make([]float32, c), make([]float32, c)
	b.Run("forward", func(b *testing.B) {
		b.SetBytes(int64(8 * len(x)))
		for b.Loop() {
			BatchNormTrain(y, mean, variance, x, nil, nil, 1e-5, n, c, hw, nil)
		}
	})
	b.Run("backward", func(b *testing.B) {
		b.SetBytes(int64(16 * len(x)))
		for b.Loop() {
			BatchNormBackward(dx, nil, nil, dy, x, nil, mean, variance, 1e-5, n, c, hw, nil)
		}
	})
}
