package diagram

import (
	"slices"
	"strconv"
)

// The largest number of layers that the layout by columns shows; of more, the ends are kept.
const (
	manyLayers = 48
	keepFirst  = 30
	keepLast   = 10
)

// The same for the inputs of a single layer: those of a concat late in a dense stage are dozens.
const (
	manyInputs     = 4
	keepInputFirst = 1
	keepInputLast  = 1
)

// shown gives the vertices that are hidden: from first, up to but without last.
func (f *flow) shown() (first, last int) {
	switch n, in := len(f.pred), len(f.src); {
	case len(f.layers) == 1 && in > manyInputs:
		return keepInputFirst, in - keepInputLast
	case n > manyLayers:
		return keepFirst, n - keepLast
	}
	return 0, 0
}

// cell is a vertex of the layout by columns: a vertex of the flow, the group of what is hidden, or, with v < 0, the place
// where an edge passes a column.
type cell struct {
	v          int
	rank       int
	pred, succ []int
	piece      canvas
	y          float64
	node       int // index in the drawing; −1 for a passing edge
}

// layered lays a flow out in columns by the longest path from the inputs. Edges that skip columns get a place in each;
// the order in the columns follows the mean place of the neighbours (Sugiyama, Tagawa, Toda 1981), and so do the heights.
func (p *painter) layered() canvas {
	p.style.face = p.style.limit(FaceSizeSmall)
	cells, group, hidden := p.b.flow.cells()
	for i := range cells {
		if i == group {
			cells[i].piece = p.hiddenBox(cells[i].v, hidden)
		} else {
			cells[i].piece = p.piece(cells[i].v)
		}
	}
	cells = passes(cells)
	columns := arrange(cells)
	for range 8 {
		sweep(cells, columns, true)
		sweep(cells, columns, false)
	}
	p.heights(cells, columns)
	c := p.connect(cells, columns)
	c.hidden = hidden
	return c
}

// FaceSizeSmall is the largest map of a drawing with many maps.
const FaceSizeSmall = 58.0

// hiddenBox is the group of the hidden layers, of which v is the last.
func (p *painter) hiddenBox(v, n int) canvas {
	gap := shortGap
	if v < len(p.b.flow.src) { // nothing leads to inputs
		gap = 0
	}
	return put(p.group(v, n), gap, 0, nil, nil)
}

func (p *painter) group(v, n int) Node {
	l := p.b.flow.layer(v)
	if l == nil {
		_, _, l = p.o.At(p.b.flow.node(v))
	}
	return Node{Box: Box{0, -groupH / 2, groupW, groupH}, Shape: ShapeGroup, Class: l.Class, Node: l.Out(), Layer: l,
		Name: "+" + strconv.Itoa(n), Size: ShapeText(l.Out().Shape), Block: p.b, Count: n}
}

// piece draws one vertex with the edge before it.
func (p *painter) piece(v int) canvas {
	l := p.b.flow.layer(v)
	switch {
	case l == nil:
		return p.start(v)
	case l.Class == ClassConcat:
		return p.gather(v, true, 0)
	case joins(l.Main) && len(p.b.flow.succ[v]) > 0:
		j := p.join(v, -joinSize)
		x := max((j.pills[0].W-joinSize)/2, shortGap-joinSize/2)
		j.move(x, 0)
		j.w = 2*x + joinSize
		return j
	case joins(l.Main):
		above, _ := pillsOf(l)
		return p.tensor(v, 0, above, nil)
	}
	return p.unit(v, 0)
}

// connect draws the cells and the edges between them.
func (p *painter) connect(cells []cell, columns [][]int) canvas {
	const channel = 30.0 // between columns, where edges change their height
	var c canvas
	x := make([]float64, len(columns)+1)
	for k, col := range columns {
		w := 0.0
		for _, i := range col {
			w = max(w, cells[i].piece.w)
		}
		x[k+1] = x[k] + w + channel
	}
	order := make([]int, 0, len(cells))
	for i := range cells {
		cells[i].node = -1
		if cells[i].v >= 0 {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cells[a].v - cells[b].v })
	for _, i := range order {
		q := cells[i].piece
		q.edges = nil
		q.move(x[cells[i].rank], cells[i].y)
		cells[i].node = c.add(q, -1)
	}
	for _, i := range order {
		for _, from := range cells[i].pred {
			p.route(&c, cells, x, from, i)
		}
	}
	return c
}

// route draws an edge: from the picture, through its places in the columns between, straight into the next picture.
func (p *painter) route(c *canvas, cells []cell, x []float64, from, to int) {
	end := c.nodes[cells[to].node]
	points := []Point{{end.X - arrowOff, cells[to].y}, {x[cells[to].rank], cells[to].y}}
	for cells[from].v < 0 {
		r := cells[from].rank
		points = append(points, Point{x[r+1] - 30, cells[from].y}, Point{x[r], cells[from].y})
		from = cells[from].pred[0]
	}
	start := c.nodes[cells[from].node]
	r := cells[from].rank
	points = append(points, Point{x[r+1] - 30, cells[from].y}, Point{start.Right() + edgeOff, cells[from].y})
	slices.Reverse(points)
	e := line(cells[from].node, cells[to].node, points...)
	e.Radius = 10
	if end.Class == ClassAdd {
		e.Class = ClassAdd
	}
	c.edges = append(c.edges, e)
}
