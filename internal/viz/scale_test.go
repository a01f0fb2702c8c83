package viz

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"stride/internal/nn/tensor"
)

var (
	nan  = float32(math.NaN())
	inf  = float32(math.Inf(1))
	ninf = float32(math.Inf(-1))
)

// naiveScale follows the documented definition by sorting.
func naiveScale(v []float32, signed bool) Scale {
	s := Scale{Scope: Channel, Signed: signed, Values: len(v)}
	var numbers, ranked []float32
	for _, x := range v {
		switch {
		case x != x:
			s.NaNs++
		case math.IsInf(float64(x), 0):
			s.Clipped++
		default:
			numbers = append(numbers, x)
			if signed {
				x = float32(math.Abs(float64(x)))
			}
			ranked = append(ranked, x)
		}
	}
	if len(numbers) == 0 {
		return s
	}
	slices.Sort(ranked)
	s.Min, s.Max = slices.Min(numbers), slices.Max(numbers)
	s.Hi = max(0, ranked[int(math.Ceil(float64(len(ranked))*ClipPercentile/100))-1])
	if s.Hi == 0 {
		s.Hi = max(0, ranked[len(ranked)-1])
	}
	for _, x := range ranked {
		if x > s.Hi {
			s.Clipped++
		}
	}
	if s.Lo = min(0, s.Min); signed {
		s.Lo = -s.Hi
	}
	return s
}

func scaleCases() map[string][]float32 {
	r := rand.New(rand.NewPCG(1, 2))
	many := func(n int, f func(i int) float32) []float32 {
		v := make([]float32, n)
		for i := range v {
			v[i] = f(i)
		}
		return v
	}
	normal := func(int) float32 { return float32(r.NormFloat64()) }
	rectified := func(int) float32 { return max(0, float32(r.NormFloat64())) }
	return map[string][]float32{
		"empty":            nil,
		"one":              {3},
		"one negative":     {-3},
		"zeros":            make([]float32, 49),
		"negative zero":    {float32(math.Copysign(0, -1)), 0},
		"constant":         many(100, func(int) float32 { return 2.5 }),
		"constant below 0": many(100, func(int) float32 { return -2.5 }),
		"all NaN":          {nan, nan, -nan},
		"all infinite":     {inf, ninf},
		"negative NaN":     {math.Float32frombits(0xffc00000), 1, 2},
		"one NaN":          append(many(1000, normal), nan),
		"infinities":       append(many(1000, normal), inf, ninf, inf),
		"normal":           many(5000, normal),
		"rectified":        many(12544, rectified),
		"one lit pixel":    append(make([]float32, 999), 7),
		"ties at the rank": append(many(990, func(int) float32 { return 1 }), 2, 2, 2, 2, 2, 2, 2, 3, 3, 3),
		"rising":           many(20000, func(i int) float32 { return float32(i) }),
		"falling":          many(20000, func(i int) float32 { return -float32(i) }),
		"denormal":         {1e-45, 3e-45, 0},
		"huge":             {-math.MaxFloat32, math.MaxFloat32, 1},
		"sparse negative":  append(make([]float32, 999), -7),
	}
}

func TestScaleForMatchesSorting(t *testing.T) {
	for name, v := range scaleCases() {
		for _, signed := range []bool{false, true} {
			if got, want := ScaleFor(v, signed), naiveScale(v, signed); got != want {
				t.Errorf("%s, signed %v:\ngot  %+v\nwant %+v", name, signed, got, want)
			}
		}
	}
}

func TestLegendEndsEqualScale(t *testing.T) {
	for name, v := range scaleCases() {
		for _, signed := range []bool{false, true} {
			s := ScaleFor(v, signed)
			if got := s.Value(lowIndex); got != float64(s.Lo) {
				t.Errorf("%s: low end of the legend is %v, want %v", name, got, s.Lo)
			}
			if got := s.Value(highIndex); got != float64(s.Hi) {
				t.Errorf("%s: high end of the legend is %v, want %v", name, got, s.Hi)
			}
			if s.Lo == s.Hi {
				continue
			}
			if got := s.Index(s.Lo); got != lowIndex {
				t.Errorf("%s: index of Lo is %d, want %d", name, got, lowIndex)
			}
			if got := s.Index(s.Hi); got != highIndex {
				t.Errorf("%s: index of Hi is %d, want %d", name, got, highIndex)
			}
		}
	}
}

func TestZeroIsThePaletteCentre(t *testing.T) {
	for name, v := range scaleCases() {
		if got := ScaleFor(v, true).Index(0); got != zeroIndex {
			t.Errorf("%s: zero has index %d, want %d", name, got, zeroIndex)
		}
	}
	stops := Vik.Stops(9)
	if c := Vik.At(zeroIndex); stops[4] != "#ece5e0" || c.R != 0xec || c.G != 0xe5 || c.B != 0xe0 {
		t.Errorf("centre of vik is %v, middle stop %s, want #ece5e0", c, stops[4])
	}
}

func TestSignedScaleIsSymmetric(t *testing.T) {
	s := ScaleFor([]float32{-4, 1, 2}, true)
	for v := float32(0); v <= 5; v += 0.01 {
		up, down := int(s.Index(v))-zeroIndex, zeroIndex-int(s.Index(-v))
		if d := up - down; d < -1 || d > 1 { // a value on the edge between two steps goes up on both sides
			t.Fatalf("%v is %d steps above zero, −%v %d below", v, up, v, down)
		}
	}
}

// Quantise must agree with Index everywhere, be monotone, and Index must lie within half a step of the value.
func TestQuantise(t *testing.T) {
	nasty := []float32{nan, -nan, inf, ninf, 0, float32(math.Copysign(0, -1)), 1e-45, -1e-45, math.MaxFloat32, -math.MaxFloat32}
	for name, v := range scaleCases() {
		for _, signed := range []bool{false, true} {
			s := ScaleFor(v, signed)
			in := append(slices.Clone(v), nasty...)
			got := make([]uint8, len(in))
			s.Quantise(got, in)
			step := (float64(s.Hi) - float64(s.Lo)) / (highIndex - lowIndex)
			for i, x := range in {
				if want := s.Index(x); got[i] != want {
					t.Fatalf("%s, signed %v: Quantise(%v) = %d, Index says %d", name, signed, x, got[i], want)
				}
				if (got[i] == nanIndex) != (x != x) {
					t.Fatalf("%s, signed %v: %v has index %d", name, signed, x, got[i])
				}
				if x >= s.Lo && x <= s.Hi && math.Abs(s.Value(got[i])-float64(x)) > 0.5001*step+1e-45 {
					t.Fatalf("%s, signed %v: %v is drawn as %v, more than half of %v away", name, signed, x, s.Value(got[i]), step)
				}
			}
			slices.Sort(in) // NaNs first
			s.Quantise(got, in)
			if !slices.IsSorted(got) {
				t.Errorf("%s, signed %v: larger values got smaller steps", name, signed)
			}
		}
	}
}

func TestScopes(t *testing.T) {
	x := tensor.Of(tensor.Shape{N: 2, C: 2, H: 1, W: 2}, []float32{9, 9, 9, 9, 0, 1, 0, 4})
	ch := []Scale{ScaleFor(x.Plane(1, 0).Data, false), ScaleFor(x.Plane(1, 1).Data, false)}
	if ch[0].Hi != 1 || ch[1].Hi != 4 || ch[0].Scope != Channel {
		t.Errorf("channel scales %+v", ch)
	}
	if l := LayerScale(x, 1, false); l.Hi != 4 || l.Scope != Layer || l.Values != 4 {
		t.Errorf("layer scale %+v", l)
	}
	n := NetworkScale(ch[0], ScaleFor([]float32{-6, 2}, true))
	if n.Lo != -6 || n.Hi != 6 || n.Min != -6 || n.Max != 2 || !n.Signed || n.Scope != Network || n.Values != 4 {
		t.Errorf("network scale %+v", n)
	}
	if n := NetworkScale(); n.Lo != 0 || n.Hi != 0 || n.Index(0) != lowIndex {
		t.Errorf("scale of no layers %+v", n)
	}
}

func FuzzScale(f *testing.F) {
	f.Add([]byte{0, 0, 128, 63, 0, 0, 0, 192, 0, 0, 192, 127}, true)
	f.Fuzz(func(t *testing.T, b []byte, signed bool) {
		v := make([]float32, len(b)/4)
		for i := range v {
			v[i] = math.Float32frombits(uint32(b[4*i]) | uint32(b[4*i+1])<<8 | uint32(b[4*i+2])<<16 | uint32(b[4*i+3])<<24)
		}
		if got, want := ScaleFor(v, signed), naiveScale(v, signed); got != want {
			t.Errorf("%v, signed %v:\ngot  %+v\nwant %+v", v, signed, got, want)
		}
	})
}
