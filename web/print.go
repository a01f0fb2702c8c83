package web

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"stride/internal/nn"
	"stride/internal/viz/diagram"
	"stride/web/i18n"
	"stride/web/view"
)

// print is the lesson as a document for paper: every step with its figure, the layers, the answers on the last page.
func (s *Server) print(w http.ResponseWriter, r *http.Request) error {
	t, err := s.open(w, r, s.patienceFor(r))
	if err != nil {
		return err
	}
	t.late = true
	l := t.lesson()
	if l == nil {
		return errNotFound
	}
	p := view.PrintPage{Page: t.base(w, r, view.NavArchitectures, l.Title), Heading: l.Title + " · " + t.model.Arch.Title, Facts: t.newArchBar(r).Facts, Weights: t.badge()}
	rd := &reader{s: s, w: t.w, lang: t.lang.Tag(), l: l, t: t, answers: map[string]string{}}
	if about := rd.about(""); about != nil {
		p.Lead = append(p.Lead, view.Paragraph{Text: about})
	}
	p.Lead = append(p.Lead, rd.blocks(l.Lead)...)
	n, err := t.selected()
	if err != nil {
		return err
	}
	p.Overview = t.newOverview(n)
	for i := range p.Overview.Bars {
		p.Overview.Bars[i].Dim = false // it stands before all steps
	}
	p.Columns, p.Layers, p.Totals = t.blockTable()
	for i, step := range l.Steps {
		ps := view.PrintStep{Title: step.Title, Blocks: rd.blocks(step.Blocks), Code: codeOf(r, t.stepURL(l, i))}
		if path, ok := t.there(l, step.Node); ok && step.Node != "" {
			if n := first(t.model.Graph, path); n != nil {
				o := outlineOf(t.model.Graph)
				_, b, _ := o.At(n)
				at := *t
				at.st.Step = i + 1
				d := at.newDiagram(o.Draw(b), n, zoomBlock)
				d.ID = fmt.Sprintf("step-%d", i+1)
				ps.Diagram = &d
			}
		}
		p.Steps = append(p.Steps, ps)
		for _, q := range step.Questions() {
			p.Answers = append(p.Answers, view.Fact{Label: plain(q.Prompt), Value: plain(q.Choices[q.Right()].Label), Note: plain(q.Choices[q.Right()].Why)})
		}
	}
	for _, src := range l.Sources {
		p.Refs = append(p.Refs, view.RefRow{ID: src.ID, Authors: src.Authors, Title: src.Title, Where: src.Venue, Year: fmt.Sprint(src.Year), URL: src.URL()})
	}
	p.Address, p.Code = r.Host+t.url(func(*archState) {}), codeOf(r, t.url(func(*archState) {}))
	return render(w, r, http.StatusOK, view.Print(p))
}

// blockText is what a block computes, in run order: the windows of its convolutions, the names of its other layers.
func (t *trace) blockText(b *diagram.Block) string {
	var names []string
	for _, l := range b.Layers {
		switch op := opOf(l.Main); {
		case op == view.OpConv || op == view.OpPointwise || op == view.OpDepthwise:
			w := l.Main.Window()
			names = append(names, fmt.Sprintf("%d×%d", w.KH, w.KW))
		case op == view.OpPool || l.Main.MACs() > 0:
			names = append(names, t.kindText(l.Main))
		}
	}
	if len(names) == 0 {
		return t.kindText(b.Nodes[0])
	}
	return strings.Join(names, " · ")
}

// blockTable lists the blocks of every stage; their parameters and multiply–adds add up to the totals.
func (t *trace) blockTable() (columns []string, groups []view.LayerGroup, totals []view.Fact) {
	for _, st := range handoutStages(t.model.Graph) {
		g := view.LayerGroup{Name: t.stageName(st.Kind, st.Name)}
		for _, b := range st.Blocks {
			g.Rows = append(g.Rows, view.LayerRow{Op: opOf(firstOf(b)), Path: t.blockName(st, b), URL: t.nodeURL(firstOf(b)), Kind: t.blockText(b), Cells: []string{shapeText(b.OutShape), i18n.Int(b.Params), i18n.Int(b.MACs), t.fieldText(t.summary.Row(b.Out).Field)}})
		}
		groups = append(groups, g)
	}
	sum := t.summary.Totals
	return []string{t.w.Output, t.w.Params, t.w.MACs, t.w.Field}, groups, []view.Fact{{Label: t.w.Params, Value: i18n.Int(sum.Params)}, {Label: t.w.MACs, Value: i18n.Int(sum.MACs)}}
}

// handoutStages are the stages of the network as it answers: without the picture and without heads for training alone.
func handoutStages(g *nn.Graph) []*diagram.Stage {
	return slices.DeleteFunc(slices.Clone(outlineOf(g).Stages), func(st *diagram.Stage) bool {
		return st.Kind == diagram.StageInput || st.Kind == diagram.StageAux
	})
}
