package diagram

import "math"

// boxes are the rooms that a canvas takes: pictures, captions, pills, and lines as thin boxes.
func (c *canvas) boxes() []Box {
	var bs []Box
	for _, n := range c.nodes {
		bs = append(bs, n.Box)
		if n.Caption.H > 0 {
			bs = append(bs, n.Caption)
		}
	}
	for _, p := range c.pills {
		bs = append(bs, p.Box)
	}
	for _, e := range c.edges {
		for i := 1; i < len(e.Points); i++ {
			a, b := e.Points[i-1], e.Points[i]
			x, y := min(a.X, b.X), min(a.Y, b.Y)
			bs = append(bs, Box{x, y, max(a.X, b.X) - x, max(a.Y, b.Y) - y})
		}
	}
	return bs
}

// The least distances between pieces that are packed below one another.
const (
	packAcross = 6.0 // between things that may stand at one height
	packDown   = 7.0
)

// below is how far a piece must be moved down so that nothing of it touches anything above. Where their columns differ,
// the pills of one row slide between the captions of the other.
func below(above []Box, c *canvas) float64 {
	y := math.Inf(-1)
	for _, b := range c.boxes() {
		for _, a := range above {
			if a.X < b.Right()+packAcross && b.X < a.Right()+packAcross {
				y = max(y, a.Bottom()+packDown-b.Y)
			}
		}
	}
	return y
}
