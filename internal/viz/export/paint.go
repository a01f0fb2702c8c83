package export

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"

	"golang.org/x/image/draw"
	"golang.org/x/image/vector"
)

// MaxPixels bounds a PNG; a larger picture is drawn at a smaller scale.
const MaxPixels = 12 << 20

// Size is the size in pixels that a PNG has at a scale.
func (p *Picture) Size(scale float64) (w, h int) {
	if n := p.W * p.H * scale * scale; n > MaxPixels {
		scale *= math.Sqrt(MaxPixels / n)
	}
	return max(1, int(math.Round(p.W*scale))), max(1, int(math.Round(p.H*scale)))
}

// PNG draws the picture in pixels, scale to the unit.
func (p *Picture) PNG(f *Fonts, scale float64) ([]byte, error) {
	if !(scale > 0 && scale <= 8) || p.W <= 0 || p.H <= 0 {
		return nil, fmt.Errorf("export: a picture of %g×%g at scale %g", p.W, p.H, scale)
	}
	w, h := p.Size(scale)
	c := &painter{fonts: f, k: float64(w) / p.W, img: image.NewRGBA(image.Rect(0, 0, w, h))}
	c.nodes(p.nodes)
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, c.img); err != nil {
		return nil, fmt.Errorf("export: %w", err)
	}
	return b.Bytes(), nil
}

// painter draws on img; k is pixels to a unit.
type painter struct {
	fonts *Fonts
	k     float64
	img   *image.RGBA
	ras   vector.Rasterizer
}

func (c *painter) nodes(l []node) {
	for _, n := range l {
		switch n := n.(type) {
		case *group:
			c.group(n)
		case *shape:
			c.shape(n)
		case *label:
			c.label(n)
		case *bitmap:
			c.bitmap(n)
		}
	}
}

// pixels is the rectangle of pixels that a box touches.
func (c *painter) pixels(b box) image.Rectangle {
	if b.empty() {
		return image.Rectangle{}
	}
	r := image.Rect(int(math.Floor(max(b.x0*c.k, -1e6))), int(math.Floor(max(b.y0*c.k, -1e6))), int(math.Ceil(min(b.x1*c.k, 1e6))), int(math.Ceil(min(b.y1*c.k, 1e6))))
	return r.Intersect(c.img.Rect)
}

// group draws nodes on a layer of their own and lays it over the picture as a whole.
func (c *painter) group(g *group) {
	if g.opacity >= 1 {
		c.nodes(g.nodes)
		return
	}
	r := c.pixels(g.bounds(c.fonts))
	if r.Empty() {
		return
	}
	layer := &painter{fonts: c.fonts, k: c.k, img: image.NewRGBA(r)}
	layer.nodes(g.nodes)
	draw.DrawMask(c.img, r, layer.img, r.Min, image.NewUniform(color.Alpha16{uint16(g.opacity * 0xffff)}), image.Point{}, draw.Over)
}

func (p paint) colour() color.Color {
	return color.NRGBA{p.R, p.G, p.B, uint8(math.Round(p.A * 255))}
}

func (c *painter) shape(s *shape) {
	if s.fill.A > 0 {
		c.fill(s.path.placed(transform{c.k, c.k, 0, 0}), s.fill)
	}
	if s.stroke.A > 0 && s.width > 0 {
		c.stroke(s.path, s.width, s.dash, s.round, s.stroke)
	}
}

// fill fills a path whose coordinates are pixels.
func (c *painter) fill(p path, ink paint) {
	b := nothing
	for _, s := range p {
		for _, q := range s.points() {
			b = b.union(box{q.x, q.y, q.x, q.y})
		}
	}
	r := c.start(b)
	if r.Empty() {
		return
	}
	f := func(q point) (float32, float32) {
		return float32(q.x - float64(r.Min.X)), float32(q.y - float64(r.Min.Y))
	}
	for _, s := range p {
		x0, y0 := f(s.p[0])
		x1, y1 := f(s.p[1])
		x2, y2 := f(s.p[2])
		switch s.op {
		case 'M':
			c.ras.ClosePath()
			c.ras.MoveTo(x0, y0)
		case 'L':
			c.ras.LineTo(x0, y0)
		case 'Q':
			c.ras.QuadTo(x0, y0, x1, y1)
		case 'C':
			c.ras.CubeTo(x0, y0, x1, y1, x2, y2)
		case 'Z':
			c.ras.ClosePath()
		}
	}
	c.ras.ClosePath()
	c.ras.Draw(c.img, r, image.NewUniform(ink.colour()), image.Point{})
}

// start readies the rasteriser for a box in pixels and gives the part of the picture that it covers.
func (c *painter) start(b box) image.Rectangle {
	r := image.Rect(int(math.Floor(b.x0)), int(math.Floor(b.y0)), int(math.Ceil(b.x1))+1, int(math.Ceil(b.y1))+1)
	if b.x0 > b.x1 || !r.Overlaps(c.img.Rect) {
		return image.Rectangle{}
	}
	r = r.Intersect(c.img.Rect)
	c.ras.Reset(r.Dx(), r.Dy())
	return r
}

// stroke draws the outline of a path that is given in units.
func (c *painter) stroke(p path, width float64, dash []float64, round bool, ink paint) {
	lines := p.placed(transform{c.k, c.k, 0, 0}).flat()
	if len(dash) > 0 {
		scaled := make([]float64, len(dash))
		for i, d := range dash {
			scaled[i] = d * c.k
		}
		lines = dashed(lines, scaled)
	}
	polygons := outlines(lines, width*c.k, round)
	b := nothing
	for _, poly := range polygons {
		for _, q := range poly {
			b = b.union(box{q.x, q.y, q.x, q.y})
		}
	}
	r := c.start(b)
	if r.Empty() {
		return
	}
	for _, poly := range polygons {
		for i, q := range poly {
			x, y := float32(q.x-float64(r.Min.X)), float32(q.y-float64(r.Min.Y))
			if i == 0 {
				c.ras.MoveTo(x, y)
			} else {
				c.ras.LineTo(x, y)
			}
		}
		c.ras.ClosePath()
	}
	c.ras.Draw(c.img, r, image.NewUniform(ink.colour()), image.Point{})
}

func (c *painter) label(l *label) {
	for _, halo := range []bool{true, false} { // the halo of one letter must not cover its neighbour
		x := l.start(c.fonts)
		for _, r := range l.runs {
			if halo && r.halo.A == 0 {
				x += c.fonts.Width(r.text, r.font)
				continue
			}
			for _, ch := range r.text {
				g := c.fonts.glyph(ch, r.font.mono, r.font.weight)
				p := g.outline.placed(transform{r.font.size, r.font.size, x, l.y})
				if halo {
					c.stroke(p, haloWidth, nil, true, r.halo)
				} else if r.fill.A > 0 {
					c.fill(p.placed(transform{c.k, c.k, 0, 0}), r.fill)
				}
				x += c.fonts.advance(ch, r.font)
			}
		}
	}
}

func (c *painter) bitmap(m *bitmap) {
	r := image.Rect(int(math.Round(m.box.x0*c.k)), int(math.Round(m.box.y0*c.k)), int(math.Round(m.box.x1*c.k)), int(math.Round(m.box.y1*c.k)))
	var by draw.Interpolator = draw.CatmullRom
	if m.pixelated {
		by = draw.NearestNeighbor
	}
	by.Scale(c.img, r, m.img, m.img.Bounds(), draw.Over, nil)
}
