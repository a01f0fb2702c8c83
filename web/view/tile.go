package view

import "github.com/a-h/templ"

// role makes a labelled tile a picture and hides a decorative one.
func (t Tile) role() templ.Attributes {
	if t.Label == "" {
		return templ.Attributes{"aria-hidden": "true"}
	}
	return templ.Attributes{"role": "img", "aria-label": t.Label}
}

// waits reports whether a glyph stands in the tile's place.
func (t Tile) waits() bool { return t.Pending || t.Sheet.URL == "" }

// waiting marks a tile inside a drawing that a glyph stands for.
func (t Tile) waiting() templ.Attributes {
	if t.waits() {
		return templ.Attributes{"class": "wait"}
	}
	return nil
}

// ground covers the tile.
func (t Tile) ground() templ.Attributes {
	x, y := t.cell()
	w, h := t.size()
	return templ.Attributes{"x": itoa(x), "y": itoa(y), "width": itoa(w), "height": itoa(h)}
}

// size is the tile's in pixels of its sheet; a tile without a sheet has one to lay the glyph out in.
func (t Tile) size() (w, h int) {
	if t.Sheet.CellW == 0 || t.Sheet.CellH == 0 {
		return 48, 48
	}
	return t.Sheet.CellW, t.Sheet.CellH
}

// diagonal is the hairline of a silent channel.
func (t Tile) diagonal() string {
	x, y := t.cell()
	return "M" + itoa(x) + " " + itoa(y) + "l" + itoa(t.Sheet.CellW) + " " + itoa(t.Sheet.CellH)
}
