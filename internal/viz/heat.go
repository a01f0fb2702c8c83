package viz

import (
	"image"
	"image/color"
	"image/draw"

	"stride/internal/nn/tensor"
)

// heatOpacity is that of the hottest place.
const heatOpacity = 0.75

// Heat lays a map of importance (Grad-CAM and the like: rectified, any range) over a photo. The map is stretched to the
// photo bilinearly, divided by its maximum, coloured with Inferno and the more opaque the hotter; where it is zero or
// below, or not a number, the photo is untouched.
func Heat(photo image.Image, p tensor.Plane) *image.RGBA {
	m := toRGBA(photo)
	top := float32(0)
	clean := tensor.Plane{H: p.H, W: p.W, Data: make([]float32, len(p.Data))}
	for i, v := range p.Data {
		if v > 0 && !isInf(v) {
			clean.Data[i] = v
			top = max(top, v)
		}
	}
	if top == 0 {
		return m
	}
	b := m.Bounds()
	rows, cols := axis(b.Dy(), p.H), axis(b.Dx(), p.W)
	for y, r := range rows {
		for x, c := range cols {
			a := clean.At(r.lo, c.lo)*(1-c.f) + clean.At(r.lo, c.hi)*c.f
			z := clean.At(r.hi, c.lo)*(1-c.f) + clean.At(r.hi, c.hi)*c.f
			t := (a*(1-r.f) + z*r.f) / top
			blend(m.Pix[m.PixOffset(b.Min.X+x, b.Min.Y+y):], Inferno.At(lowIndex+uint8(t*(highIndex-lowIndex))), float64(t)*heatOpacity)
		}
	}
	return m
}

func isInf(v float32) bool { return v-v != 0 }

func blend(p []uint8, c color.RGBA, alpha float64) {
	for i, v := range [3]uint8{c.R, c.G, c.B} {
		p[i] = uint8(float64(p[i])*(1-alpha) + float64(v)*alpha + 0.5)
	}
}

// sample is one position of a bilinear stretch: between cells lo and hi, f of the way.
type sample struct {
	lo, hi int
	f      float32
}

// axis places n pixels over cells cells, cell centres at half positions.
func axis(n, cells int) []sample {
	s := make([]sample, n)
	for i := range s {
		at := max(0, (float64(i)+0.5)*float64(cells)/float64(n)-0.5)
		lo := min(int(at), cells-1)
		s[i] = sample{lo, min(lo+1, cells-1), float32(at - float64(lo))}
	}
	return s
}

// toRGBA is a copy of m that may be written to.
func toRGBA(m image.Image) *image.RGBA {
	out := image.NewRGBA(m.Bounds())
	draw.Draw(out, out.Bounds(), m, m.Bounds().Min, draw.Src)
	return out
}

// PhotoPNG is a picture made by Heat as a PNG.
func PhotoPNG(m *image.RGBA) []byte { return encodeRGBA(m) }
