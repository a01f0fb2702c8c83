package web

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"stride/internal/nn"
	"stride/internal/nn/analyze"
	"stride/internal/nn/arch"
	"stride/internal/viz"
	"stride/web/i18n"
	"stride/web/view"
)

// shownMaps is how many maps of a layer the matrix shows.
const shownMaps = 3

// matrix is the same picture in every network at the same map sizes. A network without weights is stood in for by its
// family's miniature, which has some; the row says so. waiting tells that a run is not done.
func (c *comparePage) matrix(w http.ResponseWriter, r *http.Request) (m view.MapMatrix, waiting bool) {
	bands := analyze.Bands[:5]
	sides := map[analyze.Band]map[int]bool{}
	type line struct {
		net  *compared
		t    *trace
		last map[analyze.Band]*nn.Node
	}
	var lines []line
	shown := map[string]bool{}
	if c.st.X == "ms" {
		waiting = c.measure(w, r)
	}
	for _, n := range c.nets {
		name, ok := c.runnable(n)
		if !ok || shown[name] { // one miniature may stand for several variants
			continue
		}
		shown[name] = true
		t, err := c.run(w, r, name)
		if err != nil {
			c.s.cfg.Log.Warn("compare", "model", n.arch.Name, "error", err.Error())
			continue
		}
		waiting = waiting || !t.done && t.failed == nil
		c.shown = append(c.shown, t)
		l := line{n, t, lastMaps(t.model.Graph)}
		for b, node := range l.last {
			if sides[b] == nil {
				sides[b] = map[int]bool{}
			}
			sides[b][node.Shape.H] = true
		}
		lines = append(lines, l)
	}
	m = view.MapMatrix{Title: c.b.T().Compare.SamePhoto, Files: c.files("maps", pictureKinds), Sort: c.orders(), Colour: c.colours()}
	var used []analyze.Band
	for _, b := range bands {
		if len(sides[b]) > 0 {
			used = append(used, b)
			m.Columns = append(m.Columns, sideText(sides[b]))
		}
	}
	for _, l := range lines {
		row := view.MapMatrixRow{Name: l.t.model.Arch.Title, Note: c.rowNote(l.net, l.t), URL: c.b.URL("/a/" + l.t.st.Model)}
		for _, b := range used {
			row.Cells = append(row.Cells, c.cell(l.t, l.last[b]))
		}
		m.Rows = append(m.Rows, row)
	}
	return m, waiting
}

// maxTimed is the work up to which a network without weights is run for its time: random ones take as long as any.
const maxTimed = 5e9

// timingPatience is how long the page waits for a network that is timed: its reader asked for nothing else.
const timingPatience = 4 * time.Second

// measure runs the networks in focus on the current picture. waiting tells that a run is not done.
func (c *comparePage) measure(w http.ResponseWriter, r *http.Request) (waiting bool) {
	for _, n := range c.nets {
		if len(c.s.cfg.Catalogue.Of(n.arch.Name)) == 0 && n.tot.MACs > maxTimed {
			c.untimed = append(c.untimed, n.arch.Title)
			continue
		}
		t, err := c.s.openFor(w, r, n.arch.Name, timingPatience)
		if err != nil {
			c.s.cfg.Log.Warn("compare", "model", n.arch.Name, "error", err.Error())
			continue
		}
		waiting = waiting || !t.done && t.failed == nil
		if t.done {
			n.ms = float64(t.result.Elapsed.Microseconds()) / 1000
		}
	}
	return waiting
}

// maxUntrained is the work up to which a network without weights is run for its maps: they are noise.
const maxUntrained = 1e9

// runnable is the network whose maps stand in a row: the one compared, or where it has no weights the trained miniature of
// its family. A large network without either has no row.
func (c *comparePage) runnable(n *compared) (name string, ok bool) {
	if len(c.s.cfg.Catalogue.Of(n.arch.Name)) > 0 {
		return n.arch.Name, true
	}
	if f, ok := family(n.arch.Family); ok && len(c.s.cfg.Catalogue.Of(f.Mini)) > 0 {
		return f.Mini, true
	}
	return n.arch.Name, n.tot.MACs <= maxUntrained
}

// run opens a network on the current picture.
func (c *comparePage) run(w http.ResponseWriter, r *http.Request, name string) (*trace, error) {
	t, err := c.s.openDefault(w, r, name)
	if err == nil {
		t.st.Colours, t.st.Order = c.st.Colours, c.st.Order
	}
	return t, err
}

// lastMaps is the last layer of each band before the next smaller map begins.
func lastMaps(g *nn.Graph) map[analyze.Band]*nn.Node {
	last := map[analyze.Band]*nn.Node{}
	for _, n := range g.Main() {
		if n == g.Input || n.Shape.H < 3 || n.Shape.PlaneLen() == 1 {
			continue
		}
		last[analyze.BandOf(n)] = n
	}
	delete(last, analyze.BandTiny)
	return last
}

// sideText is a column's heading: the side, or the range of sides where the networks differ.
func sideText(sides map[int]bool) string {
	lo, hi := 1<<30, 0
	for n := range sides {
		lo, hi = min(lo, n), max(hi, n)
	}
	if lo == hi {
		return fmt.Sprintf("%d × %d", lo, lo)
	}
	return strconv.Itoa(lo) + "–" + strconv.Itoa(hi)
}

func (c *comparePage) cell(t *trace, n *nn.Node) view.MatrixCell {
	if n == nil {
		return view.MatrixCell{}
	}
	cell := view.MatrixCell{URL: t.nodeURL(n), Node: n.Path, Label: t.model.Arch.Title + ", " + n.Path + ", " + i18n.Dims(n.Shape.H, n.Shape.W)}
	for i := range min(shownMaps, n.Shape.C) {
		cell.Tiles = append(cell.Tiles, t.tile(n, i))
	}
	return cell
}

// rowNote says whose maps these are.
func (c *comparePage) rowNote(n *compared, t *trace) string {
	switch {
	case t.st.Model != n.arch.Name:
		return fmt.Sprintf(c.tw.StandIn, n.arch.Title)
	case !t.model.Trained():
		return c.tw.Untrained
	case t.failed != nil || !t.done:
		return c.tw.NotYet
	case n.top1 > 0 && t.model.Arch.Labels == arch.ImageNet:
		return i18n.Fixed(n.top1, 1) + "%"
	}
	return ""
}

func (c *comparePage) orders() view.Select {
	s := view.Select{Label: c.w.Sort}
	for _, o := range []viz.Order{viz.Strongest, viz.Varied, viz.ByIndex} {
		s.Options = append(s.Options, view.Option{Label: c.w.Orders[o], Current: c.st.Order == o, URL: c.st.url(c.b.Lang, func(st *compareState) { st.Order = o })})
	}
	return s
}

func (c *comparePage) colours() view.Select {
	s := view.Select{Label: c.w.Colours}
	for _, m := range []view.Colours{view.Mako, view.Viridis, view.Inferno, view.Grey} {
		s.Options = append(s.Options, view.Option{Label: string(m), Colours: m, Current: c.st.Colours == string(m), URL: c.st.url(c.b.Lang, func(st *compareState) { st.Colours = string(m) })})
	}
	return s
}
