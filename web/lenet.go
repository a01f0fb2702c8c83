package web

import (
	"context"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"stride/internal/nn"
	"stride/internal/nn/arch"
	"stride/internal/nn/input"
	"stride/internal/nn/tensor"
	"stride/internal/viz"
	"stride/web/i18n"
	"stride/web/view"
)

// lenet is the page of the digit networks: the whole network at once, beside a pad.
func (s *Server) lenet(w http.ResponseWriter, r *http.Request) error {
	if d := r.URL.Query().Get("d"); d != "" {
		if _, _, err := s.drawings.read(d); err != nil {
			return err
		}
	}
	if dot, ok, err := dotOf(r); err != nil {
		return err
	} else if ok { // a click on the pad without JavaScript: paint a dot and show the page again
		return s.paint(w, r, dot)
	}
	t, err := s.open(w, r, s.patienceFor(r))
	if err != nil {
		return err
	}
	n, err := t.selected()
	if err != nil {
		return err
	}
	p, err := t.newLeNetPage(w, r, n)
	if err != nil {
		return err
	}
	return render(w, r, http.StatusOK, view.LeNetWhole(p))
}

// dotOf is the place of a click on the pad, in values.
func dotOf(r *http.Request) (at [2]int, ok bool, err error) {
	q := r.URL.Query()
	if q.Get("pad.x") == "" {
		return at, false, nil
	}
	for i, k := range []string{"pad.x", "pad.y"} {
		v, err := intParam(q, k, 0, 0, 4096)
		if err != nil {
			return at, false, err
		}
		at[i] = min(v*drawSide/view.PadSize, drawSide-1)
	}
	return at, true, nil
}

// paint adds a soft dot to the drawing and leads to the page with it.
func (s *Server) paint(w http.ResponseWriter, r *http.Request, at [2]int) error {
	q := r.URL.Query()
	pix := make([]byte, drawSide*drawSide)
	if d := q.Get("d"); d != "" {
		old, err := hex.DecodeString(d)
		if err != nil || len(old) != len(pix) {
			return &Error{Status: 422, Code: "bad_drawing"}
		}
		copy(pix, old)
	}
	for dy := -1; dy <= 1; dy++ {
		for dx := -1; dx <= 1; dx++ {
			x, y := at[0]+dx, at[1]+dy
			if x < 0 || y < 0 || x >= drawSide || y >= drawSide {
				continue
			}
			ink := byte(255)
			if dx != 0 || dy != 0 {
				ink = 140
			}
			pix[y*drawSide+x] = max(pix[y*drawSide+x], ink)
		}
	}
	q.Del("pad.x")
	q.Del("pad.y")
	q.Del("img")
	q.Set("d", hex.EncodeToString(pix))
	http.Redirect(w, r, query(r.URL.Path, q), http.StatusSeeOther)
	return nil
}

func (t *trace) newLeNetPage(w http.ResponseWriter, r *http.Request, n *nn.Node) (view.LeNetPage, error) {
	ctx := r.Context()
	p := view.LeNetPage{Page: t.base(w, r, view.NavArchitectures, t.model.Arch.Title), Weights: t.badge(), Stream: t.newStream()}
	p.RefreshIn = refreshOf(p.Stream)
	bar := t.newArchBar(r)
	p.Facts, p.Variants, p.Links = bar.Facts, bar.Variants, bar.Links
	p.Crumbs = []view.Link{{Label: p.T().Chrome.Family, URL: p.URL("/")}, {Label: t.model.Arch.Title}}
	p.Lesson = t.newLesson(n)
	p.PresentURL = query(p.URL("/a/"+t.st.Model+"/present"), t.st.values())
	var err error
	if p.Pad, err = t.newPad(ctx, n); err != nil {
		return p, err
	}
	p.Stages = t.lenetStages(ctx, n)
	p.Filters = t.filterTiles(n)
	if x := t.out(ctx, n); x != nil {
		c, err := t.channel(n, x)
		if err != nil {
			return p, err
		}
		cell, err := t.cell(n, x, c)
		if err != nil {
			return p, err
		}
		p.Pixel = t.pixelSum(ctx, n, x, cell)
		t.offer(p.Pixel)
		if n.Shape.PlaneLen() > 1 {
			p.Channel = t.channelView(r.Context(), n, x, cell)
		}
		y0, x0, y1, x1, _ := t.summary.Row(n).Field.Box(cell.Y, cell.X, t.model.Graph.Input.Shape)
		in := float64(t.model.Graph.Input.Shape.H)
		p.Pad.Box = &view.Rect{X: float64(x0) / in, Y: float64(y0) / in, W: float64(x1-x0) / in, H: float64(y1-y0) / in}
	}
	if !t.model.Trained() {
		p.Notice = t.untrainedNotice()
		return p, nil
	}
	t.digits(&p)
	return p, nil
}

// digits is the answer by digit.
func (t *trace) digits(p *view.LeNetPage) {
	if !t.done || p.Pad.Empty {
		return
	}
	probs := map[int]float64{}
	for _, g := range t.result.Top {
		probs[g.Index] = g.Prob
	}
	for d := range t.model.Graph.Output.Shape.C {
		on := len(t.result.Top) > 0 && t.result.Top[0].Index == d
		p.Digits = append(p.Digits, view.DigitBar{Digit: strconv.Itoa(d), Percent: 100 * probs[d], Text: percent(probs[d]), On: on})
	}
	if len(t.result.Top) > 0 {
		p.Says = strconv.Itoa(t.result.Top[0].Index)
	}
}

// newPad is the pad with the drawing of the address, or with the sample that is shown.
func (t *trace) newPad(ctx context.Context, n *nn.Node) (view.Pad, error) {
	p := view.Pad{Side: drawSide, Data: t.st.Drawing, Action: "/" + t.lang.Tag() + "/a/" + t.st.Model, Name: "d", Alt: t.s.pictureName(t.picture, t.lang),
		Fields:   t.fields(func(s *archState) { s.Drawing, s.Sample = "", "" }),
		ClearURL: t.url(func(s *archState) { s.Drawing, s.Sample = hex.EncodeToString(make([]byte, drawSide*drawSide)), "" })}
	img, err := t.s.find(ctx, t.picture.key())
	if err != nil {
		return p, err
	}
	g := img.Gray()
	p.Empty = input.Normalize(g).Empty
	p.ImageURL = "/i/" + t.picture.key() + "/seen/" + t.st.Model + ".png"
	if t.picture.Drawing != "" {
		p.ImageURL = "/i/" + t.picture.key() + ".png"
	}
	digits := t.s.samples.of("digit")
	for i, m := range digits {
		q := picture{Sample: m.Name}
		p.Samples = append(p.Samples, view.PadSample{Digit: t.s.pictureName(q, t.lang), URL: t.url(func(s *archState) { s.Sample, s.Drawing = m.Name, "" }), On: t.picture.Sample == m.Name,
			Tile: view.Tile{Sheet: view.Sheet{URL: "/i/" + m.Name + "/seen/" + t.st.Model + ".png", Cols: 1, Rows: 1, CellW: 32, CellH: 32}}})
		if m.Name == t.picture.Sample {
			p.Sample = t.url(func(s *archState) { s.Sample, s.Drawing = digits[(i+1)%len(digits)].Name, "" })
		}
	}
	if p.Sample == "" && len(digits) > 0 {
		p.Sample = t.url(func(s *archState) { s.Sample, s.Drawing = digits[0].Name, "" })
	}
	return p, nil
}

// lenetStages are the layers of the paper's figure, each shown after its activation.
func (t *trace) lenetStages(ctx context.Context, selected *nn.Node) []view.LeNetStage {
	var l []view.LeNetStage
	for _, n := range t.model.Graph.Main() {
		if n.MACs() == 0 && opOf(n) != view.OpPool {
			continue
		}
		shown := n
		if len(n.Users) == 1 && opOf(n.Users[0]) == view.OpAct {
			shown = n.Users[0]
		}
		r := t.summary.Row(n)
		kind, _, _ := strings.Cut(t.kindText(n), ",") // the details are on the node's page
		st := view.LeNetStage{Op: opOf(n), Title: n.Path + " · " + kind, Shape: shapeText(n.Shape), URL: t.nodeURL(n), Params: t.w.NoParams}
		if r.Params > 0 {
			st.Params = fmt.Sprintf(t.w.ParamsCount, i18n.Int(r.Params))
		}
		x, chosen := t.out(ctx, shown), -1
		if x != nil && (shown == selected || n == selected) {
			chosen, _ = t.channel(shown, x) // an address with a channel that is not there has been refused
		}
		if n.Shape.PlaneLen() > 1 {
			st.Cols, st.Size = lenetGrid(n)
			st.Tiles = t.lenetTiles(shown, x, chosen)
		} else {
			t.lenetVector(&st, shown, x, chosen)
		}
		l = append(l, st)
	}
	return l
}

// lenetTiles are the maps of a layer in the page's order.
func (t *trace) lenetTiles(n *nn.Node, x *tensor.Tensor, chosen int) (l []view.GridTile) {
	var order []int
	if x != nil {
		order, _ = t.order(x)
	}
	for i := range n.Shape.C {
		c := i
		if order != nil {
			c = order[i]
		}
		l = append(l, view.GridTile{Tile: t.tile(n, i), Channel: c, Selected: c == chosen})
		l[i].Label = fmt.Sprintf(t.w.Channel, c)
		l[i].URL = t.st.selectNode(n.Path).with(func(s *archState) { s.Channel = c }).url(t.lang.Tag())
	}
	return l
}

// A vector of LeNet is drawn as cells of vectorCell pixels, long ones in vectorCols columns.
const vectorCols, vectorCell = 6, 10

// lenetVector is a layer without maps: a cell per value, in the page's order.
func (t *trace) lenetVector(st *view.LeNetStage, n *nn.Node, x *tensor.Tensor, chosen int) {
	cols := 1
	if n.Shape.C > 2*vectorCols && n.Shape.C%vectorCols == 0 {
		cols = vectorCols
	}
	u := nodeBase(t.run, n.Path) + "/strip.png" + t.look()
	if cols > 1 {
		sep := "?"
		if t.look() != "" {
			sep = "&"
		}
		u += sep + "cols=" + strconv.Itoa(cols)
	}
	rows := n.Shape.C / cols
	st.Vector = &view.Tile{Sheet: view.Sheet{URL: u, Cols: 1, Rows: 1, CellW: cols, CellH: rows}, Node: n.Path, Pending: t.missing(n), Op: opOf(n), Label: st.Title}
	st.W, st.H = float64(cols*vectorCell), float64(rows*vectorCell)
	if chosen < 0 {
		return
	}
	order, _ := t.order(x)
	if at := slices.Index(order, chosen); at >= 0 {
		st.Chosen = &view.Rect{X: float64(at % cols), Y: float64(at / cols), W: 1, H: 1}
	}
}

// lenetGrid is how a layer's maps are laid out: few large maps, many small ones.
func lenetGrid(n *nn.Node) (cols int, size float64) {
	switch {
	case n.Shape.C <= 6:
		return 2, 56
	case n.Shape.H > 6:
		return 4, 32
	}
	return 4, 28
}

// filterTiles are the kernels of the first layer.
func (t *trace) filterTiles(n *nn.Node) []view.GridTile {
	for _, m := range t.model.Graph.Main() {
		if m.MACs() > 0 {
			return t.kernels(m)
		}
	}
	return nil
}

// kernels are the filters of a layer as tiles of one picture.
func (t *trace) kernels(m *nn.Node) []view.GridTile {
	g := viz.SheetGeometry(tensor.CHW(m.Shape.C, m.Window().KH, m.Window().KW), m.Shape.C, true)
	q := url.Values{}
	if t.st.Weights != "" {
		q.Set("w", t.st.Weights)
	}
	sheet := view.Sheet{URL: query("/w/"+t.st.Model+"/"+url.PathEscape(m.Path)+"/filters.png", q), Cols: g.Cols, Rows: g.Rows, CellW: g.TileW, CellH: g.TileH}
	var l []view.GridTile
	for c := range m.Shape.C {
		l = append(l, view.GridTile{Channel: c, Tile: view.Tile{Sheet: sheet, Index: c, Label: fmt.Sprintf(t.w.Filter, c), Op: opOf(m)},
			URL: t.st.selectNode(m.Path).with(func(s *archState) { s.Channel = c }).url(t.lang.Tag())})
	}
	return l
}

// isDigits reports whether an architecture has the page with the pad.
func isDigits(name string) bool {
	a, err := arch.ByName(name)
	return err == nil && a.Labels == arch.Digits
}
