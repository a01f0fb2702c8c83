package export

import (
	"image"
	"math"
)

// Picture is a drawing in W×H units, y downwards. A unit is a pixel of a PNG at scale 1.
type Picture struct {
	W, H float64
	// Title and Desc are for those who cannot see it.
	Title, Desc string
	nodes       []node
}

// node is a *group, *shape, *label or *bitmap; later ones lie on top.
type node interface {
	// bounds is the box that the node may touch.
	bounds(f *Fonts) box
}

// group is nodes of one opacity.
type group struct {
	opacity float64
	nodes   []node
}

// paint is a colour, not premultiplied; A is 0 for none.
type paint struct {
	R, G, B uint8
	A       float64
}

// shape is a path with its fill and stroke.
type shape struct {
	path         path
	fill, stroke paint
	width        float64
	dash         []float64
	round        bool // caps and joins are round instead of butt and mitre
}

// label is a line of text: runs one behind the other, anchored at x by "start", "middle" or "end", on the baseline y.
type label struct {
	x, y   float64
	anchor string
	runs   []run
}

// run is text of one look. The halo is a wide outline below the letters.
type run struct {
	text       string
	font       textFont
	fill, halo paint
}

// textFont is how letters look. Letters and words are what is added behind each letter and each space.
type textFont struct {
	mono           bool
	weight         int
	size           float64
	letters, words float64
}

// haloWidth is the width of a halo's outline.
const haloWidth = 3

// bitmap is a picture of pixels in a box.
type bitmap struct {
	box       box
	img       image.Image
	pixelated bool // its pixels are values and stay sharp
}

// box is a rectangle.
type box struct{ x0, y0, x1, y1 float64 }

var nothing = box{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}

func (b box) union(o box) box {
	return box{min(b.x0, o.x0), min(b.y0, o.y0), max(b.x1, o.x1), max(b.y1, o.y1)}
}

func (b box) intersect(o box) box {
	return box{max(b.x0, o.x0), max(b.y0, o.y0), min(b.x1, o.x1), min(b.y1, o.y1)}
}

func (b box) grow(d float64) box { return box{b.x0 - d, b.y0 - d, b.x1 + d, b.y1 + d} }
func (b box) empty() bool        { return b.x0 >= b.x1 || b.y0 >= b.y1 }

func (g *group) bounds(f *Fonts) box {
	b := nothing
	for _, n := range g.nodes {
		b = b.union(n.bounds(f))
	}
	return b
}

func (s *shape) bounds(*Fonts) box {
	b := nothing
	for _, c := range s.path {
		for _, p := range c.points() {
			b = b.union(box{p.x, p.y, p.x, p.y})
		}
	}
	return b.grow(2*s.width + 1)
}

func (l *label) bounds(f *Fonts) box {
	x, w, size := l.start(f), 0.0, 0.0
	for _, r := range l.runs {
		w += f.Width(r.text, r.font)
		size = max(size, r.font.size)
	}
	return box{x, l.y - 1.2*size, x + w, l.y + 0.5*size}.grow(haloWidth)
}

// start is where the first letter stands.
func (l *label) start(f *Fonts) float64 {
	w := 0.0
	for _, r := range l.runs {
		w += f.Width(r.text, r.font)
	}
	switch l.anchor {
	case "middle":
		return l.x - w/2
	case "end":
		return l.x - w
	}
	return l.x
}

func (m *bitmap) bounds(*Fonts) box { return m.box }
