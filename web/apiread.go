package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"stride/internal/calc"
	"stride/internal/nn"
	"stride/internal/nn/analyze"
	"stride/internal/nn/arch"
	"stride/internal/nn/tensor"
	"stride/web/i18n"
)

func (s *Server) apiModels(w http.ResponseWriter, r *http.Request) error {
	entries := s.cfg.Catalogue.List()
	l := []apiModel{}
	for _, a := range arch.All() {
		_, sum, err := summaryOf(a.Name)
		if err != nil {
			return err
		}
		m := apiModel{Name: a.Name, Title: a.Title, Family: a.Family, Year: a.Year, Input: calc.Dims(a.Input), Params: sum.Totals.Params, MACs: sum.Totals.MACs, Weights: []apiWeights{}}
		for _, e := range entries {
			if e.Model != a.Name {
				continue
			}
			x := apiWeights{ID: e.ID, Status: string(e.Status), Bytes: e.Bytes}
			if p, err := s.cfg.Catalogue.Provenance(e); err == nil { // a file that does not open is told by `explorer weights verify`
				x.TrainedOn = p.TrainedOn
			}
			m.Weights = append(m.Weights, x)
		}
		l = append(l, m)
	}
	return sendJSON(w, r, l)
}

func (s *Server) apiSummary(w http.ResponseWriter, r *http.Request) error {
	a, err := arch.ByName(chi.URLParam(r, "model"))
	if err != nil {
		return errNotFound
	}
	in, err := inputParam(r.URL.Query(), a.Input)
	if err != nil {
		return err
	}
	g, err := a.GraphAt(in)
	if err != nil {
		return &Error{Status: http.StatusUnprocessableEntity, Code: "bad_request", Arg: "input", Err: err}
	}
	sum := analyze.Summarize(g)
	t := sum.Totals
	out := apiSummary{Model: a.Name, Input: calc.Dims(in), Totals: apiTotals{t.Params, t.ParamsWithAux(), t.Buffers + t.AuxBuffers, t.MACs, t.ActivationBytes, t.PeakBytes}, Nodes: []apiNode{}}
	for i := range sum.Rows {
		out.Nodes = append(out.Nodes, newAPINode(&sum.Rows[i]))
	}
	return sendJSON(w, r, out)
}

// inputParam reads "3x224x224" with sides of at most 1,024: a summary costs little, but its numbers must not overflow.
func inputParam(q url.Values, own tensor.Shape) (tensor.Shape, error) {
	text := q.Get("input")
	if text == "" {
		return own, nil
	}
	p := strings.Split(text, "x")
	var d [3]int
	if len(p) != 3 {
		return own, badRequest("input")
	}
	for i := range d {
		n, err := strconv.Atoi(p[i])
		if err != nil || n < 1 || n > 1024 {
			return own, badRequest("input")
		}
		d[i] = n
	}
	return tensor.CHW(d[0], d[1], d[2]), nil
}

func newAPINode(r *analyze.Row) apiNode {
	w := r.Node.Window()
	n := apiNode{Path: r.Node.Path, Kind: string(r.Node.Op.Kind()), Inputs: []string{}, Shape: calc.Dims(r.Shape), Params: r.Params, MACs: r.MACs, Kernel: []int{w.KH, w.KW}, Stride: []int{w.SH, w.SW}, Padding: []int{w.PT, w.PL},
		Groups: 1, Field: r.Field.Size[:], Jump: r.Field.Jump[:], Aux: r.Node.Aux}
	if g, ok := r.Node.Op.(interface{ GroupCount() int }); ok {
		n.Groups = g.GroupCount()
	}
	for _, x := range r.Node.In {
		n.Inputs = append(n.Inputs, x.Path)
	}
	return n
}

// maxAPICompared bounds the work of one comparison.
const maxAPICompared = 20

func (s *Server) apiCompare(w http.ResponseWriter, r *http.Request) error {
	names := strings.Split(r.URL.Query().Get("m"), ",")
	if len(names) > maxAPICompared {
		return badRequest("m")
	}
	out := apiComparison{Models: []apiCompared{}}
	var graphs []*nn.Graph
	for _, name := range names {
		n, err := comparedOf(name)
		if err != nil {
			return badRequest("m")
		}
		graphs = append(graphs, n.graph)
		c := apiCompared{Name: n.arch.Name, Title: n.arch.Title, Year: n.arch.Year, Input: calc.Dims(n.arch.Input), Params: n.tot.Params, MACs: n.tot.MACs, Depth: n.tot.Depth, Layers: n.tot.Layers,
			ActivationBytes: n.tot.ActivationBytes, PeakBytes: n.tot.PeakBytes, ParamShares: map[string]float64{}, WorkShares: map[string]float64{}}
		for _, p := range analyze.ByClass(n.graph) {
			c.ParamShares[p.Name] = float64(p.Params) / float64(max(n.tot.Params, 1))
		}
		for _, p := range analyze.ByBand(n.graph) {
			c.WorkShares[p.Name] = float64(p.MACs) / float64(max(n.tot.MACs, 1))
		}
		out.Models = append(out.Models, c)
	}
	if len(graphs) == 2 {
		out.Diff = newAPIDiff(analyze.Diff(graphs[0], graphs[1]))
	}
	return sendJSON(w, r, out)
}

func newAPIDiff(d *analyze.Comparison) *apiDiff {
	out := &apiDiff{Params: d.Params, MACs: d.MACs, Bytes: d.Bytes, Kept: d.Count(analyze.Kept), Steps: []apiStep{}}
	for _, s := range d.Steps {
		if s.Fate == analyze.Kept {
			continue
		}
		st := apiStep{Fate: string(s.Fate), Changes: []apiChange{}, Params: s.Params, MACs: s.MACs}
		if s.A != nil {
			st.From, st.Kind = s.A.Path, string(s.A.Op.Kind())
		}
		if s.B != nil {
			st.To, st.Kind = s.B.Path, string(s.B.Op.Kind())
		}
		for _, c := range s.Changes {
			st.Changes = append(st.Changes, apiChange(c))
		}
		out.Steps = append(out.Steps, st)
	}
	return out
}

func (s *Server) apiBottleneck(w http.ResponseWriter, r *http.Request) error {
	st, err := parseBottleneck(r.URL.Query())
	if err != nil {
		return err
	}
	c := st.contract()
	out := apiBottleneck{In: st.In, Mid: st.Mid, Out: st.Out, Kernel: st.Kernel, Size: st.Size, Bias: st.Bias, BreakEven: c.BreakEven(), Forms: []apiForm{}}
	for _, f := range c.Ladder(st.Mid) {
		x := apiForm{Name: f.Name, Params: f.Params, MACs: f.MACs, MapValues: f.MapValues, Terms: []apiTerm{}}
		switch f.Name { // as the command line tells forms of one kind apart
		case "grouped":
			x.Name = fmt.Sprintf("grouped_%d", f.Groups)
		case "asymmetric":
			x.Name = fmt.Sprintf("asymmetric_%d", f.Mid)
		}
		for _, p := range f.Parts {
			x.Terms = append(x.Terms, apiTerm{p.Text(), p.Params()})
		}
		out.Forms = append(out.Forms, x)
	}
	return sendJSON(w, r, out)
}

func (s *Server) apiCalc(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	lang, err := choiceParam(q, "lang", i18n.English.Tag(), i18n.Korean.Tag())
	if err != nil {
		return err
	}
	st, err := calc.Parse(q.Get("d"))
	if err != nil {
		var syntax *calc.SyntaxError
		if errors.As(err, &syntax) {
			return &Error{Status: http.StatusBadRequest, Code: "bad_stack", Arg: fmt.Sprintf("position %d: %s", syntax.Offset+1, syntax.What), Err: err}
		}
		return err
	}
	return sendJSON(w, r, calc.Compile(st).Report(calc.Lang(lang)))
}
