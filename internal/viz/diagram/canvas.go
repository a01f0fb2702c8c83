package diagram

import "math"

// canvas is a piece of a drawing under construction. Its line runs at y = 0 from x = 0 to x = w; pieces are put behind
// one another by moving them.
type canvas struct {
	nodes []Node
	edges []Edge
	pills []Pill
	w     float64
	// lead is how far the last picture's right side lies before w (its caption is wider than it).
	lead   float64
	hidden int
	// glued pieces stay in the row of the piece before them.
	glued bool
	// breaks are the pieces that append has put behind one another.
	breaks []breakPoint
}

// extent is how far the piece reaches above and below its line.
func (c *canvas) extent() (up, down float64) {
	for _, n := range c.nodes {
		b := n.Box.union(n.Caption)
		up, down = max(up, -b.Y), max(down, b.Bottom())
	}
	for _, p := range c.pills {
		up, down = max(up, -p.Y), max(down, p.Bottom())
	}
	for _, e := range c.edges {
		for _, q := range e.Points {
			up, down = max(up, -q.Y), max(down, q.Y)
		}
	}
	return up, down
}

// move shifts everything.
func (c *canvas) move(dx, dy float64) {
	for i := range c.nodes {
		c.nodes[i].Box = c.nodes[i].Box.move(dx, dy)
		c.nodes[i].Caption = c.nodes[i].Caption.move(dx, dy)
	}
	for i := range c.pills {
		c.pills[i].Box = c.pills[i].Box.move(dx, dy)
	}
	for i := range c.edges {
		for j := range c.edges[i].Points {
			c.edges[i].Points[j].X += dx
			c.edges[i].Points[j].Y += dy
		}
	}
}

// add puts another piece, already moved, into this one. Edges of the other count its own nodes; From −1 means the node
// before the piece, which is given. The result is the number that the other's nodes were shifted by.
func (c *canvas) add(o canvas, before int) int {
	base := len(c.nodes)
	for _, e := range o.edges {
		if e.From < 0 {
			e.From = before
		} else {
			e.From += base
		}
		e.To += base
		c.edges = append(c.edges, e)
	}
	c.nodes = append(c.nodes, o.nodes...)
	c.pills = append(c.pills, o.pills...)
	c.hidden += o.hidden
	return base
}

// append puts a piece behind the line's end.
func (c *canvas) append(o canvas) {
	before := len(c.nodes) - 1
	c.breaks = append(c.breaks, breakPoint{len(c.nodes), len(c.edges), len(c.pills), c.w, o.glued})
	o.move(c.w, 0)
	c.add(o, before)
	c.w += o.w
	c.lead = o.lead
}

// line is a straight edge or one with corners.
func line(from, to int, points ...Point) Edge {
	return Edge{Points: points, Radius: 14, From: from, To: to}
}

// curved is an edge of three points that is drawn as an S: the ends, and in the middle the sign that it is a curve.
func curved(from, to int, a, b Point) Edge {
	return Edge{Points: []Point{a, b}, Radius: -1, From: from, To: to}
}

// drawingMargin is around a drawing, besides the room for an outline around pictures.
const drawingMargin = 4.0

// drawing closes a canvas: everything moves into a box with a margin, paths are written.
func (c *canvas) drawing() *Drawing {
	var all Box
	for _, n := range c.nodes {
		all = all.union(n.Box.grow(6)).union(n.Caption)
	}
	for _, p := range c.pills {
		all = all.union(p.Box)
	}
	for _, e := range c.edges {
		for _, q := range e.Points {
			all = all.union(Box{q.X - 2, q.Y - 2, 4, 4})
		}
	}
	c.move(drawingMargin-all.X, drawingMargin-all.Y)
	d := &Drawing{W: math.Ceil(all.W + 2*drawingMargin), H: math.Ceil(all.H + 2*drawingMargin), Nodes: c.nodes, Edges: c.edges, Pills: c.pills, Hidden: c.hidden}
	for i := range d.Nodes {
		d.Nodes[i].Box, d.Nodes[i].Caption = tidy(d.Nodes[i].Box), tidy(d.Nodes[i].Caption)
	}
	for i := range d.Pills {
		d.Pills[i].Box = tidy(d.Pills[i].Box)
	}
	for i := range d.Edges {
		d.Edges[i].finish()
	}
	return d
}

func tidy(b Box) Box { return Box{round(b.X), round(b.Y), round(b.W), round(b.H)} }

// finish writes the path. Curves lose their points.
func (e *Edge) finish() {
	for i := range e.Points {
		e.Points[i] = Point{round(e.Points[i].X), round(e.Points[i].Y)}
	}
	if e.Radius >= 0 {
		e.Path = polyline(e.Points, e.Radius)
		return
	}
	if len(e.Points) == 2 {
		e.Path = curve(e.Points[0], e.Points[1])
	} else { // an arch: its ends and its top
		e.Path = arch(e.Points[0], e.Points[2], (min(e.Points[0].Y, e.Points[2].Y)-e.Points[1].Y)/0.75)
	}
	e.Points, e.Radius = nil, 0
}

// The room around edges.
const (
	edgeOff   = 4.0  // between a picture and the line that leaves it
	arrowOff  = 5.0  // between an arrow's tip and the picture
	pillAbove = 22.0 // from the line to the middle of the pill above it
	pillBelow = 20.0
	shortGap  = 34.0 // an edge without pills
)

// pillsOf lists the pills of a layer: above its edge what comes before and the operation itself, below what follows.
func pillsOf(l *Layer) (above, below []Pill) {
	for _, n := range l.Nodes() {
		m := MarkOf(n)
		p := Pill{Box: Box{W: math.Ceil(pillWidth(m)), H: pillHeight}, Mark: m, Class: ClassOf(n), Node: n}
		if n.ID <= l.Main.ID {
			above = append(above, p)
		} else {
			below = append(below, p)
		}
	}
	return above, below
}

// placePills stacks pills around the line at height y, centred on x.
func placePills(above, below []Pill, x, y float64) []Pill {
	var out []Pill
	for i, p := range above {
		p.X, p.Y = x-p.W/2, y-pillAbove-pillStep*float64(len(above)-1-i)-p.H/2
		out = append(out, p)
	}
	for i, p := range below {
		p.X, p.Y = x-p.W/2, y+pillBelow+pillStep*float64(i)-p.H/2
		out = append(out, p)
	}
	return out
}

func widest(pills ...[]Pill) float64 {
	w := 0.0
	for _, ps := range pills {
		for _, p := range ps {
			w = max(w, p.W)
		}
	}
	return w
}
