package web

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"stride/internal/viz/chart"
)

// TestChartInks: the colours of saved charts are those of the style sheet, and every ink that a page's chart names is a
// variable of it.
func TestChartInks(t *testing.T) {
	raw, err := os.ReadFile("static/css/app/00-tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	light, dark, ok := strings.Cut(string(raw), ":root[data-theme=dark]")
	if !ok {
		t.Fatal("the dark theme is not where it was")
	}
	dark, _, _ = strings.Cut(dark, "@media")
	values := func(css string) map[string]string {
		m := map[string]string{}
		for _, v := range regexp.MustCompile(`--([\w-]+): (#[0-9a-f]{6});`).FindAllStringSubmatch(css, -1) {
			m[v[1]] = v[2]
		}
		return m
	}
	day, night := values(light), values(dark)
	same := 0
	for name, c := range day {
		ink := chart.Ink(name)
		if ink.Colour(chart.Light) == "" {
			continue
		}
		same++
		n, ok := night[name]
		if !ok {
			n = c
		}
		if ink.Colour(chart.Light) != c || ink.Colour(chart.Dark) != n {
			t.Errorf("%s is %s and %s in charts, %s and %s on pages", name, ink.Colour(chart.Light), ink.Colour(chart.Dark), c, n)
		}
	}
	if same < 20 {
		t.Errorf("only %d inks are variables of the style sheet", same)
	}
	for family, ink := range familyInks {
		if day[string(ink)] == "" {
			t.Errorf("%s is drawn in %q, which the style sheet does not have", family, ink)
		}
	}
}
