package nchwc

import (
	"fmt"
	"os"
)

// Set is one implementation of the innermost loops. Its blocks have Block lanes.
type Set struct {
	Name  string
	Block int
	// tile7 and tile8 are the convolution tiles by number of segments (index 0 is unused), of seven and eight pixels and
	// depth channels per tap; planar is the one of most segments with one channel per tap.
	tile7, tile8     []func(*tileArgs)
	planar           func(*tileArgs)
	depthwise        func(kw, stride int) func(*depthArgs)
	maxPool, avgPool func(*poolArgs)
	maxPool3         func(*poolArgs) // for windows of three columns
	// Winograd's transforms of 6×6 and 4×4 patches, and from these to tiles of 4×4 or 2×2 pixels.
	winoIn6, winoIn4                func(*winoArgs)
	winoOut64, winoOut62, winoOut42 func(*winoArgs)
	dense8                          func(dst, x, w, bias []float32) // panels of eight blocks of columns
	dense4                          func(dst, x, w, bias []float32)
	affine                          func(dst, src, scale, shift []float32, lo, hi float32)
	add, mul                        func(dst, a, b []float32, lo, hi float32)
	exp                             func(dst, src []float32)
	sigmoid                         func(dst, src []float32)
	silu                            func(dst, src []float32)
	tanh                            func(dst, src []float32)
	lrn5                            func(dst, src, sq []float32, blocks, dstStride, srcStride, pixels int, k, a float32)
	scaleRows                       func(dst, src, factors []float32)
}

// depth is the number of input channels of one tap: channels are padded to a multiple of it.
const depth = 8

// Flags of the argument structs: which parts of the epilogue apply.
const (
	flagRes  = 1
	flagLo   = 2
	flagHi   = 4
	flagBias = 8
)

// Sets lists the implementations that this processor runs, slowest first.
func Sets() []*Set { return append([]*Set{genericSet("generic", 16)}, nativeSets()...) }

// Generic is the specification with the given number of lanes.
func Generic(block int) *Set { return genericSet(fmt.Sprint("generic", block), block) }

// Best is the set to use: the one that STRIDE_KERNEL names, or the last of Sets.
func Best() *Set {
	sets := Sets()
	if s := ByName(os.Getenv("STRIDE_KERNEL")); s != nil {
		return s
	}
	return sets[len(sets)-1]
}

// ByName finds a set of Sets; nil when this processor has none of that name.
func ByName(name string) *Set {
	for _, s := range Sets() {
		if s.Name == name {
			return s
		}
	}
	return nil
}

// genericSet is the specification on blocks of any size. Its tiles have the shapes of the assembly, so that a test
// exercises the same loops around them.
func genericSet(name string, block int) *Set {
	tiles := func(n, width, depth int) []func(*tileArgs) {
		t := make([]func(*tileArgs), n+1)
		for segs := 1; segs <= n; segs++ {
			t[segs] = func(a *tileArgs) { genericTile(a, segs, width, depth, block) }
		}
		return t
	}
	return &Set{
		Name: name, Block: block,
		tile7: tiles(4, 7, depth), tile8: tiles(3, 8, depth), planar: tiles(4, 7, 1)[4],
		depthwise: func(kw, stride int) func(*depthArgs) {
			return func(a *depthArgs) { genericDepthwise(a, kw, stride, block) }
		},
		maxPool:   func(a *poolArgs) { genericMaxPool(a, block) },
		maxPool3:  func(a *poolArgs) { genericMaxPool(a, block) },
		avgPool:   func(a *poolArgs) { genericAvgPool(a, block) },
		winoIn6:   func(a *winoArgs) { genericWinogradInput(a, block, 6) },
		winoIn4:   func(a *winoArgs) { genericWinogradInput(a, block, 4) },
		winoOut64: func(a *winoArgs) { genericWinogradOutput(a, block, 6, 4) },
		winoOut62: func(a *winoArgs) { genericWinogradOutput(a, block, 6, 2) },
		winoOut42: func(a *winoArgs) { genericWinogradOutput(a, block, 4, 2) },
		dense8:    func(dst, x, w, bias []float32) { genericDense(dst, x, w, bias, 8*block) },
		dense4:    func(dst, x, w, bias []float32) { genericDense(dst, x, w, bias, 4*block) },
		affine:    genericAffine, add: genericAdd, mul: genericMul,
		exp: genericExp, sigmoid: genericSigmoid, silu: genericSiLU, tanh: genericTanh,
		scaleRows: func(dst, src, factors []float32) { genericScaleRows(dst, src, factors, block) },
		lrn5: func(dst, src, sq []float32, blocks, dstStride, srcStride, pixels int, k, a float32) {
			genericLRN5(dst, src, sq, blocks, dstStride, srcStride, pixels, k, a, block)
		},
	}
}
