package diagram

import (
	"strconv"

	"stride/internal/nn/tensor"
)

// ascii holds the advance widths of the interface font (Pretendard, weight 540) for the characters from the space to
// the tilde, in hundredths of an em.
var ascii = [95]uint8{
	24, 27, 38, 61, 61, 89, 62, 20, 36, 36, 49, 64, 27, 44, 26, 35, 62, 45, 59, 62, 63, 61, 62, 56, 62, 62, 26, 26, 64, 64, 64, 50,
	88, 67, 63, 70, 69, 58, 56, 72, 71, 25, 53, 64, 54, 86, 71, 74, 61, 74, 62, 61, 62, 71, 67, 94, 64, 65, 61, 36, 35, 36, 45, 43,
	47, 54, 60, 54, 60, 56, 35, 59, 57, 23, 23, 53, 23, 85, 57, 57, 59, 59, 36, 51, 35, 57, 54, 79, 53, 54, 52, 36, 32, 36, 64,
}

// TextWidth estimates the width of a line in the interface font at a size in pixels. Hangul and other wide characters
// count 0.88 em, unknown ones 0.64.
func TextWidth(s string, size float64) float64 {
	w := 0
	for _, r := range s {
		switch {
		case r >= ' ' && r <= '~':
			w += int(ascii[r-' '])
		case r == '²':
			w += 40
		case r == '·':
			w += 26
		case r >= 0x1100:
			w += 88
		default:
			w += 64
		}
	}
	return float64(w) / 100 * size
}

// MonoWidth is the width of a line in the monospaced font at a size in pixels.
func MonoWidth(s string, size float64) float64 {
	n := 0.0
	for _, r := range s {
		if r >= 0x1100 {
			n += 0.88
		} else {
			n += 0.6
		}
	}
	return n * size
}

// ShapeText writes the shape of one image's maps as briefly as possible: "128×28²", "64×17×9" when the map is not square,
// "1000" for a vector.
func ShapeText(s tensor.Shape) string {
	c := strconv.Itoa(s.C)
	switch {
	case s.PlaneLen() == 1:
		return c
	case s.H == s.W:
		return c + "×" + strconv.Itoa(s.H) + "²"
	}
	return c + "×" + strconv.Itoa(s.H) + "×" + strconv.Itoa(s.W)
}

// The type of the drawings, in pixels.
const (
	textSize    = 12.0
	captionGap  = 20.0 // from the foot of a picture to the baseline of the first line
	captionStep = 17.0 // from line to line
	captionTail = 5.0  // below the last baseline
	pillHeight  = 20.0
	pillStep    = 22.0 // from pill to pill around one edge
)

// captionHeight is what a caption of so many lines takes below its picture.
func captionHeight(lines int) float64 {
	if lines == 0 {
		return 0
	}
	return captionGap + captionStep*float64(lines-1) + captionTail
}

// pillWidth is the width of a pill: margins, glyph, text.
func pillWidth(m Mark) float64 {
	w := 8 + 13 + 4 + TextWidth(m.Text, textSize) + 8
	if m.Sub != "" {
		w += 4 + TextWidth(m.Sub, textSize)
	}
	return w
}
