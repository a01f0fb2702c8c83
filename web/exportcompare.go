package web

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"
	"github.com/go-chi/chi/v5"

	"stride/internal/nn/analyze"
	"stride/internal/viz/export"
	"stride/web/view"
)

// files are the files of a picture of the comparison.
func (c *comparePage) files(picture string, kinds []string) []view.Link {
	return fileLinks(c.b.URL("/compare/picture/"+picture), c.st.values(), kinds)
}

// comparePlate is a picture of the comparison.
func (s *Server) comparePlate(w http.ResponseWriter, r *http.Request) error {
	c, err := s.newComparePage(w, r)
	if err != nil {
		return err
	}
	p := c.plate(w, r, chi.URLParam(r, "picture"))
	if p == nil {
		return errNotFound
	}
	return s.sendPlate(w, r, p)
}

// plate draws a picture of the comparison by its name; nil when there is none.
func (c *comparePage) plate(w http.ResponseWriter, r *http.Request, picture string) *plate {
	x := exportWordsOf(c.b.Lang)
	switch picture {
	case "cost":
		if c.st.X == "ms" { // times are those of the runs behind the maps
			c.matrix(w, r)
		}
		chart := c.cost()
		if chart.Wide == "" {
			return nil
		}
		caption := chart.Label + ". " + c.tw.Caption
		if c.st.X == "ms" {
			caption = chart.Label + ". " + c.tw.CaptionTime
		}
		p := c.framed(r, "accuracy-"+c.st.X, chart.Title, caption, chartMarkup(chart))
		p.table = chartTable(chart)
		p.frame.Sources = slices.Insert(p.frame.Sources, 0, c.tw.Source)
		return p
	case "params":
		return c.bandsPlate(r, picture, c.paramBands())
	case "macs":
		return c.bandsPlate(r, picture, c.workBands())
	case "maps":
		m, _ := c.matrix(w, r)
		if len(m.Rows) == 0 {
			return nil
		}
		var of, pictures []string
		for _, t := range c.shown {
			of = append(of, t.model.Arch.Title+", "+t.weightsText())
			if name := t.s.pictureName(t.picture, t.lang); !slices.Contains(pictures, name) { // networks of digits see a digit
				pictures = append(pictures, name)
			}
		}
		caption := m.Title + ". " + fmt.Sprintf(x.Weights, strings.Join(of, "; ")) + " " + fmt.Sprintf(x.Picture, strings.Join(pictures, ", "))
		return c.framed(r, picture, m.Title, caption, view.MatrixFile(m))
	}
	return nil
}

func (c *comparePage) bandsPlate(r *http.Request, name string, b view.BandBars) *plate {
	caption := b.Title + ". "
	if b.Note != "" {
		caption += b.Note + " "
	}
	p := c.framed(r, name, b.Title, caption+exportWordsOf(c.b.Lang).Counted, view.BandsFile(b))
	p.table = c.bandTable(name)
	return p
}

// bandTable is a quantity of each network by map size, in exact numbers.
func (c *comparePage) bandTable(name string) [][]string {
	head := []string{c.tw.Name}
	for _, b := range analyze.Bands {
		head = append(head, c.bandName(b))
	}
	rows := [][]string{head}
	for _, n := range c.nets {
		row := []string{n.arch.Title}
		for _, s := range analyze.ByBand(n.graph) {
			v := s.Params
			if name == "macs" {
				v = s.MACs
			}
			row = append(row, fmt.Sprint(v))
		}
		rows = append(rows, row)
	}
	return rows
}

// framed puts a picture into its frame: the papers of all networks in focus and the page.
func (c *comparePage) framed(r *http.Request, name, title, caption string, markup templ.Component) *plate {
	var names, sources []string
	for _, n := range c.nets {
		names = append(names, n.arch.Name)
		if p := paperText(c.b.Lang, n.arch.Paper); !slices.Contains(sources, p) {
			sources = append(sources, p)
		}
	}
	return &plate{name: "compare-" + strings.Join(names, "-") + "-" + name, markup: markup,
		frame: export.Frame{Title: title, Caption: caption, Sources: append(sources, madeWith(r, c.b.Lang, c.st.url(c.b.Lang, nil)))}}
}

// paramBands and workBands are where parameters live and where work happens.
func (c *comparePage) paramBands() view.BandBars {
	b := c.bands(c.b.T().Compare.ParamsLive, func(s analyze.Share) int64 { return s.Params }, func(t analyze.Totals) int64 { return t.Params })
	b.Note, b.Files = c.denseNote(), c.files("params", chartKinds)
	return b
}

func (c *comparePage) workBands() view.BandBars {
	b := c.bands(c.b.T().Compare.WorkHappens, func(s analyze.Share) int64 { return s.MACs }, func(t analyze.Totals) int64 { return t.MACs })
	b.Note, b.Files = c.tw.ShareNote, c.files("macs", chartKinds)
	return b
}

// diffCSV is two networks layer by layer as a table.
func (s *Server) diffCSV(w http.ResponseWriter, r *http.Request) error {
	a, z, err := comparedPair(r)
	if err != nil {
		return err
	}
	l := languageOf(r)
	k := &diffWriter{b: view.Page{Lang: l}, w: wordsOf(l), t: toolWordsOf(l), a: a.arch, z: z.arch}
	rows := [][]string{{"node", a.arch.Name, z.arch.Name, "params", "macs"}}
	for _, step := range analyze.Diff(a.graph, z.graph).Steps {
		if step.Fate != analyze.Kept {
			d := k.row(step)
			rows = append(rows, []string{d.Name, d.Left, d.Right, fmt.Sprint(step.Params), fmt.Sprint(step.MACs)})
		}
	}
	attachment(w, a.arch.Name+"-"+z.arch.Name+"-diff.csv")
	return sendFresh(w, r, "text/csv; charset=utf-8", tableCSV(rows))
}
