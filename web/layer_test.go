package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"stride/internal/nn/arch"
)

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

// TestGateNote: where a receptive field leaves gates out, the page says so, from the first gate on.
func TestGateNote(t *testing.T) {
	s := newSite(t)
	tr := traceOf(t, s.s, "mini_efficientnet", "")
	before, behind := 0, 0
	gate := false
	for _, n := range tr.model.Graph.Main() {
		gate = gate || n.Op.Kind() == "mul"
		note := tr.facts(n)[3].Note
		switch {
		case tr.summary.Row(n).Field.Whole:
			if note != "" {
				t.Errorf("%s sees the whole picture, and %q", n.Path, note)
			}
		case gate && note == "":
			t.Errorf("%s stands behind a gate and does not say that its field leaves it out", n.Path)
		case gate:
			behind++
		case note != "":
			t.Errorf("%s stands before every gate, and says %q", n.Path, note)
		default:
			before++
		}
	}
	if before == 0 || behind == 0 {
		t.Errorf("%d layers before and %d behind a gate", before, behind)
	}
}

// TestVectorFoot: bars of a vector stand on the lower edge where nothing is negative, and use the whole height.
func TestVectorFoot(t *testing.T) {
	s := newSite(t)
	tr := traceOf(t, s.s, "mini_resnet", "")
	for path, signed := range map[string]bool{"softmax": false, "fc": true} {
		n := tr.model.Graph.Node(path)
		x := tr.out(t.Context(), n)
		if got := tr.strip(n, x, 0); got.Signed != signed {
			t.Errorf("%s: signed %v", path, got.Signed)
		}
	}
	_, body := s.get(t, "/en/a/mini_resnet?l=softmax")
	bars := find(t, body, func(n *html.Node) bool {
		return n.Data == "rect" && strings.HasPrefix(attr(n, "class"), "warm") && attr(n, "height") == "100"
	})
	if len(bars) == 0 {
		t.Error("no bar has the full height")
	}
	open := find(t, body, func(n *html.Node) bool {
		return n.Data == "details" && attr(n, "class") == "contrib" && hasAttr(n, "open")
	})
	if len(open) != 1 || !strings.Contains(body, "of its 36 classes") {
		t.Errorf("the terms of the softmax are folded away: %d", len(open))
	}
}

// TestCostFormula: a product that explains a number never is the number itself.
func TestCostFormula(t *testing.T) {
	s := newSite(t)
	for _, model := range []string{"lenet5", "mini_alexnet", "mini_efficientnet"} {
		tr := traceOf(t, s.s, model, "")
		for _, n := range tr.model.Graph.Main() {
			f := tr.facts(n)[2].Formula
			product, result, ok := strings.Cut(f, " = ")
			if !ok {
				continue
			}
			v, _ := numbers(product)
			got := 1.0
			for _, x := range v {
				got *= x
			}
			if want, _ := numbers(result); len(v) < 2 || got != want[0] {
				t.Errorf("%s %s: %s", model, n.Path, f)
			}
		}
	}
}
