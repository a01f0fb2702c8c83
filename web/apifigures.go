package web

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"stride/internal/calc"
	"stride/internal/nn/analyze"
)

// apiFigures accounts for the figures in circulation about a network, and for one that is asked for.
func (s *Server) apiFigures(w http.ResponseWriter, r *http.Request) error {
	name := chi.URLParam(r, "model")
	g, sum, err := summaryOf(name)
	if err != nil {
		return errNotFound
	}
	accounts, err := calc.Accounts(name)
	if err != nil {
		return err
	}
	out := apiFigures{Model: name, Params: sum.Totals.Params, MACs: sum.Totals.MACs, Conventions: newAPIConventions(analyze.Differences(g)), Figures: []apiFigure{}, Asked: []apiFigure{}}
	for _, x := range accounts {
		out.Figures = append(out.Figures, newAPIFigure(x, x.Network.Name))
	}
	if text := r.URL.Query().Get("figure"); text != "" {
		f, ok := calc.ParseFigure(text)
		if !ok {
			return badRequest("figure")
		}
		for _, f.Work = range []bool{false, true} {
			if x, ok := calc.Explain(g, f); ok {
				out.Asked = append(out.Asked, newAPIFigure(x, name))
			}
		}
	}
	return sendJSON(w, r, out)
}

func newAPIFigure(x calc.Account, network string) apiFigure {
	f := apiFigure{Text: x.Text, Of: "params", Source: x.Source, Where: x.Where, Network: network, Count: x.Count, Lines: newAPIConventions(x.Lines), Sum: x.Sum, Rounding: string(x.How)}
	if x.Work {
		f.Of = "macs"
	}
	return f
}

func newAPIConventions(l []analyze.Difference) []apiConvention {
	out := []apiConvention{}
	for _, d := range l {
		out = append(out, apiConvention{d.Name, d.Params, d.Work, len(d.Nodes)})
	}
	return out
}
