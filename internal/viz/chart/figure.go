package chart

import (
	"fmt"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// figure is a chart being laid out: gonum's plot with the theme applied, and the margins around it.
type figure struct {
	c                        *canvas
	p                        *plot.Plot
	x, y                     Axis
	top, right, bottom, left float64
	gridX, gridY             bool
	ticksX, ticksY           []float64
}

// newFigure starts a chart of the given size. Horizontal gridlines are on; the axis titles' room is in the margins.
func newFigure(w, h float64, ink func(Ink) string, mono string, x, y Axis) *figure {
	f := &figure{c: newCanvas(w, h, ink, mono), p: plot.New(), x: x, y: y, top: 8, right: 8, bottom: 4, left: 2, gridY: true}
	f.p.BackgroundColor = nil
	f.p.TextHandler = handler{f.c}
	style(&f.p.X, f.c)
	style(&f.p.Y, f.c)
	f.p.Y.Padding = 6
	f.p.X.Padding = 4
	if y.title() != "" {
		f.top += 18
	}
	if x.title() != "" {
		f.bottom += 18
	}
	return f
}

// style applies the theme to an axis: no line, no tick marks, figures in the fixed-width face.
func style(a *plot.Axis, c *canvas) {
	a.LineStyle = draw.LineStyle{Color: Grid}
	a.Tick.LineStyle = draw.LineStyle{Color: Grid}
	a.Tick.Length = 0
	a.Tick.Label = text.Style{
		Color: Strong, Font: font.Font{Typeface: monoFace, Size: textSize}, XAlign: a.Tick.Label.XAlign, YAlign: a.Tick.Label.YAlign,
		Handler: handler{c},
	}
	a.Label.TextStyle.Handler = handler{c}
	a.Label.TextStyle.Font = font.Font{Size: textSize}
}

// setRange fixes an axis' range, from its own ends or the data's, and its ticks. With out, the data's ends move outwards to
// ticks. On a logarithmic axis lo must be positive.
func setRange(axis *plot.Axis, a Axis, lo, hi float64, ticks int, out bool) ([]float64, error) {
	if a.Lo != a.Hi {
		lo, hi = a.Lo, a.Hi
	} else if lo == hi && a.Log == "" {
		lo, hi = lo-0.5, hi+0.5
	}
	if lo-hi != lo-hi || hi-lo < 0 || math.IsInf(hi-lo, 0) {
		return nil, fmt.Errorf("chart: axis %q: no finite values between %v and %v", a.Title, lo, hi)
	}
	var at []float64
	if a.Log != "" {
		if lo <= 0 {
			return nil, fmt.Errorf("chart: axis %q: %v has no place on a logarithmic axis", a.Title, lo)
		}
		if out || lo == hi {
			lo, hi = roundOutLog(lo, hi)
		}
		if lo == hi {
			lo, hi = lo/10, hi*10
		}
		axis.Scale = plot.LogScale{}
		at = logTicks(lo, hi, ticks+1)
	} else {
		if out && a.Lo == a.Hi {
			lo, hi = roundOut(lo, hi, ticks)
		}
		at = linearTicks(lo, hi, ticks)
	}
	axis.Min, axis.Max = lo, hi
	axis.Tick.Marker = constantTicks(at, a.format)
	if a.Ends != [2]string{} {
		axis.Tick.Marker = noTicks
		at = nil
	}
	return at, nil
}

// ranges sets both axes.
func (f *figure) ranges(x0, x1 float64, outX bool, y0, y1 float64, outY bool) (err error) {
	nx, ny := 5, 5
	if f.c.w < 500 {
		nx, ny = 4, 4
	}
	if f.ticksX, err = setRange(&f.p.X, f.x, x0, x1, nx, outX); err != nil {
		return err
	}
	f.ticksY, err = setRange(&f.p.Y, f.y, y0, y1, ny, outY)
	return err
}

// drawing is a step of our own in gonum's order of drawing.
type drawing func(a area)

// area is where data is drawn: transforms from data to coordinates that grow downwards, and the edges.
type area struct {
	x, y                     func(float64) float64
	left, right, top, bottom float64
}

func (f *figure) area(dc draw.Canvas) area {
	tx, ty := f.p.Transforms(&dc)
	return area{
		x:    func(v float64) float64 { return float64(tx(v)) },
		y:    func(v float64) float64 { return f.c.h - float64(ty(v)) },
		left: float64(dc.Min.X), right: float64(dc.Max.X), top: f.c.h - float64(dc.Max.Y), bottom: f.c.h - float64(dc.Min.Y),
	}
}

// add draws with our own helpers, inside gonum's order.
func (f *figure) add(p drawing) { f.p.Add(own{f, p}) }

type own struct {
	f *figure
	p drawing
}

func (o own) Plot(dc draw.Canvas, _ *plot.Plot) { o.p(o.f.area(dc)) }

// finish draws everything: gridlines first, then gonum's axes and the plotters, then the titles at the axes' ends.
func (f *figure) finish() *canvas {
	full := draw.Canvas{Canvas: f.c, Rectangle: vg.Rectangle{
		Min: vg.Point{X: vg.Length(f.left), Y: vg.Length(f.bottom)},
		Max: vg.Point{X: vg.Length(f.c.w - f.right), Y: vg.Length(f.c.h - f.top)},
	}}
	a := f.area(f.p.DataCanvas(full))
	f.c.open("grid", "")
	if f.gridY {
		for _, v := range f.ticksY {
			f.c.line(a.left, a.y(v), f.c.w-f.right, a.y(v), Grid, 1, "")
		}
	}
	if f.gridX {
		for _, v := range f.ticksX {
			f.c.line(a.x(v), f.top, a.x(v), a.bottom, Grid, 1, "")
		}
	}
	f.c.end()
	f.p.Draw(full)
	f.titles(a)
	return f.c
}

// titles puts the vertical axis' title above its upper end and the horizontal one's below its right end.
func (f *figure) titles(a area) {
	if t := f.y.title(); t != "" {
		f.c.text(f.left, 13, t, textStyle{ink: Muted})
	}
	if t := f.x.title(); t != "" {
		f.c.text(f.c.w-f.right, f.c.h-6, t, textStyle{ink: Muted, anchor: "end"})
	}
	for i, t := range f.x.Ends {
		x, anchor := a.left, ""
		if i == 1 {
			x, anchor = a.right, "end"
		}
		f.c.text(x, a.bottom+16, t, textStyle{ink: Muted, anchor: anchor})
	}
}

// limits is the smallest and largest finite value of all slices, and whether there is one. Positive leaves out what a
// logarithmic axis cannot show.
func limits(positive bool, all ...[]float64) (lo, hi float64, ok bool) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, vs := range all {
		for _, v := range vs {
			if v-v == 0 && (!positive || v > 0) {
				lo, hi = min(lo, v), max(hi, v)
			}
		}
	}
	return lo, hi, lo <= hi
}
