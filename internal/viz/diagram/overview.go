package diagram

import "strconv"

// DrawStage lays out a whole stage: a dense one as its layers with arcs from each to all after it, any other as a row of
// its blocks, of which those that repeat are one box with a count. Only the stage's input and output are drawn as maps.
func (o *Outline) DrawStage(s *Stage) *Drawing {
	if len(s.Blocks) == 1 {
		return o.Draw(s.Blocks[0])
	}
	if s.Dense {
		return o.dense(s)
	}
	p := &painter{o: o, b: s.Blocks[0], signs: false}
	var c canvas
	if len(p.b.flow.src) == 1 {
		c.append(p.start(0))
	}
	for _, g := range s.Groups {
		c.append(box(s, g, c.lead))
		if s.Blocks[g.First].Skip {
			c.arc(len(c.nodes)-1, s.Blocks[g.First])
		}
	}
	last := s.Blocks[len(s.Blocks)-1]
	q := &painter{o: o, b: last}
	c.append(q.tensor(len(last.flow.pred)-1, c.lead, nil, nil))
	return c.drawing()
}

// box draws a run of blocks.
func box(s *Stage, g Group, lead float64) canvas {
	first, last := s.Blocks[g.First], s.Blocks[g.First+g.N-1]
	d := Node{Box: Box{0, -groupH / 2, groupW, groupH}, Shape: ShapeGroup, Class: blockClass(first), Node: last.Out, Layer: last.Layers[len(last.Layers)-1],
		Name: span(first.Name, last.Name), Size: ShapeText(last.OutShape), Block: first, Count: g.N}
	return put(d, shortGap, lead, nil, nil)
}

// span names a run: "conv4.2–6".
func span(first, last string) string {
	if first == last {
		return first
	}
	i := 0
	for i < len(first) && i < len(last) && first[i] == last[i] {
		i++
	}
	for i > 0 && first[i-1] >= '0' && first[i-1] <= '9' { // do not part a number
		i--
	}
	return first + "–" + last[i:]
}

// blockClass is the class that a block is coloured by: how its parts are joined, else its first convolution that is not
// 1×1, else its first layer.
func blockClass(b *Block) Class {
	switch {
	case b.Skip:
		return ClassAdd
	case b.Kind == BlockInception, b.Kind == BlockDenseLayer, b.Kind == BlockTransition:
		return ClassConcat
	}
	for _, l := range b.work() {
		if l.Class != ClassPointwise {
			return l.Class
		}
	}
	return b.Layers[0].Class
}

// arc draws the skip connection over the box of a run of residual blocks.
func (c *canvas) arc(node int, b *Block) {
	n := c.nodes[node].Box
	a, z := Point{n.X + 6, n.Y - 3}, Point{n.Right() - 6, n.Y - 3}
	class := ClassAdd
	c.edges = append(c.edges, Edge{Points: []Point{a, {(a.X + z.X) / 2, n.Y - 22}, z}, Radius: -1, Class: class, Plain: true, From: node, To: node})
}

// Most layers of a dense stage that are drawn one by one, what is kept when there are more, and the side of their maps.
const (
	manyDense      = 7
	keepDenseFirst = 3
	keepDenseLast  = 2
	denseFace      = 48.0
)

// dense draws the layers of a dense stage with the maps that each adds, arcs to all that read them, and the join.
func (o *Outline) dense(s *Stage) *Drawing {
	var layers []*Block
	for _, b := range s.Blocks {
		if b.Kind == BlockDenseLayer {
			layers = append(layers, b)
		}
	}
	var c canvas
	small := style{face: denseFace}
	first := &painter{o: o, b: layers[0], style: small}
	if len(layers[0].flow.src) > 0 {
		c.append(first.start(0))
	}
	drawn := layers
	hidden := 0
	if len(layers) > manyDense {
		hidden = len(layers) - keepDenseFirst - keepDenseLast
		drawn = append(append([]*Block(nil), layers[:keepDenseFirst]...), layers[len(layers)-keepDenseLast:]...)
	}
	for i, b := range drawn {
		if hidden > 0 && i == keepDenseFirst {
			c.append(box(s, Group{First: layers[keepDenseFirst].Index, N: hidden}, c.lead))
			for _, h := range layers[keepDenseFirst : keepDenseFirst+hidden] {
				c.hidden += len(h.Layers)
			}
		}
		p := &painter{o: o, b: b, style: small}
		c.append(p.increment(c.lead))
	}
	c.join(o, s)
	c.arcs()
	return c.drawing()
}

// increment draws a dense layer as the maps that it adds: "+32".
func (p *painter) increment(lead float64) canvas {
	v := len(p.b.flow.pred) - 1
	c := p.tensor(v, 0, nil, nil)
	n := &c.nodes[0]
	n.Name, n.Size = p.b.Name, "+"+strconv.Itoa(p.b.Out.Shape.C)
	n.Block = p.b
	d := *n
	d.X = 0
	return put(d, shortGap, lead, nil, nil)
}

// join draws the concat that ends a dense stage, when the next block begins with one.
func (c *canvas) join(o *Outline, s *Stage) {
	var b *Block
	if last := s.Blocks[len(s.Blocks)-1]; last.gathers() && last.Kind != BlockDenseLayer {
		b = last
	} else if s.Index+1 < len(o.Stages) && o.Stages[s.Index+1].Blocks[0].gathers() {
		b = o.Stages[s.Index+1].Blocks[0]
	}
	if b == nil {
		return
	}
	p := &painter{o: o, b: b}
	d := p.gather(len(b.flow.src), true, c.lead)
	c.append(d)
}

// arcs connects every node of a row with all that follow, from the tops of the pictures; neighbours have their arrow.
func (c *canvas) arcs() {
	top := 0.0
	for _, n := range c.nodes {
		top = min(top, n.Y)
	}
	for i := range c.nodes {
		for j := i + 2; j < len(c.nodes); j++ {
			a, z := c.foot(i, j), c.foot(j, i)
			c.edges = append(c.edges, Edge{Points: []Point{a, {(a.X + z.X) / 2, top - 8 - 11*float64(j-i)}, z}, Radius: -1, Class: ClassConcat, Plain: true, From: i, To: j})
		}
	}
}

// foot is where the arc between i and another node stands on i: outgoing ones at the right, incoming ones at the left.
func (c *canvas) foot(i, other int) Point {
	n := c.nodes[i].Box
	x := n.X + n.W*0.3
	if other > i {
		x = n.X + n.W*0.7
	}
	return Point{x, n.Y - 3}
}

// few is the number of layers up to which a whole network is drawn map by map.
const few = 12

// DrawNetwork lays out the whole network: every layer of a small chain (LeNet-5), else its stages as boxes in a row.
func (o *Outline) DrawNetwork() *Drawing {
	n, chain := 0, true
	for _, s := range o.Stages {
		if s.Kind == StageAux {
			continue
		}
		for _, b := range s.Blocks {
			n += len(b.Layers)
			chain = chain && b.sp && !b.Skip
			for _, e := range b.tree {
				chain = chain && len(e.lanes) == 0
			}
		}
	}
	var c canvas
	for _, s := range o.Stages {
		switch {
		case s.Kind == StageAux:
		case s.Kind == StageInput || chain && n <= few:
			for _, b := range s.Blocks {
				p := &painter{o: o, b: b}
				if len(c.nodes) == 0 {
					c.append(p.start(0))
					continue
				}
				p.series(&c, b.tree)
			}
		default:
			c.append(stageBox(s, c.lead))
		}
	}
	return c.drawing()
}

// stageBox draws a stage as one box.
func stageBox(s *Stage, lead float64) canvas {
	b := s.Blocks[0]
	last := s.Blocks[len(s.Blocks)-1]
	d := Node{Box: Box{0, -groupH / 2, groupW, groupH}, Shape: ShapeGroup, Class: blockClass(b), Node: last.Out, Layer: last.Layers[len(last.Layers)-1],
		Name: s.Name, Size: ShapeText(s.Out), Block: b, Count: s.Count()}
	return put(d, shortGap, lead, nil, nil)
}

// DrawLayer lays out a single layer: what it reads, its operations, what it gives.
func (o *Outline) DrawLayer(b *Block, l *Layer) *Drawing {
	one := &Block{Stage: b.Stage, Index: b.Index, Kind: BlockChain, Name: l.Name, Nodes: l.Nodes(), Layers: []*Layer{l}}
	one.flow = newFlow(one.Layers)
	one.tree, one.sp = one.flow.parse()
	p := &painter{o: o, b: one}
	var c canvas
	switch {
	case l.Class == ClassConcat && len(one.flow.src) > few: // the slabs say it all
		c.append(p.gather(len(one.flow.src), false, 0))
		return c.drawing()
	case len(one.flow.src) > 1 || joins(l.Main):
		return p.layered()
	}
	if len(one.flow.src) == 0 {
		c.append(p.start(0))
		return c.drawing()
	}
	c.append(p.start(0))
	p.series(&c, one.tree)
	return c.drawing()
}
