package arch_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"stride/internal/nn"
	"stride/internal/nn/analyze"
	"stride/internal/nn/arch"
	"stride/internal/nn/kernel"
	"stride/internal/nn/nntest/golden"
	"stride/internal/nn/tensor"
)

// goldenName is what the reference files call an architecture.
func goldenName(name string) string {
	if name == "alexnet" || name == "googlenet" {
		return "tv_" + name
	}
	return name
}

func hasGolden(name string) bool {
	_, err := os.Stat(filepath.Join("..", "..", "..", "testdata", "goldens", goldenName(name)+".json"))
	return err == nil
}

// TestGoldens holds every architecture that has reference data to it: key set with shapes, counts, costs, receptive
// fields, and the output of every node.
func TestGoldens(t *testing.T) {
	ws := kernel.NewTeam(2)
	defer ws.Close()
	tested := map[string]bool{}
	for _, a := range arch.All() {
		if !hasGolden(a.Name) {
			continue
		}
		tested[goldenName(a.Name)+".json"] = true
		t.Run(a.Name, func(t *testing.T) {
			want := golden.LoadModel(t, goldenName(a.Name))
			g, err := a.Graph()
			if err != nil {
				t.Fatal(err)
			}
			checkKeys(t, g, want)
			checkLayers(t, g, want)
			checkActivations(t, &a, want, ws)
		})
	}
	files, err := filepath.Glob(filepath.Join("..", "..", "..", "testdata", "goldens", "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no reference data (%v)", err)
	}
	for _, f := range files {
		if name := filepath.Base(f); !tested[name] && name != "ops.json" && !strings.HasPrefix(name, "grad_") {
			t.Errorf("no architecture is held to %s", name)
		}
	}
}

func checkKeys(t *testing.T, g *nn.Graph, want *golden.Model) {
	t.Helper()
	got := map[string]string{}
	for _, n := range g.Nodes {
		for _, p := range n.Params {
			got[n.Key(p)] = fmt.Sprint(p.Dims, " ", p.Role)
		}
	}
	for _, w := range want.Tensors {
		if g := got[w.Name]; g != fmt.Sprint(w.Shape, " ", w.Role) {
			t.Errorf("tensor %s is %q, want %v %s", w.Name, g, w.Shape, w.Role)
		}
		delete(got, w.Name)
	}
	for k := range got {
		t.Errorf("tensor %s is not in the reference", k)
	}
}

func checkLayers(t *testing.T, g *nn.Graph, want *golden.Model) {
	t.Helper()
	s := analyze.Summarize(g)
	for _, c := range []struct {
		what      string
		got, want int64
	}{
		{"parameters", s.Totals.Params, want.ParamsWithoutAux},
		{"parameters with auxiliary heads", s.Totals.ParamsWithAux(), want.Params},
		{"buffers", s.Totals.Buffers + s.Totals.AuxBuffers, want.Buffers},
		{"MACs", s.Totals.MACs, want.MACs},
		{"auxiliary MACs", s.Totals.AuxMACs, want.AuxMACs},
	} {
		if c.got != c.want {
			t.Errorf("%s: %d, want %d", c.what, c.got, c.want)
		}
	}
	if len(want.Layers) != len(g.Nodes)-1 { // the softmax is ours
		t.Errorf("%d nodes, want %d", len(g.Nodes)-1, len(want.Layers))
	}
	for _, l := range want.Layers {
		n := g.Node(l.Name)
		if n == nil {
			t.Errorf("no node %s", l.Name)
			continue
		}
		checkLayer(t, s.Row(n), l)
	}
}

func checkLayer(t *testing.T, r *analyze.Row, l golden.Layer) {
	t.Helper()
	var in []string
	for _, x := range r.Node.In {
		in = append(in, x.Path)
	}
	w := r.Node.Window()
	switch {
	case r.Shape != golden.Shape(l.OutputShape):
		t.Errorf("%s: shape %v, want %v", l.Name, r.Shape, l.OutputShape)
	case r.Params != l.Params || r.MACs != l.MACs:
		t.Errorf("%s: %d parameters, %d MACs, want %d, %d", l.Name, r.Params, r.MACs, l.Params, l.MACs)
	case !slices.Equal(in, l.Inputs):
		t.Errorf("%s: reads %v, want %v", l.Name, in, l.Inputs)
	case l.RF != nil && !slices.Equal(r.Field.Size[:], l.RF):
		t.Errorf("%s: receptive field %v, want %v", l.Name, r.Field.Size, l.RF)
	case l.Jump != nil && !slices.Equal(r.Field.Jump[:], l.Jump):
		t.Errorf("%s: jump %v, want %v", l.Name, r.Field.Jump, l.Jump)
	case l.Kernel != nil && (!slices.Equal(l.Kernel, []int{w.KH, w.KW}) || !slices.Equal(l.Stride, []int{w.SH, w.SW}) || !slices.Equal(l.Padding, []int{w.PT, w.PL})):
		t.Errorf("%s: window %+v, want kernel %v stride %v padding %v", l.Name, w, l.Kernel, l.Stride, l.Padding)
	}
}

func checkActivations(t *testing.T, a *arch.Arch, want *golden.Model, ws nn.Workers) {
	t.Helper()
	g, err := a.GraphAt(golden.Shape(want.ActInputShape))
	if err != nil {
		t.Fatal(err)
	}
	w := golden.Weights(g, want.Gain)
	cmp := want.Compare()
	start := time.Now()
	logits, err := nn.Run(context.Background(), g, golden.Input(g.Input.Shape), w, nn.RunConfig{Workers: ws, Aux: true,
		Tap: func(n *nn.Node, out *tensor.Tensor) error {
			if n.Op.Kind() == "softmax" {
				return nil
			}
			return cmp.Tap(n, out)
		}})
	if err != nil {
		t.Fatal(err)
	}
	if err := cmp.Done(logits); err != nil {
		t.Error(err)
	}
	t.Logf("%-16s worst error %.1e at %s, %d ms", strings.TrimSpace(a.Name), cmp.Worst, cmp.WorstNode, time.Since(start).Milliseconds())
}
