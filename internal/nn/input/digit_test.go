package input

import (
	"image"
	"math"
	"testing"
)

// seven is a seven drawn with two strokes' worth of points, shifted and scaled on the pad.
func seven(x, y, scale float64) *Gray {
	var s []point
	for _, p := range []point{{0, 0}, {0.5, 0.02}, {0.45, 0.3}, {0.25, 0.8}} {
		s = append(s, point{x + p.X*scale, y + p.Y*scale})
	}
	return drawn(s, pen*scale)
}

// invert turns light on dark into dark on light.
func invert(g *Gray) *Gray {
	q := NewGray(g.W, g.H)
	for i, v := range g.Pix {
		q.Pix[i] = 255 - v
	}
	return q
}

// checkMNIST holds a digit to MNIST's convention: ink box of 20, mass in the middle, the two outer pixels free.
func checkMNIST(t *testing.T, name string, d Digit) {
	t.Helper()
	if d.Gray.W != 32 || d.Gray.H != 32 || d.Empty {
		t.Errorf("%s: %d×%d, empty %v", name, d.Gray.W, d.Gray.H, d.Empty)
		return
	}
	box := inkBox(d.Gray, 1)
	if side := max(box.Dx(), box.Dy()); side != digitBox || !box.In(image.Rect(2, 2, 30, 30)) {
		t.Errorf("%s: ink in %v, want a longer side of %d inside 28×28", name, box, digitBox)
	}
	var sum, sx, sy float64
	for i, v := range d.Gray.Pix {
		sum += float64(v)
		sx += float64(v) * (float64(i%32) + 0.5)
		sy += float64(v) * (float64(i/32) + 0.5)
	}
	if cx, cy := sx/sum, sy/sum; math.Abs(cx-16.5) > 0.51 || math.Abs(cy-16.5) > 0.51 {
		t.Errorf("%s: centre of mass %.2f, %.2f, want 16.5 ± 0.5", name, cx, cy)
	}
}

func TestNormalize(t *testing.T) {
	want := Normalize(seven(0.2, 0.1, 1))
	checkMNIST(t, "seven", want)
	for name, g := range map[string]*Gray{
		"small in a corner": seven(0.05, 0.05, 0.5), "elsewhere": seven(0.4, 0.2, 0.9),
		"dark on light": invert(seven(0.2, 0.1, 1)), "at 280": ResizeGray(seven(0.2, 0.1, 1), 280, 280, Bilinear),
	} {
		got := Normalize(g)
		checkMNIST(t, name, got)
		if got.Inverted != (name == "dark on light") {
			t.Errorf("%s: inverted %v", name, got.Inverted)
		}
		var diff float64
		for i, v := range got.Gray.Pix {
			diff += math.Abs(float64(v) - float64(want.Gray.Pix[i]))
		}
		// The same digit at another size differs only where its edges are sampled otherwise.
		if mean := diff / (32 * 32); mean > 8 {
			t.Errorf("%s: differs by %.1f grey levels on average", name, mean)
		}
	}
	if got := Normalize(invert(seven(0.2, 0.1, 1))); string(got.Gray.Pix) != string(want.Gray.Pix) {
		t.Error("dark on light is not the same digit")
	}
}

// TestNormalizeKeepsMNIST: what is in MNIST's form already stays as it is.
func TestNormalizeKeepsMNIST(t *testing.T) {
	d := Normalize(seven(0.2, 0.1, 1)).Gray
	var inner []uint8
	for y := 2; y < 30; y++ {
		inner = append(inner, d.Pix[y*32+2:y*32+30]...)
	}
	g := &Gray{28, 28, inner}
	// The strongest ink of the second round is stretched from 254 or so to 255 again.
	if largest, equal := difference(Normalize(g).Gray.Pix, d.Pix); largest > 2 {
		t.Errorf("normalised twice: largest difference %d, equal %.3f", largest, equal)
	}
}

// TestNormalizePhoto: uneven paper does not stretch the box.
func TestNormalizePhoto(t *testing.T) {
	clean := seven(0.25, 0.15, 0.8)
	photo := NewGray(clean.W, clean.H)
	seed := uint32(1)
	for i, v := range clean.Pix {
		seed = seed*1664525 + 1013904223
		photo.Pix[i] = uint8(200 + int(seed>>28) - int(v)*150/255)
	}
	got, want := Normalize(photo), Normalize(clean)
	checkMNIST(t, "photo", got)
	if !got.Inverted {
		t.Error("dark ink on light paper is not inverted")
	}
	if d := got.Box.Union(want.Box); d.Dx() > want.Box.Dx()+2 || d.Dy() > want.Box.Dy()+2 {
		t.Errorf("ink found in %v, want about %v", got.Box, want.Box)
	}
}

func TestNormalizeDegenerate(t *testing.T) {
	dot := NewGray(28, 28)
	dot.Pix[3*28+25] = 255
	if d := Normalize(dot); d.Empty || d.Box != image.Rect(25, 3, 26, 4) {
		t.Errorf("one pixel: %+v", d)
	} else {
		checkMNIST(t, "one pixel", d)
	}
	line := NewGray(280, 28) // far flatter than a pixel of the box
	for x := range 280 {
		line.Pix[14*280+x] = 255
	}
	if d := Normalize(line); d.Empty || inkBox(d.Gray, 1).Dx() != digitBox {
		t.Errorf("line: ink in %v", inkBox(d.Gray, 1))
	}
	for _, fill := range []uint8{0, 255, 128} {
		g := NewGray(28, 28)
		for i := range g.Pix {
			g.Pix[i] = fill
		}
		g.Pix[100] ^= 3 // noise is not ink
		d := Normalize(g)
		if !d.Empty || len(d.Gray.Pix) != 32*32 || inkBox(d.Gray, 1).Dx() > 0 {
			t.Errorf("flat %d: %+v", fill, d)
		}
		for _, v := range LeNet().GrayTensor(d.Gray).Data {
			if v != LeNet().values(0)[0] {
				t.Fatalf("flat %d: value %v", fill, v)
			}
		}
	}
	if d := Normalize(NewGray(1, 1)); !d.Empty {
		t.Errorf("1×1: %+v", d)
	}
}
