package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image/jpeg"
	"image/png"
	"io/fs"
	"net/http"
	"net/url"
	"path"

	"github.com/go-chi/chi/v5"

	"stride/internal/engine"
	"stride/internal/nn/input"
	"stride/internal/store"
)

// picture is a picture that a visitor may look at: a sample, or their own upload. The zero value is the default sample.
type picture struct {
	Sample  string   // name of a sample
	ID      store.ID // capability of an upload
	Digest  store.Digest
	Drawing string // name of a drawing from the pad
}

// uploaded reports whether the picture is the visitor's own.
func (p picture) uploaded() bool { return p.ID != "" }

// ref is the picture in a job.
func (p picture) ref() string {
	switch {
	case p.Drawing != "":
		return p.Drawing
	case p.uploaded():
		return engine.BlobRef(p.Digest)
	}
	return engine.SampleRef(p.Sample)
}

// shared is an address that shows this picture to everybody: a sample is named in it, an upload is its visitor's alone.
func (p picture) shared(address string) string {
	u, err := url.Parse(address)
	if err != nil || p.Sample == "" {
		return address
	}
	q := u.Query()
	q.Set("img", p.Sample)
	u.RawQuery = q.Encode()
	return u.String()
}

// key is the picture in an address of /i/.
func (p picture) key() string {
	switch {
	case p.Drawing != "":
		return p.Drawing
	case p.uploaded():
		return string(p.ID)
	}
	return p.Sample
}

// sample is a picture that comes with the product.
type sample struct {
	Name string `json:"name"`
	File string `json:"file"`
	EN   string `json:"en"`
	KO   string `json:"ko"`
	// Kind is "photo", "drawing" or "digit"; networks offer the kind that they were trained on first.
	Kind string `json:"kind"`
	rgb  *input.RGB
}

type samples struct {
	list   []*sample
	byName map[string]*sample
}

// loadSamples decodes the pictures of samples/samples.json.
func loadSamples(fsys fs.FS) (*samples, error) {
	b, err := fs.ReadFile(fsys, "samples/samples.json")
	if err != nil {
		return nil, err
	}
	s := &samples{byName: map[string]*sample{}}
	if err := json.Unmarshal(b, &s.list); err != nil {
		return nil, err
	}
	for _, m := range s.list {
		data, err := fs.ReadFile(fsys, path.Join("samples", m.File))
		if err != nil {
			return nil, err
		}
		if m.rgb, _, err = input.Decode(context.Background(), data, input.DefaultLimits()); err != nil {
			return nil, fmt.Errorf("%s: %w", m.File, err)
		}
		s.byName[m.Name] = m
	}
	if len(s.list) == 0 {
		return nil, errors.New("there are none")
	}
	return s, nil
}

// of lists the samples of a kind.
func (s *samples) of(kind string) []*sample {
	var l []*sample
	for _, m := range s.list {
		if m.Kind == kind {
			l = append(l, m)
		}
	}
	return l
}

// sample finds a sample for the engine.
func (s *samples) sample(name string) (*input.RGB, error) {
	if m := s.byName[name]; m != nil {
		return m.rgb, nil
	}
	return nil, fs.ErrNotExist
}

// find reads a picture by the name in an address: a sample, or the capability of an upload.
func (s *Server) find(ctx context.Context, name string) (*input.RGB, error) {
	if m := s.samples.byName[name]; m != nil {
		return m.rgb, nil
	}
	if d, ok := s.drawings.find(name); ok {
		return d, nil
	}
	b, err := s.cfg.Store.Stat(ctx, store.ID(name))
	if err != nil {
		return nil, err
	}
	return s.pictures.Image(ctx, engine.BlobRef(b.Digest))
}

// pictureFile is the whole picture, or with ?square the centre of it in the given size.
func (s *Server) pictureFile(w http.ResponseWriter, r *http.Request) error {
	img, err := s.find(r.Context(), chi.URLParam(r, "name"))
	if err != nil {
		return err
	}
	side, err := intParam(r.URL.Query(), "square", 0, 0, 512)
	if err != nil {
		return err
	}
	if side > 0 {
		img = input.Preprocess{Resize: side, Crop: side, Std: [3]float32{1, 1, 1}}.Picture(img)
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img.RGBA(), &jpeg.Options{Quality: 88}); err != nil {
		return err
	}
	return sendFile(w, r, "image/jpeg", b.Bytes())
}

// seenFile is the picture as a network gets it.
func (s *Server) seenFile(w http.ResponseWriter, r *http.Request) error {
	img, err := s.find(r.Context(), chi.URLParam(r, "name"))
	if err != nil {
		return err
	}
	m, err := s.cfg.Catalogue.Load(chi.URLParam(r, "model"), "")
	if err != nil {
		return errNotFound
	}
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, m.Picture(img).RGBA()); err != nil {
		return err
	}
	return sendFile(w, r, "image/png", b.Bytes())
}

// drawingFile is a small picture without loss, a pixel a value: drawings and digits.
func (s *Server) drawingFile(w http.ResponseWriter, r *http.Request) error {
	img, err := s.find(r.Context(), chi.URLParam(r, "name"))
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, img.RGBA()); err != nil {
		return err
	}
	return sendFile(w, r, "image/png", b.Bytes())
}
