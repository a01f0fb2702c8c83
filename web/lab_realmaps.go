package web

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"stride/internal/nn/tensor"
	"stride/internal/viz"
	"stride/web/i18n"
	"stride/web/view"
)

// mapError is how far the factor's maps are from the layer's: the length of the difference of all their values in parts of
// the length of the layer's. ok is false while a map is missing.
func (v *realView) mapError(ctx context.Context) (e float64, ok bool) {
	a, b := v.as.out(ctx, v.node(v.as)), v.with.out(ctx, v.node(v.with))
	if a == nil || b == nil {
		return 0, false
	}
	return relativeError(a, b), true
}

// relativeError is |b − a| / |a|; 0 where both are zero.
func relativeError(a, b *tensor.Tensor) float64 {
	var diff, all float64
	for i, x := range a.Data {
		d := float64(b.Data[i]) - float64(x)
		diff += d * d
		all += float64(x) * float64(x)
	}
	if diff == 0 {
		return 0
	}
	return math.Sqrt(diff / all)
}

// realTiles is how many maps a row has.
const realTiles = 8

// rows are the strongest maps of the layer, of its factor, and their difference, all on one scale.
func (v *realView) rows(ctx context.Context) []view.MapRow {
	n := v.node(v.as)
	x := v.as.out(ctx, n)
	channels := pairChannels(x)
	g := viz.SheetGeometry(n.Shape, len(channels), false)
	var rows []view.MapRow
	for _, r := range []struct{ part, name string }{{partOriginal, v.w.RealOriginal}, {partReduced, fmt.Sprintf(v.w.RealRank, v.rank)}, {partDifference, v.w.RealDifference}} {
		sheet := view.Sheet{URL: nodeBase(v.as.run, n.Path) + "/beside/" + strings.TrimPrefix(v.with.run, "/r/") + "/" + r.part + ".png", Cols: g.Cols, Rows: g.Rows, CellW: g.TileW, CellH: g.TileH}
		row := view.MapRow{Name: r.name}
		for i, c := range channels {
			row.Tiles = append(row.Tiles, view.Tile{Sheet: sheet, Index: i, Label: r.name + ", " + fmt.Sprintf(v.w.Channel, c)})
		}
		rows = append(rows, row)
	}
	return rows
}

// The pictures of a pair of runs.
const (
	partOriginal   = "original"
	partReduced    = "reduced"
	partDifference = "difference"
)

// pairChannels are the channels of a layer that a pair of runs is shown by: the strongest.
func pairChannels(x *tensor.Tensor) []int {
	l, _ := viz.Channels(viz.ChannelStats(x, 0), viz.Strongest)
	return l[:min(realTiles, len(l))]
}

// pairSheet draws a layer of two runs of one network, or their difference, on the scale of the first: what is pale in the
// difference is small beside the maps themselves.
func pairSheet(a, b *tensor.Tensor, part string) *viz.Sheet {
	shown := a
	switch part {
	case partReduced:
		shown = b
	case partDifference:
		shown = tensor.New(a.Shape)
		for i, x := range a.Data {
			shown.Data[i] = b.Data[i] - x
		}
	}
	sc := viz.LayerScale(a, 0, true)
	return viz.NewSheet(shown, 0, viz.SheetOptions{Channels: pairChannels(a), Signed: true, Shared: &sc})
}

// pairFile is a picture of a node in the address's run and in another run of the same network.
func (s *Server) pairFile(w http.ResponseWriter, r *http.Request) error {
	n, a, err := s.output(r)
	if err != nil {
		return err
	}
	other, err := s.streamOf(r, chi.URLParam(r, "other"))
	if err != nil {
		return err
	}
	defer other.Close()
	b, err := other.Recording().At(r.Context(), n.Path)
	if err != nil {
		return err
	}
	if a.Shape != b.Shape {
		return errNotFound
	}
	return sendFile(w, r, "image/png", pairSheet(a, b, chi.URLParam(r, "part")).PNG(viz.Vik))
}

// realPlate is the maps or the chart of the errors as a file; nil while the run is on its way.
func (st bottleneckState) realPlate(p *labPlace, picture string) (*plate, error) {
	l, ok, err := st.Real.find(p.s.realLayers())
	if err != nil || !ok {
		return nil, err
	}
	v, err := p.realView(l, st.Real.rank(l), true)
	if err != nil || v.low == nil {
		return nil, err
	}
	e, ok := v.mapError(p.ctx)
	if !ok {
		return nil, nil
	}
	out := &plate{name: l.arch.Name + "-" + l.node.Path + "-rank-" + strconv.Itoa(v.rank)}
	out.frame.Title = l.arch.Title + ", " + l.node.Path
	if picture == "real-maps" {
		out.markup = view.PairFile(v.rows(p.ctx), out.frame.Title)
		out.frame.Caption = v.about(p) + " " + p.w.RealMapError + ": " + i18n.Percent(e, 1) + ". " + p.w.RealScale
		return out, nil
	}
	c, ok := v.errorChart(p, e)
	if !ok {
		return nil, nil
	}
	out.name += "-error"
	out.markup, out.table = chartMarkup(c), chartTable(c)
	out.frame.Caption = v.about(p) + " " + c.Label
	return out, nil
}
