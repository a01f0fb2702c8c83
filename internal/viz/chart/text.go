package chart

import (
	"unicode/utf8"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
)

// Shape of a line of text, in ems: what layout needs to know. Digits and capitals reach capHeight above the baseline.
const (
	ascent    = 0.80
	descent   = 0.20
	capHeight = 0.72
	monoWidth = 0.60 // of a character in the fixed-width face
	wideWidth = 0.92 // of a Hangul syllable, a little more than its advance, so that labels do not touch
)

// advances is the width of the printable ASCII characters in Pretendard Medium, in hundredths of an em.
var advances = [95]uint8{
	24, 27, 38, 61, 61, 89, 62, 20, 36, 36, 49, 64, 27, 44, 26, 35, 62, 45, 59, 62, 63, 61, 62, 56, 62, 62, 26, 26, 64, 64, 64, 50,
	88, 67, 62, 70, 69, 58, 56, 72, 71, 25, 53, 64, 54, 86, 71, 74, 61, 74, 62, 61, 62, 71, 67, 94, 64, 65, 61, 36, 35, 36, 45, 43,
	47, 54, 60, 54, 60, 56, 35, 59, 57, 23, 23, 53, 23, 85, 57, 57, 59, 59, 36, 51, 35, 57, 54, 79, 53, 54, 52, 36, 32, 36, 64,
}

// textWidth is the width of s in a size. It is an estimate, for leaving room: text is placed by its anchor, so an error
// moves nothing.
func textWidth(s string, size float64, mono, bold bool) float64 {
	w := 0.0
	for _, r := range s {
		switch {
		case r >= 0x1100: // East Asian scripts; nothing narrower in use lies above
			w += wideWidth
		case mono: // or the other face, whichever is wider, since a viewer may have no fixed-width one
			w += monoWidth
			if r >= ' ' && r <= '~' {
				w += max(0, float64(advances[r-' '])/100-monoWidth)
			}
		case r >= ' ' && r <= '~':
			w += float64(advances[r-' ']) / 100
		default:
			w += 0.62
		}
	}
	if bold {
		w *= 1.03
	}
	return w * size
}

// monoFace is the typeface name that stands for the fixed-width family in gonum's font descriptions.
const monoFace font.Typeface = "mono"

// handler is gonum's text.Handler on our canvas.
type handler struct{ c *canvas }

var _ text.Handler = handler{}

var noFonts = font.NewCache(nil)

func (handler) Cache() *font.Cache { return noFonts }

func (handler) Extents(f font.Font) font.Extents {
	return font.Extents{Ascent: ascent * f.Size, Descent: descent * f.Size, Height: f.Size}
}

func (handler) Lines(s string) []string {
	if !utf8.ValidString(s) {
		s = string([]rune(s))
	}
	return []string{s}
}

func (handler) Box(s string, f font.Font) (width, height, depth vg.Length) {
	return vg.Length(textWidth(s, float64(f.Size), f.Typeface == monoFace, false)), ascent * f.Size, descent * f.Size
}

// Draw writes a tick's label, the only text gonum draws here. gonum places it for a face whose line reaches a descent
// below the point it gives; that is taken back, and digits are centred by their height.
func (h handler) Draw(_ vg.Canvas, s string, sty text.Style, pt vg.Point) {
	size := float64(sty.Font.Size)
	y := h.c.h - float64(pt.Y) + descent*size
	if sty.YAlign == text.YTop {
		y += ascent * size
	} else {
		y += capHeight / 2 * size
	}
	t := textStyle{size: size, ink: sty.Color.(Ink), mono: sty.Font.Typeface == monoFace}
	switch sty.XAlign {
	case text.XCenter:
		t.anchor = "middle"
	case text.XRight:
		t.anchor = "end"
	}
	h.c.text(float64(pt.X), y, s, t)
}
