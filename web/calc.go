package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"stride/internal/calc"
	"stride/internal/nn/arch"
	"stride/web/i18n"
	"stride/web/view"
)

// starters are the architectures that the calculator offers to begin with; every other opens with ?from=NAME too.
var starters = []string{"lenet5", "alexnet_paper", "vgg16", "googlenet_paper", "inception_v3", "resnet18", "resnet50", "resnet152", "mobilenet_v1", "mobilenet_v2", "densenet121", "densenet201", "efficientnet_b0", "efficientnet_b7"}

// calcPage is what the parts of the page are made from.
type calcPage struct {
	lang   i18n.Lang
	w      *toolWords
	st     calcState
	result *calc.Result
	// refused is a setting that was not taken; nil for none.
	refused *refusal
}

func newCalcPage(l i18n.Lang, st calcState) *calcPage {
	return &calcPage{lang: l, w: toolWordsOf(l), st: st, result: calc.Compile(st.Stack)}
}

func (c *calcPage) isSelected(address string) bool { return c.st.Chosen && c.st.Row == address }

// undoURL takes the last edit back; "" when there is none.
func (c *calcPage) undoURL() string {
	if len(c.st.Undo) == 0 {
		return ""
	}
	q := c.st.values()
	q.Set("do", "undo")
	return query("/"+c.lang.Tag()+"/calc", q)
}

// exports are the forms beside the buttons for CSV and JSON.
func (c *calcPage) exports() view.Select {
	q := url.Values{"d": {c.st.Stack.Link()}}
	path := "/" + c.lang.Tag()
	s := view.Select{Label: c.w.Export, Fixed: c.w.Export, Options: []view.Option{{Label: c.w.Markdown, URL: query(path+"/calc.md", q)}}}
	if c.result.OK() {
		s.Options = append(s.Options, view.Option{Label: "PyTorch", URL: query(path+"/calc.py", q)})
	}
	for _, f := range fileLinks(path+"/calc", q, pictureKinds) {
		s.Options = append(s.Options, view.Option{Label: f.Label, URL: f.URL})
	}
	return s
}

// calc is the calculator. An address that asks for an edit leads to the address of the edited stack; scripts, which prefer a
// representation, get its page at once and are told its address.
func (s *Server) calc(w http.ResponseWriter, r *http.Request) error {
	l := languageOf(r)
	q := r.URL.Query()
	if r.Method == http.MethodPost {
		r.Body = http.MaxBytesReader(w, r.Body, 8*calc.MaxText)
		if err := r.ParseForm(); err != nil {
			return formError(err)
		}
		q = r.PostForm
	}
	if from := q.Get("from"); from != "" {
		stack, err := calc.FromModel(from)
		if err != nil {
			return errNotFound
		}
		http.Redirect(w, r, calcState{Stack: stack}.url(l), http.StatusSeeOther)
		return nil
	}
	st, err := parseCalc(q)
	if err != nil {
		return s.calcRefused(w, r, calcState{}, err)
	}
	next, err := st.edited(q)
	if err != nil {
		return s.calcRefused(w, r, next, err)
	}
	if next.url(l) != st.url(l) || r.Method == http.MethodPost || q.Has("do") || q.Has("add") || q.Has("sel") {
		if !prefers(r, "return=representation") {
			http.Redirect(w, r, next.url(l), http.StatusSeeOther)
			return nil
		}
		w.Header().Set("Content-Location", next.url(l))
	}
	w.Header().Set("Vary", "Prefer")
	p := s.newCalc(w, r, next, nil)
	return render(w, r, http.StatusOK, view.Calc(p))
}

// calcRefused shows the page as it was, with what could not be done: a setting at its row, anything else above the rows.
func (s *Server) calcRefused(w http.ResponseWriter, r *http.Request, st calcState, err error) error {
	var bad *refusal
	if errors.As(err, &bad) {
		return render(w, r, http.StatusUnprocessableEntity, view.Calc(s.newCalc(w, r, st, bad)))
	}
	var syntax *calc.SyntaxError
	var e *Error
	t := toolWordsOf(languageOf(r))
	n := &view.Notice{Tone: view.ToneError, Title: t.Refused, Text: strings.TrimPrefix(err.Error(), "calc: ")}
	switch {
	case errors.As(err, &syntax):
		n.Title, n.Text = t.Bad, t.badAt(syntax)
	case errors.As(err, &e):
		return err
	}
	if !st.Stack.Input.Valid() {
		st.Stack, _ = calc.Parse("i3x64") // a constant
	}
	p := s.newCalc(w, r, st, nil)
	p.Notice = n
	return render(w, r, http.StatusUnprocessableEntity, view.Calc(p))
}

// pasteExample is what can be pasted, in short.
const pasteExample = "nn.Conv2d(3, 32, 3, padding=1)\nnn.BatchNorm2d(32)\nnn.ReLU()\nnn.MaxPool2d(2)\nnn.Conv2d(32, 32, 3, padding=1, groups=32)"

// queryRoom is how long a form's query may be before the form is posted instead: servers and proxies bound addresses.
const queryRoom = 6000

func (s *Server) newCalc(w http.ResponseWriter, r *http.Request, st calcState, bad *refusal) view.CalcPage {
	b := s.base(w, r, view.NavCalculator, "")
	b.Title = b.T().Calc.Title
	here := st.url(b.Lang)
	b.Path, b.English, b.Korean = here, st.url(i18n.English), st.url(i18n.Korean)
	c := newCalcPage(b.Lang, st)
	c.refused = bad
	p := view.CalcPage{Page: b, Action: b.URL("/calc"), ShareURL: shareOf(r, here), CSVURL: query(b.URL("/calc.csv"), url.Values{"d": {st.Stack.Link()}}), JSONURL: query(b.URL("/calc.json"), url.Values{"d": {st.Stack.Link()}}),
		UndoURL: c.undoURL(), Export: c.exports(), Add: calcAdds(b.Lang, c.w), Paste: view.PasteModel{Action: b.URL("/calc/parse"), Example: pasteExample, Open: st.Stack.String() == firstStack}}
	for k, v := range st.values() {
		p.Fields = append(p.Fields, view.Field{Name: k, Value: v[0]})
	}
	sortFields(p.Fields)
	length := len(here)
	for i := range c.result.Rows {
		if i == 0 && len(c.result.Rows) == 1 {
			break // an empty stack offers starters
		}
		row := c.row(i)
		for _, in := range row.Inputs {
			length += len(in.Name) + len(in.Value) + 2
		}
		p.Rows = append(p.Rows, row)
	}
	if length > queryRoom {
		p.Method = "post"
	}
	same := known(st.Stack)
	p.Start = view.Select{Label: b.T().Calc.StartFrom, Show: true, Options: []view.Option{{Label: c.w.Own, URL: b.URL("/calc"), Current: !slices.Contains(starters, same)}}}
	for _, name := range starters {
		if a, err := arch.ByName(name); err == nil {
			o := view.Option{Label: a.Title, URL: query(b.URL("/calc"), url.Values{"from": {name}}), Current: name == same}
			p.Start.Options = append(p.Start.Options, o)
			if len(p.Rows) == 0 {
				p.Empty = append(p.Empty, view.Action{Label: o.Label, URL: o.URL})
			}
		}
	}
	p.Totals = c.totals()
	p.Reckoning = c.reckoning(p.Fields)
	p.Selected = c.detail()
	p.Shares = c.shares()
	return p
}

func sortFields(l []view.Field) {
	for i := range l {
		for j := i; j > 0 && l[j].Name < l[j-1].Name; j-- {
			l[j], l[j-1] = l[j-1], l[j]
		}
	}
}

// shareOf is the full address of a page of this host.
func shareOf(r *http.Request, path string) string {
	full := absolute(r)
	return strings.TrimSuffix(full, r.URL.RequestURI()) + path
}

// reckoning says what other counters would say of the stack, and where a figure that is in circulation comes from.
func (c *calcPage) reckoning(fields []view.Field) *view.ReckoningBox {
	if c.result.Totals.Params == 0 {
		return nil
	}
	b := &view.ReckoningBox{Open: c.st.Figure != "", Title: c.w.Reckon, Note: c.w.ReckonNote, Own: conventions(c.lang, c.result.Graph)}
	b.Ask = &view.AskFigure{Action: "/" + c.lang.Tag() + "/calc", Label: c.w.AskFigure, Value: c.st.Figure, Button: c.w.Explain}
	for _, f := range fields {
		if f.Name != "figure" {
			b.Ask.Fields = append(b.Ask.Fields, f)
		}
	}
	if c.st.Figure != "" {
		b.Figures, b.Ask.Failed = explained(c.lang, c.result.Graph, c.st.Figure)
	}
	if name := known(c.st.Stack); name != "" {
		b.Figures = append(b.Figures, reckonings(c.lang, name)...)
	}
	return b
}

// totals are the sums.
func (c *calcPage) totals() []view.Fact {
	words := wordsOf(c.lang)
	t := c.result.Totals
	bytes := func(n int64, per int64) string { return i18n.Bytes(n * per) }
	l := []view.Fact{{Label: words.Params, Value: i18n.Int(t.Params)}, {Label: words.MACs, Value: i18n.SI(t.MACs)}}
	first := calc.Precisions[0]
	weights := view.Fact{Label: fmt.Sprintf(c.w.WeightsIn, first.Name), Value: bytes(t.Params, first.Bytes)}
	for i, p := range calc.Precisions[1:] {
		if i > 0 {
			weights.Note += " · "
		}
		weights.Note += p.Name + " " + bytes(t.Params, p.Bytes)
	}
	l = append(l, weights)
	if c.result.OK() {
		l = append(l, view.Fact{Label: fmt.Sprintf(c.w.PeakIn, first.Name), Value: i18n.Bytes(t.PeakBytes)})
		if f := c.fieldBefore(); f != "" {
			l = append(l, view.Fact{Label: c.w.FieldBefore, Value: f})
		}
	}
	return l
}

// fieldBefore is the receptive field of the last row that does not read the whole map.
func (c *calcPage) fieldBefore() string {
	text := ""
	for i := range c.result.Rows {
		r := &c.result.Rows[i]
		if r.IsInput() || r.IsPath() || r.Field.Whole || len(r.Nodes) == 0 {
			continue
		}
		text = i18n.Dims(r.Field.Size[0], r.Field.Size[1])
	}
	return text
}

// maxShares is how many layers the list of shares names.
const maxShares = 14

// shares are the layers with parameters, the many small ones of a large stack put together.
func (c *calcPage) shares() []view.ShareRow {
	total := float64(c.result.Totals.Params)
	if total == 0 {
		return nil
	}
	var l []view.ShareRow
	rest, count := int64(0), 0
	for i := range c.result.Rows {
		r := &c.result.Rows[i]
		if r.Params == 0 {
			continue
		}
		if len(l) == maxShares {
			rest += r.Params
			count++
			continue
		}
		share := float64(r.Params) / total
		l = append(l, view.ShareRow{Label: r.Title(calcLang(c.lang)), Op: calcOp(r), Percent: 100 * share, Text: i18n.Percent(share, 1)})
	}
	if count > 0 {
		share := float64(rest) / total
		l = append(l, view.ShareRow{Label: fmt.Sprintf(c.w.Others, count), Op: view.OpReshape, Percent: 100 * share, Text: i18n.Percent(share, 1)})
	}
	return l
}
