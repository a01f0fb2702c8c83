package viz

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"stride/internal/nn/tensor"
)

func randomTensor(seed uint64, s tensor.Shape, rectify bool) *tensor.Tensor {
	r := rand.New(rand.NewPCG(seed, 7))
	t := tensor.New(s)
	for i := range t.Data {
		t.Data[i] = float32(r.NormFloat64())
		if rectify {
			t.Data[i] = max(0, t.Data[i])
		}
	}
	return t
}

func TestSheetGeometry(t *testing.T) {
	for _, tc := range []struct {
		shape      tensor.Shape
		tiles      int
		full       bool
		cols, rows int
		tileW      int
		reduced    int
	}{
		{tensor.CHW(64, 112, 112), 64, true, 8, 8, 112, 1},
		{tensor.CHW(64, 112, 112), 64, false, 8, 8, 56, 2},
		{tensor.CHW(128, 56, 56), 128, false, 16, 8, 56, 1},
		{tensor.CHW(96, 55, 55), 96, false, 12, 8, 55, 1},
		{tensor.CHW(32, 147, 147), 32, false, 8, 4, 49, 3},
		{tensor.CHW(6, 28, 28), 6, false, 3, 2, 28, 1},
		{tensor.CHW(127, 7, 7), 127, false, 12, 11, 7, 1},
		{tensor.CHW(1, 224, 224), 1, false, 1, 1, 56, 4},
		{tensor.Vec(1, 120), 120, false, 12, 10, 1, 1},
	} {
		g := SheetGeometry(tc.shape, tc.tiles, tc.full)
		if g.Cols != tc.cols || g.Rows != tc.rows || g.TileW != tc.tileW || g.Reduced != tc.reduced {
			t.Errorf("%v: %+v, want %d×%d tiles of %d, reduced %d", tc.shape, g, tc.cols, tc.rows, tc.tileW, tc.reduced)
		}
		if g.PixelW != g.Cols*g.TileW || g.PixelH != g.Rows*g.TileH {
			t.Errorf("%v: %+v has gaps", tc.shape, g)
		}
	}
	g := SheetGeometry(tensor.CHW(64, 112, 112), 64, false)
	if x, y := g.Origin(63); x != 392 || y != 392 {
		t.Errorf("last tile at %d, %d, want 392, 392", x, y)
	}
}

// Every tile holds its channel's own quantised map, wherever it lies.
func TestSheetTilesAreTheMaps(t *testing.T) {
	x := randomTensor(1, tensor.Shape{N: 2, C: 10, H: 9, W: 7}, false)
	layer := LayerScale(x, 1, true)
	for name, o := range map[string]SheetOptions{
		"own scales":   {Signed: true},
		"shared scale": {Signed: true, Shared: &layer},
		"chosen":       {Channels: []int{9, 0, 4}},
	} {
		s := NewSheet(x, 1, o)
		m := decodeIndices(t, s.PNG(Vik))
		for i, c := range s.Channels {
			want := Plane(x.Plane(1, c), s.Scales[i])
			x0, y0 := s.Origin(i)
			for j, v := range want {
				if got := m.ColorIndexAt(x0+j%7, y0+j/7); got != v {
					t.Fatalf("%s: tile %d, pixel %d has index %d, want %d", name, i, j, got, v)
				}
			}
		}
		for i := s.Tiles; i < s.Cols*s.Rows; i++ {
			want := uint8(lowIndex)
			if o.Signed {
				want = zeroIndex
			}
			if got := m.ColorIndexAt(i%s.Cols*s.TileW, i/s.Cols*s.TileH); got != want {
				t.Errorf("%s: empty tile has index %d, want %d", name, got, want)
			}
		}
	}
	if got := NewSheet(randomTensor(1, tensor.CHW(200, 2, 2), true), 0, SheetOptions{}); got.Tiles != MaxTiles || got.ChannelsTotal != 200 {
		t.Errorf("first view of 200 channels has %d tiles of %d, want %d of 200", got.Tiles, got.ChannelsTotal, MaxTiles)
	}
}

// Reduction keeps of each square the value furthest from the end or from zero: compared with a search over the floats.
func TestSheetReduction(t *testing.T) {
	for _, tc := range []struct {
		signed bool
		h, w   int
	}{{false, 115, 58}, {true, 115, 58}, {false, 111, 57}, {true, 112, 112}} { // mostly no multiples of the factor
		signed := tc.signed
		x := randomTensor(2, tensor.CHW(3, tc.h, tc.w), !signed)
		x.Set(0, 1, 100, 50, nan)
		s := NewSheet(x, 0, SheetOptions{Signed: signed})
		k := s.Reduced
		for c := range 3 {
			p := x.Plane(0, c)
			x0, y0 := s.Origin(c)
			for ty := range s.TileH {
				for tx := range s.TileW {
					var best float32
					for y := ty * k; y < min(ty*k+k, p.H); y++ {
						for xx := tx * k; xx < min(tx*k+k, p.W); xx++ {
							v := p.At(y, xx)
							if v != v || best == best && math.Abs(float64(v)) > math.Abs(float64(best)) {
								best = v
							}
						}
					}
					got := s.Pix[(y0+ty)*s.PixelW+x0+tx]
					want := s.Scales[c].Index(best)
					if signed && got != want && int(got)-zeroIndex == zeroIndex-int(want) {
						continue // two values of opposite sign that differ by less than a step
					}
					if got != want {
						t.Fatalf("signed %v, channel %d, pixel %d, %d: index %d, want %d", signed, c, ty, tx, got, want)
					}
				}
			}
		}
	}
}

func TestChannelOrder(t *testing.T) {
	x := tensor.Of(tensor.CHW(5, 1, 2), []float32{0, 0, 1, 1, -3, -3, 0, 2, 1, 1})
	st := ChannelStats(x, 0)
	for _, tc := range []struct {
		by   Order
		want []int
	}{
		{ByIndex, []int{0, 1, 2, 3, 4}},
		{Strongest, []int{2, 1, 3, 4, 0}},
		{Varied, []int{3, 1, 2, 4, 0}},
		{"nonsense", []int{0, 1, 2, 3, 4}},
	} {
		got, silent := Channels(st, tc.by)
		if !slices.Equal(got, tc.want) || silent != 1 {
			t.Errorf("%s: %v with %d silent, want %v with 1", tc.by, got, silent, tc.want)
		}
	}
}

func TestRaw(t *testing.T) {
	p := tensor.Plane{H: 1, W: 3, Data: []float32{1.5, nan, -0.25}}
	b := RawFloats(p)
	for i, v := range p.Data {
		if got := binary.LittleEndian.Uint32(b[4*i:]); got != math.Float32bits(v) {
			t.Errorf("value %d is %#x, want %#x", i, got, math.Float32bits(v))
		}
	}
}
