package nntest

import (
	"math"
	"testing"
)

func TestULPs(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	tests := []struct {
		name string
		got  float32
		want float64
		ulps float64
	}{
		{"equal", 1, 1, 0},
		{"rounded", 1, 1 + 0x1p-30, 0},
		{"next", 1 + 0x1p-23, 1, 1},
		{"denormal", math.SmallestNonzeroFloat32, 0, 1},
		{"both NaN", nan, math.NaN(), 0},
		{"one NaN", nan, 1, math.Inf(1)},
		{"overflow", inf, 1e39, 0},
		{"wrong infinity", inf, 1, math.Inf(1)},
	}
	for _, tt := range tests {
		if got := ULPs(tt.got, tt.want); got != tt.ulps {
			t.Errorf("%s: ULPs(%g, %g) = %g, want %g", tt.name, tt.got, tt.want, got, tt.ulps)
		}
	}
}

func TestGuardedSeesOverrun(t *testing.T) {
	v, intact := Guarded(5, 3)
	for i := range v {
		v[i] = 1
	}
	if !intact() {
		t.Error("writing inside counts as overrun")
	}
	if cap(v) != 5 {
		t.Fatalf("cap = %d, want 5", cap(v))
	}
}

func TestConvByHand(t *testing.T) {
	// One 2×2 map, a 2×2 kernel, padding of one on every side.
	p := Conv{N: 1, C: 1, H: 2, W: 2, Out: 1, OH: 3, OW: 3, KH: 2, KW: 2, SH: 1, SW: 1, PadTop: 1, PadLeft: 1, DH: 1, DW: 1, Groups: 1}
	x, w := []float32{1, 2, 3, 4}, []float32{10, 20, 30, 40}
	Same(t, "forward", p.Forward(x, w, []float32{1}), []float32{41, 111, 61, 141, 301, 141, 61, 111, 41})
	dy := []float32{1, 0, 0, 0, 0, 0, 0, 0, 2}
	Same(t, "input gradient", p.BackwardInput(dy, w), []float32{40, 0, 0, 20})
	dw, db := p.BackwardWeight(dy, x)
	Same(t, "weight gradient", dw, []float32{8, 0, 0, 1})
	Same(t, "bias gradient", db, []float32{3})
}
