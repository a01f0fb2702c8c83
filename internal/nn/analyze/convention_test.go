package analyze_test

import (
	"strings"
	"testing"

	"stride/internal/nn/analyze"
)

func names(lines []analyze.Difference) string {
	var l []string
	for _, d := range lines {
		l = append(l, d.Name)
	}
	return strings.Join(l, " ")
}

// TestReconcile explains the figures in circulation that are listed in the curriculum, §6.3.
func TestReconcile(t *testing.T) {
	for _, tt := range []struct {
		model  string
		figure int64
		work   bool
		want   string
	}{
		{"resnet50", 25_557_032, false, ""},
		{"resnet50", 25_636_712, false, "statistics all_biases"},
		{"resnet50", 25_610_152, false, "statistics"},
		{"resnet50", 25_556_032, false, "last_bias"},
		{"resnet50_v1", 3_858_026_368, true, "norm_channels"},
		{"resnet50", 2 * 4_089_184_256, true, "flops"},
		{"mobilenet_v1", 4_253_864, false, "statistics"},
		{"densenet121", 8_062_504, false, "statistics"},
		{"googlenet", 13_004_888, false, "aux"},
		{"googlenet_paper", 13_378_280, false, "aux"},
		{"inception_v3", 27_161_264, false, "aux"},
	} {
		lines, ok := analyze.Reconcile(graph(t, tt.model), tt.work, exactly(tt.figure))
		if !ok || names(lines) != tt.want {
			t.Errorf("%s %d: %v %q, want %q", tt.model, tt.figure, ok, names(lines), tt.want)
		}
	}
	if lines, ok := analyze.Reconcile(graph(t, "resnet50"), false, exactly(25_000_000)); ok {
		t.Errorf("an invented figure was explained by %q", names(lines))
	}
}

func exactly(figure int64) func(int64) bool {
	return func(count int64) bool { return count == figure }
}

// TestEverythingCounted is the reading of "4.12 G" for ResNet-50 (§6.3): batch normalisation, activations and pools on top of
// the convolutions.
func TestEverythingCounted(t *testing.T) {
	g := graph(t, "resnet50")
	work := analyze.Summarize(g).Totals.MACs
	for _, d := range analyze.Differences(g) {
		switch d.Name {
		case "norm_values", "activations", "pools":
			work += d.Work
		}
		if d.Name != "flops" && len(d.Nodes) == 0 {
			t.Errorf("%s names no node", d.Name)
		}
	}
	if gmac := float64(work) / 1e9; gmac < 4.115 || gmac > 4.125 {
		t.Errorf("with everything counted ResNet-50 takes %.4f G", gmac)
	}
}
