package input

// orient turns a picture upright by its EXIF orientation; 1 returns p itself. Orientations: 2 mirrored, 3 turned by
// 180°, 4 upside down, 5 transposed, 6 to be turned clockwise, 7 transposed over the other diagonal, 8 to be turned
// anticlockwise.
func orient(p *RGB, orientation int) *RGB {
	if orientation <= 1 || orientation > 8 {
		return p
	}
	w, h := p.W, p.H
	if orientation >= 5 {
		w, h = h, w
	}
	q := NewRGB(w, h)
	// start, dx and dy are positions in p.Pix: of the result's first pixel, and of one step to the right and down.
	right, down := 3, 3*p.W
	last, bottom := 3*(p.W-1), 3*p.W*(p.H-1)
	var start, dx, dy int
	switch orientation {
	case 2:
		start, dx, dy = last, -right, down
	case 3:
		start, dx, dy = last+bottom, -right, -down
	case 4:
		start, dx, dy = bottom, right, -down
	case 5:
		start, dx, dy = 0, down, right
	case 6:
		start, dx, dy = bottom, -down, right
	case 7:
		start, dx, dy = last+bottom, -down, -right
	case 8:
		start, dx, dy = last, down, -right
	}
	o := 0
	for y := range h {
		i := start + y*dy
		for range w {
			q.Pix[o], q.Pix[o+1], q.Pix[o+2] = p.Pix[i], p.Pix[i+1], p.Pix[i+2]
			o += 3
			i += dx
		}
	}
	return q
}
