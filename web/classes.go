package web

import (
	"fmt"
	"io/fs"
	"net/http"
	"strings"

	"stride/internal/nn/arch"
	"stride/web/i18n"
	"stride/web/view"
)

// kindsFile says of every class of ImageNet whether it is an animal or an object.
const kindsFile = "labels/imagenet.kinds.txt"

// The kinds of classes in kindsFile.
const (
	kindAnimal = "animal"
	kindObject = "object"
)

// loadKinds reads the kinds, one word per class.
func loadKinds(fsys fs.FS, classes int) ([]string, error) {
	b, err := fs.ReadFile(fsys, kindsFile)
	if err != nil {
		return nil, err
	}
	kinds := strings.Fields(string(b))
	if len(kinds) != classes {
		return nil, fmt.Errorf("%s: %d lines, want %d", kindsFile, len(kinds), classes)
	}
	for i, k := range kinds {
		if k != kindAnimal && k != kindObject {
			return nil, fmt.Errorf("%s:%d: %q is no kind", kindsFile, i+1, k)
		}
	}
	return kinds, nil
}

// animals is how many of the classes are animals.
func (s *Server) animals() (n int) {
	for _, k := range s.kinds {
		if k == kindAnimal {
			n++
		}
	}
	return n
}

// classes is the searchable list of the 1,000 classes of ImageNet.
func (s *Server) classes(w http.ResponseWriter, r *http.Request) error {
	b := s.base(w, r, view.NavNone, "")
	b.Title = b.T().Learn.Classes
	q := r.URL.Query()
	text := q.Get("q")
	if len(text) > 100 {
		return badRequest("q")
	}
	kind, err := choiceParam(q, "kind", "", kindAnimal, kindObject)
	if err != nil {
		return err
	}
	t := wordsOf(b.Lang)
	p := view.ClassesPage{Page: b, Action: b.URL("/classes"), Query: text, Kind: view.Select{Label: t.Kind}}
	for _, k := range []string{"", kindAnimal, kindObject} {
		u := r.URL.Query()
		u.Del("kind")
		if k != "" {
			u.Set("kind", k)
		}
		p.Kind.Options = append(p.Kind.Options, view.Option{Label: t.ClassKinds[k], URL: query(b.URL("/classes"), u), Current: k == kind})
	}
	here, other := s.names[arch.ImageNet][b.Lang], s.names[arch.ImageNet][b.Lang.Other()]
	for i := range here {
		if kind != "" && s.kinds[i] != kind || text != "" && !matches(here[i], text) && !matches(other.Of(i), text) {
			continue
		}
		row := view.ClassRow{Index: fmt.Sprint(i), Label: here[i], Kind: t.ClassKinds[s.kinds[i]]}
		if other.Of(i) != here[i] {
			row.Other, row.OtherLang = other.Of(i), b.Lang.Other().Tag()
		}
		p.Rows = append(p.Rows, row)
	}
	p.Count = fmt.Sprintf(t.Shown, i18n.N(len(p.Rows)), i18n.N(len(here)))
	return render(w, r, http.StatusOK, view.Classes(p))
}
