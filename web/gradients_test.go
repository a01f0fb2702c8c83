package web

import (
	"testing"

	"stride/web/i18n"
)

// TestGradients holds what the ResNet lesson says of its figure: before training, with batch normalisation, the gradient does
// not fade on its way to the first layer, and without skips it grows the more.
func TestGradients(t *testing.T) {
	s := newSite(t).s
	growth := map[string]float64{}
	for _, name := range []string{"mini_plain31", "mini_resnet31"} {
		v, err := s.gradients.of(s, name)
		if err != nil {
			t.Fatal(err)
		}
		last := v[len(v)-2] // the last convolution; the dense layer comes after the average over the map
		growth[name] = v[0] / last
		for i, x := range v {
			if !(x > 0.1*last) {
				t.Errorf("%s: layer %d gets %g, the last convolution %g", name, i, x, last)
			}
		}
	}
	if p, r := growth["mini_plain31"], growth["mini_resnet31"]; p < 10 || p < 3*r || r < 1 {
		t.Errorf("the gradient grows %.1f times without skips, %.1f times with", p, r)
	}
	for _, l := range i18n.Langs {
		if c, ok := s.gradientChart(wordsOf(l), []string{"mini_plain31", "mini_resnet31"}); !ok || len(c.Data.Rows) != 64 {
			t.Errorf("%v: no chart, or %d rows", l, len(c.Data.Rows))
		}
	}
}
