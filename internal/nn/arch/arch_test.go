package arch_test

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"stride/internal/nn"
	"stride/internal/nn/analyze"
	"stride/internal/nn/arch"
	"stride/internal/nn/kernel"
	"stride/internal/nn/nntest/golden"
	"stride/internal/nn/tensor"
	"stride/internal/nn/weights"
)

func graph(t *testing.T, name string) *nn.Graph {
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

// TestPublishedCounts compares with figures that were published or computed elsewhere; the reference files hold the rest.
func TestPublishedCounts(t *testing.T) {
	for _, c := range []struct {
		name         string
		params, macs int64
		depth        int
	}{
		{"lenet5", 61706, 416520, 5},
		{"lenet5_paper", 60000, 0, 0}, // LeCun et al. 1998, §II.B: 60,000 trainable parameters
		{"alexnet_paper", 60965224, 724406816, 8},
		{"vgg11", 132863336, 7609090048, 11},
		{"vgg13", 133047848, 11308466176, 13},
		{"vgg19", 143667240, 19632062464, 19},
		{"vgg16_bn", 138365992, 15470264320, 16},
		{"resnet34", 21797672, 3663761408, 34},
		{"resnet101", 44549160, 7801405440, 101},
		{"resnet152", 60192808, 11513626624, 152},
		{"resnet50_v1", 25557032, 3857973248, 50},
		{"plain18", 11515688, 1794805760, 18},
		{"mobilenet_v1_075", 2585560, 325400448, 28},
		{"mobilenet_v1_050", 1331592, 149497088, 28},
		{"mobilenet_v1_025", 470072, 41030272, 28},
		{"densenet161", 28681000, 7727907072, 161},
		{"densenet169", 14149480, 3359843328, 169},
		{"densenet201", 20013928, 4291365888, 201},
		{"efficientnet_b1", 7794184, 686802832, 116},
		{"efficientnet_b2", 9109994, 993561872, 116},
		{"efficientnet_b3", 12233232, 1827141392, 131},
		{"efficientnet_b4", 19341616, 4393771024, 161},
		{"efficientnet_b5", 30389784, 10266384752, 195},
		{"efficientnet_b6", 43040704, 19067593536, 225},
		{"efficientnet_b7", 66347960, 37745884192, 274},
		{"inception_v3", 23834568, 5713216096, 48},
		{"cifar_resnet20", 269722, 40551040, 20},
		{"cifar_plain56", 853018, 125485696, 56},
		{"cifar_resnet110", 1727962, 252887680, 110},
	} {
		s := analyze.Summarize(graph(t, c.name)).Totals
		if s.Params != c.params || c.macs != 0 && s.MACs != c.macs || c.depth != 0 && s.Depth != c.depth {
			t.Errorf("%s: %d parameters, %d MACs, depth %d, want %d, %d, %d", c.name, s.Params, s.MACs, s.Depth, c.params, c.macs, c.depth)
		}
	}
}

// TestEveryArchitecture: unique names, known families, a softmax behind the logits, every op explained and differentiable.
func TestEveryArchitecture(t *testing.T) {
	names := map[string]bool{}
	families := map[string]bool{}
	for _, f := range arch.Families {
		families[f.Name] = true
		for _, n := range []string{f.Main, f.Mini} {
			if a, err := arch.ByName(n); err != nil || a.Family != f.Name {
				t.Errorf("family %s names %q: %v", f.Name, n, err)
			}
		}
	}
	for _, a := range arch.All() {
		if names[a.Name] || !families[a.Family] || a.Title == "" || a.Paper.Year == 0 {
			t.Errorf("%s: name taken, family unknown or facts missing", a.Name)
		}
		names[a.Name] = true
		g := graph(t, a.Name)
		if u := g.Output.Users; len(u) != 1 || u[0].Op.Kind() != "softmax" {
			t.Errorf("%s: no softmax behind %s", a.Name, g.Output.Path)
		}
		for _, n := range g.Nodes[1:] {
			_, e := n.Op.(nn.Explainer)
			_, d := n.Op.(nn.Differentiable)
			if !e || !d {
				t.Errorf("%s: %s (%s) explained %v, differentiable %v", a.Name, n.Path, n.Op.Kind(), e, d)
			}
		}
	}
}

// TestSmallerNetworksRunWhole runs networks without reference data end to end and checks that every value is finite.
func TestSmallerNetworksRunWhole(t *testing.T) {
	for _, a := range arch.All() {
		g := graph(t, a.Name)
		if hasGolden(a.Name) || analyze.Summarize(g).Totals.MACs > 1e9 {
			continue
		}
		_, err := nn.Run(context.Background(), g, golden.Input(g.Input.Shape), weights.Init(g, 1), nn.RunConfig{Aux: true, Tap: func(n *nn.Node, out *tensor.Tensor) error {
			if s := out.Stats(); s.NonFinite > 0 {
				t.Errorf("%s: %s has %d values that are not finite", a.Name, n.Path, s.NonFinite)
			}
			return nil
		}})
		if err != nil {
			t.Errorf("%s: %v", a.Name, err)
		}
	}
}

// TestThreadsLeaveNoTrace: the same bytes at every node for 1, 2, 3 and 8 threads.
func TestThreadsLeaveNoTrace(t *testing.T) {
	for _, name := range []string{"lenet5", "mobilenet_v2", "mini_googlenet", "mini_densenet", "mini_efficientnet", "alexnet_paper"} {
		g := graph(t, name)
		w := golden.Weights(g, 1)
		var want map[string]uint64
		for _, threads := range []int{1, 2, 3, 8} {
			team := kernel.NewTeam(threads)
			got := map[string]uint64{}
			_, err := nn.Run(context.Background(), g, golden.Input(g.Input.Shape), w, nn.RunConfig{Workers: team, Tap: func(n *nn.Node, out *tensor.Tensor) error {
				got[n.Path] = golden.Checksum(out.Data)
				return nil
			}})
			team.Close()
			if err != nil {
				t.Fatal(err)
			}
			if want == nil {
				want = got
			}
			for p, c := range want {
				if got[p] != c {
					t.Fatalf("%s: %s differs between 1 and %d threads", name, p, threads)
				}
			}
		}
	}
}

// TestEveryCellAddsUp opens cells of every node of networks that have every op: the terms add up to the engine's value.
func TestEveryCellAddsUp(t *testing.T) {
	for _, name := range []string{"lenet5", "lenet5_paper", "mini_alexnet", "mini_googlenet", "mini_densenet", "mini_efficientnet", "cifar_resnet20", "mobilenet_v1_025"} {
		g := graph(t, name)
		w := golden.Weights(g, 1)
		outs := make([]*tensor.Tensor, len(g.Nodes))
		_, err := nn.Run(context.Background(), g, golden.Input(g.Input.Shape), w, nn.RunConfig{Tap: func(n *nn.Node, out *tensor.Tensor) error {
			outs[n.ID] = out.Clone()
			return nil
		}})
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range g.Main()[1:] {
			addsUp(t, name, n, outs, w)
		}
	}
}

func addsUp(t *testing.T, name string, n *nn.Node, outs []*tensor.Tensor, w nn.Weights) {
	t.Helper()
	p, err := n.Values(w)
	if err != nil {
		t.Fatal(err)
	}
	c := &nn.Call{Op: n.Op, Out: outs[n.ID], Params: p}
	for _, in := range n.In {
		c.In = append(c.In, outs[in.ID])
	}
	s := n.Shape
	for _, cell := range []nn.Cell{{}, {C: s.C - 1, Y: s.H - 1, X: s.W - 1}, {C: s.C / 2, Y: s.H / 2, X: s.W / 3}, {C: s.C / 3, Y: s.H - 1}} {
		e := n.Op.(nn.Explainer).Explain(c, cell)
		want := float64(outs[n.ID].At(0, cell.C, cell.Y, cell.X))
		size := max(1, math.Abs(want))
		for _, i := range e.Items {
			if e.Form == nn.FormSum {
				size = max(size, math.Abs(i.X*i.W))
			}
		}
		if math.Abs(e.Value-want) > 1e-5*size {
			t.Errorf("%s: %s (%s) cell %v is %v, its terms give %v", name, n.Path, n.Op.Kind(), cell, want, e.Value)
		}
	}
}

// TestResizedGraphsAreBounded asks for many sizes: the own one is built once, the others are not all kept.
func TestResizedGraphsAreBounded(t *testing.T) {
	a, err := arch.ByName("mini_vgg")
	if err != nil {
		t.Fatal(err)
	}
	own := graph(t, "mini_vgg")
	at := func(side int) *nn.Graph {
		g, err := a.GraphAt(tensor.CHW(3, side, side))
		if err != nil {
			t.Fatal(err)
		}
		return g
	}
	first := at(200)
	if at(200) != first {
		t.Error("the same size asked for twice in a row is built twice")
	}
	for side := 201; side < 301; side++ {
		at(side)
	}
	if at(200) == first {
		t.Error("a hundred other sizes later the first is still kept")
	}
	if graph(t, "mini_vgg") != own {
		t.Error("the architecture's own size was built again")
	}
}

func TestByNameSaysWhatToDo(t *testing.T) {
	if _, err := arch.ByName("resnet51"); err == nil || !strings.Contains(err.Error(), "explorer models") {
		t.Errorf("error %v", err)
	}
}

// TestCompoundScaling derives B0 … B7 from the rule and compares with the released channel and repeat table.
func TestCompoundScaling(t *testing.T) {
	for i, want := range [][]int{
		{32, 16, 24, 40, 80, 112, 192, 320}, {32, 16, 24, 40, 80, 112, 192, 320}, {32, 16, 24, 48, 88, 120, 208, 352}, {40, 24, 32, 48, 96, 136, 232, 384},
		{48, 24, 32, 56, 112, 160, 272, 448}, {48, 24, 40, 64, 128, 176, 304, 512}, {56, 32, 40, 72, 144, 200, 344, 576}, {64, 32, 48, 80, 160, 224, 384, 640},
	} {
		var got []int
		for _, c := range []int{32, 16, 24, 40, 80, 112, 192, 320} {
			got = append(got, arch.Scalings[i].Channels(c))
		}
		if !slices.Equal(got, want) {
			t.Errorf("B%d: %v, want %v", i, got, want)
		}
	}
}
