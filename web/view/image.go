package view

import "github.com/a-h/templ"

// outside is the part of the picture that is cut off.
func (c Crop) outside() string {
	x, y, w, h := c.pixels()
	return "M0 0H" + itoa(c.W) + "V" + itoa(c.H) + "H0zM" + num(x) + " " + num(y) + "v" + num(h) + "h" + num(w) + "v" + num(-h) + "z"
}

func (c Crop) pixels() (x, y, w, h float64) {
	return c.Kept.X * float64(c.W), c.Kept.Y * float64(c.H), c.Kept.W * float64(c.W), c.Kept.H * float64(c.H)
}

func (c Crop) box() templ.Attributes {
	x, y, w, h := c.pixels()
	return box(x, y, w, h, 0)
}
