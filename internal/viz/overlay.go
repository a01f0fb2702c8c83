package viz

import (
	"image"
	"image/color"
	"image/draw"

	"stride/internal/nn/tensor"
)

// Probe is the colour of the thing the reader holds, in light theme: the box of a receptive field among others.
var Probe = color.RGBA{0xd8, 0x39, 0x0f, 0xff}

const (
	outsideLight = 0.66 // what lies outside the box keeps this share of its light
	heatOpacity  = 0.75 // of the hottest place of a heat map
)

// Overlay marks box on a photo: everything outside is darkened by 34 %, the box gets an outline in the probe's colour and a
// white ring around that, so that it is seen on any ground. The box may reach beyond the photo (padding does); the outline
// stays inside. The box itself is never covered unless it touches the border.
func Overlay(photo image.Image, box image.Rectangle) *image.RGBA {
	m := toRGBA(photo)
	b := m.Bounds()
	box = box.Intersect(b)
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			if !(image.Point{x, y}).In(box) {
				p := m.Pix[m.PixOffset(x, y):]
				for c := range 3 {
					p[c] = uint8(float64(p[c])*outsideLight + 0.5)
				}
			}
		}
	}
	if box.Empty() {
		return m
	}
	line := max(1, min(b.Dx(), b.Dy())/112)
	outer := box.Inset(-2 * line).Intersect(b)
	frame(m, outer, line, color.RGBA{255, 255, 255, 255})
	frame(m, outer.Inset(line), line, Probe)
	return m
}

// frame draws a border of the given width along the inside of r.
func frame(m *image.RGBA, r image.Rectangle, width int, c color.RGBA) {
	inner := r.Inset(width)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			if !(image.Point{x, y}).In(inner) {
				m.SetRGBA(x, y, c)
			}
		}
	}
}

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

// PhotoPNG is a picture made by Overlay or Heat as a PNG.
func PhotoPNG(m *image.RGBA) []byte { return encodeRGBA(m) }
