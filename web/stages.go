package web

import (
	"fmt"

	"stride/internal/nn"
)

// mapStage is the part of a network that works on maps of one size.
type mapStage struct {
	name  string
	nodes []*nn.Node
}

// stages splits the main path by map size. Gates inside a stage, which are vectors, belong to it; vectors behind the last
// map are the head.
func (t *trace) stages() []mapStage {
	main := t.model.Graph.Main()
	lastMap := 0
	for i, n := range main {
		if n.Shape.PlaneLen() > 1 {
			lastMap = i
		}
	}
	var l []mapStage
	size := -1
	for i, n := range main {
		h := n.Shape.H
		switch {
		case i > lastMap:
			h = 0
		case n.Shape.PlaneLen() == 1:
			h = size
		}
		if h != size {
			name := t.w.Head
			if h > 0 {
				name = fmt.Sprintf("%d×%d", n.Shape.H, n.Shape.W)
			}
			l, size = append(l, mapStage{name: name}), h
		}
		l[len(l)-1].nodes = append(l[len(l)-1].nodes, n)
	}
	return l
}
