package drawings

import (
	"errors"
	"image"
	"image/color"
	"io/fs"
	"math"
	"sync"
	"testing"
)

// synthetic returns a set of one made-up style: per class two shapes, discs and bars in the class's own colours.
func synthetic(t testing.TB) *Set {
	t.Helper()
	set := &Set{glyphs: map[Style][][]*glyph{}}
	set.train, set.test = loadTextures()
	for label := range classes {
		var gs []*glyph
		for variant := range 2 {
			g, err := newGlyph(shape(label, variant))
			if err != nil {
				t.Fatal(err)
			}
			gs = append(gs, g)
		}
		set.glyphs[Noto] = append(set.glyphs[Noto], gs)
	}
	return set
}

func shape(label, variant int) image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, 72, 72))
	ink := color.NRGBA{uint8(40 + 5*label), uint8(250 - 6*label), uint8(60 + 97*label%150), 255}
	for y := range 72 {
		for x := range 72 {
			dx, dy := float64(x-36), float64(y-36)
			in := math.Hypot(dx, dy) < 30
			if variant == 1 {
				in = math.Abs(dx) < 28 && math.Abs(dy) < float64(10+label%15)
			}
			if in && (x/8+y/8+label)%5 != 0 {
				img.SetNRGBA(x, y, ink)
			}
		}
	}
	return img
}

var realSet = sync.OnceValues(func() (*Set, error) {
	dir, err := DefaultDir()
	if err != nil {
		return nil, err
	}
	return Load(dir, TrainStyles()...)
})

// cached returns the real drawings, or skips the test with a word why.
func cached(t *testing.T) *Set {
	t.Helper()
	set, err := realSet()
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the drawings are not in the cache; fetch them with go run ./internal/drawings/makepools")
	}
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func TestRealGlyphs(t *testing.T) {
	set := cached(t)
	for _, s := range TrainStyles() {
		for label, gs := range set.glyphs[s] {
			if got, want := len(gs), len(classes[label].Glyphs); got != want {
				t.Errorf("%s %s: %d glyphs, want %d", s, classes[label].ID, got, want)
			}
			for i, g := range gs {
				b := g.levels[0]
				if max(b.w, b.h) < 40 || max(b.w, b.h) > maxGlyph {
					t.Errorf("%s %s: %d×%d pixels", s, classes[label].Glyphs[i], b.w, b.h)
				}
				if c := cover(b); c < .12 {
					t.Errorf("%s %s: covers %.0f %% of its own rectangle", s, classes[label].Glyphs[i], 100*c)
				}
			}
		}
	}
}

// cover is the mean alpha.
func cover(b bitmap) float64 {
	var sum float64
	for i := 3; i < len(b.pix); i += glyphParts {
		sum += float64(b.pix[i])
	}
	return sum / float64(b.w*b.h)
}

// Nearly all pictures must show their object: with the real drawings, at all difficulties.
func TestRealPicturesAreVisible(t *testing.T) {
	set := cached(t)
	for _, s := range TrainStyles() {
		if got := seen(t, set, TrainSpec(s), 108); got < .93 {
			t.Errorf("%s: the object stands out in %.1f %% of the training pictures, want 93", s, 100*got)
		}
		if got := seen(t, set, CleanSpec(s), 108); got < .97 {
			t.Errorf("%s: the object stands out in %.1f %% of the clean pictures, want 97", s, 100*got)
		}
	}
}

// seen is the share of pictures whose object differs enough from what is behind and has at least 90 pixels in the frame.
func seen(t *testing.T, set *Set, spec Spec, n int) float64 {
	t.Helper()
	r, dst := newRenderer(set, Size), make([]uint8, Size*Size*3)
	good := 0
	for i := range n {
		r.render(dst, spec, i)
		if r.lastVisibility > minVisibility && r.objectArea() > 90 {
			good++
		}
	}
	return float64(good) / float64(n)
}

func (r *renderer) objectArea() (area float64) {
	for i := 3; i < len(r.object); i += glyphParts {
		area += float64(r.object[i])
	}
	return area
}
