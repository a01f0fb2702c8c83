package web

import (
	"fmt"
	"net/http"
	"net/url"

	"stride/internal/calc"
	"stride/internal/nn"
	"stride/internal/viz/diagram"
	"stride/internal/viz/export"
	"stride/web/i18n"
	"stride/web/view"
)

// calcPlate is the stack of an address as a diagram.
func (s *Server) calcPlate(w http.ResponseWriter, r *http.Request) error {
	res, err := calcResult(r)
	if err != nil {
		return err
	}
	p := newCalcPlate(languageOf(r), res)
	p.frame.Sources = []string{madeWith(r, languageOf(r), query("/"+languageOf(r).Tag()+"/calc", url.Values{"d": {res.Stack.Link()}}))}
	return s.sendPlate(w, r, p)
}

// newCalcPlate draws what the stack compiles to, a row for each block; blocks that repeat are drawn once.
func newCalcPlate(l i18n.Lang, res *calc.Result) *plate {
	w, x := wordsOf(l), exportWordsOf(l)
	rows := stackRows(l, diagram.New(res.Graph))
	caption := fmt.Sprintf(x.Stack, shapeText(res.Graph.Input.Shape), shapeText(res.Graph.Output.Shape), i18n.Int(res.Totals.Params), i18n.SI(res.Totals.MACs))
	if !res.OK() {
		caption += " " + x.Broken
	}
	title := i18n.For(l).Calc.Title
	return &plate{name: "stack", markup: view.DiagramRows(rows, title), frame: export.Frame{Title: title + " · " + fmt.Sprintf(w.ParamsCount, i18n.Int(res.Totals.Params)), Caption: caption + " " + x.Counted}}
}

// stackRows are the drawings of a network's blocks.
func stackRows(l i18n.Lang, o *diagram.Outline) []view.DiagramRow {
	var rows []view.DiagramRow
	add := func(heading string, d *diagram.Drawing) {
		if len(d.Nodes) > 0 {
			rows = append(rows, view.DiagramRow{Heading: heading, Diagram: plainDiagram(l, fmt.Sprintf("row%d", len(rows)), d)})
		}
	}
	for _, st := range o.Stages {
		switch {
		case st.Kind == diagram.StageAux, st.Kind == diagram.StageInput && len(o.Stages) > 1:
		case st.Dense:
			add(st.Name, o.DrawStage(st))
		default:
			for _, g := range st.Groups {
				b := st.Blocks[g.First]
				heading := wordsOf(l).BlockKinds[b.Kind]
				if g.N > 1 {
					heading += fmt.Sprintf(" ×%d", g.N)
				}
				add(fmt.Sprintf("%d. %s", len(rows)+1, heading), o.Draw(b))
			}
		}
	}
	return rows
}

// plainDiagram is a drawing without a run: glyphs stand for the maps.
func plainDiagram(l i18n.Lang, id string, d *diagram.Drawing) view.Diagram {
	v := view.Diagram{ID: id, W: d.W, H: d.H}
	for _, e := range d.Edges {
		v.Edges = append(v.Edges, view.DiagramEdge{Path: e.Path, Op: view.Op(e.Class), Plain: e.Plain})
	}
	for _, x := range d.Nodes {
		n := view.DiagramNode{Box: boxOf(x.Box), Shape: view.NodeShape(x.Shape), Op: view.Op(x.Class), Name: x.Name, Size: x.Size, Title: x.Node.Path}
		switch x.Shape {
		case diagram.ShapeMaps, diagram.ShapeImage:
			n.Shape, n.Stack = view.NodeMaps, glyphStack(x.Node, x.Face, max(x.Sheets, 1))
		case diagram.ShapeSlabs:
			for _, s := range x.Slabs {
				n.Slabs = append(n.Slabs, view.Slab{Op: view.Op(s.Class), Share: s.Share, Label: i18n.Int(int64(s.Channels))})
			}
		case diagram.ShapeGroup:
			n.Name = fmt.Sprintf(wordsOf(l).GroupTitle, x.Count)
		}
		v.Nodes = append(v.Nodes, n)
	}
	for _, p := range d.Pills {
		c := p.Box.Centre()
		v.Pills = append(v.Pills, view.Pill{X: c.X, Y: c.Y, Op: view.Op(p.Class), Text: p.Mark.Text, Sub: p.Mark.Sub})
	}
	return v
}

// glyphStack is sheets without maps, the operation's glyph on the last.
func glyphStack(n *nn.Node, face float64, sheets int) view.Stack {
	s := view.Stack{Face: face}
	for range sheets {
		s.Tiles = append(s.Tiles, view.Tile{Pending: true, Op: opOf(n)})
	}
	return s
}
