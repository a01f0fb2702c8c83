package web

import (
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"strings"
	"sync"
	"time"

	"golang.org/x/text/language"

	"stride/web/i18n"
	"stride/web/view"
)

const (
	sessionCookie = "stride"
	themeCookie   = "theme"
	langCookie    = "lang"
	sessionTTL    = 12 * time.Hour
	maxSessions   = 20000
)

// session is what the server remembers of a visitor: the current picture.
type session struct {
	id      string
	picture picture
	seen    time.Time
}

// sessions are all visitors. A session that is not seen for sessionTTL is forgotten.
type sessions struct {
	mu   sync.Mutex
	byID map[string]*session
}

func newSessions() *sessions { return &sessions{byID: map[string]*session{}} }

// of finds the visitor's session without making one.
func (s *sessions) of(r *http.Request) (session, bool) {
	c, err := r.Cookie(sessionCookie)
	if err != nil {
		return session{}, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	v := s.byID[c.Value]
	if v == nil || time.Since(v.seen) > sessionTTL {
		return session{}, false
	}
	v.seen = time.Now()
	return *v, true
}

// open finds the visitor's session or makes one and sets its cookie.
func (s *sessions) open(w http.ResponseWriter, r *http.Request) session {
	if v, ok := s.of(r); ok {
		return v
	}
	b := make([]byte, 16)
	rand.Read(b)
	v := &session{id: hex.EncodeToString(b), seen: time.Now()}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.prune()
	s.byID[v.id] = v
	http.SetCookie(w, &http.Cookie{Name: sessionCookie, Value: v.id, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: r.TLS != nil, MaxAge: int(sessionTTL.Seconds())})
	r.AddCookie(&http.Cookie{Name: sessionCookie, Value: v.id}) // whoever asks again in this request is the same visitor
	return *v
}

// choose sets the current picture.
func (s *sessions) choose(id string, p picture) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if v := s.byID[id]; v != nil {
		v.picture = p
	}
}

// prune forgets old sessions, and the oldest when there are too many.
func (s *sessions) prune() {
	if len(s.byID) < maxSessions {
		return
	}
	var oldest *session
	for id, v := range s.byID {
		if time.Since(v.seen) > sessionTTL {
			delete(s.byID, id)
		} else if oldest == nil || v.seen.Before(oldest.seen) {
			oldest = v
		}
	}
	if len(s.byID) >= maxSessions && oldest != nil {
		delete(s.byID, oldest.id)
	}
}

func themeOf(r *http.Request) view.Theme {
	if c, err := r.Cookie(themeCookie); err == nil {
		if t := view.Theme(c.Value); t == view.ThemeDark || t == view.ThemeLight {
			return t
		}
	}
	return view.ThemeSystem
}

// theme stores the colour scheme and returns to the page.
func (s *Server) theme(w http.ResponseWriter, r *http.Request) error {
	if err := smallForm(w, r); err != nil {
		return err
	}
	t := view.Theme(r.PostFormValue("theme"))
	if t != view.ThemeDark && t != view.ThemeLight && t != view.ThemeSystem {
		return badRequest("theme")
	}
	http.SetCookie(w, &http.Cookie{Name: themeCookie, Value: string(t), Path: "/", SameSite: http.SameSiteLaxMode, MaxAge: 365 * 24 * 3600})
	return back(w, r, r.PostFormValue("return"))
}

// smallForm reads a form that holds a few fields and no file.
func smallForm(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	if err := r.ParseForm(); err != nil {
		return badRequest("form")
	}
	return nil
}

// back redirects to a page of this server, given as a path.
func back(w http.ResponseWriter, r *http.Request, path string) error {
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.Contains(path, "\\") {
		path = "/" + languageOf(r).Tag() + "/"
	}
	http.Redirect(w, r, path, http.StatusSeeOther)
	return nil
}

var matcher = language.NewMatcher([]language.Tag{language.English, language.Korean})

// preferred is the language of the cookie, or the one that the browser asks for.
func preferred(r *http.Request) i18n.Lang {
	if c, err := r.Cookie(langCookie); err == nil {
		if l, ok := i18n.Parse(c.Value); ok {
			return l
		}
	}
	tags, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err != nil || len(tags) == 0 {
		return i18n.English
	}
	// The index counts, not the tag, and "no" confidence means that none of the languages fits.
	if _, i, c := matcher.Match(tags...); c != language.No {
		return i18n.Langs[i]
	}
	return i18n.English
}

// redirectHome sends a visitor to the home page in their language.
func (s *Server) redirectHome(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Vary", "Accept-Language, Cookie")
	http.Redirect(w, r, "/"+preferred(r).Tag()+"/", http.StatusFound)
	return nil
}
