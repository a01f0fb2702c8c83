package input

import (
	"fmt"
	"image"
	"image/color"
)

// RGB is a picture in canonical form: 8 bits, H rows of W pixels of three bytes (red, green, blue), nothing between.
// A *RGB is an image.Image.
type RGB struct {
	W, H int
	Pix  []uint8 // len 3·W·H
}

// NewRGB is a black picture. It panics when a side is below 1.
func NewRGB(w, h int) *RGB {
	if w < 1 || h < 1 {
		panic(fmt.Sprintf("input: NewRGB: size %d×%d, want at least 1×1", w, h))
	}
	return &RGB{w, h, make([]uint8, 3*w*h)}
}

// ColorModel is color.RGBAModel: opaque RGBA.
func (p *RGB) ColorModel() color.Model { return color.RGBAModel }

// Bounds is (0,0)-(W,H).
func (p *RGB) Bounds() image.Rectangle { return image.Rect(0, 0, p.W, p.H) }

// At is the colour of one pixel, zero outside the bounds.
func (p *RGB) At(x, y int) color.Color { return p.rgba(x, y) }

// RGBA64At is At without allocation (image.RGBA64Image).
func (p *RGB) RGBA64At(x, y int) color.RGBA64 {
	c := p.rgba(x, y)
	return color.RGBA64{uint16(c.R) * 0x101, uint16(c.G) * 0x101, uint16(c.B) * 0x101, uint16(c.A) * 0x101}
}

func (p *RGB) rgba(x, y int) color.RGBA {
	if x < 0 || x >= p.W || y < 0 || y >= p.H {
		return color.RGBA{}
	}
	i := 3 * (y*p.W + x)
	return color.RGBA{p.Pix[i], p.Pix[i+1], p.Pix[i+2], 255}
}

// Opaque is true: encoders need no alpha channel.
func (p *RGB) Opaque() bool { return true }

// RGBA is a copy in the standard library's layout, which its encoders handle fastest.
func (p *RGB) RGBA() *image.RGBA {
	m := image.NewRGBA(p.Bounds())
	for i, o := 0, 0; i < len(p.Pix); i, o = i+3, o+4 {
		m.Pix[o], m.Pix[o+1], m.Pix[o+2], m.Pix[o+3] = p.Pix[i], p.Pix[i+1], p.Pix[i+2], 255
	}
	return m
}

// Gray is the luminance of ITU-R BT.601, L = 0.299·R + 0.587·G + 0.114·B in 16-bit fixed point, rounded: Pillow's
// convert("L").
func (p *RGB) Gray() *Gray {
	g := NewGray(p.W, p.H)
	for i := range g.Pix {
		q := p.Pix[3*i : 3*i+3 : 3*i+3]
		g.Pix[i] = uint8((int(q[0])*19595 + int(q[1])*38470 + int(q[2])*7471 + 1<<15) >> 16)
	}
	return g
}

// Gray is an 8-bit picture of one channel: H rows of W bytes.
type Gray struct {
	W, H int
	Pix  []uint8 // len W·H
}

// NewGray is a picture of zeros. It panics when a side is below 1.
func NewGray(w, h int) *Gray {
	if w < 1 || h < 1 {
		panic(fmt.Sprintf("input: NewGray: size %d×%d, want at least 1×1", w, h))
	}
	return &Gray{w, h, make([]uint8, w*h)}
}

// Image is a view of the picture as an image.Gray, sharing Pix.
func (g *Gray) Image() *image.Gray {
	return &image.Gray{Pix: g.Pix, Stride: g.W, Rect: image.Rect(0, 0, g.W, g.H)}
}
