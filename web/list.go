package web

import (
	"net/url"
	"sort"

	"stride/internal/nn"
	"stride/internal/viz/diagram"
	"stride/web/i18n"
	"stride/web/view"
)

// newList is the network as a list: every block with its last maps, the selected one open.
func (t *trace) newList(n *nn.Node) view.NetList {
	o := outlineOf(t.model.Graph)
	_, at, _ := o.At(n)
	focus := t.focus()
	var l view.NetList
	for _, st := range o.Stages {
		if st.Kind == diagram.StageAux {
			continue
		}
		for _, b := range st.Blocks {
			s := view.ListStage{Name: t.blockName(st, b), Shape: shapeText(b.Out.Shape), Count: i18n.Int(b.Params), URL: t.nodeURL(firstOf(b)), Tile: t.tile(b.Out, 0), Open: b == at}
			if st.Kind == diagram.StageInput {
				s.Photo = t.s.pictureURL(t.picture, 96)
			}
			if s.Open {
				s.Layers = t.listLayers(b, n, focus)
			}
			l.Stages = append(l.Stages, s)
		}
	}
	return l
}

// blockName is a block with its stage where the stage has several.
func (t *trace) blockName(st *diagram.Stage, b *diagram.Block) string {
	if w := t.w.StageKinds[st.Kind]; w != "" {
		return w
	}
	if len(st.Blocks) == 1 || b.Name == "" {
		return st.Name
	}
	return b.Name
}

func (t *trace) listLayers(b *diagram.Block, selected *nn.Node, focus []string) []view.ListLayer {
	var l []view.ListLayer
	for _, m := range b.Nodes {
		l = append(l, view.ListLayer{Op: opOf(m), Name: m.Path, Shape: shapeText(m.Shape), Count: i18n.Int(t.summary.Row(m).Params), Tile: t.tile(m, 0), URL: t.nodeURL(m), Selected: m == selected, Dim: dim(m, focus)})
	}
	return l
}

// sortedKeys are the keys of a query in order, so that the same state always gives the same page.
func sortedKeys(q url.Values) []string {
	k := make([]string, 0, len(q))
	for n := range q {
		k = append(k, n)
	}
	sort.Strings(k)
	return k
}
