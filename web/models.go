package web

import (
	"net/http"

	"stride/internal/nn/arch"
	"stride/internal/nn/weights"
	"stride/web/i18n"
	"stride/web/view"
)

// models is the page of networks and their weights.
func (s *Server) models(w http.ResponseWriter, r *http.Request) error {
	b := s.base(w, r, view.NavModels, "")
	b.Title = b.T().Models.Title
	p := view.ModelsPage{Page: b}
	entries := s.cfg.Catalogue.List()
	for _, a := range arch.All() {
		any := false
		for _, e := range entries {
			if e.Model != a.Name {
				continue
			}
			any = true
			pr, err := s.cfg.Catalogue.Provenance(e)
			if err != nil {
				return err
			}
			p.Rows = append(p.Rows, modelRow(b, a, pr))
		}
		if !any {
			p.Rows = append(p.Rows, modelRow(b, a, weights.UntrainedProvenance(1)))
		}
	}
	return render(w, r, http.StatusOK, view.Models(p))
}

func modelRow(b view.Page, a arch.Arch, pr weights.Provenance) view.ModelRow {
	row := view.ModelRow{ID: a.Name + "-" + pr.ID, Name: a.Title, URL: b.URL("/a/" + a.Name), Badge: weightsBadge(wordsOf(b.Lang), pr), Silhouette: silhouetteOf(a), TrainedOn: pr.TrainedOn, Title: pr.Source}
	if pr.Status == weights.Untrained {
		return row
	}
	t := b.T()
	row.Size = i18n.Bytes(pr.Bytes)
	row.Facts = []view.Fact{{Label: t.Models.Source, Value: pr.Source}, {Label: t.Models.Licence, Value: pr.Licence}, {Label: t.Models.Digest, Value: pr.SHA256}}
	return row
}
