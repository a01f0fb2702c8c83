package diagram

import "stride/internal/nn"

// painter draws one block.
type painter struct {
	o     *Outline
	b     *Block
	style style
	signs bool // write x, F(x), H(x)
}

// tensor draws the output of a vertex behind an edge that starts lead pixels before x = 0. pills are those on the edge.
func (p *painter) tensor(v int, lead float64, above, below []Pill) canvas {
	l := p.b.flow.layer(v)
	n := p.b.flow.node(v)
	if l == nil {
		_, _, l = p.o.At(n)
	}
	d := p.style.picture(n, l)
	p.sign(&d, v)
	gap := shortGap
	if w := widest(above, below); w > 0 {
		gap = max(w+10, 52)
		if p.style.tuck {
			gap = w + 7
		}
	}
	return put(d, gap, lead, above, below)
}

// put puts a picture behind an edge with pills.
func put(d Node, gap, lead float64, above, below []Pill) canvas {
	cw := d.captionWidth()
	left := 0.0 // what a centred caption needs on either side of the picture, as pills leave some room
	if d.centred() {
		left = max(0, (cw-d.W)/2)
		if len(above)+len(below) > 0 {
			left = max(0, left-3)
		}
	}
	d.Box = d.Box.move(gap+left, 0)
	d.caption()
	c := canvas{nodes: []Node{d}, w: gap + left + d.W + left}
	if !d.centred() {
		c.w = gap + max(d.W, cw)
	}
	c.lead = c.w - d.Right()
	c.pills = placePills(above, below, gap/2, 0)
	c.edges = []Edge{line(-1, 0, Point{edgeOff - lead, 0}, Point{d.X - arrowOff, 0})}
	return c
}

// sign writes a residual block's own names, and marks the block's input.
func (p *painter) sign(d *Node, v int) {
	if v < len(p.b.flow.src) {
		d.Role = RoleX
	}
	s := signs[d.Role]
	if s == "" || !p.signs {
		return
	}
	if d.Role == RoleShortcut {
		if next := p.b.flow.succ[v]; len(next) != 1 || p.b.flow.layer(next[0]).Class != ClassAdd {
			return // on the way to the shortcut's end
		}
		if len(d.Node.Params) == 0 && d.Layer.Params() == 0 {
			s = "x′"
		}
	}
	d.Name = s
}

// unit draws a layer: an edge with its pills, then its output.
func (p *painter) unit(v int, lead float64) canvas {
	above, below := pillsOf(p.b.flow.layer(v))
	return p.tensor(v, lead, above, below)
}

// start draws a vertex without an edge before it.
func (p *painter) start(v int) canvas {
	c := p.tensor(v, 0, nil, nil)
	x := min(c.nodes[0].X, c.nodes[0].Caption.X)
	c.move(-x, 0)
	c.w -= x
	c.edges = nil
	return c
}

// joinSize is the diameter of a join's circle.
const joinSize = 30.0

// join draws the circle of a sum or product at x = 0 … joinSize. Its pill stands off pixels from the middle.
func (p *painter) join(v int, off float64) canvas {
	l := p.b.flow.layer(v)
	d := Node{Box: Box{0, -joinSize / 2, joinSize, joinSize}, Shape: ShapeJoin, Class: l.Class, Node: l.Main, Layer: l}
	d.caption()
	m := MarkOf(l.Main)
	w := pillWidth(m)
	pill := Pill{Box: Box{joinSize/2 - w/2, off - pillHeight/2, w, pillHeight}, Mark: m, Class: l.Class, Node: l.Main}
	return canvas{nodes: []Node{d}, pills: []Pill{pill}, w: joinSize, lead: max(0, (w-joinSize)/2)}
}

// series draws a run of elements behind the line's end.
func (p *painter) series(c *canvas, s seq) {
	for i, e := range s {
		l := p.b.flow.layer(e.v)
		switch {
		case len(e.lanes) == 0 && joins(l.Main): // a join of inputs that are not drawn
			c.append(p.gather(e.v, len(c.nodes) > 0, c.lead))
		case len(e.lanes) == 0:
			c.append(p.unit(e.v, c.lead))
		case l.Class == ClassConcat:
			c.append(p.inception(e, c.lead))
		case len(e.lanes) == 2 && gateLane(l, 2) >= 0:
			c.append(p.gate(c, e))
			p.product(c, e, s[i+1:])
		default:
			c.append(p.sum(e, c.lead))
			p.product(c, e, s[i+1:])
		}
	}
}

// product draws the output behind a circle when nothing follows it on the line.
func (p *painter) product(c *canvas, e elem, rest seq) {
	if len(rest) == 0 && e.v == len(p.b.flow.pred)-1 {
		c.append(p.tensor(e.v, c.lead, nil, nil))
	}
}

// gate draws squeeze-and-excitation: the maps go straight on to the product. The gate's lane leaves from under the picture
// before, which must be one with room below, and returns from below. It reads that picture, so both stay in one row.
func (p *painter) gate(c *canvas, e elem) canvas {
	g := gateLane(p.b.flow.layer(e.v), len(e.lanes))
	from := len(c.nodes) - 1
	if from < 0 || len(e.lanes[1-g]) > 0 || len(e.lanes[g]) == 0 || c.nodes[from].Shape == ShapeJoin {
		return p.detour(e, e.lanes[1-g], e.lanes[g], c.lead)
	}
	src := c.nodes[from]
	foot := Point{src.X + min(src.W/2, gateFoot) - c.w, max(src.Bottom(), src.Caption.Bottom()) + edgeOff}
	lane, pills := p.gateLane(e.lanes[g])
	lane.move(foot.X, 0)
	y := max(below([]Box{src.Box.move(-c.w, 0), src.Caption.move(-c.w, 0)}, &lane), foot.Y+edgeOff+pillStep*float64(len(pills)))
	lane.move(0, y)
	out := canvas{pills: pills}
	for i := range pills {
		pills[i].X, pills[i].Y = foot.X-edgeOff-arrowOff-pills[i].W, foot.Y+edgeOff+pillStep*float64(i)
	}
	first := out.add(lane, -1)
	last := out.nodes[len(out.nodes)-1]
	out.reroute(first, foot, Point{foot.X, y})
	x := last.Right() + bend + edgeOff - joinSize/2
	j := p.join(e.v, -2*pillStep) // above the pill of the edge behind it
	j.move(x, 0)
	at := out.add(j, -1)
	middle := x + joinSize/2
	out.edges = append(out.edges,
		line(len(out.nodes)-2, at, Point{last.Right() + edgeOff, y}, Point{middle, y}, Point{middle, joinSize/2 + arrowOff}),
		line(-1, at, Point{edgeOff - c.lead, 0}, Point{x - arrowOff, 0}))
	out.w, out.glued = x+joinSize, true
	return out
}

// gateFoot is where a gate's lane leaves its picture, from the left.
const gateFoot = 16.0

// gateLane draws the lane of a gate from x = 0, where it comes down: the pills of its first layer have their place beside
// that line, so they are given apart.
func (p *painter) gateLane(s seq) (lane canvas, pills []Pill) {
	p.series(&lane, s)
	n := len(lane.pills)
	if len(lane.breaks) > 1 {
		n = lane.breaks[1].pill
	}
	pills, lane.pills = lane.pills[:n:n], lane.pills[n:]
	lane.move(shortGap-min(lane.nodes[0].X, lane.nodes[0].Caption.X), 0)
	lane.breaks = nil
	return lane, pills
}

// sum draws lanes that meet in a circle: the longest on the line, the others below.
func (p *painter) sum(e elem, lead float64) canvas {
	if len(e.lanes) != 2 {
		return p.fan(e, lead)
	}
	main, other := p.b.longLane(&e)
	return p.detour(e, e.lanes[main], e.lanes[other], lead)
}

// detour draws one lane on the line and one below it, meeting in a circle.
func (p *painter) detour(e elem, straight, below seq, lead float64) canvas {
	var up, lo canvas
	up.lead, lo.lead = lead, 0
	p.series(&up, straight)
	p.series(&lo, below)
	_, down := up.extent()
	if len(straight) == 0 {
		down = joinSize / 2
	}
	rise, _ := lo.extent()
	y := max(down, joinSize/2) + 18 + rise
	if len(below) == 0 {
		y = max(down, joinSize/2) + 24
	}
	c := canvas{}
	j := p.join(e.v, -joinSize)
	inner := max(up.w, bend+12+lo.w) + shortGap
	lo.move(bend+12, y)
	if len(straight) > 0 {
		up.edges[0].Points[0].X = edgeOff - lead
	}
	c.add(up, -1)
	first := c.add(lo, -1)
	j.move(inner, 0)
	at := c.add(j, -1)
	from := Point{edgeOff - lead, 0}
	corner := Point{bend, y}
	if len(below) > 0 {
		c.reroute(first, Point{bend, 0}, corner)
		last := c.nodes[len(c.nodes)-2]
		c.edges = append(c.edges, line(len(c.nodes)-2, at, Point{last.Right() + edgeOff, y}, Point{inner + joinSize/2, y}, Point{inner + joinSize/2, joinSize/2 + arrowOff}))
	} else {
		c.edges = append(c.edges, skipEdge(-1, at, from, Point{bend, 0}, corner, Point{inner + joinSize/2, y}, Point{inner + joinSize/2, joinSize/2 + arrowOff}))
	}
	if len(straight) > 0 {
		c.edges = append(c.edges, line(first-1, at, Point{up.w - up.lead + edgeOff, 0}, Point{inner - arrowOff, 0}))
	} else {
		c.edges = append(c.edges, line(-1, at, from, Point{inner - arrowOff, 0}))
	}
	c.w, c.lead = inner+joinSize+j.lead, j.lead
	return c
}

// skipEdge is the untouched path into a sum.
func skipEdge(from, to int, points ...Point) Edge {
	e := line(from, to, points...)
	e.Class, e.Skip, e.Radius = ClassAdd, true, 18
	return e
}

// reroute makes the edge into a node begin with other points: those given, then straight on to the node.
func (c *canvas) reroute(node int, points ...Point) {
	for i := range c.edges {
		if e := &c.edges[i]; e.To == node {
			e.Points = append(append([]Point(nil), points...), e.Points[len(e.Points)-1])
			return
		}
	}
}

// laneClass is the colour of a branch: of its pool, else of its first convolution that is wider than 1×1, else of the 1×1.
func (p *painter) laneClass(s seq, src *nn.Node) Class {
	if len(s) == 0 {
		return ClassOf(src)
	}
	c := p.b.flow.layer(s[0].v).Class
	for _, e := range s {
		switch k := p.b.flow.layer(e.v).Class; k {
		case ClassPool:
			return k
		case ClassConv, ClassDepthwise:
			if c == ClassPointwise {
				c = k
			}
		}
	}
	return c
}
