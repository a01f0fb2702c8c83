package web

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// TestShare: a copied link shows somebody else the same picture, unless it is the visitor's own.
func TestShare(t *testing.T) {
	s := newSite(t)
	link := regexp.MustCompile(`href="([^"]+)" data-copy`)
	other := &site{s.Server, &http.Client{}, s.s}
	for _, p := range []string{"/en/a/mini_resnet?l=block2.conv1&c=3", "/en/compare?m=mini_vgg,mini_resnet"} {
		resp, err := s.client.PostForm(s.URL+"/en/image", url.Values{"sample": {"dog-1"}, "return": {p}})
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		_, body := s.get(t, p)
		m := link.FindStringSubmatch(body)
		if m == nil || !strings.Contains(m[1], "img=dog-1") {
			t.Fatalf("%s: the link is %q", p, m)
		}
		shared := strings.TrimPrefix(strings.ReplaceAll(m[1], "&amp;", "&"), s.URL)
		if _, body := other.get(t, shared); !strings.Contains(body, "/i/dog-1.") && !strings.Contains(body, "dog-1") {
			t.Errorf("%s: somebody else does not see the picture", shared)
		}
		if resp, _ := s.upload(t, picturePNG(t), p); resp.StatusCode != http.StatusOK {
			t.Fatalf("upload: status %d", resp.StatusCode)
		}
		if _, body := s.get(t, p); strings.Contains(link.FindString(body), "img=") {
			t.Errorf("%s: the link of an upload is %q", p, link.FindString(body))
		}
	}
}
