package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"stride/internal/nn"
	"stride/internal/nn/kernel"
	"stride/internal/nn/onnx"
	"stride/internal/nn/op"
	"stride/internal/nn/tensor"
)

// modules is the variable that names a folder with node_modules/onnxruntime-node; `make bench-peers` prints none, but
// keeps one in the user's cache folder. Tests that need the runtime are skipped without it.
const modules = "STRIDE_ONNXRUNTIME"

// mixed declares a graph with every operation that the exporter knows and plain networks lack: uneven padding, dilation,
// groups, every activation, a gate, both kinds of pool, rounding up, an adaptive average.
func mixed(t *testing.T) *nn.Graph {
	t.Helper()
	g, err := nn.Build(tensor.CHW(3, 29, 31), func(b *nn.Builder, x *nn.Node) *nn.Node {
		x = b.Add("same", op.Conv{Out: 12, Kernel: 3, Stride: 2, Same: true}, x)
		x = b.Add("lrn", op.LRN{N: 5, K: 2, Alpha: 0.3, Beta: 0.75, Sum: true}, x)
		x = b.Add("bn", op.BatchNorm{Eps: 1e-3}, x)
		var branches []*nn.Node
		for _, a := range []op.Act{op.ReLU, op.ReLU6, op.SiLU, op.Tanh, op.Sigmoid, op.HardSwish, op.HardSigmoid} {
			branches = append(branches, b.Add(string(a), a, x))
		}
		x = b.Add("sum", op.Add{}, branches...)
		gate := b.Add("gate", op.Sigmoid, b.Add("squeeze", op.AdaptiveAvgPool{Out: 1}, x))
		x = b.Add("scaled", op.Mul{}, gate, x)
		x = b.Add("grouped", op.Conv{Out: 12, Kernel: 3, Pad: 2, Dilation: 2, Groups: 4}, x)
		x = b.Add("wide", op.Conv{Out: 8, Size: [2]int{1, 5}, Pads: [2]int{0, 2}}, x)
		most := b.Add("max", op.MaxPool{Kernel: 2, Stride: 2, Ceil: true}, x)
		mean := b.Add("mean", op.AvgPool{Kernel: 2, Stride: 2, Ceil: true, ExcludePad: true}, x)
		x = b.Add("both", op.Concat{}, most, mean)
		x = b.Add("pad", op.AvgPool{Kernel: 3, Stride: 1, Pad: 1}, x)
		x = b.Add("eight", op.AdaptiveAvgPool{Out: 4}, x)
		x = b.Add("fc", op.Linear{Out: 7}, b.Add("flatten", op.Flatten{}, b.Add("drop", op.Dropout{P: 0.5}, x)))
		return b.Add("softmax", op.Softmax{}, b.Add("again", op.Linear{Out: 5, NoBias: true}, x))
	})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// plain runs the graph with the plain executor and returns the named values behind one another.
func plain(t *testing.T, g *nn.Graph, names []string) []float32 {
	t.Helper()
	all := map[string][]float32{}
	team := kernel.NewTeam(1)
	defer team.Close()
	_, err := nn.Run(context.Background(), g, picture(g.Input.Shape), seeded(g), nn.RunConfig{Workers: team, Tap: func(n *nn.Node, out *tensor.Tensor) error {
		all[n.Path] = slices.Clone(out.Data)
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	var v []float32
	for _, n := range names {
		v = append(v, all[n]...)
	}
	return v
}

// TestRuntimeAgrees runs exported graphs through ONNX Runtime and compares every value with the plain executor.
func TestRuntimeAgrees(t *testing.T) {
	dir := os.Getenv(modules)
	if dir == "" {
		t.Skip("set " + modules + " to a folder with node_modules/onnxruntime-node")
	}
	graphs := map[string]*nn.Graph{"mixed": mixed(t)}
	for _, name := range []string{"mini_googlenet", "mini_densenet", "mini_efficientnet", "mini_mobilenet"} {
		g, err := network(name)
		if err != nil {
			t.Fatal(err)
		}
		graphs[name] = g
	}
	p, err := ortPeer(t.TempDir(), dir)
	if err != nil {
		t.Fatal(err)
	}
	for name, g := range graphs {
		t.Run(name, func(t *testing.T) { agrees(t, p, g) })
	}
}

func agrees(t *testing.T, p peer, g *nn.Graph) {
	ours := plain(t, g, outputs(g))
	dir := t.TempDir()
	model, x, out := filepath.Join(dir, "model.onnx"), filepath.Join(dir, "x"), filepath.Join(dir, "out")
	var nodes []*nn.Node
	for _, path := range outputs(g)[1:] {
		nodes = append(nodes, g.Node(path))
	}
	if err := export(model, g, seeded(g), onnx.Options{Outputs: nodes}); err != nil {
		t.Fatal(err)
	}
	if err := writeFloats(x, picture(g.Input.Shape).Data); err != nil {
		t.Fatal(err)
	}
	them, err := p.start(context.Background(), 1)
	if err != nil {
		t.Fatal(err)
	}
	defer them.close()
	s := g.Input.Shape
	for _, q := range []request{
		{Command: "load", File: model, Input: x, Dims: []int{s.N, s.C, s.H, s.W}, Threads: 1},
		{Command: "dump", File: out, Names: outputs(g)},
	} {
		if _, err := them.ask(q); err != nil {
			t.Fatal(err)
		}
	}
	theirs, err := readFloats(out)
	if err != nil {
		t.Fatal(err)
	}
	if len(theirs) != len(ours) {
		t.Fatalf("%d values, want %d", len(theirs), len(ours))
	}
	at := 0
	for _, name := range outputs(g) {
		n := g.Node(name).Shape.Len()
		if d := difference(ours[at:at+n], theirs[at:at+n]); !(d < 1e-5) {
			t.Errorf("%s (%s): relative difference %.2g", name, g.Node(name).Op.Kind(), d)
		}
		at += n
	}
}

// outputs names the main output and then every other value that an exported graph can return.
func outputs(g *nn.Graph) []string {
	l := []string{onnx.Output(g)}
	for _, n := range g.Main() {
		_, drop := n.Op.(op.Dropout)
		_, depth := n.Op.(op.StochasticDepth)
		_, concat := n.Op.(op.Concat)
		if n != g.Input && n != g.Output && !drop && !depth && !(concat && len(n.In) == 1) {
			l = append(l, n.Path)
		}
	}
	return l
}

// TestServe speaks the protocol with our own side: times, captured values equal to the plain executor's, and errors that
// do not end it.
func TestServe(t *testing.T) {
	const net = "mini_resnet"
	file := filepath.Join(t.TempDir(), "values")
	g, err := network(net)
	if err != nil {
		t.Fatal(err)
	}
	first := talk(t, request{Command: "load", Net: net, Capture: true, Threads: 1})
	kept := first[0].Kept
	if len(kept) == 0 || first[0].Weights == 0 || first[0].Maps == 0 {
		t.Fatalf("load answered %+v", first[0])
	}
	names := append([]string{onnx.Output(g)}, kept...)
	replies := talk(t, request{Command: "load", Net: "nothing"}, request{Command: "load", Net: net, Capture: true, Threads: 1},
		request{Command: "run", Runs: 3}, request{Command: "dump", File: file, Names: names}, request{Command: "dance"})
	if replies[0].Error == "" || replies[4].Error == "" {
		t.Errorf("mistakes were answered by %+v and %+v", replies[0], replies[4])
	}
	if got := len(replies[2].Ms); got != 3 || replies[3].Error != "" {
		t.Errorf("%d times, want 3; dump: %q", got, replies[3].Error)
	}
	got, err := readFloats(file)
	if err != nil {
		t.Fatal(err)
	}
	want := plain(t, g, names)
	if len(got) != len(want) {
		t.Fatalf("%d values, want %d", len(got), len(want))
	}
	if d := difference(got, want); !(d < 1e-4) {
		t.Errorf("the plan differs from the plain executor by %.2g", d)
	}
}

func talk(t *testing.T, requests ...request) []reply {
	t.Helper()
	var in, out bytes.Buffer
	for _, q := range requests {
		if err := json.NewEncoder(&in).Encode(q); err != nil {
			t.Fatal(err)
		}
	}
	if err := serve(&in, &out); err != nil {
		t.Fatal(err)
	}
	replies := make([]reply, len(requests))
	d := json.NewDecoder(&out)
	for i := range replies {
		if err := d.Decode(&replies[i]); err != nil {
			t.Fatal(err)
		}
	}
	return replies
}

func TestDifference(t *testing.T) {
	nan := float32(math.NaN())
	for _, c := range []struct {
		name string
		a, b []float32
		want float64
	}{
		{"equal", []float32{1, 2}, []float32{1, 2}, 0},
		{"all zero", []float32{0}, []float32{0}, 0},
		{"relative to the largest", []float32{1, 8}, []float32{2, 8}, 1.0 / 8},
		{"not a number", []float32{1, nan}, []float32{1, 1}, math.NaN()},
		{"against zero", []float32{1}, []float32{0}, math.Inf(1)},
	} {
		if got := difference(c.a, c.b); got != c.want && !(got != got && c.want != c.want) {
			t.Errorf("%s: %g, want %g", c.name, got, c.want)
		}
	}
}

func TestReport(t *testing.T) {
	r := &report{settings: settings{threads: []int{1}, rounds: 3}, began: time.Now(), peaks: map[int]float64{1: 100e9}}
	r.results = []result{
		{net: "a", peer: "P", threads: 1, ours: []float64{10, 20, 10}, theirs: []float64{20, 50, 30}, oursMin: 10, theirsMin: 15, cpuRatio: 2, macs: 250e6, maps: 3 << 19},
		{net: "b", peer: "P", threads: 1, ours: []float64{10, 10, 10}, theirs: []float64{8, 8, 8}, oursMin: 10, theirsMin: 8, cpuRatio: 0.5},
	}
	text := r.markdown()
	for _, want := range []string{
		"| a | plain | 1 | 10.00 | 30.00 | **2.00** | **2.50** | 2.00–3.00 | 1.50 | 50 % | 0e+00 |",
		"| plain, 1 thread | **1.00** | **1.41** |",
		"* b, plain, 1 thread (processor time 0.50, elapsed 0.80)",
		"| a | plain | 0.0 | 1.5 | 0.0 |",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the report lacks %q", want)
		}
	}
}

func TestParse(t *testing.T) {
	s, err := parse([]string{"-nets", "vgg16 alexnet", "-threads", "4", "-torch", ""})
	if err != nil || !slices.Equal(s.nets, []string{"vgg16", "alexnet"}) || !slices.Equal(s.threads, []int{4}) || len(s.torch) != 0 {
		t.Errorf("settings %+v, error %v", s, err)
	}
	if _, err := parse([]string{"-help"}); err != flag.ErrHelp {
		t.Errorf("-help: %v", err)
	}
	for _, bad := range [][]string{{"-threads", "0"}, {"-threads", ""}, {"-rounds", "0"}, {"resnet18"}} {
		if _, err := parse(bad); err == nil {
			t.Errorf("%q is accepted", bad)
		}
	}
}
