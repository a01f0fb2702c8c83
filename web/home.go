package web

import (
	"fmt"
	"net/http"

	"stride/internal/nn/arch"
	"stride/web/i18n"
	"stride/web/view"
)

// home is the family page.
func (s *Server) home(w http.ResponseWriter, r *http.Request) error {
	p, err := s.newHomePage(w, r)
	if err != nil {
		return err
	}
	return render(w, r, http.StatusOK, view.Home(p))
}

func (s *Server) newHomePage(w http.ResponseWriter, r *http.Request) (view.HomePage, error) {
	b := s.base(w, r, view.NavFamily, "")
	open := s.flowModel(r)
	a, err := arch.ByName(open)
	if err != nil {
		return view.HomePage{}, errNotFound
	}
	p := view.HomePage{Page: b, StartURL: b.URL("/a/lenet5"), OpenURL: b.URL("/a/" + open), OpenName: a.Title, CalculatorURL: b.URL("/calc"), ClassifyURL: b.URL("/a/" + open), TransferURL: b.URL("/labs"), Labs: append(s.labCards(b), s.lessonCards(b)...), Refs: s.refRows()}
	p.Flow, err = s.newFlow(w, r, &p.Page, a)
	if err != nil {
		return p, err
	}
	p.RefreshIn = refreshOf(p.Flow.Stream)
	if p.Family, err = s.newFamilyTable(b); err != nil {
		return p, err
	}
	t := wordsOf(b.Lang)
	p.Facts = []view.BigFact{{Value: t.TrainImages, Label: t.TrainImagesLabel}, {Value: i18n.Int(50000), Label: t.ValImagesLabel}, {Value: i18n.Int(int64(len(s.names[arch.ImageNet][i18n.English]))), Label: fmt.Sprintf(t.ClassesLabel, s.animals()), Link: &view.Link{Label: t.Browse, URL: b.URL("/classes")}}}
	return p, nil
}

// refreshOf reloads a page without JavaScript while its run goes on.
func refreshOf(s view.Stream) int {
	if s.EventsURL == "" {
		return 0
	}
	return 2
}
