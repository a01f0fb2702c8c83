package viz

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"

	"stride/internal/nn/tensor"
)

// FilterSheet is first-layer kernels as coloured tiles.
type FilterSheet struct {
	Geometry
	// Image holds the tiles, one pixel a weight.
	Image *image.RGBA
	// Peaks is, for each filter, the magnitude drawn as full or no light; mid-grey is a weight of zero.
	Peaks []float32
}

// Filters draws the kernels of a layer that reads a colour image, weight Out×3×K×K: red, green and blue of a pixel are the
// three weights, mid-grey (128) being zero and the filter's largest magnitude full or no light. With shared the largest
// magnitude of all filters is used for each, so that faint filters look faint. The weights are drawn as they are; what
// they mean in light depends on the preprocessing as well.
func Filters(weight *tensor.Tensor, shared bool) (*FilterSheet, error) {
	s := weight.Shape
	if s.C != 3 {
		return nil, fmt.Errorf("viz: Filters: kernels of %d input channels have no colours, want 3 (use Kernels)", s.C)
	}
	f := &FilterSheet{Geometry: SheetGeometry(tensor.CHW(s.N, s.H, s.W), s.N, true), Peaks: make([]float32, s.N)}
	f.Image = image.NewRGBA(image.Rect(0, 0, f.PixelW, f.PixelH))
	for i := range f.Image.Pix { // empty tiles are zero, too
		f.Image.Pix[i] = 128
		if i%4 == 3 {
			f.Image.Pix[i] = 255
		}
	}
	all := peak(weight.Data)
	for n := range s.N {
		if f.Peaks[n] = all; !shared {
			f.Peaks[n] = peak(weight.Image(n).Data)
		}
		f.draw(weight, n)
	}
	return f, nil
}

func (f *FilterSheet) draw(weight *tensor.Tensor, n int) {
	x0, y0 := f.Origin(n)
	for y := range f.TileH {
		for x := range f.TileW {
			var rgb [3]uint8
			for c := range rgb {
				rgb[c] = light(weight.At(n, c, y, x), f.Peaks[n])
			}
			f.Image.SetRGBA(x0+x, y0+y, color.RGBA{rgb[0], rgb[1], rgb[2], 255})
		}
	}
}

// light maps −peak…peak to 1…255 with 128 for zero, and for what is no number.
func light(w, peak float32) uint8 {
	if peak == 0 || w != w {
		return 128
	}
	return uint8(math.Round(128 + 127*float64(max(-peak, min(w, peak)))/float64(peak)))
}

// peak is the largest finite magnitude.
func peak(v []float32) float32 {
	var p float32
	for _, x := range v {
		if a := max(x, -x); a > p && a <= math.MaxFloat32 {
			p = a
		}
	}
	return p
}

// PNG is the tiles as a picture, each weight a square of zoom×zoom pixels.
func (f *FilterSheet) PNG(zoom int) []byte { return encodeRGBA(zoomRGBA(f.Image, zoom)) }

// Kernels is the slices of all kernels that read input channel ic, weight Out×C×K×K, as a signed sheet: tile i belongs to
// output channel i. Each has its own scale unless shared.
func Kernels(weight *tensor.Tensor, ic int, shared bool) *Sheet {
	s := weight.Shape
	slices := tensor.New(tensor.CHW(s.N, s.H, s.W))
	for n := range s.N {
		copy(slices.Plane(0, n).Data, weight.Plane(n, ic).Data)
	}
	o := SheetOptions{Channels: firstChannels(s.N), Signed: true, FullSize: true}
	if shared {
		scale := LayerScale(slices, 0, true)
		o.Shared = &scale
	}
	return NewSheet(slices, 0, o)
}

func zoomRGBA(m *image.RGBA, zoom int) *image.RGBA {
	if zoom < 1 {
		panic(fmt.Sprintf("viz: zoom = %d, want at least 1", zoom))
	}
	b := m.Bounds()
	out := image.NewRGBA(image.Rect(0, 0, b.Dx()*zoom, b.Dy()*zoom))
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			out.SetRGBA(x, y, m.RGBAAt(b.Min.X+x/zoom, b.Min.Y+y/zoom))
		}
	}
	return out
}

// encodeRGBA writes true colour: downloads and pictures over photos, where nobody waits for milliseconds.
func encodeRGBA(m *image.RGBA) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		panic("viz: " + err.Error()) // only for sizes that could not have been drawn
	}
	return b.Bytes()
}
