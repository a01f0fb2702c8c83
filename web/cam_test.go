package web

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/html"

	"stride/internal/nn/arch"
	"stride/internal/nn/explain"
)

// TestCAMLayers: the slider leads through what every layer hands on, from the first to the last that has maps, each picture is
// there, and no edited network is explained by the gradients of another.
func TestCAMLayers(t *testing.T) {
	s := newSite(t)
	for _, model := range []string{"mini_resnet", "mini_googlenet", "mini_densenet"} {
		a, err := arch.ByName(model)
		if err != nil {
			t.Fatal(err)
		}
		g, err := a.Graph()
		if err != nil {
			t.Fatal(err)
		}
		layers := camLayers(g)
		seen := map[string]bool{}
		for i, n := range layers {
			if seen[n.Path] || n.Shape.PlaneLen() < 2 || n == g.Input || camPlace(n, layers) != i+1 {
				t.Errorf("%s: layer %d is %s, at place %d", model, i+1, n.Path, camPlace(n, layers))
			}
			seen[n.Path] = true
		}
		for _, at := range []int{1, len(layers)/2 + 1, len(layers), len(layers) + 50} {
			_, body := s.get(t, fmt.Sprintf("/en/a/%s?cam=1&at=%d", model, at))
			want := layers[min(at, len(layers))-1].Path
			img := find(t, body, func(n *html.Node) bool { return n.Data == "img" && attr(n.Parent, "id") == "cam" })
			if len(img) != 1 || !strings.Contains(attr(img[0], "src"), "/n/"+want+"/cam.png") {
				t.Errorf("%s at %d: want the map of %s: %.300s", model, at, want, body[strings.Index(body, `id="cam"`)+1:])
				continue
			}
			if resp, png := s.get(t, attr(img[0], "src")); resp.StatusCode != 200 || !strings.HasPrefix(png, "\x89PNG") {
				t.Errorf("%s: status %d", attr(img[0], "src"), resp.StatusCode)
			}
		}
	}
	_, body := s.get(t, "/en/a/mini_resnet?cam=1&edit=block1.bn2:*:0")
	if strings.Contains(body, "cam.png") {
		t.Error("an edited network is explained by the gradients of the unedited one")
	}
}

// TestCams: many requests for one pass wait for one computation; a failed one is tried again; old ones are forgotten.
func TestCams(t *testing.T) {
	var c cams
	var mu sync.Mutex
	runs := 0
	compute := func() (*explain.Result, error) {
		mu.Lock()
		defer mu.Unlock()
		if runs++; runs == 1 {
			return nil, context.Canceled
		}
		return &explain.Result{Class: 7}, nil
	}
	key := camKey{"job", 7}
	if _, err := c.get(t.Context(), key, compute); !errors.Is(err, context.Canceled) {
		t.Errorf("the first error is %v", err)
	}
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if r, err := c.get(t.Context(), key, compute); err != nil || r.Class != 7 {
				t.Errorf("%v, %v", r, err)
			}
		})
	}
	wg.Wait()
	if runs != 2 {
		t.Errorf("computed %d times, want a failure and a success", runs)
	}
	for i := range maxCams {
		if _, err := c.get(t.Context(), camKey{"other", i}, compute); err != nil {
			t.Fatal(err)
		}
	}
	if _, mine := c.entry(key); !mine || len(c.last) > maxCams {
		t.Errorf("%d passes are remembered, the oldest among them: %v", len(c.last), !mine)
	}
}
