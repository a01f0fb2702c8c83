package web

import (
	"fmt"

	"stride/internal/nn/arch"
	"stride/internal/viz/diagram"
	"stride/web/view"
)

// The bars of a figure that compares networks, in the units of the drawing: width with and without the gap and height of
// the whole.
const (
	barPitch  = 9
	barWidth  = 7
	barHeight = 40
)

// netBars draws networks as bars on one scale, so that a deeper one is longer.
func (r *reader) netBars(names []string) []view.FigureNet {
	var l []view.FigureNet
	width := 0.0
	for _, name := range names {
		a, err := arch.ByName(name)
		if err != nil {
			return nil
		}
		g, err := a.Graph()
		if err != nil {
			return nil
		}
		n := view.FigureNet{Name: a.Title, URL: "/" + r.lang + "/a/" + name}
		n.Silhouette, n.Arcs = weightedBars(outlineOf(g))
		n.Silhouette.Label = a.Title
		width = max(width, n.Silhouette.W)
		l = append(l, n)
	}
	for i := range l {
		l[i].Silhouette.W = width
	}
	return l
}

// weightedBars is a bar for every layer with weights on the straight path, and an arc for every skip connection.
func weightedBars(o *diagram.Outline) (s view.Silhouette, arcs []view.Arc) {
	shape := o.Silhouette(diagram.SilhouetteSize{W: barPitch * float64(len(o.Graph.Nodes)), H: barHeight})
	s.H = shape.H
	foot := map[*diagram.Block][2]float64{}
	for _, b := range shape.Bars {
		if b.Layer.Main.MACs() == 0 || b.Layer.Role == diagram.RoleShortcut {
			continue
		}
		block := o.Stages[b.Stage].Blocks[b.Block]
		if _, ok := foot[block]; !ok {
			foot[block] = [2]float64{s.W, 0}
		}
		foot[block] = [2]float64{foot[block][0], s.W + barWidth}
		s.Bars = append(s.Bars, view.Bar{Box: view.Box{X: s.W, Y: b.Y, W: barWidth, H: b.H}, Op: view.Op(b.Class)})
		s.W += barPitch
	}
	for _, st := range o.Stages {
		for _, b := range st.Blocks {
			if b.Skip {
				arcs = append(arcs, view.Arc{X1: foot[b][0], X2: foot[b][1], Op: view.OpAdd})
			}
		}
	}
	return s, arcs
}

// readsGrid shows the table of a layer whose outputs read only some of its inputs (LeCun et al. 1998, Table I).
func (r *reader) readsGrid(names []string) *view.MarkGrid {
	for _, name := range names {
		a, err := arch.ByName(name)
		if err != nil {
			return nil
		}
		g, err := a.Graph()
		if err != nil {
			return nil
		}
		for _, n := range g.Nodes {
			table, ok := n.Op.(interface{ Table() [][]int })
			if !ok {
				continue
			}
			grid := &view.MarkGrid{Corner: fmt.Sprintf("%d → %d", n.In[0].Shape.C, n.Shape.C), Marks: make([][]bool, n.In[0].Shape.C)}
			for i := range grid.Marks {
				grid.Rows = append(grid.Rows, fmt.Sprint(i))
				grid.Marks[i] = make([]bool, len(table.Table()))
			}
			for o, in := range table.Table() {
				grid.Columns = append(grid.Columns, fmt.Sprint(o))
				for _, i := range in {
					grid.Marks[i][o] = true
				}
			}
			return grid
		}
	}
	return nil
}
