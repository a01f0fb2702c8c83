package browsertest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"stride/assets"
	"stride/content"
	"stride/internal/engine"
	"stride/internal/nn/input"
	"stride/internal/nn/model"
	"stride/internal/store"
	"stride/web"
)

// site is the server under test; browser is the context in which every tab opens, nil without a browser.
var (
	site    *server
	browser context.Context
)

func TestMain(m *testing.M) {
	code, err := run(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, "browsertest:", err)
		code = 1
	}
	os.Exit(code)
}

func run(m *testing.M) (code int, err error) {
	path := browserPath()
	if path == "" {
		if os.Getenv("REQUIRE_BROWSER") == "1" {
			return 0, errors.New("there is no browser: install Chromium or name it in STRIDE_BROWSER")
		}
		return m.Run(), nil
	}
	data, err := os.MkdirTemp("", "browsertest")
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(data)) }()
	if site, err = newServer(data); err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, site.close()) }()

	// The sandbox needs rights that containers do not give; what is opened here is our own. The camera is the browser's own
	// test picture, allowed without a question.
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("use-fake-device-for-media-stream", true), chromedp.Flag("use-fake-ui-for-media-stream", true))
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	defer stop()
	ctx, end := chromedp.NewContext(allocator)
	defer end()
	if err := chromedp.Do(ctx); err != nil {
		return 0, fmt.Errorf("start %s: %w", path, err)
	}
	browser = ctx
	return m.Run(), nil
}

// browserPath finds a browser; "" is none.
func browserPath() string {
	for _, name := range []string{os.Getenv("STRIDE_BROWSER"), "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "headless-shell"} {
		if p, err := exec.LookPath(name); name != "" && err == nil {
			return p
		}
	}
	return ""
}

// server is the product with everything it embeds, and a look at the event streams that it serves.
type server struct {
	*httptest.Server
	web *web.Server
	cat *model.Catalogue

	mu      sync.Mutex
	streams map[string]stream // by path
}

// stream counts the requests for the events of one run.
type stream struct {
	open, left, done int // now; ended without the last event; ended with it
}

func newServer(data string) (*server, error) {
	s := &server{cat: model.NewCatalogue(assets.FS, data), streams: map[string]stream{}}
	var err error
	s.web, err = web.New(web.Config{Catalogue: s.cat, Assets: assets.FS, Content: content.FS, Store: store.Memory(store.Config{}), Limits: input.DefaultLimits(),
		Engine: engine.Config{Threads: 1, Version: "test"}, Log: slog.New(slog.DiscardHandler), Development: true})
	if err != nil {
		return nil, err
	}
	s.Server = httptest.NewServer(http.HandlerFunc(s.serve))
	return s, nil
}

func (s *server) close() error {
	s.CloseClientConnections()
	s.Server.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	err := s.web.Close(ctx)
	s.cat.Close()
	return err
}

func (s *server) serve(w http.ResponseWriter, r *http.Request) {
	if !strings.HasSuffix(r.URL.Path, "/events") {
		s.web.ServeHTTP(w, r)
		return
	}
	s.count(r.URL.Path, func(st *stream) { st.open++ })
	l := &listener{ResponseWriter: w}
	s.web.ServeHTTP(l, r)
	s.count(r.URL.Path, func(st *stream) {
		st.open--
		if l.done {
			st.done++
		} else {
			st.left++
		}
	})
}

func (s *server) count(path string, f func(*stream)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.streams[path]
	f(&st)
	s.streams[path] = st
}

// stream says what became of the events of a run.
func (s *server) stream(path string) stream {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.streams[path]
}

// listener notices the last event of a stream.
type listener struct {
	http.ResponseWriter
	done bool
}

func (l *listener) Write(b []byte) (int, error) {
	l.done = l.done || strings.HasPrefix(string(b), "event: done")
	return l.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (l *listener) Unwrap() http.ResponseWriter { return l.ResponseWriter }
