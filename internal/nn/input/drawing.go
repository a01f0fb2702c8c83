package input

import (
	"fmt"
	"math"
)

// Sides of a drawing's raster that NewDrawing accepts, and of the one that Draw makes.
const (
	DrawingMin    = 28
	DrawingMax    = 280
	drawingRaster = 112
)

// NewDrawing checks a raster that a drawing pad sent: w×h bytes of grey, row by row, each side from DrawingMin to
// DrawingMax. A refusal is an *Error. The result shares pix.
func NewDrawing(w, h int, pix []uint8) (*Gray, error) {
	if w > DrawingMax || h > DrawingMax {
		return nil, &Error{Code: TooManyPixels, Width: int64(w), Height: int64(h), Limit: DrawingMax * DrawingMax, SideLimit: DrawingMax}
	}
	if w < DrawingMin || h < DrawingMin {
		return nil, &Error{Code: BadDrawing, Width: int64(w), Height: int64(h), Limit: DrawingMin,
			Err: fmt.Errorf("its size is %d×%d, the least is %d×%d", w, h, DrawingMin, DrawingMin)}
	}
	if len(pix) != w*h {
		return nil, &Error{Code: BadDrawing, Width: int64(w), Height: int64(h),
			Err: fmt.Errorf("it has %d values, not %d×%d", len(pix), w, h)}
	}
	return &Gray{w, h, pix}, nil
}

// Point is a position on the drawing pad: 0 to 1 from left to right and from top to bottom.
type Point struct{ X, Y float64 }

// Pen widths as a share of the pad's side. DefaultPen is about as bold as MNIST's strokes when the digit fills most of
// the pad.
const (
	DefaultPen = 0.08
	minPen     = 0.01
	maxPen     = 0.25
)

// maxPoints bounds all strokes together; a digit drawn by hand has one or two hundred points.
const maxPoints = 2000

// Draw draws strokes with a round pen, ink 255 on paper 0, antialiased, on a raster that suits Normalize. A stroke of
// one point is a dot. Too many points, points off the pad (NaN and infinities included) and absurd pens are refused
// with an *Error.
func Draw(strokes [][]Point, pen float64) (*Gray, error) {
	if !(minPen <= pen && pen <= maxPen) {
		return nil, &Error{Code: BadDrawing, Err: fmt.Errorf("the pen's width is %v, not %v to %v", pen, minPen, maxPen)}
	}
	n := 0
	for _, s := range strokes {
		if n += len(s); n > maxPoints {
			return nil, &Error{Code: BadDrawing, Got: int64(n), Limit: maxPoints, Err: fmt.Errorf("it has more than %d points", maxPoints)}
		}
		for _, p := range s {
			if !(0 <= p.X && p.X <= 1 && 0 <= p.Y && p.Y <= 1) {
				return nil, &Error{Code: BadDrawing}
			}
		}
	}
	g := NewGray(drawingRaster, drawingRaster)
	for _, s := range strokes {
		for i, p := range s {
			g.line(s[max(i-1, 0)], p, pen*drawingRaster/2)
		}
	}
	return g, nil
}

// line covers every pixel by how much of it lies within radius of the segment from a to b, estimated from the distance
// of its centre. Overlaps keep the larger value.
func (g *Gray) line(a, b Point, radius float64) {
	side := float64(g.W)
	ax, ay, bx, by := a.X*side, a.Y*side, b.X*side, b.Y*side
	dx, dy := bx-ax, by-ay
	// Explicit conversions forbid fused multiply-add: the same strokes give the same bytes on every machine.
	length2 := float64(dx*dx) + float64(dy*dy)
	reach := radius + 1
	x0, x1 := max(int(min(ax, bx)-reach), 0), min(int(max(ax, bx)+reach)+1, g.W)
	y0, y1 := max(int(min(ay, by)-reach), 0), min(int(max(ay, by)+reach)+1, g.H)
	for y := y0; y < y1; y++ {
		for x := x0; x < x1; x++ {
			px, py := float64(x)+0.5-ax, float64(y)+0.5-ay
			t := 0.0
			if length2 > 0 {
				t = min(max((float64(px*dx)+float64(py*dy))/length2, 0), 1)
			}
			ex, ey := px-float64(t*dx), py-float64(t*dy)
			cover := radius + 0.5 - math.Sqrt(float64(ex*ex)+float64(ey*ey))
			v := uint8(math.Round(255 * min(max(cover, 0), 1)))
			if i := y*g.W + x; v > g.Pix[i] {
				g.Pix[i] = v
			}
		}
	}
}
