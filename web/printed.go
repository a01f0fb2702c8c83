package web

import (
	"math"
	"slices"
	"strconv"
)

// moreDigits is how many decimals beyond the usual ones arithmetic may be printed with, so that it comes out with pencil and
// paper. Values are float32: beyond seven significant digits there is nothing to print.
const moreDigits = 4

// rounded is a value as it is printed with a number of decimals.
func rounded(v float64, d int) float64 {
	if math.IsInf(v, 0) || math.IsNaN(v) {
		return v
	}
	r, err := strconv.ParseFloat(strconv.FormatFloat(v, 'f', d, 64), 64)
	if err != nil {
		return v
	}
	return r
}

// places says with how many decimals to print the numbers that f reads, d or a few more, and its result want, wd or a few less,
// so that f of the printed numbers is the printed result. f gets the rounding to apply to what it reads. Less than wd is
// needed where large numbers cancel: the result is what a fused step made of float32, not what f makes of them.
func places(d int, want float64, wd int, f func(round func(v float64) float64) float64) (read, result int) {
	for w := wd; w >= max(0, wd-moreDigits); w-- {
		for e := d; e <= d+moreDigits; e++ {
			if fixed(f(func(v float64) float64 { return rounded(v, e) }), w) == fixed(want, w) {
				return e, w
			}
		}
	}
	return d, wd
}

// sumPlaces is the number of decimals, from d on, at which printed terms add up to the printed total.
func sumPlaces(d int, total float64, terms ...float64) int {
	for e := d; e <= d+moreDigits; e++ {
		sum := 0.0
		for _, v := range terms {
			sum += rounded(v, e)
		}
		if fixed(sum, e) == fixed(total, e) {
			return e
		}
	}
	return d
}

// addUp are the terms as they are printed with d decimals, adding up to the printed total: where rounding leaves a difference,
// the terms that it hurts least are rounded the other way, each by one unit of the last digit.
func addUp(d int, total float64, terms []float64) []float64 {
	unit := math.Pow(10, -float64(d))
	out, sum := make([]float64, len(terms)), 0.0
	order := make([]int, len(terms))
	for i, v := range terms {
		out[i], order[i] = rounded(v, d), i
		sum += out[i]
	}
	off := math.Round((rounded(total, d) - sum) / unit)
	if off == 0 || math.IsNaN(off) || math.IsInf(off, 0) {
		return out
	}
	step := math.Copysign(1, off)
	slices.SortStableFunc(order, func(a, b int) int { // those first that lie furthest in the direction of the step
		ra, rb := step*(terms[a]-out[a]), step*(terms[b]-out[b])
		switch {
		case ra > rb:
			return -1
		case ra < rb:
			return 1
		}
		return 0
	})
	for k := 0; off != 0 && len(order) > 0; k++ {
		i := order[k%len(order)]
		out[i] = rounded(out[i]+step*unit, d)
		off -= step
	}
	return out
}
