package web

import (
	"fmt"
	"slices"
	"strings"

	"stride/internal/nn"
	"stride/internal/viz/diagram"
	"stride/web/i18n"
	"stride/web/view"
)

// The zoom levels of the graph, as an address writes them.
const (
	zoomBlock = iota
	zoomLayer
	zoomNetwork
	zoomStage
)

// groupSheets is how many maps stand for a block or stage.
const groupSheets = 3

// newBlock is what surrounds the selected node as a graph: the network by stages, the stage by blocks, the block by layers,
// or the layer alone.
func (t *trace) newBlock(n *nn.Node) view.BlockView {
	o := outlineOf(t.model.Graph)
	st, b, l := o.At(n)
	v := view.BlockView{Files: t.files("block", pictureKinds), Meta: fmt.Sprintf(t.w.ParamsCount, i18n.Int(b.Params)), Crumbs: []view.Link{{Label: t.model.Arch.Title, URL: t.zoomURL(zoomNetwork)}, {Label: t.stageName(st.Kind, st.Name), URL: t.zoomURL(zoomStage)}}}
	if len(st.Blocks) > 1 {
		v.Crumbs = append(v.Crumbs, view.Link{Label: b.Name, URL: t.zoomURL(zoomBlock)})
	}
	levels := []int{zoomNetwork, zoomStage, zoomBlock, zoomLayer}
	if len(st.Blocks) == 1 {
		levels = slices.DeleteFunc(levels, func(z int) bool { return z == zoomStage })
	}
	zoom := t.st.Zoom
	at := slices.Index(levels, zoom)
	if at < 0 {
		zoom, at = zoomBlock, slices.Index(levels, zoomBlock)
	}
	for i, z := range levels {
		v.Zoom = append(v.Zoom, view.Option{Label: t.w.ZoomLevels[z], URL: t.zoomURL(z), Current: i == at})
	}
	if at > 0 {
		v.OutURL = t.zoomURL(levels[at-1])
	}
	if at < len(levels)-1 {
		v.InURL = t.zoomURL(levels[at+1])
	}
	switch zoom {
	case zoomNetwork:
		v.Title, v.Meta = t.model.Arch.Title, fmt.Sprintf(t.w.ParamsCount, i18n.Int(o.Params))
		v.Diagram = t.newDiagram(o.DrawNetwork(), n, zoomBlock)
	case zoomStage:
		v.Title, v.Meta = fmt.Sprintf(t.w.StageTitle, strings.TrimPrefix(t.stageName(st.Kind, st.Name), fmt.Sprintf(t.w.StageN, "")), len(st.Blocks)), fmt.Sprintf(t.w.ParamsCount, i18n.Int(st.Params))
		v.Diagram = t.newDiagram(o.DrawStage(st), n, zoomBlock)
	case zoomLayer:
		v.Title, v.Meta = n.Path, fmt.Sprintf(t.w.ParamsCount, i18n.Int(l.Params()))
		v.Diagram = t.newDiagram(o.DrawLayer(b, l), n, zoomLayer)
	default:
		v.Title = fmt.Sprintf(t.w.BlockTitle, t.blockName(st, b), t.w.BlockKinds[b.Kind])
		v.Diagram = t.newDiagram(o.Draw(b), n, zoomBlock)
	}
	v.Diagram.Label = fmt.Sprintf(t.w.BlockAlt, v.Title, len(v.Diagram.Nodes), shapeText(b.In), shapeText(b.OutShape))
	return v
}

// zoomURL is the same view at another zoom level.
func (t *trace) zoomURL(z int) string { return t.url(func(s *archState) { s.Zoom = z }) }

// newDiagram turns geometry into a view model: maps, links and words are added. Links lead to a zoom level.
func (t *trace) newDiagram(d *diagram.Drawing, selected *nn.Node, inward int) view.Diagram {
	focus := t.focus()
	link := func(n *nn.Node) string {
		return t.st.selectNode(n.Path).with(func(s *archState) { s.Zoom = inward }).url(t.lang.Tag())
	}
	v := view.Diagram{ID: "block", W: d.W, H: d.H}
	for _, e := range d.Edges {
		v.Edges = append(v.Edges, view.DiagramEdge{Path: e.Path, Op: view.Op(e.Class), Plain: e.Plain})
	}
	for i, x := range d.Nodes {
		node := t.diagramNode(d, i, x, selected, focus)
		node.URL = link(x.Node)
		if x.Shape == diagram.ShapeGroup && x.Block != nil { // a box of the network or stage: into its first layer
			node.URL = link(firstOf(x.Block))
		}
		v.Nodes = append(v.Nodes, node)
	}
	for _, p := range d.Pills {
		c := p.Box.Centre()
		v.Pills = append(v.Pills, view.Pill{X: c.X, Y: c.Y, Op: view.Op(p.Class), Text: p.Mark.Text, Sub: p.Mark.Sub, URL: link(p.Node), Title: p.Node.Path + ": " + t.kindText(p.Node), Selected: p.Node == selected, Dim: dim(p.Node, focus)})
	}
	return v
}

func (t *trace) diagramNode(d *diagram.Drawing, i int, x diagram.Node, selected *nn.Node, focus []string) view.DiagramNode {
	v := view.DiagramNode{Box: boxOf(x.Box), Path: x.Node.Path, Shape: view.NodeShape(x.Shape), Op: view.Op(x.Class), Name: t.stageName("", x.Name), Size: x.Size, Selected: x.Node == selected || x.Layer != nil && x.Layer.Out() == x.Node && x.Layer.Main == selected, Dim: dim(x.Node, focus),
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
		if x.Block != nil && x.Node.Shape.PlaneLen() > 1 { // a block or stage: what it hands on, in place of a box
			v.Box.X, v.Box.W = v.Box.X+(x.W-x.H)/2, x.H
			v.Shape, v.Stack = view.NodeShape(diagram.ShapeMaps), t.stack(x.Node, x.H-(groupSheets-1)*diagram.StackStep(x.H))
			v.Stack.Tiles = v.Stack.Tiles[max(0, len(v.Stack.Tiles)-groupSheets):]
		}
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
