package viz

import (
	"encoding/hex"
	"fmt"
	"image/color"
	"strings"
)

// Colormap gives each of the 256 indices of a quantised map its colour. Index 0 is the colour of values that are not
// numbers; 1…255 are the map's own colours.
type Colormap struct {
	// Name is the name in URLs and style sheets.
	Name string
	// Diverging maps have two ends and a pale centre at index Zero; they are for signed values and nothing else.
	Diverging bool
	rgb       [256][3]uint8
}

// NotANumber is the colour of index 0: a magenta that none of the maps contains, so that a broken value is seen.
var NotANumber = color.RGBA{0xff, 0x00, 0xff, 0xff}

// The colour maps. Mako is the default for values that start at zero, Vik the one for signed values; Inferno is for
// heat maps over photos; Grey for print and weak projectors.
var (
	Mako    = newColormap("mako", false, mustTable(makoTable))
	Viridis = newColormap("viridis", false, mustTable(viridisTable))
	Inferno = newColormap("inferno", false, mustTable(infernoTable))
	Grey    = newColormap("grey", false, greyTable())
	Vik     = newColormap("vik", true, mustTable(vikTable))
)

// Sequential lists the maps a reader can choose among, the default first.
func Sequential() []*Colormap { return []*Colormap{Mako, Viridis, Inferno, Grey} }

// ColormapByName finds a map by its name.
func ColormapByName(name string) (*Colormap, bool) {
	for _, c := range append(Sequential(), Vik) {
		if c.Name == name {
			return c, true
		}
	}
	return nil, false
}

// ColormapFor is the map that is drawn when the reader chose c: signed values always get Vik, values that start at zero
// never do, and an unknown choice (nil) is Mako.
func ColormapFor(c *Colormap, s Scale) *Colormap {
	switch {
	case s.Signed:
		return Vik
	case c == nil || c.Diverging:
		return Mako
	}
	return c
}

func newColormap(name string, diverging bool, table [256][3]uint8) *Colormap {
	table[0] = [3]uint8{NotANumber.R, NotANumber.G, NotANumber.B}
	return &Colormap{Name: name, Diverging: diverging, rgb: table}
}

func mustTable(digits string) (t [256][3]uint8) {
	b, err := hex.DecodeString(digits)
	if err != nil || len(b) != 3*len(t) {
		panic(fmt.Sprintf("viz: colour table of %d digits, want %d: %v", len(digits), 6*len(t), err))
	}
	for i := range t {
		copy(t[i][:], b[3*i:])
	}
	return t
}

// greyTable runs evenly from #0c0c0c to #fafafa: printers and projectors lose what lies beyond.
func greyTable() (t [256][3]uint8) {
	const first, last = 0x0c, 0xfa
	for i := range t {
		v := uint8(first + (i*(last-first)+127)/255)
		t[i] = [3]uint8{v, v, v}
	}
	return t
}

// At is the colour of an index.
func (c *Colormap) At(i uint8) color.RGBA {
	p := c.rgb[i]
	return color.RGBA{p[0], p[1], p[2], 0xff}
}

// Palette is the 256 colours for image.Paletted.
func (c *Colormap) Palette() color.Palette {
	p := make(color.Palette, 256)
	for i := range p {
		p[i] = c.At(uint8(i))
	}
	return p
}

// Bytes is the table as 256 RGBA quadruples, the form in which a browser looks colours up.
func (c *Colormap) Bytes() []byte {
	b := make([]byte, 0, 4*256)
	for _, p := range c.rgb {
		b = append(b, p[0], p[1], p[2], 0xff)
	}
	return b
}

// Stops is n colours (n ≥ 2) at equal distances from the low end (index 1) to the high end (index 255), as "#rrggbb".
// With an odd n the middle stop of a diverging map is its colour for zero.
func (c *Colormap) Stops(n int) []string {
	if n < 2 {
		panic(fmt.Sprintf("viz: Stops: n = %d, want at least 2", n))
	}
	s := make([]string, n)
	for i := range s {
		p := c.rgb[lowIndex+(i*(highIndex-lowIndex)+(n-1)/2)/(n-1)]
		s[i] = fmt.Sprintf("#%02x%02x%02x", p[0], p[1], p[2])
	}
	return s
}

// CSSGradient is the legend's background, left to right: "linear-gradient(90deg,#0b0405,…)". It belongs in a style
// sheet; a page whose policy forbids inline styles uses Stops in an SVG gradient or Legend's picture.
func (c *Colormap) CSSGradient(n int) string {
	return "linear-gradient(90deg," + strings.Join(c.Stops(n), ",") + ")"
}

// Legend is the colour bar as a PNG of 255 by 1 pixels, one for each step, low end at the left.
func (c *Colormap) Legend() []byte {
	pix := make([]uint8, highIndex-lowIndex+1)
	for i := range pix {
		pix[i] = uint8(lowIndex + i)
	}
	return EncodePNG(pix, len(pix), 1, c)
}
