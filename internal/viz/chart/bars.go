package chart

import (
	"fmt"
	"math"

	"gonum.org/v1/plot"
)

// Bar is one value of Bars.
type Bar struct {
	// Label names the stage, Text is the value in words at the bar's end; empty Text is written by the axis' Format.
	Label, Text string
	Value       float64
	Ink         Ink
	// Current is the reader's stage.
	Current bool
}

// Bars draws one quantity for each stage of a network as horizontal bars. Quantities of different units (parameters,
// multiply–adds) are charts of their own: no axis carries both. On a logarithmic axis, where bars have no natural length,
// they start at the power of ten below the smallest value and gridlines are shown; zero has no bar there.
type Bars struct {
	Words
	// Stage names the bars' labels, for the table.
	Stage string
	Value Axis
	Bars  []Bar
}

func (b *Bars) words() Words { return b.Words }

// Rows has one row a bar.
func (b *Bars) Rows() [][]string {
	rows := [][]string{{b.Stage, b.Value.title()}}
	for _, r := range b.Bars {
		rows = append(rows, []string{r.Label, exact(r.Value)})
	}
	return rows
}

const (
	rowHeight = 28.0
	barHeight = 16.0
)

func (b *Bars) check() error {
	if len(b.Bars) == 0 {
		return fmt.Errorf("chart: bars: no bars")
	}
	for _, r := range b.Bars {
		if r.Value-r.Value != 0 || r.Value < 0 {
			return fmt.Errorf("chart: bars: %q has the value %v, want a finite one of zero or above", r.Label, r.Value)
		}
		if err := known("bars", r.Ink); err != nil {
			return err
		}
	}
	return nil
}

// text is the value at the bar's end.
func (b *Bars) text(r Bar) string {
	if r.Text != "" {
		return r.Text
	}
	return b.Value.format(r.Value)
}

func (b *Bars) draw(w float64, ink func(Ink) string, mono string) (*canvas, error) {
	if err := b.check(); err != nil {
		return nil, err
	}
	h := rowHeight*float64(len(b.Bars)) + 12
	log := b.Value.Log != ""
	if b.Value.title() != "" {
		h += 18
	}
	if log {
		h += 20
	}
	f := newFigure(w, h, ink, mono, b.Value, Axis{})
	f.gridX, f.gridY = log, false
	names := make([]string, len(b.Bars))
	values := make([]float64, len(b.Bars))
	end := 0.0
	for i, r := range b.Bars {
		names[i], values[i] = r.Label, r.Value
		end = max(end, textWidth(b.text(r), textSize, true, false))
	}
	f.right = end + 12
	lo, hi, ok := limits(log, values)
	if !ok { // a logarithmic axis of zeros
		lo, hi = 1, 10
	}
	if log {
		lo, _ = roundOutLog(lo, hi)
	} else {
		lo, hi = 0, max(hi, math.SmallestNonzeroFloat32) // zeros alone still need an axis
	}
	if err := f.ranges(lo, hi, false, -0.5, float64(len(b.Bars))-0.5, false); err != nil {
		return nil, err
	}
	if !log {
		f.ticksX = nil
		f.p.X.Tick.Marker = noTicks // the values stand at the bars
	}
	f.rows(names)
	f.add(func(a area) { b.rows(f, a) })
	return f.finish(), nil
}

// rows turns the vertical axis into named rows, the first at the top.
func (f *figure) rows(names []string) {
	f.p.Y.Min, f.p.Y.Max = -0.5, float64(len(names))-0.5
	ticks := make(plot.ConstantTicks, len(names))
	for i, n := range names {
		ticks[i] = plot.Tick{Value: float64(len(names) - 1 - i), Label: n}
	}
	f.p.Y.Tick.Marker = ticks
	f.p.Y.Tick.Label.Font.Typeface = ""
	f.ticksY = nil
}

func (b *Bars) rows(f *figure, a area) {
	for i, r := range b.Bars {
		y := a.y(float64(len(b.Bars) - 1 - i))
		ink, text, class := r.Ink, Strong, "bar"
		if r.Current {
			ink, text, class = Probe, ProbeInk, "current"
		}
		f.c.open(class, r.Label+": "+b.text(r))
		x := a.left
		if r.Value > 0 {
			x = max(a.x(r.Value), a.left+1)
			f.c.rect(a.left, y-barHeight/2, x, y+barHeight/2, ink)
		}
		f.c.text(x+6, y+capHeight/2*textSize, b.text(r), textStyle{ink: text, mono: true, bold: r.Current, halo: b.Value.Log != ""})
		f.c.end()
	}
}
