package weights_test

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"stride/internal/nn"
	"stride/internal/nn/tensor"
	"stride/internal/nn/weights"
)

// without is the initial set of g minus the keys that drop names, plus the given arrays of zeros.
func without(g *nn.Graph, drop func(string) bool, add map[string][]int) *weights.Set {
	s := weights.Init(g, 1).Subset(func(k string) bool { return drop == nil || !drop(k) })
	var keys []string
	for k := range add {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		n := 1
		for _, d := range add[k] {
			n *= d
		}
		s.Add(k, add[k], make([]float32, n))
	}
	return s
}

func prefix(p ...string) func(string) bool {
	return func(k string) bool {
		return slices.ContainsFunc(p, func(p string) bool { return strings.HasPrefix(k, p) })
	}
}

func TestCheckListsEverything(t *testing.T) {
	g := small(t)
	s := without(g, prefix("layer1.conv", "fc.bias", "layer1.bn.bias"), map[string][]int{"layer1.bn.bias": {4}, "extra.weight": {2}, "head": {1}, "layer1.bn.num_batches_tracked": {}})
	err := weights.Check(g, s)
	var m *weights.Mismatch
	if !errors.As(err, &m) {
		t.Fatalf("got %v, want a *Mismatch", err)
	}
	want := &weights.Mismatch{Missing: []string{"layer1.conv.weight", "fc.bias"}, Unexpected: []string{"extra.weight", "head"},
		Shapes: []weights.ShapeMismatch{{Key: "layer1.bn.bias", Got: []int{4}, Want: []int{8}}}}
	if !reflect.DeepEqual(m, want) {
		t.Errorf("got %+v, want %+v", m, want)
	}
	for _, part := range []string{"layer1.conv.weight", "fc.bias", "extra.weight", "head", "layer1.bn.bias: [4], want [8]"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("the text lacks %q:\n%v", part, err)
		}
	}
}

func TestCheckAllows(t *testing.T) {
	g := small(t)
	for name, s := range map[string]*weights.Set{
		"complete":          weights.Init(g, 1),
		"no auxiliary head": without(g, prefix("aux1"), nil),
		"dense as 1×1 conv": without(g, prefix("fc.weight"), map[string][]int{"fc.weight": {10, 8, 1, 1}}),
		"dense as 2×2 conv": without(g, prefix("fc.weight"), map[string][]int{"fc.weight": {10, 2, 2, 2}}),
		"counters":          without(g, nil, map[string][]int{"layer1.bn.num_batches_tracked": {}}),
	} {
		if err := weights.Check(g, s); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	half := without(g, prefix("aux1.fc.bias"), nil)
	if err := weights.Check(g, half); err == nil {
		t.Error("half an auxiliary head passed")
	}
	transposed := without(g, prefix("fc.weight"), map[string][]int{"fc.weight": {8, 10}})
	if err := weights.Check(g, transposed); err == nil {
		t.Error("a transposed dense layer passed")
	}
}

func TestFit(t *testing.T) {
	g := small(t)
	for name, c := range map[string]struct {
		rename func(string) string
		note   string
	}{
		"as is":              {func(k string) string { return k }, ""},
		"module prefix":      {func(k string) string { return "module." + k }, "module."},
		"module in between":  {func(k string) string { return strings.Replace(k, "layer1.", "layer1.module.", 1) }, "module."},
		"classifier renamed": {func(k string) string { return strings.Replace(k, "fc.", "linear.", 1) }, `"linear" taken as the classifier "fc"`},
		"both": {func(k string) string {
			return "module." + strings.Replace(strings.Replace(k, "aux1.fc.", "aux1.x.", 1), "fc.", "linear.", 1)
		}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := without(g, prefix("aux1"), nil).Rename(c.rename)
			if err != nil {
				t.Fatal(err)
			}
			f, err := weights.Fit(g, s)
			if err != nil {
				t.Fatal(err)
			}
			if notes := strings.Join(f.Notes, "; "); !strings.Contains(notes, c.note) || c.rename("fc.x") == "fc.x" && c.rename("layer1.y") == "layer1.y" && notes != "" {
				t.Errorf("notes %q, want %q", notes, c.note)
			}
			if f.Values("fc.weight") == nil {
				t.Error("fc.weight is missing")
			}
		})
	}
}

// Two candidates, or one of another shape, are no match: the mismatch is reported instead.
func TestFitDoesNotGuess(t *testing.T) {
	g := small(t)
	for name, add := range map[string]map[string][]int{
		"two candidates": {"a.weight": {10, 8}, "a.bias": {10}, "b.weight": {10, 8}, "b.bias": {10}},
		"another shape":  {"a.weight": {11, 8}, "a.bias": {11}},
	} {
		var m *weights.Mismatch
		if _, err := weights.Fit(g, without(g, prefix("fc", "aux1"), add)); !errors.As(err, &m) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestFitDenseNet(t *testing.T) {
	g, err := nn.Build(tensor.CHW(3, 4, 4), func(b *nn.Builder, x *nn.Node) *nn.Node {
		l := b.Scope("features").Scope("denseblock1").Scope("denselayer12")
		x = l.Add("norm1", norm(3), x)
		return l.Add("conv1", conv(4, 3, 1), x)
	})
	if err != nil {
		t.Fatal(err)
	}
	s, err := weights.Init(g, 1).Rename(func(k string) string {
		return strings.NewReplacer("norm1", "norm.1", "conv1", "conv.1").Replace(k)
	})
	if err != nil {
		t.Fatal(err)
	}
	f, err := weights.Fit(g, s)
	if err != nil || len(f.Notes) != 1 || !strings.Contains(f.Notes[0], "DenseNet") {
		t.Errorf("notes %v, error %v", f.Notes, err)
	}
}
