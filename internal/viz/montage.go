package viz

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"strings"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// Montage is a sheet prepared for download: tiles with gaps, a colour bar and words. All words are the caller's.
type Montage struct {
	Sheet    *Sheet
	Colormap *Colormap
	// Zoom is the side of the square that each value becomes, at least 1.
	Zoom int
	// Caption is the lines under the picture: what it shows, of which network with which weights, of which image.
	Caption []string
	// Low and High label the colour bar's ends, Zero its middle for signed values. They are the scale's numbers where
	// all tiles share one, and words ("each map's minimum") where they do not.
	Low, Zero, High string
}

// Measures in pixels.
const (
	montageGap    = 4
	montageMargin = 16
	montageText   = 14 // size of the letters
	montageLine   = 20 // from line to line
	barW, barH    = 255, 12
)

// label is a line of text at its baseline; anchor 0 starts, 0.5 centres, 1 ends there.
type label struct {
	text   string
	x, y   int
	anchor float64
}

// layout is the picture without its words, and the words.
func (m *Montage) layout() (*image.RGBA, []label) {
	g := m.Sheet.Geometry
	tw, th := g.TileW*m.Zoom, g.TileH*m.Zoom
	gridW, gridH := g.Cols*(tw+montageGap)-montageGap, g.Rows*(th+montageGap)-montageGap
	w := max(gridW, barW) + 2*montageMargin
	barY := montageMargin + gridH + montageMargin
	textY := barY + barH + montageLine
	h := textY + montageLine*len(m.Caption) + montageMargin
	if len(m.Caption) == 0 {
		h = textY + montageMargin/2
	}
	pic := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(pic, pic.Bounds(), image.White, image.Point{}, draw.Src)
	for i := range g.Tiles {
		x := montageMargin + i%g.Cols*(tw+montageGap)
		y := montageMargin + i/g.Cols*(th+montageGap)
		m.tile(pic, i, x, y)
	}
	for i := range barW {
		for y := range barH {
			pic.SetRGBA(montageMargin+i, barY+y, m.Colormap.At(uint8(lowIndex+i)))
		}
	}
	labels := []label{
		{m.Low, montageMargin, textY - 2, 0},
		{m.Zero, montageMargin + barW/2, textY - 2, 0.5},
		{m.High, montageMargin + barW, textY - 2, 1},
	}
	for i, line := range m.Caption {
		labels = append(labels, label{line, montageMargin, textY + montageLine*(i+1), 0})
	}
	return pic, labels
}

func (m *Montage) tile(pic *image.RGBA, i, x0, y0 int) {
	s := m.Sheet
	sx, sy := s.Origin(i)
	for y := range s.TileH * m.Zoom {
		row := s.Pix[(sy+y/m.Zoom)*s.PixelW+sx:]
		for x := range s.TileW * m.Zoom {
			pic.SetRGBA(x0+x, y0+y, m.Colormap.At(row[x/m.Zoom]))
		}
	}
}

// PNG draws the montage with the built-in typeface (Go Regular), which has Latin, Greek and Cyrillic letters. Words in
// other scripts give an error and no picture: SVG has no such limit.
func (m *Montage) PNG() ([]byte, error) {
	parsed, err := opentype.Parse(goregular.TTF)
	if err != nil {
		return nil, fmt.Errorf("viz: montage: built-in typeface: %w", err)
	}
	face, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: montageText, DPI: 72, Hinting: font.HintingFull})
	if err != nil {
		return nil, fmt.Errorf("viz: montage: built-in typeface: %w", err)
	}
	defer face.Close()
	pic, labels := m.layout()
	widest := 0
	for _, l := range labels {
		for _, r := range l.text {
			if g, err := parsed.GlyphIndex(nil, r); err != nil || g == 0 {
				return nil, fmt.Errorf("viz: montage: the built-in typeface has no %q: draw the montage as SVG", r)
			}
		}
		widest = max(widest, l.x+font.MeasureString(face, l.text).Ceil())
	}
	pic = widen(pic, widest+montageMargin)
	for _, l := range labels {
		width := font.MeasureString(face, l.text)
		d := font.Drawer{Dst: pic, Src: image.NewUniform(color.RGBA{0x11, 0x16, 0x1a, 0xff}), Face: face, Dot: fixed.P(l.x, l.y)}
		d.Dot.X -= fixed.Int26_6(float64(width) * l.anchor)
		d.DrawString(l.text)
	}
	return encodeRGBA(pic), nil
}

// widen adds white at the right, for captions longer than the picture.
func widen(m *image.RGBA, w int) *image.RGBA {
	if w <= m.Rect.Dx() {
		return m
	}
	out := image.NewRGBA(image.Rect(0, 0, w, m.Rect.Dy()))
	draw.Draw(out, out.Bounds(), image.White, image.Point{}, draw.Src)
	draw.Draw(out, m.Bounds(), m, image.Point{}, draw.Src)
	return out
}

// SVG is the montage as a document of its own: the tiles as an embedded picture, the words as text in any script.
func (m *Montage) SVG() []byte {
	pic, labels := m.layout()
	w, h := pic.Rect.Dx(), pic.Rect.Dy()
	full := w
	for _, l := range labels {
		full = max(full, l.x+textWidth(l.text)+montageMargin)
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img">`, full, h, full, h)
	fmt.Fprintf(&b, `<title>%s</title>`, escape(strings.Join(m.Caption, " ")))
	fmt.Fprintf(&b, `<path fill="#ffffff" d="M0 0H%dV%dH0Z"/>`, full, h)
	fmt.Fprintf(&b, `<image width="%d" height="%d" href="data:image/png;base64,%s"/>`, w, h, base64.StdEncoding.EncodeToString(encodeRGBA(pic)))
	anchors := map[float64]string{0: "start", 0.5: "middle", 1: "end"}
	fmt.Fprintf(&b, `<g font-family="sans-serif" font-size="%d" fill="#11161a">`, montageText)
	for _, l := range labels {
		if l.text != "" {
			fmt.Fprintf(&b, `<text x="%d" y="%d" text-anchor="%s">%s</text>`, l.x, l.y, anchors[l.anchor], escape(l.text))
		}
	}
	b.WriteString("</g></svg>\n")
	return b.Bytes()
}

func escape(s string) string {
	var b strings.Builder
	if err := xml.EscapeText(&b, []byte(s)); err != nil {
		panic("viz: " + err.Error()) // a strings.Builder does not fail
	}
	return b.String()
}

// textWidth is about the width of a line in an unknown typeface: six tenths of an em a character, a whole one for those
// of East Asian scripts.
func textWidth(s string) int {
	w := 0
	for _, r := range s {
		w += montageText * 6
		if r >= 0x1100 {
			w += montageText * 4
		}
	}
	return w / 10
}
