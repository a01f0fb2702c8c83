package web

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"stride/internal/lessons"
	"stride/internal/viz/export"
	"stride/web/view"
)

// drawnLab is a lab whose pictures and tables can be saved.
type drawnLab interface {
	// plate draws what the page calls by a name, without sources; nil when there is none.
	plate(p *labPlace, picture string) (*plate, error)
}

// labFiles are the files of a picture of a lab.
func labFiles(b view.Page, l lab, st labState, picture string, kinds []string) []view.Link {
	return fileLinks(b.URL("/labs/"+l.slug+"/picture/"+picture), st.values(), kinds)
}

// labPlate is a picture of a lab.
func (s *Server) labPlate(l lab) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		st, err := l.open(r.URL.Query())
		if err != nil {
			return err
		}
		lang := languageOf(r)
		var p *plate
		if d, ok := st.(drawnLab); ok {
			at := &labPlace{Page: view.Page{Lang: lang}, reader: &reader{s: s, w: wordsOf(lang), lang: lang.Tag()}, ctx: r.Context(), open: s.labRuns(w, r)}
			if p, err = d.plate(at, chi.URLParam(r, "picture")); err != nil {
				return err
			}
		}
		if p == nil {
			return errNotFound
		}
		text := s.library.Book(lang.Tag()).Lesson(lessons.LabLesson, l.slug)
		if p.frame.Title == "" {
			p.frame.Title = text.Title
		}
		p.frame.Sources = append(sourceTexts(text), madeWith(r, lang, query("/"+lang.Tag()+"/labs/"+l.slug, st.values())))
		return s.sendPlate(w, r, p)
	}
}

// offerLab puts the files of a lab on its page.
func offerLab(b view.Page, l lab, st labState, p *view.LabPage) {
	if _, ok := st.(drawnLab); !ok {
		return
	}
	p.Bench.Files = labFiles(b, l, st, "bench", pictureKinds)
	for i := range p.Sections {
		sec := &p.Sections[i]
		switch {
		case sec.ID == "ladder-table":
			sec.Files = labFiles(b, l, st, sec.ID, []string{"csv"})
		case sec.Chart != nil:
			sec.Chart.Files = labFiles(b, l, st, sec.ID, chartKinds)
		}
	}
}

// plate is the volumes of both ways, the chart of the break-even, or every form in exact numbers.
func (st bottleneckState) plate(p *labPlace, picture string) (*plate, error) {
	s, w := p.s, p.w
	name := "bottleneck-" + strconv.Itoa(st.In) + "-" + strconv.Itoa(st.Mid) + "-" + strconv.Itoa(st.Out)
	switch picture {
	case "bench":
		stage := bottleneckStage(w, st)
		var says []string
		for _, p := range stage.Paths {
			says = append(says, p.Title+": "+plainRich(p.Formula)+" = "+p.Value+" "+p.Unit+".")
		}
		return &plate{name: name, markup: view.VolumesFile(stage, picture), frame: export.Frame{Caption: strings.Join(append(says, stage.Note, stage.Meta, stage.Scale), " ")}}, nil
	case "breakeven":
		c, ok := breakEvenChart(s, w, st)
		if !ok {
			return nil, nil
		}
		return &plate{name: name + "-break-even", markup: chartMarkup(c), table: chartTable(c), frame: export.Frame{Title: w.BreakEven, Caption: strings.TrimSuffix(c.Label, ".") + "."}}, nil
	case "real-error", "real-maps":
		return st.realPlate(p, picture)
	case "ladder-table":
		return &plate{name: name + "-forms", table: st.forms(w)}, nil
	}
	return nil, nil
}

// forms is the ladder in exact numbers under the page's names.
func (st bottleneckState) forms(w *words) [][]string {
	t, c := ladder(w, st), st.contract()
	rows := [][]string{t.Head}
	for i, f := range c.Ladder(st.Mid) {
		rows = append(rows, []string{t.Rows[i].Name, plainRich(t.Rows[i].Terms), fmt.Sprint(f.Params), fmt.Sprintf("%.4f", float64(f.Params)/float64(c.Direct().Params)), fmt.Sprint(f.MACs), fmt.Sprint(f.MapValues)})
	}
	return rows
}
