package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"stride/internal/calc"
	"stride/web/i18n"
	"stride/web/view"
)

// calcResult compiles the stack of an address for a file.
func calcResult(r *http.Request) (*calc.Result, error) {
	st, err := parseCalc(r.URL.Query())
	if err != nil {
		var syntax *calc.SyntaxError
		if errors.As(err, &syntax) {
			return nil, &Error{Status: http.StatusBadRequest, Code: "bad_request", Arg: "d", Err: err}
		}
		return nil, err
	}
	return calc.Compile(st.Stack), nil
}

// calcCSV is the rows for a spreadsheet.
func (s *Server) calcCSV(w http.ResponseWriter, r *http.Request) error {
	res, err := calcResult(r)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := res.WriteCSV(&b); err != nil {
		return err
	}
	attachment(w, "stack.csv")
	return sendFresh(w, r, "text/csv; charset=utf-8", b.Bytes())
}

// calcJSON is the rows for a program.
func (s *Server) calcJSON(w http.ResponseWriter, r *http.Request) error {
	res, err := calcResult(r)
	if err != nil {
		return err
	}
	b, err := json.MarshalIndent(res.Report(calcLang(languageOf(r))), "", " ")
	if err != nil {
		return err
	}
	attachment(w, "stack.json")
	return sendFresh(w, r, "application/json", append(b, '\n'))
}

// calcMarkdown is the rows as a table of text.
func (s *Server) calcMarkdown(w http.ResponseWriter, r *http.Request) error {
	res, err := calcResult(r)
	if err != nil {
		return err
	}
	return sendFresh(w, r, "text/plain; charset=utf-8", []byte(res.Markdown(calcLang(languageOf(r)))))
}

// calcPython is the stack as PyTorch code.
func (s *Server) calcPython(w http.ResponseWriter, r *http.Request) error {
	res, err := calcResult(r)
	if err != nil {
		return err
	}
	code, err := res.PyTorch()
	if err != nil {
		return &Error{Status: http.StatusUnprocessableEntity, Code: "bad_request", Arg: "d", Err: err}
	}
	return sendFresh(w, r, "text/plain; charset=utf-8", []byte(code))
}

// calcParse reads pasted text and shows what it made of it: the layers, or the counts alone, and every line that it did
// not understand.
func (s *Server) calcParse(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, 3*calc.MaxPaste) // a form writes a character in up to three bytes
	if err := r.ParseForm(); err != nil {
		return formError(err)
	}
	text := r.PostForm.Get("text")
	p := calc.Read(text)
	l := languageOf(r)
	if p.HasStack && len(p.Unknown) == 0 && len(p.Notes) == 0 {
		http.Redirect(w, r, calcState{Stack: p.Stack}.url(l), http.StatusSeeOther)
		return nil
	}
	st := calcState{Stack: p.Stack}
	if !p.HasStack {
		st.Stack, _ = calc.Parse("i3x64") // a constant
	}
	page := s.newCalc(w, r, st, nil)
	page.Notice = pasteNotice(l, p)
	page.Paste.Text, page.Paste.Open = text, true
	for _, u := range p.Unknown {
		page.Paste.Unknown = append(page.Paste.Unknown, fmt.Sprintf("%d: %s", u.Number, u.Text))
	}
	if !p.HasStack {
		words := wordsOf(l)
		page.Totals = []view.Fact{{Label: words.Params, Value: i18n.Int(p.Params)}, {Label: toolWordsOf(l).WithStatistics, Value: i18n.Int(p.Params + p.Buffers)}}
		page.Shares, page.Selected = nil, nil
	}
	return render(w, r, http.StatusOK, view.Calc(page))
}

func pasteNotice(l i18n.Lang, p *calc.Paste) *view.Notice {
	t := toolWordsOf(l)
	n := &view.Notice{Tone: view.ToneOK, Title: fmt.Sprintf(t.ReadFrom, i18n.Int(p.Params))}
	var notes []string
	for _, m := range p.Notes {
		notes = append(notes, m.Text(calcLang(l)))
	}
	if !p.HasStack {
		n.Tone = view.ToneWarn
		notes = append(notes, t.ReadOnly)
	}
	if len(p.Unknown) > 0 {
		n.Tone = view.ToneWarn
	}
	n.Text = strings.Join(notes, " ")
	return n
}
