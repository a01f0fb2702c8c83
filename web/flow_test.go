package web

import (
	"slices"
	"strings"
	"testing"

	"stride/internal/nn/arch"
)

// TestFlowStages: the row of pictures shows what stages hand on, smaller and smaller, in every network.
func TestFlowStages(t *testing.T) {
	for _, a := range arch.All() {
		g, err := a.Graph()
		if err != nil {
			t.Fatal(err)
		}
		l := flowStages(g, 5)
		if len(l) < 2 {
			t.Errorf("%s: %d stages", a.Name, len(l))
		}
		for i, n := range l[1:] {
			if slices.Index(g.Main(), n) <= slices.Index(g.Main(), l[i]) || n.Shape.H >= l[i].Shape.H {
				t.Errorf("%s: %s %v follows %s %v", a.Name, n.Path, n.Shape, l[i].Path, l[i].Shape)
			}
		}
	}
	for name, want := range map[string]string{
		"resnet50":        "64×112×112 256×56×56 512×28×28 1,024×14×14 2,048×7×7",
		"densenet121":     "64×112×112 256×56×56 512×28×28 1,024×14×14 1,024×7×7",
		"mobilenet_v2":    "16×112×112 24×56×56 32×28×28 96×14×14 1,280×7×7",
		"googlenet":       "64×112×112 192×56×56 480×28×28 832×14×14 1,024×7×7",
		"efficientnet_b0": "16×112×112 24×56×56 40×28×28 112×14×14 1,280×7×7",
		"mini_mobilenet":  "24×32×32 48×16×16 256×8×8",
		"vgg16":           "64×224×224 128×112×112 256×56×56 512×28×28 512×14×14 512×7×7",
	} {
		a, err := arch.ByName(name)
		if err != nil {
			t.Fatal(err)
		}
		g, err := a.Graph()
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, n := range flowStages(g, 6) {
			got = append(got, shapeText(n.Shape))
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%s: %s, want %s", name, s, want)
		}
	}
}
