package chart

import (
	"encoding/xml"
	"fmt"
	"image"
	"image/color"
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
)

// canvas is a vg.Canvas that writes SVG: presentation attributes only, no style, no identifier. Lengths are units of the
// viewBox. Its own methods take y downwards, as SVG does; those of vg.Canvas upwards.
type canvas struct {
	w, h  float64
	b     strings.Builder
	state []state
	// colour is how an ink is written: var(--name), or a theme's value.
	colour func(Ink) string
	// mono is how the fixed-width family is written.
	mono string
}

type state struct {
	ink   Ink
	width float64
	dash  []vg.Length
}

var _ vg.Canvas = (*canvas)(nil)

func newCanvas(w, h float64, colour func(Ink) string, mono string) *canvas {
	return &canvas{w: w, h: h, state: []state{{ink: Text, width: 1}}, colour: colour, mono: mono}
}

func (c *canvas) top() *state { return &c.state[len(c.state)-1] }

// SetLineWidth, SetLineDash, SetColor, Push and Pop are vg.Canvas's. Colours that are no Ink are a mistake of this package.
func (c *canvas) SetLineWidth(w vg.Length)               { c.top().width = float64(w) }
func (c *canvas) SetLineDash(d []vg.Length, _ vg.Length) { c.top().dash = d }
func (c *canvas) Push()                                  { c.state = append(c.state, *c.top()) }
func (c *canvas) Pop()                                   { c.state = c.state[:len(c.state)-1] }

func (c *canvas) SetColor(k color.Color) {
	ink, ok := k.(Ink)
	if !ok {
		panic(fmt.Sprintf("chart: colour %v is no ink of the theme", k))
	}
	c.top().ink = ink
}

// Nothing in the theme is turned, moved, scaled or a bitmap.
func (c *canvas) Rotate(float64)                      { panic("chart: the canvas does not rotate") }
func (c *canvas) Translate(vg.Point)                  { panic("chart: the canvas does not translate") }
func (c *canvas) Scale(_, _ float64)                  { panic("chart: the canvas does not scale") }
func (c *canvas) DrawImage(vg.Rectangle, image.Image) { panic("chart: the canvas draws no images") }

// FillString writes text at its baseline; the text handler does not use it, since it aligns by anchor.
func (c *canvas) FillString(f font.Face, pt vg.Point, s string) {
	c.text(float64(pt.X), c.h-float64(pt.Y), s, textStyle{size: float64(f.Font.Size), ink: c.top().ink})
}

// Stroke draws a path in the current ink, width and dash.
func (c *canvas) Stroke(p vg.Path) {
	s := c.top()
	if s.width <= 0 {
		return
	}
	c.b.WriteString(`<path d="`)
	c.path(p)
	fmt.Fprintf(&c.b, `" fill="none" stroke="%s"`, c.colour(s.ink))
	if s.width != 1 {
		fmt.Fprintf(&c.b, ` stroke-width="%s" stroke-linejoin="round"`, num(s.width))
	}
	if len(s.dash) > 0 {
		d := make([]string, len(s.dash))
		for i, l := range s.dash {
			d[i] = num(float64(l))
		}
		fmt.Fprintf(&c.b, ` stroke-dasharray="%s"`, strings.Join(d, " "))
	}
	c.b.WriteString("/>")
}

// Fill fills a path with the current ink.
func (c *canvas) Fill(p vg.Path) { c.fill(p, 1) }

func (c *canvas) fill(p vg.Path, opacity float64) {
	c.b.WriteString(`<path d="`)
	c.path(p)
	fmt.Fprintf(&c.b, `" fill="%s"`, c.colour(c.top().ink))
	if opacity != 1 {
		fmt.Fprintf(&c.b, ` fill-opacity="%s"`, num(opacity))
	}
	c.b.WriteString("/>")
}

func (c *canvas) path(p vg.Path) {
	for _, k := range p {
		x, y := num(float64(k.Pos.X)), num(c.h-float64(k.Pos.Y))
		switch k.Type {
		case vg.MoveComp:
			c.b.WriteString("M" + x + " " + y)
		case vg.LineComp:
			c.b.WriteString("L" + x + " " + y)
		case vg.CloseComp:
			c.b.WriteString("Z")
		default:
			panic("chart: the canvas draws straight lines only")
		}
	}
}

// circle draws a disc with an outline; width 0 leaves the outline out.
func (c *canvas) circle(x, y, r float64, ink Ink, opacity, width float64) {
	fmt.Fprintf(&c.b, `<circle cx="%s" cy="%s" r="%s" fill="%s"`, num(x), num(y), num(r), c.colour(ink))
	if opacity != 1 {
		fmt.Fprintf(&c.b, ` fill-opacity="%s"`, num(opacity))
	}
	if width > 0 {
		fmt.Fprintf(&c.b, ` stroke="%s" stroke-width="%s"`, c.colour(ink), num(width))
	}
	c.b.WriteString("/>")
}

// rect fills a rectangle as a path, x0 < x1 and y0 < y1.
func (c *canvas) rect(x0, y0, x1, y1 float64, ink Ink) {
	fmt.Fprintf(&c.b, `<path d="M%s %sH%sV%sH%sZ" fill="%s"/>`, num(x0), num(y0), num(x1), num(y1), num(x0), c.colour(ink))
}

// line draws a straight line.
func (c *canvas) line(x0, y0, x1, y1 float64, ink Ink, width float64, dash string) {
	fmt.Fprintf(&c.b, `<path d="M%s %sL%s %s" stroke="%s"`, num(x0), num(y0), num(x1), num(y1), c.colour(ink))
	if width != 1 {
		fmt.Fprintf(&c.b, ` stroke-width="%s"`, num(width))
	}
	if dash != "" {
		fmt.Fprintf(&c.b, ` stroke-dasharray="%s"`, dash)
	}
	c.b.WriteString("/>")
}

// textStyle is how a text looks; the zero size is textSize. A halo in the ground's colour keeps it legible over lines.
type textStyle struct {
	size   float64
	ink    Ink
	anchor string // "middle", "end" or "" for start
	bold   bool
	mono   bool
	halo   bool
}

// text writes s with its baseline at y.
func (c *canvas) text(x, y float64, s string, t textStyle) {
	if s == "" {
		return
	}
	fmt.Fprintf(&c.b, `<text x="%s" y="%s" fill="%s"`, num(x), num(y), c.colour(t.ink))
	if t.anchor != "" {
		fmt.Fprintf(&c.b, ` text-anchor="%s"`, t.anchor)
	}
	if t.size != 0 && t.size != textSize {
		fmt.Fprintf(&c.b, ` font-size="%s"`, num(t.size))
	}
	if t.bold {
		c.b.WriteString(` font-weight="640"`)
	}
	if t.mono {
		fmt.Fprintf(&c.b, ` font-family="%s"`, c.mono)
	}
	if t.halo {
		fmt.Fprintf(&c.b, ` stroke="%s" stroke-width="3" stroke-linejoin="round" paint-order="stroke"`, c.colour(Ground))
	}
	c.b.WriteString(">" + escape(s) + "</text>")
}

// open starts a group of a class; end closes it. A title, if any, is what a pointer held over the group shows and what
// assistive technology reads for it.
func (c *canvas) open(class, title string) {
	c.b.WriteString(`<g class="` + class + `">`)
	if title != "" {
		c.b.WriteString("<title>" + escape(title) + "</title>")
	}
}

func (c *canvas) end() { c.b.WriteString("</g>") }

// num is a coordinate to a hundredth, without trailing zeros. What is no number is a mistake of this package: inputs are
// checked before.
func num(v float64) string {
	if v-v != 0 {
		panic(fmt.Sprintf("chart: coordinate %v", v))
	}
	v = math.Round(v*100) / 100
	if v == 0 {
		return "0" // not "-0"
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// escape makes s safe as text and in double-quoted attributes; characters that XML cannot hold become U+FFFD.
func escape(s string) string {
	var b strings.Builder
	if err := xml.EscapeText(&b, []byte(s)); err != nil {
		panic("chart: " + err.Error()) // a strings.Builder does not fail
	}
	return b.String()
}
