package plan_test

import (
	"context"
	"fmt"
	"math"
	"testing"

	"stride/internal/nn"
	"stride/internal/nn/arch"
	"stride/internal/nn/kernel"
	"stride/internal/nn/kernel/nchwc"
	"stride/internal/nn/nntest/golden"
	"stride/internal/nn/plan"
	"stride/internal/nn/tensor"
	"stride/internal/nn/weights"
)

// build declares an architecture with seeded weights whose activations stay near 1.
func build(t testing.TB, name string) (*nn.Graph, *weights.Set, *tensor.Tensor) {
	t.Helper()
	a, err := arch.ByName(name)
	if err != nil {
		t.Fatal(err)
	}
	g, err := nn.Build(a.Input, a.Build)
	if err != nil {
		t.Fatal(err)
	}
	return g, golden.Weights(g, 1), golden.Input(a.Input)
}

// plain runs the graph with the plain executor and keeps every value.
func plain(t testing.TB, g *nn.Graph, w nn.Weights, x *tensor.Tensor) map[*nn.Node]*tensor.Tensor {
	t.Helper()
	team := kernel.NewTeam(2)
	defer team.Close()
	all := map[*nn.Node]*tensor.Tensor{}
	_, err := nn.Run(context.Background(), g, x, w, nn.RunConfig{Workers: team, Tap: func(n *nn.Node, out *tensor.Tensor) error {
		all[n] = out.Clone()
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func compile(t testing.TB, g *nn.Graph, w nn.Weights, o plan.Options) *plan.Plan {
	t.Helper()
	p, err := plan.Compile(g, w, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

// relative is ‖got − want‖ / ‖want‖, the measure of goldens/FORMAT.md.
func relative(got, want []float32) float64 {
	var d, s float64
	for i, w := range want {
		e := float64(got[i]) - float64(w)
		d += e * e
		s += float64(w) * float64(w)
	}
	if d == 0 {
		return 0
	}
	return math.Sqrt(d / s)
}

// Rounding differs between plan and plain execution by the order of sums and by fused multiply-adds, and more with
// Winograd's transforms; both grow with depth.
const (
	exactTolerance    = 2e-5
	winogradTolerance = 1e-4
)

func checkNodes(t *testing.T, p *plan.Plan, g *nn.Graph, want map[*nn.Node]*tensor.Tensor, tol float64) {
	t.Helper()
	worst, where := 0.0, ""
	for _, n := range g.Main() {
		got, err := p.Value(n)
		if err != nil {
			t.Fatal(err)
		}
		if got.Shape != want[n].Shape {
			t.Fatalf("%s: shape %v, want %v", n.Path, got.Shape, want[n].Shape)
		}
		rel := relative(got.Data, want[n].Data)
		if !(rel <= tol) {
			t.Fatalf("%s (%v, kept=%v): relative error %.2g, want at most %.2g", n.Path, n.Op, p.Kept(n), rel, tol)
		}
		if rel > worst {
			worst, where = rel, n.Path
		}
	}
	t.Logf("%v: worst relative error %.2g at %s", p, worst, where)
}

// Every node of every architecture has the value of plain execution.
func TestPlanEqualsPlainExecution(t *testing.T) {
	for _, a := range arch.All() {
		t.Run(a.Name, func(t *testing.T) {
			g, w, x := build(t, a.Name)
			want := plain(t, g, w, x)
			p := compile(t, g, w, plan.Options{Keep: plan.KeepAll})
			if _, err := p.Run(context.Background(), x, nil); err != nil {
				t.Fatal(err)
			}
			checkNodes(t, p, g, want, winogradTolerance)
		})
	}
}
var _ = fmt.Sprint
var _ = nchwc.Best
