package web

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"stride/internal/engine"
	"stride/web/i18n"
)

// find returns the elements of a page that a condition picks.
func find(t *testing.T, body string, is func(*html.Node) bool) (l []*html.Node) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode && is(n) {
			l = append(l, n)
		}
	}
	return l
}

// TestHeaderPicture: whatever page of a network one is on, the header shows the picture that the network runs on.
func TestHeaderPicture(t *testing.T) {
	s := newSite(t)
	for _, chosen := range []string{"", "fish-2"} {
		if chosen != "" {
			if _, err := s.client.PostForm(s.URL+"/en/image", url.Values{"sample": {chosen}}); err != nil {
				t.Fatal(err)
			}
		}
		for _, model := range []string{"mini_resnet", "lenet5"} {
			want := ""
			for _, page := range []string{"", "/n/conv1", "/layers", "/print"} {
				if model == "lenet5" {
					page = strings.Replace(page, "conv1", "c1", 1)
				}
				_, body := s.get(t, "/en/a/"+model+page)
				img := find(t, body, func(n *html.Node) bool { return n.Data == "img" && hasAttr(n.Parent, "data-image-chip") })
				if len(img) != 1 {
					t.Fatalf("%s%s: %d pictures in the header", model, page, len(img))
				}
				src := attr(img[0], "src")
				if page == "" {
					want = src
				}
				if src != want || chosen != "" && model != "lenet5" && !strings.Contains(src, chosen) {
					t.Errorf("%s%s with %q: the header shows %s, the network runs on %s", model, page, chosen, src, want)
				}
			}
		}
	}
}

// TestChannelLinks: each link to a neighbouring channel is named after where it leads.
func TestChannelLinks(t *testing.T) {
	s := newSite(t)
	_, body := s.get(t, "/en/a/mini_resnet?l=block1.relu&c=4")
	for key, c := range map[string]int{"ArrowUp": 3, "ArrowDown": 5} {
		a := find(t, body, func(n *html.Node) bool { return attr(n, "data-key") == key })
		if len(a) != 1 || !strings.HasSuffix(attr(a[0], "aria-label"), fmt.Sprintf("Channel %d", c)) || !strings.Contains(attr(a[0], "href"), fmt.Sprintf("c=%d&", c)) {
			t.Errorf("%s: %q leads to %s, want channel %d", key, attr(a[0], "aria-label"), attr(a[0], "href"), c)
		}
	}
}

// TestStepSelects: an address that names no layer opens the one that the lesson's step speaks of.
func TestStepSelects(t *testing.T) {
	s := newSite(t)
	for path, want := range map[string]string{
		"/en/a/mini_googlenet":            "inception_3a.cat",
		"/en/a/googlenet?step=2":          "inception3a.branch3.1.conv",
		"/ko/a/mini_googlenet?step=2":     "inception_3a.b3.conv",
		"/en/a/mini_googlenet?l=conv1.bn": "conv1.bn",
		"/en/a/mini_mobilenet?step=2&y=2": "blocks.0.dw",
		"/en/a/mini_resnet":               "conv1", // a step about nothing in particular: the first layer with weights
		"/en/a/mini_googlenet?step=99":    "conv1.conv",
		"/en/a/mini_googlenet?step=5":     "conv1.conv", // it speaks of an auxiliary classifier, which is not run
	} {
		resp, body := s.get(t, path)
		insp := find(t, body, func(n *html.Node) bool { return attr(n, "id") == "insp" })
		if len(insp) != 1 {
			t.Errorf("%s: status %d", path, resp.StatusCode)
		} else if got := attr(insp[0], "data-layer"); got != want {
			t.Errorf("%s opens %q, want %q", path, got, want)
		}
	}
}

// TestLessonStays: on the miniature, which speaks to a visitor without downloaded weights, the coloured terms of the lesson and
// its steps lead to the parts of the network that is on the page, whose pictures they are about. A term without a counterpart
// there leads to the lesson's own network, at the same step.
func TestLessonStays(t *testing.T) {
	s := newSite(t)
	away := map[string]string{
		"/en/a/alexnet_paper?l=conv5&step=4":              "mini_alexnet has four convolutions",
		"/en/a/googlenet_paper?l=inception_4d.cat&step=5": "mini_googlenet has two modules in its second stage",
		"/en/a/resnet50?l=layer1.1.conv1&step=5":          "blocks of two 3×3 have no waist",
		"/en/a/resnet50?l=layer1.1.conv3&step=5":          "blocks of two 3×3 have no waist",
	}
	for _, model := range []string{"mini_alexnet", "mini_vgg", "mini_googlenet", "mini_resnet", "mini_mobilenet", "mini_densenet", "mini_efficientnet", "resnet18", "googlenet"} {
		refs := 0
		for step := 1; step <= 6; step++ {
			_, body := s.get(t, fmt.Sprintf("/en/a/%s?step=%d", model, step))
			for _, a := range find(t, body, func(n *html.Node) bool { return n.Data == "a" && strings.HasPrefix(attr(n, "class"), "ref") }) {
				refs++
				u, err := url.Parse(attr(a, "href"))
				if err != nil || u.Path != "/en/a/"+model || u.Query().Get("l") == "" {
					if !strings.Contains(attr(a, "href"), "aux") && away[attr(a, "href")] == "" {
						t.Errorf("%s, step %d: a term leads to %s", model, step, attr(a, "href"))
					}
				}
			}
		}
		if refs < 2 {
			t.Errorf("%s: %d terms", model, refs)
		}
	}
}

// TestHeadline: the inspector calls a layer what the diagram beside it calls it.
func TestHeadline(t *testing.T) {
	s := newSite(t)
	for path, want := range map[string]string{
		"resnet50?l=layer2.0.conv2": "conv3.1b", "mini_resnet?l=block1.bn2": "block1.bn2", "vgg16?l=features.2": "conv1.2", "mini_vgg?l=pool1": "pool1",
		"efficientnet_b0?l=features.4.0.block.0.0": "5.1a", "efficientnet_b0?l=features.4.0.block.0.1": "5.1a", "densenet121?l=features.denseblock1.denselayer3.cat": "dense1.3 concat",
	} {
		_, body := s.get(t, "/en/a/"+path)
		if h := find(t, body, func(n *html.Node) bool { return n.Data == "h2" && attr(n.Parent.Parent, "id") == "insp" }); len(h) != 1 || strings.TrimSpace(h[0].LastChild.Data) != want {
			t.Errorf("%s: heading %v, want %q", path, h, want)
		}
	}
}

// TestLessonSaysWhose: where another network than the lesson's runs, its text says whose numbers it gives.
func TestLessonSaysWhose(t *testing.T) {
	s := newSite(t)
	for path, own := range map[string]string{
		"/en/a/resnet50?step=5": "", "/en/a/lenet5?step=2": "",
		"/en/a/mini_resnet?step=5": "/en/a/resnet50?l=layer1.1.conv2&step=5", "/ko/a/resnet18": "/ko/a/resnet50", "/ko/a/lenet5_paper?step=2": "/ko/a/lenet5?l=c1&step=2",
		"/en/a/mini_alexnet?step=3": "/en/a/alexnet_paper?l=relu1&step=3", "/en/a/mini_vgg/print": "/en/a/vgg16",
	} {
		_, body := s.get(t, path)
		lang, _ := i18n.Parse(path[1:3])
		said, _, _ := strings.Cut(wordsOf(lang).LessonAbout, "%s")
		if got := strings.Contains(body, said); got != (own != "") {
			t.Errorf("%s says whose numbers it gives: %v", path, got)
		}
		if own != "" && !strings.Contains(body, `"`+html.EscapeString(own)+`"`) {
			t.Errorf("%s does not lead to %s", path, own)
		}
	}
}

// TestVariantsKeep: another network of the family opens at the layer that does the same there, at the same step.
func TestVariantsKeep(t *testing.T) {
	s := newSite(t)
	_, body := s.get(t, "/en/a/googlenet?l=inception4c.branch2.1.conv&step=3&cm=viridis")
	for model, want := range map[string]string{"googlenet_paper": "inception_4c.b2", "mini_googlenet": "inception_4a.b2.conv"} {
		found := false
		for _, a := range find(t, body, func(n *html.Node) bool { return n.Data == "a" && attr(n.Parent, "class") != "cap" }) {
			u, err := url.Parse(attr(a, "href"))
			if err != nil || u.Path != "/en/a/"+model {
				continue
			}
			found = true
			if q := u.Query(); q.Get("l") != want || q.Get("step") != "3" || q.Get("cm") != "viridis" {
				t.Errorf("%s: %s, want layer %s", model, u, want)
			}
		}
		if !found {
			t.Errorf("no link to %s", model)
		}
	}
}

// TestSizes: an input size that no network runs at is refused with the bounds, in both languages.
func TestSizes(t *testing.T) {
	s := newSite(t)
	limit := fmt.Sprint(engine.MaxSize)
	for path, want := range map[string]int{
		"/en/a/mini_resnet?size=96": 200, "/en/a/vgg16?size=33": 400, "/ko/a/resnet50?size=416": 400, "/en/a/resnet50?size=99999": 400, "/en/a/inception_v3?size=32": 400,
	} {
		resp, body := s.get(t, path)
		if resp.StatusCode != want || want == 400 && !strings.Contains(body, limit) {
			t.Errorf("%s: status %d, want %d and the limit %s: %.200q", path, resp.StatusCode, want, limit, body)
		}
	}
}

// TestLargerMaps: every miniature that takes a larger input offers it for looking, says at that size what its answer is worth, and
// keeps the layer.
func TestLargerMaps(t *testing.T) {
	s := newSite(t)
	for model, offers := range map[string]bool{"mini_resnet": true, "mini_googlenet": true, "mini_alexnet": false, "resnet18": false} {
		_, body := s.get(t, "/en/a/"+model+"?l=conv1&cm=grey")
		if model == "mini_googlenet" {
			_, body = s.get(t, "/en/a/"+model+"?l=conv1.conv&cm=grey")
		}
		link := ""
		for _, a := range find(t, body, func(n *html.Node) bool {
			return n.Data == "a" && n.FirstChild != nil && n.FirstChild.Data == "128×128"
		}) {
			link = attr(a, "href")
		}
		if link != "" != offers {
			t.Errorf("%s offers %q", model, link)
		}
		if !offers {
			continue
		}
		_, large := s.get(t, link)
		if !strings.Contains(large, "128×128 is for looking") || !strings.Contains(link, "cm=grey") || !strings.Contains(large, "×64×64") {
			t.Errorf("%s: the larger maps are not there or not explained", link)
		}
	}
}

// TestStageNames: the word stage is said once and in the language of the page.
func TestStageNames(t *testing.T) {
	s := newSite(t)
	for path, want := range map[string][2]string{
		"/en/a/mini_resnet?l=block2.conv2&zoom=3": {"Stage 1, 2 blocks", "Stage stage"},
		"/ko/a/mini_resnet?l=block2.conv2&zoom=3": {"단계 1, 블록 2개", "stage 1"},
		"/en/a/resnet50?zoom=3&l=layer1.0.conv1":  {"Stage conv2, 3 blocks", "stage conv2"},
	} {
		_, body := s.get(t, path)
		if !strings.Contains(body, want[0]) || strings.Contains(body, want[1]) {
			t.Errorf("%s: want %q, not %q", path, want[0], want[1])
		}
	}
}

// TestPresentFromEverywhere: every architecture page leads to the projector's screen of the same view.
func TestPresentFromEverywhere(t *testing.T) {
	s := newSite(t)
	for _, view := range []string{"mini_resnet?l=block1.conv2&step=4", "lenet5?img=digit-3-1&l=c3&step=4"} {
		model, state, _ := strings.Cut(view, "?")
		_, body := s.get(t, "/en/a/"+view)
		if want := "/en/a/" + model + "/present?" + state; !strings.Contains(body, `"`+html.EscapeString(want)+`"`) {
			t.Errorf("%s does not lead to %s", view, want)
		}
	}
}

// TestEveryNetworkOpens: no network's page is taken over by another one's, and each link of the variant switch opens what it
// names.
func TestEveryNetworkOpens(t *testing.T) {
	s := newSite(t)
	for _, path := range []string{"/en/a/alexnet", "/en/a/mini_alexnet?l=fc5", "/en/a/mini_vgg?l=fc"} {
		resp, body := s.get(t, path)
		if resp.Request.URL.RequestURI() != path {
			t.Errorf("%s leads to %s", path, resp.Request.URL.RequestURI())
		}
		bar := find(t, body, func(n *html.Node) bool {
			return n.Data == "a" && hasAttr(n.Parent, "aria-label") && attr(n.Parent, "class") == "seg"
		})
		for _, a := range bar {
			to := attr(a, "href")
			if resp, _ := s.get(t, to); resp.StatusCode != 200 || resp.Request.URL.RequestURI() != to {
				t.Errorf("%s: %s opens %s with status %d", path, to, resp.Request.URL.RequestURI(), resp.StatusCode)
			}
		}
	}
}
