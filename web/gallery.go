package web

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"stride/web/i18n"
	"stride/web/view"
)

// galleryIndex lists every page and part with made-up contents; only in development.
func (s *Server) galleryIndex(w http.ResponseWriter, r *http.Request) error {
	return render(w, r, http.StatusOK, view.GalleryIndex(view.GalleryPage{Page: s.base(w, r, view.NavNone, "Gallery"), Entries: view.Gallery()}))
}

func (s *Server) galleryEntry(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	look := view.GalleryLook{Theme: view.Theme(q.Get("theme")), Present: q.Get("present") != ""}
	if l, ok := i18n.Parse(q.Get("lang")); ok {
		look.Lang = l
	}
	for _, e := range view.Gallery() {
		if e.Name == chi.URLParam(r, "entry") {
			return render(w, r, http.StatusOK, e.Draw(look))
		}
	}
	return errNotFound
}
