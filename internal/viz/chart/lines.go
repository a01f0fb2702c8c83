package chart

import (
	"fmt"
	"math"

	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Dash tells series of one ink apart: by depth, solid for the shallow network.
type Dash int

// The dashes.
const (
	Solid Dash = iota
	Dashed
	Dotted
)

func (d Dash) pattern() []vg.Length {
	switch d {
	case Dashed:
		return []vg.Length{5, 4}
	case Dotted:
		return []vg.Length{1.5, 3}
	}
	return nil
}

// Series is one line.
type Series struct {
	// Name and End label the line at its end: "plain 20", "27%". Unit X values are 1, 2, 3, … when X is nil.
	Name, End string
	X, Y      []float64
	// Low and High, if given, bound a band around the line: the spread over seeds.
	Low, High []float64
	Ink       Ink
	Dash      Dash
}

// Mark is a value pointed out.
type Mark struct {
	X, Y float64
	Text string
}

// Lines draws series over a common axis, each labelled at its end. NaN is a gap. On a logarithmic vertical axis values of
// zero or below have no place: they are gaps too, marked by a small triangle at the lower edge.
type Lines struct {
	Words
	X, Y   Axis
	Series []Series
	// Current, if not nil, is the point in the reader's hand.
	Current *Mark
}

// GradientNorms is a chart of one value per layer, first layer at the left, on a logarithmic axis: how much of the gradient
// reaches each layer. ends are the words for the first and the last layer, logWord that for the axis.
func GradientNorms(w Words, ends [2]string, title, logWord string, series []Series) *Lines {
	return &Lines{Words: w, X: Axis{Ends: ends}, Y: Axis{Title: title, Log: logWord}, Series: series}
}

func (l *Lines) words() Words { return l.Words }

// x is the position of value i.
func (s *Series) x(i int) float64 {
	if s.X == nil {
		return float64(i + 1)
	}
	return s.X[i]
}

// Rows has one row a value: series, x, y and, where there are bands, their ends.
func (l *Lines) Rows() [][]string {
	rows := [][]string{{"", l.X.title(), l.Y.title()}}
	if l.X.title() == "" {
		rows[0][1] = "x"
	}
	band := false
	for _, s := range l.Series {
		band = band || s.Low != nil
	}
	if band {
		rows[0] = append(rows[0], l.Y.title()+" (min)", l.Y.title()+" (max)")
	}
	for _, s := range l.Series {
		for i, y := range s.Y {
			row := []string{s.Name, exact(s.x(i)), exact(y)}
			if band {
				row = append(row, "", "")
				if s.Low != nil {
					row[3], row[4] = exact(s.Low[i]), exact(s.High[i])
				}
			}
			rows = append(rows, row)
		}
	}
	return rows
}

func (l *Lines) check() error {
	if len(l.Series) == 0 {
		return fmt.Errorf("chart: lines: no series")
	}
	for _, s := range l.Series {
		if len(s.Y) == 0 || s.X != nil && len(s.X) != len(s.Y) || len(s.Low) != len(s.High) || s.Low != nil && len(s.Low) != len(s.Y) {
			return fmt.Errorf("chart: lines: series %q: %d values at %d places with a band of %d and %d", s.Name, len(s.Y), len(s.X), len(s.Low), len(s.High))
		}
		for i := range s.Y {
			if x := s.x(i); x-x != 0 {
				return fmt.Errorf("chart: lines: series %q: value %d stands at %v", s.Name, i, x)
			}
		}
		if err := known("lines", s.Ink); err != nil {
			return err
		}
	}
	return nil
}

func (l *Lines) draw(w float64, ink func(Ink) string, mono string) (*canvas, error) {
	if err := l.check(); err != nil {
		return nil, err
	}
	f := newFigure(w, lineHeight(w), ink, mono, l.X, l.Y)
	if err := l.setRanges(f); err != nil {
		return nil, err
	}
	f.right = min(l.labelWidth()+14, w*0.42)
	if l.X.Ends != [2]string{} {
		f.bottom += 16
	}
	if l.Current != nil {
		f.top += 16
	}
	for i := range l.Series {
		l.addSeries(f, &l.Series[i])
	}
	f.add(func(a area) { l.labels(f, a) })
	if l.Current != nil {
		f.add(func(a area) { l.current(f, a) })
	}
	return f.finish(), nil
}

func lineHeight(w float64) float64 {
	if w < 500 {
		return 260
	}
	return 320
}

func (l *Lines) setRanges(f *figure) error {
	var xs, ys [][]float64
	for i := range l.Series {
		s := &l.Series[i]
		at := make([]float64, len(s.Y))
		for j := range at {
			at[j] = s.x(j)
		}
		xs = append(xs, at)
		ys = append(ys, s.Y, s.Low, s.High)
	}
	x0, x1, okX := limits(l.X.Log != "", xs...)
	y0, y1, okY := limits(l.Y.Log != "", ys...)
	if !okX || !okY {
		return fmt.Errorf("chart: lines: %q has no value to draw", l.Title)
	}
	f.gridX = l.X.Log != ""
	return f.ranges(x0, x1, false, y0, y1, true)
}

func label(s *Series) string {
	if s.End == "" {
		return s.Name
	}
	return s.Name + " " + s.End
}

func (l *Lines) labelWidth() (w float64) {
	for i := range l.Series {
		w = max(w, textWidth(label(&l.Series[i]), textSize, false, true))
	}
	return w
}

// visible reports whether a value has a place in the figure.
func (f *figure) visible(y float64) bool {
	return y-y == 0 && (f.y.Log == "" || y > 0)
}

// addSeries adds the band and the line, cut at values that have no place.
func (l *Lines) addSeries(f *figure, s *Series) {
	f.add(func(a area) {
		f.c.open("series", s.Name)
		l.band(f, a, s)
		l.vanished(f, a, s)
	})
	for _, run := range segments(f, s) {
		line, err := plotter.NewLine(run)
		if err != nil {
			panic("chart: " + err.Error()) // values are finite and there is at least one
		}
		line.LineStyle = draw.LineStyle{Color: s.Ink, Width: lineWidth, Dashes: s.Dash.pattern()}
		f.p.Add(line)
	}
	f.add(func(a area) {
		for _, run := range segments(f, s) {
			if len(run) == 1 { // a line of one point is invisible
				f.c.circle(a.x(run[0].X), a.y(run[0].Y), 2.5, s.Ink, 1, 0)
			}
		}
		f.c.end()
	})
}

// segments is the line in pieces between gaps.
func segments(f *figure, s *Series) (runs []plotter.XYs) {
	var run plotter.XYs
	for i, y := range s.Y {
		if f.visible(y) {
			run = append(run, plotter.XY{X: s.x(i), Y: y})
			continue
		}
		if run != nil {
			runs = append(runs, run)
		}
		run = nil
	}
	if run != nil {
		runs = append(runs, run)
	}
	return runs
}

func (l *Lines) band(f *figure, a area, s *Series) {
	if s.Low == nil {
		return
	}
	var p vg.Path
	add := func(x, y float64) {
		pt := vg.Point{X: vg.Length(a.x(x)), Y: vg.Length(f.c.h - min(max(a.y(y), a.top), a.bottom))}
		if p == nil {
			p.Move(pt)
		} else {
			p.Line(pt)
		}
	}
	for i, y := range s.High {
		if f.visible(y) && f.visible(s.Low[i]) {
			add(s.x(i), y)
		}
	}
	for i := len(s.Low) - 1; i >= 0; i-- {
		if f.visible(s.High[i]) && f.visible(s.Low[i]) {
			add(s.x(i), s.Low[i])
		}
	}
	if p == nil {
		return
	}
	p.Close()
	f.c.SetColor(s.Ink)
	f.c.fill(p, 0.14)
}

// vanished marks what a logarithmic axis cannot show: values of zero or below.
func (l *Lines) vanished(f *figure, a area, s *Series) {
	if l.Y.Log == "" {
		return
	}
	for i, y := range s.Y {
		if y > 0 || y-y != 0 {
			continue
		}
		x := a.x(s.x(i))
		var p vg.Path
		p.Move(vg.Point{X: vg.Length(x - 3.5), Y: vg.Length(f.c.h - a.bottom + 6)})
		p.Line(vg.Point{X: vg.Length(x + 3.5), Y: vg.Length(f.c.h - a.bottom + 6)})
		p.Line(vg.Point{X: vg.Length(x), Y: vg.Length(f.c.h - a.bottom)})
		p.Close()
		f.c.SetColor(s.Ink)
		f.c.fill(p, 1)
	}
}

// labels puts every name at the height of its line's end, moved apart where lines end together; a hairline leads to the end
// of a line that stops early or whose name had to move.
func (l *Lines) labels(f *figure, a area) {
	type end struct{ x, y float64 }
	ends := make([]end, len(l.Series))
	at := make([]float64, len(l.Series))
	for i := range l.Series {
		s := &l.Series[i]
		ends[i] = end{a.left, a.bottom}
		for j := len(s.Y) - 1; j >= 0; j-- {
			if f.visible(s.Y[j]) {
				ends[i] = end{a.x(s.x(j)), min(max(a.y(s.Y[j]), a.top), a.bottom)}
				break
			}
		}
		at[i] = ends[i].y
	}
	room := f.right - 10
	for i, y := range spread(at, textSize+3, a.top, a.bottom) {
		s, x := &l.Series[i], a.right+8
		if math.Abs(y-ends[i].y) > 6 || x-ends[i].x > 14 {
			f.c.line(ends[i].x+2, ends[i].y, x-2, y, s.Ink, 0.75, "")
		}
		name := label(s)
		if textWidth(name, textSize, false, true) > room {
			name = s.Name
		}
		f.c.text(x, y+capHeight/2*textSize, name, textStyle{ink: s.Ink, bold: true})
	}
}

// current marks the reader's place: a hairline through the figure and a dot on the line.
func (l *Lines) current(f *figure, a area) {
	m := l.Current
	if m.X-m.X != 0 {
		return
	}
	x := min(max(a.x(m.X), a.left), a.right)
	f.c.open("current", m.Text)
	f.c.line(x, a.top-4, x, a.bottom, Probe, 1, "")
	if f.visible(m.Y) {
		y := min(max(a.y(m.Y), a.top), a.bottom)
		f.c.circle(x, y, 6.5, Ground, 1, 0)
		f.c.circle(x, y, 4.5, Probe, 1, 0)
	}
	anchor := "middle"
	if half := textWidth(m.Text, textSize, false, true) / 2; x-half < 0 {
		anchor = ""
	} else if x+half > f.c.w {
		anchor = "end"
	}
	f.c.text(x, a.top-8, m.Text, textStyle{ink: ProbeInk, anchor: anchor, bold: true})
	f.c.end()
}
