package web

import (
	"net/http"
	"net/url"
	"strconv"

	"stride/internal/nn/arch"
	"stride/web/i18n"
	"stride/web/view"
)

// base fills what every page carries.
func (s *Server) base(w http.ResponseWriter, r *http.Request, nav view.Nav, title string) view.Page {
	l := languageOf(r)
	http.SetCookie(w, &http.Cookie{Name: langCookie, Value: l.Tag(), Path: "/", SameSite: http.SameSiteLaxMode, MaxAge: 365 * 24 * 3600})
	here := r.URL.RequestURI()
	return view.Page{Lang: l, Title: title, Nav: nav, Theme: themeOf(r), Present: r.URL.Query().Get("present") != "", Path: here,
		English: inLanguage(r, i18n.English), Korean: inLanguage(r, i18n.Korean), Image: s.chip(r, l), Development: s.cfg.Development}
}

// inLanguage is the address of the same page in a language.
func inLanguage(r *http.Request, l i18n.Lang) string {
	u := url.URL{Path: r.URL.Path, RawQuery: r.URL.RawQuery}
	if len(u.Path) >= 3 && (u.Path[:3] == "/en" || u.Path[:3] == "/ko") {
		u.Path = "/" + l.Tag() + u.Path[3:]
	} else {
		u.Path, u.RawQuery = "/"+l.Tag()+"/", ""
	}
	return u.RequestURI()
}

// current is the picture of a page: the sample that the address names, or the visitor's own choice, or a sample of the
// kind that the network knows.
func (s *Server) current(r *http.Request, labels arch.Labels) picture {
	if m := s.samples.byName[r.URL.Query().Get("img")]; m != nil {
		return picture{Sample: m.Name}
	}
	if d := r.URL.Query().Get("d"); d != "" && labels == arch.Digits {
		if name, _, err := s.drawings.read(d); err == nil {
			return picture{Drawing: name}
		}
	}
	if v, ok := s.sessions.of(r); ok && s.stored(r, v.picture) && fits(s, v.picture, labels) {
		return v.picture
	}
	return picture{Sample: s.samples.of(kindFor(labels))[0].Name}
}

// chosen is the picture that the visitor chose for networks of photos and drawings; the zero value where each network begins
// with its own kind.
func (s *Server) chosen(r *http.Request) picture {
	if v, ok := s.sessions.of(r); ok && s.stored(r, v.picture) && fits(s, v.picture, arch.ImageNet) {
		return v.picture
	}
	return picture{}
}

// stored reports whether a chosen picture is there: uploads are kept for a while only.
func (s *Server) stored(r *http.Request, p picture) bool {
	if !p.uploaded() {
		return p.Sample != ""
	}
	_, err := s.cfg.Store.Stat(r.Context(), p.ID)
	return err == nil
}

// kindFor is the kind of sample that a network was trained on.
func kindFor(labels arch.Labels) string {
	switch labels {
	case arch.Digits:
		return "digit"
	case arch.Drawings:
		return "drawing"
	}
	return "photo"
}

// fits reports whether a picture is shown to a network unasked: digits belong to the digit networks and to nobody else.
func fits(s *Server, p picture, labels arch.Labels) bool {
	digit := p.Drawing != ""
	if m := s.samples.byName[p.Sample]; m != nil {
		digit = m.Kind == "digit"
	}
	return digit == (labels == arch.Digits)
}

// chip is the current picture in the header.
func (s *Server) chip(r *http.Request, l i18n.Lang) view.ImageChip {
	p := s.current(r, arch.ImageNet)
	return view.ImageChip{Name: s.pictureName(p, l), ThumbURL: s.pictureURL(p, 96)}
}

// pictureName is what a picture is called.
func (s *Server) pictureName(p picture, l i18n.Lang) string {
	m := s.samples.byName[p.Sample]
	switch {
	case p.Drawing != "":
		return wordsOf(l).YourDrawing
	case m == nil:
		return wordsOf(l).YourPicture
	case l == i18n.Korean:
		return m.KO
	}
	return m.EN
}

// pictureURL is the address of a picture, square with the given side, or whole with 0.
func (s *Server) pictureURL(p picture, square int) string {
	u := "/i/" + p.key() + ".jpg"
	if square > 0 {
		u += "?square=" + strconv.Itoa(square)
	}
	return u
}
