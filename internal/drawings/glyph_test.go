package drawings

import (
	"image"
	"image/color"
	"math"
	"testing"
)

func TestNewGlyphCrops(t *testing.T) {
	img := image.NewNRGBA(image.Rect(-3, -5, 300, 300))
	for y := 40; y < 240; y++ {
		for x := 30; x < 80; x++ {
			img.SetNRGBA(x, y, color.NRGBA{200, 10, 10, 255})
		}
	}
	img.SetNRGBA(10, 10, color.NRGBA{255, 255, 255, 10}) // too faint to count
	g, err := newGlyph(img)
	if err != nil {
		t.Fatal(err)
	}
	b := g.levels[0]
	if b.w != 32 || b.h != 128 {
		t.Errorf("cropped and shrunk to %d×%d, want 32×128", b.w, b.h)
	}
	if c := cover(b); math.Abs(c-1) > 1e-5 {
		t.Errorf("mean alpha %g of a filled rectangle, want 1", c)
	}
	if _, err := newGlyph(image.NewNRGBA(image.Rect(0, 0, 9, 9))); err == nil {
		t.Error("an empty picture was taken")
	}
}

func TestBoxResizeKeepsTheMean(t *testing.T) {
	d := newDice("test", 1, 2, 3)
	for _, to := range [][2]int{{37, 53}, {20, 20}, {1, 1}, {36, 7}} {
		b := newBitmap(37, 53)
		var want float64
		for i := range b.pix {
			b.pix[i] = d.Float32()
			want += float64(b.pix[i])
		}
		want /= float64(len(b.pix))
		var got float64
		out := boxResize(b, to[0], to[1])
		for _, v := range out.pix {
			got += float64(v)
		}
		got /= float64(len(out.pix))
		if math.Abs(got-want) > 1e-4 {
			t.Errorf("to %v: mean %g, want %g", to, got, want)
		}
	}
}

// However a red glyph is turned and resized, no pixel of it may have another colour: the transparent black around it has no say.
func TestDrawHasNoFringes(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 90, 60))
	for y := range 60 {
		for x := range 90 {
			if math.Hypot(float64(x-45)/45, float64(y-30)/30) < 1 {
				img.SetNRGBA(x, y, color.NRGBA{255, 0, 0, 255})
			}
		}
	}
	g, err := newGlyph(img)
	if err != nil {
		t.Fatal(err)
	}
	d := newDice("test", 4, 5, 6)
	for i := range 40 {
		p := turned(d, d.logUniform(8, 200))
		p.cx, p.cy = d.uniform(0, Size), d.uniform(0, Size)
		dst := make([]float32, Size*Size*4)
		g.draw(dst, Size, p)
		for k := 0; k < len(dst); k += 4 {
			if a := dst[k+3]; a < 0 || a > 1+1e-5 || math.Abs(float64(dst[k]-a)) > 1e-5 || dst[k+1] != 0 || dst[k+2] != 0 {
				t.Fatalf("pose %d: pixel %d is %v, want (a, 0, 0, a)", i, k/4, dst[k:k+4])
			}
		}
	}
}

// The area that a drawn glyph covers is that of the glyph, scaled.
func TestDrawKeepsTheArea(t *testing.T) {
	g, err := newGlyph(shape(7, 0))
	if err != nil {
		t.Fatal(err)
	}
	b := g.levels[0]
	for _, size := range []float64{10, 17, 30, 45, 58} {
		p := pose{cx: 32, cy: 32, size: size, rotation: .3, shear: .1, aspect: .2}
		dst := make([]float32, Size*Size*4)
		g.draw(dst, Size, p)
		var got float64
		for k := 3; k < len(dst); k += 4 {
			got += float64(dst[k])
		}
		scale := size / float64(max(b.w, b.h))
		want := cover(b) * float64(b.w*b.h) * scale * scale
		if math.Abs(got-want) > .05*want+1 {
			t.Errorf("size %g: area %.1f, want %.1f", size, got, want)
		}
	}
}

func TestPoseMapsCentreAndCorner(t *testing.T) {
	p := pose{cx: 20, cy: 40, size: 50, rotation: math.Pi / 2}
	m := p.toGlyph(100, 50) // half as large in the picture, a quarter turn
	at := func(x, y float64) (float64, float64) { return m.a*x + m.b*y + m.c, m.d*x + m.e*y + m.f }
	for _, tc := range []struct{ x, y, u, v float64 }{{20, 40, 50, 25}, {20, 65, 100, 25}, {7.5, 40, 50, 50}} {
		if u, v := at(tc.x, tc.y); math.Abs(u-tc.u) > 1e-9 || math.Abs(v-tc.v) > 1e-9 {
			t.Errorf("(%g, %g) lies at (%g, %g) of the glyph, want (%g, %g)", tc.x, tc.y, u, v, tc.u, tc.v)
		}
	}
}

// Nothing of a glyph lies outside of bounds: drawing everywhere gives the same.
func TestBoundsHoldTheGlyph(t *testing.T) {
	d := newDice("test", 7, 8, 9)
	for i := range 2000 {
		w, h := 1+d.IntN(128), 1+d.IntN(128)
		p := turned(d, d.uniform(5, 100))
		p.cx, p.cy = d.uniform(-20, 84), d.uniform(-20, 84)
		x0, y0, x1, y1 := p.bounds(w, h, Size)
		m := p.toGlyph(w, h)
		det := m.a*m.e - m.b*m.d
		for _, corner := range [4][2]float64{{0, 0}, {float64(w), 0}, {0, float64(h)}, {float64(w), float64(h)}} {
			u, v := corner[0]-m.c, corner[1]-m.f
			x, y := (m.e*u-m.b*v)/det, (m.a*v-m.d*u)/det
			inside := x >= 0 && y >= 0 && x < Size && y < Size
			if inside && (x < float64(x0) || y < float64(y0) || x > float64(x1) || y > float64(y1)) {
				t.Fatalf("pose %d: corner at (%.1f, %.1f) is outside of %d…%d × %d…%d", i, x, y, x0, x1, y0, y1)
			}
		}
	}
}
