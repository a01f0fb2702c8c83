package web

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"time"

	"stride/internal/engine"
	"stride/internal/lessons"
	"stride/internal/nn/arch"
	"stride/internal/nn/input"
	"stride/internal/nn/model"
	"stride/internal/store"
	"stride/internal/viz"
	"stride/web/i18n"
)

// Config is what a server is made of. Every field but Hosts, Patience and Development is required.
type Config struct {
	Catalogue *model.Catalogue
	// Assets has samples/ and labels/.
	Assets fs.FS
	// Content has the lessons.
	Content fs.FS
	Store   store.Store
	Limits  input.Limits
	Engine  engine.Config
	Log     *slog.Logger
	// Hosts are the names under which the server may be reached, without ports; loopback names always are.
	Hosts []string
	// Patience is how long a page waits for its run before it is drawn without the maps that are missing; 0 stands for a time
	// that lets a small network be whole at once and is not felt.
	Patience time.Duration
	// Development shows the gallery of components.
	Development bool
}

// Server is the web interface. It implements http.Handler.
type Server struct {
	cfg       Config
	engine    *engine.Engine
	local     *engine.Local
	pictures  *engine.Pictures
	samples   *samples
	names     names
	kinds     []string // of the classes of ImageNet: animal or object
	library   *lessons.Library
	sessions  *sessions
	cams      cams
	runs      *runs
	drawings  *drawings
	gradients gradients
	scales    scales
	curves    curves
	secret    []byte
	handler   http.Handler
}

// New builds a server. The error says which of the embedded files is missing or broken.
func New(cfg Config) (*Server, error) {
	cfg.Patience = cmp.Or(cfg.Patience, patience)
	sm, err := loadSamples(cfg.Assets)
	if err != nil {
		return nil, fmt.Errorf("web: samples: %w", err)
	}
	nm, err := loadNames(cfg.Assets)
	if err != nil {
		return nil, fmt.Errorf("web: class names: %w", err)
	}
	kinds, err := loadKinds(cfg.Assets, len(nm[arch.ImageNet][i18n.English]))
	if err != nil {
		return nil, fmt.Errorf("web: kinds of classes: %w", err)
	}
	lib, err := lessons.Load(cfg.Content, resolver{})
	if err != nil {
		return nil, fmt.Errorf("web: lessons: %w", err)
	}
	s := &Server{cfg: cfg, samples: sm, names: nm, kinds: kinds, library: lib, sessions: newSessions(), drawings: newDrawings(), gradients: gradients{byName: map[string][]float64{}}, scales: scales{byKey: map[string]viz.Scale{}}, secret: make([]byte, 32)}
	rand.Read(s.secret)
	s.runs = newRuns(s.secret)
	s.pictures = &engine.Pictures{Store: cfg.Store, Decoder: input.NewDecoder(cfg.Limits, decodeBytes), Sample: sm.sample}
	s.local = &engine.Local{Catalogue: cfg.Catalogue, Images: images{s.pictures, s.drawings}}
	s.engine = engine.New(s.local, s.local, cfg.Engine)
	s.local.Recall = s.engine.Finished
	s.handler = s.routes()
	return s, nil
}

// decodeBytes bounds the memory of all pictures that are being decoded at once.
const decodeBytes = 2 << 30

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// Close ends running work; see engine.Engine.Close.
func (s *Server) Close(ctx context.Context) error { return s.engine.Close(ctx) }

// HTTPServer is a server with the time limits that keep slow clients from holding connections.
func (s *Server) HTTPServer(addr string) *http.Server {
	return &http.Server{
		Addr:              addr,
		Handler:           s,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       300 * time.Second, // uploads renew their own, shorter deadline
		WriteTimeout:      60 * time.Second,  // streams renew theirs
		IdleTimeout:       75 * time.Second,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(s.cfg.Log.Handler(), slog.LevelDebug),
	}
}
