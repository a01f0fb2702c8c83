package viz

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
	"slices"
	"testing"

	"stride/internal/nn/tensor"
	"stride/internal/viz/viztest"
)

// hills is a map with a value that can be worked out at every place, of both signs.
func hills(c, h, w int) *tensor.Tensor {
	t := tensor.New(tensor.CHW(c, h, w))
	for i := range c {
		for y := range h {
			for x := range w {
				v := math.Sin(float64(y+2*i)/4) * math.Cos(float64(x)/(3+float64(i)))
				t.Set(0, i, y, x, float32(math.Round(v*1024)/1024)) // no last-bit differences between machines
			}
		}
	}
	return t
}

func photo(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.SetRGBA(x, y, color.RGBA{uint8(x * 255 / w), uint8(y * 255 / h), 120, 255})
		}
	}
	return m
}

func TestGoldenPictures(t *testing.T) {
	x := hills(12, 14, 14)
	rectified := x.Clone()
	for i, v := range rectified.Data {
		rectified.Data[i] = max(0, v)
	}
	viztest.Golden(t, "sheet-vik.png", NewSheet(x, 0, SheetOptions{Signed: true}).PNG(Vik))
	viztest.Golden(t, "sheet-mako.png", NewSheet(rectified, 0, SheetOptions{}).PNG(Mako))
	viztest.Golden(t, "heat.png", PhotoPNG(Heat(photo(112, 80), rectified.Plane(0, 3))))
	for _, c := range append(Sequential(), Vik) {
		viztest.Golden(t, "legend-"+c.Name+".png", c.Legend())
	}
}

func TestColormapTables(t *testing.T) {
	// The ends as their authors publish them.
	for _, tc := range []struct {
		c         *Colormap
		low, high color.RGBA
	}{
		{Viridis, color.RGBA{0x44, 0x02, 0x56, 255}, color.RGBA{0xfd, 0xe7, 0x25, 255}},
		{Inferno, color.RGBA{0x01, 0x00, 0x05, 255}, color.RGBA{0xfc, 0xff, 0xa4, 255}},
		{Vik, color.RGBA{0x01, 0x14, 0x62, 255}, color.RGBA{0x59, 0x00, 0x08, 255}},
	} {
		if got := tc.c.At(lowIndex); got != tc.low {
			t.Errorf("%s starts with %v, want %v", tc.c.Name, got, tc.low)
		}
		if got := tc.c.At(highIndex); got != tc.high {
			t.Errorf("%s ends with %v, want %v", tc.c.Name, got, tc.high)
		}
	}
	light := func(c color.RGBA) float64 { return 0.2126*float64(c.R) + 0.7152*float64(c.G) + 0.0722*float64(c.B) }
	for _, c := range Sequential() {
		for i := lowIndex; i < highIndex; i++ {
			if light(c.At(uint8(i+1))) < light(c.At(uint8(i)))-1.5 {
				t.Errorf("%s gets darker at step %d", c.Name, i)
			}
		}
		for i := lowIndex; i <= highIndex; i++ {
			if c.At(uint8(i)) == NotANumber || Vik.At(uint8(i)) == NotANumber {
				t.Errorf("%s contains the colour for no number", c.Name)
			}
		}
	}
	if got := Vik.CSSGradient(3); got != "linear-gradient(90deg,#011462,#ece5e0,#590008)" {
		t.Errorf("gradient of vik is %s", got)
	}
	if c, ok := ColormapByName("inferno"); !ok || c != Inferno {
		t.Error("inferno is not found")
	}
	if _, ok := ColormapByName("jet"); ok {
		t.Error("jet is found")
	}
	if ColormapFor(Inferno, Scale{Signed: true}) != Vik || ColormapFor(Vik, Scale{}) != Mako || ColormapFor(Grey, Scale{}) != Grey || ColormapFor(nil, Scale{}) != Mako {
		t.Error("signed maps must be vik, others never")
	}
	if got := decodeIndices(t, Mako.Legend()); got.Pix[0] != lowIndex || got.Pix[254] != highIndex {
		t.Error("the legend does not run from the low to the high step")
	}
}

func TestFilters(t *testing.T) {
	w := tensor.New(tensor.Shape{N: 2, C: 3, H: 2, W: 2})
	w.Set(0, 0, 0, 0, -2) // red taken away
	w.Set(0, 1, 0, 0, 2)  // green added
	w.Set(1, 2, 1, 1, 1)  // a fainter filter
	own, err := Filters(w, false)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := own.Image.RGBAAt(0, 0), (color.RGBA{1, 255, 128, 255}); got != want {
		t.Errorf("first weight is %v, want %v", got, want)
	}
	x, y := own.Origin(1)
	if got, want := own.Image.RGBAAt(x+1, y+1), (color.RGBA{128, 128, 255, 255}); got != want {
		t.Errorf("weight of the faint filter is %v, want %v", got, want)
	}
	shared, err := Filters(w, true)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := shared.Image.RGBAAt(x+1, y+1), (color.RGBA{128, 128, 192, 255}); got != want {
		t.Errorf("on the shared scale it is %v, want %v", got, want)
	}
	if m, err := png.Decode(bytes.NewReader(own.PNG(7))); err != nil || m.Bounds().Dx() != own.PixelW*7 {
		t.Errorf("picture: %v", err)
	}
	if _, err := Filters(tensor.New(tensor.CHW(6, 5, 5)), false); err == nil {
		t.Error("kernels of six channels are drawn as colours")
	}
	k := Kernels(w, 0, true)
	if got := k.Pix[0]; got != lowIndex || k.Tiles != 2 {
		t.Errorf("kernel slice has index %d, want %d: −2 is the low end", got, lowIndex)
	}
}

func TestHeat(t *testing.T) {
	m := photo(40, 40)
	for name, p := range map[string]tensor.Plane{
		"zero":     {H: 2, W: 2, Data: make([]float32, 4)},
		"negative": {H: 2, W: 2, Data: []float32{-1, -2, -3, -4}},
		"broken":   {H: 2, W: 2, Data: []float32{nan, inf, ninf, nan}},
	} {
		if got := Heat(m, p); !bytes.Equal(got.Pix, m.Pix) {
			t.Errorf("%s map changes the photo", name)
		}
	}
	got := Heat(m, tensor.Plane{H: 2, W: 2, Data: []float32{0, 0, 0, 5}})
	if got.RGBAAt(0, 0) != m.RGBAAt(0, 0) {
		t.Error("the cold corner changed")
	}
	// A quarter of the photo, three quarters of inferno's last colour, #fcffa4.
	p := m.RGBAAt(39, 39)
	want := color.RGBA{uint8((int(p.R) + 3*0xfc + 2) / 4), uint8((int(p.G) + 3*0xff + 2) / 4), uint8((int(p.B) + 3*0xa4 + 2) / 4), 255}
	if c := got.RGBAAt(39, 39); c != want {
		t.Errorf("the hot corner is %v, want %v", c, want)
	}
}

func TestHistogram(t *testing.T) {
	for name, v := range scaleCases() {
		h := NewHistogram(v, 40)
		if len(h.Counts) > 40 {
			t.Errorf("%s: %d bins, want at most 40", name, len(h.Counts))
		}
		sum, finite, zeros := 0, 0, 0
		for _, n := range h.Counts {
			sum += n
		}
		counts := make([]int, len(h.Counts))
		for _, x := range v {
			f := float64(x)
			if f-f != 0 {
				continue
			}
			finite++
			if x == 0 {
				zeros++
			}
			// The bin by comparing with the edges, the last one closed.
			i := 0
			for i+1 < len(counts) && f >= h.Edge(i+1) {
				i++
			}
			counts[i]++
		}
		if sum != finite || h.NonFinite != len(v)-finite || h.Zeros != zeros || h.Values != len(v) {
			t.Errorf("%s: %+v, want %d finite and %d zeros of %d", name, h, finite, zeros, len(v))
		}
		off := 0
		for i := range counts {
			off += max(counts[i]-h.Counts[i], h.Counts[i]-counts[i])
		}
		if off > len(v)/100 { // a value on an edge may fall either way
			t.Errorf("%s: counts %v, by the edges %v", name, h.Counts, counts)
		}
	}
	h := NewHistogram([]float32{-1, -0.1, 0, 0, 0.1, 2}, 10)
	edges := make([]float64, len(h.Counts)+1)
	for i := range edges {
		edges[i] = h.Edge(i)
	}
	z := slices.Index(edges, 0)
	if z < 0 || h.Counts[z] != 3 || h.Zeros != 2 {
		t.Errorf("edges %v, counts %v: zero must be an edge, with 0, 0 and 0.1 to its right", edges, h.Counts)
	}
}
