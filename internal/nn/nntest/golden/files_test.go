package golden

import (
	"errors"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"stride/internal/nn"
	"stride/internal/nn/tensor"
)

// models lists the model files; the test is skipped where the repository's goldens are not at hand.
func models(t *testing.T) []string {
	t.Helper()
	root, err := moduleRoot()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, dir := range []string{filepath.Join(root, "testdata", "goldens"), filepath.Join(sharedDir(), "goldens")} {
		l, err := filepath.Glob(filepath.Join(dir, "*.json*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range l {
			n, _, _ := strings.Cut(filepath.Base(p), ".")
			if n != "ops" && !strings.HasPrefix(n, "grad_") {
				names = append(names, n)
			}
		}
		if len(names) > 0 {
			return names
		}
	}
	t.Skip("no golden files: neither testdata/goldens nor STRIDE_SHARED")
	return nil
}

// Every file's own tensors and picture must be those of the formula.
func TestFilesFollowTheFormula(t *testing.T) {
	for _, name := range models(t) {
		t.Run(name, func(t *testing.T) {
			m := LoadModel(t, name)
			if len(m.Tensors) == 0 || len(m.Layers) == 0 || len(m.Activations) == 0 {
				t.Fatalf("%d tensors, %d layers, %d activations", len(m.Tensors), len(m.Layers), len(m.Activations))
			}
			for _, f := range m.Tensors {
				p := nn.ParamSpec{Dims: f.Shape, Role: nn.Role(f.Role)}
				if lo, hi := Range(p.Role, p.FanIn(), m.Gain); lo != f.Lo || hi != f.Hi {
					t.Fatalf("%s: range [%v, %v), want [%v, %v)", f.Name, lo, hi, f.Lo, f.Hi)
				}
				for i, v := range Values(f.Name, len(f.First), f.Lo, f.Hi) {
					if float64(v) != f.First[i] {
						t.Fatalf("%s[%d] = %v, want %v", f.Name, i, v, f.First[i])
					}
				}
			}
			x := Input(Shape(m.ActInputShape))
			if _, err := CompareActivation(&m.Activations[0], x, Exact); err != nil {
				t.Errorf("input: %v", err)
			}
		})
	}
}

func TestGradientAndOpsFiles(t *testing.T) {
	models(t)
	g := LoadGradients(t, "lenet5")
	if len(g.Grads) != len(g.Tensors) || len(g.ParamsAfter) != len(g.Tensors) || len(g.Losses) != 4 || g.SGD.LR != 0.1 || g.EvalBN() {
		t.Errorf("grad_lenet5: %d gradients of %d tensors, losses %v, sgd %+v", len(g.Grads), len(g.Tensors), g.Losses, g.SGD)
	}
	for _, c := range LoadOps(t) {
		n := 1
		for _, d := range c.Shape {
			n *= d
		}
		if n != len(c.Values) || len(c.Inputs[0].Values()) == 0 {
			t.Errorf("%s: %d values for shape %v", c.Name(), len(c.Values), c.Shape)
		}
		if c.Op == "conv" && len(Attr[[]int](c, "kernel")) != 2 {
			t.Errorf("%s: no kernel", c.Name())
		}
	}
}

func summary(x *tensor.Tensor) *Activation {
	s := x.Stats()
	a := &Activation{Std: s.Std, Min: s.Min, Max: s.Max, AbsMean: s.AbsMean}
	a.Shape = []int{x.Shape.N, x.Shape.C, x.Shape.H, x.Shape.W}
	a.Mean, a.L2, a.Proj = s.Mean, s.L2, Probe(x.Data)
	a.Idx, a.Val = []int{0, 7}, []float64{float64(x.Data[0]), float64(x.Data[7])}
	return a
}

func TestCompareFindsEveryFault(t *testing.T) {
	x := Input(tensor.CHW(2, 8, 8))
	want := summary(x)
	if rel, err := CompareActivation(want, x, Exact); err != nil || rel != 0 {
		t.Fatalf("an equal tensor: %v, %v", rel, err)
	}
	for name, spoil := range map[string]func(*tensor.Tensor){
		"sample":       func(y *tensor.Tensor) { y.Data[7] += 1e-3 },
		"NaN":          func(y *tensor.Tensor) { y.Data[30] = float32(math.NaN()) },
		"other values": func(y *tensor.Tensor) { y.Data[30] += 0.01 },
		// the same values in other places: only the probe sees it
		"swapped": func(y *tensor.Tensor) { y.Data[30], y.Data[90] = y.Data[90], y.Data[30] },
		"shape":   func(y *tensor.Tensor) { y.Shape = tensor.CHW(2, 4, 16) },
	} {
		y := x.Clone()
		spoil(y)
		if _, err := CompareActivation(want, y, Exact); err == nil {
			t.Errorf("%s: not found", name)
		}
	}
	g := &Summary{Name: "w", L2: want.L2, Proj: want.Proj, Idx: want.Idx, Val: want.Val}
	if _, err := CompareGradient(g, x.Data, Exact); err != nil {
		t.Error(err)
	}
	y := x.Clone()
	y.Data[3] *= -1
	if _, err := CompareGradient(g, y.Data, Exact); err == nil {
		t.Error("a flipped sign in a gradient was not found")
	}
}

type plain struct{ nn.Op }

func (plain) Kind() nn.Kind { return "plain" }

func TestComparer(t *testing.T) {
	x := Input(tensor.CHW(2, 8, 8))
	a, b := summary(x), summary(x)
	a.Name, b.Name = "a", "b"
	m := &Model{Name: "m", Activations: []Activation{*a, *b}, Logits: []float64{1, 3, 2}, Top5: []int{1, 2, 0}, Top6Values: []float64{3, 2, 1}}
	node := func(p string) *nn.Node { return &nn.Node{Path: p, Op: plain{}} }
	logits := func(v ...float32) *tensor.Tensor { return tensor.Of(tensor.Vec(1, len(v)), v) }

	c := m.Compare()
	if err := c.Tap(node("a"), x); err != nil {
		t.Fatal(err)
	}
	if err := c.Done(logits(1, 3, 2)); err == nil || !strings.Contains(err.Error(), `"b"`) {
		t.Errorf("a node that never ran: %v", err)
	}
	y := x.Clone()
	y.Data[0] = 9
	if err := c.Tap(node("b"), y); err == nil || !strings.Contains(err.Error(), `"b"`) {
		t.Errorf("a wrong node: %v", err)
	}
	if c.WorstNode != "b" {
		t.Errorf("worst node %q, want b", c.WorstNode)
	}
	if err := c.Tap(node("zzz"), x); err == nil {
		t.Error("a node that the file does not know passed")
	}
	if err := c.Done(logits(1, 3, 2)); err != nil {
		t.Error(err)
	}
	if err := c.Done(logits(3, 1, 2)); err == nil || errors.Is(err, nn.ErrStop) {
		t.Errorf("wrong logits: %v", err)
	}
}
