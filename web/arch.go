package web

import (
	"net/http"
	"net/url"
	"time"

	"github.com/go-chi/chi/v5"

	"stride/internal/nn"
	"stride/internal/nn/arch"
	"stride/web/view"
)

// patience is Config.Patience where nothing else is asked for. What is missing streams in.
const patience = 150 * time.Millisecond

func isArch(name string) bool {
	_, err := arch.ByName(name)
	return err == nil
}

// arch is the architecture page.
func (s *Server) arch(w http.ResponseWriter, r *http.Request) error {
	name := chi.URLParam(r, "model")
	if f, ok := family(name); ok && !isArch(name) { // a family's short address; alexnet is also a network
		http.Redirect(w, r, query("/"+languageOf(r).Tag()+"/a/"+s.best(f), r.URL.Query()), http.StatusFound)
		return nil
	}
	if isDigits(chi.URLParam(r, "model")) {
		return s.lenet(w, r)
	}
	if r.URL.Query().Has("cut") { // what the form of the surgery says becomes an edit like the others
		st, err := parseArch(chi.URLParam(r, "model"), r.URL.Query())
		if err != nil {
			return err
		}
		http.Redirect(w, r, st.url(languageOf(r).Tag()), http.StatusSeeOther)
		return nil
	}
	t, err := s.open(w, r, s.patienceFor(r))
	if err != nil {
		return err
	}
	n, err := t.selected()
	if err != nil {
		return err
	}
	if to := t.clicked(r.URL.Query(), n); to != "" {
		http.Redirect(w, r, to, http.StatusFound)
		return nil
	}
	p, err := t.newArchPage(w, r, n)
	if err != nil {
		return err
	}
	return render(w, r, http.StatusOK, view.Arch(p))
}

// clicked is the view of the cell under a click on the map, which a browser without scripts sends as pixels of the picture
// (p.x, p.y); "" when there is none.
func (t *trace) clicked(q url.Values, n *nn.Node) string {
	x, errX := intParam(q, "p.x", -1, 0, maxIndex)
	y, errY := intParam(q, "p.y", -1, 0, maxIndex)
	if errX != nil || errY != nil || x < 0 || y < 0 {
		return ""
	}
	return t.url(func(s *archState) {
		s.Y, s.X = min(y*n.Shape.H/view.MapSize, n.Shape.H-1), min(x*n.Shape.W/view.MapSize, n.Shape.W-1)
	})
}

// family finds a family by its name in an address.
func family(name string) (arch.Family, bool) {
	for _, f := range arch.Families {
		if f.Name == name {
			return f, true
		}
	}
	return arch.Family{}, false
}

// best is the architecture of a family that a reader sees first: the one with real weights for photographs, then the
// miniature, then the paper's form.
func (s *Server) best(f arch.Family) string {
	entries := s.cfg.Catalogue.List()
	has := func(name string) bool {
		for _, e := range entries {
			if e.Model == name {
				return true
			}
		}
		return false
	}
	for _, a := range arch.InFamily(f.Name) {
		if a.Labels == arch.ImageNet && has(a.Name) {
			return a.Name
		}
	}
	if has(f.Mini) {
		return f.Mini
	}
	return f.Main
}

// refreshIn is after how many seconds a page without scripts looks again; 0 when its run is over.
func (t *trace) refreshIn() int {
	if t.done || t.failed != nil {
		return 0
	}
	return 1
}

// base is what every page of a network carries: its header shows the picture that the network runs on.
func (t *trace) base(w http.ResponseWriter, r *http.Request, nav view.Nav, title string) view.Page {
	p := t.s.base(w, r, nav, title)
	p.Image = view.ImageChip{Name: t.s.pictureName(t.picture, t.lang), ThumbURL: t.s.pictureURL(t.picture, 96), Pixels: t.model.Arch.Labels == arch.Digits}
	return p
}

func (t *trace) newArchPage(w http.ResponseWriter, r *http.Request, n *nn.Node) (view.ArchPage, error) {
	ctx := r.Context()
	p := view.ArchPage{Page: t.base(w, r, view.NavArchitectures, t.model.Arch.Title), Tab: view.Tab(t.st.Tab)}
	p.PresentURL = query(p.URL("/a/"+t.st.Model+"/present"), t.st.values())
	for i := range p.TabURLs {
		p.TabURLs[i] = t.url(func(s *archState) { s.Tab = i })
	}
	p.RefreshIn = t.refreshIn()
	p.Bar = t.newArchBar(r)
	p.Overview = t.newOverview(n)
	p.Block = t.newBlock(n)
	p.List = t.newList(n)
	p.Result = t.newResult()
	t.addCAM(&p, n)
	p.Charts = t.newCharts(ctx, n)
	var err error
	if p.Inspector, err = t.newInspector(ctx, n); err != nil {
		return p, err
	}
	p.Lesson = t.newLesson(n)
	p.Surgery = t.newSurgery(ctx, n)
	p.Refs = []view.RefRow{paperRow(t.model.Arch.Paper)}
	return p, nil
}
