package web

import (
	"fmt"
	"net/http"

	"stride/internal/nn/arch"
	"stride/internal/nn/model"
	"stride/internal/nn/weights"
	"stride/web/i18n"
	"stride/web/view"
)

// models is the page of networks and their weights.
func (s *Server) models(w http.ResponseWriter, r *http.Request) error {
	b := s.base(w, r, view.NavModels, "")
	b.Title = b.T().Models.Title
	p := view.ModelsPage{Page: b, Stored: wordsOf(b.Lang).WeightsKept}
	entries := s.cfg.Catalogue.List()
	var untrained []view.ModelRow // below those that know something
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
			card, err := s.cfg.Catalogue.Card(e)
			if err != nil {
				return err
			}
			p.Rows = append(p.Rows, modelRow(b, a, pr, card))
		}
		if !any {
			untrained = append(untrained, modelRow(b, a, weights.UntrainedProvenance(1), nil))
		}
	}
	p.Rows = append(p.Rows, untrained...)
	return render(w, r, http.StatusOK, view.Models(p))
}

func modelRow(b view.Page, a arch.Arch, pr weights.Provenance, card *model.Card) view.ModelRow {
	row := view.ModelRow{ID: a.Name + "-" + pr.ID, Name: a.Title, URL: b.URL("/a/" + a.Name), Badge: weightsBadge(wordsOf(b.Lang), &a, pr), Silhouette: silhouetteOf(a), TrainedOn: pr.TrainedOn, Title: pr.Source}
	t, w := b.T(), wordsOf(b.Lang)
	row.Actions = []view.Action{{Label: t.Common.Open, URL: row.URL}}
	if pr.Status == weights.Untrained {
		row.Status = t.Models.UntrainedText
		if _, sum, err := summaryOf(a.Name); err == nil {
			row.Size = i18n.Bytes(4 * sum.Totals.Params)
		}
		return row
	}
	row.Size = i18n.Bytes(pr.Bytes)
	row.Facts = []view.Fact{{Label: t.Models.Source, Value: pr.Source}, {Label: t.Models.Licence, Value: pr.Licence}, {Label: t.Models.Digest, Value: pr.SHA256}}
	if card != nil {
		row.TrainedOn = fmt.Sprintf(w.TrainedPictures, i18n.Int(int64(card.Examples)))
		row.Facts = append(row.Facts, cardFacts(w, b.Lang, card)...)
	}
	return row
}

// cardFacts are the numbers of a model card: how it was trained, what it gets right, what it cannot do.
func cardFacts(w *words, l i18n.Lang, c *model.Card) []view.Fact {
	f := []view.Fact{{Label: w.CardCommand, Value: c.Command}, {Label: w.CardExamples, Value: i18n.Int(int64(c.Examples))}, {Label: w.CardTime, Value: fmt.Sprintf("%.0f s", c.Seconds)}}
	for _, s := range c.Splits {
		f = append(f, view.Fact{Label: s.Name, Value: i18n.Percent(s.Top1, 1), Note: fmt.Sprintf(w.CardSplit, i18n.Percent(s.Top3, 1), i18n.Int(int64(s.N)))})
	}
	if c.NotSure > 0 {
		f = append(f, view.Fact{Label: w.CardNotSure, Value: i18n.Percent(c.NotSure, 0), Note: fmt.Sprintf(w.CardSure, i18n.Percent(c.SureRight, 1), i18n.Percent(c.SureShare, 1))})
	}
	for _, s := range c.Limits[l.Tag()] {
		f = append(f, view.Fact{Label: w.CardLimit, Value: s})
	}
	return f
}
