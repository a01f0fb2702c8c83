package lessons

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// noBreak keeps a number and its unit on one line.
const noBreak = "\u00a0"

// formatNumber writes v in one of the forms a text may ask for. Both languages write numbers alike.
//
//	int      25,557,032          a whole number, refused when v has a fraction
//	si       4.09 G              three significant digits and an SI letter
//	percent  96.2%               of a share between 0 and 1, one decimal
//	percent2 0.06%               two decimals
//	times    8.7                 one decimal; from 100 on none
//	dec2     0.55                two decimals
//	sci      1.1·10⁻⁸            two significant digits
//
// The empty form is int for whole numbers and times for the rest.
func formatNumber(v float64, form string) (string, error) {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return "", fmt.Errorf("the value is %v", v)
	}
	switch form {
	case "", "int":
		if v == math.Trunc(v) && math.Abs(v) < 1<<53 {
			return grouped(int64(v)), nil
		}
		if form == "int" {
			return "", fmt.Errorf("%v is not a whole number", v)
		}
		return formatNumber(v, "times")
	case "si":
		return si(v), nil
	case "percent":
		return minus(strconv.FormatFloat(100*v, 'f', 1, 64)) + "%", nil
	case "percent2":
		return minus(strconv.FormatFloat(100*v, 'f', 2, 64)) + "%", nil
	case "times":
		if math.Abs(v) >= 99.95 {
			return formatNumber(math.Round(v), "int")
		}
		return minus(strconv.FormatFloat(v, 'f', 1, 64)), nil
	case "dec2":
		return minus(strconv.FormatFloat(v, 'f', 2, 64)), nil
	case "sci":
		return scientific(v), nil
	}
	return "", fmt.Errorf("there is no number form %q", form)
}

func minus(s string) string { return strings.Replace(s, "-", "\u2212", 1) }

// grouped writes thousands commas.
func grouped(n int64) string {
	s := strconv.FormatInt(n, 10)
	neg := strings.HasPrefix(s, "-")
	s = strings.TrimPrefix(s, "-")
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	if neg {
		s = "\u2212" + s
	}
	return s
}

// si writes three significant digits and a letter; numbers below 1,000 stay as they are.
func si(v float64) string {
	letters := []string{"", "k", "M", "G", "T"}
	i := 0
	for math.Abs(v) >= 999.5 && i < len(letters)-1 {
		v /= 1000
		i++
	}
	digits := 2
	switch a := math.Abs(v); {
	case a >= 99.95 || i == 0 && v == math.Trunc(v):
		digits = 0
	case a >= 9.995:
		digits = 1
	}
	s := minus(strconv.FormatFloat(v, 'f', digits, 64))
	if letters[i] != "" {
		s += noBreak + letters[i]
	}
	return s
}

// scientific writes two significant digits times a power of ten.
func scientific(v float64) string {
	m, e, ok := strings.Cut(strconv.FormatFloat(v, 'e', 1, 64), "e")
	if !ok {
		return m
	}
	exp, err := strconv.Atoi(e)
	if err != nil {
		return m
	}
	sup := []rune("⁰¹²³⁴⁵⁶⁷⁸⁹")
	var b strings.Builder
	b.WriteString(minus(m) + "·10")
	if exp < 0 {
		b.WriteRune('⁻')
		exp = -exp
	}
	for _, d := range strconv.Itoa(exp) {
		b.WriteRune(sup[d-'0'])
	}
	return b.String()
}
