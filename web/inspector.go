package web

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"stride/internal/nn"
	"stride/internal/nn/tensor"
	"stride/internal/viz"
	"stride/web/i18n"
	"stride/web/view"
)

// gridTiles is how many channels the grid shows before "show all".
const gridTiles = 36

// newInspector is everything about the selected layer.
func (t *trace) newInspector(ctx context.Context, n *nn.Node) (view.Inspector, error) {
	i := view.Inspector{Op: opOf(n), Name: t.headline(n), Kind: t.kindText(n), Path: n.Path, Facts: t.facts(n), NodeURL: t.nodePage(n)}
	i.Prev, i.Next = t.neighbour(n, -1), t.neighbour(n, 1)
	x := t.out(ctx, n)
	if x == nil {
		i.Pending = t.w.Pending
		if t.failed != nil {
			i.Pending = t.w.Stopped
		}
		return i, nil
	}
	c, err := t.channel(n, x)
	if err != nil {
		return i, err
	}
	cell, err := t.cell(n, x, c)
	if err != nil {
		return i, err
	}
	if n.Shape.PlaneLen() == 1 {
		i.Strip = t.strip(n, x, c)
		i.Strip.Files = t.layerFiles(n, "vector")
	} else {
		i.Channel = t.channelView(ctx, n, x, cell)
		i.Grid = t.grid(n, x, c, gridTiles)
		i.Grid.Files = t.layerFiles(n, "channels")
	}
	i.Pixel = t.pixelSum(ctx, n, x, cell)
	t.offer(i.Pixel)
	return i, nil
}

// nodePage is the address of a layer's own page.
func (t *trace) nodePage(n *nn.Node) string {
	return query("/"+t.lang.Tag()+"/a/"+t.st.Model+"/n/"+n.Path, t.st.selectNode("").values())
}

// neighbour is the layer before or behind in run order.
func (t *trace) neighbour(n *nn.Node, d int) *view.Link {
	i := n.ID + d
	if i < 0 || i >= len(t.model.Graph.Nodes) || t.model.Graph.Nodes[i].Aux {
		return nil
	}
	m := t.model.Graph.Nodes[i]
	return &view.Link{Label: m.Path, URL: t.nodeURL(m)}
}

// headline names a node as the diagram does where it is a layer, or where the end of its path is a mere number: conv3.1b.
// A normalisation or activation keeps the last two parts of a long path. The whole path stands below.
func (t *trace) headline(n *nn.Node) string {
	_, _, l := outlineOf(t.model.Graph).At(n)
	parts := strings.Split(n.Path, ".")
	_, err := strconv.Atoi(parts[len(parts)-1])
	switch {
	case l.Main == n || err == nil:
		return l.Name
	case len(n.Path) <= 20 || len(parts) < 3:
		return n.Path
	}
	return strings.Join(parts[len(parts)-2:], ".")
}

// order lists the channels of a layer as the page sorts them, and how many are silent.
func (t *trace) order(x *tensor.Tensor) ([]int, int) {
	return viz.Channels(viz.ChannelStats(x, 0), t.st.Order)
}

// channel is the selected channel: the address's, or the first in the page's order.
func (t *trace) channel(n *nn.Node, x *tensor.Tensor) (int, error) {
	if t.st.Channel >= n.Shape.C {
		return 0, &Error{Status: 404, Code: "no_channel", Arg: strconv.Itoa(t.st.Channel)}
	}
	if t.st.Channel >= 0 {
		return t.st.Channel, nil
	}
	o, _ := t.order(x)
	return o[0], nil
}

// cell is the selected pixel: the address's, or where the channel is strongest.
func (t *trace) cell(n *nn.Node, x *tensor.Tensor, c int) (nn.Cell, error) {
	if t.st.Y >= n.Shape.H || t.st.X >= n.Shape.W {
		return nn.Cell{}, &Error{Status: 404, Code: "no_pixel", Arg: fmt.Sprintf("%d, %d", t.st.Y, t.st.X)}
	}
	if t.st.Y >= 0 && t.st.X >= 0 {
		return nn.Cell{C: c, Y: t.st.Y, X: t.st.X}, nil
	}
	p := x.Plane(0, c)
	at := max(p.Stats().ArgMax, 0)
	return nn.Cell{C: c, Y: at / p.W, X: at % p.W}, nil
}

// channelView is one map with its pixel and what the pixel sees.
func (t *trace) channelView(ctx context.Context, n *nn.Node, x *tensor.Tensor, cell nn.Cell) *view.ChannelView {
	sc := scaleOf(x, cell.C, t.shared(ctx, x))
	f := t.summary.Row(n).Field
	in := t.model.Graph.Input.Shape
	base := nodeBase(t.run, n.Path) + "/" + strconv.Itoa(cell.C)
	s := x.Plane(0, cell.C).Stats()
	v := &view.ChannelView{
		Title: fmt.Sprintf(t.w.Channel, cell.C), Place: fmt.Sprintf(t.w.Place, cell.Y, cell.X),
		MapURL: base + ".png" + t.look(), Rows: n.Shape.H, Cols: n.Shape.W, Cell: &view.Cell{Y: cell.Y, X: cell.X},
		MapAlt: fmt.Sprintf(t.w.MapAlt, n.Shape.H, n.Shape.W, max(s.ArgMax, 0)/n.Shape.W, max(s.ArgMax, 0)%n.Shape.W),
		Value:  value(float64(x.At(0, cell.C, cell.Y, cell.X))), Lo: value(float64(sc.Lo)), Hi: value(float64(sc.Hi)),
		Colours: view.Colours(t.colours(sc).Name), Scope: t.w.Scopes[t.st.Scope], ValuesURL: base + ".f32",
		Action: "/" + t.lang.Tag() + "/a/" + t.st.Model, Fields: t.fields(func(s *archState) { s.Layer, s.Channel, s.Y, s.X, s.In = n.Path, cell.C, -1, -1, -1 }),
		CellURL: t.cellURL(n, cell.C),
		Photo:   t.seenURL(), PhotoAlt: t.s.pictureName(t.picture, t.lang),
		Field: view.ReceptiveField{StartY: float64(f.Start[0]), StartX: float64(f.Start[1]), JumpY: float64(f.Jump[0]), JumpX: float64(f.Jump[1]),
			SizeY: float64(f.Size[0]), SizeX: float64(f.Size[1]), InputH: in.H, InputW: in.W},
		Sees: fmt.Sprintf(t.w.Sees, t.fieldText(f)),
	}
	v.Files = append(t.layerFiles(n, "channel"), view.Link{Label: "CSV", URL: base + ".csv"})
	if sc.Signed {
		v.Zero = "0"
	}
	y0, x0, y1, x1, _ := f.Box(cell.Y, cell.X, in)
	v.Now = &view.Rect{X: float64(x0) / float64(in.W), Y: float64(y0) / float64(in.H), W: float64(x1-x0) / float64(in.W), H: float64(y1-y0) / float64(in.H)}
	v.Prev, v.Next = t.neighbourChannel(n, cell.C-1), t.neighbourChannel(n, cell.C+1)
	return v
}

// neighbourChannel is a link to a channel of the selected layer; nil beyond the ends.
func (t *trace) neighbourChannel(n *nn.Node, c int) *view.Link {
	if c < 0 || c >= n.Shape.C {
		return nil
	}
	return &view.Link{Label: fmt.Sprintf(t.w.Channel, c), URL: t.url(func(s *archState) { s.Layer, s.Channel, s.In = n.Path, c, -1 })}
}

// colours is the map for a scale: signed values are always shown on the diverging one.
func (t *trace) colours(sc viz.Scale) *viz.Colormap {
	cm := viz.Mako
	if c, ok := viz.ColormapByName(t.st.Colours); ok {
		cm = c
	}
	return viz.ColormapFor(cm, sc)
}

// seenURL is the picture as the network gets it.
func (t *trace) seenURL() string { return "/i/" + t.picture.key() + "/seen/" + t.st.Model + ".png" }

// fields are the page's state as hidden fields of a form.
func (t *trace) fields(f func(*archState)) []view.Field {
	var l []view.Field
	q := t.st.with(f).values()
	for _, k := range sortedKeys(q) {
		l = append(l, view.Field{Name: k, Value: q.Get(k)})
	}
	return l
}

// cellURL is the page's address with {y} and {x} for the script to fill in.
func (t *trace) cellURL(n *nn.Node, c int) string {
	u := t.url(func(s *archState) { s.Layer, s.Channel, s.Y, s.X, s.In = n.Path, c, -1, -1, -1 })
	sep := "?"
	if len(t.st.with(func(s *archState) { s.Layer = n.Path }).values()) > 0 {
		sep = "&"
	}
	return u + sep + "y={y}&x={x}"
}

// grid is the channels of a layer as links.
func (t *trace) grid(n *nn.Node, x *tensor.Tensor, selected, limit int) *view.ChannelGrid {
	order, silent := t.order(x)
	shown := min(limit, len(order))
	if t.st.All {
		shown = min(len(order), viz.MaxTiles)
	}
	g := &view.ChannelGrid{Title: fmt.Sprintf(t.w.Channels, i18n.Int(int64(n.Shape.C))), Sort: t.sortSelect(), Scale: t.scaleSelect(), Colour: t.colourSelect(), Clip: fmt.Sprintf(t.w.Clip, viz.ClipPercentile)}
	if shown < len(order) {
		g.Shown = fmt.Sprintf(t.w.Shown, i18n.N(shown), i18n.N(len(order)))
		if !t.st.All {
			g.AllURL = t.url(func(s *archState) { s.Layer, s.All = n.Path, true })
			g.All = fmt.Sprintf(t.w.ShowAll, i18n.N(len(order)))
		} else {
			g.AllURL, g.All = t.nodePage(n), fmt.Sprintf(t.w.ShowAll, i18n.N(len(order)))
		}
	}
	if silent > 0 {
		g.Silent = fmt.Sprintf(t.w.Silent, i18n.N(silent))
	}
	stats := viz.ChannelStats(x, 0)
	for i, c := range order[:shown] {
		tile := t.tile(n, i)
		tile.Label, tile.Silent = fmt.Sprintf(t.w.Channel, c), viz.Silent(stats[c])
		g.Tiles = append(g.Tiles, view.GridTile{Tile: tile, Channel: c, Selected: c == selected, URL: t.url(func(s *archState) { s.Layer, s.Channel, s.Y, s.X, s.In = n.Path, c, -1, -1, -1 })})
	}
	return g
}

func (t *trace) sortSelect() view.Select {
	s := view.Select{Label: t.w.Sort}
	for _, o := range []viz.Order{viz.Strongest, viz.Varied, viz.ByIndex} {
		s.Options = append(s.Options, view.Option{Label: t.w.Orders[o], URL: t.url(func(s *archState) { s.Order = o }), Current: t.st.Order == o})
	}
	return s
}

func (t *trace) scaleSelect() view.Select {
	s := view.Select{Label: t.w.Scale}
	for _, sc := range []viz.Scope{viz.Channel, viz.Layer, viz.Network} {
		s.Options = append(s.Options, view.Option{Label: t.w.Scopes[sc], URL: t.url(func(s *archState) { s.Scope = sc }), Current: t.st.Scope == sc})
	}
	return s
}

func (t *trace) colourSelect() view.Select {
	s := view.Select{Label: t.w.Colours}
	now := t.st.Colours
	if now == "" {
		now = viz.Mako.Name
	}
	for _, c := range viz.Sequential() {
		s.Options = append(s.Options, view.Option{Label: c.Name, URL: t.url(func(s *archState) { s.Colours = c.Name }), Current: now == c.Name, Colours: view.Colours(c.Name)})
	}
	return s
}

// stripBars is how many values of a vector are drawn.
const stripBars = 64

// strip is a vector as bars in the page's order.
func (t *trace) strip(n *nn.Node, x *tensor.Tensor, selected int) *view.VectorStrip {
	order, _ := t.order(x)
	s := &view.VectorStrip{Title: fmt.Sprintf(t.w.Values, i18n.Int(int64(n.Shape.C))), Sort: t.sortSelect()}
	st := x.Stats()
	top := max(st.Max, -st.Min)
	s.Signed = st.Min < 0
	s.Lo, s.Hi, s.Label = value(st.Min), value(st.Max), fmt.Sprintf(t.w.StripLabel, i18n.N(n.Shape.C), value(st.Min), value(st.Max))
	for _, c := range order[:min(stripBars, len(order))] {
		v := float64(x.Data[c])
		level := 0.0
		if top > 0 {
			level = v / top
		}
		s.Bars = append(s.Bars, view.StripBar{Level: level, Title: t.vectorTitle(n, c) + ": " + value(v), Selected: c == selected,
			URL: t.url(func(s *archState) { s.Layer, s.Channel, s.Y, s.X, s.In = n.Path, c, -1, -1, -1 })})
	}
	if len(order) > stripBars {
		s.More = &view.Link{Label: fmt.Sprintf(t.w.ShowAll, i18n.N(len(order))), URL: t.nodePage(n)}
	}
	return s
}

// vectorTitle names a unit: the class, where the vector is the answer.
func (t *trace) vectorTitle(n *nn.Node, c int) string {
	if g := t.model.Graph; n == g.Output || n.Op.Kind() == "softmax" {
		return t.s.names.of(t.model.Arch.Labels, t.lang, c)
	}
	return strconv.Itoa(c)
}
