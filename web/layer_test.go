package web

import (
	"net/http"
	"net/url"
	"testing"

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
