package calc

import (
	"fmt"
	"math"

	"stride/internal/nn"
	"stride/internal/nn/op"
	"stride/internal/nn/tensor"
)

// The activations that pasted models have and no network of the house uses. They run on plain loops.
const (
	gelu      op.Act = "gelu"
	leakyReLU op.Act = "leakyrelu"
	elu       op.Act = "elu"
	softplus  op.Act = "softplus"
	mish      op.Act = "mish"
)

// foreign are their functions, with the parameters that PyTorch takes unless told otherwise.
var foreign = map[op.Act]func(float64) float64{
	gelu:      func(x float64) float64 { return x / 2 * (1 + math.Erf(x/math.Sqrt2)) },
	leakyReLU: func(x float64) float64 { return max(x, 0.01*x) },
	elu:       func(x float64) float64 { return max(x, math.Expm1(min(x, 0))) },
	softplus:  func(x float64) float64 { return math.Log1p(math.Exp(-math.Abs(x))) + max(x, 0) },
	mish:      func(x float64) float64 { return x * math.Tanh(math.Log1p(math.Exp(-math.Abs(x)))+max(x, 0)) },
}

// actOp is the op of an activation by name.
func actOp(a op.Act) nn.Op {
	if f, ok := foreign[a]; ok {
		return foreignAct{a, f}
	}
	return a
}

// foreignAct is an activation that package op does not have. Shape, parameters and cost are those of every activation.
type foreignAct struct {
	op.Act
	f func(float64) float64
}

// Forward applies the function.
func (a foreignAct) Forward(k *nn.Call) {
	for i, v := range k.In[0].Data {
		k.Out.Data[i] = float32(a.f(float64(v)))
	}
}

// zeroPad surrounds the maps with zeros: Pads are rows above and below, columns left and right.
type zeroPad struct{ Pads [4]int }

// Kind is "zeropad".
func (zeroPad) Kind() nn.Kind { return "zeropad" }

// Window shifts the map by the rows above and the columns to the left.
func (p zeroPad) Window(tensor.Shape) nn.Window {
	return nn.Window{KH: 1, KW: 1, SH: 1, SW: 1, PT: p.Pads[0], PL: p.Pads[2], DH: 1, DW: 1}
}

// OutShape adds the rows and columns.
func (p zeroPad) OutShape(in []tensor.Shape) (tensor.Shape, error) {
	if len(in) != 1 {
		return tensor.Shape{}, fmt.Errorf("has %d inputs, takes 1", len(in))
	}
	s := in[0]
	s.H += p.Pads[0] + p.Pads[1]
	s.W += p.Pads[2] + p.Pads[3]
	return s, nil
}

// Params is empty.
func (zeroPad) Params([]tensor.Shape) []nn.ParamSpec { return nil }

// MACs is 0.
func (zeroPad) MACs([]tensor.Shape, tensor.Shape) int64 { return 0 }

// Forward copies row by row.
func (p zeroPad) Forward(k *nn.Call) {
	clear(k.Out.Data)
	in := k.In[0].Shape
	for n := range in.N {
		for c := range in.C {
			for y := range in.H {
				copy(k.Out.Data[k.Out.Shape.Index(n, c, y+p.Pads[0], p.Pads[2]):], k.In[0].Data[in.Index(n, c, y, 0):][:in.W])
			}
		}
	}
}

// opFor is the operation of a plain layer that reads a map of shape in.
func opFor(l Layer, in tensor.Shape) nn.Op {
	switch l.Code {
	case "c":
		return convOp(l, l.Out, l.Groups)
	case "dw":
		return convOp(l, in.C*l.Mult, in.C)
	case "fc":
		return op.Linear{Out: l.Out, NoBias: l.NoBias}
	case "bn":
		return op.BatchNorm{Eps: l.Eps}
	case "lrn":
		return op.LRN{N: l.Out, K: l.Norm[0], Alpha: l.Norm[1], Beta: l.Norm[2], Sum: l.SumAlpha}
	case "mp":
		return op.MaxPool{Kernel: l.Kernel.Y, Stride: l.Stride, Pad: l.Pad.Y, Ceil: l.Ceil}
	case "ap":
		return op.AvgPool{Kernel: l.Kernel.Y, Stride: l.Stride, Pad: l.Pad.Y, Ceil: l.Ceil, ExcludePad: l.ExcludePad}
	case "aap":
		return op.AdaptiveAvgPool{Out: l.Out}
	case "gap":
		return op.AdaptiveAvgPool{Out: 1}
	case "gmp":
		return op.MaxPool{Kernel: in.H}
	case "do":
		return op.Dropout{P: l.Rate}
	case "sd":
		return op.StochasticDepth{P: l.Rate}
	case "fl":
		return op.Flatten{}
	case "sm":
		return op.Softmax{}
	case "zp":
		return zeroPad{l.Pads}
	case "st":
		return op.Subsample{Step: l.Stride}
	case "pc":
		return op.PadChannels{Out: l.Out}
	case "ss":
		return op.SubSample{}
	case "ct":
		return op.ConvTable{Kernel: l.Kernel.Y, Inputs: tableInputs(l.Table)}
	case "rbf":
		return rbfOp(l.Out, in.C)
	}
	return actOp(op.Act(kinds[l.Code].Name))
}

func convOp(l Layer, out, groups int) op.Conv {
	c := op.Conv{Out: out, Stride: l.Stride, Dilation: l.Dilation, Groups: groups, NoBias: l.NoBias, Same: l.Same}
	if l.Kernel.Y == l.Kernel.X && l.Pad.Y == l.Pad.X {
		c.Kernel, c.Pad = l.Kernel.Y, l.Pad.Y
		return c
	}
	c.Size, c.Pads = [2]int{l.Kernel.Y, l.Kernel.X}, [2]int{l.Pad.Y, l.Pad.X}
	return c
}

// rbfOp has patterns of zeros: the calculator counts an output layer and does not know what its classes look like.
func rbfOp(classes, n int) nn.Op {
	p := make([][]float32, classes)
	zero := make([]float32, n)
	for i := range p {
		p[i] = zero
	}
	return op.RBF{Patterns: p}
}

// tableInputs turns bit sets into the lists of a ConvTable.
func tableInputs(t []uint64) [][]int {
	out := make([][]int, len(t))
	for o, m := range t {
		for i := range 64 {
			if m>>i&1 == 1 {
				out[o] = append(out[o], i)
			}
		}
	}
	return out
}

// joinOp is the operation of a join.
func joinOp(c Code) nn.Op {
	switch c {
	case "add":
		return op.Add{}
	case "mul":
		return op.Mul{}
	}
	return op.Concat{}
}
