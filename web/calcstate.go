package web

import (
	"errors"
	"net/url"
	"strconv"
	"strings"

	"stride/internal/calc"
	"stride/web/i18n"
)

// calcState is everything that the address of the calculator says.
type calcState struct {
	Stack calc.Stack
	Undo  calc.History
	// Row is the address of the selected row; chosen tells a selection from the page's own choice.
	Row    string
	Chosen bool
	// Figure is a number about the stack that the reader wants explained.
	Figure string
}

// refusal is a setting that a form asked for and that cannot be taken: the name of its field on the page, and why.
type refusal struct {
	input string
	*calc.ValueError
}

// firstStack is what a visitor without an address finds: a small network of the kinds of layer that the lessons teach.
const firstStack = "i3x64;c32k3p1;bn;relu;mp2;dw3p1;c64k1;relu;mp2;c128k3p1;relu;gap;fc10"

// parseCalc reads the address. A stack that cannot be read is an error that the page shows, not a broken page.
func parseCalc(q url.Values) (st calcState, err error) {
	text := q.Get("d")
	if !q.Has("d") {
		text = firstStack
	}
	if text == "" {
		text = "i3x64"
	}
	if st.Stack, err = calc.Parse(text); err != nil {
		return st, err
	}
	if st.Undo, err = calc.DecodeHistory(q.Get("u")); err != nil {
		return st, badRequest("u")
	}
	st.Row, st.Chosen, st.Figure = q.Get("row"), q.Has("row"), strings.TrimSpace(q.Get("figure"))
	if len(st.Row) > 64 {
		return st, badRequest("row")
	}
	if len(st.Figure) > 100 {
		return st, badRequest("figure")
	}
	return st, nil
}

// values are the parameters of the address.
func (st calcState) values() url.Values {
	q := url.Values{"d": {st.Stack.Link()}}
	if u := st.Undo.Encode(); u != "" {
		q.Set("u", u)
	}
	if st.Chosen {
		q.Set("row", st.Row)
	}
	if st.Figure != "" {
		q.Set("figure", st.Figure)
	}
	return q
}

func (st calcState) url(l i18n.Lang) string { return query("/"+l.Tag()+"/calc", st.values()) }

// with makes an edit and remembers the stack before it.
func (st calcState) with(e calc.Edit) (calcState, error) {
	s, err := st.Stack.Apply(e)
	if err != nil {
		return st, err
	}
	if s.String() != st.Stack.String() {
		st.Undo = st.Undo.Push(st.Stack)
		st.Stack = s
	}
	return st, nil
}

// edited carries out what a form asks for: settings that differ from the stack's, then one button. A setting that cannot be
// taken is left as it was, and the other settings are carried out; the button then has to wait.
func (st calcState) edited(q url.Values) (calcState, error) {
	before, undo, in, chosen := st.Stack, st.Undo, st.Row, st.Chosen
	rows := calc.Compile(st.Stack).Rows
	var refused error
	for i := range rows {
		prefix := "r" + strconv.Itoa(i) + "."
		for _, name := range settingsOf(&rows[i], false) {
			v := q.Get(prefix + name)
			if v == "" || v == settingValue(&rows[i], name) {
				continue
			}
			s, err := st.Stack.Apply(calc.Edit{Do: calc.Change, Address: rows[i].Address, Field: name, Value: v})
			var bad *calc.ValueError
			switch {
			case errors.As(err, &bad):
				refused = &refusal{prefix + name, bad}
				continue
			case err != nil:
				return st, err
			}
			st.Stack, st.Row, st.Chosen = s, rows[i].Address, true
		}
	}
	if st.Stack.String() != before.String() { // several fields are one step back
		st.Undo = undo.Push(before)
	}
	if refused != nil {
		return st, refused
	}
	if row := q.Get("sel"); q.Has("sel") { // the row in hand is let go
		st.Row, st.Chosen = row, !chosen || row != in
		return st, nil
	}
	if code := q.Get("add"); code != "" {
		return st.added(code)
	}
	if do := q.Get("do"); do != "" {
		return st.did(do)
	}
	return st, nil
}

// did carries out one button.
func (st calcState) did(do string) (calcState, error) {
	if do == "undo" {
		if s, rest, ok := st.Undo.Pop(); ok {
			st.Stack, st.Undo = s, rest
		}
		return st, nil
	}
	if strings.Contains(do, ":") {
		e, err := calc.ParseEdit(do)
		if err != nil {
			return st, err
		}
		return st.with(e)
	}
	if from, ok := strings.CutPrefix(do, "move"); ok {
		a, b, _ := strings.Cut(from, "-")
		return st.moved(st.address(a), st.address(b))
	}
	for word, action := range rowButtons {
		n, ok := strings.CutPrefix(do, word)
		if !ok {
			continue
		}
		at := st.address(n)
		next, err := st.with(calc.Edit{Do: action, Address: at})
		if err == nil { // the row in hand is the selected one
			next.Row, next.Chosen = neighbour(at, action), len(next.Stack.Layers) > 0
		}
		return next, err
	}
	return st, badRequest("do")
}

// rowButtons are the entries of a row's menu, each followed by the number of the row.
var rowButtons = map[string]calc.Action{"up": calc.Up, "down": calc.Down, "copy": calc.Duplicate, "open": calc.Open, "path": calc.AddPath, "del": calc.Delete}

// address is that of a row by its number on the page.
func (st calcState) address(index string) string {
	i, err := strconv.Atoi(index)
	rows := calc.Compile(st.Stack).Rows
	if err != nil || i < 0 || i >= len(rows) {
		return "none"
	}
	return rows[i].Address
}

// neighbour is the row in hand after an action on another: where it moved, its copy, or what stands in its place.
func neighbour(address string, a calc.Action) string {
	head, last := splitAddress(address)
	switch a {
	case calc.Up:
		last--
	case calc.Down, calc.Duplicate:
		last++
	case calc.Delete:
		last = max(last-1, 0)
	}
	return head + strconv.Itoa(max(last, 0))
}

// splitAddress is an address without its last number, and that number.
func splitAddress(address string) (head string, last int) {
	i := strings.LastIndexByte(address, '.') + 1
	last, err := strconv.Atoi(address[i:])
	if err != nil {
		last = -1
	}
	return address[:i], last
}

// moved takes a layer out and puts it where another row is. Paths and the input cannot be moved, nor a join into itself.
func (st calcState) moved(from, to string) (calcState, error) {
	l, ok := layerAt(st.Stack, from)
	if !ok || strings.HasPrefix(to+".", from+".") {
		return st, badRequest("do")
	}
	s, err := st.Stack.Apply(calc.Edit{Do: calc.Delete, Address: from})
	if err != nil {
		return st, err
	}
	// Below the hole everything in the same list has moved up by one.
	head, n := splitAddress(from)
	if rest, ok := strings.CutPrefix(to, head); ok {
		first, tail, more := strings.Cut(rest, ".")
		if k, err := strconv.Atoi(first); err == nil && k > n && more {
			to = head + strconv.Itoa(k-1) + "." + tail
		}
	}
	if strings.Count(to, ".")%2 == 1 { // the head of a path: to its beginning
		to += ".0"
	}
	s, err = s.Apply(calc.Edit{Do: calc.Insert, Address: to, Value: l.Text()})
	if err != nil {
		return st, err
	}
	st.Undo = st.Undo.Push(st.Stack)
	st.Stack, st.Row, st.Chosen = s, to, true
	return st, nil
}

func layerAt(s calc.Stack, address string) (calc.Layer, bool) {
	r := calc.Compile(s).Row(address)
	if r == nil || r.IsInput() || r.IsPath() {
		return calc.Layer{}, false
	}
	return r.Layer, true
}

// added puts a new layer behind the selected row, or at the end.
func (st calcState) added(code string) (calcState, error) {
	r := calc.Compile(st.Stack)
	at := strconv.Itoa(len(st.Stack.Layers))
	in := r.Rows[len(r.Rows)-1]
	if st.Chosen {
		if row := r.Row(st.Row); row != nil {
			in = *row
			switch head, last := splitAddress(st.Row); {
			case row.IsInput():
				at = "0"
			case row.IsPath():
				at = st.Row + ".0"
			default:
				at = head + strconv.Itoa(last+1)
			}
		}
	} else if n := len(st.Stack.Layers); n > 0 {
		in = *r.Row(strconv.Itoa(n - 1))
	}
	text, ok := newLayer(code, in)
	if !ok {
		return st, badRequest("add")
	}
	st, err := st.with(calc.Edit{Do: calc.Insert, Address: at, Value: text})
	if err == nil && st.Chosen {
		st.Row = at
	}
	return st, err
}
