package calc

import (
	"slices"
	"strconv"
	"strings"
	"sync"

	"stride/internal/nn"
	"stride/internal/nn/analyze"
	"stride/internal/nn/arch"
)

// Rounding is how a count becomes the figure that somebody wrote down.
type Rounding string

// The roundings. None of them holds for a figure that is not accounted for.
const (
	Exactly   Rounding = "exact"
	RoundedTo Rounding = "rounded"
	CutOff    Rounding = "cut"   // the digits that follow are left out
	Below     Rounding = "below" // "less than"
)

// rounding tells how count is written as value with a last digit of step.
func rounding(count, value, step int64, below bool) (Rounding, bool) {
	switch {
	case below:
		return Below, count < value
	case count == value:
		return Exactly, true
	case step > 1 && (count+step/2)/step == value/step:
		return RoundedTo, true
	case step > 1 && count/step == value/step:
		return CutOff, true
	}
	return "", false
}

// Account explains a figure: Count, the count of the network that the figure is about, plus all Lines is Sum, which is the
// figure up to How.
type Account struct {
	arch.Figure
	// Network is what is counted: the form that the figure's source has.
	Network    *arch.Arch
	Count, Sum int64
	Lines      []analyze.Difference
	How        Rounding
}

var accounts sync.Map // by name of the architecture: []Account

// Accounts explains the figures in circulation about a network. Figures that are not accounted for are left out.
func Accounts(name string) ([]Account, error) {
	if l, ok := accounts.Load(name); ok {
		return l.([]Account), nil
	}
	var out []Account
	for _, f := range arch.Figures(name) {
		form := f.Arch
		if f.Of != "" {
			form = f.Of
		}
		a, err := arch.ByName(form)
		if err != nil {
			return nil, err
		}
		g, err := a.Graph()
		if err != nil {
			return nil, err
		}
		if x, ok := Explain(g, f); ok {
			x.Network = a
			out = append(out, x)
		}
	}
	l, _ := accounts.LoadOrStore(name, out)
	return l.([]Account), nil
}

// Explain accounts for a figure by the conventions of counters: those that its source is known to follow, or else the
// fewest that lead to it. ok is false when none do.
func Explain(g *nn.Graph, f arch.Figure) (x Account, ok bool) {
	t := analyze.Summarize(g).Totals
	x = Account{Figure: f, Count: t.Params}
	if f.Work {
		x.Count = t.MACs
	}
	if f.By == "" {
		x.Lines, ok = analyze.Reconcile(g, f.Work, func(n int64) bool { _, ok := rounding(n, f.Value, f.Step, f.Below); return ok })
		if !ok {
			return x, false
		}
	}
	for _, d := range analyze.Differences(g) {
		if slices.Contains(strings.Fields(f.By), d.Name) {
			x.Lines = append(x.Lines, d)
		}
	}
	x.Sum = x.Count
	for _, d := range x.Lines {
		if x.Sum += d.Params; f.Work {
			x.Sum += d.Work - d.Params
		}
	}
	x.How, ok = rounding(x.Sum, f.Value, f.Step, f.Below)
	return x, ok
}

// maxFigure bounds what is read as a figure.
const maxFigure = 1e17

// units are the words and signs behind a number.
var units = map[string]int64{"": 1, "k": 1e3, "thousand": 1e3, "천": 1e3, "만": 1e4, "m": 1e6, "million": 1e6, "백만": 1e6, "억": 1e8, "g": 1e9, "b": 1e9, "bn": 1e9, "billion": 1e9, "십억": 1e9, "t": 1e12, "trillion": 1e12,
	"×10³": 1e3, "×10⁶": 1e6, "×10⁹": 1e9, "e3": 1e3, "e6": 1e6, "e9": 1e9, "e12": 1e12}

// ParseFigure reads a number as people write it: "25,636,712", "25.6 M", "3.8×10⁹", "60 million", "6천만" with a unit behind
// the digits. Step is the unit of its last digit.
func ParseFigure(text string) (f arch.Figure, ok bool) {
	text = strings.TrimSpace(text)
	s := strings.NewReplacer(",", "", " ", "", "\u00a0", "", "_", "", "^", "").Replace(strings.ToLower(text))
	for _, w := range []string{"parameters", "params", "flops", "macs", "mults", "flop", "mac", "개"} {
		s = strings.TrimSuffix(s, w)
	}
	s = strings.NewReplacer("x103", "×10³", "x106", "×10⁶", "x109", "×10⁹", "×103", "×10³", "×106", "×10⁶", "×109", "×10⁹", "*103", "×10³", "*106", "×10⁶", "*109", "×10⁹").Replace(s)
	n := span(s, "0123456789.")
	unit, known := units[s[n:]]
	whole, part, point := strings.Cut(s[:n], ".")
	if n == 0 || !known || len(whole)+len(part) > 17 || point && part == "" {
		return f, false
	}
	value, err := strconv.ParseInt(whole+part, 10, 64)
	if err != nil || value == 0 {
		return f, false
	}
	f = arch.Figure{Text: text, Value: value, Step: 1}
	for range part {
		if unit%10 != 0 { // more digits than the unit has
			return f, false
		}
		unit /= 10
	}
	if value > int64(maxFigure)/unit {
		return f, false
	}
	f.Value, f.Step = value*unit, unit
	return f, true
}
