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
		lines, ok := analyze.Reconcile(graph(t, tt.model), tt.figure, tt.work)
		if !ok || names(lines) != tt.want {
			t.Errorf("%s %d: %v %q, want %q", tt.model, tt.figure, ok, names(lines), tt.want)
		}
	}
	if lines, ok := analyze.Reconcile(graph(t, "resnet50"), 25_000_000, false); ok {
		t.Errorf("an invented figure was explained by %q", names(lines))
	}
}

func TestCountBy(t *testing.T) {
	g := graph(t, "resnet50")
	own := analyze.Summarize(g).Totals
	for _, tt := range []struct {
		name         string
		c            analyze.Convention
		params, work int64
	}{
		{"as built", analyze.Convention{}, own.Params, own.MACs},
		{"with statistics and biases", analyze.Convention{Biases: "all", Statistics: true}, 25_636_712, own.MACs},
		{"FLOPs", analyze.Convention{FLOPs: true}, own.Params, 2 * own.MACs},
		{"weights only", analyze.Convention{Biases: "none"}, own.Params - 1000, own.MACs},
	} {
		n := analyze.CountBy(g, tt.c)
		if n.Params != tt.params || n.Work != tt.work {
			t.Errorf("%s: %d and %d, want %d and %d", tt.name, n.Params, n.Work, tt.params, tt.work)
		}
		params, work := own.Params, own.MACs
		for _, l := range n.Lines {
			params += l.Params
			work += l.Work
			if len(l.Nodes) == 0 {
				t.Errorf("%s: %s names no node", tt.name, l.Name)
			}
		}
		if n.FLOPs {
			work *= 2
		}
		if params != n.Params || work != n.Work {
			t.Errorf("%s: the lines add up to %d and %d", tt.name, params, work)
		}
	}
	// The reading of "4.12 G" (§6.3): batch normalisation, activations and pools on top of the convolutions.
	n := analyze.CountBy(g, analyze.Convention{Norms: true, Activations: true, Pools: true})
	if gmac := float64(n.Work) / 1e9; gmac < 4.115 || gmac > 4.125 {
		t.Errorf("with everything counted ResNet-50 takes %.4f G", gmac)
	}
}
