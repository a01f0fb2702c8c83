package input

import (
	"context"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// readPNG decodes a stored reference with the standard library alone.
func readPNG(t *testing.T, name string) image.Image {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m, err := png.Decode(f)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return m
}

// goldenRGB is a stored reference, pixel by pixel through image.Image.At.
func goldenRGB(t *testing.T, name string) *RGB {
	t.Helper()
	m := readPNG(t, name)
	b := m.Bounds()
	p := NewRGB(b.Dx(), b.Dy())
	for y := range p.H {
		for x := range p.W {
			r, g, bl, a := m.At(x, y).RGBA()
			if a != 0xffff {
				t.Fatalf("%s: reference is not opaque", name)
			}
			copy(p.Pix[3*(y*p.W+x):], []uint8{uint8(r >> 8), uint8(g >> 8), uint8(bl >> 8)})
		}
	}
	return p
}

func goldenGray(t *testing.T, name string) *Gray {
	t.Helper()
	m := readPNG(t, name).(*image.Gray)
	return &Gray{m.Rect.Dx(), m.Rect.Dy(), m.Pix}
}

// difference is the largest difference of two byte slices and the share of equal values.
func difference(a, b []uint8) (largest int, equal float64) {
	same := 0
	for i := range a {
		d := int(a[i]) - int(b[i])
		largest = max(largest, d, -d)
		if d == 0 {
			same++
		}
	}
	return largest, float64(same) / float64(len(a))
}

func decodeFile(t *testing.T, name string) (*RGB, Info) {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	p, info, err := Decode(context.Background(), data, Limits{})
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return p, info
}

// TestDecodeLikePillow compares every encoded picture with what Pillow reads from it.
func TestDecodeLikePillow(t *testing.T) {
	for _, pattern := range []string{"*.jpg", "*.webp", "*.gif"} {
		files, err := filepath.Glob(filepath.Join("testdata/colour", pattern))
		if err != nil || len(files) < 2 {
			t.Fatalf("%s: %d files, %v", pattern, len(files), err)
		}
		for _, name := range files {
			base := strings.TrimSuffix(filepath.Base(name), filepath.Ext(name))
			if base == "arithmetic" || base == "animated" {
				continue
			}
			t.Run(filepath.Base(name), func(t *testing.T) {
				got, _ := decodeFile(t, name)
				want := goldenRGB(t, filepath.Join("testdata/colour", base+".png"))
				if got.W != want.W || got.H != want.H {
					t.Fatalf("got %d×%d, want %d×%d", got.W, got.H, want.W, want.H)
				}
				// image/jpeg rounds its inverse DCT otherwise than libjpeg-turbo; nothing else may differ.
				most, least := 0, 1.0
				if pattern == "*.jpg" {
					most, least = 2, 0.9
				}
				if largest, equal := difference(got.Pix, want.Pix); largest > most || equal < least {
					t.Errorf("largest difference %d, want at most %d; equal %.4f, want at least %v", largest, most, equal, least)
				}
			})
		}
	}
}

func TestResizeEqualsPillow(t *testing.T) {
	src := goldenRGB(t, "testdata/resize/source.png")
	grey := goldenGray(t, "testdata/resize/grey.png")
	if got := src.Gray(); string(got.Pix) != string(grey.Pix) {
		t.Errorf("Gray differs from Pillow's convert(\"L\")")
	}
	files, err := filepath.Glob("testdata/resize/*-bi*.png")
	if err != nil || len(files) != 24 {
		t.Fatalf("%d references, want 24 (%v)", len(files), err)
	}
	for _, name := range files {
		base := strings.TrimSuffix(filepath.Base(name), ".png")
		t.Run(base, func(t *testing.T) {
			rest, isGrey := strings.CutPrefix(base, "grey-")
			_, filter, _ := strings.Cut(rest, "-")
			var got, want []uint8
			if isGrey {
				w := goldenGray(t, name)
				got, want = ResizeGray(grey, w.W, w.H, Filter(filter)).Pix, w.Pix
			} else {
				w := goldenRGB(t, name)
				got, want = Resize(src, w.W, w.H, Filter(filter)).Pix, w.Pix
			}
			if largest, equal := difference(got, want); largest != 0 {
				t.Errorf("largest difference %d, equal %.4f", largest, equal)
			}
		})
	}
}
