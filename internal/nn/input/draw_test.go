package input

import "math"

// point is a position on a drawing pad: 0 to 1 from left to right and from top to bottom.
type point struct{ X, Y float64 }

// padSide and pen are a drawing pad's: the pen is about as bold as MNIST's strokes when the digit fills most of the pad.
const (
	padSide = 112
	pen     = 0.08
)

// drawn is one stroke of a round pen, ink 255 on paper 0, antialiased. A stroke of one point is a dot.
func drawn(stroke []point, pen float64) *Gray {
	g := NewGray(padSide, padSide)
	for i, p := range stroke {
		g.line(stroke[max(i-1, 0)], p, pen*padSide/2)
	}
	return g
}

// line covers every pixel by how much of it lies within radius of the segment from a to b, estimated from the distance
// of its centre. Overlaps keep the larger value.
func (g *Gray) line(a, b point, radius float64) {
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
