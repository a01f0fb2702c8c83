package diagram

import (
	"slices"

	"stride/internal/nn"
)

// The measures of the narrow drawing.
const (
	narrowFace = 48.0
	narrowCol  = 64.0 // the column of the pictures
	railStep   = 12.0
	stripGap   = 8.0
	beside     = 12.0 // between a picture and its caption
)

// DrawNarrow lays a block out as a list from top to bottom for a screen of the given width: pictures in a column, their
// captions beside them, the operations between. An input that is not the row above arrives by a rail at the left, which
// a skip path shares with nothing else.
func (o *Outline) DrawNarrow(b *Block, width float64) *Drawing {
	p := &painter{o: o, b: b, style: style{face: narrowFace}, signs: b.Skip}
	cells, group, hidden := b.flow.cells()
	if b.gathers() && len(b.flow.src) > fewInputs {
		cells = withoutInputs(cells, len(b.flow.src))
		group, hidden = -1, 0
	}
	rails := railsOf(cells)
	most := -1
	for _, r := range rails {
		most = max(most, r.at)
	}
	x := 8 + railStep*float64(most+1)
	if most >= 0 {
		x += 10
	}
	var c canvas
	c.hidden = hidden
	y := 0.0
	for i := range cells {
		y = p.row(&c, cells[i], i == group, hidden, x, y, width)
	}
	for i := range cells {
		for _, from := range cells[i].pred {
			c.edges = append(c.edges, p.colour(rail(&c, rails, from, i), cells[from].v, cells[i].v))
		}
	}
	d := c.drawing()
	d.W = max(d.W, width)
	return d
}

// fewInputs is the number of inputs up to which a concat's inputs are rows of their own.
const fewInputs = 3

// withoutInputs drops the vertices of a flow that are its inputs.
func withoutInputs(cells []cell, inputs int) []cell {
	first := slices.IndexFunc(cells, func(q cell) bool { return q.v >= inputs })
	rest := slices.Clone(cells[first:])
	for i := range rest {
		var pred []int
		for _, u := range rest[i].pred {
			if u >= first {
				pred = append(pred, u-first)
			}
		}
		rest[i].pred = pred
	}
	return rest
}

// row draws one layer below y and returns where the next begins.
func (p *painter) row(c *canvas, q cell, group bool, hidden int, x, y, width float64) float64 {
	var d Node
	var pills []Pill
	if group {
		d = p.group(q.v, hidden)
		d.Box = Box{W: narrowFace, H: 32}
	} else {
		l := p.b.flow.layer(q.v)
		n := p.b.flow.node(q.v)
		if l != nil {
			above, below := pillsOf(l)
			pills = append(above, below...)
		} else {
			_, _, l = p.o.At(n)
		}
		d = p.narrowPicture(q.v, l)
	}
	cx := x + narrowCol/2
	px := cx + 14
	line := y + stripGap
	if len(pills) == 0 {
		line += stripGap
	}
	for i := range pills {
		if px+pills[i].W > width-8 && px > cx+14 {
			px, line = cx+14, line+pillStep+2
		}
		pills[i].X, pills[i].Y = px, line
		px += pills[i].W + 6
		if i == len(pills)-1 {
			line += pillHeight + stripGap
		}
	}
	height := max(d.H, captionStep*float64(d.lines())+8)
	d.X, d.Y = cx-d.W/2, line+(height-d.H)/2
	h := captionStep*float64(d.lines()) + 8
	d.Beside, d.Caption = true, Box{cx + narrowCol/2 + beside, line + (height-h)/2, d.captionWidth(), h}
	if d.lines() == 0 {
		d.Caption = Box{X: d.Right(), Y: d.Y}
	}
	c.nodes = append(c.nodes, d)
	c.pills = append(c.pills, pills...)
	return line + height
}

// narrowPicture is the picture of a vertex: a join in the middle of the block is a circle with its name beside it.
func (p *painter) narrowPicture(v int, l *Layer) Node {
	n := p.b.flow.node(v)
	if v >= len(p.b.flow.src) && l.Class == ClassConcat {
		return p.slabs(v, narrowFace, func(_ int, n *nn.Node) Class {
			_, _, l := p.o.At(n)
			return l.Class
		})
	}
	if v >= len(p.b.flow.src) && joins(l.Main) && len(p.b.flow.succ[v]) > 0 {
		return Node{Box: Box{W: joinSize, H: joinSize}, Shape: ShapeJoin, Class: l.Class, Node: l.Main, Layer: l, Size: ShapeText(l.Main.Shape)}
	}
	d := p.style.picture(n, l)
	if d.Shape == ShapeDense {
		d.H = min(d.H, narrowFace)
	}
	p.sign(&d, v)
	return d
}

// railLine is the way of long edges at the left, from row first to row last; at counts from the right, next to the
// pictures.
type railLine struct{ key, first, last, at int }

// railsOf gives every edge that does not go to the next row a place at the left. Edges from one row share a rail, or else
// edges into one row; no two rails that overlap share a place.
func railsOf(cells []cell) map[[2]int]railLine {
	long := func(from, to int) bool { return to != from+1 }
	out := map[int]int{}
	for i := range cells {
		for _, from := range cells[i].pred {
			if long(from, i) {
				out[from]++
			}
		}
	}
	key := func(from, to int) int {
		if out[from] > 1 {
			return from
		}
		return len(cells) + to
	}
	var lines []railLine
	for i := range cells {
		for _, from := range cells[i].pred {
			if !long(from, i) {
				continue
			}
			k := key(from, i)
			at := slices.IndexFunc(lines, func(r railLine) bool { return r.key == k })
			if at < 0 {
				lines = append(lines, railLine{k, from, i, 0})
				continue
			}
			lines[at].first, lines[at].last = min(lines[at].first, from), max(lines[at].last, i)
		}
	}
	slices.SortStableFunc(lines, func(a, b railLine) int { return (a.last - a.first) - (b.last - b.first) })
	for i := range lines {
		for j := 0; j < i; {
			if lines[j].at == lines[i].at && lines[j].first < lines[i].last && lines[i].first < lines[j].last {
				lines[i].at++
				j = 0
				continue
			}
			j++
		}
	}
	byEdge := map[[2]int]railLine{}
	for i := range cells {
		for _, from := range cells[i].pred {
			if long(from, i) {
				byEdge[[2]int{from, i}] = lines[slices.IndexFunc(lines, func(r railLine) bool { return r.key == key(from, i) })]
			}
		}
	}
	return byEdge
}

// rail draws one edge: straight down to the next row, or round by its rail.
func rail(c *canvas, rails map[[2]int]railLine, from, to int) Edge {
	a, b := c.nodes[from].Box, c.nodes[to].Box
	r, long := rails[[2]int{from, to}]
	if !long {
		return line(from, to, Point{a.Centre().X, a.Bottom() + edgeOff}, Point{a.Centre().X, b.Y - arrowOff})
	}
	left := c.nodes[from].Box.Centre().X - narrowCol/2 - 10
	x := left - railStep*float64(r.at)
	const apart = 7 // between what arrives at a picture and what leaves it
	e := line(from, to, Point{a.X - edgeOff, a.Centre().Y + apart}, Point{x, a.Centre().Y + apart}, Point{x, b.Centre().Y - apart}, Point{b.X - arrowOff, b.Centre().Y - apart})
	e.Radius = 8
	return e
}

// colour makes what goes into a sum magenta, and the path of x, untouched or projected, thick.
func (p *painter) colour(e Edge, from, to int) Edge {
	l := p.b.flow.layer(to)
	if l == nil || !p.b.Skip || l.Class != ClassAdd && l.Role != RoleShortcut {
		return e
	}
	e.Class = ClassAdd
	u := p.b.flow.layer(from)
	e.Skip = u == nil || u.Role == RoleShortcut
	return e
}
