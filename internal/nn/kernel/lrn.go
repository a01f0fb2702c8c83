package kernel

import "math"

// LRNShape describes local response normalisation across channels (AlexNet, section 3.3): y = x·d^−Beta with
// d = K + a·Σ x², the sum over the channels c − Size/2 … c + (Size−1)/2 that exist (PyTorch's window).
//
// The paper and the original code disagree about a: PlainAlpha takes a = Alpha, as the paper writes it; otherwise
// a = Alpha/Size, as in Caffe and PyTorch.
type LRNShape struct {
	N, C, HW       int
	Size           int
	Alpha, Beta, K float64
	PlainAlpha     bool
}

func (s *LRNShape) check(op string, y, x []float32) {
	checkAtLeast(op, "Size", s.Size, 1)
	checkLen(op, "x", len(x), s.N*s.C*s.HW, "N*C*HW")
	checkSame(op, "y", len(y), "x", len(x))
}

// factor is a of the formula.
func (s *LRNShape) factor() float64 {
	if s.PlainAlpha {
		return s.Alpha
	}
	return s.Alpha / float64(s.Size)
}

// power is d^−Beta. The exponent of every published network is three quarters, which two square roots give.
func (s *LRNShape) power(d float32) float32 {
	if s.Beta == 0.75 {
		root := math.Sqrt(float64(d))
		return float32(1 / (root * math.Sqrt(root)))
	}
	return float32(math.Pow(float64(d), -s.Beta))
}

// LRN computes y of LRNShape. dst does not overlap x.
func LRN(dst, x []float32, s LRNShape, ws Workers) {
	s.check("LRN", dst, x)
	parallel(ws, s.N*s.C, func(ws Workers, worker, unit int) {
		n, c := unit/s.C, unit%s.C
		d := ws.Scratch(worker, s.HW)
		s.denominators(d, x[n*s.C*s.HW:(n+1)*s.C*s.HW], c)
		at := unit * s.HW
		for i, v := range x[at : at+s.HW] {
			dst[at+i] = v * s.power(d[i])
		}
	})
}

// denominators fills d with the values d of channel c; image is C×HW.
func (s *LRNShape) denominators(d, image []float32, c int) {
	a := float32(s.factor())
	Fill(d, float32(s.K))
	for j := max(c-s.Size/2, 0); j < min(c+(s.Size-1)/2+1, s.C); j++ {
		for i, v := range image[j*s.HW : (j+1)*s.HW] {
			d[i] += a * v * v
		}
	}
}

// LRNBackward adds to dx the gradient of LRN: dx_c = dy_c·d_c^−Beta − 2·a·Beta·x_c·Σ dy_j·x_j·d_j^(−Beta−1), the sum over
// the channels j whose window holds c.
func LRNBackward(dx, dy, x []float32, s LRNShape, ws Workers) {
	s.check("LRNBackward", dy, x)
	checkSame("LRNBackward", "dx", len(dx), "x", len(x))
	k := float32(2 * s.factor() * s.Beta)
	parallel(ws, s.N, func(ws Workers, worker, n int) {
		d := ws.Scratch(worker, 2*s.HW)
		d, back := d[:s.HW], d[s.HW:]
		image := x[n*s.C*s.HW : (n+1)*s.C*s.HW]
		grad := dx[n*s.C*s.HW : (n+1)*s.C*s.HW]
		for j := range s.C {
			at := (n*s.C + j) * s.HW
			s.denominators(d, image, j)
			for i, v := range d {
				g := dy[at+i] * s.power(v)
				grad[j*s.HW+i] += g
				back[i] = k * g * x[at+i] / v
			}
			for c := max(j-s.Size/2, 0); c < min(j+(s.Size-1)/2+1, s.C); c++ {
				for i, v := range image[c*s.HW : (c+1)*s.HW] {
					grad[c*s.HW+i] -= v * back[i]
				}
			}
		}
	})
}
