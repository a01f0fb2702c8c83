package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"stride/internal/engine"
	"stride/internal/viz"
)

// archState is everything that the address of an architecture page says. parseArch and encode are inverses; defaults
// are not written.
type archState struct {
	Model   string
	Weights string // "" is the best that are here
	Sample  string // a sample picture; "" is the visitor's current one
	Drawing string // a drawn digit, as the pad writes it
	Step    int    // lesson step from 1
	Layer   string // path of the selected node; "" is the page's choice
	Channel int    // −1 is the page's choice
	Y, X    int    // selected pixel; −1 is the page's choice
	In      int    // input channel of the worked sum; −1 is the one that contributes most
	Colours string
	Scope   viz.Scope
	Order   viz.Order
	All     bool // all channels instead of the first ones
	Zoom    int  // zoomBlock and others
	Tab     int
	CAM     bool
	Class   int // explained class; −1 is the likeliest
	CAMAt   int // layer of Grad-CAM, counted from 1; 0 is the selected one
	Size    int // input side; 0 is the architecture's own
	Edits   []engine.Edit
	Answers map[string]string // by question
}

const maxIndex = 1 << 20

// badSize refuses an input size.
func badSize(side int) *Error {
	return &Error{Status: http.StatusBadRequest, Code: "bad_size", Arg: strconv.Itoa(side)}
}

func parseArch(model string, q url.Values) (st archState, err error) {
	st = archState{Model: model, Weights: q.Get("w"), Sample: q.Get("img"), Drawing: q.Get("d"), Layer: q.Get("l"), Colours: q.Get("cm"), All: q.Get("all") == "1", CAM: q.Get("cam") == "1", Answers: map[string]string{}}
	for _, f := range []struct {
		name        string
		to          *int
		def, lo, hi int
	}{
		{"step", &st.Step, 1, 1, 99}, {"c", &st.Channel, -1, 0, maxIndex}, {"y", &st.Y, -1, 0, maxIndex}, {"x", &st.X, -1, 0, maxIndex},
		{"in", &st.In, -1, 0, maxIndex}, {"zoom", &st.Zoom, zoomBlock, zoomBlock, zoomStage}, {"tab", &st.Tab, 0, 0, 2}, {"class", &st.Class, -1, 0, maxIndex}, {"at", &st.CAMAt, 0, 0, maxIndex}, {"size", &st.Size, 0, 0, maxIndex},
	} {
		if *f.to, err = intParam(q, f.name, f.def, f.lo, f.hi); err != nil {
			return st, err
		}
	}
	if st.Size%engine.SizeStep != 0 || st.Size > engine.MaxSize {
		return st, badSize(st.Size)
	}
	if _, st.Scope, st.Order, err = lookOf(q); err != nil {
		return st, err
	}
	if st.Edits, err = parseEdits(q.Get("edit")); err != nil {
		return st, err
	}
	if err = applySurgery(&st, q.Get("cut"), q.Get("alpha")); err != nil {
		return st, err
	}
	for k, v := range q {
		if id, ok := strings.CutPrefix(k, "q."); ok && len(v) > 0 && len(v[0]) <= 64 {
			st.Answers[id] = v[0]
		}
	}
	return st, nil
}

// values are the parameters of the address.
func (st archState) values() url.Values {
	q := url.Values{}
	text := func(name, v string) {
		if v != "" {
			q.Set(name, v)
		}
	}
	number := func(name string, v, def int) {
		if v != def {
			q.Set(name, strconv.Itoa(v))
		}
	}
	flag := func(name string, v bool) {
		if v {
			q.Set(name, "1")
		}
	}
	text("w", st.Weights)
	text("img", st.Sample)
	text("d", st.Drawing)
	text("l", st.Layer)
	if st.Colours != viz.Mako.Name {
		text("cm", st.Colours)
	}
	if st.Scope != viz.Channel {
		text("scale", string(st.Scope))
	}
	if st.Order != viz.Strongest {
		text("sort", string(st.Order))
	}
	number("step", st.Step, 1)
	number("c", st.Channel, -1)
	number("y", st.Y, -1)
	number("x", st.X, -1)
	number("in", st.In, -1)
	number("zoom", st.Zoom, zoomBlock)
	number("tab", st.Tab, 0)
	number("class", st.Class, -1)
	number("at", st.CAMAt, 0)
	number("size", st.Size, 0)
	flag("all", st.All)
	flag("cam", st.CAM)
	text("edit", formatEdits(st.Edits))
	for id, a := range st.Answers {
		q.Set("q."+id, a)
	}
	return q
}

// url is the address of the page in a language.
func (st archState) url(lang string) string {
	return query("/"+lang+"/a/"+st.Model, st.values())
}

// with is a copy changed by f: the address of a neighbouring view.
func (st archState) with(f func(*archState)) archState {
	a := make(map[string]string, len(st.Answers))
	for k, v := range st.Answers {
		a[k] = v
	}
	st.Answers = a
	f(&st)
	return st
}

// selectNode is the view of another node: what belongs to the old one is dropped.
func (st archState) selectNode(path string) archState {
	return st.with(func(s *archState) {
		s.Layer, s.Channel, s.Y, s.X, s.In, s.All, s.CAMAt = path, -1, -1, -1, -1, false, 0
	})
}

// parseEdits reads "node:channel:scale" items separated by commas; channel −1 is "*".
func parseEdits(text string) ([]engine.Edit, error) {
	if text == "" {
		return nil, nil
	}
	var l []engine.Edit
	for _, item := range strings.Split(text, ",") {
		f := strings.Split(item, ":")
		if len(f) != 3 || len(l) >= engine.MaxEdits {
			return nil, badRequest("edit")
		}
		e := engine.Edit{Node: f[0], Channel: -1}
		if f[1] != "*" {
			c, err := strconv.Atoi(f[1])
			if err != nil || c < 0 {
				return nil, badRequest("edit")
			}
			e.Channel = c
		}
		v, err := strconv.ParseFloat(f[2], 32)
		if err != nil || v < -8 || v > 8 {
			return nil, badRequest("edit")
		}
		e.Scale = float32(v)
		l = append(l, e)
	}
	return l, nil
}

func formatEdits(l []engine.Edit) string {
	items := make([]string, len(l))
	for i, e := range l {
		c := "*"
		if e.Channel >= 0 {
			c = strconv.Itoa(e.Channel)
		}
		items[i] = e.Node + ":" + c + ":" + strconv.FormatFloat(float64(e.Scale), 'g', -1, 32)
	}
	return strings.Join(items, ",")
}
