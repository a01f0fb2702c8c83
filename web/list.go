package web

import (
	"fmt"
	"net/url"
	"sort"
	"strings"

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
	if t.w.StageKinds[st.Kind] != "" || len(st.Blocks) == 1 || b.Name == "" {
		return t.stageName(st.Kind, st.Name)
	}
	return b.Name
}

// stageName is the name of a stage in the page's language: names of parts of a network stay as they are, words do not.
func (t *trace) stageName(kind diagram.StageKind, name string) string {
	if w := t.w.StageKinds[kind]; w != "" {
		return w
	}
	if n, ok := strings.CutPrefix(name, "stage "); ok {
		return fmt.Sprintf(t.w.StageN, n)
	}
	return name
}

func (t *trace) listLayers(b *diagram.Block, selected *nn.Node, focus []string) []view.ListLayer {
	var l []view.ListLayer
	for i, m := range b.Nodes {
		l = append(l, view.ListLayer{Note: t.readsText(b, i), Op: opOf(m), Name: m.Path, Shape: shapeText(m.Shape), Count: i18n.Int(t.summary.Row(m).Params), Tile: t.tile(m, 0), URL: t.nodeURL(m), Selected: m == selected, Dim: dim(m, focus)})
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

// readsText says what a node of a block reads where that is not, or not only, the line before it: where a branch begins,
// what a join receives besides.
func (t *trace) readsText(b *diagram.Block, i int) string {
	n := b.Nodes[i]
	var others []string
	chained := false
	for _, x := range n.In {
		if i > 0 && x == b.Nodes[i-1] {
			chained = true
		} else {
			others = append(others, x.Path)
		}
	}
	switch {
	case i == 0 && len(n.In) < 2 || len(others) == 0:
		return ""
	case len(others) > readsMost:
		others = append(others[:readsMost-1], fmt.Sprintf(t.w.GroupTitle, len(others)-readsMost+1))
	}
	if chained {
		return fmt.Sprintf(t.w.AlsoReceives, strings.Join(others, ", "))
	}
	return fmt.Sprintf(t.w.FromInputs, strings.Join(others, ", "))
}

// readsMost is how many inputs a line names; the concatenations of a dense stage have dozens.
const readsMost = 4
