package model

import (
	"context"
	"math"
	"testing"

	"stride/internal/nn"
	"stride/internal/nn/arch"
	"stride/internal/nn/nntest/golden"
	"stride/internal/nn/tensor"
)

// TestEditedEqualsPlain holds a run that computes only downstream of its edits against one that computes everything, with
// and without the values of the unedited run, and counts what was computed.
func TestEditedEqualsPlain(t *testing.T) {
	for _, c := range []struct{ model, node string }{
		{"cifar_resnet20", "layer2.1.bn2"},     // fused into the sum after it
		{"cifar_resnet20", "layer2.1.relu1"},   // inside a branch
		{"cifar_resnet20", "layer2.0.relu2"},   // read by a branch and a skip
		{"cifar_resnet20", "conv1"},            // the first node: everything is downstream
		{"mini_googlenet", "inception_3a.cat"}, // a joint of branches
	} {
		a, err := arch.ByName(c.model)
		if err != nil {
			t.Fatal(err)
		}
		m, err := Untrained(a, tensor.Shape{}, 3)
		if err != nil {
			t.Fatal(err)
		}
		n := m.Graph.Node(c.node)
		if n == nil {
			t.Fatalf("%s has no node %s", c.model, c.node)
		}
		x := golden.Input(m.Graph.Input.Shape)
		base := record(t, m, x, RunConfig{})
		edit := RunConfig{Edited: []*nn.Node{n}, Edit: func(o *nn.Node, out *tensor.Tensor) {
			if o == n {
				for i := range out.Data {
					out.Data[i] *= 0.25
				}
			}
		}}
		plain := edit
		plain.Plain = true
		want := record(t, m, x, plain)
		again := edit
		again.Known = func(n *nn.Node) *tensor.Tensor { return base[n] }
		for name, cfg := range map[string]RunConfig{"plan": edit, "known": again} {
			got := record(t, m, x, cfg)
			for _, n := range m.Graph.Main() {
				if out, ok := got[n]; !ok {
					t.Errorf("%s, %s, %s: %s was not reported", c.model, c.node, name, n.Path)
				} else if out != nil && worst(out.Data, want[n].Data) > 1e-4 {
					t.Errorf("%s, %s, %s: %s differs by %g", c.model, c.node, name, n.Path, worst(out.Data, want[n].Data))
				}
			}
			dirty := m.downstream(cfg.Edited)
			for _, n := range m.Graph.Main() {
				if dirty[n.ID] && got[n] == nil {
					t.Errorf("%s, %s, %s: %s has no values", c.model, c.node, name, n.Path)
				}
				if name == "known" && !dirty[n.ID] && n != m.Graph.Input && base[n] != nil && got[n] != base[n] {
					t.Errorf("%s, %s: %s was computed again", c.model, c.node, n.Path)
				}
			}
		}
	}
}

// record keeps what a run reports; a node without a value is there with nil.
func record(t *testing.T, m *Model, x *tensor.Tensor, cfg RunConfig) map[*nn.Node]*tensor.Tensor {
	t.Helper()
	all := map[*nn.Node]*tensor.Tensor{}
	cfg.Threads = 2
	cfg.Tap = func(n *nn.Node, read func() *tensor.Tensor) error {
		all[n] = nil
		if read != nil {
			all[n] = read()
		}
		return nil
	}
	if _, err := m.Run(context.Background(), x, cfg); err != nil {
		t.Fatal(err)
	}
	return all
}

// worst is the largest difference relative to the largest value.
func worst(a, b []float32) float64 {
	d, top := 0.0, 1e-30
	for i := range a {
		d = max(d, math.Abs(float64(a[i]-b[i])))
		top = max(top, math.Abs(float64(b[i])))
	}
	return d / top
}
