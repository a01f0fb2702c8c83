package nntest

// Conv is the geometry of a convolution; its fields are those of kernel.ConvShape, to which it converts.
type Conv struct {
	N, C, H, W      int
	Out, OH, OW     int
	KH, KW          int
	SH, SW          int
	PadTop, PadLeft int
	DH, DW          int
	Groups          int
}

// XLen, YLen and WLen are the numbers of values of the input, the result and the weights.
func (p Conv) XLen() int { return p.N * p.C * p.H * p.W }
func (p Conv) YLen() int { return p.N * p.Out * p.OH * p.OW }
func (p Conv) WLen() int { return p.Out * p.C / p.Groups * p.KH * p.KW }

// Each calls f for every product of the convolution: y[yi] += x[xi]·w[wi], oc being the output channel.
func (p Conv) Each(f func(yi, xi, wi, oc int)) {
	cg, og := p.C/p.Groups, p.Out/p.Groups
	for n := range p.N {
		for oc := range p.Out {
			for oy := range p.OH {
				for ox := range p.OW {
					for c := range cg {
						for ky := range p.KH {
							for kx := range p.KW {
								y, x := oy*p.SH+ky*p.DH-p.PadTop, ox*p.SW+kx*p.DW-p.PadLeft
								if y < 0 || y >= p.H || x < 0 || x >= p.W {
									continue
								}
								f(((n*p.Out+oc)*p.OH+oy)*p.OW+ox,
									((n*p.C+oc/og*cg+c)*p.H+y)*p.W+x,
									((oc*cg+c)*p.KH+ky)*p.KW+kx, oc)
							}
						}
					}
				}
			}
		}
	}
}

// Forward is the result; bias may be nil.
func (p Conv) Forward(x, w, bias []float32) []float32 {
	y := make([]float64, p.YLen())
	if bias != nil {
		for i := range y {
			y[i] = float64(bias[i/(p.OH*p.OW)%p.Out])
		}
	}
	p.Each(func(yi, xi, wi, _ int) { y[yi] += float64(x[xi]) * float64(w[wi]) })
	return narrow(y)
}

// BackwardInput is the gradient with respect to x.
func (p Conv) BackwardInput(dy, w []float32) []float32 {
	dx := make([]float64, p.XLen())
	p.Each(func(yi, xi, wi, _ int) { dx[xi] += float64(dy[yi]) * float64(w[wi]) })
	return narrow(dx)
}

// BackwardWeight is the gradient with respect to w and bias.
func (p Conv) BackwardWeight(dy, x []float32) (dw, db []float32) {
	w, b := make([]float64, p.WLen()), make([]float64, p.Out)
	p.Each(func(yi, xi, wi, _ int) { w[wi] += float64(dy[yi]) * float64(x[xi]) })
	for i, v := range dy {
		b[i/(p.OH*p.OW)%p.Out] += float64(v)
	}
	return narrow(w), narrow(b)
}

// MatMul is A·B for A m×k and B k×n, given as functions of row and column.
func MatMul(m, n, k int, a, b func(row, col int) float32) []float32 {
	c := make([]float64, m*n)
	for i := range m {
		for j := range n {
			for l := range k {
				c[i*n+j] += float64(a(i, l)) * float64(b(l, j))
			}
		}
	}
	return narrow(c)
}

// narrow rounds every value to float32.
func narrow(v []float64) []float32 {
	r := make([]float32, len(v))
	for i, x := range v {
		r[i] = float32(x)
	}
	return r
}
