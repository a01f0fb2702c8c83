package web

import (
	"fmt"
	"net/http"

	"stride/internal/lessons"
	"stride/internal/nn/arch"
	"stride/web/i18n"
	"stride/web/view"
)

// learn is the glossary, the references and the keyboard.
func (s *Server) learn(w http.ResponseWriter, r *http.Request) error {
	b := s.base(w, r, view.NavNone, "")
	t := b.T()
	b.Title = t.Learn.Title
	book := s.library.Book(b.Lang.Tag())
	p := view.LearnPage{Page: b, Refs: s.refRows()}
	rd := &reader{s: s, w: wordsOf(b.Lang), lang: b.Lang.Tag(), l: &lessons.Lesson{}}
	for _, term := range book.Glossary {
		p.Terms = append(p.Terms, rd.term(term))
	}
	p.Lessons = s.lessonCards(b)
	k := t.Keys
	p.KeyLists = []view.KeyList{
		{Title: k.General, Rows: []view.KeyRow{{Keys: []string{"?"}, Does: k.Help}, {Keys: []string{"←", "→"}, Does: k.Layers}, {Keys: []string{"↑", "↓"}, Does: k.Channels}, {Keys: []string{"Enter", "Esc"}, Does: k.ZoomInOut},
			{Keys: []string{"[", "]"}, Does: k.Steps}, {Keys: []string{"1–5"}, Does: k.Stage}, {Keys: []string{"G"}, Does: k.GradCAM}, {Keys: []string{"C"}, Does: k.Colour}, {Keys: []string{"N"}, Does: k.Scale}, {Keys: []string{"S"}, Does: k.Sort},
			{Keys: []string{"/"}, Does: k.Find}, {Keys: []string{"P"}, Does: k.Present}, {Keys: []string{"D"}, Does: k.Theme}, {Keys: []string{"L"}, Does: k.Language}}},
		{Title: k.InMap, Rows: []view.KeyRow{{Keys: []string{"←", "→", "↑", "↓"}, Does: k.Pixel}}},
		{Title: k.Calculator, Rows: []view.KeyRow{{Keys: []string{"Alt", "↑", "↓"}, Does: k.MoveRow}, {Keys: []string{"Del"}, Does: k.DeleteRow}}},
	}
	return render(w, r, http.StatusOK, view.Learn(p))
}

// refRows are all papers that lessons cite.
func (s *Server) refRows() []view.RefRow {
	var l []view.RefRow
	for _, x := range s.library.References {
		l = append(l, view.RefRow{ID: x.ID, Authors: x.Authors, Title: x.Title, Where: x.Venue, Year: fmt.Sprint(x.Year), URL: x.URL()})
	}
	return l
}

// limits lists what this server accepts.
func (s *Server) limits(w http.ResponseWriter, r *http.Request) error {
	b := s.base(w, r, view.NavNone, "")
	t := wordsOf(b.Lang)
	b.Title = b.T().Chrome.Limits
	l, e := s.cfg.Limits, s.engine.Config()
	mb := func(n int64) string { return i18n.Bytes(n) }
	p := view.LimitsPage{Page: b, Groups: []view.LimitGroup{
		{Title: t.LimitPictures, Rows: []view.Fact{{Label: t.LimitFile, Value: mb(l.Bytes)}, {Label: t.LimitPixels, Value: i18n.Int(l.Pixels)}, {Label: t.LimitSide, Value: i18n.Int(int64(l.Side))}, {Label: t.LimitScans, Value: i18n.Int(int64(l.Scans))}, {Label: t.LimitTime, Value: l.Time.String()}}},
		{Title: t.LimitRuns, Rows: []view.Fact{{Label: t.LimitSession, Value: fmt.Sprintf("%d + %d", e.SessionRunning, e.SessionWaiting)}, {Label: t.LimitQueue, Value: i18n.Int(int64(e.MaxQueue))}, {Label: t.LimitRunTime, Value: e.RunTimeout.String()}, {Label: t.LimitMACs, Value: i18n.SI(e.MaxMACs)}}},
	}}
	return render(w, r, http.StatusOK, view.Limits(p))
}

// labCards are the labs that exist.
func (s *Server) labCards(b view.Page) []view.LabCard {
	var l []view.LabCard
	for _, x := range s.library.Book(b.Lang.Tag()).Of(lessons.LabLesson) {
		l = append(l, view.LabCard{Slug: x.Slug, Title: x.Title, Text: x.Summary, URL: b.URL("/labs/" + x.Slug)})
	}
	return l
}

// labs lists the labs, and the lessons that stand beside architectures.
func (s *Server) labs(w http.ResponseWriter, r *http.Request) error {
	b := s.base(w, r, view.NavLabs, "")
	b.Title = b.T().Lab.Title
	p := view.LabsPage{Page: b, Labs: s.labCards(b)}
	p.Lessons = s.lessonCards(b)
	return render(w, r, http.StatusOK, view.Labs(p))
}

// lessonCards are the lessons that stand beside architectures.
func (s *Server) lessonCards(b view.Page) []view.LabCard {
	var l []view.LabCard
	for _, x := range s.library.Book(b.Lang.Tag()).Of(lessons.ArchLesson) {
		for _, f := range arch.Families {
			if lessonSlug(f.Name) == x.Slug {
				l = append(l, view.LabCard{Slug: f.Name, Title: x.Title, Text: x.Summary, URL: b.URL("/a/" + s.best(f))})
			}
		}
	}
	return l
}
