package chart

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Point is one bubble.
type Point struct {
	// Name labels the point, Detail (its size in words, say) follows in a lighter hand where there is room.
	Name, Detail string
	X, Y         float64
	// Area is the quantity that the disc's area stands for; zero draws the smallest disc.
	Area float64
	Ink  Ink
	// Selected points have their ink and are labelled in any case; others are grey context, labelled where there is room.
	// The Current one is the probe.
	Selected, Current bool
}

// Bubbles draws points of two quantities with a third as the discs' area. Labels never overlap.
type Bubbles struct {
	Words
	X, Y Axis
	// Size names the third quantity, for the table.
	Size   string
	Points []Point
}

func (b *Bubbles) words() Words { return b.Words }

// Rows has one row a point.
func (b *Bubbles) Rows() [][]string {
	rows := [][]string{{"", b.X.Title, b.Y.Title, b.Size}}
	for _, p := range b.Points {
		rows = append(rows, []string{p.Name, exact(p.X), exact(p.Y), exact(p.Area)})
	}
	return rows
}

func (b *Bubbles) check() error {
	if len(b.Points) == 0 {
		return fmt.Errorf("chart: bubbles: no points")
	}
	for _, p := range b.Points {
		for _, v := range []float64{p.X, p.Y, p.Area} {
			if v-v != 0 {
				return fmt.Errorf("chart: bubbles: point %q at %v, %v of size %v is not finite", p.Name, p.X, p.Y, p.Area)
			}
		}
		if p.Area < 0 {
			return fmt.Errorf("chart: bubbles: point %q has the size %v", p.Name, p.Area)
		}
		if err := known("bubbles", p.Ink); err != nil {
			return err
		}
	}
	return nil
}

func (b *Bubbles) draw(w float64, ink func(Ink) string, mono string) (*canvas, error) {
	if err := b.check(); err != nil {
		return nil, err
	}
	h, most := 400.0, 40.0
	if w < 500 {
		h, most = 340, 24
	}
	f := newFigure(w, h, ink, mono, b.X, b.Y)
	f.gridX = true
	f.right = 12
	xs, ys := make([]float64, len(b.Points)), make([]float64, len(b.Points))
	top := 0.0
	for i, p := range b.Points {
		xs[i], ys[i] = p.X, p.Y
		top = max(top, p.Area)
	}
	x0, x1, _ := limits(false, xs)
	y0, y1, _ := limits(false, ys)
	if b.X.Log != "" && x0 > 0 { // a little room, so that a round value just beyond the data gets its line
		x0, x1 = x0/1.1, x1*1.1
	}
	if err := f.ranges(x0, x1, false, y0, y1, true); err != nil {
		return nil, err
	}
	radii := make([]float64, len(b.Points))
	for i, p := range b.Points {
		radii[i] = 3
		if top > 0 {
			radii[i] = max(3, most*math.Sqrt(p.Area/top))
		}
	}
	f.p.Add(room{xs, ys, radii})
	f.add(func(a area) { b.discs(f, a, radii) })
	f.add(func(a area) { b.labels(f, a, radii) })
	return f.finish(), nil
}

// room makes gonum leave space for whole discs at the edges of the figure.
type room struct{ x, y, r []float64 }

func (room) Plot(draw.Canvas, *plot.Plot) {}

func (r room) GlyphBoxes(p *plot.Plot) []plot.GlyphBox {
	boxes := make([]plot.GlyphBox, len(r.r))
	for i := range boxes {
		d := vg.Length(r.r[i] + 4)
		boxes[i] = plot.GlyphBox{X: p.X.Norm(r.x[i]), Y: p.Y.Norm(r.y[i]), Rectangle: vg.Rectangle{Min: vg.Point{X: -d, Y: -d}, Max: vg.Point{X: d, Y: d}}}
	}
	return boxes
}

// order is what is drawn first to last: context before selection, large before small, so that nothing is hidden.
func (b *Bubbles) order() []int {
	order := make([]int, len(b.Points))
	for i := range order {
		order[i] = i
	}
	rank := func(p Point) int {
		switch {
		case p.Current:
			return 2
		case p.Selected:
			return 1
		}
		return 0
	}
	slices.SortStableFunc(order, func(i, j int) int {
		p, q := b.Points[i], b.Points[j]
		return cmp.Or(cmp.Compare(rank(p), rank(q)), cmp.Compare(q.Area, p.Area))
	})
	return order
}

func (b *Bubbles) discs(f *figure, a area, radii []float64) {
	for _, i := range b.order() {
		p := b.Points[i]
		x, y := a.x(p.X), a.y(p.Y)
		title := p.Name + ": " + f.x.format(p.X) + ", " + f.y.format(p.Y)
		if p.Detail != "" {
			title += ", " + p.Detail
		}
		ink, opacity, width, class := Context, 0.10, 1.25, "context"
		if p.Selected {
			ink, opacity, width, class = p.Ink, 0.20, 2, "point"
		}
		if p.Current {
			ink, opacity, width, class = Probe, 0.20, 2, "current"
		}
		f.c.open(class, title)
		f.c.circle(x, y, radii[i], ink, opacity, width)
		f.c.circle(x, y, 2.25, ink, 1, 0)
		f.c.end()
	}
}

// labels places the names: those that must be shown first, then small discs before large ones, which have more room around
// them.
func (b *Bubbles) labels(f *figure, a area, radii []float64) {
	order := b.order()
	slices.Reverse(order)
	tags := make([]tag, len(order))
	for k, i := range order {
		p := b.Points[i]
		must := p.Selected || p.Current
		w := textWidth(p.Name, textSize, false, must)
		if p.Detail != "" && b.detailed(f, p) {
			w += textWidth(" "+p.Detail, textSize, false, false)
		}
		tags[k] = tag{x: a.x(p.X), y: a.y(p.Y), r: radii[i], width: w + 4, height: textSize + 3, must: must}
	}
	places := placeTags(tags, box{a.left, f.top - 6, f.c.w - 2, a.bottom + 2})
	for k, i := range order {
		if !places[k].shown {
			continue
		}
		b.label(f, b.Points[i], tags[k], places[k])
	}
}

// detailed: on a narrow figure only what is selected has room for more than a name.
func (b *Bubbles) detailed(f *figure, p Point) bool { return f.c.w >= 500 || p.Current }

func (b *Bubbles) label(f *figure, p Point, t tag, at place) {
	ink := Muted
	if p.Selected {
		ink = Text
	}
	if p.Current {
		ink = ProbeInk
	}
	x, y := at.x0+2, (at.y0+at.y1)/2+capHeight/2*textSize
	f.c.open("label", "")
	if at.far {
		// To the nearest point of the box, from the edge of the disc.
		lx, ly := min(max(t.x, at.x0), at.x1), min(max(t.y, at.y0), at.y1)
		d := math.Hypot(lx-t.x, ly-t.y)
		f.c.line(t.x+(lx-t.x)*t.r/d, t.y+(ly-t.y)*t.r/d, lx, ly, Context, 0.75, "")
	}
	f.c.text(x, y, p.Name, textStyle{ink: ink, bold: t.must, halo: true})
	if p.Detail != "" && b.detailed(f, p) {
		x = at.x1 - 2 // from the right, so that a wider typeface moves the two apart rather than together
		f.c.text(x, y, p.Detail, textStyle{ink: Muted, anchor: "end", halo: true})
	}
	f.c.end()
}
