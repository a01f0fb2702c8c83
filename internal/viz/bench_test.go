package viz

import (
	"bytes"
	"image"
	"image/png"
	"io"
	"math/rand/v2"
	"testing"

	"github.com/klauspost/compress/zlib"

	"stride/internal/nn/tensor"
)

// stem is what a reader waits for first: 64 maps of 112×112, about half of the values zero, smooth with noise, as after
// ResNet's first ReLU.
func stem() *tensor.Tensor {
	const side, knots = 112, 16
	r := rand.New(rand.NewPCG(1, 2))
	t := tensor.New(tensor.CHW(64, side, side))
	for c := range 64 {
		var grid [knots][knots]float64
		for i := range grid {
			for j := range grid[i] {
				grid[i][j] = r.NormFloat64()
			}
		}
		for y := range side {
			for x := range side {
				fy, fx := float64(y)/side*(knots-1), float64(x)/side*(knots-1)
				iy, ix := int(fy), int(fx)
				fy, fx = fy-float64(iy), fx-float64(ix)
				v := (grid[iy][ix]*(1-fx)+grid[iy][ix+1]*fx)*(1-fy) + (grid[iy+1][ix]*(1-fx)+grid[iy+1][ix+1]*fx)*fy
				t.Set(0, c, y, x, float32(max(0, v+0.15*r.NormFloat64())))
			}
		}
	}
	return t
}

// BenchmarkSheet is the whole way from tensor to picture, in its parts. On one core of an AMD EPYC, best of 60 rounds of
// three: scales 1.3 ms, quantise into the sheet 0.8 ms, encode 2.6 ms for 896×896 pixels; the page's reduced sheet 4.1 ms
// altogether.
func BenchmarkSheet(b *testing.B) {
	t := stem()
	full := NewSheet(t, 0, SheetOptions{FullSize: true})
	shared := LayerScale(t, 0, false)
	b.Run("scale", func(b *testing.B) {
		for b.Loop() {
			for c := range t.Shape.C {
				ScaleFor(t.Plane(0, c).Data, false)
			}
		}
	})
	b.Run("quantise", func(b *testing.B) {
		for b.Loop() {
			NewSheet(t, 0, SheetOptions{FullSize: true, Shared: &shared})
		}
	})
	b.Run("reduced", func(b *testing.B) {
		for b.Loop() {
			NewSheet(t, 0, SheetOptions{}).PNG(Mako)
		}
	})
	b.Run("order", func(b *testing.B) {
		for b.Loop() {
			Channels(ChannelStats(t, 0), Strongest)
		}
	})
	b.Run("encode", func(b *testing.B) {
		for b.Loop() {
			full.PNG(Mako)
		}
	})
}

// BenchmarkEncode compares ways to write the full sheet. In the same rounds: ours 2.6 ms for 459 kB, image/png BestSpeed
// 8.8 ms for 476 kB, klauspost's zlib with its writer reused 2.5 ms for 484 kB (Huffman only) and 4.7 ms for 478 kB (level
// 1). Ours is as fast as the fastest, smallest, and no update of a library changes its bytes.
func BenchmarkEncode(b *testing.B) {
	s := NewSheet(stem(), 0, SheetOptions{FullSize: true})
	report := func(b *testing.B, n int) { b.ReportMetric(float64(n)/1000, "kB") }
	b.Run("ours", func(b *testing.B) {
		n := 0
		for b.Loop() {
			n = len(s.PNG(Mako))
		}
		report(b, n)
	})
	b.Run("image/png", func(b *testing.B) {
		m := &image.Paletted{Pix: s.Pix, Stride: s.PixelW, Rect: image.Rect(0, 0, s.PixelW, s.PixelH), Palette: Mako.Palette()}
		e := png.Encoder{CompressionLevel: png.BestSpeed}
		var w bytes.Buffer
		for b.Loop() {
			w.Reset()
			if err := e.Encode(&w, m); err != nil {
				b.Fatal(err)
			}
		}
		report(b, w.Len())
	})
	for name, level := range map[string]int{"klauspost/huffman": zlib.HuffmanOnly, "klauspost/1": zlib.BestSpeed} {
		b.Run(name, func(b *testing.B) {
			raw := filterRows(s.Pix, s.PixelW, s.PixelH)
			z, err := zlib.NewWriterLevel(io.Discard, level)
			if err != nil {
				b.Fatal(err)
			}
			var w bytes.Buffer
			for b.Loop() {
				w.Reset()
				z.Reset(&w)
				if _, err := z.Write(raw); err != nil {
					b.Fatal(err)
				}
				if err := z.Close(); err != nil {
					b.Fatal(err)
				}
			}
			report(b, w.Len())
		})
	}
}
