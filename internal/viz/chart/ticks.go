package chart

import (
	"math"

	"gonum.org/v1/plot"
)

// linearTicks is about n round values from lo to hi: steps of 1, 2 or 5 times a power of ten.
func linearTicks(lo, hi float64, n int) []float64 {
	step := niceStep((hi - lo) / float64(n))
	var t []float64
	for i := math.Ceil(lo/step - 1e-9); i*step <= hi+step*1e-9; i++ {
		t = append(t, i*step+0) // + 0 turns the negative zero into zero
	}
	return t
}

// niceStep is the round step nearest to raw.
func niceStep(raw float64) float64 {
	p := math.Pow(10, math.Floor(math.Log10(raw)))
	switch m := raw / p; {
	case m < 1.5:
		return p
	case m < 3.5:
		return 2 * p
	case m < 7.5:
		return 5 * p
	}
	return 10 * p
}

// roundOut moves both ends outwards to ticks, so that the first and last gridline bound the data.
func roundOut(lo, hi float64, n int) (float64, float64) {
	step := niceStep((hi - lo) / float64(n))
	return math.Floor(lo/step+1e-9) * step, math.Ceil(hi/step-1e-9) * step
}

// logTicks is powers of ten from lo to hi, at most n of them; with fewer than three, also their threefold. Within a third of
// a power of ten the axis is as good as linear and gets round values.
func logTicks(lo, hi float64, n int) []float64 {
	first, last := int(math.Ceil(math.Log10(lo)-1e-9)), int(math.Floor(math.Log10(hi)+1e-9))
	every := 1
	for (last-first)/every+1 > n {
		every++
	}
	var t []float64
	for e := first - 1; e <= last; e++ {
		if e%every == 0 && e >= first {
			t = append(t, math.Pow(10, float64(e)))
		}
		if three := 3 * math.Pow(10, float64(e)); last-first < 3 && three >= lo*0.999 && three <= hi*1.001 {
			t = append(t, three)
		}
	}
	if len(t) < 2 {
		return linearTicks(lo, hi, n-1)
	}
	return t
}

// roundOutLog moves both ends outwards to powers of ten.
func roundOutLog(lo, hi float64) (float64, float64) {
	return math.Pow(10, math.Floor(math.Log10(lo)+1e-9)), math.Pow(10, math.Ceil(math.Log10(hi)-1e-9))
}

func constantTicks(at []float64, f Format) plot.ConstantTicks {
	t := make(plot.ConstantTicks, len(at))
	for i, v := range at {
		t[i] = plot.Tick{Value: v, Label: f(v)}
	}
	return t
}

// noTicks is for axes whose values are written elsewhere.
var noTicks = plot.ConstantTicks{}
