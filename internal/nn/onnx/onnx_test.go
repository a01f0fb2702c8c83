package onnx

import (
	"bytes"
	"errors"
	"io"
	"math"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"

	"stride/internal/nn"
	"stride/internal/nn/arch"
	"stride/internal/nn/op"
	"stride/internal/nn/tensor"
	"stride/internal/nn/weights"
)

// message is a decoded protobuf message: the values of every field, in order.
type message map[protowire.Number][]any

// decode reads a message with the library's own reader. Length-delimited values stay bytes.
func decode(t *testing.T, b []byte) message {
	t.Helper()
	m := message{}
	for len(b) > 0 {
		f, typ, n := protowire.ConsumeTag(b)
		if n < 0 {
			t.Fatal(protowire.ParseError(n))
		}
		b = b[n:]
		var v any
		switch typ {
		case protowire.VarintType:
			v, n = protowire.ConsumeVarint(b)
		case protowire.Fixed32Type:
			v, n = protowire.ConsumeFixed32(b)
		case protowire.BytesType:
			v, n = protowire.ConsumeBytes(b)
		default:
			t.Fatalf("field %d has wire type %d", f, typ)
		}
		if n < 0 {
			t.Fatal(protowire.ParseError(n))
		}
		b = b[n:]
		m[f] = append(m[f], v)
	}
	return m
}

func (m message) strings(f protowire.Number) []string {
	var s []string
	for _, v := range m[f] {
		s = append(s, string(v.([]byte)))
	}
	return s
}

func (m message) ints(f protowire.Number) []int {
	var s []int
	for _, v := range m[f] {
		s = append(s, int(v.(uint64)))
	}
	return s
}

func write(t *testing.T, g *nn.Graph, w nn.Weights, o Options) message {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, g, w, o); err != nil {
		t.Fatal(err)
	}
	model := decode(t, b.Bytes())
	if got := decode(t, model[modelOpset][0].([]byte)).ints(opsetVersion); !slices.Equal(got, []int{OpSet}) {
		t.Errorf("the operator set is %v, want %d", got, OpSet)
	}
	return decode(t, model[modelGraph][0].([]byte))
}

// TestFile reads files of whole networks back: every node is there once, reads only what exists before it, and every
// weight has its own dimensions and values.
func TestFile(t *testing.T) {
	for _, name := range []string{"resnet18", "mobilenet_v2", "googlenet", "efficientnet_b0", "densenet121"} {
		t.Run(name, func(t *testing.T) {
			a, err := arch.ByName(name)
			if err != nil {
				t.Fatal(err)
			}
			g, err := nn.Build(tensor.CHW(3, 224, 224), a.Build)
			if err != nil {
				t.Fatal(err)
			}
			w := weights.Init(g, 3)
			file := write(t, g, w, Options{Name: name})
			checkNodes(t, g, file)
			checkParams(t, g, w, file)
		})
	}
}

// extra is how many nodes ONNX needs for n: two for SiLU, none for an identity.
func extra(n *nn.Node) int {
	switch x := n.Op.(type) {
	case op.Act:
		if x == op.SiLU {
			return 2
		}
	case op.Dropout, op.StochasticDepth:
		return 0
	case op.Concat:
		if len(n.In) == 1 {
			return 0
		}
	}
	return 1
}

func checkNodes(t *testing.T, g *nn.Graph, file message) {
	t.Helper()
	want := 0
	for _, n := range g.Main()[1:] {
		want += extra(n)
	}
	if got := len(file[graphNode]); got != want {
		t.Errorf("%d nodes, want %d", got, want)
	}
	known := map[string]bool{Input(g): true}
	for _, b := range file[graphInitializer] {
		known[decode(t, b.([]byte)).strings(tensorName)[0]] = true
	}
	for _, b := range file[graphNode] {
		n := decode(t, b.([]byte))
		for _, in := range n.strings(nodeInput) {
			if !known[in] {
				t.Fatalf("%v reads %q before it exists", n.strings(nodeName), in)
			}
		}
		for _, out := range n.strings(nodeOutput) {
			if known[out] {
				t.Fatalf("%q is written twice", out)
			}
			known[out] = true
		}
	}
	if got := decode(t, file[graphOutput][0].([]byte)).strings(valueName)[0]; got != Output(g) || !known[got] {
		t.Errorf("the output is %q, want %q", got, Output(g))
	}
}

func checkParams(t *testing.T, g *nn.Graph, w *weights.Set, file message) {
	t.Helper()
	seen := 0
	for _, b := range file[graphInitializer] {
		m := decode(t, b.([]byte))
		key, raw := m.strings(tensorName)[0], m[tensorRaw][0].([]byte)
		if strings.Contains(key, ":") {
			continue // a constant of the exporter's own
		}
		seen++
		if got, want := m.ints(tensorDims), w.Dims(key); !slices.Equal(got, want) {
			t.Errorf("%s: dimensions %v, want %v", key, got, want)
		}
		v := w.Values(key)
		if len(raw) != 4*len(v) {
			t.Fatalf("%s: %d bytes for %d values", key, len(raw), len(v))
		}
		for i := range v {
			if got, _ := protowire.ConsumeFixed32(raw[4*i:]); got != math.Float32bits(v[i]) {
				t.Fatalf("%s[%d] = %g, want %g", key, i, math.Float32frombits(got), v[i])
			}
		}
	}
	want := 0
	for _, n := range g.Main() {
		want += len(n.Params)
	}
	if seen != want {
		t.Errorf("%d weights, want %d", seen, want)
	}
}

// small declares a graph of one operation behind a convolution.
func small(t *testing.T, o op.Act) *nn.Graph {
	t.Helper()
	g, err := nn.Build(tensor.CHW(2, 6, 6), func(b *nn.Builder, x *nn.Node) *nn.Node {
		return b.Add("act", o, b.Add("drop", op.Dropout{P: 0.5}, b.Add("conv", op.Conv{Out: 3, Kernel: 3, Stride: 2, Same: true}, x)))
	})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestSamePaddingIsUneven(t *testing.T) {
	g := small(t, op.ReLU)
	file := write(t, g, weights.Init(g, 1), Options{Outputs: []*nn.Node{g.Node("conv")}})
	for _, b := range decode(t, file[graphNode][0].([]byte))[nodeAttribute] {
		if a := decode(t, b.([]byte)); a.strings(attrName)[0] == "pads" {
			if got, want := a.ints(attrInts), []int{0, 0, 1, 1}; !slices.Equal(got, want) {
				t.Errorf("pads = %v, want %v", got, want)
			}
		}
	}
	if got := len(file[graphOutput]); got != 2 {
		t.Errorf("%d outputs, want 2", got)
	}
}

func TestErrors(t *testing.T) {
	scaled := small(t, op.ScaledTanh)
	plain := small(t, op.ReLU)
	for _, c := range []struct {
		name string
		g    *nn.Graph
		w    nn.Weights
		o    Options
		want string
	}{
		{"no counterpart", scaled, weights.Init(scaled, 1), Options{}, "scaledtanh"},
		{"no weights", plain, weights.NewSet(), Options{}, `"conv.weight" has 0 values, want 54`},
		{"an identity as output", plain, weights.Init(plain, 1), Options{Outputs: []*nn.Node{plain.Node("drop")}}, "no value of its own"},
	} {
		var b bytes.Buffer
		err := Write(&b, c.g, c.w, c.o)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want one with %q", c.name, err, c.want)
		}
		if b.Len() > 0 {
			t.Errorf("%s: %d bytes written before the error", c.name, b.Len())
		}
	}
}

// broken fails after some bytes.
type broken struct{ left int }

var errFull = errors.New("disk full")

func (b *broken) Write(p []byte) (int, error) {
	if b.left -= len(p); b.left < 0 {
		return 0, errFull
	}
	return len(p), nil
}

func TestWriteErrorIsReturned(t *testing.T) {
	g := small(t, op.ReLU)
	w := weights.Init(g, 1)
	var whole bytes.Buffer
	if err := Write(&whole, g, w, Options{}); err != nil {
		t.Fatal(err)
	}
	for n := 0; n < whole.Len(); n += 7 {
		if err := Write(&broken{n}, g, w, Options{}); !errors.Is(err, errFull) {
			t.Fatalf("after %d bytes: error %v, want %v", n, err, errFull)
		}
	}
	if err := Write(io.Discard, g, w, Options{}); err != nil {
		t.Error(err)
	}
}
