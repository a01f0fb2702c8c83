package explain

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"stride/internal/nn"
	"stride/internal/nn/arch"
	"stride/internal/nn/kernel"
	"stride/internal/nn/nntest/golden"
	"stride/internal/nn/tensor"
)

// goldenFile is a file of testdata, written by testdata/gen/gradcam.py.
type goldenFile struct {
	Model string
	Gain  float64
	Side  int
	Class int
	Logit float64
	Maps  []struct {
		Node    string
		Weights []float64
		Shape   []int
		Step    int // the file holds every Step-th value of the map
		Map     []float64
		Max     float64
	}
	SaliencyStep int `json:"saliency_step"`
	Saliency     []float64
}

// TestLikePyTorch holds Grad-CAM at several depths and saliency of three torchvision networks to PyTorch's in float64.
func TestLikePyTorch(t *testing.T) {
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) != 3 {
		t.Fatalf("%d golden files, want 3 (%v)", len(files), err)
	}
	team := kernel.NewTeam(2)
	defer team.Close()
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var want goldenFile
		if err := json.Unmarshal(b, &want); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		t.Run(want.Model, func(t *testing.T) { checkGolden(t, &want, team) })
	}
}

func checkGolden(t *testing.T, want *goldenFile, team nn.Workers) {
	a, err := arch.ByName(strings.TrimPrefix(want.Model, "tv_")) // the golden files mark torchvision's own forms
	if err != nil {
		t.Fatal(err)
	}
	in := tensor.CHW(3, want.Side, want.Side)
	g, err := a.GraphAt(in)
	if err != nil {
		t.Fatal(err)
	}
	cfg := Config{Class: want.Class, Saliency: true, Workers: team}
	for _, m := range want.Maps {
		cfg.Nodes = append(cfg.Nodes, g.Node(m.Node))
	}
	r, err := Run(context.Background(), g, golden.Input(in), golden.Weights(g, want.Gain), cfg)
	if err != nil {
		t.Fatal(err)
	}
	compare(t, "logit", []float32{r.Logits[want.Class]}, []float64{want.Logit})
	for i, m := range want.Maps {
		got, _ := r.Of(cfg.Nodes[i])
		compare(t, m.Node+" weights", got.Weights[:len(m.Weights)], m.Weights)
		if s := got.Map.Shape; s.H != m.Shape[0] || s.W != m.Shape[1] {
			t.Fatalf("%s: the map is %v, want %v", m.Node, s, m.Shape)
		}
		compare(t, m.Node+" map", every(got.Map.Data, m.Step), m.Map)
		compare(t, m.Node+" maximum", []float32{got.Max}, []float64{m.Max})
	}
	compare(t, "saliency", every(r.Saliency.Data, want.SaliencyStep), want.Saliency)
}

func every(v []float32, step int) (l []float32) {
	for i := 0; i < len(v); i += step {
		l = append(l, v[i])
	}
	return l
}

// compare allows what float32 costs: a thousandth of the largest value, because a ReLU near 0 may be on or off.
func compare(t *testing.T, what string, got []float32, want []float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d values, want %d", what, len(got), len(want))
	}
	size, worst, at := 0.0, 0.0, 0
	for i, w := range want {
		size = max(size, math.Abs(w))
		if d := math.Abs(float64(got[i]) - w); d > worst {
			worst, at = d, i
		}
	}
	if worst > 1e-3*size {
		t.Errorf("%s: value %d is %v, want %v (largest %v)", what, at, got[at], want[at], size)
	}
	t.Logf("%s: worst error %.1e of the largest", what, worst/size)
}
