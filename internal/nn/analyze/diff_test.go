package analyze_test

import (
	"fmt"
	"strings"
	"testing"

	"stride/internal/nn"
	"stride/internal/nn/analyze"
	"stride/internal/nn/arch"
)

func graph(t testing.TB, name string) *nn.Graph {
	t.Helper()
	a, err := arch.ByName(name)
	if err != nil {
		t.Fatal(err)
	}
	g, err := a.Graph()
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// kinds counts the nodes of a fate by kind: "add 16, conv 3".
func kinds(c *analyze.Comparison, f analyze.Fate) string {
	n := map[nn.Kind]int{}
	for _, s := range c.Steps {
		if s.Fate != f {
			continue
		}
		if s.B != nil {
			n[s.B.Op.Kind()]++
		} else {
			n[s.A.Op.Kind()]++
		}
	}
	return strings.TrimSuffix(strings.TrimPrefix(fmt.Sprint(n), "map["), "]")
}

// changes lists the changed nodes with what changed, size left out.
func changes(c *analyze.Comparison) []string {
	var out []string
	for _, s := range c.Steps {
		if s.Fate != analyze.Changed {
			continue
		}
		t := s.B.Path
		for _, f := range s.Changes {
			if f.Field != "size" {
				t += fmt.Sprintf(" %s %s→%s", f.Field, f.From, f.To)
			}
		}
		out = append(out, t)
	}
	return out
}

func TestDiffPresets(t *testing.T) {
	for _, tt := range []struct {
		a, b                       string
		inserted, removed, changed string
		changes                    []string
	}{
		// VGG-19 is VGG-16 with one more convolution in each of the last three stages (Simonyan, Zisserman 2014, Table 1).
		{"vgg16", "vgg19", "conv:3 relu:3", "", "", nil},
		{"vgg16", "vgg16_bn", "batchnorm:13", "", "", nil},
		// A ResNet-34 is a plain-34 with 16 shortcuts, of which three project (He et al. 2015, Fig. 3).
		{"plain34", "resnet34", "add:16 batchnorm:3 conv:3", "", "", nil},
		{"cifar_plain20", "cifar_resnet20", "add:9 padchannels:2 stride:2", "", "", nil},
		// Between v1 and v1.5 the stride of three blocks moves from the first 1×1 to the 3×3.
		{"resnet50_v1", "resnet50", "", "", "conv:6", []string{
			"layer2.0.conv1 stride 2→1", "layer2.0.conv2 stride 1→2", "layer3.0.conv1 stride 2→1", "layer3.0.conv2 stride 1→2", "layer4.0.conv1 stride 2→1", "layer4.0.conv2 stride 1→2"}},
		{"alexnet_ungrouped", "alexnet_paper", "", "", "conv:3", []string{"conv2 groups 1→2", "conv4 groups 1→2", "conv5 groups 1→2"}},
		{"resnet50", "resnet101", "add:17 batchnorm:51 conv:51 relu:51", "", "", nil},
	} {
		t.Run(tt.a+" "+tt.b, func(t *testing.T) {
			a, b := graph(t, tt.a), graph(t, tt.b)
			c := analyze.Diff(a, b)
			for _, f := range []struct {
				fate analyze.Fate
				want string
			}{{analyze.Inserted, tt.inserted}, {analyze.Removed, tt.removed}, {analyze.Changed, tt.changed}} {
				if got := kinds(c, f.fate); got != f.want {
					t.Errorf("%s: %q, want %q", f.fate, got, f.want)
				}
			}
			if got := changes(c); tt.changes != nil && strings.Join(got, "; ") != strings.Join(tt.changes, "; ") {
				t.Errorf("changes:\n got %s\nwant %s", strings.Join(got, "\n     "), strings.Join(tt.changes, "\n     "))
			}
			checkSums(t, c)
		})
	}
}

// checkSums holds a comparison to the two summaries, and its steps to the run orders.
func checkSums(t *testing.T, c *analyze.Comparison) {
	t.Helper()
	a, b := analyze.Summarize(c.A).Totals, analyze.Summarize(c.B).Totals
	if c.Params != b.Params-a.Params || c.MACs != b.MACs-a.MACs || c.Bytes != b.ActivationBytes-a.ActivationBytes {
		t.Errorf("differences %d, %d, %d do not add up", c.Params, c.MACs, c.Bytes)
	}
	i, j := 0, 0
	for _, s := range c.Steps {
		if s.A != nil {
			if s.A != c.A.Main()[i] {
				t.Fatalf("node %q is out of order", s.A.Path)
			}
			i++
		}
		if s.B != nil {
			if s.B != c.B.Main()[j] {
				t.Fatalf("node %q is out of order", s.B.Path)
			}
			j++
		}
	}
	if i != len(c.A.Main()) || j != len(c.B.Main()) {
		t.Errorf("%d and %d steps for %d and %d nodes", i, j, len(c.A.Main()), len(c.B.Main()))
	}
}

func TestDiffFormsOfPapers(t *testing.T) {
	c := analyze.Diff(graph(t, "alexnet_paper"), graph(t, "alexnet"))
	checkSums(t, c)
	if got := kinds(c, analyze.Removed); got != "dropout:1 lrn:2" {
		t.Errorf("removed %q, want the two normalisations and the dropout that moved", got)
	}
	// The single tower has no groups and 64, 192, 384, 256, 256 filters instead of 96, 256, 384, 384, 256.
	want := []string{"features.0 padding 0→2 channels 96→64", "features.3 groups 2→1 channels 256→192", "features.8 groups 2→1 channels 384→256", "features.10 groups 2→1"}
	if got := changes(c); strings.Join(got, "; ") != strings.Join(want, "; ") {
		t.Errorf("changes:\n got %s\nwant %s", strings.Join(got, "\n     "), strings.Join(want, "\n     "))
	}

	c = analyze.Diff(graph(t, "googlenet_paper"), graph(t, "googlenet"))
	checkSums(t, c)
	if got := kinds(c, analyze.Removed); got != "avgpool:1 lrn:2" {
		t.Errorf("removed %q", got)
	}
	if got := kinds(c, analyze.Inserted); got != "adaptiveavgpool:1 batchnorm:57" {
		t.Errorf("inserted %q, want a batch normalisation for each of 57 convolutions", got)
	}
	five := 0
	for _, s := range changes(c) {
		if strings.Contains(s, "kernel 5→3") {
			five++
		}
	}
	if five != 9 {
		t.Errorf("%d kernels became 3×3, want those of nine modules", five)
	}
}

func TestDiffOfItself(t *testing.T) {
	for _, name := range []string{"inception_v3", "densenet121", "mini_efficientnet"} {
		g := graph(t, name)
		c := analyze.Diff(g, g)
		if c.Count(analyze.Kept) != len(g.Main()) || len(c.Steps) != len(g.Main()) {
			t.Errorf("%s: %d of %d steps kept", name, c.Count(analyze.Kept), len(c.Steps))
		}
	}
}

func TestShares(t *testing.T) {
	for _, a := range arch.All() {
		g := graph(t, a.Name)
		tot := analyze.Summarize(g).Totals
		for what, parts := range map[string][]analyze.Share{"bands": analyze.ByBand(g), "classes": analyze.ByClass(g)} {
			var p, m int64
			for _, s := range parts {
				p += s.Params
				m += s.MACs
			}
			if p != tot.Params || m != tot.MACs {
				t.Errorf("%s: %s add up to %d and %d, want %d and %d", a.Name, what, p, m, tot.Params, tot.MACs)
			}
		}
	}
	// The dense layers' shares are those of the curriculum, §6.2.
	for name, want := range map[string]int64{"lenet5": 11014, "alexnet_paper": 58631144, "vgg16": 123642856, "googlenet_paper": 1025000, "resnet50": 2049000, "mobilenet_v1": 1025000, "densenet121": 1025000, "efficientnet_b0": 1281000} {
		bands := analyze.ByBand(graph(t, name))
		if got := bands[len(bands)-1]; got.Name != string(analyze.Dense) || got.Params != want {
			t.Errorf("%s: %d dense parameters, want %d", name, got.Params, want)
		}
	}
	for _, s := range analyze.ByClass(graph(t, "mobilenet_v1")) {
		// Howard et al. 2017, Table 2: 3.06 % of the mult-adds.
		if share := 100 * float64(s.MACs) / 568_740_352; s.Name == "depthwise" && (share < 3.055 || share > 3.065) {
			t.Errorf("MobileNet v1: %.3f %% of the MACs are depthwise", share)
		}
	}
}
