package web

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"net/http"
	"slices"
	"strconv"

	"stride/internal/nn/analyze"
	"stride/web/i18n"
	"stride/web/view"
)

// column is what a network has in a column, as a number for sorting.
func (n *compared) column(name string) float64 {
	switch name {
	case "year":
		return float64(n.arch.Year)
	case "layers":
		return float64(n.tot.Depth)
	case "top1":
		return n.top1
	case "macs":
		return float64(n.tot.MACs)
	}
	return float64(n.tot.Params)
}

// sorted are the networks in the table's order.
func (c *comparePage) sorted() []*compared {
	l := slices.Clone(c.nets)
	slices.SortStableFunc(l, func(a, b *compared) int {
		o := cmp.Compare(a.column(c.st.Sort), b.column(c.st.Sort))
		if c.st.Sort == "name" {
			o = cmp.Compare(a.arch.Title, b.arch.Title)
		}
		if c.st.Down {
			return -o
		}
		return o
	})
	return l
}

func (c *comparePage) table() view.CompareTable {
	var t view.CompareTable
	for _, name := range compareColumns {
		label := map[string]string{"name": c.tw.Name, "year": c.tw.Year, "layers": c.tw.LayersHead, "top1": "Top-1", "params": c.w.Params, "macs": c.w.MACs, "bytes": c.b.T().Compare.WeightsSize}[name]
		col := view.CompareColumn{Label: label, Numeric: name != "name" && name != "params" && name != "macs"}
		down := name != "name"
		if c.st.Sort == name {
			col.Sorted = map[bool]string{true: "descending", false: "ascending"}[c.st.Down]
			down = !c.st.Down
		}
		col.URL = c.st.url(c.b.Lang, func(st *compareState) { st.Sort, st.Down = name, down })
		t.Columns = append(t.Columns, col)
	}
	t.Columns = append(t.Columns, view.CompareColumn{Label: c.b.T().Compare.KeyIdea})
	var params, macs int64 = 1, 1
	for _, n := range c.nets {
		params, macs = max(params, n.tot.Params), max(macs, n.tot.MACs)
	}
	for _, n := range c.sorted() {
		top := "–"
		if n.top1 > 0 {
			top = i18n.Fixed(n.top1, 1) + "%"
		}
		idea := c.w.Ideas[n.arch.Family]
		t.Rows = append(t.Rows, view.CompareRow{Name: n.arch.Title, Family: view.Family(n.arch.Family), URL: c.b.URL("/a/" + n.arch.Name), Cells: []view.CompareCell{
			{Text: strconv.Itoa(n.arch.Year)}, {Text: i18n.Int(int64(n.tot.Depth))}, {Text: top},
			{Text: i18n.Int(n.tot.Params), Percent: 100 * float64(n.tot.Params) / float64(params)}, {Text: i18n.SI(n.tot.MACs), Percent: 100 * float64(n.tot.MACs) / float64(macs)},
			{Text: i18n.Bytes(4 * n.tot.Params)}, {Text: idea.name, Pill: ideas[n.arch.Family].op}}})
	}
	return t
}

// compareCSV is the table for a spreadsheet, with the shares by map size.
func (s *Server) compareCSV(w http.ResponseWriter, r *http.Request) error {
	c, err := s.newComparePage(w, r)
	if err != nil {
		return err
	}
	head := []string{"name", "title", "year", "depth", "top1", "params", "macs", "activation_bytes", "peak_bytes"}
	for _, b := range analyze.Bands {
		head = append(head, "params_"+string(b), "macs_"+string(b))
	}
	rows := [][]string{head}
	for _, n := range c.sorted() {
		row := []string{n.arch.Name, n.arch.Title, strconv.Itoa(n.arch.Year), strconv.Itoa(n.tot.Depth), "", strconv.FormatInt(n.tot.Params, 10), strconv.FormatInt(n.tot.MACs, 10), strconv.FormatInt(n.tot.ActivationBytes, 10), strconv.FormatInt(n.tot.PeakBytes, 10)}
		if n.top1 > 0 {
			row[4] = strconv.FormatFloat(n.top1, 'f', -1, 64)
		}
		for _, s := range analyze.ByBand(n.graph) {
			row = append(row, strconv.FormatInt(s.Params, 10), strconv.FormatInt(s.MACs, 10))
		}
		rows = append(rows, row)
	}
	var b bytes.Buffer
	if err := csv.NewWriter(&b).WriteAll(rows); err != nil {
		return err
	}
	attachment(w, "compare.csv")
	return sendFresh(w, r, "text/csv; charset=utf-8", b.Bytes())
}
