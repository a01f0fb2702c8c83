package web

import (
	"fmt"
	"sync"

	"stride/internal/nn"
	"stride/internal/nn/arch"
	"stride/internal/viz/diagram"
	"stride/web/view"
)

// outlines are cut once per graph: they depend on nothing else. A graph of an unusual size may come and go, so they are
// forgotten when there are more than the graphs that are kept.
var outlines = struct {
	sync.Mutex
	of map[*nn.Graph]*diagram.Outline
}{of: map[*nn.Graph]*diagram.Outline{}}

const maxOutlines = 256

func outlineOf(g *nn.Graph) *diagram.Outline {
	outlines.Lock()
	o := outlines.of[g]
	outlines.Unlock()
	if o != nil {
		return o
	}
	o = diagram.New(g)
	outlines.Lock()
	defer outlines.Unlock()
	if len(outlines.of) >= maxOutlines {
		clear(outlines.of)
	}
	outlines.of[g] = o
	return o
}

// boxOf turns a box of a drawing into the view's.
func boxOf(b diagram.Box) view.Box { return view.Box{X: b.X, Y: b.Y, W: b.W, H: b.H} }

// silhouettes of whole architectures for tables.
var silhouettes sync.Map // name → view.Silhouette

func silhouetteOf(a arch.Arch) view.Silhouette {
	if s, ok := silhouettes.Load(a.Name); ok {
		return s.(view.Silhouette)
	}
	g, err := a.Graph()
	if err != nil {
		return view.Silhouette{}
	}
	s := outlineOf(g).Silhouette(diagram.Compact)
	out := view.Silhouette{W: s.W, H: s.H, Label: a.Title}
	for _, b := range s.Bars {
		out.Bars = append(out.Bars, view.Bar{Box: boxOf(b.Box), Op: view.Op(b.Class)})
	}
	silhouettes.Store(a.Name, out)
	return out
}

// newOverview is the whole network as a silhouette whose stages and blocks are links.
func (t *trace) newOverview(n *nn.Node) view.Overview {
	o := outlineOf(t.model.Graph)
	s := o.Silhouette(diagram.Wide)
	_, at, _ := o.At(n)
	focus := t.focus()
	v := view.Overview{W: s.W, H: s.H, Label: fmt.Sprintf(t.w.OverviewAlt, t.model.Arch.Title, len(o.Stages), t.summary.Totals.Depth), Photo: t.s.pictureURL(t.picture, 128), Files: t.files("overview", pictureKinds)}
	used := map[view.Op]bool{}
	for _, b := range s.Bars {
		op := view.Op(b.Class)
		used[op] = true
		v.Bars = append(v.Bars, view.Bar{Box: boxOf(b.Box), Op: op, Title: b.Layer.Name, Dim: dim(b.Layer.Main, focus)})
	}
	for _, a := range s.Arcs {
		used[view.OpAdd] = true
		v.Arcs = append(v.Arcs, view.Arc{X1: a.X1, X2: a.X2, Y: a.Y, Op: view.Op(a.Class)})
	}
	for _, st := range s.Stages {
		x := view.OverviewStage{Frame: boxOf(st.Frame), X: st.X, Shape: st.Shape, URL: t.nodeURL(firstOf(st.Stage.Blocks[0])), Selected: at.Stage == st.Stage.Index}
		if st.Name != "" {
			x.Name = t.stageName(st.Stage.Kind, st.Name)
		}
		if st.Stage.Kind == diagram.StageInput {
			v.PhotoAt = boxOf(st.Frame)
		}
		for _, b := range st.Blocks {
			sel := x.Selected && b.Block == at
			x.Blocks = append(x.Blocks, view.OverviewBlock{Frame: boxOf(b.Frame), Name: b.Block.Name, URL: t.nodeURL(firstOf(b.Block)), Selected: sel})
		}
		v.Stages = append(v.Stages, x)
	}
	for _, op := range []view.Op{view.OpConv, view.OpPointwise, view.OpDepthwise, view.OpPool, view.OpAdd, view.OpConcat, view.OpDense} {
		if used[op] {
			v.Legend = append(v.Legend, view.LegendItem{Op: op, Label: t.w.Legend[op]})
		}
	}
	return v
}

// firstOf is the layer that a link to a block selects: the first one with weights.
func firstOf(b *diagram.Block) *nn.Node {
	for _, l := range b.Layers {
		if l.Main.MACs() > 0 {
			return l.Main
		}
	}
	return b.Nodes[0]
}

// dim reports whether a node lies outside of what the lesson step speaks of.
func dim(n *nn.Node, focus []string) bool {
	if len(focus) == 0 {
		return false
	}
	for _, f := range focus {
		if n.Path == f || len(n.Path) > len(f) && n.Path[:len(f)] == f && n.Path[len(f)] == '.' {
			return false
		}
	}
	return true
}
