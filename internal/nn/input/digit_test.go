package input

import (
	"errors"
	"image"
	"math"
	"testing"
)

// seven is a seven drawn with two strokes' worth of points, shifted and scaled on the pad.
func seven(t *testing.T, x, y, scale float64) *Gray {
	t.Helper()
	var s []Point
	for _, p := range []Point{{0, 0}, {0.5, 0.02}, {0.45, 0.3}, {0.25, 0.8}} {
		s = append(s, Point{x + p.X*scale, y + p.Y*scale})
	}
	g, err := Draw([][]Point{s}, DefaultPen*scale)
	if err != nil {
		t.Fatal(err)
	}
	return g
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
	want := Normalize(seven(t, 0.2, 0.1, 1))
	checkMNIST(t, "seven", want)
	for name, g := range map[string]*Gray{
		"small in a corner": seven(t, 0.05, 0.05, 0.5), "elsewhere": seven(t, 0.4, 0.2, 0.9),
		"dark on light": invert(seven(t, 0.2, 0.1, 1)), "at 280": ResizeGray(seven(t, 0.2, 0.1, 1), 280, 280, Bilinear),
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
	if got := Normalize(invert(seven(t, 0.2, 0.1, 1))); string(got.Gray.Pix) != string(want.Gray.Pix) {
		t.Error("dark on light is not the same digit")
	}
}

// TestNormalizeKeepsMNIST: what is in MNIST's form already stays as it is.
func TestNormalizeKeepsMNIST(t *testing.T) {
	d := Normalize(seven(t, 0.2, 0.1, 1)).Gray
	var inner []uint8
	for y := 2; y < 30; y++ {
		inner = append(inner, d.Pix[y*32+2:y*32+30]...)
	}
	g, err := NewDrawing(28, 28, inner)
	if err != nil {
		t.Fatal(err)
	}
	if got := FromMNIST(inner); string(got.Pix) != string(d.Pix) {
		t.Error("FromMNIST is not the inverse of cutting out 28×28")
	}
	// The strongest ink of the second round is stretched from 254 or so to 255 again.
	if largest, equal := difference(Normalize(g).Gray.Pix, d.Pix); largest > 2 {
		t.Errorf("normalised twice: largest difference %d, equal %.3f", largest, equal)
	}
}

// TestNormalizePhoto: uneven paper does not stretch the box.
func TestNormalizePhoto(t *testing.T) {
	clean := seven(t, 0.25, 0.15, 0.8)
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

func TestDrawingRefusals(t *testing.T) {
	dot := func(x, y float64) [][]Point { return [][]Point{{{x, y}}} }
	many := [][]Point{make([]Point, maxPoints), make([]Point, 1)}
	draw := func(s [][]Point, pen float64) error { _, err := Draw(s, pen); return err }
	raster := func(w, h, n int) error { _, err := NewDrawing(w, h, make([]uint8, n)); return err }
	for _, c := range []struct {
		name string
		err  error
		want Code
	}{
		{"NaN", draw(dot(math.NaN(), 0), DefaultPen), BadDrawing},
		{"negative", draw(dot(0, -1), DefaultPen), BadDrawing},
		{"1e308", draw(dot(1e308, 0), DefaultPen), BadDrawing},
		{"infinite", draw(dot(0, math.Inf(1)), DefaultPen), BadDrawing},
		{"too many points", draw(many, DefaultPen), BadDrawing},
		{"pen of nothing", draw(dot(0, 0), 0), BadDrawing},
		{"pen that is not a number", draw(dot(0, 0), math.NaN()), BadDrawing},
		{"10000² raster", raster(10000, 10000, 0), TooManyPixels},
		{"281 wide", raster(281, 28, 281*28), TooManyPixels},
		{"27 high", raster(28, 27, 28*27), BadDrawing},
		{"negative side", raster(-28, -28, 784), BadDrawing},
		{"too few values", raster(28, 28, 783), BadDrawing},
		{"too many values", raster(28, 28, 785), BadDrawing},
	} {
		var e *Error
		if !errors.As(c.err, &e) || e.Code != c.want || e.Error() == "" {
			t.Errorf("%s: %v, want %s", c.name, c.err, c.want)
		}
	}
	if err := raster(280, 28, 280*28); err != nil {
		t.Errorf("280×28: %v", err)
	}
}

func TestDraw(t *testing.T) {
	empty, err := Draw(nil, DefaultPen)
	if err != nil || !Normalize(empty).Empty {
		t.Errorf("no strokes: %v", err)
	}
	// A dot of radius r covers about πr² pixels; on the pad's corner a quarter of it is left.
	for _, c := range []struct{ x, share float64 }{{0.5, 1}, {0, 0.25}, {1, 0.25}} {
		g, err := Draw([][]Point{{{c.x, c.x}}}, 0.2)
		if err != nil {
			t.Fatal(err)
		}
		var sum float64
		for _, v := range g.Pix {
			sum += float64(v) / 255
		}
		r := 0.2 * drawingRaster / 2
		if want := math.Pi * r * r * c.share; math.Abs(sum-want) > 0.02*want {
			t.Errorf("dot at %v covers %.1f pixels, want %.1f", c.x, sum, want)
		}
	}
}
