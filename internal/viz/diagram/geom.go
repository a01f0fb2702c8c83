package diagram

import (
	"math"
	"strconv"
	"strings"
)

// Point is a place in a drawing, in pixels from its top left corner.
type Point struct{ X, Y float64 }

// Box is a rectangle in a drawing.
type Box struct{ X, Y, W, H float64 }

// Centre is the middle of the box.
func (b Box) Centre() Point { return Point{b.X + b.W/2, b.Y + b.H/2} }

// Right and Bottom are the far sides.
func (b Box) Right() float64  { return b.X + b.W }
func (b Box) Bottom() float64 { return b.Y + b.H }

// Overlaps reports whether two boxes share an area.
func (b Box) Overlaps(o Box) bool {
	return b.X < o.Right() && o.X < b.Right() && b.Y < o.Bottom() && o.Y < b.Bottom()
}

// Contains reports whether o lies inside b.
func (b Box) Contains(o Box) bool {
	return o.X >= b.X && o.Y >= b.Y && o.Right() <= b.Right() && o.Bottom() <= b.Bottom()
}

// union is the smallest box around both; a box without area counts for nothing.
func (b Box) union(o Box) Box {
	if b.W == 0 && b.H == 0 {
		return o
	}
	if o.W == 0 && o.H == 0 {
		return b
	}
	x, y := min(b.X, o.X), min(b.Y, o.Y)
	return Box{x, y, max(b.Right(), o.Right()) - x, max(b.Bottom(), o.Bottom()) - y}
}

func (b Box) grow(d float64) Box { return Box{b.X - d, b.Y - d, b.W + 2*d, b.H + 2*d} }

func (b Box) move(dx, dy float64) Box { return Box{b.X + dx, b.Y + dy, b.W, b.H} }

// round cuts a coordinate to hundredths of a pixel.
func round(v float64) float64 { return math.Round(v*100) / 100 }

// number writes a coordinate as briefly as possible.
func number(v float64) string {
	s := strconv.FormatFloat(round(v), 'f', -1, 64)
	if s == "-0" {
		return "0"
	}
	return s
}

// polyline writes straight lines through points as SVG path data, the corners rounded by r.
func polyline(p []Point, r float64) string {
	var b strings.Builder
	for i, q := range p {
		switch {
		case i == 0:
			b.WriteString("M" + number(q.X) + " " + number(q.Y))
		case i == len(p)-1 || r == 0:
			b.WriteString("L" + number(q.X) + " " + number(q.Y))
		default:
			in, out := toward(q, p[i-1], r), toward(q, p[i+1], r)
			b.WriteString("L" + number(in.X) + " " + number(in.Y) + "Q" + number(q.X) + " " + number(q.Y) + " " + number(out.X) + " " + number(out.Y))
		}
	}
	return b.String()
}

// toward is the point at distance d from p on the way to q, at most half way.
func toward(p, q Point, d float64) Point {
	n := math.Hypot(q.X-p.X, q.Y-p.Y)
	if n == 0 {
		return p
	}
	t := min(d/n, 0.5)
	return Point{p.X + (q.X-p.X)*t, p.Y + (q.Y-p.Y)*t}
}

// curve writes an S-shaped line from a to b that leaves and arrives horizontally.
func curve(a, b Point) string {
	if a.Y == b.Y {
		return polyline([]Point{a, b}, 0)
	}
	m := (a.X + b.X) / 2
	return "M" + number(a.X) + " " + number(a.Y) + "C" + number(m) + " " + number(a.Y) + " " + number(m) + " " + number(b.Y) + " " + number(b.X) + " " + number(b.Y)
}

// arch writes a flat arch from a to b, h pixels high (above for positive h).
func arch(a, b Point, h float64) string {
	return "M" + number(a.X) + " " + number(a.Y) + "C" + number(a.X) + " " + number(a.Y-h) + " " + number(b.X) + " " + number(b.Y-h) + " " + number(b.X) + " " + number(b.Y)
}
