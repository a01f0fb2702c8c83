package chart

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestPlacedLabelsNeverOverlap(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	bounds := box{0, 0, 700, 380}
	for range 200 {
		tags := make([]tag, 1+r.IntN(40))
		for i := range tags {
			tags[i] = tag{x: r.Float64() * 700, y: r.Float64() * 380, r: 3 + r.Float64()*40, width: 30 + r.Float64()*120, height: 15, must: r.IntN(3) == 0}
		}
		places := placeTags(tags, bounds)
		for i, p := range places {
			if !p.shown {
				continue
			}
			if !p.inside(bounds) {
				t.Fatalf("label %v is outside %v", p.box, bounds)
			}
			for _, q := range places[i+1:] {
				if q.shown && p.overlaps(q.box) {
					t.Fatalf("labels %v and %v overlap", p.box, q.box)
				}
			}
		}
	}
}

func TestSpread(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	for range 500 {
		n := 1 + r.IntN(12)
		at := make([]float64, n)
		for i := range at {
			at[i] = r.Float64() * 300
		}
		got := spread(at, 15, 0, 300)
		for i := range at {
			if got[i] < -1e-9 || got[i] > 300+1e-9 {
				t.Fatalf("%v → %v: out of bounds", at, got)
			}
			for j := range at {
				if at[i] < at[j] && got[j]-got[i] < 15-1e-9 {
					t.Fatalf("%v → %v: %d and %d are too close or have changed places", at, got, i, j)
				}
			}
		}
	}
	if got, want := spread([]float64{50, 10, 90}, 15, 0, 100), []float64{50, 10, 90}; !slices.Equal(got, want) {
		t.Errorf("labels with room move to %v", got)
	}
	if got, want := spread([]float64{50, 50}, 10, 0, 100), []float64{45, 55}; !slices.Equal(got, want) {
		t.Errorf("two at one place go to %v, want %v", got, want)
	}
}

func TestFormats(t *testing.T) {
	for _, tc := range []struct {
		f    Format
		v    float64
		want string
	}{
		{Number, 0, "0"}, {Number, math.Copysign(0, -1), "0"}, {Number, 1250, "1,250"}, {Number, -1234567, "−1.23457e+06"},
		{Number, 123456, "123,456"}, {Number, 999, "999"}, {Number, -0.035, "−0.035"}, {Number, -12.5, "−12.5"},
		{SI, 4089184256, "4.09 G"}, {SI, 568740352, "569 M"}, {SI, 61706, "61.7 k"}, {SI, 999.6, "1 k"}, {SI, 300e6, "300 M"}, {SI, 7, "7"}, {SI, 0, "0"},
		{Percent, 0.761, "76.1%"}, {Percent, 1, "100%"}, {Percent, 0, "0%"}, {Percent, math.Copysign(0, -1), "0%"}, {Percent, -0.05, "−5%"},
		{Power, 1, "10⁰"}, {Power, 1e-8, "10⁻⁸"}, {Power, 0.003, "3·10⁻³"}, {Power, 1000, "10³"}, {Power, 0, "0"},
	} {
		if got := tc.f(tc.v); got != tc.want {
			t.Errorf("%v is written %q, want %q", tc.v, got, tc.want)
		}
	}
}

func TestTicks(t *testing.T) {
	near := func(got, want []float64) bool {
		return slices.EqualFunc(got, want, func(a, b float64) bool { return math.Abs(a-b) <= 1e-12*math.Abs(b) })
	}
	for _, tc := range []struct {
		got, want []float64
	}{
		{linearTicks(0, 1, 5), []float64{0, 0.2, 0.4, 0.6, 0.8, 1}},
		{linearTicks(1, 20, 5), []float64{5, 10, 15, 20}},
		{linearTicks(-0.3, 0.3, 3), []float64{-0.2, 0, 0.2}},
		{logTicks(1e-8, 1, 5), []float64{1e-8, 1e-6, 1e-4, 1e-2, 1}},
		{logTicks(0.28e9, 21e9, 6), []float64{3e8, 1e9, 3e9, 1e10}},
		{logTicks(2, 2.5, 6), []float64{2, 2.1, 2.2, 2.3, 2.4, 2.5}},
	} {
		if !near(tc.got, tc.want) {
			t.Errorf("ticks %v, want %v", tc.got, tc.want)
		}
	}
	r := rand.New(rand.NewPCG(3, 3))
	for range 1000 {
		lo := r.NormFloat64() * math.Pow(10, float64(r.IntN(12)-6))
		hi := lo + r.ExpFloat64()*math.Pow(10, float64(r.IntN(12)-6)) + math.Abs(lo)*1e-6
		a, b := roundOut(lo, hi, 5)
		if slack := (b - a) * 1e-6; a > lo+slack || b < hi-slack {
			t.Fatalf("%v … %v does not contain %v … %v", a, b, lo, hi)
		}
		if n := len(linearTicks(a, b, 5)); n < 3 || n > 12 {
			t.Fatalf("%d ticks from %v to %v", n, a, b)
		}
	}
}

func TestTextWidth(t *testing.T) {
	if got, want := textWidth("활성맵", 12, false, false), 3*0.92*12; math.Abs(got-want) > 1e-9 {
		t.Errorf("three Hangul syllables measure %v, want %v", got, want)
	}
	if narrow, wide := textWidth("ill", 12, false, false), textWidth("WWW", 12, false, false); narrow >= wide {
		t.Errorf("ill measures %v, WWW %v", narrow, wide)
	}
	if got := textWidth("ill", 10, true, false); got != 18 {
		t.Errorf("three fixed-width letters measure %v, want 18", got)
	}
}

// BenchmarkSVG renders one chart of each kind at both widths.
func BenchmarkSVG(b *testing.B) {
	charts := every()
	for b.Loop() {
		for name, c := range charts {
			for _, width := range []int{Wide, Narrow} {
				if _, err := SVG(c, width); err != nil {
					b.Fatal(name, err)
				}
			}
		}
	}
}
