package chart

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
)

// Chart is one of this package's chart types. Its data must be consistent (lengths, inks of the theme, no infinite values
// where a place is needed); SVG returns an error that says what is not.
type Chart interface {
	// Rows is the data as a table, the first row being the header, for the link beside the chart. Numbers are exact.
	Rows() [][]string

	words() Words
	// draw lays the chart out for a width and draws it.
	draw(width float64, ink func(Ink) string, mono string) (*canvas, error)
}

// Words is what a chart says beside its labels. Both are needed.
type Words struct {
	// Title names the chart in a few words. The drawing does not show it: the heading is the page's.
	Title string
	// Alt is one sentence for those who cannot see the chart: what it shows and what follows from it.
	Alt string
}

// Axis describes an axis.
type Axis struct {
	// Title says what is measured, with its unit: "multiply–adds per image".
	Title string
	// Log, if not empty, makes the axis logarithmic and is the word for it ("log scale"), which is shown with the title.
	Log string
	// Format writes the tick labels; nil is Number, or Power on a logarithmic axis.
	Format Format
	// Lo and Hi, if different, are the axis' ends; data beyond them is cut off. Otherwise the data decides.
	Lo, Hi float64
	// Ends, if given, replaces the ticks by a word at either end ("first layer", "last layer").
	Ends [2]string
}

func (a Axis) format(v float64) string {
	switch {
	case a.Format != nil:
		return a.Format(v)
	case a.Log != "":
		return Power(v)
	}
	return Number(v)
}

// title is the axis' title and, where it is logarithmic, the word that says so.
func (a Axis) title() string {
	switch {
	case a.Log == "":
		return a.Title
	case a.Title == "":
		return a.Log
	}
	return a.Title + ", " + a.Log
}

// SVG is the chart for a page, width units wide (Wide and Narrow, one of which the page shows).
func SVG(c Chart, width int) ([]byte, error) {
	cv, err := render(c, width, func(k Ink) string { return "var(--" + string(k) + ")" }, "var(--mono)")
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 %s %s" role="img" font-size="%d">`, num(cv.w), num(cv.h), textSize)
	writeWords(&b, c.words())
	b.WriteString(cv.b.String())
	b.WriteString("</svg>")
	return b.Bytes(), nil
}

func render(c Chart, width int, ink func(Ink) string, mono string) (*canvas, error) {
	if w := c.words(); w.Title == "" || w.Alt == "" {
		return nil, errors.New("chart: a chart needs a title and a sentence for those who cannot see it")
	}
	if width < 240 || width > 2000 {
		return nil, fmt.Errorf("chart: width %d, want 240 to 2000", width)
	}
	return c.draw(float64(width), ink, mono)
}

func writeWords(b *bytes.Buffer, w Words) {
	fmt.Fprintf(b, "<title>%s</title><desc>%s</desc>", escape(w.Title), escape(w.Alt))
}

// exact writes a number for a table: all its digits, a plain point and minus.
func exact(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// known reports inks that the theme lacks.
func known(kind string, inks ...Ink) error {
	for _, k := range inks {
		if k.Colour(Light) == "" {
			return fmt.Errorf("chart: %s: ink %q is not in the theme", kind, string(k))
		}
	}
	return nil
}
