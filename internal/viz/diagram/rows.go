package diagram

import "math"

// breakPoint is where a piece of a canvas begins: the numbers of its first node, edge and pill, and its left side.
type breakPoint struct {
	node, edge, pill int
	x                float64
	glued            bool // stays in the row of the piece before
}

// The room around rows.
const (
	rowIndent = 26.0 // of a row that goes on from another, for the line that leads into it
	turnGap   = 14.0 // above and below the line between two rows
	rowTurn   = 14.0 // behind the last picture of a row, where the line turns
)

// wrap breaks a line that is longer than limit into rows, as even as possible. An edge that crosses a break goes down
// behind the end of its row, back between the rows and into the next one from the left, as a reader's eye does.
func (c *canvas) wrap(limit float64) {
	if len(c.breaks) == 0 || c.w <= limit {
		return
	}
	starts := c.evenRows(limit)
	var dx, dy float64 // how far the row above has moved
	above := c.row(starts, 0)
	for i := 1; i < len(starts); i++ {
		first := c.breaks[starts[i]]
		r := c.row(starts, i)
		up, _ := r.extent()
		right, bottom := above.farSides()
		turn := bottom + turnGap
		moveX, moveY := rowIndent-first.x, turn+turnGap+up
		tails := map[int]Point{}
		for j, e := range r.edges {
			if e.From < first.node && len(e.Points) > 0 {
				tails[j] = Point{e.Points[0].X + dx, e.Points[0].Y + dy}
			}
		}
		r.move(moveX, moveY)
		for j, p := range tails {
			e := &r.edges[j]
			e.Points = append([]Point{p, {right + rowTurn, p.Y}, {right + rowTurn, turn}, {0, turn}, {0, moveY}}, e.Points[1:]...)
		}
		dx, dy, above = moveX, moveY, r
	}
}

// row is a part of the canvas that shares its nodes, edges and pills.
func (c *canvas) row(starts []int, i int) canvas {
	from, to := c.breaks[starts[i]], breakPoint{node: len(c.nodes), edge: len(c.edges), pill: len(c.pills)}
	if i+1 < len(starts) {
		to = c.breaks[starts[i+1]]
	}
	return canvas{nodes: c.nodes[from.node:to.node], edges: c.edges[from.edge:to.edge], pills: c.pills[from.pill:to.pill]}
}

// evenRows breaks at the smallest limit that gives no more rows than the one given.
func (c *canvas) evenRows(limit float64) []int {
	best, _ := c.breakRows(limit)
	for l := limit - 8; l > limit/2; l -= 8 {
		starts, widest := c.breakRows(l)
		if len(starts) > len(best) || widest > l {
			break
		}
		best = starts
	}
	return best
}

// breakRows fills one row after the other, and says how wide the widest is.
func (c *canvas) breakRows(limit float64) (starts []int, widest float64) {
	starts = []int{0}
	left, indent := 0.0, 0.0
	for k := range c.breaks {
		end := c.w
		next := k + 1
		for next < len(c.breaks) && c.breaks[next].glued {
			next++
		}
		if next < len(c.breaks) {
			end = c.breaks[next].x + rowTurn
		}
		if !c.breaks[k].glued && k > starts[len(starts)-1] && end-left+indent > limit {
			starts = append(starts, k)
			left, indent = c.breaks[k].x, rowIndent
		}
		widest = max(widest, end-left+indent)
	}
	return starts, widest
}

// farSides are the right and the lower side of everything drawn.
func (c *canvas) farSides() (right, bottom float64) {
	right, bottom = math.Inf(-1), math.Inf(-1)
	for _, n := range c.nodes {
		b := n.Box.union(n.Caption)
		right, bottom = max(right, b.Right()), max(bottom, b.Bottom())
	}
	for _, p := range c.pills {
		right, bottom = max(right, p.Right()), max(bottom, p.Bottom())
	}
	for _, e := range c.edges {
		for _, q := range e.Points {
			bottom = max(bottom, q.Y)
		}
	}
	return right, bottom
}
