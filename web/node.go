package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/go-chi/chi/v5"

	"stride/internal/nn"
	"stride/internal/nn/tensor"
	"stride/internal/viz"
	"stride/web/view"
)

// node is one layer with all its channels at full size.
func (s *Server) node(w http.ResponseWriter, r *http.Request) error {
	t, err := s.open(w, r, s.patienceFor(r))
	if err != nil {
		return err
	}
	path, err := url.PathUnescape(chi.URLParam(r, "node"))
	if err != nil {
		return errNotFound
	}
	t.st.Layer, t.st.All = path, true
	n, err := t.selected()
	if err != nil {
		return err
	}
	p := view.NodePage{Page: t.base(w, r, view.NavArchitectures, t.model.Arch.Title+", "+path), Weights: t.badge()}
	p.Crumbs = []view.Link{{Label: t.model.Arch.Title, URL: t.nodeURL(n)}, {Label: path}}
	if p.Inspector, err = t.newInspector(r.Context(), n); err != nil {
		return err
	}
	p.Stream, p.RefreshIn = t.newStream(), t.refreshIn()
	if x := t.out(r.Context(), n); x != nil {
		c, err := t.channel(n, x)
		if err != nil {
			return err
		}
		if p.Inspector.Grid != nil {
			p.Inspector.Grid = t.allChannels(n, x, c)
		}
		p.Stats = t.stats(x)
		p.Charts = t.newCharts(r.Context(), n)
		p.Values = t.valuesTable(n, x, c)
	}
	return render(w, r, http.StatusOK, view.Node(p))
}

// allChannels is every channel as a picture of its own, in the page's order.
func (t *trace) allChannels(n *nn.Node, x *tensor.Tensor, selected int) *view.ChannelGrid {
	g := t.grid(n, x, selected, 0)
	g.Shown, g.AllURL, g.All, g.Large, g.Tiles = "", "", "", true, nil
	order, _ := t.order(x)
	stats := viz.ChannelStats(x, 0)
	base := nodeBase(t.run, n.Path)
	for _, c := range order {
		tile := view.Tile{Sheet: view.Sheet{URL: base + "/" + strconv.Itoa(c) + ".png" + t.look(), Cols: 1, Rows: 1, CellW: n.Shape.W, CellH: n.Shape.H}, Label: fmt.Sprintf(t.w.Channel, c), Silent: viz.Silent(stats[c]), Op: opOf(n)}
		g.Tiles = append(g.Tiles, view.GridTile{Tile: tile, Channel: c, Selected: c == selected, Caption: fmt.Sprintf("%d · %s", c, value(stats[c].Mean)),
			URL: query("/"+t.lang.Tag()+"/a/"+t.st.Model+"/n/"+n.Path, t.st.with(func(s *archState) { s.Layer, s.Channel, s.Y, s.X, s.All = "", c, -1, -1, false }).values())})
	}
	return g
}

// stats are the numbers of a whole layer.
func (t *trace) stats(x *tensor.Tensor) []view.Fact {
	s := x.Stats()
	zeros := 0
	for _, v := range x.Data {
		if v == 0 {
			zeros++
		}
	}
	return []view.Fact{{Label: t.w.Mean, Value: value(s.Mean)}, {Label: t.w.Std, Value: value(s.Std)}, {Label: t.w.Range, Value: value(s.Min) + " … " + value(s.Max)},
		{Label: t.w.Zeros, Value: fmt.Sprintf("%.1f%%", 100*float64(zeros)/float64(len(x.Data)))}}
}

// tableSide is how many rows and columns of a map are printed at once.
const tableSide = 28

// valuesTable prints the selected channel, around the selected pixel where it is large.
func (t *trace) valuesTable(n *nn.Node, x *tensor.Tensor, c int) *view.ValuesTable {
	p := x.Plane(0, c)
	s := p.Stats()
	top, d := max(s.Max, -s.Min), decimals(s.Max, s.Min)
	y0, x0 := window(t.st.Y, p.H), window(t.st.X, p.W)
	base := nodeBase(t.run, n.Path) + "/" + strconv.Itoa(c)
	v := &view.ValuesTable{Caption: fmt.Sprintf(t.w.Channel, c), RowFirst: y0, ColFirst: x0, CSVURL: base + ".csv", Float32URL: base + ".f32"}
	for y := y0; y < min(y0+tableSide, p.H); y++ {
		var row []view.SumCell
		for col := x0; col < min(x0+tableSide, p.W); col++ {
			f := float64(p.At(y, col))
			row = append(row, view.SumCell{Text: fixed(f, min(d, 3)), Level: level(f, top), URL: t.url(func(s *archState) { s.Layer, s.Channel, s.Y, s.X, s.All = n.Path, c, y, col, false })})
		}
		v.Rows = append(v.Rows, row)
	}
	return v
}

// window is the start of a part of n values around at.
func window(at, n int) int { return max(0, min(at-tableSide/2, n-tableSide)) }
