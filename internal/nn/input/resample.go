package input

import (
	"fmt"
	"image"
	"math"
)

// Filter is the interpolation of Resize. Both are antialiased: going down, the kernel widens with the scale.
type Filter string

const (
	Bilinear Filter = "bilinear"
	Bicubic  Filter = "bicubic" // a = −0.5, as in Pillow; OpenCV and PyTorch's own resize use −0.75
)

// Resize is src at w×h pixels, equal to Pillow's resize to the last bit: two passes, horizontal then vertical, 8 bits
// between them, weights with 22 fractional bits. src itself is returned when the size does not change. It panics when a
// side is below 1 or the filter is unknown.
func Resize(src *RGB, w, h int, f Filter) *RGB {
	if w == src.W && h == src.H {
		return src
	}
	return &RGB{w, h, resample(raster{src.W, src.H, 3, src.Pix}, w, h, image.Rect(0, 0, w, h), f)}
}

// ResizeGray is Resize for one channel.
func ResizeGray(src *Gray, w, h int, f Filter) *Gray {
	if w == src.W && h == src.H {
		return src
	}
	return &Gray{w, h, resample(raster{src.W, src.H, 1, src.Pix}, w, h, image.Rect(0, 0, w, h), f)}
}

// raster is an interleaved 8-bit picture of c channels.
type raster struct {
	w, h, c int
	pix     []uint8
}

// resample computes the part win of src resized to w×h. Only what the window needs is computed, so a window of an
// absurdly long resized picture costs no more than the window; its values are the same as in the whole.
func resample(src raster, w, h int, win image.Rectangle, f Filter) []uint8 {
	if w < 1 || h < 1 || win.Empty() || !win.In(image.Rect(0, 0, w, h)) {
		panic(fmt.Sprintf("input: resample: window %v of %d×%d is empty or outside", win, w, h))
	}
	cols := newTaps(src.w, w, win.Min.X, win.Max.X, f)
	rows := newTaps(src.h, h, win.Min.Y, win.Max.Y, f)
	top, bottom := rows.span()
	mid := horizontal(src, cols, top, bottom)
	return vertical(mid, rows, top)
}

// horizontal resizes the rows from top to bottom (exclusive) to the columns of t.
func horizontal(src raster, t taps, top, bottom int) raster {
	n, c := len(t.first), src.c
	dst := raster{n, bottom - top, c, make([]uint8, n*(bottom-top)*c)}
	o := 0
	for y := top; y < bottom; y++ {
		row := src.pix[y*src.w*c : (y+1)*src.w*c]
		for x := range n {
			ks := t.weights[x]
			in := row[t.first[x]*c:]
			if c == 3 {
				r, g, b := half, half, half
				in = in[:3*len(ks)]
				for i, k := range ks {
					r += int(in[3*i]) * k
					g += int(in[3*i+1]) * k
					b += int(in[3*i+2]) * k
				}
				dst.pix[o], dst.pix[o+1], dst.pix[o+2] = clamp(r>>fraction), clamp(g>>fraction), clamp(b>>fraction)
			} else {
				v := half
				for i, k := range ks {
					v += int(in[i]) * k
				}
				dst.pix[o] = clamp(v >> fraction)
			}
			o += c
		}
	}
	return dst
}

// vertical resizes the columns to the rows of t; src begins at row top of the picture that t counts in.
func vertical(src raster, t taps, top int) []uint8 {
	stride := src.w * src.c
	dst := make([]uint8, len(t.first)*stride)
	acc := make([]int, stride)
	for y := range t.first {
		for i := range acc {
			acc[i] = half
		}
		for j, k := range t.weights[y] {
			row := src.pix[(t.first[y]-top+j)*stride:]
			row = row[:stride]
			for i, v := range row {
				acc[i] += int(v) * k
			}
		}
		out := dst[y*stride : (y+1)*stride]
		for i, v := range acc {
			out[i] = clamp(v >> fraction)
		}
	}
	return dst
}

const (
	fraction = 22 // fractional bits of a weight
	half     = 1 << (fraction - 1)
)

// taps are the source positions and weights behind each output position of one axis.
type taps struct {
	first   []int   // first source position
	weights [][]int // fixed point, from first on
}

// newTaps computes the taps of output positions from…to−1 when in positions become out. Positions are pixel centres:
// output x lies at (x+½)·in/out. An axis that keeps its size gets one tap of weight 1 per position, which changes
// nothing: Pillow skips that pass.
func newTaps(in, out, from, to int, f Filter) taps {
	t := taps{make([]int, to-from), make([][]int, to-from)}
	if in == out {
		for i := range t.first {
			t.first[i], t.weights[i] = from+i, []int{1 << fraction}
		}
		return t
	}
	radius, kernel := f.kernel()
	scale := float64(in) / float64(out)
	stretch := max(scale, 1)
	support := float64(radius * stretch)
	inverse := 1 / stretch
	for i := range t.first {
		// The explicit conversions keep the compiler from fusing a product into the following sum, which would round
		// once instead of twice and give other last bits on some machines.
		centre := float64((float64(from+i) + 0.5) * scale)
		first := max(int(centre-support+0.5), 0)
		last := min(int(centre+support+0.5), in)
		t.first[i], t.weights[i] = first, fixed(first, last, centre, inverse, kernel)
	}
	return t
}

// fixed are the weights of positions first…last−1, normalised to the sum 1 and rounded to fixed point.
func fixed(first, last int, centre, inverse float64, kernel func(float64) float64) []int {
	w := make([]float64, last-first)
	var sum float64
	for i := range w {
		w[i] = kernel(float64((float64(first+i) - centre + 0.5) * inverse))
		sum += w[i]
	}
	ks := make([]int, len(w))
	for i, v := range w {
		if sum != 0 {
			v /= sum
		}
		ks[i] = int(float64(v*(1<<fraction)) + math.Copysign(0.5, v))
	}
	return ks
}

// span is the range of source positions that all taps together read.
func (t taps) span() (first, end int) {
	n := len(t.first) - 1
	return t.first[0], t.first[n] + len(t.weights[n])
}

func (f Filter) valid() bool { return f == Bilinear || f == Bicubic }

// kernel is the radius and the shape of the filter for scale 1.
func (f Filter) kernel() (radius float64, shape func(float64) float64) {
	switch f {
	case Bilinear:
		return 1, triangleKernel
	case Bicubic:
		return 2, cubicKernel
	}
	panic(fmt.Sprintf("input: unknown filter %q", string(f)))
}

func triangleKernel(u float64) float64 {
	if u = math.Abs(u); u < 1 {
		return 1 - u
	}
	return 0
}

// cubicKernel is Keys' cubic convolution (IEEE ASSP-29, 1981) with a = −½, each product rounded by itself.
func cubicKernel(u float64) float64 {
	const a = -0.5
	switch u = math.Abs(u); {
	case u < 1:
		return float64(float64(float64(float64((a+2)*u)-(a+3))*u)*u) + 1
	case u < 2:
		return float64((float64((float64((u-5)*u)+8)*u) - 4) * a)
	}
	return 0
}
