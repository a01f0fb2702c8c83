package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"stride/internal/nn/arch"
)

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
				k := kindOf(t, u)
				if k == "" || seen[k] {
					continue
				}
				seen[k] = true
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

// kindOf is what sets an address apart: its path and the names of its parameters. It is "" where a network would run that
// is too large for a quick test.
func kindOf(t *testing.T, u string) string {
	t.Helper()
	x, err := url.Parse(u)
	if err != nil {
		t.Fatalf("%s: %v", u, err)
	}
	if parts := strings.Split(x.Path, "/"); len(parts) > 3 && parts[2] == "a" {
		if a, err := arch.ByName(parts[3]); err != nil || a.Input.H > 64 {
			return ""
		}
	}
	return x.Path + "?" + strings.Join(sortedKeys(x.Query()), "&")
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

// TestTermLinks: a term of a lesson leads to its entry in the glossary, not only to the page.
func TestTermLinks(t *testing.T) {
	s := newSite(t)
	for _, lang := range []string{"/en", "/ko"} {
		ids := map[string]bool{}
		_, body := s.get(t, lang+"/learn")
		find(t, body, func(n *html.Node) bool { ids[attr(n, "id")] = true; return false })
		seen := 0
		for _, page := range []string{"/a/lenet5", "/a/mini_alexnet", "/a/mini_densenet?step=2", "/a/mini_resnet?step=9", "/labs/bottleneck"} {
			_, body := s.get(t, lang+page)
			for _, a := range find(t, body, func(n *html.Node) bool { return strings.HasPrefix(attr(n, "href"), lang+"/learn#") }) {
				seen++
				if _, id, _ := strings.Cut(attr(a, "href"), "#"); !ids[id] {
					t.Errorf("%s%s: %s is not there", lang, page, attr(a, "href"))
				}
			}
		}
		if seen < 10 {
			t.Errorf("%s: %d links to the glossary", lang, seen)
		}
	}
}
