package web

import (
	"math"
	"strconv"
	"strings"

	"stride/internal/nn/tensor"
	"stride/web/i18n"
)

// times joins factors as they are written in a product: "3 · 3 · 128 · 128".
func times(f ...int) string {
	s := make([]string, len(f))
	for i, n := range f {
		s[i] = i18n.Int(int64(n))
	}
	return strings.Join(s, " · ")
}

// shapeText is a shape for readers: "128×28×28", or "1,000" for a vector.
func shapeText(s tensor.Shape) string {
	if s.PlaneLen() == 1 {
		return i18n.Int(int64(s.C))
	}
	return i18n.Int(int64(s.C)) + "×" + strconv.Itoa(s.H) + "×" + strconv.Itoa(s.W)
}

// decimals is the number of decimals with which values of a size are printed side by side, so that sums can be checked
// with pencil and paper: four significant digits of the largest, at least two decimals and at most six.
func decimals(v ...float64) int {
	top := 0.0
	for _, x := range v {
		if !math.IsInf(x, 0) && !math.IsNaN(x) {
			top = max(top, math.Abs(x))
		}
	}
	if top == 0 {
		return 2
	}
	return min(max(3-int(math.Floor(math.Log10(top))), 2), 6)
}

// fixed prints a value with a number of decimals in the house style.
func fixed(v float64, d int) string { return i18n.Fixed(v, d) }

// value prints one number by itself.
func value(v float64) string { return fixed(v, decimals(v)) }
