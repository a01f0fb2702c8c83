package tensor

import (
	"math"
	"testing"
)

func TestShape(t *testing.T) {
	s := Shape{2, 3, 4, 5}
	if got, want := s.Len(), 120; got != want {
		t.Errorf("Len = %d, want %d", got, want)
	}
	if got, want := s.Index(1, 2, 3, 4), 119; got != want {
		t.Errorf("Index of the last value = %d, want %d", got, want)
	}
	if got, want := s.String(), "2×3×4×5"; got != want {
		t.Errorf("String = %q, want %q", got, want)
	}
	for _, bad := range []Shape{{}, {1, 0, 1, 1}, {1, 1, -1, 1}, {1, 1 << 20, 1 << 20, 1}, {1, math.MaxInt32, 2, 1}} {
		if bad.Valid() {
			t.Errorf("%#v is valid", bad)
		}
	}
}

func TestViewsShareData(t *testing.T) {
	x := New(Shape{2, 3, 4, 5})
	x.Set(1, 2, 3, 4, 7)
	if got := x.Plane(1, 2).At(3, 4); got != 7 {
		t.Errorf("Plane sees %v, want 7", got)
	}
	if got := x.Image(1).At(0, 2, 3, 4); got != 7 {
		t.Errorf("Image sees %v, want 7", got)
	}
	y := x.Clone()
	y.Set(1, 2, 3, 4, 8)
	if x.At(1, 2, 3, 4) != 7 {
		t.Error("Clone shares data")
	}
}

func TestStats(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(-1))
	s := Summarize([]float32{1, -3, nan, 5, inf, 5})
	want := Stats{Mean: 2, Std: math.Sqrt((1 + 25 + 9 + 9) / 4.0), Min: -3, Max: 5, AbsMean: 3.5, L2: math.Sqrt(60), NonFinite: 2, ArgMax: 3}
	if s != want {
		t.Errorf("got  %+v\nwant %+v", s, want)
	}
	if s := Summarize([]float32{nan}); s != (Stats{NonFinite: 1, ArgMax: -1}) {
		t.Errorf("all NaN: %+v", s)
	}
}
