package view

import "github.com/a-h/templ"

// role makes a labelled tile a picture and hides a decorative one.
func (t Tile) role() templ.Attributes {
	if t.Label == "" {
		return templ.Attributes{"aria-hidden": "true"}
	}
	return templ.Attributes{"role": "img", "aria-label": t.Label}
}

// stackWindow is the tile's window, or a box of 48 units while nothing is computed.
func (t Tile) stackWindow() string {
	if t.Pending || t.Sheet.URL == "" {
		return "0 0 48 48"
	}
	return t.window()
}

// diagonal is the hairline of a silent channel.
func (t Tile) diagonal() string {
	x, y := t.cell()
	return "M" + itoa(x) + " " + itoa(y) + "l" + itoa(t.Sheet.CellW) + " " + itoa(t.Sheet.CellH)
}
