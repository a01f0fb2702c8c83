package diagram

import "stride/internal/nn"

const slabWidth = 22.0

// slabs makes the node of a concat: one slab per input, as long as its share of the channels.
func (p *painter) slabs(v int, height float64, class func(i int, n *nn.Node) Class) Node {
	l := p.b.flow.layer(v)
	d := Node{Box: Box{0, -height / 2, slabWidth, height}, Shape: ShapeSlabs, Class: ClassConcat, Node: l.Out(), Layer: l, Name: l.Name, Size: ShapeText(l.Main.Shape)}
	for i, x := range l.First().In {
		d.Slabs = append(d.Slabs, Slab{Node: x, Class: class(i, x), Channels: x.Shape.C, Share: float64(x.Shape.C) / float64(l.Main.Shape.C)})
	}
	return d
}

// gather draws a concat whose inputs are not drawn one by one: only its slabs, behind an edge where something precedes.
func (p *painter) gather(v int, edge bool, lead float64) canvas {
	d := p.slabs(v, FaceSize(p.b.flow.node(v).Shape)+12, func(i int, n *nn.Node) Class {
		if i == 0 {
			return ClassNorm // what entered the stage; the rest are its layers' own maps
		}
		return ClassConv
	})
	if edge {
		return put(d, shortGap, lead, nil, nil)
	}
	c := put(d, 0, 0, nil, nil)
	c.edges = nil
	return c
}

// manyLanes is the number of branches from which on maps are drawn small.
const (
	manyLanes = 3
	laneFace  = 48.0
	emptyLane = 24.0 // the least distance between two lines
	slabRoom  = 60.0 // between the lanes and their join
)

// lanesOf draws the lanes below one another, flush right, and moves them so that their middle is at y = 0; it returns the
// lines' heights and the width of the widest.
func (p *painter) lanesOf(e elem) (lanes []canvas, at []float64, width float64) {
	if len(e.lanes) >= manyLanes {
		old := p.style
		p.style.face = p.style.limit(laneFace)
		defer func() { p.style = old }()
	}
	for _, s := range e.lanes {
		var c canvas
		p.series(&c, s)
		c.breaks = nil
		width = max(width, c.w)
		lanes = append(lanes, c)
	}
	var above []Box
	y := 0.0
	for i := range lanes {
		c := &lanes[i]
		dx := width - c.w
		c.move(dx, 0)
		lane := *c
		lane.edges = append(lane.edges, line(0, 0, Point{-bend, 0}, Point{width + slabRoom, 0})) // what the lane's line will be
		if len(above) > 0 {
			y = max(below(above, &lane), y+emptyLane)
		}
		c.move(0, y)
		lane.edges[len(lane.edges)-1] = line(0, 0, Point{-bend, y}, Point{width + slabRoom, y})
		above = append(above, lane.boxes()...)
		at = append(at, y)
	}
	middle := (at[0] + at[len(at)-1]) / 2
	for i := range at {
		at[i] -= middle
		lanes[i].move(0, -middle)
	}
	return lanes, at, width
}

// bend is where lanes part behind the picture before them.
const bend = 18.0

// fork puts lanes of a common width into one piece, all starting at the bend behind the node before.
func (p *painter) fork(lead float64, lanes []canvas, at []float64, width float64) (c canvas, last []int) {
	c.w = bend + 10 + width
	for i := range lanes {
		l := lanes[i]
		l.move(bend+10, 0)
		first := c.add(l, -1)
		if len(l.nodes) == 0 {
			last = append(last, -1)
			continue
		}
		last = append(last, len(c.nodes)-1)
		if at[i] == 0 {
			c.reroute(first, Point{edgeOff - lead, 0})
		} else {
			c.reroute(first, Point{edgeOff - lead, 0}, Point{bend, 0}, Point{bend, at[i]})
		}
	}
	return c, last
}

// inception draws branches below one another and the slabs of their concat.
func (p *painter) inception(e elem, lead float64) canvas {
	lanes, at, width := p.lanesOf(e)
	c, last := p.fork(lead, lanes, at, width)
	height := max(at[len(at)-1]-at[0]+FaceSize(p.b.flow.node(e.v).Shape)*0.6, 72)
	pred := p.b.flow.pred[e.v]
	d := p.slabs(e.v, height, func(i int, n *nn.Node) Class { return p.laneClass(e.lanes[i], p.b.flow.node(pred[i])) })
	piece := put(d, slabRoom, 0, nil, nil)
	piece.edges = nil
	piece.move(c.w, 0)
	x := piece.nodes[0].X
	to := c.add(piece, -1)
	y := -height / 2
	for i := range e.lanes {
		mid := y + d.Slabs[i].Share*height/2
		y += d.Slabs[i].Share * height
		c.edges = append(c.edges, c.arrive(last[i], to, lead, at[i], Point{x - arrowOff, mid}))
	}
	c.glued = true
	c.lead = piece.w - (x + slabWidth - c.w)
	c.w += piece.w
	return c
}

// fan draws any number of lanes that meet in a circle.
func (p *painter) fan(e elem, lead float64) canvas {
	lanes, at, width := p.lanesOf(e)
	c, last := p.fork(lead, lanes, at, width)
	j := p.join(e.v, -joinSize)
	x := c.w + slabRoom
	j.move(x, 0)
	to := c.add(j, -1)
	for i := range e.lanes {
		c.edges = append(c.edges, c.arrive(last[i], to, lead, at[i], Point{x - arrowOff, 0}))
	}
	c.w, c.lead, c.glued = x+joinSize+j.lead, j.lead, true
	return c
}

// arrive leads a lane at height y into its join: from the lane's last picture, or all the way from the fork when the lane
// is empty.
func (c *canvas) arrive(last, to int, lead, y float64, end Point) Edge {
	if last >= 0 {
		return curved(last, to, Point{c.nodes[last].Right() + edgeOff, y}, end)
	}
	turn := end.X - 22
	return line(-1, to, Point{edgeOff - lead, 0}, Point{bend, 0}, Point{bend, y}, Point{turn, y}, Point{turn, end.Y}, end)
}
