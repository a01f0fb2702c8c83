package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5"

	"stride/internal/engine"
	"stride/internal/nn"
	"stride/internal/nn/analyze"
	"stride/internal/nn/arch"
	"stride/internal/nn/model"
	"stride/internal/nn/tensor"
	"stride/internal/nn/weights"
	"stride/web/i18n"
	"stride/web/view"
)

// patience is Config.Patience where nothing else is asked for. What is missing streams in.
const patience = 150 * time.Millisecond

// glance is how long a part of the page is waited for that a script asks for during a run: enough to hear where the run is.
const glance = 5 * time.Millisecond

// patienceFor is the patience that a request asks for: scripts do not wait (RFC 7240).
func (s *Server) patienceFor(r *http.Request) time.Duration {
	if prefers(r, "wait=0") {
		return glance
	}
	return s.cfg.Patience
}

// trace is a network on a picture, as far as it is computed: what the parts of an architecture page are made from.
type trace struct {
	s       *Server
	lang    i18n.Lang
	w       *words
	st      archState
	model   *model.Model
	summary *analyze.Summary
	picture picture
	job     engine.Job
	run     string // address of the run
	rec     *engine.Recording
	reached map[int]engine.NodeEvent
	result  engine.Result
	before  engine.Result // the answer without edits, where it is there and the page has edits
	done    bool
	failed  error
	queued  engine.Event
	// late says that the page has no stream: pictures that are not there yet come when they are computed.
	late bool
}

// open starts or joins the run of a page.
func (s *Server) open(w http.ResponseWriter, r *http.Request, wait time.Duration) (*trace, error) {
	st, err := parseArch(chi.URLParam(r, "model"), r.URL.Query())
	if err != nil {
		return nil, err
	}
	t := &trace{s: s, lang: languageOf(r), st: st}
	t.w = wordsOf(t.lang)
	if err := t.load(); err != nil {
		return nil, err
	}
	t.picture = s.current(r, t.model.Arch.Labels)
	t.job, err = s.local.Resolve(engine.Job{Image: t.picture.ref(), Model: st.Model, Weights: t.model.Provenance.ID, Options: engine.Options{Height: st.Size, Width: st.Size, Edits: st.Edits}})
	if err != nil {
		return nil, err
	}
	v := s.sessions.open(w, r)
	if len(st.Edits) > 0 { // first, because the edited run computes only what the edits change
		if err := t.unedited(r.Context(), v.id, wait); err != nil {
			return nil, err
		}
	}
	stream, err := s.engine.Submit(r.Context(), v.id, t.job)
	if err != nil {
		return nil, err
	}
	defer stream.Close()
	t.follow(r.Context(), stream, wait)
	t.job = stream.Recording().Job
	t.run = "/r/" + s.runs.address(t.job)
	return t, nil
}

// unedited runs the job without its edits, for the answer before them.
func (t *trace) unedited(ctx context.Context, session string, wait time.Duration) error {
	job := t.job
	job.Options.Edits = nil
	stream, err := t.s.engine.Submit(ctx, session, job)
	if err != nil {
		return err
	}
	defer stream.Close()
	await(ctx, stream, wait)
	t.before, _ = stream.Recording().Result()
	return nil
}

// load finds the model, its graph and its numbers.
func (t *trace) load() error {
	a, err := arch.ByName(t.st.Model)
	if err != nil {
		return errNotFound
	}
	in := tensor.Shape{}
	if t.st.Size > 0 {
		in = tensor.CHW(a.Input.C, t.st.Size, t.st.Size)
		if _, err := a.GraphAt(in); err != nil {
			e := badSize(t.st.Size)
			e.Err = err
			return e
		}
	}
	if t.model, err = t.s.cfg.Catalogue.LoadAt(t.st.Model, t.st.Weights, in); err != nil {
		return &Error{Status: http.StatusNotFound, Code: "weights_missing", Arg: a.Title, Err: err}
	}
	t.summary = analyze.Summarize(t.model.Graph)
	return nil
}

// follow takes what the run has so far.
func (t *trace) follow(ctx context.Context, stream *engine.Stream, wait time.Duration) {
	last := await(ctx, stream, wait)
	t.rec = stream.Recording()
	t.reached = map[int]engine.NodeEvent{}
	for _, e := range t.rec.Events() {
		t.reached[e.Node] = e
	}
	switch last.Kind {
	case engine.Failed:
		t.failed = last.Err
	case engine.Queued:
		t.queued = last
	}
	t.result, t.done = t.rec.Result()
}

// has reports whether the output of a node is there to be shown. While the run goes on, that is what it keeps: anything else
// would have to wait for a thread of the run itself.
func (t *trace) has(n *nn.Node) bool {
	e, ok := t.reached[n.ID]
	return ok && (e.Kept || t.done)
}

// out is the output of a node that is there; nil when it is not, or cannot be computed again.
func (t *trace) out(ctx context.Context, n *nn.Node) *tensor.Tensor {
	if !t.has(n) {
		return nil
	}
	if !t.done {
		return t.rec.Peek(n.Path)
	}
	x, err := t.rec.At(ctx, n.Path)
	if err != nil {
		return nil
	}
	return x
}

// url is the address of a changed view of the page.
func (t *trace) url(f func(*archState)) string { return t.st.with(f).url(t.lang.Tag()) }

// nodeURL is the address of the page with a node selected.
func (t *trace) nodeURL(n *nn.Node) string { return t.st.selectNode(n.Path).url(t.lang.Tag()) }

// selected is the node that the address names, or the one that the lesson's step speaks of, or the first one with weights.
func (t *trace) selected() (*nn.Node, error) {
	g := t.model.Graph
	if t.st.Layer == "" {
		t.st = t.atStep(t.st)
	}
	if t.st.Layer != "" {
		n := g.Node(t.st.Layer)
		if n == nil || n.Aux {
			return nil, &Error{Status: http.StatusNotFound, Code: "no_layer", Arg: t.st.Layer}
		}
		return n, nil
	}
	for _, n := range g.Nodes {
		if n.MACs() > 0 {
			return n, nil
		}
	}
	return g.Output, nil
}

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

// newArchBar is the line with the network's name, variants and totals.
func (t *trace) newArchBar(r *http.Request) view.ArchBar {
	a, tot := t.model.Arch, t.summary.Totals
	b := view.ArchBar{Name: a.Title, Weights: t.badge(), Links: []view.Link{
		{Label: t.w.AsTable, URL: "/" + t.lang.Tag() + "/a/" + a.Name + "/layers"},
		{Label: t.w.Handout, URL: query("/"+t.lang.Tag()+"/a/"+a.Name+"/print", t.st.values())},
	}}
	if paper, usual := forms(a); paper != "" {
		b.Links = append(b.Links, view.Link{Label: t.w.PaperAgainst, URL: "/" + t.lang.Tag() + "/compare/" + paper + "/" + usual})
	}
	for _, v := range arch.InFamily(a.Family) {
		if v.Labels == arch.CIFAR10 && a.Labels != arch.CIFAR10 {
			continue // ten more nets of one idea; the lesson leads to them
		}
		o := view.Option{Label: v.Short, Long: v.Title, URL: t.variantURL(v), Current: v.Name == a.Name}
		if o.Label == "" {
			o.Label, o.Long = v.Title, ""
		}
		b.Variants = append(b.Variants, o)
	}
	c := i18n.For(t.lang).Common
	b.Facts = []view.Fact{
		{Label: c.Params, Value: i18n.Int(tot.Params), Note: t.auxNote()},
		{Label: c.MACs, Value: i18n.SI(tot.MACs), Formula: i18n.Int(tot.MACs)},
		{Label: c.Depth, Value: i18n.Int(int64(tot.Depth))},
	}
	if top := topOnes[a.Name]; top > 0 {
		b.Facts = append(b.Facts, view.Fact{Label: c.Top1, Value: i18n.Fixed(top, 1) + "%"})
	}
	b.ShareURL = t.picture.shared(absolute(r))
	b.Note = t.formNote()
	b.Notice = t.sizeNotice()
	return b
}

// forms are the names of a network as its paper has it and as its public weights do; empty where there are not both.
func forms(a *arch.Arch) (paper, usual string) {
	for _, v := range arch.InFamily(a.Family) {
		for _, suffix := range []string{"_paper", "_v1"} {
			switch {
			case v.Name == a.Name+suffix:
				return v.Name, a.Name
			case a.Name == v.Name+suffix:
				return a.Name, v.Name
			}
		}
	}
	return "", ""
}

// auxNote counts the parameters of auxiliary classifiers, which are thrown away after training.
func (t *trace) auxNote() string {
	if t.summary.Totals.AuxParams == 0 {
		return ""
	}
	return fmt.Sprintf(t.w.WithAux, i18n.Int(t.summary.Totals.ParamsWithAux()))
}

// variantURL keeps what still makes sense on another network: the picture, the lesson with its answers, how maps are drawn, and
// the layer, which becomes the one that does the same there.
func (t *trace) variantURL(a arch.Arch) string {
	st := archState{Model: a.Name, Sample: t.st.Sample, Step: 1, Channel: -1, Y: -1, X: -1, In: -1, Class: -1, Colours: t.st.Colours, Scope: t.st.Scope, Order: t.st.Order, Zoom: t.st.Zoom, Tab: t.st.Tab}
	if a.Family == t.model.Arch.Family {
		st.Step, st.Answers = t.st.Step, t.st.Answers
	}
	n := t.model.Graph.Node(t.st.Layer)
	if g, err := a.Graph(); err == nil && n != nil {
		if m := outlineOf(t.model.Graph).Nearest(outlineOf(g), n); m != nil && !m.Aux {
			st.Layer = m.Path
		}
	}
	return st.url(t.lang.Tag())
}

// formNote says in one line how this form differs from the paper's. A miniature offers larger maps to look at.
func (t *trace) formNote() view.Rich {
	if s := t.w.FormNotes[t.model.Arch.Name]; s != "" {
		return view.T(s)
	}
	note := view.T(t.w.Forms[t.model.Arch.Form])
	if side := t.lookingSize(); side > 0 && t.st.Size != side {
		note = append(note, view.T(" "+t.w.LargerMaps+" ")...)
		note = append(note, view.Span{Kind: view.SpanLink, Inner: view.T(i18n.Dims(side, side)), URL: t.url(func(s *archState) { s.Size, s.Y, s.X = side, -1, -1 })})
	}
	return note
}

// lookingSize is the input that a miniature offers for looking: twice its own, where maps are easier to read. Things are then
// twice as large as those that it learnt from, so that its answer is no better. 0 where the network does not accept it.
func (t *trace) lookingSize() int {
	a := t.model.Arch
	if a.Form != arch.AsMiniature {
		return 0
	}
	side := 2 * a.Input.H
	if _, err := a.GraphAt(tensor.CHW(a.Input.C, side, side)); err != nil || side > engine.MaxSize {
		return 0
	}
	return side
}

// tooLong is how long a run may take before the page says so.
const tooLong = 3 * time.Second

// slow is how long the run takes where that is worth saying; 0 where it is not.
func (t *trace) slow() time.Duration {
	if t.done || t.failed != nil {
		return 0
	}
	if d := t.s.engine.Estimate(t.summary.Totals.MACs); d > tooLong {
		return d
	}
	return 0
}

// sizeNotice offers a smaller input to a network that takes long, and the full one where the smaller was chosen.
func (t *trace) sizeNotice() *view.Notice {
	a, i := t.model.Arch, i18n.For(t.lang).States
	resize := func(label string, side, to int) view.Action {
		return view.Action{Label: fmt.Sprintf(label, fmt.Sprintf("%d×%d", side, side)), URL: t.url(func(s *archState) { s.Size, s.Y, s.X = to, -1, -1 })}
	}
	if s := t.st.Size; s > 0 && s != a.Input.H {
		return &view.Notice{Tone: view.ToneNone, Text: fmt.Sprintf(t.w.OtherSize, s, s, a.Input.H, a.Input.W), Actions: []view.Action{resize(i.RunFull, a.Input.H, 0)}}
	}
	d := t.slow()
	if d == 0 {
		return nil
	}
	n := &view.Notice{Tone: view.ToneNone, Text: fmt.Sprintf(i.Slow, a.Title, strconv.Itoa(int(d.Seconds()+0.5)))}
	small := (a.Input.H/2 + engine.SizeStep - 1) / engine.SizeStep * engine.SizeStep
	if _, err := a.GraphAt(tensor.CHW(a.Input.C, small, small)); err == nil {
		n.Actions = []view.Action{resize(i.QuickLook, small, small)}
	}
	return n
}

// badge says which weights these are.
func (t *trace) badge() view.Badge { return weightsBadge(t.w, t.model.Arch, t.model.Provenance) }

func weightsBadge(w *words, a *arch.Arch, p weights.Provenance) view.Badge {
	if p.Status == weights.Untrained {
		return view.Badge{Tone: view.ToneWarn, Text: fmt.Sprintf(w.UntrainedBadge, p.Seed), Title: w.UntrainedLong}
	}
	return view.Badge{Tone: view.ToneOK, Text: w.Trained[a.Labels], Title: p.TrainedOn + ". " + p.Source}
}

// absolute is the full address of the page that was asked for.
func absolute(r *http.Request) string {
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	return scheme + "://" + r.Host + r.URL.RequestURI()
}

func paperRow(p arch.Paper) view.RefRow {
	row := view.RefRow{ID: fmt.Sprintf("ref-%d", p.Year), Authors: p.Authors, Title: p.Title, Where: p.Venue, Year: fmt.Sprint(p.Year)}
	switch {
	case p.ArXiv != "":
		row.URL = "https://arxiv.org/abs/" + p.ArXiv
	case p.DOI != "":
		row.URL = "https://doi.org/" + p.DOI
	}
	return row
}
