package nn_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"stride/internal/nn"
	"stride/internal/nn/op"
	"stride/internal/nn/tensor"
	"stride/internal/nn/weights"
)

func build(t *testing.T, f func(b *nn.Builder, x *nn.Node) *nn.Node) *nn.Graph {
	t.Helper()
	g, err := nn.Build(tensor.CHW(3, 8, 8), f)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func small(t *testing.T) *nn.Graph {
	return build(t, func(b *nn.Builder, x *nn.Node) *nn.Node {
		x = b.Add("conv", op.Conv{Out: 4, Kernel: 3, Pad: 1}, x)
		s := b.Scope("block")
		y := s.Add("add", op.Add{}, s.Add("relu", op.ReLU, x), x)
		b.Aux("aux", func(b *nn.Builder) *nn.Node {
			return b.Add("fc", op.Linear{Out: 2}, b.Add("flatten", op.Flatten{}, y))
		})
		y = b.Add("pool", op.AdaptiveAvgPool{Out: 1}, y)
		return b.Add("fc", op.Linear{Out: 3}, b.Add("flatten", op.Flatten{}, y))
	})
}

func TestBuild(t *testing.T) {
	g := small(t)
	var paths []string
	for i, n := range g.Nodes {
		if n.ID != i || g.Node(n.Path) != n {
			t.Errorf("node %s has id %d at place %d", n.Path, n.ID, i)
		}
		paths = append(paths, n.Path)
	}
	want := "input conv block.relu block.add pool flatten fc aux.flatten aux.fc"
	if got := strings.Join(paths, " "); got != want {
		t.Errorf("order %q, want %q: auxiliary nodes come last", got, want)
	}
	if u := g.Node("conv").Users; len(u) != 2 || u[0].Path != "block.relu" || u[1].Path != "block.add" {
		t.Errorf("users of conv: %v", u)
	}
	if len(g.Main()) != 7 || len(g.AuxOutputs) != 1 {
		t.Errorf("%d main nodes, %d auxiliary outputs", len(g.Main()), len(g.AuxOutputs))
	}
}

func TestBuildErrors(t *testing.T) {
	for _, c := range []struct {
		name string
		f    func(b *nn.Builder, x *nn.Node) *nn.Node
		want string
	}{
		{"shapes", func(b *nn.Builder, x *nn.Node) *nn.Node {
			y := b.Add("conv", op.Conv{Out: 4, Kernel: 3}, x)
			y = b.Scope("layer2").Scope("0").Add("add", op.Add{}, y, x)
			return b.Add("more", op.ReLU, y) // harmless after the error
		}, `nn: node "layer2.0.add": shapes differ: 4×6×6 + 3×8×8`},
		{"twice", func(b *nn.Builder, x *nn.Node) *nn.Node {
			return b.Add("a", op.ReLU, b.Add("a", op.ReLU, x))
		}, `node "a": the path is used twice`},
		{"foreign", func(b *nn.Builder, x *nn.Node) *nn.Node { return b.Add("a", op.ReLU, &nn.Node{Path: "z"}) }, "input 0 is not a node"},
		{"nothing", func(b *nn.Builder, x *nn.Node) *nn.Node { return nil }, "returned no node"},
		{"aux", func(b *nn.Builder, x *nn.Node) *nn.Node {
			var y *nn.Node
			b.Aux("aux", func(b *nn.Builder) *nn.Node { y = b.Add("r", op.ReLU, x); return y })
			return b.Add("a", op.ReLU, y)
		}, "the main path reads auxiliary node"},
	} {
		if _, err := nn.Build(tensor.CHW(3, 8, 8), c.f); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want one that says %q", c.name, err, c.want)
		}
	}
	if _, err := nn.Build(tensor.Shape{}, nil); err == nil {
		t.Error("an empty input is accepted")
	}
}

func TestRun(t *testing.T) {
	g := small(t)
	w := weights.Init(g, 1)
	x := tensor.New(g.Input.Shape.WithN(2))
	for i := range x.Data {
		x.Data[i] = float32(i%7) - 3
	}
	ctx := context.Background()
	seen := 0
	out, err := nn.Run(ctx, g, x, w, nn.RunConfig{Tap: func(n *nn.Node, out *tensor.Tensor) error { seen++; return nil }})
	if err != nil || out.Shape != tensor.Vec(2, 3) || seen != len(g.Main()) {
		t.Fatalf("output %v, %d nodes seen, error %v", out, seen, err)
	}
	seen = 0
	if _, err := nn.Run(ctx, g, x, w, nn.RunConfig{Aux: true, Tap: func(n *nn.Node, out *tensor.Tensor) error { seen++; return nil }}); err != nil || seen != len(g.Nodes) {
		t.Errorf("with auxiliary heads %d nodes seen, error %v", seen, err)
	}
	stop := func(n *nn.Node, out *tensor.Tensor) error {
		if n.Path == "block.add" {
			return nn.ErrStop
		}
		return nil
	}
	if out, err := nn.Run(ctx, g, x, w, nn.RunConfig{Tap: stop}); out != nil || err != nil {
		t.Errorf("ErrStop gives %v, %v", out, err)
	}
	broken := errors.New("broken")
	if _, err := nn.Run(ctx, g, x, w, nn.RunConfig{Tap: func(*nn.Node, *tensor.Tensor) error { return broken }}); !errors.Is(err, broken) {
		t.Errorf("the tap's error is lost: %v", err)
	}
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := nn.Run(cancelled, g, x, w, nn.RunConfig{}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled run gives %v", err)
	}
	if _, err := nn.Run(ctx, g, tensor.New(tensor.CHW(3, 9, 9)), w, nn.RunConfig{}); err == nil || !strings.Contains(err.Error(), "3×9×9") {
		t.Errorf("a wrong picture gives %v", err)
	}
	if _, err := nn.Run(ctx, g, x, weights.NewSet(), nn.RunConfig{}); err == nil || !strings.Contains(err.Error(), "conv.weight") {
		t.Errorf("missing weights give %v", err)
	}
}

// TestEditAndKnown: an edit is seen downstream only; known outputs are taken as they are.
func TestEditAndKnown(t *testing.T) {
	g := small(t)
	w := weights.Init(g, 1)
	x := tensor.New(g.Input.Shape)
	for i := range x.Data {
		x.Data[i] = float32(i%5) - 2
	}
	plain := map[string]*tensor.Tensor{}
	keep := func(to map[string]*tensor.Tensor) nn.Tap {
		return func(n *nn.Node, out *tensor.Tensor) error { to[n.Path] = out.Clone(); return nil }
	}
	ctx := context.Background()
	if _, err := nn.Run(ctx, g, x, w, nn.RunConfig{Tap: keep(plain)}); err != nil {
		t.Fatal(err)
	}
	cut := map[string]*tensor.Tensor{}
	conv := plain["conv"]
	_, err := nn.Run(ctx, g, x, w, nn.RunConfig{Tap: keep(cut),
		Known: func(n *nn.Node) *tensor.Tensor {
			if n.Path == "conv" {
				return conv
			}
			return nil
		},
		Edit: func(n *nn.Node, out *tensor.Tensor) {
			if n.Path == "block.relu" {
				clear(out.Data)
			}
		}})
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range cut["block.add"].Data {
		if v != conv.Data[i] {
			t.Fatalf("with the branch cut the block gives %v at %d, want its input %v", v, i, conv.Data[i])
		}
	}
	if s := tensor.Summarize(cut["block.relu"].Data); s.L2 != 0 {
		t.Error("the edit is not in the recording")
	}
}
