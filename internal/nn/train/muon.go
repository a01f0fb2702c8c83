package train

import (
	"math"
	"slices"

	"stride/internal/nn"
	"stride/internal/nn/kernel"
)

// muonMomentum is the momentum of Muon, muonScale what makes its step about as long as AdamW's for the same rate (Liu et al.
// 2025, arXiv:2502.16982, §2.2).
const muonMomentum, muonScale = 0.95, 0.2

// muonSteps and muonPoly are the Newton–Schulz iteration X ← aX + b(XXᵀ)X + c(XXᵀ)²X, which drives all singular values of a
// matrix towards 1 (K. Jordan, "Muon: an optimizer for hidden layers in neural networks", 2024).
const muonSteps = 5

var muonPoly = [3]float32{3.4445, -4.7750, 2.0315}

// orthogonal reports whether Muon updates a weight of n as a matrix: hidden layers that mix channels. The first convolution,
// depthwise filters, the classifiers and everything with one dimension take AdamW's step.
func (r Recipe) orthogonal(g *nn.Graph, n *nn.Node, p nn.ParamSpec) bool {
	if r.Optimizer != Muon || n == firstConv(g) || n == g.Output || slices.Contains(g.AuxOutputs, n) {
		return false
	}
	return p.Role == nn.LinearWeight || p.Role == nn.ConvWeight && p.Dims[1] > 1
}

// muonWork is the scratch of one update; units of a step run in parallel.
type muonWork struct{ x, y, a, b []float32 }

// muon takes a step along the nearest matrix with equal singular values to the momentum, Out×(In·KH·KW).
func (t *Trainer) muon(p *param, rate, scale float64) {
	const mu = float32(muonMomentum)
	s, n := float32(scale), len(p.w)/p.rows
	if p.work == nil {
		m := min(p.rows, n)
		p.work = &muonWork{make([]float32, len(p.w)), make([]float32, len(p.w)), make([]float32, m*m), make([]float32, m*m)}
	}
	x := p.work.x
	for i, g := range p.grad {
		g *= s
		m := float32(mu*p.m[i]) + g
		p.m[i] = m
		x[i] = g + float32(mu*m) // Nesterov's look ahead
	}
	x = p.work.orthogonalize(p.rows, n)
	step := float32(rate * muonScale * math.Sqrt(float64(max(p.rows, n))))
	keep := float32(1 - rate*p.decay)
	for i, v := range x {
		p.w[i] = float32(p.w[i]*keep) - float32(step*v)
	}
}

// orthogonalize iterates on w.x, rows×n, and returns the result, which is in w.x or w.y.
func (w *muonWork) orthogonalize(rows, n int) []float32 {
	sum := 0.0
	for _, v := range w.x {
		sum += float64(v) * float64(v)
	}
	inv := float32(1 / (math.Sqrt(sum) + 1e-7))
	for i := range w.x {
		w.x[i] *= inv
	}
	a, b, c := muonPoly[0], muonPoly[1], muonPoly[2]
	m, tall := min(rows, n), rows > n
	for range muonSteps {
		// A is the smaller of XXᵀ and XᵀX, both m×m.
		if tall {
			kernel.Gemm(w.a, w.x, w.x, kernel.GemmShape{M: m, N: m, K: rows, TransA: true}, nil)
		} else {
			kernel.Gemm(w.a, w.x, w.x, kernel.GemmShape{M: m, N: m, K: n, TransB: true}, nil)
		}
		kernel.Gemm(w.b, w.a, w.a, kernel.GemmShape{M: m, N: m, K: m}, nil)
		for i, v := range w.a {
			w.b[i] = float32(b*v) + float32(c*w.b[i])
		}
		for i := range m {
			w.b[i*m+i] += a
		}
		if tall {
			kernel.Gemm(w.y, w.x, w.b, kernel.GemmShape{M: rows, N: m, K: m}, nil)
		} else {
			kernel.Gemm(w.y, w.b, w.x, kernel.GemmShape{M: m, N: n, K: m}, nil)
		}
		w.x, w.y = w.y, w.x
	}
	return w.x
}
