package web

import (
	"fmt"
	"strings"

	"stride/internal/nn"
	"stride/internal/viz/diagram"
	"stride/web/i18n"
	"stride/web/view"
)

// newBlock is the block around the selected node as a graph.
func (t *trace) newBlock(n *nn.Node) view.BlockView {
	o := outlineOf(t.model.Graph)
	st, b, _ := o.At(n)
	v := view.BlockView{Title: fmt.Sprintf(t.w.BlockTitle, t.blockName(st, b), t.w.BlockKinds[b.Kind]), Meta: fmt.Sprintf(t.w.ParamsCount, i18n.Int(b.Params)),
		Crumbs: []view.Link{{Label: t.model.Arch.Title, URL: t.nodeURL(firstOf(o.Stages[0].Blocks[0]))}, {Label: st.Name, URL: t.nodeURL(firstOf(st.Blocks[0]))}}}
	if len(st.Blocks) > 1 {
		v.Crumbs = append(v.Crumbs, view.Link{Label: b.Name, URL: t.nodeURL(firstOf(b))})
	}
	v.Diagram = t.newDiagram(o.Draw(b), n)
	v.Diagram.Label = fmt.Sprintf(t.w.BlockAlt, v.Title, len(b.Layers), shapeText(b.In), shapeText(b.OutShape))
	return v
}

// newDiagram turns geometry into a view model: maps, links and words are added.
func (t *trace) newDiagram(d *diagram.Drawing, selected *nn.Node) view.Diagram {
	focus := t.focus()
	v := view.Diagram{ID: "block", W: d.W, H: d.H, Scroll: d.W > 760}
	for _, e := range d.Edges {
		v.Edges = append(v.Edges, view.DiagramEdge{Path: e.Path, Op: view.Op(e.Class), Plain: e.Plain})
	}
	for i, x := range d.Nodes {
		v.Nodes = append(v.Nodes, t.diagramNode(d, i, x, selected, focus))
	}
	for _, p := range d.Pills {
		c := p.Box.Centre()
		v.Pills = append(v.Pills, view.Pill{X: c.X, Y: c.Y, Op: view.Op(p.Class), Text: p.Mark.Text, Sub: p.Mark.Sub, URL: t.nodeURL(p.Node), Title: p.Node.Path + ": " + t.kindText(p.Node), Selected: p.Node == selected, Dim: dim(p.Node, focus)})
	}
	return v
}

func (t *trace) diagramNode(d *diagram.Drawing, i int, x diagram.Node, selected *nn.Node, focus []string) view.DiagramNode {
	v := view.DiagramNode{Box: boxOf(x.Box), Path: x.Node.Path, Shape: view.NodeShape(x.Shape), Op: view.Op(x.Class), Name: x.Name, Size: x.Size, URL: t.nodeURL(x.Node), Selected: x.Node == selected || x.Layer != nil && x.Layer.Out() == x.Node && x.Layer.Main == selected, Dim: dim(x.Node, focus),
		Title: strings.TrimSpace(x.Name+", "+t.kindText(x.Node)) + ", " + shapeText(x.Node.Shape), Inputs: t.inputsText(d, i)}
	switch x.Shape {
	case diagram.ShapeMaps:
		v.Stack = t.stack(x.Node, x.Face)
		v.Stack.Tiles = v.Stack.Tiles[max(0, len(v.Stack.Tiles)-x.Sheets):]
	case diagram.ShapeImage:
		v.ImageURL = t.seenURL()
	case diagram.ShapeSlabs:
		for _, s := range x.Slabs {
			v.Slabs = append(v.Slabs, view.Slab{Op: view.Op(s.Class), Share: s.Share, Label: i18n.Int(int64(s.Channels))})
		}
	case diagram.ShapeGroup:
		v.Title = fmt.Sprintf(t.w.GroupTitle, x.Count)
	}
	return v
}

// inputsText names what a node of the drawing reads, for the list beside it.
func (t *trace) inputsText(d *diagram.Drawing, i int) string {
	var from, skip []string
	for _, e := range d.Edges {
		if e.To != i || e.From < 0 || e.From >= len(d.Nodes) {
			continue
		}
		name := d.Nodes[e.From].Name
		if name == "" {
			name = d.Nodes[e.From].Node.Path
		}
		if e.Skip {
			skip = append(skip, name)
		} else {
			from = append(from, name)
		}
	}
	var parts []string
	if len(from) > 0 {
		parts = append(parts, fmt.Sprintf(t.w.FromInputs, strings.Join(from, ", ")))
	}
	if len(skip) > 0 {
		parts = append(parts, fmt.Sprintf(t.w.AlsoReceives, strings.Join(skip, ", ")))
	}
	return strings.Join(parts, ", ")
}
