package web

import (
	"errors"
	"fmt"
	"io"
	"math"
	"mime/multipart"
	"net/http"
	"strings"
	"time"

	"stride/internal/nn/arch"
	"stride/internal/nn/input"
	"stride/internal/store"
	"stride/web/i18n"
	"stride/web/view"
)

// image is the page that chooses the current picture.
func (s *Server) image(w http.ResponseWriter, r *http.Request) error {
	p, err := s.newImagePage(w, r)
	if err != nil {
		return err
	}
	return render(w, r, http.StatusOK, view.ImagePick(p))
}

func (s *Server) newImagePage(w http.ResponseWriter, r *http.Request) (view.ImagePage, error) {
	b := s.base(w, r, view.NavNone, "")
	t := b.T()
	b.Title = t.Picture.Title
	p := view.ImagePage{Page: b, Picker: s.newPicker(r, b, b.Path), Limits: fmt.Sprintf(t.Picture.Accepts, i18n.Bytes(s.cfg.Limits.Bytes))}
	cur := s.current(r, arch.ImageNet)
	if cur.uploaded() {
		blob, err := s.cfg.Store.Stat(r.Context(), cur.ID)
		if err != nil {
			return p, err
		}
		p.Keeping = fmt.Sprintf(t.Picture.Kept, int(math.Ceil(time.Until(blob.Expires).Minutes())))
		p.Delete = &view.Action{Label: t.Picture.Delete, URL: b.URL("/image"), Method: "post", Fields: []view.Field{{Name: "delete", Value: "1"}}}
	}
	crops, err := s.crops(r, cur, b.Lang)
	p.Crops = crops
	return p, err
}

// crops shows what networks of different inputs see of the picture.
func (s *Server) crops(r *http.Request, cur picture, l i18n.Lang) ([]view.Crop, error) {
	img, err := s.find(r.Context(), cur.key())
	if err != nil {
		return nil, err
	}
	var list []view.Crop
	for _, name := range []string{"mobilenet_v2", "inception_v3", "mini_resnet"} {
		m, err := s.cfg.Catalogue.Load(name, "")
		if err != nil {
			return nil, err
		}
		box := m.Preprocess.CropBox(img.W, img.H)
		kept := view.Rect{X: float64(box.Min.X) / float64(img.W), Y: float64(box.Min.Y) / float64(img.H), W: float64(box.Dx()) / float64(img.W), H: float64(box.Dy()) / float64(img.H)}
		list = append(list, view.Crop{URL: s.pictureURL(cur, 0), W: img.W, H: img.H, Kept: kept, Caption: m.Arch.Title + " · " + i18n.Dims(m.Graph.Input.Shape.H, m.Graph.Input.Shape.W), SeenURL: "/i/" + cur.key() + "/seen/" + name + ".png"})
	}
	return list, nil
}

// newPicker offers samples, upload, camera and drawing.
func (s *Server) newPicker(r *http.Request, b view.Page, ret string) view.ImagePicker {
	cur := s.current(r, arch.ImageNet)
	p := view.ImagePicker{Action: b.URL("/image"), Return: ret, Large: s.pictureURL(cur, 384), LargeAlt: s.pictureName(cur, b.Lang), DrawURL: b.URL("/a/lenet5")}
	for _, m := range append(s.samples.of("photo"), firstSamples(s.samples.of("drawing"), 6)...) {
		q := picture{Sample: m.Name}
		p.Samples = append(p.Samples, view.Sample{Name: m.Name, Label: s.pictureName(q, b.Lang), URL: s.pictureURL(q, 96), Current: cur.Sample == m.Name})
	}
	return p
}

func firstSamples(l []*sample, n int) []*sample { return l[:min(n, len(l))] }

// chooseImage takes a sample, an upload, or the wish to delete one.
func (s *Server) chooseImage(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(w, r, s.cfg.Limits.Bytes)
	if err != nil {
		return err
	}
	v := s.sessions.open(w, r)
	ret := f.fields["return"]
	if ret == "" {
		ret = "/" + languageOf(r).Tag() + "/"
	}
	switch {
	case f.fields["delete"] != "":
		if v.picture.uploaded() {
			if err := s.cfg.Store.Delete(r.Context(), v.picture.ID); err != nil {
				return err
			}
		}
		s.sessions.choose(v.id, picture{})
	case f.fields["sample"] != "":
		m := s.samples.byName[f.fields["sample"]]
		if m == nil {
			return errNotFound
		}
		s.sessions.choose(v.id, picture{Sample: m.Name})
	default:
		blob, err := s.pictures.Add(r.Context(), v.id, f.file)
		if err != nil {
			return s.refused(w, r, err)
		}
		s.sessions.choose(v.id, uploadOf(blob))
	}
	return back(w, r, withoutSample(ret))
}

func uploadOf(b store.Blob) picture { return picture{ID: b.ID, Digest: b.Digest} }

// withoutSample drops the sample from an address, so that the new choice is seen.
func withoutSample(path string) string {
	before, q, ok := strings.Cut(path, "?")
	if !ok {
		return path
	}
	var keep []string
	for _, kv := range strings.Split(q, "&") {
		if !strings.HasPrefix(kv, "img=") {
			keep = append(keep, kv)
		}
	}
	if len(keep) == 0 {
		return before
	}
	return before + "?" + strings.Join(keep, "&")
}

// refused shows the picker again with what was wrong; the old picture stays.
func (s *Server) refused(w http.ResponseWriter, r *http.Request, err error) error {
	var pic *input.Error
	if !errors.As(err, &pic) {
		return err
	}
	e, _ := answer(err)
	p, perr := s.newImagePage(w, r)
	if perr != nil {
		return err
	}
	m := messageOf(p.Lang, e)
	p.Picker.Notice = &view.Notice{Tone: view.ToneError, Title: m.title, Text: strings.TrimSpace(m.what + " " + m.hint)}
	return render(w, r, e.Status, view.ImagePick(p))
}

// form is a small form with at most one file.
type form struct {
	fields map[string]string
	file   []byte
}

// minRate is the slowest upload that is waited for: ten seconds for every 64 KiB.
const rateBytes, rateTime = 64 << 10, 10 * time.Second

// readForm streams a multipart form: a few short fields and one file, nothing on disk. It stops at the first thing that
// does not belong there.
func readForm(w http.ResponseWriter, r *http.Request, maxFile int64) (*form, error) {
	f := &form{fields: map[string]string{}}
	r.Body = http.MaxBytesReader(w, &paced{body: r.Body, c: http.NewResponseController(w)}, maxFile+256<<10)
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
		if err := r.ParseForm(); err != nil {
			return nil, fileError(err, maxFile)
		}
		for k := range r.PostForm {
			f.fields[k] = r.PostForm.Get(k)
		}
		return f, nil
	}
	mr, err := r.MultipartReader()
	if err != nil {
		return nil, badRequest("form")
	}
	for parts := 0; ; parts++ {
		p, err := mr.NextPart()
		if errors.Is(err, io.EOF) {
			return f, nil
		}
		if err != nil || parts > 16 {
			return nil, fileError(err, maxFile)
		}
		if err := f.part(p, maxFile); err != nil {
			return nil, err
		}
	}
}

func (f *form) part(p *multipart.Part, maxFile int64) error {
	if p.FormName() == "file" {
		if f.file != nil {
			return badRequest("file")
		}
		b, err := io.ReadAll(io.LimitReader(p, maxFile+1))
		if err != nil {
			return fileError(err, maxFile)
		}
		if int64(len(b)) > maxFile {
			return tooLarge(maxFile)
		}
		f.file = b
		return nil
	}
	b, err := io.ReadAll(io.LimitReader(p, 4097))
	if err != nil {
		return fileError(err, maxFile)
	}
	if len(b) > 4096 {
		return badRequest("form")
	}
	f.fields[p.FormName()] = string(b)
	return nil
}

// fileError is a form's error; one that is too large is measured by the file it carries.
func fileError(err error, limit int64) error {
	var big *http.MaxBytesError
	if errors.As(err, &big) {
		return tooLarge(limit)
	}
	return formError(err)
}

func formError(err error) error {
	var big *http.MaxBytesError
	if errors.As(err, &big) {
		return &Error{Status: http.StatusRequestEntityTooLarge, Code: "too_large", Err: err}
	}
	return &Error{Status: http.StatusBadRequest, Code: "bad_request", Arg: "form", Err: err}
}

// tooLarge is the refusal of a file over the limit in bytes.
func tooLarge(limit int64) error {
	return &Error{Status: http.StatusRequestEntityTooLarge, Code: string(input.TooLarge), Err: &input.Error{Code: input.TooLarge, Limit: limit}}
}

// paced renews the read deadline as long as a body keeps the minimum rate.
type paced struct {
	body io.ReadCloser
	c    *http.ResponseController
	left int
}

func (p *paced) Read(b []byte) (int, error) {
	if p.left <= 0 {
		if err := p.c.SetReadDeadline(time.Now().Add(rateTime)); err != nil && !errors.Is(err, http.ErrNotSupported) {
			return 0, err
		}
		p.left = rateBytes
	}
	n, err := p.body.Read(b)
	p.left -= n
	return n, err
}

func (p *paced) Close() error { return p.body.Close() }
