package web

import (
	"net/http"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

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
