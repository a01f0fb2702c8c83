package nntest

import "math"

// Pool is the geometry of a pooling layer; its fields are those of kernel.PoolShape, to which it converts.
type Pool struct {
	N, C, H, W      int
	OH, OW          int
	KH, KW          int
	SH, SW          int
	PadTop, PadLeft int
}

// windows calls f for every output yi and every input xi its window holds.
func (p Pool) windows(f func(yi, xi int)) {
	for i := range p.N * p.C {
		for oy := range p.OH {
			for ox := range p.OW {
				for ky := range p.KH {
					for kx := range p.KW {
						y, x := oy*p.SH+ky-p.PadTop, ox*p.SW+kx-p.PadLeft
						if y >= 0 && y < p.H && x >= 0 && x < p.W {
							f((i*p.OH+oy)*p.OW+ox, (i*p.H+y)*p.W+x)
						}
					}
				}
			}
		}
	}
}

// Max is the maximum of every window and the position of its first occurrence in x; NaN wins.
func (p Pool) Max(x []float32) (y []float32, at []int) {
	y, at = make([]float32, p.N*p.C*p.OH*p.OW), make([]int, p.N*p.C*p.OH*p.OW)
	for i := range at {
		at[i] = -1
	}
	p.windows(func(yi, xi int) {
		v, best := x[xi], y[yi]
		if at[yi] < 0 || best == best && (v > best || v != v) {
			y[yi], at[yi] = v, xi
		}
	})
	return y, at
}

// AvgWeight is the weight of each input in each output (outputs × inputs of one plane). With include the divisor counts
// the positions of the window that lie in the map extended by the padding on all sides.
func (p Pool) AvgWeight(include bool) [][]float64 {
	w := make([][]float64, p.OH*p.OW)
	for i := range w {
		w[i] = make([]float64, p.H*p.W)
	}
	one := p
	one.N, one.C = 1, 1
	count := make([]float64, len(w))
	one.windows(func(yi, xi int) { w[yi][xi] = 1; count[yi]++ })
	for i := range w {
		if include {
			count[i] = 0
			for ky := range p.KH {
				for kx := range p.KW {
					if i/p.OW*p.SH+ky < p.H+2*p.PadTop && i%p.OW*p.SW+kx < p.W+2*p.PadLeft {
						count[i]++
					}
				}
			}
		}
		for j := range w[i] {
			w[i][j] /= count[i]
		}
	}
	return w
}

// Apply computes, for each of n planes, y = w·x.
func Apply(w [][]float64, x []float32, n int) []float32 {
	in := len(x) / n
	y := make([]float64, 0, n*len(w))
	for p := range n {
		for _, row := range w {
			var s float64
			for j, v := range row {
				if v != 0 {
					s += v * float64(x[p*in+j])
				}
			}
			y = append(y, s)
		}
	}
	return narrow(y)
}

// ApplyTransposed computes, for each of n planes, x = wᵀ·y: the gradient of Apply.
func ApplyTransposed(w [][]float64, dy []float32, n int) []float32 {
	in := len(w[0])
	x := make([]float64, n*in)
	for p := range n {
		for i, row := range w {
			for j, v := range row {
				x[p*in+j] += v * float64(dy[p*len(w)+i])
			}
		}
	}
	return narrow(x)
}

// BatchNorm normalises every channel of x (n×c×hw) and returns the statistics; variance is biased.
func BatchNorm(x, gamma, beta []float32, eps float64, n, c, hw int) (y, mean, variance []float32) {
	out, m, v := make([]float64, len(x)), make([]float64, c), make([]float64, c)
	each := func(f func(i, ch int)) {
		for i := range x {
			f(i, i/hw%c)
		}
	}
	count := float64(n * hw)
	each(func(i, ch int) { m[ch] += float64(x[i]) / count })
	each(func(i, ch int) { d := float64(x[i]) - m[ch]; v[ch] += d * d / count })
	each(func(i, ch int) {
		out[i] = float64(gamma[ch])*(float64(x[i])-m[ch])/math.Sqrt(v[ch]+eps) + float64(beta[ch])
	})
	return narrow(out), narrow(m), narrow(v)
}

// LRN is local response normalisation with factor a over the channels c−size/2 … c+(size−1)/2.
func LRN(x []float32, a, beta, k float64, size, n, c, hw int) []float32 {
	y := make([]float64, len(x))
	for i := range x {
		img, ch, p := i/(c*hw), i/hw%c, i%hw
		d := k
		for j := ch - size/2; j <= ch+(size-1)/2; j++ {
			if j >= 0 && j < c {
				v := float64(x[(img*c+j)*hw+p])
				d += a * v * v
			}
		}
		y[i] = float64(x[i]) * math.Pow(d, -beta)
	}
	return narrow(y)
}

// Weighted is the sum of y·w: the loss whose gradient with respect to y is w.
func Weighted(y, w []float32) float64 {
	var s float64
	for i, v := range y {
		s += float64(v) * float64(w[i])
	}
	return s
}
