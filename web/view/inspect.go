package view

import (
	"math"

	"github.com/a-h/templ"
)

// overlayH is the height of the overlay in units of which the map is 200 wide.
func (c ChannelView) overlayH() float64 {
	if c.Cols == 0 {
		return 200
	}
	return 200 * float64(c.Rows) / float64(c.Cols)
}

// height is the height of the map in CSS pixels.
func (c ChannelView) height() float64 { return c.overlayH() * MapSize / 200 }

func (c ChannelView) cell() Cell {
	if c.Cell == nil {
		return Cell{}
	}
	return *c.Cell
}

func (c ChannelView) now() Rect {
	if c.Now == nil {
		return Rect{}
	}
	return *c.Now
}

// unit is the side of a cell in the overlay.
func (c ChannelView) unit() float64 { return 200 / float64(max(c.Cols, 1)) }

// ring is how far outside the probe's box its white ring runs, so that the box reads on any ground. probe.js knows it too.
const ring = 1.75

func (c ChannelView) cellBox(out float64) templ.Attributes {
	u, at := c.unit(), c.cell()
	return box(float64(at.X)*u, float64(at.Y)*u, u, u, out)
}

func (c ChannelView) fieldBox(out float64) templ.Attributes {
	r := c.now()
	return box(200*r.X, 200*r.Y, 200*r.W, 200*r.H, out)
}

// box gives a rectangle, made larger on all sides.
func box(x, y, w, h, out float64) templ.Attributes {
	return templ.Attributes{"x": num(x - out), "y": num(y - out), "width": num(w + 2*out), "height": num(h + 2*out)}
}

func (c ChannelView) tipW() float64 { return textWidth(c.Value, 12)*1.15 + 12 }

// tipAt puts the value above the cell, and where there is no room, below; never outside the map.
func (c ChannelView) tipAt() string {
	u, at := c.unit(), c.cell()
	half := c.tipW()/2 + 3
	x := bounded((float64(at.X)+0.5)*u, half, 200-half)
	y := float64(at.Y)*u - 16
	if y < 14 {
		y = float64(at.Y+1)*u + 16
	}
	return "translate(" + num(x) + " " + num(y) + ")"
}

func linkTo(url, label string) *Link {
	if url == "" {
		return nil
	}
	return &Link{Label: label, URL: url}
}

func (c ChannelView) cellY() string {
	if c.Cell == nil {
		return ""
	}
	return itoa(c.Cell.Y)
}

func (c ChannelView) cellX() string {
	if c.Cell == nil {
		return ""
	}
	return itoa(c.Cell.X)
}

// probe gives the script what it needs to follow the pointer without asking the server.
func (c ChannelView) probe() templ.Attributes {
	a := templ.Attributes{"data-rows": itoa(c.Rows), "data-cols": itoa(c.Cols)}
	if c.ValuesURL != "" {
		a["data-values"] = c.ValuesURL
	}
	if c.CellURL != "" {
		a["data-cell-url"] = c.CellURL
	}
	if c.Cell != nil {
		a["data-y"], a["data-x"] = itoa(c.Cell.Y), itoa(c.Cell.X)
	}
	if f := c.Field; f.InputW > 0 && f.InputH > 0 {
		a["data-field-y"] = num(f.StartY) + " " + num(f.JumpY) + " " + num(f.SizeY) + " " + itoa(f.InputH)
		a["data-field-x"] = num(f.StartX) + " " + num(f.JumpX) + " " + num(f.SizeX) + " " + itoa(f.InputW)
	}
	return a
}

// photoClass keeps the pixels of a small input square.
func (c ChannelView) photoClass() string {
	if c.Field.InputW < MapSize {
		return "px"
	}
	return ""
}

// hiddenUnless hides a part of a drawing that the script may show later.
func hiddenUnless(shown bool) templ.Attributes {
	if shown {
		return nil
	}
	return templ.Attributes{"visibility": "hidden"}
}

func (t TermLine) barX() string { return num(min(0, bounded(t.Percent, -100, 100))) }
func (t TermLine) barW() string { return num(math.Abs(bounded(t.Percent, -100, 100))) }

func (t TermLine) barClass() string {
	if t.Percent < 0 {
		return "cold"
	}
	return "warm"
}

// sizeClass keeps wide grids readable: more columns, smaller cells.
func (s SumPart) sizeClass() string {
	if len(s.Rows) == 0 {
		return ""
	}
	if len(s.Rows[0]) > 5 {
		return "m9"
	}
	return ""
}

func (t SumTerm) class() string {
	switch {
	case t.Final:
		return "final"
	case t.Op != OpNone:
		return "t " + t.Op.Class()
	}
	return ""
}

func (g ChannelGrid) id() string {
	if g.Scope != "" {
		return idPart(g.Scope) + "-channels"
	}
	return "channels"
}

// plain is the tile without a name of its own: the link around it has one.
func (t GridTile) plain() Tile {
	tile := t.Tile
	tile.Label = ""
	return tile
}

// foot is where zero lies, in a drawing 100 high.
func (s VectorStrip) foot() float64 {
	if s.Signed {
		return 50
	}
	return 100
}

func (b StripBar) y(foot float64) float64 {
	if b.Level > 0 {
		return foot - foot*bounded(b.Level, 0, 1)
	}
	return foot
}

func (b StripBar) h(foot float64) float64 { return foot * bounded(math.Abs(b.Level), 0, 1) }

func (b StripBar) class() string {
	if b.Level < 0 {
		return "cold"
	}
	return "warm"
}
