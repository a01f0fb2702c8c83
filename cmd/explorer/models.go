package main

import (
	"strconv"
	"strings"

	"stride/internal/nn/analyze"
	"stride/internal/nn/arch"
	"stride/internal/nn/model"
)

type modelsCmd struct {
	Format string `help:"table or json." enum:"table,json" default:"table"`
}

type modelJSON struct {
	Name    string         `json:"name"`
	Title   string         `json:"title"`
	Family  string         `json:"family"`
	Year    int            `json:"year"`
	Input   [3]int         `json:"input"`
	Params  int64          `json:"params"`
	MACs    int64          `json:"macs"`
	Weights []weightsShort `json:"weights"`
}

type weightsShort struct {
	ID        string `json:"id"`
	Status    string `json:"status"`
	TrainedOn string `json:"trained_on"`
	Bytes     int64  `json:"bytes"`
}

// Run lists the architectures.
func (c *modelsCmd) Run(a *app) error {
	var all []modelJSON
	entries := a.catalogue.List()
	for _, ar := range arch.All() {
		g, err := ar.Graph()
		if err != nil {
			return err
		}
		t := analyze.Summarize(g).Totals
		m := modelJSON{Name: ar.Name, Title: ar.Title, Family: ar.Family, Year: ar.Year, Input: [3]int{ar.Input.C, ar.Input.H, ar.Input.W},
			Params: t.Params, MACs: t.MACs, Weights: []weightsShort{}}
		for _, e := range entries {
			if e.Model == ar.Name {
				m.Weights = append(m.Weights, weightsShort{e.ID, string(e.Status), a.trainedOn(e), e.Bytes})
			}
		}
		all = append(all, m)
	}
	if c.Format == "json" {
		return writeJSON(a.out, all)
	}
	var rows [][]string
	for _, m := range all {
		var w []string
		for _, x := range m.Weights {
			w = append(w, x.ID+" ("+x.Status+")")
		}
		if w == nil {
			w = []string{"untrained"}
		}
		rows = append(rows, []string{m.Name, m.Title, strconv.Itoa(m.Year), dims(m.Input[:]...), commas(m.Params), commas(m.MACs), strings.Join(w, ", ")})
	}
	return table(a.out, []string{"name", "title", "year", "input", ">params", ">MACs", "weights"}, rows)
}

// trainedOn reads what weights were trained on from their file; a file that does not open is told by `weights verify`.
func (a *app) trainedOn(e model.Entry) string {
	p, err := a.catalogue.Provenance(e)
	if err != nil {
		return "unreadable: " + err.Error()
	}
	return p.TrainedOn
}
