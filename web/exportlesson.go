package web

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"stride/internal/lessons"
	"stride/internal/nn/arch"
	"stride/internal/viz/export"
	"stride/web/view"
)

// figuresOf are the figures of a lesson in the order of its text, and the step that each stands in.
func figuresOf(l *lessons.Lesson) (figures []lessons.Figure, steps []int) {
	add := func(blocks []lessons.Block, step int) {
		for _, b := range blocks {
			if f, ok := b.(lessons.Figure); ok {
				figures, steps = append(figures, f), append(steps, step)
			}
		}
	}
	add(l.Lead, 1)
	for i, s := range l.Steps {
		add(s.Blocks, i+1)
	}
	return figures, steps
}

// figureFiles are the files of a figure of the lesson.
func (r *reader) figureFiles(f lessons.Figure, kinds []string) []view.Link {
	figures, _ := figuresOf(r.l)
	n := slices.IndexFunc(figures, func(g lessons.Figure) bool { return g.ID == f.ID && slices.Equal(g.Archs, f.Archs) })
	if n < 0 {
		return nil
	}
	return fileLinks("/"+r.lang+"/lesson/"+string(r.l.Kind)+"/"+r.l.Slug+"/figure/"+strconv.Itoa(n+1), nil, kinds)
}

// figurePlate is a figure of a lesson.
func (s *Server) figurePlate(w http.ResponseWriter, r *http.Request) error {
	lang := languageOf(r)
	l := s.library.Book(lang.Tag()).Lesson(lessons.Kind(chi.URLParam(r, "kind")), chi.URLParam(r, "slug"))
	if l == nil {
		return errNotFound
	}
	figures, steps := figuresOf(l)
	n, err := strconv.Atoi(chi.URLParam(r, "n"))
	if err != nil || n < 1 || n > len(figures) {
		return errNotFound
	}
	f := figures[n-1]
	rd := &reader{s: s, w: wordsOf(lang), lang: lang.Tag(), l: l}
	p := &plate{name: l.Slug + "-" + f.ID, frame: export.Frame{Title: l.Title, Caption: plain(f.Caption)}}
	fig, ok := rd.figure(f).(view.Figure)
	switch {
	case !ok:
		return errNotFound
	case fig.Chart != nil:
		p.markup, p.table = chartMarkup(*fig.Chart), chartTable(*fig.Chart)
		p.frame.Title += " · " + fig.Chart.Title
	case fig.Nets != nil:
		p.markup = view.NetsFile(fig.Nets, p.frame.Caption)
	case fig.Grid != nil:
		p.markup, p.table = view.MarksFile(*fig.Grid, p.frame.Caption), gridTable(*fig.Grid)
	default:
		return errNotFound
	}
	for _, name := range f.Archs {
		if a, err := arch.ByName(name); err == nil {
			if text := paperText(lang, a.Paper); !slices.Contains(p.frame.Sources, text) {
				p.frame.Sources = append(p.frame.Sources, text)
			}
		}
	}
	page := "/" + lang.Tag() + "/labs/" + l.Slug
	if l.Kind == lessons.ArchLesson {
		page = archState{Model: l.Arch, Step: steps[n-1], Channel: -1, Y: -1, X: -1, In: -1, Class: -1, Scope: "channel", Order: "strength"}.url(lang.Tag())
	}
	p.frame.Sources = append(p.frame.Sources, madeWith(r, lang, page))
	return s.sendPlate(w, r, p)
}

// gridTable is a table of marks with 1 for a mark.
func gridTable(g view.MarkGrid) [][]string {
	rows := [][]string{append([]string{g.Corner}, g.Columns...)}
	for i, name := range g.Rows {
		row := []string{name}
		for _, on := range g.Marks[i] {
			row = append(row, map[bool]string{true: "1", false: "0"}[on])
		}
		rows = append(rows, row)
	}
	return rows
}

// sourceTexts are the sources of a lesson as lines of text.
func sourceTexts(l *lessons.Lesson) []string {
	var out []string
	for _, s := range l.Sources {
		text := s.Authors + ": " + s.Title + ". " + placeAndYear(s.Venue, fmt.Sprint(s.Year))
		if u := s.URL(); u != "" {
			text += ", " + u
		}
		out = append(out, text)
	}
	return out
}

// plainRich is text without its looks.
func plainRich(r view.Rich) string {
	var b strings.Builder
	for _, s := range r {
		b.WriteString(s.Text)
	}
	return b.String()
}
