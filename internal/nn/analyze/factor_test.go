package analyze

import (
	"math"
	"testing"
)

// The numbers are those of the curriculum's assertions L08-A1 … A7: arithmetic, checked by hand.
func TestNotesExample(t *testing.T) {
	c := Contract{In: 32, Out: 64, Kernel: 3, Size: 56}
	b := c.Bottleneck(16)
	biased := c
	biased.Bias = true
	for _, x := range []struct {
		name      string
		got, want int64
	}{
		{"direct", c.Direct().Params, 18432},
		{"bottleneck", b.Params, 9728},
		{"its 1×1", b.Parts[0].Params(), 512},
		{"its 3×3", b.Parts[1].Params(), 9216},
		{"direct with biases", biased.Direct().Params, 18496},
		{"bottleneck with biases", biased.Bottleneck(16).Params, 9808},
		{"middle 30", c.Bottleneck(30).Params, 18240},
		{"middle 31", c.Bottleneck(31).Params, 18848},
		{"MACs direct", c.Direct().MACs, 57802752},
		{"MACs bottleneck", b.MACs, 30507008},
		{"extra map values", b.MapValues - c.Direct().MapValues, 50176},
		{"groups of 2", c.Grouped(2).Params, 9216},
		{"groups of 4", c.Grouped(4).Params, 4608},
		{"1×3 + 3×1 at 64", c.Asymmetric(64).Params, 18432},
		{"1×3 + 3×1 at 32", c.Asymmetric(32).Params, 9216},
		{"1×1 3×3 1×1 at 16", c.Sandwich(16).Params, 3840},
		{"separable", c.Separable().Params, 2336},
		{"largest saving", int64(c.LargestSaving()), 30},
		{"largest saving with biases", int64(biased.LargestSaving()), 30},
		{"two 3×3 at 256", 2 * Contract{In: 256, Out: 256, Kernel: 3, Size: 56}.Direct().Params, 1179648},
		{"256-64-64-256", Contract{In: 256, Out: 256, Kernel: 3, Size: 56}.Sandwich(64).Params, 69632},
	} {
		if x.got != x.want {
			t.Errorf("%s: %d, want %d", x.name, x.got, x.want)
		}
	}
	if got, want := b.Parts[1].Text(), "3·3·16·64"; got != want {
		t.Errorf("product %q, want %q", got, want)
	}
}

func TestBreakEven(t *testing.T) {
	for _, x := range []struct {
		c    Contract
		want float64
	}{
		{Contract{In: 32, Out: 64, Kernel: 3}, 30.3},
		{Contract{In: 192, Out: 128, Kernel: 3}, 164.6},
		{Contract{In: 192, Out: 32, Kernel: 5}, 154.8},
	} {
		if got := math.Round(10*x.c.BreakEven()) / 10; got != x.want {
			t.Errorf("%+v: %v, want %v", x.c, got, x.want)
		}
		m := x.c.LargestSaving()
		if d := x.c.Direct().Params; x.c.Bottleneck(m).Params >= d || x.c.Bottleneck(m+1).Params < d {
			t.Errorf("%+v: %d is not the largest depth that saves", x.c, m)
		}
	}
}
