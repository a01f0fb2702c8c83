package web

import (
	"fmt"
	"strconv"
	"strings"

	"stride/internal/calc"
	"stride/web/i18n"
	"stride/web/view"
)

// calcLang is the language of calc's sentences.
func calcLang(l i18n.Lang) calc.Lang {
	if l == i18n.Korean {
		return calc.Korean
	}
	return calc.English
}

// calcOp is a row's visual class.
func calcOp(r *calc.Row) view.Op {
	switch r.KindName() {
	case "input":
		return view.OpInput
	case "path":
		return view.OpReshape
	case "conv":
		return view.OpOf("conv", r.Layer.Kernel == calc.Square(1), r.Layer.Groups > 1 && r.Layer.Groups == r.In.C)
	case "depthwise", "separable":
		return view.OpDepthwise
	case "convunit", "plainblock":
		return view.OpConv
	case "basicblock", "bottleneck", "invertedresidual":
		return view.OpAdd
	case "inception", "dense", "denselayer", "denseblock":
		return view.OpConcat
	case "squeezeexcite", "mbconv":
		return view.OpMul
	case "transition", "globalavgpool", "globalmaxpool":
		return view.OpPool
	case "zeropad":
		return view.OpReshape
	}
	return view.OpOf(r.KindName(), false, false)
}

// newLayer is the text of a new layer that follows a row; its sizes fit what the row writes.
func newLayer(code string, after calc.Row) (string, bool) {
	c := max(after.Shape.C, 1)
	vector := !after.Known || after.Shape.PlaneLen() == 1
	half := max(c/2, 1)
	switch code {
	case "c":
		return fmt.Sprintf("c%dk3p1", max(c, 8)), true
	case "dw":
		return "dw3p1", true
	case "mp":
		return "mp2", true
	case "bn", "relu", "gap":
		return code, true
	case "add":
		return fmt.Sprintf("add(c%dk3p1n;bn;relu;c%dk3p1n;bn|);relu", c, c), true
	case "cat":
		return fmt.Sprintf("cat(c%dk1|c%dk1;c%dk3p1)", half, half, half), true
	case "fc":
		if vector {
			return "fc10", true
		}
		return "fl;fc10", true
	case "bt":
		return fmt.Sprintf("bt%dm%d", c, max(c/4, 1)), true
	case "inc":
		return "inc64r96t128u16f32o32k5", true
	case "db":
		return "db4g16", true
	case "mb":
		return fmt.Sprintf("mb%dt6k3", c), true
	}
	return "", false
}

// calcAdds are the buttons below the rows.
func calcAdds(l i18n.Lang, w *toolWords) []view.CalcAdd {
	k := func(name string) string { return calc.KindText(name, calcLang(l)) }
	adds := []view.CalcAdd{
		{Op: view.OpConv, Label: k("conv"), Value: "c"}, {Op: view.OpDepthwise, Label: k("depthwise"), Value: "dw"}, {Op: view.OpPool, Label: w.AddPool, Value: "mp"}, {Op: view.OpNorm, Label: k("batchnorm"), Value: "bn"},
		{Op: view.OpAct, Label: w.AddActivation, Value: "relu"}, {Op: view.OpAdd, Label: w.AddSkip, Value: "add"}, {Op: view.OpConcat, Label: w.AddBranches, Value: "cat"}, {Op: view.OpDense, Label: w.AddDense, Value: "fc"},
		{Op: view.OpAdd, Label: k("bottleneck"), Value: "bt"}, {Op: view.OpConcat, Label: k("inception"), Value: "inc"}, {Op: view.OpConcat, Label: k("denseblock"), Value: "db"}, {Op: view.OpMul, Label: k("mbconv"), Value: "mb"},
	}
	for i := range adds {
		adds[i].Name = "add"
	}
	return adds
}

// settingsOf are the names of the fields that a row's form may have; with short only those that every reader looks for.
func settingsOf(r *calc.Row, short bool) []string {
	switch {
	case r.IsInput() && r.Shape.PlaneLen() == 1:
		return []string{"channels"}
	case r.IsInput():
		return []string{"channels", "size"}
	case r.IsPath():
		return nil
	}
	var l []string
	k := calc.KindOf(r.Layer.Code)
	for _, f := range k.Fields {
		if !short || mainSetting(k, f, r.Layer) {
			l = append(l, f.Name)
		}
	}
	if !k.Join && (!short || r.Layer.Times() > 1) {
		l = append([]string{"count"}, l...)
	}
	return l
}

// mainSetting keeps rows short: sizes always, options only where they are not the usual ones. The selected row shows all.
func mainSetting(k *calc.Kind, f calc.Field, l calc.Layer) bool {
	usual, _ := calc.New(k.Code)
	different := f.Value(l) != f.Value(usual)
	switch f.Name {
	case "out", "mid", "expand", "growth", "layers", "rate", "step", "size":
		return true
	case "kernel", "stride":
		return different || k.Code != "c" || l.Kernel != calc.Square(1)
	case "padding":
		return different || k.Code == "dw" || k.Code == "c" && l.Kernel != calc.Square(1)
	}
	return different || strings.HasPrefix(f.Name, "filters_") || strings.HasPrefix(f.Name, "reduce_") || f.Name == "pool_proj"
}

// settingValue is a field's value as the form shows it.
func settingValue(r *calc.Row, name string) string {
	switch {
	case name == "channels":
		return strconv.Itoa(r.Shape.C)
	case r.IsInput() && r.Shape.H == r.Shape.W:
		return strconv.Itoa(r.Shape.H)
	case r.IsInput():
		return fmt.Sprintf("%dx%d", r.Shape.H, r.Shape.W)
	case name == "count":
		return strconv.Itoa(r.Layer.Times())
	}
	if name == "stride" && r.Layer.Stride == 0 { // a pool moves by its own size
		return strconv.Itoa(r.Layer.Kernel.Y)
	}
	if f, ok := calc.KindOf(r.Layer.Code).Field(name); ok {
		return f.Value(r.Layer)
	}
	return ""
}

// calcRow is one row of the page.
func (c *calcPage) row(i int) view.CalcRow {
	r := &c.result.Rows[i]
	l := calcLang(c.lang)
	row := view.CalcRow{Index: i, Depth: r.Depth, Op: calcOp(r), Name: r.Title(l), Selected: c.isSelected(r.Address), Address: r.Address, Menu: c.menu(i),
		Shape: "–", Params: "–", MACs: "–", Field: "–"}
	if r.Known && r.Shape.Valid() && (c.result.OK() || r.Problem == nil) {
		row.Shape = shapeText(r.Shape)
		row.Params, row.MACs, row.Field = i18n.Int(r.Params), i18n.SI(r.MACs), c.fieldText(r)
		if r.IsPath() {
			row.Params, row.MACs, row.Field = "", "", ""
		}
	}
	var bad map[string]bool
	if p := r.Problem; p != nil {
		row.Error, bad = p.Text(l), map[string]bool{}
		for _, f := range p.Fixes {
			row.Fixes = append(row.Fixes, view.CalcFix{Label: f.Text(l), Name: "do", Value: f.Edit.String()})
			bad[f.Edit.Field] = true
		}
	}
	prefix := "r" + strconv.Itoa(i) + "."
	if b := c.refused; b != nil && strings.HasPrefix(b.input, prefix) {
		row.Error, bad = b.Text(l), map[string]bool{b.Field: true}
	}
	for _, name := range settingsOf(r, !row.Selected && row.Error == "") {
		in := view.CalcInput{Name: prefix + name, Label: calc.FieldText(name, l), Value: settingValue(r, name), Invalid: bad[name], Options: c.choices(r, name)}
		if c.refused != nil && c.refused.input == in.Name {
			in.Value = c.refused.Value
		}
		row.Inputs = append(row.Inputs, in)
	}
	return row
}

// menu is what can be done with a row as a whole; nothing with the input and the heads of paths.
func (c *calcPage) menu(i int) []view.CalcMenu {
	r := &c.result.Rows[i]
	if r.IsInput() || r.IsPath() {
		return nil
	}
	t := i18n.For(c.lang).Calc
	n := strconv.Itoa(i)
	m := []view.CalcMenu{{Label: t.MoveUp, Value: "up" + n, Key: "up"}, {Label: t.MoveDown, Value: "down" + n, Key: "down"}, {Label: c.w.Copy, Value: "copy" + n}}
	k := calc.KindOf(r.Layer.Code)
	if k.Block || r.Layer.Times() > 1 {
		m = append(m, view.CalcMenu{Label: c.w.OpenBlock, Value: "open" + n})
	}
	if k.Join {
		m = append(m, view.CalcMenu{Label: c.w.AddPath, Value: "path" + n})
	}
	return append(m, view.CalcMenu{Label: t.Delete, Value: "del" + n, Key: "del"})
}

// choices are the values of a setting that has few: on and off, or the activations.
func (c *calcPage) choices(r *calc.Row, name string) []view.CalcChoice {
	if r.IsInput() {
		return nil
	}
	f, ok := calc.KindOf(r.Layer.Code).Field(name)
	if !ok {
		return nil
	}
	var l []view.CalcChoice
	for _, v := range f.Choices() {
		label := calc.KindText(v, calcLang(c.lang))
		if f.Flag {
			label = map[string]string{"0": c.w.Off, "1": c.w.On}[v]
		}
		l = append(l, view.CalcChoice{Value: v, Label: label})
	}
	return l
}

// fieldText is the receptive field: the whole input from the first layer on that reads every position.
func (c *calcPage) fieldText(r *calc.Row) string {
	h, w := r.Field.Size[0], r.Field.Size[1]
	if r.Field.Whole {
		h, w = c.st.Stack.Input.H, c.st.Stack.Input.W
	}
	if h == w {
		return i18n.Int(int64(h))
	}
	return i18n.Dims(h, w)
}
