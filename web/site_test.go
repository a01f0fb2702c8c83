package web

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"testing"
	"time"

	"stride/assets"
	"stride/content"
	"stride/internal/engine"
	"stride/internal/nn/input"
	"stride/internal/nn/model"
	"stride/internal/store"
)

// site is a server with everything the product embeds, and a browser-like client with cookies.
type site struct {
	*httptest.Server
	client *http.Client
	s      *Server
}

func newSite(t *testing.T) *site {
	t.Helper()
	cat := model.NewCatalogue(assets.FS, t.TempDir())
	s, err := New(Config{Catalogue: cat, Assets: assets.FS, Content: content.FS, Store: store.Memory(store.Config{}), Limits: input.DefaultLimits(),
		Engine: engine.Config{Threads: 2, Version: "test"}, Log: slog.New(slog.DiscardHandler), Development: true, Patience: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(s)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		srv.Close()
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		if err := s.Close(ctx); err != nil {
			t.Error(err)
		}
		cat.Close()
	})
	return &site{srv, &http.Client{Jar: jar}, s}
}

func (s *site) get(t *testing.T, path string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequest("GET", s.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept", "text/html,*/*")
	return s.do(t, req)
}

func (s *site) do(t *testing.T, req *http.Request) (*http.Response, string) {
	t.Helper()
	resp, err := s.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(b)
}
