package web

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"stride/internal/nn"
	"stride/internal/nn/analyze"
	"stride/internal/nn/arch"
	"stride/web/i18n"
	"stride/web/view"
)

// comparedPair are the two networks of an address.
func comparedPair(r *http.Request) (a, z *compared, err error) {
	if a, err = comparedOf(chi.URLParam(r, "a")); err != nil {
		return nil, nil, err
	}
	z, err = comparedOf(chi.URLParam(r, "b"))
	return a, z, err
}

// compareDiff is two networks layer by layer: what was added, left out and changed on the way from the first to the second.
func (s *Server) compareDiff(w http.ResponseWriter, r *http.Request) error {
	a, z, err := comparedPair(r)
	if err != nil {
		return err
	}
	b := s.base(w, r, view.NavCompare, "")
	t := toolWordsOf(b.Lang)
	d := analyze.Diff(a.graph, z.graph)
	heading := fmt.Sprintf(t.DiffHeading, a.arch.Title, z.arch.Title)
	b.Title = heading
	p := view.DiffPage{Page: b, CSVURL: b.URL("/compare/" + a.arch.Name + "/" + z.arch.Name + ".csv"), Heading: heading, Left: a.arch.Title, Right: z.arch.Title, Note: view.T(fmt.Sprintf(t.DiffNote, i18n.Int(int64(d.Count(analyze.Kept)))))}
	p.Crumbs = []view.Link{{Label: b.T().Compare.Title, URL: b.URL("/compare") + "?m=" + a.arch.Name + "," + z.arch.Name}, {Label: heading}}
	k := &diffWriter{b: b, w: wordsOf(b.Lang), t: t, a: a.arch, z: z.arch}
	for _, step := range d.Steps {
		if step.Fate != analyze.Kept {
			p.Rows = append(p.Rows, k.row(step))
		}
	}
	p.Totals = []view.DiffRow{{Name: t.TotalDifference, Left: i18n.Int(a.tot.Params), Right: i18n.Int(z.tot.Params), Effect: k.effect(d.Params, d.MACs, d.Bytes)}}
	return render(w, r, http.StatusOK, view.Diff(p))
}

type diffWriter struct {
	b    view.Page
	w    *words
	t    *toolWords
	a, z *arch.Arch
}

func (k *diffWriter) row(s analyze.Step) view.DiffRow {
	r := view.DiffRow{Effect: k.effect(s.Params, s.MACs, s.Bytes)}
	switch s.Fate {
	case analyze.Inserted:
		r.Name, r.Left, r.Right, r.URL = s.B.Path, "–", k.nodeText(s.B), k.url(k.z, s.B)
	case analyze.Removed:
		r.Name, r.Left, r.Right, r.URL = s.A.Path, k.nodeText(s.A), "–", k.url(k.a, s.A)
	default:
		r.Name, r.URL = s.B.Path, k.url(k.z, s.B)
		if s.A.Path != s.B.Path {
			r.Name = s.A.Path + " → " + s.B.Path
		}
		var left, right []string
		for _, c := range s.Changes {
			name := k.t.DiffFields[c.Field]
			left, right = append(left, name+" "+k.fieldValue(c.Field, c.From)), append(right, name+" "+k.fieldValue(c.Field, c.To))
		}
		r.Left, r.Right = strings.Join(left, ", "), strings.Join(right, ", ")
	}
	return r
}

func (k *diffWriter) fieldValue(field, v string) string {
	if field == "bias" {
		return map[string]string{"true": k.w.With, "false": k.w.Without}[v]
	}
	return v
}

func (k *diffWriter) url(a *arch.Arch, n *nn.Node) string {
	return archState{Model: a.Name, Step: 1, Channel: -1, Y: -1, X: -1, In: -1, Class: -1, Scope: "channel", Order: "strength", Colours: "mako"}.selectNode(n.Path).url(k.b.Lang.Tag())
}

// nodeText is what a layer is, in a few words.
func (k *diffWriter) nodeText(n *nn.Node) string {
	name := k.w.Kinds[n.Op.Kind()]
	if name == "" {
		name = string(n.Op.Kind())
	}
	if w := n.Window(); n.MACs() > 0 && n.Shape.PlaneLen() > 1 {
		name = i18n.Dims(w.KH, w.KW) + " " + name
	}
	return name + ", " + shapeText(n.Shape)
}

func (k *diffWriter) effect(params, macs, bytes int64) []view.Fact {
	var l []view.Fact
	for _, e := range []struct {
		label string
		n     int64
		text  func(int64) string
	}{{k.w.Params, params, i18n.Int}, {k.w.MACs, macs, i18n.SI}} {
		if e.n == 0 {
			continue
		}
		v := e.text(e.n)
		if e.n > 0 {
			v = fmt.Sprintf(k.t.Plus, v)
		}
		l = append(l, view.Fact{Label: e.label, Value: v})
	}
	return l
}
