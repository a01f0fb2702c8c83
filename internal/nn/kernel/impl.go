package kernel

import (
	"os"
	"sync/atomic"
)

// impl is one set of inner loops.
type impl struct {
	name string

	// The matrix tile: panels of wide or of lanes columns, and the heights it comes in, tallest first, the last one 1.
	// Every height but the last divides the one of 12 rows that work is cut into.
	wide, lanes          int
	rows                 []int
	tileWide, tileNarrow func(*tile)

	copyRows  func(*rowCopy)
	transpose func(dst []float32, ldd int, src []float32, lds, rows, cols int)
	split     func(even, odd, src []float32)
	mergeAdd  func(dst, even, odd []float32)
	tapSum    func(*tapSum)
	tapDots   func(*tapSum)
	sum       func(x []float32) float64
	dot       func(x, y []float32) float32
	addScaled func(dst, a, b []float32, alpha float32)
}

var generic = &impl{
	name: "generic",
	wide: 4, lanes: 4, rows: []int{3, 2, 1},
	tileWide: tileGeneric, tileNarrow: tileGeneric,
	copyRows:  copyRowsGeneric,
	transpose: transposeGeneric,
	split:     splitGeneric,
	mergeAdd:  mergeAddGeneric,
	tapSum:    tapSumGeneric,
	tapDots:   tapDotsGeneric,
	sum:       sum64,
	dot:       dotGeneric,
	addScaled: addScaledGeneric,
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
