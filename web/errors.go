package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5/middleware"

	"stride/internal/engine"
	"stride/internal/nn/input"
	"stride/internal/store"
	"stride/web/i18n"
	"stride/web/view"
)

// Error is an answer that is not the page asked for: a status, a stable code, and words for the reader.
type Error struct {
	Status int
	Code   string
	// Arg goes into the message: the name of a parameter, a number.
	Arg string
	// RetryAfter in seconds; 0 for none.
	RetryAfter int
	Err        error
}

func (e *Error) Error() string {
	s := fmt.Sprintf("web: %d %s", e.Status, e.Code)
	if e.Arg != "" {
		s += " (" + e.Arg + ")"
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

func (e *Error) Unwrap() error { return e.Err }

var (
	errInternal = &Error{Status: http.StatusInternalServerError, Code: "internal"}
	errNotFound = &Error{Status: http.StatusNotFound, Code: "unknown_id"}
)

func badRequest(param string) error {
	return &Error{Status: http.StatusBadRequest, Code: "bad_request", Arg: param}
}

func notFound(http.ResponseWriter, *http.Request) error { return errNotFound }

func methodNotAllowed(http.ResponseWriter, *http.Request) error {
	return &Error{Status: http.StatusMethodNotAllowed, Code: "method"}
}

// pictureStatus is the HTTP status of each code of nn/input.
func pictureStatus(c input.Code) int {
	switch c {
	case "unsupported_type":
		return http.StatusUnsupportedMediaType
	case "too_large":
		return http.StatusRequestEntityTooLarge
	}
	return http.StatusUnprocessableEntity
}

var engineStatus = map[engine.Code]int{
	engine.BadRequest: http.StatusBadRequest, engine.UnknownID: http.StatusNotFound, engine.OverBudget: http.StatusUnprocessableEntity,
	engine.TooMany: http.StatusTooManyRequests, engine.Busy: http.StatusServiceUnavailable, engine.Restarting: http.StatusServiceUnavailable,
	engine.RunTimeout: http.StatusServiceUnavailable, engine.RunFailed: http.StatusInternalServerError, engine.StorageFull: http.StatusServiceUnavailable,
}

// answer turns any error into one for the reader. ok is false when the client has left and nobody is there to read.
func answer(err error) (*Error, bool) {
	var e *Error
	var pic *input.Error
	var eng *engine.Error
	var big *http.MaxBytesError
	switch {
	case errors.As(err, &e):
		return e, true
	case errors.Is(err, context.Canceled):
		return nil, false
	case errors.As(err, &pic):
		return &Error{Status: pictureStatus(pic.Code), Code: string(pic.Code), Err: err}, true
	case errors.As(err, &eng):
		return &Error{Status: engineStatus[eng.Code], Code: string(eng.Code), RetryAfter: int(math.Ceil(eng.RetryAfter.Seconds())), Err: err}, true
	case errors.As(err, &big):
		return &Error{Status: http.StatusRequestEntityTooLarge, Code: "too_large", Err: err}, true
	case errors.Is(err, store.ErrNotFound):
		return errNotFound, true
	case errors.Is(err, store.ErrQuota):
		return &Error{Status: http.StatusTooManyRequests, Code: "quota", Err: err}, true
	case errors.Is(err, store.ErrFull):
		return &Error{Status: http.StatusServiceUnavailable, Code: "storage_full", RetryAfter: 30, Err: err}, true
	}
	return &Error{Status: http.StatusInternalServerError, Code: "internal", Err: err}, true
}

// fail answers with an error page, or with problem+json where JSON was asked for. Unexpected errors are logged once, here.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	e, ok := answer(err)
	if !ok {
		return
	}
	if e.Status == 0 {
		e.Status = http.StatusInternalServerError
	}
	id := middleware.GetReqID(r.Context())
	if e.Status >= 500 && e.Status != http.StatusServiceUnavailable {
		s.cfg.Log.Error("request failed", "error", err.Error(), "id", id)
	}
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	if e.RetryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(e.RetryAfter))
	}
	lang := languageOf(r)
	text := messageOf(lang, e)
	switch {
	case strings.HasPrefix(r.URL.Path, "/api/"):
		writeProblem(w, e, text)
	case !strings.Contains(r.Header.Get("Accept"), "text/html") && !isPage(r):
		h.Set("Content-Type", "text/plain; charset=utf-8")
		w.WriteHeader(e.Status)
		fmt.Fprintln(w, text.title+" "+text.what)
	default:
		s.failPage(w, r, e, text, id)
	}
}

// isPage reports whether a path is one of the pages.
func isPage(r *http.Request) bool {
	return strings.HasPrefix(r.URL.Path, "/en") || strings.HasPrefix(r.URL.Path, "/ko") || r.URL.Path == "/"
}

// problem is RFC 9457's form of an error.
type problem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Code   string `json:"code"`
	Detail string `json:"detail"`
	Hint   string `json:"hint,omitempty"`
}

func writeProblem(w http.ResponseWriter, e *Error, m message) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(e.Status)
	json.NewEncoder(w).Encode(problem{"about:blank", m.title, e.Status, e.Code, m.what, m.hint}) // the status has been sent
}

func (s *Server) failPage(w http.ResponseWriter, r *http.Request, e *Error, m message, id string) {
	p := view.ErrorPage{Page: s.base(w, r, view.NavNone, m.title), Status: e.Status, Heading: m.title, Text: m.what}
	if m.hint != "" {
		p.Text += " " + m.hint
	}
	if e.Status >= 500 {
		p.Detail = id
	}
	p.Actions = []view.Action{{Label: wordsOf(p.Lang).ToHome, URL: p.URL("/"), Primary: true}}
	if err := render(w, r, e.Status, view.Failure(p)); err != nil {
		// The error page itself failed: plain words are left.
		s.cfg.Log.Error("error page", "error", err.Error())
		http.Error(w, m.title+" "+m.what, e.Status)
	}
}

func messageOf(l i18n.Lang, e *Error) message {
	m, ok := wordsOf(l).Errors[e.Code]
	if !ok {
		m = wordsOf(l).Errors["internal"]
	}
	m.what = strings.ReplaceAll(m.what, "{arg}", e.Arg)
	var pic *input.Error
	var big *http.MaxBytesError
	switch {
	case errors.As(e.Err, &pic):
		m = m.fill(l, pic)
	case errors.As(e.Err, &big):
		m.what = strings.ReplaceAll(m.what, "{size}", i18n.Bytes(big.Limit))
	}
	return m
}
