package web

import (
	"stride/internal/nn"
	"stride/web/view"
)

func (t *trace) newBlock(n *nn.Node) view.BlockView {
	return view.BlockView{Title: n.Path, Diagram: view.Diagram{ID: "block", W: 10, H: 10}}
}
