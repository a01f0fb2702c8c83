package drawings

import "math"

// hueRotation returns the colour matrix that turns the hue by an angle in the chroma plane of YIQ, so that luminance stays,
// and multiplies the chroma by saturation. Rows are red, green, blue.
func hueRotation(angle, saturation float64) (m [9]float32) {
	toYIQ := [3][3]float64{{.299, .587, .114}, {.596, -.274, -.322}, {.211, -.523, .312}}
	toRGB := [3][3]float64{{1, .956, .621}, {1, -.272, -.647}, {1, -1.106, 1.703}}
	sin, cos := math.Sincos(angle)
	sin, cos = sin*saturation, cos*saturation
	turn := [3][3]float64{{1, 0, 0}, {0, cos, -sin}, {0, sin, cos}}
	for i := range 3 {
		for j := range 3 {
			var sum float64
			for k := range 3 {
				for l := range 3 {
					sum += toRGB[i][k] * turn[k][l] * toYIQ[l][j]
				}
			}
			m[i*3+j] = float32(sum)
		}
	}
	return m
}

// mixColours applies a colour matrix to every pixel of p; a pixel takes step values, its colours the first three.
func mixColours(p []float32, step int, m [9]float32) {
	for i := 0; i+2 < len(p); i += step {
		r, g, b := p[i], p[i+1], p[i+2]
		p[i] = m[0]*r + m[1]*g + m[2]*b
		p[i+1] = m[3]*r + m[4]*g + m[5]*b
		p[i+2] = m[6]*r + m[7]*g + m[8]*b
	}
}

func luminance(p []float32) float32 { return .299*p[0] + .587*p[1] + .114*p[2] }

// clampUnit limits the colours to 0…1.
func clampUnit(p []float32) {
	for i, v := range p {
		p[i] = min(max(v, 0), 1)
	}
}

// blur is a Gaussian filter of a side×side×parts picture, the edges being mirrors. tmp has the size of p.
func blur(p, tmp []float32, side, parts int, sigma float64) {
	radius := int(math.Ceil(2.5 * sigma))
	kernel := make([]float32, radius+1)
	total := float64(0)
	for i := range kernel {
		w := math.Exp(-float64(i*i) / (2 * sigma * sigma))
		kernel[i] = float32(w)
		total += w
		if i > 0 {
			total += w
		}
	}
	for i := range kernel {
		kernel[i] /= float32(total)
	}
	convolveLines(tmp, p, side, parts, side*parts, kernel)
	convolveLines(p, tmp, side, side*parts, parts, kernel)
}

// convolveLines filters along one direction with a symmetric kernel given from its centre on. Neighbours along the line are
// step values apart; lines start every line values.
func convolveLines(dst, src []float32, side, step, line int, kernel []float32) {
	parts := min(step, line)
	for l := range side {
		for i := range side {
			at := l*line + i*step
			d, s := dst[at:][:parts], src[at:][:parts]
			for c := range d {
				d[c] = kernel[0] * s[c]
			}
			inside := i >= len(kernel)-1 && i+len(kernel) <= side
			for k := 1; k < len(kernel); k++ {
				lo, hi := at-k*step, at+k*step
				if !inside {
					lo, hi = l*line+mirror(i-k, side)*step, l*line+mirror(i+k, side)*step
				}
				w := kernel[k]
				for c := range d {
					d[c] += w * (src[lo+c] + src[hi+c])
				}
			}
		}
	}
}

// powers is a table of x^gamma over 0…1, read by linear interpolation: a power per component would take most of the time.
type powers [257]float32

func newPowers(gamma float64) *powers {
	var t powers
	for i := range t {
		t[i] = float32(math.Pow(float64(i)/256, gamma))
	}
	return &t
}

func (t *powers) at(x float32) float32 {
	x = min(max(x, 0), 1) * 256
	i := min(int(x), 255)
	f := x - float32(i)
	return t[i] + f*(t[i+1]-t[i])
}

// smoothNoise fills dst (side×side) with values of about 0…1 that vary smoothly: random values at cells×cells points,
// cubic interpolation between them.
func smoothNoise(dst []float32, side, cells int, d dice) {
	n := cells + 3
	grid := make([]float32, n*n)
	for i := range grid {
		grid[i] = d.Float32()
	}
	weights := make([][4]float32, side)
	cell := make([]int, side)
	for i := range weights {
		u := (float64(i) + .5) / float64(side) * float64(cells)
		cell[i] = int(u)
		t := float32(u - math.Floor(u))
		s := 1 - t // cubic B-spline: smooth, no overshoot
		weights[i] = [4]float32{s * s * s / 6, (4 - 6*t*t + 3*t*t*t) / 6, (4 - 6*s*s + 3*s*s*s) / 6, t * t * t / 6}
	}
	row := make([]float32, n)
	for y := range side {
		w := weights[y]
		for x := range row {
			g := grid[cell[y]*n+x:]
			row[x] = w[0]*g[0] + w[1]*g[n] + w[2]*g[2*n] + w[3]*g[3*n]
		}
		for x := range side {
			v, r := weights[x], row[cell[x]:]
			sum := v[0]*r[0] + v[1]*r[1] + v[2]*r[2] + v[3]*r[3]
			dst[y*side+x] = min(max(.5+1.8*(sum-.5), 0), 1) // the spline narrows the range
		}
	}
}

// randomConvolution replaces p by a mixture of itself and its convolution with a random 3→3 kernel, whose mean and deviation
// per component are set to those of p: edges and areas stay, texture and colour change (Lee et al., ICLR 2020; Xu et al.,
// ICLR 2021). The kernel's neighbours are reach pixels apart.
func randomConvolution(p, tmp []float32, side int, d dice, reach int) {
	k := 2*d.IntN(3) + 1
	kernel := make([]float32, k*k*9)
	for i := range kernel {
		kernel[i] = float32(d.normal(1 / math.Sqrt(float64(9*k*k))))
	}
	share := float32(d.uniform(.05, .5))
	for y := range side {
		for x := range side {
			var sum [3]float32
			at := 0
			for ky := range k {
				row := mirror(y+(ky-k/2)*reach, side) * side
				for kx := range k {
					s := p[(row+mirror(x+(kx-k/2)*reach, side))*3:][:3]
					w := kernel[at:][:9]
					sum[0] += w[0]*s[0] + w[1]*s[1] + w[2]*s[2]
					sum[1] += w[3]*s[0] + w[4]*s[1] + w[5]*s[2]
					sum[2] += w[6]*s[0] + w[7]*s[1] + w[8]*s[2]
					at += 9
				}
			}
			copy(tmp[(y*side+x)*3:], sum[:])
		}
	}
	for c := range 3 {
		mp, sp := moments(p, c)
		mt, st := moments(tmp, c)
		scale := sp / max(st, 1e-6)
		for i := c; i < len(p); i += 3 {
			p[i] += share * ((tmp[i]-mt)*scale + mp - p[i])
		}
	}
}

// moments returns the mean and the standard deviation of component c.
func moments(p []float32, c int) (mean, deviation float32) {
	var sum, squares float64
	for i := c; i < len(p); i += 3 {
		sum += float64(p[i])
		squares += float64(p[i]) * float64(p[i])
	}
	n := float64(len(p) / 3)
	m := sum / n
	return float32(m), float32(math.Sqrt(max(squares/n-m*m, 0)))
}
