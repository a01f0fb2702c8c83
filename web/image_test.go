package web

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"stride/web/i18n"
)

// upload posts a file as the picture form does.
func (s *site) upload(t *testing.T, file []byte, ret string) (*http.Response, string) {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	if err := m.WriteField("return", ret); err != nil {
		t.Fatal(err)
	}
	w, err := m.CreateFormFile("file", "../../x.png")
	if err == nil {
		_, err = w.Write(file)
	}
	if err != nil || m.Close() != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequest("POST", s.URL+"/en/image", &b)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", m.FormDataContentType())
	req.Header.Set("Accept", "text/html")
	return s.do(t, req)
}

func picturePNG(t *testing.T) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 90, 70))
	for y := range 70 {
		for x := range 90 {
			img.Set(x, y, color.RGBA{uint8(2 * x), uint8(3 * y), uint8(x * y), 255})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestUpload: the picture follows the visitor, nobody else sees it, bad files change nothing, deleting forgets.
func TestUpload(t *testing.T) {
	s := newSite(t)
	resp, body := s.upload(t, picturePNG(t), "/en/a/mini_resnet")
	if resp.StatusCode != http.StatusOK || !strings.Contains(body, "Your picture") {
		t.Fatalf("after the upload: status %d", resp.StatusCode)
	}
	if resp, body := s.upload(t, []byte("<svg/>"), "/en/"); resp.StatusCode != http.StatusUnsupportedMediaType || !strings.Contains(body, "PNG, JPEG, GIF and WebP work") {
		t.Errorf("an SVG gets status %d", resp.StatusCode)
	}
	if resp, _ := s.upload(t, nil, "/en/"); resp.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("an empty file gets status %d", resp.StatusCode)
	}
	if resp, body := s.upload(t, bytes.Repeat([]byte{0x89}, 17<<20), "/en/"); resp.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("17 MB get status %d", resp.StatusCode)
	} else if want := "The limit is " + i18n.Bytes(s.s.cfg.Limits.Bytes); !strings.Contains(body, want) {
		t.Errorf("17 MB: the page does not say %q", want)
	}
	if _, body := s.get(t, "/en/a/mini_resnet"); !strings.Contains(body, "Your picture") {
		t.Error("a refused file lost the picture")
	}
	other := &site{s.Server, &http.Client{}, s.s}
	if _, body := other.get(t, "/en/a/mini_resnet"); strings.Contains(body, "Your picture") {
		t.Error("another visitor sees the picture")
	}
	resp, err := s.client.PostForm(s.URL+"/en/image", url.Values{"delete": {"1"}, "return": {"/en/a/mini_resnet"}})
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if _, body := s.get(t, "/en/a/mini_resnet"); strings.Contains(body, "Your picture") {
		t.Error("the deleted picture is still there")
	}
}

// TestExpiredUpload: when the time of an upload is up, every page goes on with a sample.
func TestExpiredUpload(t *testing.T) {
	s := newSite(t)
	if _, body := s.upload(t, picturePNG(t), "/en/image"); !strings.Contains(body, "for another 120 minutes") {
		t.Error("the page does not say how long the picture is kept")
	}
	for _, v := range s.s.sessions.byID {
		if err := s.s.cfg.Store.Delete(t.Context(), v.picture.ID); err != nil {
			t.Fatal(err)
		}
	}
	for _, p := range []string{"/en/image", "/en/", "/en/a/mini_resnet"} {
		if resp, body := s.get(t, p); resp.StatusCode != http.StatusOK || strings.Contains(body, "Your picture") {
			t.Errorf("%s: status %d", p, resp.StatusCode)
		}
	}
}

// TestForeignPost: other sites cannot change anything.
func TestForeignPost(t *testing.T) {
	s := newSite(t)
	req, err := http.NewRequest("POST", s.URL+"/en/image", strings.NewReader("sample=coffee"))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Sec-Fetch-Site", "cross-site")
	if resp, _ := s.do(t, req); resp.StatusCode != http.StatusForbidden {
		t.Errorf("a cross-site post gets status %d", resp.StatusCode)
	}
}

// TestNotModified: a picture that the browser has is not sent again.
func TestNotModified(t *testing.T) {
	s := newSite(t)
	resp, _ := s.get(t, "/i/cat.jpg?square=64")
	req, err := http.NewRequest("GET", s.URL+"/i/cat.jpg?square=64", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("If-None-Match", resp.Header.Get("ETag"))
	if resp, body := s.do(t, req); resp.StatusCode != http.StatusNotModified || body != "" {
		t.Errorf("status %d with %d bytes", resp.StatusCode, len(body))
	}
}
