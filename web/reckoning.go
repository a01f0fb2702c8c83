package web

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"stride/internal/calc"
	"stride/internal/nn"
	"stride/internal/nn/analyze"
	"stride/internal/nn/arch"
	"stride/web/i18n"
	"stride/web/view"
)

// reckonings are the accounts of the figures in circulation about networks.
func reckonings(l i18n.Lang, names ...string) []view.Reckoning {
	var out []view.Reckoning
	for _, name := range names {
		accounts, err := calc.Accounts(name)
		if err != nil {
			continue // names come from the list of architectures
		}
		for _, x := range accounts {
			own := name
			if len(names) > 1 {
				own = "" // say whose count it is
			}
			out = append(out, reckoning(l, x, own))
		}
	}
	return out
}

// reckoning writes an account down: the count of the network, what the figure's source counts besides, and the sum. own is
// the network of the page, whose name needs no mention.
func reckoning(l i18n.Lang, x calc.Account, own string) view.Reckoning {
	t, w := toolWordsOf(l), wordsOf(l)
	out := view.Reckoning{Figure: x.Text, What: strings.ToLower(w.Params), Source: x.Source, Where: t.where(x.Where), URL: paperRow(x.Paper).URL}
	if x.Work {
		out.What = strings.ToLower(w.MACs)
	}
	if x.Called != "" {
		out.Note = fmt.Sprintf(t.CalledThere, x.Called)
	}
	first := view.ReckoningLine{Label: t.OwnCount, Value: i18n.Int(x.Count)}
	if x.Network != nil && x.Network.Name != own {
		first.Label, first.URL = fmt.Sprintf(t.CountOf, x.Network.Title), "/"+l.Tag()+"/a/"+x.Network.Name
	}
	out.Lines = append(out.Lines, first)
	for _, d := range x.Lines {
		n := d.Params
		if x.Work {
			n = d.Work
		}
		out.Lines = append(out.Lines, view.ReckoningLine{Label: t.Conventions[d.Name], Value: signed(n), Title: nodeNames(d.Nodes)})
	}
	if len(x.Lines) > 0 || x.How != calc.Exactly {
		out.Lines = append(out.Lines, view.ReckoningLine{Label: t.Roundings[x.How], Value: x.Text})
		if len(x.Lines) > 0 && x.How != calc.Exactly {
			out.Lines = slices.Insert(out.Lines, len(out.Lines)-1, view.ReckoningLine{Label: t.Roundings[calc.Exactly], Value: i18n.Int(x.Sum)})
		}
	}
	return out
}

// signed is a number with its sign.
func signed(n int64) string {
	if n < 0 {
		return "−" + i18n.Int(-n)
	}
	return "+" + i18n.Int(n)
}

// maxNamed is how many nodes are named.
const maxNamed = 6

// nodeNames lists the nodes that a convention is about.
func nodeNames(nodes []*nn.Node) string {
	s := ""
	for i, n := range nodes {
		if i == maxNamed {
			return s + fmt.Sprintf(" … (%d)", len(nodes))
		}
		if i > 0 {
			s += ", "
		}
		s += n.Path
	}
	return s
}

// conventions are the counts of other counters for a graph, each with what it adds.
func conventions(l i18n.Lang, g *nn.Graph) []view.ReckoningLine {
	t := toolWordsOf(l)
	s := analyze.Summarize(g).Totals
	out := []view.ReckoningLine{}
	for _, d := range analyze.Differences(g) {
		switch d.Name {
		case "statistics", "all_biases", "no_biases", "aux":
			out = append(out, view.ReckoningLine{Label: t.Conventions[d.Name], Value: i18n.Int(s.Params + d.Params), Title: signed(d.Params)})
		case "flops":
			out = append(out, view.ReckoningLine{Label: t.FLOPs, Value: i18n.SI(2 * s.MACs), Title: i18n.Int(2 * s.MACs)})
		}
	}
	return out
}

// explained accounts for a figure that the reader brings: as parameters, as multiply–adds, or not at all.
func explained(l i18n.Lang, g *nn.Graph, text string) (out []view.Reckoning, failed string) {
	t := toolWordsOf(l)
	f, ok := calc.ParseFigure(text)
	if !ok {
		return nil, fmt.Sprintf(t.NoFigure, text)
	}
	for _, work := range []bool{false, true} {
		f.Work = work
		if x, ok := calc.Explain(g, f); ok {
			x.Source = t.YourFigure
			out = append(out, reckoning(l, x, ""))
		}
	}
	if out == nil {
		s := analyze.Summarize(g).Totals
		failed = fmt.Sprintf(t.Unexplained, text, i18n.Int(s.Params), i18n.Int(s.MACs))
	}
	return out, failed
}

// known is the name of the architecture that a stack is, of those to start from and those about which figures are in
// circulation; "" for any other.
func known(s calc.Stack) string { return knownStacks()[s.String()] }

var knownStacks = sync.OnceValue(func() map[string]string {
	m := map[string]string{}
	for _, a := range arch.All() {
		if len(arch.Figures(a.Name)) == 0 && !slices.Contains(starters, a.Name) {
			continue
		}
		if s, err := calc.FromModel(a.Name); err == nil {
			m[s.String()] = a.Name
		}
	}
	return m
})
