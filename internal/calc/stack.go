package calc

import (
	"strconv"

	"stride/internal/nn/op"
	"stride/internal/nn/tensor"
)

// Stack is an input and the layers above it. Values are never changed in place: every edit returns a new stack.
type Stack struct {
	// Input is the shape of one picture, or of a vector with H and W 1.
	Input  tensor.Shape
	Layers []Layer
}

// Code is the short name of a kind of layer in the compact text: "c", "bn", "add".
type Code string

// Pair is a size in rows and columns.
type Pair struct{ Y, X int }

// Square is a pair of equal sides.
func Square(n int) Pair { return Pair{n, n} }

// String is "3", or "1x7" where the sides differ.
func (p Pair) String() string {
	if p.Y == p.X {
		return strconv.Itoa(p.Y)
	}
	return strconv.Itoa(p.Y) + "x" + strconv.Itoa(p.X)
}

// Layer is one layer, block or join. Which fields mean something depends on the code; Kind.Fields lists them with their
// limits. New returns a layer with the usual values.
type Layer struct {
	Code Code
	// Count repeats a layer or block; joins stand once.
	Count int

	Out, Stride, Dilation, Groups, Mult int
	Kernel, Pad                         Pair
	NoBias, Same, Ceil, ExcludePad      bool
	// Rate is the probability of dropout; Eps the ε of batch normalisation.
	Rate, Eps float64
	// Norm are k, α and β of local response normalisation; SumAlpha takes α for the sum instead of the mean.
	Norm     [3]float64
	SumAlpha bool
	// Pads are the zeros added above, below, left and right.
	Pads [4]int
	// Table says for every output map which input maps it reads, as bits.
	Table []uint64

	// The settings of blocks. Mid is the width inside a bottleneck or of a gate, Expand how much wider an inverted
	// residual is inside, Squeeze the divisor of its gate, Steps the number of layers of a dense block.
	Mid, Expand, Squeeze, Steps int
	// First puts the stride of a bottleneck into its first 1×1; PadSkip makes a shortcut without parameters; Drop marks
	// a block with stochastic depth; Normed is an inception module with batch normalisation, HardGate a gate that ends in
	// hard sigmoid.
	First, PadSkip, Drop, Normed, HardGate bool
	Act                                    op.Act
	// Filters are the rest of an inception module: the 3×3 branch's reduction and filters, the 5×5's, the pool's.
	Filters [5]int

	// Paths are the branches of a join; an empty path is the input itself.
	Paths [][]Layer

	in tensor.Shape // while a graph is being taken apart: what the layer read
	// While pasted text is being read: its line, and how many inputs it says the layer has.
	line, wants int
}

// Times is Count with its default.
func (l Layer) Times() int { return max(l.Count, 1) }

// New is a layer of a kind with the usual settings; ok is false for an unknown code.
func New(c Code) (l Layer, ok bool) {
	k := kinds[c]
	if k == nil {
		return Layer{}, false
	}
	l = Layer{Code: c, Count: 1}
	for _, f := range k.Fields {
		f.reset(&l)
	}
	if k.Join {
		l.Paths = make([][]Layer, 2)
	}
	return l, true
}

// must is New for codes of this package.
func must(c Code, set func(*Layer)) Layer {
	l, ok := New(c)
	if !ok {
		panic("calc: no kind " + string(c))
	}
	if set != nil {
		set(&l)
	}
	return l
}

// clone copies everything that a layer refers to.
func (l Layer) clone() Layer {
	l.Table = append([]uint64(nil), l.Table...)
	if l.Paths != nil {
		paths := make([][]Layer, len(l.Paths))
		for i, p := range l.Paths {
			paths[i] = cloneAll(p)
		}
		l.Paths = paths
	}
	return l
}

func cloneAll(layers []Layer) []Layer {
	if layers == nil {
		return nil
	}
	out := make([]Layer, len(layers))
	for i, l := range layers {
		out[i] = l.clone()
	}
	return out
}

// Limits of a stack. They bound the work of one request, not what the mathematics allows.
const (
	MaxText  = 32 << 10
	MaxNodes = 3000
	maxDepth = 6
	maxCount = 200
	maxSide  = 4096
	maxWidth = 1 << 16
	maxMACs  = 1 << 50 // of one layer: MaxNodes of them still fit an int64
)
