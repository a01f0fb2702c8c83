package chart

import (
	"bytes"
	"encoding/xml"
	"io"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"stride/internal/viz/viztest"
)

// element is a start tag with the class of the group around it and, for texts, what they say.
type element struct {
	name, group, text string
	attr              map[string]string
}

// parse reads a document and fails on anything that is not well-formed.
func parse(t *testing.T, doc []byte) (all []element) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(doc))
	var groups []string
	var open []int
	for {
		tok, err := d.Token()
		if err == io.EOF {
			return all
		}
		if err != nil {
			t.Fatalf("not well-formed: %v\n%s", err, doc)
		}
		switch k := tok.(type) {
		case xml.StartElement:
			e := element{name: k.Name.Local, attr: map[string]string{}}
			for _, a := range k.Attr {
				e.attr[a.Name.Local] = a.Value
			}
			if e.name == "g" {
				groups = append(groups, e.attr["class"])
			}
			if len(groups) > 0 {
				e.group = groups[len(groups)-1]
			}
			open = append(open, len(all))
			all = append(all, e)
		case xml.EndElement:
			if k.Name.Local == "g" {
				groups = groups[:len(groups)-1]
			}
			open = open[:len(open)-1]
		case xml.CharData:
			if len(open) > 0 {
				all[open[len(open)-1]].text += string(k)
			}
		}
	}
}

func number(t *testing.T, s string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatalf("coordinate %q: %v", s, err)
	}
	return v
}

// boxOf is the room a text takes, by the same estimate that layout uses but from the document alone.
func boxOf(t *testing.T, e element) box {
	t.Helper()
	w := textWidth(e.text, textSize, e.attr["font-family"] != "", e.attr["font-weight"] != "")
	x, y := number(t, e.attr["x"]), number(t, e.attr["y"])
	switch e.attr["text-anchor"] {
	case "middle":
		x -= w / 2
	case "end":
		x -= w
	}
	return box{x, y - capHeight*textSize, x + w, y + 2}
}

func svg(t *testing.T, c Chart, width int) []byte {
	t.Helper()
	doc, err := SVG(c, width)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestEveryChartFitsAStrictPage(t *testing.T) {
	inks := regexp.MustCompile(`var\(--([a-z0-9-]+)\)`)
	for name, c := range every() {
		for _, width := range []int{Wide, Narrow} {
			doc := svg(t, c, width)
			all := parse(t, doc)
			root := all[0]
			if root.name != "svg" || root.attr["role"] != "img" || !strings.HasPrefix(root.attr["viewBox"], "0 0 "+strconv.Itoa(width)+" ") {
				t.Errorf("%s: root is %v", name, root)
			}
			if all[1].name != "title" || all[1].text != c.words().Title || all[2].name != "desc" || all[2].text != c.words().Alt {
				t.Errorf("%s: does not begin with its title and its sentence", name)
			}
			for _, e := range all {
				for _, no := range []string{"style", "width", "height", "id", "href", "onload"} {
					if _, has := e.attr[no]; has {
						t.Errorf("%s: <%s> has %s", name, e.name, no)
					}
				}
				if e.name == "text" {
					view := box{0, 0, float64(width), number(t, strings.Fields(root.attr["viewBox"])[3])}
					if b := boxOf(t, e); !b.inside(view) {
						t.Errorf("%s at %d: %q takes %v of %v", name, width, e.text, b, view)
					}
				}
			}
			for _, m := range inks.FindAllSubmatch(doc, -1) {
				if ink := Ink(m[1]); ink != "mono" && ink.Colour(Light) == "" {
					t.Errorf("%s: ink %s is not in the theme", name, ink)
				}
			}
			if again := svg(t, c, width); !bytes.Equal(doc, again) {
				t.Errorf("%s: the second rendering differs", name)
			}
		}
	}
}

func TestGoldenCharts(t *testing.T) {
	for name, c := range every() {
		viztest.Golden(t, name+".svg", svg(t, c, Wide))
	}
}

// labelBoxes is one box for each label of a bubble chart.
func labelBoxes(t *testing.T, doc []byte) map[string]box {
	t.Helper()
	boxes := map[string]box{}
	last := ""
	for _, e := range parse(t, doc) {
		if e.name != "text" || e.group != "label" {
			continue
		}
		b := boxOf(t, e)
		if e.attr["text-anchor"] == "end" { // the detail belongs to the name before it
			n := boxes[last]
			b = box{min(n.x0, b.x0), min(n.y0, b.y0), max(n.x1, b.x1), max(n.y1, b.y1)}
		} else {
			last = e.text
		}
		boxes[last] = b
	}
	return boxes
}

func TestBubbleLabelsDoNotOverlap(t *testing.T) {
	chart := family()
	for _, width := range []int{Wide, Narrow} {
		boxes := labelBoxes(t, svg(t, chart, width))
		names := slices.Sorted(maps.Keys(boxes))
		for i, a := range names {
			for _, b := range names[i+1:] {
				if boxes[a].overlaps(boxes[b]) {
					t.Errorf("width %d: %q at %v overlaps %q at %v", width, a, boxes[a], b, boxes[b])
				}
			}
		}
		for _, p := range chart.Points {
			if _, ok := boxes[p.Name]; !ok && (p.Selected || width == Wide) {
				t.Errorf("width %d: %q has no label", width, p.Name)
			}
		}
	}
}

func TestBubbleAreaIsProportional(t *testing.T) {
	radius := map[string]float64{}
	var title string
	for _, e := range parse(t, svg(t, family(), Wide)) {
		switch {
		case e.name == "title":
			title, _, _ = strings.Cut(e.text, ":")
		case e.name == "circle" && e.attr["stroke"] != "":
			radius[title] = number(t, e.attr["r"])
		}
	}
	for _, p := range family().Points {
		want := p.Area / 143.7e6
		if got := math.Pow(radius[p.Name]/radius["VGG-19"], 2); math.Abs(got-want) > 0.01 {
			t.Errorf("%s has %.3f of the area of VGG-19, want %.3f", p.Name, got, want)
		}
	}
}

func TestLogAxesSaySo(t *testing.T) {
	for name, word := range map[string]string{"bubbles": "multiply–adds per image, log scale", "gradients": "gradient norm, log scale", "histogram": "cells, log scale", "bars-log": "parameters, log scale"} {
		if doc := svg(t, every()[name], Wide); !bytes.Contains(doc, []byte(">"+word+"<")) {
			t.Errorf("%s: %q is not in the chart", name, word)
		}
	}
}

// Depth is told by dash and name as well as colour, and values that a logarithmic axis cannot show are marked.
func TestLinesTellSeriesApart(t *testing.T) {
	dashed, triangles := 0, 0
	for _, e := range parse(t, svg(t, gradients(), Wide)) {
		if e.group != "series" || e.name != "path" {
			continue
		}
		if e.attr["stroke-dasharray"] != "" {
			dashed++
		}
		if strings.HasSuffix(e.attr["d"], "Z") {
			triangles++
		}
	}
	if dashed != 4 { // plain 56 in three pieces, residual 56 in one
		t.Errorf("%d dashed pieces, want 4", dashed)
	}
	if triangles != 2 {
		t.Errorf("%d values of zero are marked, want 2", triangles)
	}
}

func TestWordsAreEscaped(t *testing.T) {
	const evil = `<script>alert("1")</script>&'`
	c := family()
	c.Title, c.Alt, c.X.Title, c.Points[3].Name, c.Points[3].Detail = evil, evil, evil, evil, evil+"\x00\xff"
	for _, width := range []int{Wide, Narrow} {
		for _, e := range parse(t, svg(t, c, width)) {
			if e.name == "script" {
				t.Fatal("a name became an element")
			}
		}
	}
}

func TestUnusableDataIsRefused(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	w := Words{"t", "a"}
	line := func(s Series) Chart { s.Ink = Plain; return &Lines{Words: w, Series: []Series{s}} }
	for _, tc := range []struct {
		name string
		c    Chart
		want string
	}{
		{"no words", &Bars{}, "needs a title"},
		{"no series", &Lines{Words: w}, "no series"},
		{"lengths", line(Series{Name: "s", X: []float64{1}, Y: []float64{1, 2}}), `"s": 2 values at 1 places`},
		{"half a band", line(Series{Y: []float64{1}, Low: []float64{1}}), "band of 1 and 0"},
		{"place", line(Series{X: []float64{nan}, Y: []float64{1}}), "stands at NaN"},
		{"nothing finite", line(Series{Y: []float64{nan, inf}}), "no value to draw"},
		{"no positive", &Lines{Words: w, Y: Axis{Log: "log"}, Series: []Series{{Y: []float64{0, -1}, Ink: Plain}}}, "no value to draw"},
		{"ink", &Lines{Words: w, Series: []Series{{Y: []float64{1}, Ink: `x)"`}}}, "not in the theme"},
		{"no points", &Bubbles{Words: w}, "no points"},
		{"infinite point", &Bubbles{Words: w, Points: []Point{{Name: "p", X: inf, Ink: Text}}}, `"p"`},
		{"negative area", &Bubbles{Words: w, Points: []Point{{Area: -1, Ink: Text}}}, "size -1"},
		{"zero on a log axis", &Bubbles{Words: w, X: Axis{Log: "log"}, Points: []Point{{Ink: Text}}}, "no place on a logarithmic axis"},
		{"negative bar", &Bars{Words: w, Bars: []Bar{{Label: "b", Value: -1, Ink: Text}}}, `"b" has the value -1`},
		{"parts", &Shares{Words: w, Keys: []Key{{"k", Text}}, Shares: []Share{{Name: "r"}}}, "0 parts, want 1"},
		{"edges", &Histogram{Words: w, Edges: []float64{1}, Counts: []int{1}}, "1 edges of 1 bins"},
		{"falling edges", &Histogram{Words: w, Edges: []float64{1, 1}, Counts: []int{1}}, "edge 1 is 1"},
	} {
		if _, err := SVG(tc.c, Wide); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: error %v, want %q in it", tc.name, err, tc.want)
		}
	}
	if _, err := SVG(family(), 10); err == nil {
		t.Error("a chart 10 units wide is drawn")
	}
}

// Data at the edge of what can be drawn gives a chart, not a panic: single points, equal values, zeros, one bin.
func TestOddDataIsDrawn(t *testing.T) {
	w := Words{"t", "a"}
	for name, c := range map[string]Chart{
		"one value":        &Lines{Words: w, Series: []Series{{Name: "s", Y: []float64{3}, Ink: Plain}}},
		"equal values":     &Lines{Words: w, Series: []Series{{Name: "s", Y: []float64{3, 3}, Ink: Plain}}},
		"one log value":    &Lines{Words: w, Y: Axis{Log: "log"}, Series: []Series{{Y: []float64{10, 0}, Ink: Plain}}},
		"gaps everywhere":  &Lines{Words: w, Series: []Series{{Y: []float64{math.NaN(), 1, math.Inf(1), 2, math.NaN()}, Ink: Plain}}},
		"beyond the ends":  &Lines{Words: w, Y: Axis{Lo: 0, Hi: 1}, Series: []Series{{Y: []float64{-5, 7, 0.5}, Ink: Plain}}},
		"current nowhere":  &Lines{Words: w, Series: []Series{{Y: []float64{1, 2}, Ink: Plain}}, Current: &Mark{X: 99, Y: math.NaN()}},
		"tiny gradients":   GradientNorms(w, [2]string{"a", "b"}, "g", "log", []Series{{Y: []float64{1e-300, 1}, Ink: Plain}}),
		"one point":        &Bubbles{Words: w, Points: []Point{{Ink: Text}}},
		"zero bars":        &Bars{Words: w, Bars: []Bar{{Ink: Text}}},
		"zero log bars":    &Bars{Words: w, Value: Axis{Log: "log"}, Bars: []Bar{{Ink: Text}}},
		"empty row":        &Shares{Words: w, Keys: []Key{{"k", Text}}, Shares: []Share{{Name: "r", Parts: []float64{0}}}},
		"one bin":          &Histogram{Words: w, Edges: []float64{1, 2}, Counts: []int{0}, Ink: Text, Zero: "0"},
		"thirty long keys": &Shares{Words: w, Keys: slices.Repeat([]Key{{"a rather long name of a part", Text}}, 30), Shares: []Share{{Parts: make([]float64, 30)}}},
	} {
		for _, width := range []int{Wide, Narrow} {
			doc, err := SVG(c, width)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			parse(t, doc)
		}
	}
}

func TestRowsAreTheData(t *testing.T) {
	for name, c := range every() {
		rows := c.Rows()
		if len(rows) < 3 {
			t.Errorf("%s: %d rows", name, len(rows))
		}
		for _, r := range rows {
			if len(r) != len(rows[0]) {
				t.Errorf("%s: a row of %d cells below %d names", name, len(r), len(rows[0]))
			}
		}
	}
	if got, want := stages("").Rows()[1], []string{"conv1", "38720"}; !slices.Equal(got, want) {
		t.Errorf("first bar is %q, want %q", got, want)
	}
}
