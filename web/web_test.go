package web

import (
	"bytes"
	"context"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"stride/assets"
	"stride/content"
	"stride/internal/engine"
	"stride/internal/nn/arch"
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
		Engine: engine.Config{Threads: 2, Version: "test"}, Log: slog.New(slog.DiscardHandler), Development: true})
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

// pages is one address of every page, small networks where a page runs one.
var pages = []string{
	"/", "/image", "/models", "/learn", "/limits", "/labs", "/labs/bottleneck", "/labs/bottleneck?in=192&mid=31&out=128&k=5&bias=1&q.bottleneck-weights=0",
	"/a/lenet5", "/a/lenet5?l=tanh_1&c=3&y=2&x=3", "/a/lenet5_paper", "/a/mini_resnet", "/a/mini_resnet?l=block3.conv2&c=5&cm=viridis&scale=layer&sort=index&all=1", "/a/mini_googlenet?l=inception_3a.cat",
	"/a/mini_densenet?l=features.norm5", "/a/mini_efficientnet?step=2", "/a/mini_mobilenet?l=softmax", "/a/mini_alexnet?l=fc5", "/a/mini_vgg?l=pool1", "/a/cifar_resnet20?l=layer2.0.pad", "/a/mobilenet_v1_025?l=blocks.0.dw",
	"/a/mini_resnet/layers", "/a/mini_resnet/n/block1.relu", "/a/mini_resnet?edit=block3.bn2:*:0", "/a/mini_resnet?zoom=1", "/a/mini_googlenet?zoom=2", "/a/mini_densenet?l=features.denseblock1.denselayer2.conv1&zoom=3", "/classes", "/classes?q=cat&kind=animal", "/compare", "/compare/vgg16/vgg19", "/calc",
}

// TestPages renders every page in both languages and checks what holds for all.
func TestPages(t *testing.T) {
	s := newSite(t)
	for _, lang := range []string{"/en", "/ko"} {
		for _, p := range pages {
			resp, body := s.get(t, lang+p)
			if resp.StatusCode != http.StatusOK {
				t.Errorf("%s%s: status %d", lang, p, resp.StatusCode)
				continue
			}
			checkPage(t, lang+p, lang[1:], body)
			checkHeaders(t, lang+p, resp.Header)
		}
	}
}

func checkHeaders(t *testing.T, page string, h http.Header) {
	t.Helper()
	csp := h.Get("Content-Security-Policy")
	if strings.Contains(csp, "unsafe") || !strings.Contains(csp, "default-src 'none'") || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("%s: headers %v", page, h)
	}
}

// checkPage: one h1, unique ids, alternatives for every picture, the right language, nothing inline.
func checkPage(t *testing.T, page, lang, body string) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Errorf("%s: %v", page, err)
		return
	}
	ids, h1, main := map[string]bool{}, 0, 0
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		switch n.Data {
		case "html":
			if attr(n, "lang") != lang {
				t.Errorf("%s: lang is %q", page, attr(n, "lang"))
			}
		case "h1":
			h1++
		case "main":
			main++
		case "img":
			if !hasAttr(n, "alt") {
				t.Errorf("%s: an img without alt: %s", page, attr(n, "src"))
			}
		case "script":
			if !hasAttr(n, "src") && attr(n, "type") != "application/json" {
				t.Errorf("%s: an inline script", page)
			}
		case "style":
			t.Errorf("%s: an inline style sheet", page)
		case "svg":
			if attr(n, "role") == "img" && attr(n, "aria-label") == "" && attr(n, "aria-labelledby") == "" && !hasChild(n, "title") {
				t.Errorf("%s: a picture without a name", page)
			}
		}
		for _, a := range n.Attr {
			if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
				t.Errorf("%s: <%s %s=%q>", page, n.Data, a.Key, a.Val)
			}
		}
		if id := attr(n, "id"); id != "" {
			if ids[id] {
				t.Errorf("%s: the id %q occurs twice", page, id)
			}
			ids[id] = true
		}
	}
	if h1 != 1 || main != 1 {
		t.Errorf("%s: %d h1, %d main", page, h1, main)
	}
	for _, bad := range []string{"%!", "NaN", "{{", "}}", "<nil>", "**"} {
		if strings.Contains(visible(doc), bad) {
			t.Errorf("%s: the text contains %q", page, bad)
		}
	}
}

func visible(doc *html.Node) string {
	var b strings.Builder
	for n := range doc.Descendants() {
		if n.Type == html.TextNode && (n.Parent == nil || n.Parent.Data != "script" && n.Parent.Data != "annotation") {
			b.WriteString(n.Data + " ")
		}
	}
	return b.String()
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func hasAttr(n *html.Node, key string) bool {
	for _, a := range n.Attr {
		if a.Key == key {
			return true
		}
	}
	return false
}

func hasChild(n *html.Node, tag string) bool {
	for c := range n.ChildNodes() {
		if c.Data == tag {
			return true
		}
	}
	return false
}

// TestLinks follows every internal address that a few pages name: links, pictures, forms by GET, scripts and sheets.
func TestLinks(t *testing.T) {
	s := newSite(t)
	seen := map[string]bool{}
	for _, p := range []string{"/en/", "/ko/labs/bottleneck", "/en/a/lenet5?l=c1", "/en/a/mini_resnet?l=block1.conv1", "/en/a/mini_resnet/n/block1.conv1", "/en/models", "/en/learn", "/en/image", "/ko/a/mini_resnet/layers"} {
		_, body := s.get(t, p)
		doc, err := html.Parse(strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		for n := range doc.Descendants() {
			for _, a := range n.Attr {
				if a.Key != "href" && a.Key != "src" || !strings.HasPrefix(a.Val, "/") {
					continue
				}
				u := strings.SplitN(a.Val, "#", 2)[0]
				if seen[u] || big(u) {
					continue
				}
				seen[u] = true
				if resp, _ := s.get(t, u); resp.StatusCode != http.StatusOK {
					t.Errorf("%s names %s: status %d", p, u, resp.StatusCode)
				}
			}
		}
	}
	if len(seen) < 150 {
		t.Errorf("only %d addresses found", len(seen))
	}
}

// big reports whether an address runs a network too large for a quick test, or repeats a page with other parameters.
func big(u string) bool {
	x, err := url.Parse(u)
	if err != nil {
		return false
	}
	parts := strings.Split(x.Path, "/")
	if len(parts) < 4 || parts[2] != "a" {
		return false
	}
	a, err := arch.ByName(parts[3])
	return err != nil || a.Input.H > 64 || x.RawQuery != "" && len(u)%7 != 0
}

func TestRedirects(t *testing.T) {
	s := newSite(t)
	s.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	for _, c := range []struct{ path, accept, want string }{
		{"/", "ko-KR,ko;q=0.9", "/ko/"}, {"/", "fr", "/en/"}, {"/", "", "/en/"}, {"/en/a/resnet?l=x", "", "/en/a/"},
	} {
		req, err := http.NewRequest("GET", s.URL+c.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Accept-Language", c.accept)
		s.client.Jar = nil
		if resp, _ := s.do(t, req); !strings.HasPrefix(resp.Header.Get("Location"), c.want) {
			t.Errorf("%s with %q leads to %q, want %s", c.path, c.accept, resp.Header.Get("Location"), c.want)
		}
	}
}

func TestBadRequests(t *testing.T) {
	s := newSite(t)
	for path, want := range map[string]int{
		"/en/nothing": 404, "/en/a/resnet51": 404, "/en/a/mini_resnet?l=nope": 404, "/en/a/mini_resnet?c=-1": 400, "/en/a/mini_resnet?c=1e3": 400, "/en/a/mini_resnet?c=99999": 404,
		"/en/a/mini_resnet?l=block1.conv1&y=999&x=0": 404, "/en/a/mini_resnet?cm=rainbow": 400, "/en/a/mini_resnet?w=nobody": 404, "/en/a/mini_resnet?edit=a:b:c": 400, "/en/a/mini_resnet?edit=nope:*:0": 400,
		"/en/a/mini_resnet?size=33": 400, "/r/0123/n/conv1/sheet.png": 404, "/i/nobody.jpg": 404, "/en/labs/bottleneck?in=0": 400, "/en/a/lenet5?d=zz": 422, "/en/a/mini_resnet/n/nope": 404, "/.git/config": 404, "/debug/pprof/": 404,
	} {
		resp, body := s.get(t, path)
		if resp.StatusCode != want {
			t.Errorf("%s: status %d, want %d", path, resp.StatusCode, want)
		}
		if strings.HasPrefix(path, "/en/") && !strings.Contains(body, "<h1") {
			t.Errorf("%s: no page for the reader", path)
		}
	}
	req, err := http.NewRequest("GET", s.URL+"/en/", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Host = "evil.example"
	if resp, _ := s.do(t, req); resp.StatusCode != http.StatusMisdirectedRequest {
		t.Errorf("a foreign host gets status %d", resp.StatusCode)
	}
}

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
	if resp, _ := s.upload(t, bytes.Repeat([]byte{0x89}, 17<<20), "/en/"); resp.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("17 MB get status %d", resp.StatusCode)
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

// TestStream reads the events of a run to the end and fetches what they name.
func TestStream(t *testing.T) {
	s := newSite(t)
	st, err := s.s.engine.Submit(context.Background(), "a", mustResolve(t, s.s, engine.Job{Image: engine.SampleRef("cat"), Model: "mini_googlenet"}))
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	base := "/r/" + s.s.runs.address(st.Recording().Job)
	_, body := s.get(t, base+"/events")
	layers, done := 0, false
	for _, block := range strings.Split(body, "\n\n") {
		name, data := "", ""
		for _, line := range strings.Split(block, "\n") {
			if v, ok := strings.CutPrefix(line, "event: "); ok {
				name = v
			}
			if v, ok := strings.CutPrefix(line, "data: "); ok {
				data = v
			}
		}
		switch name {
		case "layer":
			var e layerEvent
			if err := json.Unmarshal([]byte(data), &e); err != nil {
				t.Fatal(err)
			}
			layers++
			if layers%10 == 1 {
				if resp, b := s.get(t, e.Sheet); resp.StatusCode != 200 || !strings.HasPrefix(b, "\x89PNG") || resp.Header.Get("ETag") == "" {
					t.Errorf("%s: status %d", e.Sheet, resp.StatusCode)
				}
			}
		case "done":
			done = true
		}
	}
	if want := len(st.Recording().Network.Graph.Main()); layers != want || !done {
		t.Errorf("%d layers of %d, done %v", layers, want, done)
	}
}

func mustResolve(t *testing.T, s *Server, j engine.Job) engine.Job {
	t.Helper()
	j, err := s.local.Resolve(j)
	if err != nil {
		t.Fatal(err)
	}
	return j
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

// TestStateRoundTrip: an address says everything, and nothing twice.
func TestStateRoundTrip(t *testing.T) {
	for _, q := range []string{"", "l=conv1&c=3&y=4&x=5", "cm=viridis&scale=layer&sort=index&all=1&cam=1&class=7&step=3&tab=2&zoom=1&in=9&size=64&w=untrained%3A3&img=cat", "edit=a.b%3A%2A%3A0.5%2Cc%3A3%3A0&q.one=2&q.two=1e3"} {
		v, err := url.ParseQuery(q)
		if err != nil {
			t.Fatal(err)
		}
		st, err := parseArch("mini_resnet", v)
		if err != nil {
			t.Errorf("%q: %v", q, err)
			continue
		}
		if got := st.values().Encode(); got != v.Encode() {
			t.Errorf("%q comes back as %q", v.Encode(), got)
		}
	}
}

// TestWordsAreComplete: every text exists in both languages, with the same places for values.
func TestWordsAreComplete(t *testing.T) {
	compareWords(t, "words", englishWords, koreanWords)
}

// TestClick selects the cell under a click that a browser without scripts sends.
func TestClick(t *testing.T) {
	s := newSite(t)
	resp, _ := s.get(t, "/en/a/mini_resnet?l=block1.conv1&c=3&p.x=92&p.y=183")
	if q := resp.Request.URL.Query(); q.Get("x") != "8" || q.Get("y") != "15" || q.Get("c") != "3" {
		t.Errorf("a click in the middle of the last row leads to %s", resp.Request.URL)
	}
}

// TestEveryLayer opens every layer of the small networks: no kind of layer may be left without an explanation.
func TestEveryLayer(t *testing.T) {
	s := newSite(t)
	for _, name := range []string{"lenet5_paper", "mini_googlenet", "mini_resnet", "mini_densenet", "mini_efficientnet"} {
		a, err := arch.ByName(name)
		if err != nil {
			t.Fatal(err)
		}
		g, err := a.Graph()
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{} // kind and what follows it
		for _, n := range g.Main() {
			key := string(n.Op.Kind())
			for _, u := range n.Users {
				key += " " + string(u.Op.Kind())
				for _, v := range u.Users {
					key += "/" + string(v.Op.Kind())
				}
			}
			if seen[key] {
				continue
			}
			seen[key] = true
			p := "/en/a/" + name + "?l=" + url.QueryEscape(n.Path)
			if resp, _ := s.get(t, p); resp.StatusCode != http.StatusOK {
				t.Errorf("%s: status %d", p, resp.StatusCode)
			}
		}
	}
}
