package onnx

import (
	"math"

	"google.golang.org/protobuf/encoding/protowire"

	"stride/internal/nn/tensor"
)

// The field numbers of onnx.proto that a model for inference needs, as message and field.
const (
	modelIRVersion, modelProducer, modelGraph, modelOpset                    protowire.Number = 1, 2, 7, 8
	opsetVersion                                                             protowire.Number = 2
	graphNode, graphName, graphInitializer, graphInput, graphOutput          protowire.Number = 1, 2, 5, 11, 12
	nodeInput, nodeOutput, nodeName, nodeOp, nodeAttribute                   protowire.Number = 1, 2, 3, 4, 5
	attrName, attrFloat, attrInt, attrInts, attrType                         protowire.Number = 1, 2, 3, 8, 20
	tensorDims, tensorType, tensorName, tensorRaw                            protowire.Number = 1, 2, 8, 9
	valueName, valueType, typeTensor, elemType, typeShape, shapeDim, dimSize protowire.Number = 1, 2, 1, 1, 2, 1, 1
)

// The values of enumerations.
const (
	float32Type               = 1
	typeFloat, typeInt, tInts = 1, 2, 7
)

func appendInt(b []byte, f protowire.Number, v int) []byte {
	return protowire.AppendVarint(protowire.AppendTag(b, f, protowire.VarintType), uint64(v))
}

func appendBytes(b []byte, f protowire.Number, v []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(b, f, protowire.BytesType), v)
}

func appendString(b []byte, f protowire.Number, v string) []byte {
	return protowire.AppendString(protowire.AppendTag(b, f, protowire.BytesType), v)
}

// attr is one encoded attribute of a node.
type attr []byte

func intAttr(name string, v int) attr {
	return appendInt(appendInt(appendString(nil, attrName, name), attrInt, v), attrType, typeInt)
}

func floatAttr(name string, v float64) attr {
	b := protowire.AppendTag(appendString(nil, attrName, name), attrFloat, protowire.Fixed32Type)
	return appendInt(protowire.AppendFixed32(b, math.Float32bits(float32(v))), attrType, typeFloat)
}

func intsAttr(name string, v ...int) attr {
	b := appendString(nil, attrName, name)
	for _, x := range v {
		b = appendInt(b, attrInts, x)
	}
	return appendInt(b, attrType, tInts)
}

// valueInfo declares an input or output of the graph: a float32 tensor. A flat one has the shape {N, C}.
func valueInfo(name string, s tensor.Shape, flat bool) []byte {
	dims := []int{s.N, s.C, s.H, s.W}
	if flat {
		dims = dims[:2]
	}
	var shape []byte
	for _, d := range dims {
		shape = appendBytes(shape, shapeDim, appendInt(nil, dimSize, d))
	}
	t := appendBytes(appendInt(nil, elemType, float32Type), typeShape, shape)
	return appendBytes(appendString(nil, valueName, name), valueType, appendBytes(nil, typeTensor, t))
}

// param is a constant tensor of the model: the weight of that key, or values of the exporter's own.
type param struct {
	key    string
	dims   []int
	values []float32
}

func (p param) len() int {
	n := 1
	for _, d := range p.dims {
		n *= d
	}
	return n
}

// head is the tensor up to and including the length of its values.
func (p param) head() []byte {
	var b []byte
	for _, d := range p.dims {
		b = appendInt(b, tensorDims, d)
	}
	b = appendInt(b, tensorType, float32Type)
	b = appendString(b, tensorName, p.key)
	b = protowire.AppendTag(b, tensorRaw, protowire.BytesType)
	return protowire.AppendVarint(b, uint64(4*p.len()))
}
