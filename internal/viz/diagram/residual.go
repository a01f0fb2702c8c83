package diagram

// residual draws a block whose main path runs along the top and whose skip path runs along the bottom to the sum, which
// stands under F(x): the output H(x) follows the sum on the lower line.
//
// at is the place of the sum in the tree.
func (p *painter) residual(at int) canvas {
	e := p.b.tree[at]
	main, skip := p.b.longLane(&e)
	var top canvas
	top.append(p.start(0))
	p.series(&top, p.b.tree[:at])
	x := len(top.nodes) - 1
	var lo canvas
	p.series(&lo, e.lanes[skip])
	p.stretch(&top, e.lanes[main], x, lo.w)
	f := top.nodes[len(top.nodes)-1]
	fi := len(top.nodes) - 1

	out := p.output(e, p.b.tree[at+1:])
	plus := f.Box.Centre().X
	if p.style.tuck { // as far right as the main path, and not further
		plus = min(plus, top.w-joinSize/2-out.w)
	}
	j := p.join(e.v, joinSize+3)
	y := p.sumHeight(&top, &lo, &out, &j, x, plus)
	ji := len(top.nodes) + len(lo.nodes)
	p.skip(&top, lo, x, ji, plus, y)
	j.move(plus-joinSize/2, y)
	top.add(j, -1)
	fx, foot := f.Box.Centre().X, f.Caption.Bottom()+edgeOff
	into := line(fi, ji, Point{fx, foot}, Point{plus, y - joinSize/2 - arrowOff})
	if plus != fx {
		into = line(fi, ji, Point{fx, foot}, Point{fx, foot + elbow}, Point{plus, foot + elbow}, Point{plus, y - joinSize/2 - arrowOff})
	}
	into.Class = ClassAdd
	top.edges = append(top.edges, into)

	end := out.w
	out.move(plus+joinSize/2, y)
	top.add(out, ji)
	top.w = plus + joinSize/2 + end
	top.breaks = nil
	return top
}

// elbow is how far F(x) goes down before it turns to a sum that does not stand under it.
const elbow = 10.0

// sumHeight is the height of the lower line: what stands on it clears what hangs from the upper one.
func (p *painter) sumHeight(top, lo, out, j *canvas, x int, plus float64) float64 {
	hanging := top.boxes()
	f := top.nodes[len(top.nodes)-1]
	if plus != f.Box.Centre().X {
		hanging = append(hanging, Box{plus, f.Caption.Bottom(), f.Box.Centre().X - plus, edgeOff + elbow})
	}
	part := func(c canvas, dx float64) float64 {
		c.move(dx, 0)
		y := below(hanging, &c)
		c.move(-dx, 0)
		return y
	}
	left := top.nodes[x].Box.Centre().X
	way := canvas{edges: []Edge{line(0, 0, Point{left, 0}, Point{plus, 0})}}
	y := max(part(way, 0)+8, f.Caption.Bottom()+elbow+joinSize/2+2*arrowOff+edgeOff)
	y = max(y, part(*out, plus+joinSize/2), part(*j, plus-joinSize/2))
	if len(lo.nodes) > 0 {
		y = max(y, part(*lo, plus-joinSize/2-skipRoom-lo.w))
	}
	return y
}

// skipRoom is between a projection and the sum.
const skipRoom = 44.0

// stretch draws the main path, with a longer first edge where the skip path below needs more room than the path has.
func (p *painter) stretch(top *canvas, lane seq, x int, below float64) {
	need := 0.0
	if below > 0 {
		need = below + 40 + 30
	}
	start, lead := top.w, top.lead
	var c canvas
	c.lead = lead
	p.series(&c, lane)
	f := c.nodes[len(c.nodes)-1].Box.Centre().X
	have := start + f - joinSize/2 - top.nodes[x].Box.Centre().X
	if more := need - have; more > 0 {
		c.move(more, 0)
		c.w += more
		c.edges[0].Points[0].X -= more
	}
	base := top.w
	c.move(base, 0)
	top.add(c, x)
	top.w += c.w
	top.lead = c.lead
}

// output draws what follows the sum; the sum's own map when nothing does.
func (p *painter) output(e elem, rest seq) canvas {
	var c canvas
	if len(rest) == 0 {
		c.append(p.tensor(e.v, 0, nil, nil))
	} else {
		p.series(&c, rest)
	}
	for i := range c.edges {
		if c.edges[i].From == -1 {
			c.edges[i].Points[0].X = edgeOff
		}
	}
	return c
}

// skip draws the lower path from under x to the sum: untouched, or through a projection, which stands next to the sum.
func (p *painter) skip(c *canvas, lo canvas, x, ji int, plus, y float64) {
	from := c.nodes[x]
	cx := from.Box.Centre().X
	start, corner := Point{cx, from.Caption.Bottom() + edgeOff}, Point{cx, y}
	end := Point{plus - joinSize/2 - arrowOff, y}
	if len(lo.nodes) == 0 {
		c.edges = append(c.edges, skipEdge(x, ji, start, corner, end))
		return
	}
	dx := plus - joinSize/2 - skipRoom - lo.w
	lo.move(dx, y)
	for i := range lo.edges {
		lo.edges[i].Class, lo.edges[i].Skip = ClassAdd, true
	}
	first := c.add(lo, x)
	last := c.nodes[len(c.nodes)-1]
	c.reroute(first, start, corner)
	for i := range c.edges {
		if c.edges[i].To == first {
			c.edges[i].Radius = 18
		}
	}
	// The pills of the first edge go to the middle of what is now a long line.
	shift := (cx - dx) / 2
	if l := c.nodes[first].Layer; l != nil && shift < 0 {
		for i := range c.pills {
			for _, n := range l.Nodes() {
				if c.pills[i].Node == n {
					c.pills[i].X += shift
				}
			}
		}
	}
	e := line(len(c.nodes)-1, ji, Point{last.Right() + edgeOff, y}, end)
	e.Class, e.Skip = ClassAdd, true
	c.edges = append(c.edges, e)
}
