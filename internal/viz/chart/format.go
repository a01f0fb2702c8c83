package chart

import (
	"math"
	"strconv"
	"strings"
)

// Format writes a number for a reader. Notation is the same in all languages of the product; units that are words are the
// caller's to add.
type Format func(v float64) string

// Number writes up to six significant digits, thousands separated by commas: "1,250", "0.035", "−3".
func Number(v float64) string {
	s := strconv.FormatFloat(v, 'g', 6, 64)
	if strings.ContainsAny(s, "eIN") { // very large, very small, or no number
		return minus(s)
	}
	whole, fraction, dot := strings.Cut(strings.TrimPrefix(s, "-"), ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if dot {
		whole += "." + fraction
	}
	if v < 0 {
		whole = "−" + whole
	}
	return whole
}

// SI writes up to three significant digits and the letter of a power of a thousand after a space: "569 M", "4.09 G", "0.3 G"
// becomes "300 M".
func SI(v float64) string {
	letters := []string{"", " k", " M", " G", " T"}
	i := 0
	for i < len(letters)-1 && math.Abs(v) >= 999.5 {
		v /= 1000
		i++
	}
	return minus(strconv.FormatFloat(round3(v), 'f', -1, 64)) + letters[i]
}

// round3 rounds to three significant digits.
func round3(v float64) float64 {
	r, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 3, 64), 64)
	if err != nil {
		return v
	}
	return r + 0 // + 0 turns the negative zero into zero
}

// Percent writes a share: 0.761 is "76.1%".
func Percent(v float64) string { return minus(strconv.FormatFloat(round3(v*100), 'f', -1, 64)) + "%" }

// Power writes powers of ten as such, "10⁻³", and other numbers as digits times a power: "3·10⁻³".
func Power(v float64) string {
	if v <= 0 || v-v != 0 {
		return Number(v)
	}
	e := int(math.Floor(math.Log10(v) + 1e-9))
	m := round3(v / math.Pow(10, float64(e)))
	s := "10" + superscript(e)
	if m != 1 {
		s = strconv.FormatFloat(m, 'f', -1, 64) + "·" + s
	}
	return s
}

func superscript(n int) string {
	return strings.NewReplacer("-", "⁻", "0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴", "5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹").
		Replace(strconv.Itoa(n))
}

func minus(s string) string { return strings.ReplaceAll(s, "-", "−") }
