package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"stride/assets"
	"stride/content"
	"stride/internal/engine"
	"stride/internal/nn/input"
	"stride/internal/nn/kernel"
	"stride/internal/store"
	"stride/web"
)

type serveCmd struct {
	Addr        string   `help:"Address to listen on." default:"127.0.0.1:8080" env:"STRIDE_ADDR"`
	Host        []string `help:"Further host name under which the server may be reached; repeatable." env:"STRIDE_HOSTS"`
	Threads     threads  `help:"Threads that compute; all cores but one unless given." env:"STRIDE_THREADS"`
	Verbose     bool     `help:"Log every request."`
	Development bool     `help:"Show the gallery of components at /gallery." env:"STRIDE_DEVELOPMENT"`
}

// Run serves until the context ends, then lets running work finish.
func (c *serveCmd) Run(a *app) error {
	level := slog.LevelInfo
	if c.Verbose {
		level = slog.LevelDebug
	}
	log := slog.New(slog.NewTextHandler(a.log, &slog.HandlerOptions{Level: level}))
	st := uploads(a.data, log)
	s, err := web.New(web.Config{Catalogue: a.catalogue, Assets: assets.FS, Content: content.FS, Store: st, Limits: input.DefaultLimits(),
		Engine: engine.Config{Threads: int(c.Threads), Version: kernel.Implementation()}, Log: log, Hosts: c.Host, Development: c.Development})
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", c.Addr)
	if err != nil {
		return fmt.Errorf("%w; choose another address with --addr", err)
	}
	go store.Janitor(a.ctx, st, 5*time.Minute, func(err error) { log.Warn("uploads", "error", err.Error()) })
	fmt.Fprintf(a.out, "Stride is at http://%s/ (kernels: %s; stop with Ctrl+C)\n", l.Addr(), kernel.Implementation())
	return serve(a.ctx, s, l)
}

// uploads is the store of pictures in the data folder, or in memory where that cannot be written.
func uploads(data string, log *slog.Logger) store.Store {
	dir := filepath.Join(data, "uploads")
	err := os.MkdirAll(dir, 0o700)
	if err == nil {
		var st *store.Dir
		if st, err = store.Open(dir, store.Config{}); err == nil {
			return st
		}
	}
	log.Warn("uploads are kept in memory only", "error", err.Error())
	return store.Memory(store.Config{})
}

// serve runs the HTTP server until ctx ends.
func serve(ctx context.Context, s *web.Server, l net.Listener) error {
	srv := s.HTTPServer(l.Addr().String())
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(l) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	end, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	err := errors.Join(srv.Shutdown(end), s.Close(end))
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}
