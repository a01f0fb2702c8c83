package web

import (
	"bytes"
	"encoding/csv"
	"net/http"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"stride/internal/nn"
	"stride/internal/nn/analyze"
	"stride/internal/nn/arch"
	"stride/web/i18n"
	"stride/web/view"
)

// layers is a network as a table.
func (s *Server) layers(w http.ResponseWriter, r *http.Request) error {
	t, err := s.open(w, r, s.patienceFor(r))
	if err != nil {
		return err
	}
	t.late = true
	p := view.LayersPage{Page: t.base(w, r, view.NavArchitectures, t.model.Arch.Title), Bar: t.newArchBar(r), BackURL: t.url(func(*archState) {})}
	p.Columns = []string{t.w.Output, t.w.Params, t.w.MACs, t.w.Field}
	p.CSVURL = p.URL("/a/" + t.st.Model + "/layers.csv")
	for _, st := range t.stages() {
		g := view.LayerGroup{Name: st.name}
		for _, n := range st.nodes {
			g.Rows = append(g.Rows, t.layerRow(n))
		}
		p.Groups = append(p.Groups, g)
	}
	tot := t.summary.Totals
	p.Totals = []view.Fact{{Label: t.w.Params, Value: i18n.Int(tot.Params)}, {Label: t.w.MACs, Value: i18n.Int(tot.MACs)}}
	return render(w, r, http.StatusOK, view.Layers(p))
}

func (t *trace) layerRow(n *nn.Node) view.LayerRow {
	r := t.summary.Row(n)
	var in []string
	if len(n.In) > 1 {
		for _, x := range n.In {
			in = append(in, x.Path)
		}
	}
	tile := t.tile(n, 0)
	return view.LayerRow{ID: "l-" + strings.ReplaceAll(n.Path, ".", "-"), Op: opOf(n), Path: n.Path, URL: t.nodeURL(n), Kind: t.kindText(n), Note: strings.Join(in, " + "),
		Cells: []string{shapeText(n.Shape), i18n.Int(r.Params), i18n.Int(r.MACs), t.fieldText(r.Field)}, Tile: &tile}
}

// layersCSV is the same table for a spreadsheet.
func (s *Server) layersCSV(w http.ResponseWriter, r *http.Request) error {
	a, err := arch.ByName(chi.URLParam(r, "model"))
	if err != nil {
		return errNotFound
	}
	g, err := a.Graph()
	if err != nil {
		return err
	}
	var b bytes.Buffer
	out := csv.NewWriter(&b)
	rows := [][]string{{"path", "kind", "inputs", "channels", "height", "width", "params", "macs", "receptive_field_h", "receptive_field_w"}}
	for _, row := range analyze.Summarize(g).Rows {
		var in []string
		for _, x := range row.Node.In {
			in = append(in, x.Path)
		}
		rows = append(rows, []string{row.Node.Path, string(row.Node.Op.Kind()), strings.Join(in, " "), strconv.Itoa(row.Shape.C), strconv.Itoa(row.Shape.H), strconv.Itoa(row.Shape.W),
			strconv.FormatInt(row.Params, 10), strconv.FormatInt(row.MACs, 10), strconv.Itoa(row.Field.Size[0]), strconv.Itoa(row.Field.Size[1])})
	}
	if err := out.WriteAll(rows); err != nil {
		return err
	}
	attachment(w, a.Name+"-layers.csv")
	return sendFile(w, r, "text/csv; charset=utf-8", b.Bytes())
}
