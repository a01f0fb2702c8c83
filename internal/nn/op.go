// Package nn is the graph of a convolutional network: nodes that apply operations to tensors, how a graph is built, run,
// recorded, differentiated and explained.
//
// It knows no concrete operation (see nn/op), no architecture (nn/arch), no file format (nn/weights) and no picture.
// Start reading at Op, then Builder, then Run.
package nn

import (
	"errors"

	"stride/internal/nn/tensor"
)

// Kind names an operation: "conv", "maxpool". Kinds are public (URLs, CSS classes, lesson directives) and never renamed.
type Kind string

// KindInput is the kind of the node that holds the picture.
const KindInput Kind = "input"

// Op is one operation. It owns everything that is known about it: shape rule, parameters, cost and arithmetic; nothing
// outside an op computes by its kind. An Op is an immutable value; optional knowledge is in the small interfaces below.
type Op interface {
	Kind() Kind
	// OutShape is the shape of the result. The error says in words why the inputs do not fit.
	OutShape(in []tensor.Shape) (tensor.Shape, error)
	// Params lists the weights, named as in the weight file ("weight", "running_mean"), in file order.
	Params(in []tensor.Shape) []ParamSpec
	// MACs is the number of multiply-accumulates for in[0].N images. By convention only convolutions and dense layers
	// count; everything else is 0.
	MACs(in []tensor.Shape, out tensor.Shape) int64
	// Forward computes c.Out from c.In.
	Forward(c *Call)
}

// Role says what a parameter is for; initialisation, weight decay and counting depend on it.
type Role string

// The roles. Mean, Var and Fixed are not trained: the first two are statistics, the last is given by the architecture.
const (
	ConvWeight   Role = "conv.weight"   // [out][in/groups][kh][kw]
	LinearWeight Role = "linear.weight" // [out][in]
	Bias         Role = "bias"
	NormWeight   Role = "bn.weight" // scale γ
	NormBias     Role = "bn.bias"   // shift β
	NormMean     Role = "bn.mean"   // running mean
	NormVar      Role = "bn.var"    // running variance
	Fixed        Role = "fixed"
)

// Trainable reports whether gradient descent changes a parameter of this role.
func (r Role) Trainable() bool { return r != NormMean && r != NormVar && r != Fixed }

// ParamSpec describes one weight tensor of an op.
type ParamSpec struct {
	Name string
	Dims []int
	Role Role
}

// Len is the number of values.
func (p ParamSpec) Len() int {
	n := 1
	for _, d := range p.Dims {
		n *= d
	}
	return n
}

// FanIn is the number of inputs that one output of this weight sums over: the product of all dimensions but the first.
func (p ParamSpec) FanIn() int {
	if len(p.Dims) == 0 || p.Dims[0] == 0 {
		return 1
	}
	return p.Len() / p.Dims[0]
}

// Workers runs units of work in parallel. The implementation is kernel.Team. Results must not depend on
// the number of threads: a unit owns its part of the output.
type Workers interface {
	Run(units int, f func(worker, unit int))
	Threads() int
	// Scratch is a buffer of n values that belongs to one worker until its next call; the contents are undefined.
	Scratch(worker, n int) []float32
}

// Call is one application of an op. Inputs may be shared with other nodes and are read only; Out is owned by the call
// and holds undefined values before Forward.
type Call struct {
	Op      Op
	In      []*tensor.Tensor
	Out     *tensor.Tensor
	Params  [][]float32 // in the order of Op.Params; read only except for running statistics in training
	Workers Workers
	Train   bool
	// Rand is a stream of random bits for this node and step (dropout); 0 outside training.
	Rand uint64
	// Saved is what a training forward pass leaves for Backward: batch statistics, arg-max indices, masks.
	Saved any
}

// GradCall is the backward pass of one application. In, Out, Params, Saved and Train are as after Forward.
type GradCall struct {
	Call
	GradOut *tensor.Tensor
	// GradIn has one entry per input, nil where no gradient is wanted. Backward adds to it.
	GradIn []*tensor.Tensor
	// GradParams has one entry per parameter, nil where no gradient is wanted (statistics, frozen layers). Backward adds to it.
	GradParams [][]float32
}

// Differentiable ops have a backward pass.
type Differentiable interface{ Backward(c *GradCall) }

// Window is the rectangle of input behind one output cell: cell (y, x) reads rows y·SH − PT … and columns x·SW − PL …,
// KH by KW of them, DH and DW apart.
type Window struct{ KH, KW, SH, SW, PT, PL, DH, DW int }

// Windowed ops see a neighbourhood of the map. Ops without it look at the same position of every input.
type Windowed interface{ Window(in tensor.Shape) Window }

// Gated ops have inputs that see the whole map but do not count for the receptive field: squeeze-and-excite gates.
type Gated interface {
	IsGate(in []tensor.Shape, i int) bool
}

// Tolerant ops allow more rounding than the rest when two implementations are compared.
type Tolerant interface{ Tolerance() (rtol, atol float64) }

// Cell is one value of one image's map.
type Cell struct{ C, Y, X int }

// Term is one product of the sum behind a cell: value X of input In at Cell, times W.
type Term struct {
	In   int
	Cell Cell
	X, W float64
}

// Terms is the arithmetic of one output cell. Value = Post(Σ X·W + Bias), in float64 on the float32 inputs and weights,
// so it equals the engine's float32 to its last digits.
type Terms struct {
	Items []Term
	Bias  float64
	// HasBias distinguishes a bias of 0 from none.
	HasBias bool
	// Sum is Σ X·W, without Bias.
	Sum float64
	// Value is what the cell holds.
	Value float64
	// Form is how Value follows from the parts, in the op's own few forms (see the constants).
	Form Form
	// Named holds the further numbers of the formula, by symbol and in order: BN's γ, β, μ, σ², ε; LRN's k, α, β, n.
	Named []Named
}

// Named is one symbol of a formula with its value.
type Named struct {
	Symbol string
	Value  float64
}

// Form is the shape of a cell's arithmetic; a page draws each with its own component.
type Form string

// The forms.
const (
	FormSum       Form = "sum"       // Σ x·w + b
	FormMax       Form = "max"       // the largest item; its W is 1, the others' 0
	FormMean      Form = "mean"      // Σ x · 1/n
	FormPointwise Form = "pointwise" // f(x)
	FormNorm      Form = "norm"      // γ (x − μ) / √(σ² + ε) + β
	FormLRN       Form = "lrn"       // x / (k + α Σ x²)^β; items are the neighbours
	FormProduct   Form = "product"   // x₀ · x₁
	FormCopy      Form = "copy"      // one input cell as it is (concat, flatten, dropout)
	FormSoftmax   Form = "softmax"   // e^x / Σ e^x; items are the exponents
	FormDistance  Form = "distance"  // −Σ (x − w)²
)

// Explainer ops can say how one output cell of image 0 was computed.
type Explainer interface {
	Explain(c *Call, cell Cell) Terms
}

// ErrStop, returned by a Tap, ends a run early without an error.
var ErrStop = errors.New("nn: stop")
