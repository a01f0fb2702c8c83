package analyze

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"stride/internal/nn"
)

// ContractOf is the contract of a real convolution. ok is false for other nodes, and for convolutions that keep no contract
// of this package: in groups, with a stride or a dilation, not square, of one pixel, or changing the size of their map.
func ContractOf(n *nn.Node) (c Contract, ok bool) {
	g, conv := n.Op.(interface{ GroupCount() int })
	if !conv || g.GroupCount() != 1 || len(n.In) != 1 {
		return Contract{}, false
	}
	w, in, out := n.Window(), n.In[0].Shape, n.Shape
	if w.KH != w.KW || w.KH < 2 || w.SH != 1 || w.SW != 1 || w.DH != 1 || w.DW != 1 || in.H != out.H || in.W != out.W || out.H != out.W {
		return Contract{}, false
	}
	_, bias := has(n, nn.Bias)
	return Contract{In: in.C, Out: out.C, Kernel: w.KH, Size: out.H, Bias: bias}, true
}

// LowRank is the weight of a convolution, N×C×k×k, as a sum of rank-one parts, the strongest first. The weight is read as a
// matrix of N·k² rows and C columns: the row of a filter and a place of its kernel, the column of an input channel. Cutting
// the sum off after m parts gives the closest matrix of rank m (Eckart and Young 1936), and a matrix of rank m is a 1×1
// convolution from C to m channels followed by a k×k convolution from m to N: a bottleneck without an activation
// (Denton et al. 2014, arXiv:1404.0736, §3).
//
// Arithmetic is in float64. A LowRank keeps the weight's slice and C² numbers; it is safe for concurrent use.
type LowRank struct {
	out, in, area int
	w             []float32
	s             []float64
	v             *mat.Dense // C×rank: column j is the mix of input channels that part j reads
}

// NewLowRank decomposes the weight w of a convolution, N×C×k×k in row-major order, which is kept and must not change. It is
// an error when w holds a value that is no finite number. It panics when len(w) is not the product of the dimensions.
func NewLowRank(w []float32, out, in, kernel int) (*LowRank, error) {
	area := kernel * kernel
	if len(w) != out*in*area || len(w) == 0 {
		panic(fmt.Sprintf("analyze: NewLowRank: len(w) = %d, want %d·%d·%d·%d", len(w), out, in, kernel, kernel))
	}
	for i, v := range w {
		if x := float64(v); math.IsNaN(x) || math.IsInf(x, 0) {
			return nil, fmt.Errorf("analyze: weight %d is %g: only finite weights can be decomposed", i, x)
		}
	}
	l := &LowRank{out: out, in: in, area: area, w: w, v: &mat.Dense{}}
	var d mat.SVD
	if !d.Factorize(l.matrix(), mat.SVDThinV) {
		return nil, fmt.Errorf("analyze: the singular value decomposition of a %d×%d matrix did not converge", out*area, in)
	}
	l.s = d.Values(nil)
	d.VTo(l.v)
	return l, nil
}

// matrix is the weight with a row per filter and place, a column per input channel.
func (l *LowRank) matrix() *mat.Dense {
	m := mat.NewDense(l.out*l.area, l.in, nil)
	for oc := range l.out {
		for ic := range l.in {
			for p := range l.area {
				m.Set(oc*l.area+p, ic, float64(l.w[(oc*l.in+ic)*l.area+p]))
			}
		}
	}
	return m
}

// Rank is the number of parts: all of them together are the layer. It is C, or N·k² where that is fewer.
func (l *LowRank) Rank() int { return len(l.s) }

// Values are the singular values, the largest first: what each part adds to the length of the weight.
func (l *LowRank) Values() []float64 { return l.s }

// Error is the relative Frobenius error of the best approximation of rank m: the root of the share that the dropped parts
// have in the sum of the squared weights. It falls from 1 at rank 0 to 0 at full rank. The error of weights that are all
// zero is 0.
func (l *LowRank) Error(m int) float64 {
	var all, dropped float64
	for j := len(l.s) - 1; j >= 0; j-- { // the smallest first: they must not get lost
		all += l.s[j] * l.s[j]
		if j >= m {
			dropped = all
		}
	}
	if all == 0 {
		return 0
	}
	return math.Sqrt(dropped / all)
}

// Factors are the two convolutions of rank m, 1 ≤ m ≤ Rank: reduce is m×C×1×1 with rows of length 1, filter N×m×k×k.
func (l *LowRank) Factors(m int) (reduce, filter []float32) {
	v := l.leading(m)
	reduce, filter = make([]float32, m*l.in), make([]float32, l.out*m*l.area)
	for j := range m {
		for ic := range l.in {
			reduce[j*l.in+ic] = float32(v.At(ic, j))
		}
	}
	var f mat.Dense // W·V: the singular vectors on the other side, each as long as its singular value
	f.Mul(l.matrix(), v)
	for oc := range l.out {
		for j := range m {
			for p := range l.area {
				filter[(oc*m+j)*l.area+p] = float32(f.At(oc*l.area+p, j))
			}
		}
	}
	return reduce, filter
}

// Weights is the product of the factors of rank m, 1 ≤ m ≤ Rank, as one convolution's weight, N×C×k×k: with nothing between
// them the two convolutions and this one are the same function.
func (l *LowRank) Weights(m int) []float32 {
	v := l.leading(m)
	var f, p mat.Dense
	f.Mul(l.matrix(), v)
	p.Mul(&f, v.T())
	w := make([]float32, len(l.w))
	for oc := range l.out {
		for ic := range l.in {
			for a := range l.area {
				w[(oc*l.in+ic)*l.area+a] = float32(p.At(oc*l.area+a, ic))
			}
		}
	}
	return w
}

// leading is the first m columns of V.
func (l *LowRank) leading(m int) mat.Matrix {
	if m < 1 || m > len(l.s) {
		panic(fmt.Sprintf("analyze: LowRank: rank %d, want 1 … %d", m, len(l.s)))
	}
	return l.v.Slice(0, l.in, 0, m)
}
