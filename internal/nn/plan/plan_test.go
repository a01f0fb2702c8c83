package plan_test

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"stride/internal/nn"
	"stride/internal/nn/arch"
	"stride/internal/nn/kernel"
	"stride/internal/nn/kernel/nchwc"
	"stride/internal/nn/nntest/golden"
	"stride/internal/nn/op"
	"stride/internal/nn/plan"
	"stride/internal/nn/tensor"
	"stride/internal/nn/weights"
)

// gain is the weight scale of an architecture in its reference file, which keeps the activations near 1; without a file
// a scale that does so for its family.
func gain(t testing.TB, a *arch.Arch) float64 {
	if _, err := os.Stat(filepath.Join("..", "..", "..", "testdata", "goldens", a.Name+".json")); err == nil {
		return golden.LoadModel(t, a.Name).Gain
	}
	if a.Family == "efficientnet" {
		return 0.5 // every residual block adds variance, which saturates the gates of the deep variants
	}
	return 0.8
}

// build declares an architecture with seeded weights.
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
	return g, golden.Weights(g, gain(t, a)), golden.Input(a.Input)
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

// run is the logits of one run, copied.
func run(t testing.TB, p *plan.Plan, x *tensor.Tensor, tap plan.Tap) []float32 {
	t.Helper()
	out, err := p.Run(context.Background(), x, tap)
	if err != nil {
		t.Fatal(err)
	}
	return append([]float32(nil), out.Data...)
}

// relative is ‖got − want‖ / ‖want‖, the measure of the reference data.
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

// checkNodes compares the value of every node, kept or fused away.
func checkNodes(t *testing.T, p *plan.Plan, g *nn.Graph, want map[*nn.Node]*tensor.Tensor, tol float64) {
	t.Helper()
	worst, where, kept := 0.0, "", 0
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
			t.Fatalf("%s (%s, kept=%v): relative error %.2g, want at most %.2g", n.Path, n.Op.Kind(), p.Kept(n), rel, tol)
		}
		if rel >= worst {
			worst, where = rel, n.Path
		}
		if p.Kept(n) {
			kept++
		}
	}
	if kept < 2 {
		t.Errorf("%d kept nodes", kept)
	}
	t.Logf("%v: %d of %d nodes kept, worst relative error %.2g at %s", p, kept, len(g.Main()), worst, where)
}

// skipLarge leaves networks for photographs out of short tests: an emulated processor needs minutes for them.
func skipLarge(t *testing.T, name string) {
	if testing.Short() && !strings.HasPrefix(name, "mini_") && !strings.HasPrefix(name, "lenet") {
		t.Skip("large")
	}
}

func macs(g *nn.Graph) (sum int64) {
	for _, n := range g.Main() {
		sum += n.MACs()
	}
	return sum
}

// Every node of every architecture has the value of plain execution. Networks above 0.2 GMAC and variants of them take
// seconds each; they run when STRIDE_LONG is set, but for four, which -short leaves out as well.
func TestPlanEqualsPlainExecution(t *testing.T) {
	limit := int64(200e6)
	if testing.Short() {
		limit = 20e6
	}
	main := map[string]bool{"googlenet_paper": true, "resnet18": true, "mobilenet_v2": true, "efficientnet_b0": true}
	for _, a := range arch.All() {
		g, err := nn.Build(a.Input, a.Build)
		if err != nil {
			t.Fatal(err)
		}
		if macs(g) > limit && (!main[a.Name] || testing.Short()) && os.Getenv("STRIDE_LONG") == "" {
			continue
		}
		t.Run(a.Name, func(t *testing.T) {
			g, w, x := build(t, a.Name)
			want := plain(t, g, w, x)
			p := compile(t, g, w, plan.Options{Keep: plan.KeepAll})
			run(t, p, x, nil)
			checkNodes(t, p, g, want, winogradTolerance)
		})
	}
}

// Each kernel set and the exact path compute the miniatures, one per family, to the tighter tolerance.
func TestImplementations(t *testing.T) {
	for _, f := range arch.Families {
		g, w, x := build(t, f.Mini)
		want := plain(t, g, w, x)
		for _, s := range nchwc.Sets() {
			t.Run(f.Mini+"/"+s.Name, func(t *testing.T) {
				p := compile(t, g, w, plan.Options{Keep: plan.KeepAll, Exact: true, Impl: s.Name, Threads: 3})
				run(t, p, x, nil)
				checkNodes(t, p, g, want, exactTolerance)
			})
		}
	}
}

// The bytes depend neither on the number of threads, nor on what is kept, nor on the run.
func TestSameBytes(t *testing.T) {
	for _, name := range []string{"mini_googlenet", "mini_efficientnet", "mini_densenet", "mini_resnet", "mobilenet_v2", "resnet18"} {
		t.Run(name, func(t *testing.T) {
			skipLarge(t, name)
			g, w, x := build(t, name)
			var want []float32
			for _, o := range []plan.Options{{Threads: 1}, {Threads: 1, Keep: plan.KeepAll}, {Threads: 2}, {Threads: 3, Keep: plan.KeepAll}, {Threads: 8}} {
				p := compile(t, g, w, o)
				for range 2 {
					got := run(t, p, x, nil)
					if want == nil {
						want = got
					}
					for i := range want {
						if math.Float32bits(got[i]) != math.Float32bits(want[i]) {
							t.Fatalf("%+v: logit %d = %v, want %v", o, i, got[i], want[i])
						}
					}
				}
			}
		})
	}
}

// A second picture leaves nothing of the first: halos and padding stay zero where memory is shared.
func TestRunsAreIndependent(t *testing.T) {
	for _, name := range []string{"mini_googlenet", "mini_densenet", "mini_mobilenet", "mini_alexnet"} {
		g, w, x := build(t, name)
		huge := x.Clone()
		for i := range huge.Data {
			huge.Data[i] *= 1e6
		}
		p := compile(t, g, w, plan.Options{})
		want := run(t, p, x, nil)
		run(t, p, huge, nil)
		if got := run(t, p, x, nil); relative(got, want) != 0 {
			t.Errorf("%s: the same picture gives other logits after another picture", name)
		}
	}
}

// A tap sees every materialised node once, in run order, with its value, also when memory is reused.
func TestTap(t *testing.T) {
	g, w, x := build(t, "mini_efficientnet")
	want := plain(t, g, w, x)
	for _, keep := range []plan.Keep{plan.KeepNone, plan.KeepAll} {
		p := compile(t, g, w, plan.Options{Keep: keep})
		seen := map[*nn.Node]bool{}
		last := -1
		run(t, p, x, func(n *nn.Node, v plan.View) error {
			if seen[n] || !p.Kept(n) {
				t.Errorf("%s: seen twice, or not kept", n.Path)
			}
			seen[n] = true
			if op.Dropout.Kind(op.Dropout{}) != n.Op.Kind() && n.Op.Kind() != "stochasticdepth" && n.Op.Kind() != "flatten" {
				if n.ID <= last {
					t.Errorf("%s comes after node %d", n.Path, last)
				}
				last = n.ID
			}
			if v.Shape() != n.Shape {
				t.Errorf("%s: view of %v, want %v", n.Path, v.Shape(), n.Shape)
			}
			full := v.Tensor()
			if rel := relative(full.Data, want[n].Data); rel > winogradTolerance {
				t.Errorf("%s: relative error %.2g", n.Path, rel)
			}
			c := n.Shape.C - 1
			for i, got := range v.Plane(c).Data {
				if got != full.Plane(0, c).Data[i] {
					t.Fatalf("%s: plane %d differs from the tensor", n.Path, c)
				}
			}
			return nil
		})
		for _, n := range g.Main() {
			if seen[n] != p.Kept(n) {
				t.Errorf("%s: seen=%v, kept=%v", n.Path, seen[n], p.Kept(n))
			}
		}
	}
}

func TestTapEndsTheRun(t *testing.T) {
	g, w, x := build(t, "lenet5")
	p := compile(t, g, w, plan.Options{Keep: plan.KeepAll})
	boom := errors.New("boom")
	for _, c := range []struct{ give, want error }{{nn.ErrStop, nil}, {boom, boom}} {
		steps := 0
		_, err := p.Run(context.Background(), x, func(*nn.Node, plan.View) error { steps++; return c.give })
		if !errors.Is(err, c.want) || steps != 1 {
			t.Errorf("tap returns %v: error %v after %d nodes, want %v after 1", c.give, err, steps, c.want)
		}
		if _, err := p.Value(g.Output); err == nil {
			t.Error("a run that ended early has values")
		}
	}
}

func TestCancel(t *testing.T) {
	g, w, x := build(t, "lenet5")
	p := compile(t, g, w, plan.Options{})
	ctx, cancel := context.WithCancel(context.Background())
	steps := 0
	_, err := p.Run(ctx, x, func(*nn.Node, plan.View) error {
		if steps++; steps == 3 {
			cancel()
		}
		return nil
	})
	if !errors.Is(err, context.Canceled) || steps > 4 {
		t.Errorf("error %v after %d nodes, want %v soon after 3", err, steps, context.Canceled)
	}
}

// Running allocates nothing, whatever the number of threads.
func TestRunAllocatesNothing(t *testing.T) {
	for _, name := range []string{"mini_googlenet", "mini_efficientnet", "mini_densenet", "mini_alexnet"} {
		for _, threads := range []int{1, 2} {
			g, w, x := build(t, name)
			p := compile(t, g, w, plan.Options{Threads: threads})
			ctx := context.Background()
			if n := testing.AllocsPerRun(5, func() {
				if _, err := p.Run(ctx, x, nil); err != nil {
					t.Fatal(err)
				}
			}); n != 0 {
				t.Errorf("%s on %d threads: %v allocations per run", name, threads, n)
			}
		}
	}
}

// More workers than there can be work for are not started.
func TestMaxThreads(t *testing.T) {
	g, w, x := build(t, "lenet5")
	many := compile(t, g, w, plan.Options{Threads: 1_000_000})
	if got := run(t, many, x, nil); !slices.Equal(got, run(t, compile(t, g, w, plan.Options{Threads: 1}), x, nil)) {
		t.Errorf("%s: %v", many, got)
	}
}

// KeepNone shares memory.
func TestReuse(t *testing.T) {
	g, w, x := build(t, "mini_resnet")
	var bytes [2]plan.Bytes
	for i, keep := range []plan.Keep{plan.KeepNone, plan.KeepAll} {
		p := compile(t, g, w, plan.Options{Keep: keep})
		run(t, p, x, nil)
		bytes[i] = p.Bytes()
	}
	none, all := bytes[0], bytes[1]
	if none.Activations*2 > all.Activations || none.Weights != all.Weights || none.Total() <= 0 {
		t.Errorf("bytes %+v without and %+v with everything kept", none, all)
	}
}

// counting is weights in memory that count what is released.
type counting struct {
	*weights.Set
	released map[*float32]int
}

func (c counting) Release(v []float32) {
	if len(v) > 0 {
		c.released[&v[0]] += len(v)
	}
}

// The first run packs and releases the weights of every layer once, piece by piece; before and after it nothing is.
func TestFirstRunPacks(t *testing.T) {
	g, w, x := build(t, "mini_efficientnet")
	c := counting{w, map[*float32]int{}}
	p := compile(t, g, c, plan.Options{Threads: 1})
	if b := p.Bytes(); b.Weights != 0 || len(c.released) != 0 {
		t.Errorf("compiling packed %d bytes and released %d pieces", b.Weights, len(c.released))
	}
	first := run(t, p, x, nil)
	want := 0
	for _, n := range g.Main() {
		for _, s := range n.Params {
			if s.Role == nn.ConvWeight || s.Role == nn.LinearWeight {
				want += s.Len()
			}
		}
	}
	total := func() (sum int) {
		for _, n := range c.released {
			sum += n
		}
		return sum
	}
	if b := p.Bytes(); total() != want || b.Weights < 4*int64(want) {
		t.Errorf("released %d of %d values, packed %d bytes", total(), want, b.Weights)
	}
	if second := run(t, p, x, nil); total() != want || !slices.Equal(first, second) {
		t.Errorf("the second run released %d values more or differs", total()-want)
	}
}

// A recording keeps the values of its run when the plan runs on.
func TestRecord(t *testing.T) {
	g, w, x := build(t, "mini_googlenet")
	p := compile(t, g, w, plan.Options{Keep: plan.KeepAll})
	run(t, p, x, nil)
	r, err := p.Record()
	if err != nil {
		t.Fatal(err)
	}
	want := map[*nn.Node]*tensor.Tensor{}
	for _, n := range g.Main() {
		if want[n], err = p.Value(n); err != nil {
			t.Fatal(err)
		}
	}
	other := x.Clone()
	for i := range other.Data {
		other.Data[i] = -other.Data[i]
	}
	run(t, p, other, nil)
	if r.Bytes() < p.Bytes().Activations {
		t.Errorf("a recording of %d bytes of %d", r.Bytes(), p.Bytes().Activations)
	}
	for _, n := range g.Main() {
		got, err := r.Value(n, nil)
		if err != nil {
			t.Fatal(err)
		}
		if relative(got.Data, want[n].Data) != 0 {
			t.Errorf("%s changed with the next run", n.Path)
		}
		if _, ok := r.View(n); ok != p.Kept(n) {
			t.Errorf("%s: view=%v, kept=%v", n.Path, ok, p.Kept(n))
		}
	}
}

func TestErrors(t *testing.T) {
	g, w, x := build(t, "lenet5")
	if _, err := plan.Compile(g, weights.NewSet(), plan.Options{}); err == nil {
		t.Error("no error without weights")
	}
	if _, err := plan.Compile(g, w, plan.Options{Impl: "sse"}); err == nil {
		t.Error("no error for an unknown kernel set")
	}
	p := compile(t, g, w, plan.Options{})
	if _, err := p.Run(context.Background(), tensor.New(tensor.CHW(1, 5, 5)), nil); err == nil {
		t.Error("no error for a picture of the wrong size")
	}
	run(t, p, x, nil)
	if _, err := p.Value(g.Output); err == nil {
		t.Error("Value works without KeepAll")
	}
	if _, err := p.Record(); err == nil {
		t.Error("Record works without KeepAll")
	}
}

// The reference data hold for the plan itself, logits included.
func TestGoldens(t *testing.T) {
	for _, name := range []string{"lenet5", "resnet18", "mobilenet_v2"} {
		t.Run(name, func(t *testing.T) {
			skipLarge(t, name)
			want := golden.LoadModel(t, name)
			g, w, x := build(t, name)
			p := compile(t, g, w, plan.Options{})
			if err := want.CompareLogits(run(t, p, x, nil), 1e-4); err != nil {
				t.Error(err)
			}
		})
	}
}
