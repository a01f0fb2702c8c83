package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"runtime"
	"strconv"
	"strings"
	"text/tabwriter"
)

// table prints rows in aligned columns. Columns whose heading starts with '>' are aligned to the right.
func table(w io.Writer, head []string, rows [][]string) error {
	width := make([]int, len(head))
	all := append([][]string{head}, rows...)
	for _, r := range all {
		for i, c := range r {
			width[i] = max(width[i], len([]rune(strings.TrimPrefix(c, ">"))))
		}
	}
	for n, r := range all {
		var b strings.Builder
		for i, c := range r {
			right := strings.HasPrefix(head[i], ">")
			if n == 0 {
				c = strings.TrimPrefix(c, ">")
			}
			pad := strings.Repeat(" ", width[i]-len([]rune(c)))
			if right {
				c, pad = pad+c, ""
			}
			b.WriteString(c + pad + "  ")
		}
		if _, err := fmt.Fprintln(w, strings.TrimRight(b.String(), " ")); err != nil {
			return err
		}
	}
	return nil
}

// pairs prints name and value lines.
func pairs(w io.Writer, kv ...string) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for i := 0; i+1 < len(kv); i += 2 {
		fmt.Fprintf(t, "%s\t%s\n", kv[i], kv[i+1])
	}
	return t.Flush()
}

func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", " ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

func writeCSV(w io.Writer, head []string, rows [][]string) error {
	c := csv.NewWriter(w)
	plain := make([]string, len(head))
	for i, h := range head {
		plain[i] = strings.TrimPrefix(h, ">")
	}
	if err := c.Write(plain); err != nil {
		return err
	}
	if err := c.WriteAll(rows); err != nil {
		return err
	}
	return c.Error()
}

// commas groups thousands: 25,557,032.
func commas(n int64) string {
	s := strconv.FormatInt(n, 10)
	neg := strings.HasPrefix(s, "-")
	s = strings.TrimPrefix(s, "-")
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	if neg {
		s = "-" + s
	}
	return s
}

func percent(p float64) string { return fmt.Sprintf("%5.1f %%", 100*p) }

// finite is v for JSON, which has no NaN or infinity: they become null.
type finite float64

// MarshalJSON writes null for what JSON cannot say.
func (f finite) MarshalJSON() ([]byte, error) {
	v := float64(f)
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return []byte("null"), nil
	}
	return json.Marshal(v)
}

func finites(v []float32) []finite {
	out := make([]finite, len(v))
	for i, x := range v {
		out[i] = finite(x)
	}
	return out
}

func dims(d ...int) string {
	s := make([]string, len(d))
	for i, n := range d {
		s[i] = strconv.Itoa(n)
	}
	return strings.Join(s, "×")
}

// cores is the number of threads a command uses unless told otherwise.
func cores() int { return runtime.GOMAXPROCS(0) }
