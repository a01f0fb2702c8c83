package chart

import (
	"cmp"
	"fmt"
	"slices"
)

// Histogram draws the values of an activation in bins, with zero and the ends of the colour scale marked.
type Histogram struct {
	Words
	X, Y Axis
	// Edges bound the bins: one more than Counts, rising.
	Edges  []float64
	Counts []int
	Ink    Ink
	// Zero is the word at the mark for zero, which is shown when zero lies within the edges.
	Zero string
	// Clips are the values beyond which the map's colours stop changing.
	Clips []Mark
	// Current, if not nil, is the value of the pixel in the reader's hand.
	Current *Mark
}

func (h *Histogram) words() Words { return h.Words }

// Rows has one row a bin: its edges and how many values it holds.
func (h *Histogram) Rows() [][]string {
	rows := [][]string{{h.X.Title + " ≥", h.X.Title + " <", h.Y.Title}}
	for i, n := range h.Counts {
		rows = append(rows, []string{exact(h.Edges[i]), exact(h.Edges[i+1]), fmt.Sprint(n)})
	}
	return rows
}

func (h *Histogram) check() error {
	if len(h.Counts) == 0 || len(h.Edges) != len(h.Counts)+1 {
		return fmt.Errorf("chart: histogram: %d edges of %d bins", len(h.Edges), len(h.Counts))
	}
	for i, e := range h.Edges {
		if e-e != 0 || i > 0 && e <= h.Edges[i-1] {
			return fmt.Errorf("chart: histogram: edge %d is %v", i, e)
		}
	}
	for i, n := range h.Counts {
		if n < 0 {
			return fmt.Errorf("chart: histogram: bin %d holds %d values", i, n)
		}
	}
	return known("histogram", h.Ink)
}

// rule is a vertical line with a word above it.
type rule struct {
	x    float64
	text string
	ink  Ink
	dash string
}

const ruleLine = 16.0 // height of a line of words above the figure

func (h *Histogram) draw(w float64, ink func(Ink) string, mono string) (*canvas, error) {
	if err := h.check(); err != nil {
		return nil, err
	}
	height := 240.0
	if w < 500 {
		height = 210
	}
	f := newFigure(w, height, ink, mono, h.X, h.Y)
	most := 1
	for _, n := range h.Counts {
		most = max(most, n)
	}
	lo := 0.0
	if h.Y.Log != "" {
		lo = 0.5 // so that a single value has a bar
	}
	if err := f.ranges(h.Edges[0], h.Edges[len(h.Edges)-1], false, lo, float64(most), h.Y.Log == ""); err != nil {
		return nil, err
	}
	f.top += ruleLine * 2
	f.right = 16
	f.add(func(a area) {
		h.bins(f, a)
		h.rules(f, a)
	})
	return f.finish(), nil
}

func (h *Histogram) bins(f *figure, a area) {
	for i, n := range h.Counts {
		if n == 0 {
			continue
		}
		x0, x1 := a.x(h.Edges[i]), a.x(h.Edges[i+1])
		gap := 0.0
		if x1-x0 > 4 {
			gap = 0.5
		}
		f.c.open("bin", f.x.format(h.Edges[i])+" … "+f.x.format(h.Edges[i+1])+": "+Number(float64(n)))
		f.c.rect(x0+gap, min(a.y(float64(n)), a.bottom-1), x1-gap, a.bottom, h.Ink)
		f.c.end()
	}
}

// rules draws the marks, their words on one of two lines above so that they do not meet; a word that finds no room is
// left to the line's title.
func (h *Histogram) rules(f *figure, a area) {
	var rules []rule
	add := func(m Mark, ink Ink, dash string) {
		if m.X >= h.Edges[0] && m.X <= h.Edges[len(h.Edges)-1] {
			rules = append(rules, rule{a.x(m.X), m.Text, ink, dash})
		}
	}
	if h.Current != nil {
		add(*h.Current, Probe, "")
	}
	if h.Zero != "" {
		add(Mark{Text: h.Zero}, Strong, "")
	}
	clips := slices.Clone(h.Clips)
	slices.SortFunc(clips, func(p, q Mark) int { return cmp.Compare(p.X, q.X) })
	for _, m := range clips {
		add(m, Muted, "4 3")
	}
	// All lines before all words, whose halo keeps lines off them.
	var taken []box
	words := make([]func(), 0, len(rules))
	for _, r := range rules {
		f.c.open("mark", r.text)
		words = append(words, h.rule(f, a, r, &taken))
		f.c.end()
	}
	for _, write := range words {
		write()
	}
}

// rule draws a mark's line up to its word and returns what writes the word.
func (h *Histogram) rule(f *figure, a area, r rule, taken *[]box) (word func()) {
	w := textWidth(r.text, textSize, false, true) + 6
	x0 := min(max(r.x-w/2, 0), f.c.w-w)
	ink := r.ink
	if ink == Probe {
		ink = ProbeInk
	}
	for line := range 2 {
		base := a.top - 4 - ruleLine*float64(line)
		b := box{x0, base - ruleLine + 3, x0 + w, base + 3}
		if slices.ContainsFunc(*taken, b.overlaps) {
			continue
		}
		*taken = append(*taken, b)
		f.c.line(r.x, base+3, r.x, a.bottom, r.ink, 1.25, r.dash)
		return func() {
			f.c.text(x0+w/2, base, r.text, textStyle{ink: ink, anchor: "middle", bold: r.ink == Probe, halo: true})
		}
	}
	f.c.line(r.x, a.top-2, r.x, a.bottom, r.ink, 1.25, r.dash)
	return func() {}
}
