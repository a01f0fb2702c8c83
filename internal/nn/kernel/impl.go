package kernel

import (
	"os"
	"sync/atomic"
)

// impl is one set of inner loops. The functions *Generic say what each of them computes.
type impl struct {
	name string

	// The matrix tile: panels of wide or of lanes columns, and the heights it comes in, tallest first, the last one 1.
	wide, lanes          int
	rows                 []int
	tileWide, tileNarrow func(*tile)

	copyRows        func(*rowCopy)
	transpose       func(dst []float32, ldd int, src []float32, lds, rows, cols int)
	split           func(even, odd, src []float32, n, rows, dstRow, srcRow int)
	mergeAdd        func(dst, even, odd []float32, n, rows, dstRow, evenRow, oddRow int)
	tapSum, tapDots func(*tapSum)
	tapMax          func(*tapMax)

	sum        func(x []float32) float64
	sumSquares func(x []float32, m float32) float64
	sumDot     func(dy, x []float32, m float32) (sum, dot float64)
	dot        func(x, y []float32) float32

	relu, tanh, sigmoid, silu, hardSigmoid, hardSwish              func(dst, x []float32)
	reluBackward, relu6Backward, hardSigmoidBackward               func(dx, dy, kept []float32)
	tanhBackward, sigmoidBackward, siluBackward, hardSwishBackward func(dx, dy, kept []float32)
	add, mul, mulAdd                                               func(dst, a, b []float32)
	clamp                                                          func(dst, x []float32, low, high float32)
	clampBackward                                                  func(dx, dy, x []float32, low, high float32)
	scale                                                          func(dst, x []float32, alpha float32)
	affine                                                         func(dst, x []float32, scale, shift float32)
	addScaled                                                      func(dst, a, b []float32, alpha float32)
	addTwo                                                         func(dst, a, b []float32, ka, kb, k float32)
}

var generic = &impl{
	name: "generic",
	wide: 4, lanes: 4, rows: []int{3, 2, 1},
	tileWide: tileGeneric, tileNarrow: tileGeneric,

	copyRows: copyRowsGeneric, transpose: transposeGeneric, split: splitGeneric, mergeAdd: mergeAddGeneric,
	tapSum: tapSumGeneric, tapDots: tapDotsGeneric, tapMax: tapMaxGeneric,

	sum: sumGeneric, sumSquares: sumSquaresGeneric, sumDot: sumDotGeneric, dot: dotGeneric,

	relu: reluGeneric, tanh: tanhGeneric, sigmoid: sigmoidGeneric, silu: siluGeneric,
	hardSigmoid: hardSigmoidGeneric, hardSwish: hardSwishGeneric,
	reluBackward: reluBackwardGeneric, relu6Backward: relu6BackwardGeneric, hardSigmoidBackward: hardSigmoidBackwardGeneric,
	tanhBackward: tanhBackwardGeneric, sigmoidBackward: sigmoidBackwardGeneric, siluBackward: siluBackwardGeneric,
	hardSwishBackward: hardSwishBackwardGeneric,
	add:               addGeneric, mul: mulGeneric, mulAdd: mulAddGeneric,
	clamp: clampGeneric, clampBackward: clampBackwardGeneric,
	scale: scaleGeneric, affine: affineGeneric, addScaled: addScaledGeneric, addTwo: addTwoGeneric,
}

// rowBlock is what rows of A are cut by: a multiple of the tallest tile of every implementation.
const rowBlock = 12

// implementations lists what this processor can run, the best last.
var implementations = append([]*impl{generic}, nativeImplementations()...)

// active is the implementation in use. It changes after start-up only in tests.
var active atomic.Pointer[impl]

func init() {
	active.Store(implementations[len(implementations)-1])
	if want := os.Getenv("STRIDE_KERNEL"); want != "" {
		use(want)
	}
}

// use makes the implementation of that name active and reports whether this processor has it.
func use(name string) bool {
	for _, im := range implementations {
		if im.name == name {
			active.Store(im)
			return true
		}
	}
	return false
}

// Implementation is the name of the set of inner loops in use: "generic", "avx2" or "avx512".
func Implementation() string { return active.Load().name }
