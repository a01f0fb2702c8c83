package woff2

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/go-text/typesetting/font"
	"golang.org/x/image/font/sfnt"
)

const fonts = "../../../web/static/fonts"

// TestFonts unpacks every font of the product and reads it with two readers.
func TestFonts(t *testing.T) {
	names, err := filepath.Glob(fonts + "/*.woff2")
	if err != nil || len(names) < 90 {
		t.Fatal(len(names), err)
	}
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		ttf, err := Decode(b)
		if err != nil {
			t.Errorf("%s: %v", filepath.Base(name), err)
			continue
		}
		if _, err := font.ParseTTF(bytes.NewReader(ttf)); err != nil {
			t.Errorf("%s: %v", filepath.Base(name), err)
		}
		if _, err := sfnt.Parse(ttf); err != nil {
			t.Errorf("%s: %v", filepath.Base(name), err)
		}
	}
}

// TestOutlines holds letters to what is known of them: digits of the fixed-width face are equally wide, letters stand on
// the baseline, an accented letter is made of two.
func TestOutlines(t *testing.T) {
	b, err := os.ReadFile(fonts + "/mono-latin.woff2")
	if err != nil {
		t.Fatal(err)
	}
	ttf, err := Decode(b)
	if err != nil {
		t.Fatal(err)
	}
	face, err := font.ParseTTF(bytes.NewReader(ttf))
	if err != nil {
		t.Fatal(err)
	}
	extents := func(r rune) font.GlyphExtents {
		id, ok := face.NominalGlyph(r)
		if !ok {
			t.Fatalf("no %c", r)
		}
		if w := face.HorizontalAdvance(id); w != 600 {
			t.Errorf("%c is %g wide, want 600 of 1000", r, w)
		}
		e, ok := face.GlyphExtents(id)
		if !ok {
			t.Fatalf("no outline of %c", r)
		}
		return e
	}
	h, i, dotted := extents('H'), extents('E'), extents('Ä')
	if h.YBearing != 730 || h.YBearing+h.Height != 0 || i.YBearing != h.YBearing {
		t.Errorf("H reaches from %g to %g, want the capitals' height of 730 on the baseline", h.YBearing+h.Height, h.YBearing)
	}
	if dotted.YBearing <= h.YBearing || dotted.YBearing+dotted.Height != 0 {
		t.Errorf("Ä reaches from %g to %g", dotted.YBearing+dotted.Height, dotted.YBearing)
	}
}

func FuzzDecode(f *testing.F) {
	b, err := os.ReadFile(fonts + "/mono-greek.woff2")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add(b[:100])
	f.Add([]byte("wOF2"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if ttf, err := Decode(b); err == nil && len(ttf) < 12 {
			t.Errorf("%d bytes", len(ttf))
		}
	})
}

// TestGlyphStreams puts an outline together by hand: a triangle in each of the four lengths of a step.
func TestGlyphStreams(t *testing.T) {
	for _, c := range []struct {
		name   string
		flag   byte
		bytes  []byte
		dx, dy int
	}{
		{"up", 1, []byte{5}, 0, 5}, {"down, far", 8, []byte{1}, 0, -(4*256 + 1)}, {"left", 10, []byte{7}, -7, 0},
		{"short", 20 + 3, []byte{0x21}, 3, 2}, {"two bytes", 84, []byte{9, 4}, -10, -5}, {"twelve bits", 123, []byte{0x12, 0x34, 0x56}, 0x123, 0x456}, {"sixteen bits", 126, []byte{1, 2, 3, 4}, -0x102, 0x304},
	} {
		dx, dy := triplet(&reader{b: c.bytes}, c.flag)
		if dx != c.dx || dy != c.dy {
			t.Errorf("%s: got %d, %d, want %d, %d", c.name, dx, dy, c.dx, c.dy)
		}
	}
}
