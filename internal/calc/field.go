package calc

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"stride/internal/nn/op"
)

// Field is one setting of a kind of layer: how it is written, called and bounded.
type Field struct {
	// Name is stable: forms, JSON and the interface's words use it ("kernel", "padding").
	Name string
	// Key is its letter in the compact text; 0 for the number right after the code.
	Key byte
	// Min and Max bound the value; a flag is 0 or 1.
	Min, Max float64
	// Flag is set for settings that are on or off; a form shows 0 and 1. Off says that the letter stands for 0 ("bias").
	Flag, Off bool
	def       float64
	always    bool // written even when it has its usual value
	square    bool // a size whose sides are equal
	at        func(*Layer) any
}

// reset gives the field its usual value.
func (f Field) reset(l *Layer) {
	switch p := f.at(l).(type) {
	case *int:
		*p = int(f.def)
	case *float64:
		*p = f.def
	case *Pair:
		*p = Square(int(f.def))
	case *op.Act:
		*p = actLetters[byte(f.def)]
	case *bool:
		*p = false
	case *[]uint64:
		*p = []uint64{1}
	}
}

// Value is the setting of a layer as a form shows it: "3", "1x7", "0.5", "0" or "1" for a flag, "relu".
func (f Field) Value(l Layer) string {
	switch p := f.at(&l).(type) {
	case *int:
		return strconv.Itoa(*p)
	case *float64:
		return number(*p)
	case *Pair:
		return p.String()
	case *op.Act:
		if *p == "" {
			return "none"
		}
		return string(*p)
	case *bool:
		if *p != f.Off {
			return "1"
		}
		return "0"
	case *[]uint64:
		return tableText(*p)
	}
	panic("calc: field " + f.Name + " has no value")
}

// ValueError is a setting that cannot be taken. Text says so in the reader's language.
type ValueError struct {
	// Field is the setting's name, Value what was asked for.
	Field, Value string
	Message
}

func (e *ValueError) Error() string { return e.Text(English) }

// outside refuses a value that is no number within the bounds.
func outside(field, value string, lo, hi float64) error {
	return &ValueError{field, value, Message{"value_range", []any{fieldName(field), quoted(number(lo)), quoted(number(hi)), quoted(value)}}}
}

// Choices are the values of a setting that has few of them, nil for numbers.
func (f Field) Choices() []string {
	if f.Flag {
		return []string{"1", "0"}
	}
	if _, ok := f.at(&Layer{}).(*op.Act); !ok {
		return nil
	}
	l := []string{"none"}
	for _, a := range actLetters {
		if a != "" {
			l = append(l, string(a))
		}
	}
	slices.Sort(l[1:])
	return l
}

// set changes the setting to a form's value.
func (f Field) set(l *Layer, v string) error {
	v = strings.TrimSpace(v)
	bad := outside(f.Name, v, f.Min, f.Max)
	switch p := f.at(l).(type) {
	case *int:
		n, err := strconv.Atoi(v)
		if err != nil || float64(n) < f.Min || float64(n) > f.Max {
			return bad
		}
		*p = n
	case *float64:
		n, err := strconv.ParseFloat(v, 64)
		if err != nil || !(n >= f.Min && n <= f.Max) {
			return bad
		}
		*p = canonical(n)
	case *Pair:
		return f.setPair(p, v, bad)
	case *op.Act:
		a, ok := actByName(v)
		if !ok {
			return &ValueError{f.Name, v, Message{"no_activation", []any{quoted(v)}}}
		}
		*p = a
	case *bool:
		if v != "0" && v != "1" {
			return bad
		}
		*p = (v == "1") != f.Off
	case *[]uint64:
		t, err := parseTable(v)
		if err != nil {
			return &ValueError{f.Name, v, Message{"value_table", []any{quoted(v)}}}
		}
		*p = t
	}
	return nil
}

func (f Field) setPair(p *Pair, v string, bad error) error {
	a, b, two := strings.Cut(strings.ReplaceAll(v, "×", "x"), "x")
	if !two {
		b = a
	}
	y, err1 := strconv.Atoi(strings.TrimSpace(a))
	x, err2 := strconv.Atoi(strings.TrimSpace(b))
	if err1 != nil || err2 != nil || f.square && x != y || float64(min(x, y)) < f.Min || float64(max(x, y)) > f.Max {
		return bad
	}
	*p = Pair{y, x}
	return nil
}

// text is the setting in the compact text, "" for the usual value.
func (f Field) text(l *Layer) string {
	var v string
	usual := false
	switch p := f.at(l).(type) {
	case *int:
		v, usual = strconv.Itoa(*p), float64(*p) == f.def
	case *float64:
		v, usual = number(*p), *p == f.def
	case *Pair:
		v, usual = p.String(), *p == Square(int(f.def))
	case *op.Act:
		v, usual = string(letterOf(*p)), letterOf(*p) == byte(f.def)
	case *bool:
		usual = !*p
	case *[]uint64:
		v, usual = tableText(*p), false
	}
	if usual && !f.always {
		return ""
	}
	if f.Key == 0 {
		return v
	}
	return string(f.Key) + v
}

// read takes the setting's value from the beginning of s and returns the rest.
func (f Field) read(l *Layer, s string) (string, error) {
	var end int
	switch p := f.at(l).(type) {
	case *bool:
		*p = true
		return s, nil
	case *op.Act:
		if s == "" {
			return s, fmt.Errorf("%s has no value", f.Name)
		}
		a, ok := actLetters[s[0]]
		if !ok {
			return s, fmt.Errorf("%q stands for no activation", s[:1])
		}
		*p = a
		return s[1:], nil
	case *[]uint64:
		end = span(s, "0123456789abcdef.")
	case *Pair:
		if end = span(s, "0123456789x"); f.square {
			end = span(s, "0123456789")
		}
	case *float64:
		end = span(s, "0123456789.")
	default:
		end = span(s, "0123456789")
	}
	if end == 0 {
		return s, fmt.Errorf("%s has no value", f.Name)
	}
	return s[end:], f.set(l, s[:end])
}

func span(s, set string) int {
	for i := range len(s) {
		if strings.IndexByte(set, s[i]) < 0 {
			return i
		}
	}
	return len(s)
}

// number writes a float without an exponent and without needless digits.
func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// canonical drops the sign of zero, which the text cannot hold.
func canonical(v float64) float64 {
	if v == 0 || math.IsNaN(v) {
		return 0
	}
	return v
}

// tableText writes bit sets in hexadecimal: "7.e.1c".
func tableText(t []uint64) string {
	s := make([]string, len(t))
	for i, m := range t {
		s[i] = strconv.FormatUint(m, 16)
	}
	return strings.Join(s, ".")
}

func parseTable(v string) ([]uint64, error) {
	parts := strings.Split(v, ".")
	if len(parts) > 512 {
		return nil, fmt.Errorf("a table of %d maps: at most 512", len(parts))
	}
	t := make([]uint64, len(parts))
	for i, p := range parts {
		m, err := strconv.ParseUint(p, 16, 64)
		if err != nil || m == 0 {
			return nil, fmt.Errorf("table: %q is no set of input maps", p)
		}
		t[i] = m
	}
	return t, nil
}
