package diagram

// Draw lays out a block by its kind: a chain in a row; a residual block with the main path above and the skip path below;
// an inception module as parallel rows that meet in slabs; a gate as a side branch. What is none of these is laid out in
// columns by its longest path from the input.
func (o *Outline) Draw(b *Block) *Drawing {
	return fitted(styles, func(st style) canvas { return (&painter{o: o, b: b, style: st, signs: b.Skip}).block() })
}

func (p *painter) block() canvas {
	b := p.b
	if !b.sp {
		return p.layered()
	}
	for i, e := range b.tree {
		if b.Skip && len(e.lanes) == 2 && b.flow.layer(e.v).Class == ClassAdd {
			return p.residual(i)
		}
	}
	var c canvas
	tree := b.tree
	switch len(b.flow.src) {
	case 0:
		c.append(p.start(0))
		tree = nil
	case 1:
		c.append(p.start(0))
	}
	head, middle, tail := shorten(tree)
	p.series(&c, head)
	if len(middle) > 0 {
		c.append(p.more(middle, c.lead))
		p.series(&c, tail)
	}
	return c
}

// The number of maps that one row shows, and what is kept at its ends when there are more.
const (
	longRow = 16
	keep    = 6
)

// shorten takes the middle out of a long row.
func shorten(s seq) (head, middle, tail seq) {
	if len(s) <= longRow {
		return s, nil, nil
	}
	return s[:keep], s[keep : len(s)-keep], s[len(s)-keep:]
}

// Size of the box of a group.
const (
	groupW = 56.0
	groupH = 44.0
)

// more draws the box that stands for hidden layers.
func (p *painter) more(s seq, lead float64) canvas {
	n := s.size()
	c := put(p.group(s[len(s)-1].v, n), shortGap, lead, nil, nil)
	c.hidden = n
	return c
}
