package drawings

import (
	"bytes"
	"fmt"
	"image"
	_ "image/png" // Noto, Twemoji
	"os"
	"path/filepath"

	_ "golang.org/x/image/webp" // Fluent
)

const (
	maxGlyph   = 128       // glyphs are kept no larger, in pixels
	seenAlpha  = 16 / 255. // what is less opaque does not count when a glyph is cropped
	glyphParts = 4         // components of a pixel: red, green, blue, alpha, colours multiplied by alpha
)

// bitmap is a picture in float32, h×w×4, colours 0…1 multiplied by alpha: only so do averages of neighbours come out right at
// the edge, where a transparent neighbour has no colour.
type bitmap struct {
	w, h int
	pix  []float32
}

// glyph is a drawing as a pyramid: each level has half the size of the one before, so that shrinking never skips pixels.
type glyph struct{ levels []bitmap }

// Set holds the decoded drawings of some styles and the textures for backgrounds. It is read-only after [Load]; its methods
// may be called from several goroutines.
type Set struct {
	glyphs map[Style][][]*glyph // per class, per glyph
	train  *textures
	test   *textures
}

// Load decodes the drawings of the styles from dir, where [Fetch] has put them, and checks their digests.
func Load(dir string, styles ...Style) (*Set, error) {
	set := &Set{glyphs: map[Style][][]*glyph{}}
	for _, s := range styles {
		if err := check(dir, s); err != nil {
			return nil, fmt.Errorf("drawings: %s is not ready: %w", s, err)
		}
		for _, c := range classes {
			var gs []*glyph
			for _, code := range c.Glyphs {
				g, err := loadGlyph(filepath.Join(glyphDir(dir, s), code+cachedExt(s)))
				if err != nil {
					return nil, fmt.Errorf("drawings: %s of %s: %w", code, s, err)
				}
				gs = append(gs, g)
			}
			set.glyphs[s] = append(set.glyphs[s], gs)
		}
	}
	set.train, set.test = loadTextures()
	return set, nil
}

func loadGlyph(path string) (*glyph, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	img, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	return newGlyph(img)
}

// newGlyph crops a picture to what can be seen of it and shrinks it to at most maxGlyph pixels.
func newGlyph(img image.Image) (*glyph, error) {
	b := cropSeen(toBitmap(img))
	if b.w == 0 {
		return nil, fmt.Errorf("the picture is empty")
	}
	if long := max(b.w, b.h); long > maxGlyph {
		b = boxResize(b, max(1, b.w*maxGlyph/long), max(1, b.h*maxGlyph/long))
	}
	g := &glyph{levels: []bitmap{b}}
	for b.w > 4 && b.h > 4 {
		b = boxResize(b, (b.w+1)/2, (b.h+1)/2)
		g.levels = append(g.levels, b)
	}
	return g, nil
}

func toBitmap(img image.Image) bitmap {
	r := img.Bounds()
	b := newBitmap(r.Dx(), r.Dy())
	i := 0
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			red, green, blue, alpha := img.At(x, y).RGBA() // multiplied by alpha, as image/color defines it
			for _, v := range [glyphParts]uint32{red, green, blue, alpha} {
				b.pix[i] = float32(v) / 0xffff
				i++
			}
		}
	}
	return b
}

func newBitmap(w, h int) bitmap { return bitmap{w, h, make([]float32, w*h*glyphParts)} }

// cropSeen returns the smallest rectangle that holds all pixels with an alpha above seenAlpha; 0×0 if there is none.
func cropSeen(b bitmap) bitmap {
	x0, y0, x1, y1 := b.w, b.h, 0, 0
	for y := range b.h {
		for x := range b.w {
			if b.pix[(y*b.w+x)*glyphParts+3] > seenAlpha {
				x0, y0, x1, y1 = min(x0, x), min(y0, y), max(x1, x+1), max(y1, y+1)
			}
		}
	}
	if x1 == 0 {
		return bitmap{}
	}
	out := newBitmap(x1-x0, y1-y0)
	for y := range out.h {
		row := ((y+y0)*b.w + x0) * glyphParts
		copy(out.pix[y*out.w*glyphParts:], b.pix[row:row+out.w*glyphParts])
	}
	return out
}

// boxResize shrinks b to w×h by averaging; each pixel of b counts by the area it shares with the new one.
func boxResize(b bitmap, w, h int) bitmap {
	across := newBitmap(w, b.h)
	boxPass(across.pix, b.pix, b.h, b.w, w, b.w*glyphParts, glyphParts, w*glyphParts, glyphParts)
	out := newBitmap(w, h)
	boxPass(out.pix, across.pix, w, b.h, h, glyphParts, w*glyphParts, glyphParts, w*glyphParts)
	return out
}

// boxPass averages lines of n pixels to m pixels. A line starts every srcLine (dstLine) values, its pixels are srcStep
// (dstStep) values apart.
func boxPass(dst, src []float32, lines, n, m, srcLine, srcStep, dstLine, dstStep int) {
	ratio := float64(n) / float64(m)
	for j := range m {
		lo, hi := float64(j)*ratio, float64(j+1)*ratio
		for i := int(lo); i < n && float64(i) < hi; i++ {
			share := float32((min(hi, float64(i+1)) - max(lo, float64(i))) / ratio)
			for l := range lines {
				s, d := src[l*srcLine+i*srcStep:], dst[l*dstLine+j*dstStep:]
				for c := range glyphParts {
					d[c] += share * s[c]
				}
			}
		}
	}
}
