package viz

import (
	"bytes"
	"compress/zlib"
	"image"
	"image/png"
	"io"
	"math"
	"math/rand/v2"
	"testing"

	"stride/internal/nn/tensor"
)

// decodeIndices decodes with the standard library, which shares no code with the encoder.
func decodeIndices(t *testing.T, b []byte) *image.Paletted {
	t.Helper()
	m, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatalf("image/png refuses the picture: %v", err)
	}
	p, ok := m.(*image.Paletted)
	if !ok {
		t.Fatalf("picture is a %T, want *image.Paletted", m)
	}
	return p
}

// maps looks like activations: smooth hills over an even ground, with noise.
func testPixels(w, h int, seed uint64) []uint8 {
	r := rand.New(rand.NewPCG(seed, 1))
	pix := make([]uint8, w*h)
	level := 0.0
	for i := range pix {
		level = 0.95*level + r.NormFloat64()*20
		pix[i] = uint8(min(255, max(1, level)))
	}
	return pix
}

func TestPNGDecodesToTheSameIndices(t *testing.T) {
	all := make([]uint8, 256)
	for i := range all {
		all[i] = uint8(i)
	}
	for _, tc := range []struct {
		name string
		pix  []uint8
		w, h int
	}{
		{"one pixel", []uint8{7}, 1, 1},
		{"one row of all indices", all, 256, 1},
		{"one column", all, 1, 256},
		{"even ground", make([]uint8, 300*300), 300, 300},
		{"repeated rows", append(append([]uint8{}, all...), all...), 256, 2},
		{"activations", testPixels(123, 77, 1), 123, 77},
		{"noise", func() []uint8 {
			r := rand.New(rand.NewPCG(3, 4))
			p := make([]uint8, 64*64)
			for i := range p {
				p[i] = uint8(r.Uint32())
			}
			return p
		}(), 64, 64},
	} {
		b := EncodePNG(tc.pix, tc.w, tc.h, Viridis)
		m := decodeIndices(t, b)
		if m.Rect.Dx() != tc.w || m.Rect.Dy() != tc.h || !bytes.Equal(m.Pix, tc.pix) {
			t.Errorf("%s: decodes to something else", tc.name)
		}
		if m.Palette[3] != Viridis.Palette()[3] || len(m.Palette) != 256 {
			t.Errorf("%s: palette is not viridis", tc.name)
		}
		if !bytes.Equal(b, EncodePNG(tc.pix, tc.w, tc.h, Viridis)) {
			t.Errorf("%s: the second encoding differs", tc.name)
		}
	}
}

func TestEnlargedMapIsExact(t *testing.T) {
	p := tensor.Plane{H: 2, W: 3, Data: []float32{0, 1, 2, 3, 4, nan}}
	s := ScaleFor(p.Data, false)
	m := decodeIndices(t, PNG(p, s, Mako, 5))
	if m.Rect != image.Rect(0, 0, 15, 10) {
		t.Fatalf("size is %v, want 15×10", m.Rect)
	}
	for y := range 10 {
		for x := range 15 {
			if got, want := m.ColorIndexAt(x, y), s.Index(p.At(y/5, x/5)); got != want {
				t.Fatalf("pixel %d, %d has index %d, want %d", y, x, got, want)
			}
		}
	}
	if got := m.At(14, 9); got != NotANumber {
		t.Errorf("NaN is drawn as %v, want %v", got, NotANumber)
	}
}

// The size is part of what the reader waits for: within a tenth of image/png's fastest setting.
func TestPNGIsSmall(t *testing.T) {
	pix := testPixels(448, 448, 2)
	var std bytes.Buffer
	e := png.Encoder{CompressionLevel: png.BestSpeed}
	m := &image.Paletted{Pix: pix, Stride: 448, Rect: image.Rect(0, 0, 448, 448), Palette: Mako.Palette()}
	if err := e.Encode(&std, m); err != nil {
		t.Fatal(err)
	}
	if got, want := len(EncodePNG(pix, 448, 448, Mako)), std.Len()*11/10; got > want {
		t.Errorf("%d bytes, want at most %d", got, want)
	}
}

func unzlib(t *testing.T, b []byte) []byte {
	t.Helper()
	r, err := zlib.NewReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestRunsOfEveryLength(t *testing.T) {
	for n := range 1100 {
		for lead := range 9 { // all alignments to the eight-byte steps
			raw := append(testPixels(1, lead+1, 5), bytes.Repeat([]byte{9}, n)...)
			raw = append(raw, 1, 2, 3)
			if got := unzlib(t, zlibRuns(nil, raw)); !bytes.Equal(got, raw) {
				t.Fatalf("run of %d after %d bytes does not come back", n, lead+1)
			}
		}
	}
}

// Decoders differ in what they forgive; a code must be complete: its words use up all bit patterns, none too long, and a
// more frequent symbol never has the longer word.
func TestHuffmanCodesAreComplete(t *testing.T) {
	fibonacci := make([]uint32, 40) // the deepest tree there is
	a, b := uint32(1), uint32(1)
	for i := range fibonacci {
		fibonacci[i] = a
		a, b = b, a+b
	}
	cases := [][]uint32{fibonacci, {5, 1}, {0, 0, 7, 0, 7}, fibonacci[:19]}
	r := rand.New(rand.NewPCG(8, 8))
	for range 500 {
		freq := make([]uint32, 2+r.IntN(284))
		for i := range freq {
			freq[i] = uint32(math.Exp(r.Float64() * 18 * r.Float64()))
		}
		cases = append(cases, freq)
	}
	for i, freq := range cases {
		for _, limit := range []int{9, maxBits} {
			code := huffman(freq, limit)
			sum := 0
			for s, c := range code {
				if (c.n == 0) != (freq[s] == 0) || int(c.n) > limit {
					t.Fatalf("case %d: symbol %d occurs %d times and has %d bits", i, s, freq[s], c.n)
				}
				if c.n > 0 {
					sum += 1 << (limit - int(c.n))
				}
				if s > 0 && freq[s] > freq[s-1] && freq[s-1] > 0 && c.n > code[s-1].n {
					t.Fatalf("case %d: symbol %d is more frequent than %d and has a longer word", i, s, s-1)
				}
			}
			if sum != 1<<limit {
				t.Fatalf("case %d: words use %d of %d patterns", i, sum, 1<<limit)
			}
		}
	}
	code := huffman(fibonacci[:19], 7) // as for the lengths' own code
	sum := 0
	for _, c := range code {
		sum += 1 << (7 - int(c.n))
	}
	if sum != 1<<7 {
		t.Errorf("19 symbols in 7 bits use %d of %d patterns", sum, 1<<7)
	}
}

func FuzzZlibRuns(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte("aaaaaaaaaaaaaaaaaaaab"))
	f.Add(bytes.Repeat([]byte{0, 1}, 50))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if got := unzlib(t, zlibRuns(nil, raw)); !bytes.Equal(got, raw) {
			t.Error("does not come back")
		}
	})
}
