package i18n

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// Signs of the house style.
const (
	Minus = "\u2212"
	Times = "\u00d7"
)

// Int writes a whole number with thousands commas, in both languages: 25,557,032.
func Int(n int64) string {
	s := strconv.FormatInt(n, 10)
	sign := ""
	if s[0] == '-' {
		sign, s = Minus, s[1:]
	}
	var b strings.Builder
	b.WriteString(sign)
	for i := range len(s) {
		if i > 0 && (len(s)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// N is a count for the %d of a sentence: written as Int writes it.
type N int

// Format writes n with thousands commas whatever the verb; width and flags are not kept.
func (n N) Format(f fmt.State, _ rune) { io.WriteString(f, Int(int64(n))) }

// Fixed writes a number with a fixed number of decimals, thousands commas and a true minus sign. A value that rounds to
// zero has no sign.
func Fixed(v float64, decimals int) string {
	if math.IsNaN(v) {
		return "NaN"
	}
	if math.IsInf(v, 0) {
		if v < 0 {
			return Minus + "∞"
		}
		return "∞"
	}
	s := strconv.FormatFloat(math.Abs(v), 'f', decimals, 64)
	sign := ""
	if v < 0 && strings.Trim(s, "0.") != "" {
		sign = Minus
	}
	whole, rest, dot := strings.Cut(s, ".")
	out := sign
	for i := range len(whole) {
		if i > 0 && (len(whole)-i)%3 == 0 {
			out += ","
		}
		out += whole[i : i+1]
	}
	if dot {
		out += "." + rest
	}
	return out
}

// SI writes a count with three significant digits, or four from 100 of a unit up, and a letter after a space:
// 568.7 M, 4.09 G, 138.4 M, 61.7 k, 156. Below 1,000 a count is exact.
func SI(n int64) string {
	v := math.Abs(float64(n))
	unit, scale := "", 1.0
	switch {
	case v >= 999.5e6:
		unit, scale = "G", 1e9
	case v >= 999.5e3:
		unit, scale = "M", 1e6
	case v >= 1e3:
		unit, scale = "k", 1e3
	default:
		return Int(n)
	}
	v /= scale
	decimals := 1
	if v < 9.995 {
		decimals = 2
	}
	s := Fixed(v, decimals)
	if n < 0 {
		s = Minus + s
	}
	return s + "\u00a0" + unit
}

// Bytes writes a size in decimal units, as file managers do: 553 MB, 0.2 MB, 247 kB.
func Bytes(n int64) string {
	switch v := float64(n); {
	case v >= 1e9:
		return Fixed(v/1e9, 2) + "\u00a0GB"
	case v >= 10e6:
		return Fixed(v/1e6, 0) + "\u00a0MB"
	case v >= 1e6:
		return Fixed(v/1e6, 1) + "\u00a0MB"
	case v >= 1e3:
		return Fixed(v/1e3, 0) + "\u00a0kB"
	}
	return Int(n) + "\u00a0B"
}

// Percent writes a share 0 … 1 in per cent: Percent(0.761, 1) is 76.1%.
func Percent(share float64, decimals int) string { return Fixed(100*share, decimals) + "%" }

// Dims joins sizes with a times sign: 128×28×28.
func Dims(sizes ...int) string {
	parts := make([]string, len(sizes))
	for i, n := range sizes {
		parts[i] = strconv.Itoa(n)
	}
	return strings.Join(parts, Times)
}
