package main

import (
	"fmt"
	"strconv"
	"strings"

	"stride/internal/nn/analyze"
	"stride/internal/nn/arch"
)

type compareCmd struct {
	Models []string `arg:"" help:"Architectures; with exactly two, their layers are compared one by one too."`
	Format string   `help:"table, json or csv." enum:"table,json,csv" default:"table"`
}

// compareJSON is the documented form: {"models":[…],"diff":{…}|null}; diff is there for exactly two models.
type compareJSON struct {
	Models []comparedJSON `json:"models"`
	Diff   *diffJSON      `json:"diff"`
}

type comparedJSON struct {
	Name            string             `json:"name"`
	Title           string             `json:"title"`
	Year            int                `json:"year"`
	Input           [3]int             `json:"input"`
	Params          int64              `json:"params"`
	MACs            int64              `json:"macs"`
	Depth           int                `json:"depth"`
	Layers          int                `json:"layers"`
	ActivationBytes int64              `json:"activation_bytes"`
	PeakBytes       int64              `json:"peak_bytes"`
	ParamShares     map[string]float64 `json:"param_shares"`
	WorkShares      map[string]float64 `json:"work_shares"`
}

type diffJSON struct {
	Params int64      `json:"params"`
	MACs   int64      `json:"macs"`
	Bytes  int64      `json:"activation_bytes"`
	Kept   int        `json:"kept"`
	Steps  []stepJSON `json:"steps"`
}

// stepJSON is a node that differs; nodes that are kept are only counted.
type stepJSON struct {
	Fate    analyze.Fate `json:"fate"`
	Kind    string       `json:"kind"`
	From    string       `json:"from"`
	To      string       `json:"to"`
	Changes []changeJSON `json:"changes"`
	Params  int64        `json:"params"`
	MACs    int64        `json:"macs"`
}

type changeJSON struct {
	Field string `json:"field"`
	From  string `json:"from"`
	To    string `json:"to"`
}

// Run compares the architectures.
func (c *compareCmd) Run(a *app) error {
	var j compareJSON
	for _, name := range c.Models {
		m, err := compared(name)
		if err != nil {
			return usageError{err}
		}
		j.Models = append(j.Models, m)
	}
	if len(c.Models) == 2 {
		var err error
		if j.Diff, err = newDiffJSON(c.Models[0], c.Models[1]); err != nil {
			return err
		}
	}
	switch c.Format {
	case "json":
		return writeJSON(a.out, j)
	case "csv":
		return writeCSV(a.out, compareHead, j.rows(func(n int64) string { return strconv.FormatInt(n, 10) }))
	}
	if err := table(a.out, compareHead, j.rows(commas)); err != nil || j.Diff == nil {
		return err
	}
	return j.Diff.print(a, c.Models[0], c.Models[1])
}

func compared(name string) (comparedJSON, error) {
	ar, err := arch.ByName(name)
	if err != nil {
		return comparedJSON{}, err
	}
	g, err := ar.Graph()
	if err != nil {
		return comparedJSON{}, err
	}
	t := analyze.Summarize(g).Totals
	m := comparedJSON{Name: ar.Name, Title: ar.Title, Year: ar.Year, Input: [3]int{ar.Input.C, ar.Input.H, ar.Input.W}, Params: t.Params, MACs: t.MACs, Depth: t.Depth, Layers: t.Layers,
		ActivationBytes: t.ActivationBytes, PeakBytes: t.PeakBytes, ParamShares: map[string]float64{}, WorkShares: map[string]float64{}}
	for _, s := range analyze.ByClass(g) {
		m.ParamShares[s.Name] = float64(s.Params) / float64(max(t.Params, 1))
	}
	for _, s := range analyze.ByBand(g) {
		m.WorkShares[s.Name] = float64(s.MACs) / float64(max(t.MACs, 1))
	}
	return m, nil
}

var compareHead = []string{"name", "title", "year", "input", ">params", ">MACs", ">depth", ">activation bytes", ">peak bytes", ">dense params"}

func (j compareJSON) rows(number func(int64) string) [][]string {
	var rows [][]string
	for _, m := range j.Models {
		rows = append(rows, []string{m.Name, m.Title, strconv.Itoa(m.Year), dims(m.Input[:]...), number(m.Params), number(m.MACs), strconv.Itoa(m.Depth), number(m.ActivationBytes), number(m.PeakBytes),
			strings.TrimSpace(percent(m.ParamShares["linear"]))})
	}
	return rows
}

func newDiffJSON(a, b string) (*diffJSON, error) {
	x, err := arch.ByName(a)
	if err != nil {
		return nil, err
	}
	y, err := arch.ByName(b)
	if err != nil {
		return nil, err
	}
	gx, err := x.Graph()
	if err != nil {
		return nil, err
	}
	gy, err := y.Graph()
	if err != nil {
		return nil, err
	}
	d := analyze.Diff(gx, gy)
	j := &diffJSON{Params: d.Params, MACs: d.MACs, Bytes: d.Bytes, Kept: d.Count(analyze.Kept), Steps: []stepJSON{}}
	for _, s := range d.Steps {
		if s.Fate == analyze.Kept {
			continue
		}
		st := stepJSON{Fate: s.Fate, Params: s.Params, MACs: s.MACs, Changes: []changeJSON{}}
		if s.A != nil {
			st.From, st.Kind = s.A.Path, string(s.A.Op.Kind())
		}
		if s.B != nil {
			st.To, st.Kind = s.B.Path, string(s.B.Op.Kind())
		}
		for _, f := range s.Changes {
			st.Changes = append(st.Changes, changeJSON(f))
		}
		j.Steps = append(j.Steps, st)
	}
	return j, nil
}

func (d *diffJSON) print(a *app, from, to string) error {
	fmt.Fprintf(a.out, "\nfrom %s to %s: %d nodes kept\n\n", from, to, d.Kept)
	var rows [][]string
	for _, s := range d.Steps {
		var what []string
		for _, c := range s.Changes {
			what = append(what, c.Field+" "+c.From+"→"+c.To)
		}
		node := s.From
		if s.To != "" && s.To != s.From {
			if node != "" {
				node += " → "
			}
			node += s.To
		}
		rows = append(rows, []string{string(s.Fate), s.Kind, node, strings.Join(what, ", "), signed(s.Params), signed(s.MACs)})
	}
	rows = append(rows, []string{"total", "", "", "", signed(d.Params), signed(d.MACs)})
	return table(a.out, []string{"what", "kind", "node", "change", ">params", ">MACs"}, rows)
}

// signed writes a difference with its sign.
func signed(n int64) string {
	if n > 0 {
		return "+" + commas(n)
	}
	return commas(n)
}
