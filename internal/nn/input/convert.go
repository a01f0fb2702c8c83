package input

import (
	"image"
	"image/color"
)

// canonical converts a decoded picture to RGB. Transparent pixels are composed over white; the second result reports
// whether there were any. info tells whose YCbCr it is, and the size of a GIF's screen, which its first frame may not
// fill.
func canonical(m image.Image, info Info) (*RGB, bool) {
	p := NewRGB(info.Width, info.Height)
	if info.Format == GIF && m.Bounds() != p.Bounds() {
		for i := range p.Pix {
			p.Pix[i] = 255
		}
		paletted(p, m.(*image.Paletted))
		return p, true
	}
	switch m := m.(type) {
	case *image.YCbCr:
		if info.Format == WebP {
			webpColours(p, m)
		} else {
			jpegColours(p, m)
		}
		return p, false
	case *image.NYCbCrA:
		webpColours(p, &m.YCbCr)
		return p, overWhite(p, m.A, m.AStride, 1)
	case *image.Gray:
		for y := range p.H {
			spread(p, y, m.Pix[y*m.Stride:], 1)
		}
		return p, false
	case *image.Gray16: // big-endian: the high byte comes first
		for y := range p.H {
			spread(p, y, m.Pix[y*m.Stride:], 2)
		}
		return p, false
	case *image.RGBA: // codecs use the premultiplied types for opaque pictures only
		interleaved(p, m.Pix, m.Stride, 4, 1)
		return p, false
	case *image.RGBA64:
		interleaved(p, m.Pix, m.Stride, 8, 2)
		return p, false
	case *image.NRGBA:
		interleaved(p, m.Pix, m.Stride, 4, 1)
		return p, overWhite(p, m.Pix[3:], m.Stride, 4)
	case *image.NRGBA64:
		interleaved(p, m.Pix, m.Stride, 8, 2)
		return p, overWhite(p, m.Pix[6:], m.Stride, 8)
	case *image.Paletted:
		return p, paletted(p, m)
	case *image.CMYK:
		cmyk(p, m)
		return p, false
	}
	return p, generic(p, m)
}

// spread copies every step-th byte of src to the three channels of row y.
func spread(p *RGB, y int, src []uint8, step int) {
	row := p.Pix[3*y*p.W : 3*(y+1)*p.W]
	for x := range p.W {
		v := src[x*step]
		row[3*x], row[3*x+1], row[3*x+2] = v, v, v
	}
}

// interleaved copies the first three channels of pixels that are pixel bytes apart, channels being channel bytes apart.
func interleaved(p *RGB, src []uint8, stride, pixel, channel int) {
	o := 0
	for y := range p.H {
		row := src[y*stride:]
		for x := range p.W {
			q := row[x*pixel:]
			p.Pix[o], p.Pix[o+1], p.Pix[o+2] = q[0], q[channel], q[2*channel]
			o += 3
		}
	}
}

// overWhite composes p, not premultiplied, over white. alpha has one value every step bytes.
func overWhite(p *RGB, alpha []uint8, stride, step int) (any bool) {
	for y := range p.H {
		row := p.Pix[3*y*p.W : 3*(y+1)*p.W]
		for x := range p.W {
			a := alpha[y*stride+x*step]
			if a == 255 {
				continue
			}
			any = true
			for c := 3 * x; c < 3*x+3; c++ {
				row[c] = onWhite(row[c], a)
			}
		}
	}
	return any
}

// onWhite is c with opacity a over white, rounded as Pillow's paste does it.
func onWhite(c, a uint8) uint8 { return div255(int(c)*int(a) + 255*(255-int(a))) }

// div255 is v/255 rounded to nearest, for 0 ≤ v ≤ 255².
func div255(v int) uint8 {
	v += 128
	return uint8((v + v>>8) >> 8)
}

// paletted draws m at its own place in p.
func paletted(p *RGB, m *image.Paletted) (any bool) {
	var table [256][3]uint8 // indices beyond the palette are black, as in libpng
	var clear [256]bool
	for i, c := range m.Palette[:min(len(m.Palette), 256)] {
		n := color.NRGBAModel.Convert(c).(color.NRGBA)
		table[i] = [3]uint8{onWhite(n.R, n.A), onWhite(n.G, n.A), onWhite(n.B, n.A)}
		clear[i] = n.A < 255
	}
	b := m.Bounds().Intersect(p.Bounds())
	for y := b.Min.Y; y < b.Max.Y; y++ {
		o := 3 * (y*p.W + b.Min.X)
		for x := b.Min.X; x < b.Max.X; x++ {
			i := m.Pix[m.PixOffset(x, y)]
			copy(p.Pix[o:], table[i][:])
			any = any || clear[i]
			o += 3
		}
	}
	return any
}

// cmyk converts as Pillow does: each ink darkens what black leaves.
func cmyk(p *RGB, m *image.CMYK) {
	o := 0
	for y := range p.H {
		row := m.Pix[y*m.Stride:]
		for x := range p.W {
			q := row[4*x : 4*x+4 : 4*x+4]
			light := 255 - int(q[3])
			for c := range 3 {
				p.Pix[o] = uint8(light) - div255(int(q[c])*light)
				o++
			}
		}
	}
}

// generic serves image types that the codecs do not return today.
func generic(p *RGB, m image.Image) (any bool) {
	b, o := m.Bounds(), 0
	for y := range p.H {
		for x := range p.W {
			n := color.NRGBAModel.Convert(m.At(b.Min.X+x, b.Min.Y+y)).(color.NRGBA)
			p.Pix[o], p.Pix[o+1], p.Pix[o+2] = onWhite(n.R, n.A), onWhite(n.G, n.A), onWhite(n.B, n.A)
			any = any || n.A < 255
			o += 3
		}
	}
	return any
}
