package kernel

import (
	"fmt"
	"testing"

	"stride/internal/nn/nntest"
)

func TestGemm(t *testing.T) {
	team := NewTeam(3)
	defer team.Close()
	eachImplementation(t, func(t *testing.T) {
		r := nntest.Rand(7)
		for i := range 200 {
			s := GemmShape{M: 1 + r.IntN(60), N: 1 + r.IntN(131), K: r.IntN(90),
				TransA: r.IntN(2) == 0, TransB: r.IntN(2) == 0, Add: r.IntN(2) == 0}
			switch {
			case i%40 == 0:
				s.K += 700 // several blocks
			case i%41 == 0:
				s.N += 500
			}
			a, b := nntest.Normal(r, s.M*s.K), nntest.Normal(r, s.K*s.N)
			c, intact := nntest.Guarded(s.M*s.N, i%8)
			Fill(c, 5)
			Gemm(c, nntest.At(a, i%7), nntest.At(b, i%5), s, team)
			want := nntest.MatMul(s.M, s.N, s.K, func(row, col int) float32 {
				if s.TransA {
					return a[col*s.M+row]
				}
				return a[row*s.K+col]
			}, func(row, col int) float32 {
				if s.TransB {
					return b[col*s.K+row]
				}
				return b[row*s.N+col]
			})
			if s.Add {
				addTo(want, 5)
			}
			nntest.Close(t, fmt.Sprintf("Gemm %+v", s), c, want, 1e-5, 1e-6*float64(10+s.K))
			if !intact() {
				t.Fatalf("Gemm %+v writes outside c", s)
			}
		}
	})
}

func TestGemmSameBytesForAnyThreads(t *testing.T) {
	eachImplementation(t, func(t *testing.T) {
		r := nntest.Rand(8)
		for _, s := range []GemmShape{{M: 200, N: 77, K: 500}, {M: 5, N: 900, K: 33, TransB: true}, {M: 130, N: 40, K: 64, TransA: true}} {
			a, b := nntest.Normal(r, s.M*s.K), nntest.Normal(r, s.K*s.N)
			var first []float32
			for _, threads := range teamSizes {
				team := NewTeam(threads)
				c := make([]float32, s.M*s.N)
				Gemm(c, a, b, s, team)
				team.Close()
				if first == nil {
					first = c
				}
				nntest.Same(t, fmt.Sprintf("%+v with %d threads", s, threads), c, first)
			}
		}
	})
}

func TestLinear(t *testing.T) {
	team := NewTeam(2)
	defer team.Close()
	eachImplementation(t, func(t *testing.T) {
		r := nntest.Rand(9)
		for i := range 60 {
			n, in, out := 1+r.IntN(20), 1+r.IntN(150), 1+r.IntN(130)
			if i%10 == 0 {
				n, in = 1+i%20, 900
			}
			x, w, b, dy := nntest.Normal(r, n*in), nntest.Normal(r, out*in), nntest.Normal(r, out), nntest.Normal(r, n*out)
			xAt := func(i, k int) float32 { return x[i*in+k] }
			y, intact := nntest.Guarded(n*out, i%8)
			Linear(y, nntest.At(x, i%5), nntest.At(w, i%7), b, n, in, out, team)
			want := nntest.MatMul(n, out, in, xAt, func(k, o int) float32 { return w[o*in+k] })
			for i := range want {
				want[i] += b[i%out]
			}
			name := fmt.Sprintf("n %d, in %d, out %d", n, in, out)
			nntest.Close(t, "Linear "+name, y, want, 1e-5, 1e-6*float64(10+in))
			if !intact() {
				t.Fatalf("Linear %s writes outside dst", name)
			}

			dx, dw, db := make([]float32, n*in), make([]float32, out*in), make([]float32, out)
			LinearBackwardInput(dx, dy, w, n, in, out, team)
			LinearBackwardWeight(dw, db, dy, x, n, in, out, team)
			dyAt := func(i, o int) float32 { return dy[i*out+o] }
			nntest.Close(t, "dx "+name, dx, nntest.MatMul(n, in, out, dyAt, func(o, k int) float32 { return w[o*in+k] }), 1e-5, 1e-4)
			nntest.Close(t, "dw "+name, dw, nntest.MatMul(out, in, n, func(o, i int) float32 { return dyAt(i, o) }, xAt), 1e-5, 1e-4)
			nntest.Close(t, "db "+name, db, nntest.MatMul(1, out, n, func(_, _ int) float32 { return 1 }, dyAt), 1e-5, 1e-4)
		}
	})
}
