package diagram

import (
	"strconv"

	"stride/internal/nn/tensor"
)

// DrawStage lays out a whole stage: a dense one as its layers with arcs from each to all after it, any other as a row of
// its blocks, of which those that repeat are one box with a count. Only the stage's input and output are drawn as maps.
func (o *Outline) DrawStage(s *Stage) *Drawing {
	if len(s.Blocks) == 1 {
		return o.Draw(s.Blocks[0])
	}
	if s.Dense {
		return o.dense(s)
	}
	return fitted(rowFirst, func(st style) canvas {
		p := &painter{o: o, b: s.Blocks[0], style: st}
		var c canvas
		if len(p.b.flow.src) == 1 {
			c.append(p.start(0))
		}
		for _, g := range s.Groups {
			piece := st.box(s, g, c.lead)
			if s.Blocks[g.First].Skip {
				piece.arc()
			}
			c.append(piece)
		}
		last := s.Blocks[len(s.Blocks)-1]
		q := &painter{o: o, b: last, style: st}
		c.append(q.tensor(len(last.flow.pred)-1, c.lead, nil, nil))
		return c
	})
}

// box draws a run of blocks as one picture.
func (st style) box(s *Stage, g Group, lead float64) canvas {
	first, last := s.Blocks[g.First], s.Blocks[g.First+g.N-1]
	d := Node{Box: Box{0, -groupH / 2, groupW, groupH}, Shape: ShapeGroup, Class: blockClass(first), Node: last.Out, Layer: last.Layers[len(last.Layers)-1],
		Name: span(first.Name, last.Name), Size: ShapeText(last.OutShape), Block: first, Count: g.N}
	d.Box = st.boxed(last.OutShape)
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
func (c *canvas) arc() {
	n := c.nodes[0].Box
	a, z := Point{n.X + 6, n.Y - 3}, Point{n.Right() - 6, n.Y - 3}
	c.edges = append(c.edges, Edge{Points: []Point{a, {(a.X + z.X) / 2, n.Y - 22}, z}, Radius: -1, Class: ClassAdd, Plain: true})
}

// Most and fewest pictures of a dense stage's layers, how many of its end are kept when it has more, and the side of
// their maps.
const (
	manyDense     = 7
	fewDense      = 4
	keepDenseLast = 2
	denseFace     = 48.0
)

// dense draws the layers of a dense stage with the maps that each adds, arcs to all that read them, and the join: as many
// of the layers as there is room for.
func (o *Outline) dense(s *Stage) *Drawing {
	var d *Drawing
	for n := manyDense; n >= fewDense; n-- {
		c := o.denseRow(s, n)
		if d = c.drawing(); d.W <= Column {
			break
		}
	}
	return d
}

// denseRow draws at most n pictures: of more layers, the first and the last and a box in between.
func (o *Outline) denseRow(s *Stage, n int) canvas {
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
	head, tail := layers, []*Block(nil)
	if len(layers) > n {
		head, tail = layers[:n-1-keepDenseLast], layers[len(layers)-keepDenseLast:]
	}
	draw := func(blocks []*Block) {
		for _, b := range blocks {
			p := &painter{o: o, b: b, style: small}
			c.append(p.increment(c.lead))
		}
	}
	draw(head)
	if hidden := len(layers) - len(head) - len(tail); hidden > 0 {
		c.append(small.box(s, Group{First: layers[len(head)].Index, N: hidden}, c.lead))
		for _, h := range layers[len(head) : len(head)+hidden] {
			c.hidden += len(h.Layers)
		}
		draw(tail)
	}
	c.join(o, s)
	c.arcs()
	return c
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
	return fitted(rowFirst, func(st style) canvas {
		var c canvas
		for _, s := range o.Stages {
			switch {
			case s.Kind == StageAux:
			case s.Kind == StageInput || chain && n <= few:
				for _, b := range s.Blocks {
					p := &painter{o: o, b: b, style: st}
					if len(c.nodes) == 0 {
						c.append(p.start(0))
						continue
					}
					p.series(&c, b.tree)
				}
			default:
				c.append(st.stageBox(s, c.lead))
			}
		}
		return c
	})
}

// boxed is the room for the picture of a group: of its maps, or of a box when it hands on a vector.
func (st style) boxed(s tensor.Shape) Box {
	if s.PlaneLen() == 1 {
		return Box{0, -groupH / 2, groupW, groupH}
	}
	side := st.limit(FaceSize(s))
	return Box{0, -side / 2, side, side}
}

// stageBox draws a stage as one picture.
func (st style) stageBox(s *Stage, lead float64) canvas {
	b := s.Blocks[0]
	last := s.Blocks[len(s.Blocks)-1]
	d := Node{Box: Box{0, -groupH / 2, groupW, groupH}, Shape: ShapeGroup, Class: blockClass(b), Node: last.Out, Layer: last.Layers[len(last.Layers)-1],
		Name: s.Name, Size: ShapeText(s.Out), Block: b, Count: s.Count()}
	d.Box = st.boxed(s.Out)
	return put(d, shortGap, lead, nil, nil)
}

// DrawLayer lays out a single layer: what it reads, its operations, what it gives.
func (o *Outline) DrawLayer(b *Block, l *Layer) *Drawing {
	one := &Block{Stage: b.Stage, Index: b.Index, Kind: BlockChain, Name: l.Name, Nodes: l.Nodes(), Layers: []*Layer{l}}
	one.flow = newFlow(one.Layers)
	one.tree, one.sp = one.flow.parse()
	return fitted(styles, func(st style) canvas {
		p := &painter{o: o, b: one, style: st}
		var c canvas
		if len(one.flow.src) > 1 || joins(l.Main) {
			return p.layered()
		}
		c.append(p.start(0))
		if len(one.flow.src) > 0 {
			p.series(&c, one.tree)
		}
		return c
	})
}
