package web

import (
	"fmt"
	"math"
	"net/http"
	"net/url"
	"strconv"

	"stride/internal/lessons"
	"stride/internal/nn"
	"stride/internal/nn/analyze"
	"stride/web/i18n"
	"stride/web/view"
)

// bottleneckState is the address of the bottleneck lab.
type bottleneckState struct {
	In, Mid, Out, Kernel, Size int
	Bias                       bool
	answers                    url.Values
}

func parseBottleneck(q url.Values) (st bottleneckState, err error) {
	st = bottleneckState{Bias: q.Get("bias") == "1", answers: url.Values{}}
	for _, f := range []struct {
		name        string
		to          *int
		def, lo, hi int
	}{{"in", &st.In, 32, 1, 2048}, {"mid", &st.Mid, 16, 1, 2048}, {"out", &st.Out, 64, 1, 2048}, {"k", &st.Kernel, 3, 1, 11}, {"size", &st.Size, 28, 1, 512}} {
		if *f.to, err = intParam(q, f.name, f.def, f.lo, f.hi); err != nil {
			return st, err
		}
	}
	for k := range q {
		if len(k) > 2 && k[:2] == "q." && len(q.Get(k)) <= 64 {
			st.answers.Set(k, q.Get(k))
		}
	}
	return st, nil
}

func (st bottleneckState) values() url.Values {
	q := url.Values{}
	for k := range st.answers {
		q.Set(k, st.answers.Get(k))
	}
	for name, v := range map[string][2]int{"in": {st.In, 32}, "mid": {st.Mid, 16}, "out": {st.Out, 64}, "k": {st.Kernel, 3}, "size": {st.Size, 28}} {
		if v[0] != v[1] {
			q.Set(name, strconv.Itoa(v[0]))
		}
	}
	if st.Bias {
		q.Set("bias", "1")
	}
	return q
}

func (st bottleneckState) contract() analyze.Contract {
	return analyze.Contract{In: st.In, Out: st.Out, Kernel: st.Kernel, Size: st.Size, Bias: st.Bias}
}

// bottleneck is the lab of the 1×1 convolution.
func (s *Server) bottleneck(w http.ResponseWriter, r *http.Request) error {
	st, err := parseBottleneck(r.URL.Query())
	if err != nil {
		return err
	}
	b := s.base(w, r, view.NavLabs, "")
	text := s.library.Book(b.Lang.Tag()).Lesson(lessons.LabLesson, "bottleneck")
	b.Title = text.Title
	t, err := s.openDefault(w, r, s.moduleModel())
	if err != nil {
		return err
	}
	t.late = true
	rd := &reader{s: s, w: wordsOf(b.Lang), lang: b.Lang.Tag(), l: text, t: t, answers: map[string]string{}, action: b.URL("/labs/bottleneck"),
		fields: func(q string) []view.Field { return fieldsOf(st, "q."+q) }}
	for k := range st.answers {
		rd.answers[k[2:]] = st.answers.Get(k)
	}
	p := view.LabPage{Page: b, Crumbs: []view.Link{{Label: b.T().Lab.Title, URL: b.URL("/labs")}, {Label: text.Title}}, Heading: text.Title, Bench: s.bottleneckBench(b, st)}
	for i, bl := range rd.blocks(text.Lead) {
		if par, ok := bl.(view.Paragraph); ok && i == 0 {
			p.Lead = par.Text
		}
	}
	p.RefreshIn = refreshOf(t.newStream())
	p.Sections = append(p.Sections, view.LabSection{ID: "ladder-table", Heading: rd.w.Ladder, Body: view.FormTableView(ladder(rd.w, st)), Panel: true})
	for _, step := range text.Steps {
		sec := view.LabSection{ID: step.ID, Heading: step.Title, Blocks: rd.blocks(step.Blocks)}
		if step.ID == "module" {
			sec.Body = view.ModuleView(b, s.moduleFigure(t))
			sec.Meta = t.model.Arch.Title
		}
		p.Sections = append(p.Sections, sec)
	}
	return render(w, r, http.StatusOK, view.Lab(p))
}

// fieldsOf is the lab's state as hidden fields, without one answer.
func fieldsOf(st bottleneckState, without string) []view.Field {
	q := st.values()
	q.Del(without)
	var l []view.Field
	for _, k := range sortedKeys(q) {
		l = append(l, view.Field{Name: k, Value: q.Get(k)})
	}
	return l
}

// moduleModel is the GoogLeNet whose module is shown: one with trained weights if there is any.
func (s *Server) moduleModel() string {
	for _, name := range []string{"googlenet", "mini_googlenet"} {
		if len(s.cfg.Catalogue.Of(name)) > 0 {
			return name
		}
	}
	return "googlenet_paper"
}

func (s *Server) bottleneckBench(b view.Page, st bottleneckState) view.Bench {
	w := wordsOf(b.Lang)
	c := st.contract()
	slider := func(name, text string, op view.Op, v, hi int) view.Control {
		return view.Control{Kind: view.ControlRange, Name: name, Label: text, Op: op, Min: 1, Max: float64(max(hi, v)), Step: 1, Value: float64(v)}
	}
	bench := view.Bench{Action: b.URL("/labs/bottleneck"), Controls: []view.Control{
		slider("in", w.InDepth, view.OpInput, st.In, 256), slider("mid", w.MidDepth, view.OpPointwise, st.Mid, 256), slider("out", w.OutDepth, view.OpConv, st.Out, 256),
		{Kind: view.ControlChoice, Name: "k", Label: w.KernelSize, Options: choices(st.Kernel, "%d×%d", 1, 3, 5, 7)},
		{Kind: view.ControlChoice, Name: "size", Label: w.MapSize, Options: choices(st.Size, "%d×%d", 7, 14, 28, 56, 112)},
		{Kind: view.ControlChoice, Name: "bias", Label: w.Biases, Options: []view.Choice{{Label: view.T(w.Without), Value: "0", Chosen: !st.Bias}, {Label: view.T(w.With), Value: "1", Chosen: st.Bias}}},
		{Kind: view.ControlResult, Label: w.BreakEven, Text: i18n.Fixed(c.BreakEven(), 1), Hint: fmt.Sprintf(w.SavesUpTo, c.LargestSaving())},
	}, Reset: &view.Link{Label: b.T().Lab.Reset, URL: b.URL("/labs/bottleneck")}}
	for k := range st.answers {
		bench.Fields = append(bench.Fields, view.Field{Name: k, Value: st.answers.Get(k)})
	}
	bench.Stage = view.BottleneckStageView(bottleneckStage(w, st))
	return bench
}

func choices(now int, format string, values ...int) []view.Choice {
	var l []view.Choice
	for _, v := range values {
		l = append(l, view.Choice{Label: view.T(fmt.Sprintf(format, v, v)), Value: strconv.Itoa(v), Chosen: v == now})
	}
	return l
}

// bottleneckStage draws both ways to one scale.
func bottleneckStage(w *words, st bottleneckState) view.BottleneckStage {
	c := st.contract()
	d, bn := c.Direct(), c.Bottleneck(st.Mid)
	deepest := float64(max(st.In, st.Mid, st.Out))
	vol := func(op view.Op, ch int, name string) view.Volume {
		return view.Volume{Side: 84, Depth: 4 + 92*float64(ch)/deepest, Op: op, Shape: fmt.Sprintf("%s×%d²", i18n.Int(int64(ch)), st.Size), Name: name}
	}
	top := float64(max(d.Params, bn.Params))
	bar := func(name string, f analyze.Form, parts ...view.SharePart) view.ShareBar {
		return view.ShareBar{Label: name, Value: i18n.Int(f.Params), Parts: parts}
	}
	part := func(p analyze.PartCost, op view.Op) view.SharePart {
		return view.SharePart{Percent: 100 * float64(p.Params()) / top, Class: op.Class(), Label: i18n.Int(p.Params()), Title: p.Text()}
	}
	k := fmt.Sprintf("%d×%d", st.Kernel, st.Kernel)
	return view.BottleneckStage{
		Paths: []view.VolumePath{
			{Title: w.Direct, Volumes: []view.Volume{vol(view.OpInput, st.In, w.InDepth), vol(view.OpConv, st.Out, w.OutDepth)}, Steps: []string{k}, Formula: formulaOf(d, view.OpConv), Value: i18n.Int(d.Params), Unit: w.Params},
			{Title: w.Bottleneck, Volumes: []view.Volume{vol(view.OpInput, st.In, w.InDepth), vol(view.OpPointwise, st.Mid, w.MidDepth), vol(view.OpConv, st.Out, w.OutDepth)}, Steps: []string{"1×1", k}, Formula: formulaOf(bn, view.OpPointwise, view.OpConv), Value: i18n.Int(bn.Params), Unit: w.Params},
		},
		Bars:   []view.ShareBar{bar(w.Direct, d, part(d.Parts[0], view.OpConv)), bar(w.Bottleneck, bn, part(bn.Parts[0], view.OpPointwise), part(bn.Parts[1], view.OpConv))},
		Legend: []view.LegendItem{{Op: view.OpPointwise, Label: "1×1"}, {Op: view.OpConv, Label: k}},
		Note:   saving(w, d.Params, bn.Params),
		Meta:   fmt.Sprintf(w.WorkAndMemory, st.Size, st.Size, i18n.SI(d.MACs), i18n.SI(bn.MACs), i18n.Int(d.MapValues), i18n.Int(bn.MapValues)),
	}
}

// formulaOf writes a form as the sum of its products, each in its colour.
func formulaOf(f analyze.Form, ops ...view.Op) view.Rich {
	var r view.Rich
	for i, p := range f.Parts {
		if i > 0 {
			r = append(r, view.Span{Text: " + "})
		}
		text := times(p.Factors...)
		if p.Biases > 0 {
			text += " + " + i18n.Int(p.Biases)
		}
		r = append(r, view.Span{Kind: view.SpanBox, Text: text, Op: ops[min(i, len(ops)-1)], Title: i18n.Int(p.Params())})
	}
	return r
}

func saving(w *words, direct, other int64) string {
	p := 100 * (1 - float64(other)/float64(direct))
	if p >= 0 {
		return fmt.Sprintf(w.Saves, i18n.Fixed(p, 1))
	}
	return fmt.Sprintf(w.CostsMore, i18n.Fixed(-p, 1))
}

// ladder is every way to keep the contract.
func ladder(w *words, st bottleneckState) view.FormTable {
	c := st.contract()
	direct := c.Direct().Params
	t := view.FormTable{Head: []string{w.Form, w.Products, w.Params, w.OfDirect, w.MACs, w.MapValues}, Note: w.LadderNote}
	for _, f := range c.Ladder(st.Mid) {
		name := w.FormNames[f.Name]
		switch {
		case f.Name == "grouped":
			name = fmt.Sprintf(name, f.Groups)
		case f.Mid > 0 && f.Name == "asymmetric":
			name = fmt.Sprintf(name, st.Kernel, st.Kernel, f.Mid)
		case f.Name == "sandwich":
			name = fmt.Sprintf(name, st.Kernel, st.Kernel, f.Mid)
		}
		share := float64(f.Params) / float64(direct)
		t.Rows = append(t.Rows, view.FormRow{Name: name, Terms: formulaOf(f, view.OpNone), Selected: f.Name == "bottleneck", Percent: math.Min(100, 100*share),
			Cells: []string{i18n.Int(f.Params), i18n.Percent(share, 1), i18n.SI(f.MACs), i18n.Int(f.MapValues)}})
	}
	return t
}

// moduleFigure is the first inception module on the current picture.
func (s *Server) moduleFigure(t *trace) view.ModuleFigure {
	cat := firstConcat(t)
	f := view.ModuleFigure{Shape: shapeText(cat.In[0].Shape), Name: "concat", Result: "= " + shapeText(cat.Shape)}
	in := source(cat)
	f.Input, f.Shape = t.stack(in, 72), shapeText(in.Shape)
	row := view.ShareBar{Label: "concat", Value: i18n.Int(int64(cat.Shape.C))}
	for _, end := range cat.In {
		b := view.Branch{URL: t.nodeURL(end), Count: i18n.Int(int64(end.Shape.C))}
		var path []view.Pill
		for n := end; n != in && len(n.In) == 1; n = n.In[0] {
			if n.MACs() > 0 || opOf(n) == view.OpPool {
				w := n.Window()
				path = append([]view.Pill{{Op: opOf(n), Text: fmt.Sprintf("%d×%d", w.KH, w.KW), Sub: i18n.Int(int64(n.Shape.C)), URL: t.nodeURL(n)}}, path...)
			}
		}
		b.Pills = path
		for i := range min(4, end.Shape.C) {
			b.Tiles = append(b.Tiles, t.tile(end, i))
		}
		f.Branches = append(f.Branches, b)
		op := view.OpConv
		if len(path) > 0 {
			op = path[len(path)-1].Op
		}
		row.Parts = append(row.Parts, view.SharePart{Percent: 100 * float64(end.Shape.C) / float64(cat.Shape.C), Class: op.Class(), Label: b.Count})
	}
	f.Concat = row
	if p := t.predictionsNote(); p != "" {
		f.Note = p
	}
	return f
}

// predictionsNote labels maps of untrained weights.
func (t *trace) predictionsNote() string {
	if t.model.Trained() {
		return ""
	}
	return t.w.UntrainedLong
}

// firstConcat is the first module's joint.
func firstConcat(t *trace) *nn.Node {
	for _, n := range t.model.Graph.Main() {
		if n.Op.Kind() == "concat" && len(n.In) > 2 {
			return n
		}
	}
	return t.model.Graph.Output
}

// source is the node that all branches of a joint start from.
func source(join *nn.Node) *nn.Node {
	n := join.In[0]
	for len(n.In) == 1 && len(n.In[0].Users) == 1 {
		n = n.In[0]
	}
	return n.In[0]
}
