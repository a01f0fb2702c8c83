// Package onnx writes a graph and its weights as an ONNX model, so that other runtimes can run the same network: to check
// the engine against them and to compare speeds (see peers).
//
// It only writes. It reads no models, covers inference of one image, and says so when an operation has no counterpart
// there. The format is https://github.com/onnx/onnx/blob/main/onnx/onnx.proto; the operations are those of operator set 14.
// Start reading at Write, then lower.go.
package onnx

import (
	"fmt"
	"io"
	"math"
	"slices"

	"google.golang.org/protobuf/encoding/protowire"

	"stride/internal/nn"
)

// The versions that the file declares: the oldest operator set with HardSwish, and a format that has it.
const (
	OpSet     = 14
	irVersion = 8
)

// Options say what to write besides the graph. The zero value writes its output only.
type Options struct {
	// Name of the model; it has no meaning to a runtime.
	Name string
	// Outputs are nodes whose values the model returns too, behind the main output and in this order. Nodes that are the
	// identity in inference (dropout) share the value of their input and cannot be named.
	Outputs []*nn.Node
}

// Input is the name of the picture, 1×C×H×W, in the file.
func Input(g *nn.Graph) string { return g.Input.Path }

// Output is the name of the main output in the file. Further outputs, too, have the path of their node.
func Output(g *nn.Graph) string { return g.Output.Path }

// Write writes the main path of g; auxiliary classifiers are left out. The weights are streamed in the order of the nodes,
// so that no second copy is held. Errors name the node: an operation that ONNX lacks, weights that are missing or have
// the wrong length, a model of 2 GiB or more, which the format cannot hold in one file. Nothing is written before all of
// that is known.
func Write(w io.Writer, g *nn.Graph, ws nn.Weights, o Options) error {
	m, err := lower(g, o)
	if err != nil {
		return err
	}
	for _, t := range m.params {
		if got := len(ws.Values(t.key)); t.values == nil && got != t.len() {
			return fmt.Errorf("onnx: weight %q has %d values, want %d", t.key, got, t.len())
		}
	}
	return m.write(w, ws)
}

// write encodes the model around the weights, whose sizes are known beforehand.
func (m *model) write(w io.Writer, ws nn.Weights) error {
	size := len(m.graph)
	heads := make([][]byte, len(m.params))
	for i, t := range m.params {
		heads[i] = t.head()
		size += protowire.SizeTag(graphInitializer) + protowire.SizeBytes(len(heads[i])+4*t.len())
	}
	var b []byte
	b = appendInt(b, modelIRVersion, irVersion)
	b = appendString(b, modelProducer, "stride")
	b = appendBytes(b, modelOpset, appendInt(nil, opsetVersion, OpSet))
	b = protowire.AppendTag(b, modelGraph, protowire.BytesType)
	b = protowire.AppendVarint(b, uint64(size))
	b = append(b, m.graph...)
	if total := len(b) - len(m.graph) + size; total > math.MaxInt32 {
		return fmt.Errorf("onnx: the model %s takes %d bytes, a file holds at most %d", m.name, total, math.MaxInt32)
	}
	if _, err := w.Write(b); err != nil {
		return err
	}
	for i, t := range m.params {
		b = protowire.AppendTag(b[:0], graphInitializer, protowire.BytesType)
		b = protowire.AppendVarint(b, uint64(len(heads[i])+4*t.len()))
		if _, err := w.Write(append(b, heads[i]...)); err != nil {
			return err
		}
		v := t.values
		if v == nil {
			v = ws.Values(t.key)
		}
		if err := writeFloats(w, v); err != nil {
			return err
		}
	}
	return nil
}

// writeFloats writes little-endian values in pieces.
func writeFloats(w io.Writer, v []float32) error {
	const piece = 1 << 14
	b := make([]byte, 0, 4*piece)
	for part := range slices.Chunk(v, piece) {
		b = b[:0]
		for _, x := range part {
			b = protowire.AppendFixed32(b, math.Float32bits(x))
		}
		if _, err := w.Write(b); err != nil {
			return err
		}
	}
	return nil
}
