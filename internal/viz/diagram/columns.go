package diagram

import "slices"

// cells makes the vertices, those of the hidden middle as one. group is the index of that one; −1 when all are shown.
func (f *flow) cells() (cells []cell, group, hidden int) {
	n := len(f.pred)
	first, last := f.shown()
	to := make([]int, n) // vertex → cell
	group = -1
	for v := range n {
		if v >= first && v < last {
			if group < 0 {
				group = len(cells)
				cells = append(cells, cell{v: v})
			}
			to[v] = group
			cells[group].v = v
			hidden++
			continue
		}
		to[v] = len(cells)
		cells = append(cells, cell{v: v})
	}
	for v := range n {
		for _, u := range f.pred[v] {
			a, b := to[u], to[v]
			if a != b && !slices.Contains(cells[b].pred, a) {
				cells[b].pred = append(cells[b].pred, a)
				cells[a].succ = append(cells[a].succ, b)
			}
		}
	}
	for i := range cells {
		for _, u := range cells[i].pred {
			cells[i].rank = max(cells[i].rank, cells[u].rank+1)
		}
	}
	return cells, group, hidden
}

// passes puts a place into every column that an edge passes.
func passes(cells []cell) []cell {
	n := len(cells)
	for b := range n {
		for i, a := range cells[b].pred {
			from := a
			for r := cells[a].rank + 1; r < cells[b].rank; r++ {
				cells = append(cells, cell{v: -1, rank: r, pred: []int{from}})
				me := len(cells) - 1
				if from == a {
					at := slices.Index(cells[a].succ, b)
					cells[a].succ[at] = me
				} else {
					cells[from].succ = []int{me}
				}
				from = me
			}
			if from != a {
				cells[from].succ = []int{b}
				cells[b].pred[i] = from
			}
		}
	}
	return cells
}

// arrange sorts the cells into columns.
func arrange(cells []cell) [][]int {
	var columns [][]int
	for i := range cells {
		for len(columns) <= cells[i].rank {
			columns = append(columns, nil)
		}
		columns[cells[i].rank] = append(columns[cells[i].rank], i)
	}
	return columns
}

// sweep orders every column by the mean place of the neighbours in the column before (or after, backwards).
func sweep(cells []cell, columns [][]int, forward bool) {
	place := make([]float64, len(cells))
	for k := range columns {
		if !forward {
			k = len(columns) - 1 - k
		}
		mean := func(i int) float64 {
			near := cells[i].pred
			if !forward {
				near = cells[i].succ
			}
			if len(near) == 0 {
				return place[i]
			}
			sum := 0.0
			for _, j := range near {
				sum += place[j]
			}
			return sum / float64(len(near))
		}
		for j, i := range columns[k] {
			place[i] = float64(j)
		}
		key := make(map[int]float64, len(columns[k]))
		for _, i := range columns[k] {
			key[i] = mean(i)
		}
		slices.SortStableFunc(columns[k], func(a, b int) int {
			switch {
			case key[a] < key[b]:
				return -1
			case key[a] > key[b]:
				return 1
			}
			return a - b
		})
		for j, i := range columns[k] {
			place[i] = float64(j) - float64(len(columns[k])-1)/2
		}
	}
}

const (
	rowGap  = 16.0
	passing = 14.0 // room of an edge that passes a column
)

// heights gives every cell its y: as near to the mean of its neighbours as those above and below allow.
func (p *painter) heights(cells []cell, columns [][]int) {
	up, down := make([]float64, len(cells)), make([]float64, len(cells))
	for i := range cells {
		up[i], down[i] = passing/2, passing/2
		if cells[i].v >= 0 {
			up[i], down[i] = cells[i].piece.extent()
		}
	}
	for _, col := range columns {
		pack(cells, col, up, down, func(i int) float64 { return 0 })
	}
	for range 4 {
		for k := range columns {
			pack(cells, columns[k], up, down, func(i int) float64 { return meanY(cells, cells[i].pred, cells[i].y) })
		}
		for k := len(columns) - 1; k >= 0; k-- {
			pack(cells, columns[k], up, down, func(i int) float64 { return meanY(cells, cells[i].succ, cells[i].y) })
		}
	}
}

func meanY(cells []cell, near []int, own float64) float64 {
	if len(near) == 0 {
		return own
	}
	sum := 0.0
	for _, j := range near {
		sum += cells[j].y
	}
	return sum / float64(len(near))
}

// pack places a column without overlaps: each cell where it wants to be or as far below as it must, then all moved so
// that the mean error is zero.
func pack(cells []cell, col []int, up, down []float64, want func(int) float64) {
	wants := make([]float64, len(col))
	for j, i := range col {
		wants[j] = want(i)
	}
	off := 0.0
	for j, i := range col {
		y := wants[j]
		if j > 0 {
			above := col[j-1]
			y = max(y, cells[above].y+down[above]+rowGap+up[i])
		}
		cells[i].y = y
		off += wants[j] - y
	}
	off /= float64(len(col))
	for _, i := range col {
		cells[i].y += off
	}
}
