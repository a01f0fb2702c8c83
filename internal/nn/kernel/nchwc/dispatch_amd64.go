//go:build !purego

package nchwc

import "golang.org/x/sys/cpu"

// nativeSets are the assembly sets of this processor. cpu.X86 also asks whether the system saves the wide registers.
func nativeSets() []*Set {
	var s []*Set
	if cpu.X86.HasAVX2 && cpu.X86.HasFMA {
		s = append(s, avx2Set)
	}
	if cpu.X86.HasAVX512F && cpu.X86.HasAVX512BW && cpu.X86.HasAVX512VL && cpu.X86.HasAVX512DQ {
		s = append(s, avx512Set)
	}
	return s
}

var avx2Set = &Set{
	Name: "avx2", Block: 8,
	tile7:     []func(*tileArgs){nil, tile1x7d8AVX2, tile2x7d8AVX2},
	tile8:     []func(*tileArgs){nil, tile1x8d8AVX2},
	planar:    tile2x7d1AVX2,
	depthwise: func(kw, stride int) func(*depthArgs) { return depthwiseOf(kw, stride, 8, depthwiseAVX2) },
	maxPool:   maxPoolAVX2, maxPool3: maxPool3AVX2, avgPool: avgPoolAVX2,
	winoIn6: winogradInput6AVX2, winoIn4: winogradInput4AVX2,
	winoOut64: winogradOutput6to4AVX2, winoOut62: winogradOutput6to2AVX2, winoOut42: winogradOutput4to2AVX2,
	dense8: dense8AVX2, dense4: dense4AVX2, affine: affineAVX2, add: addAVX2, mul: mulAVX2,
	exp: expAVX2, sigmoid: sigmoidAVX2, silu: siluAVX2, tanh: tanhAVX2,
	lrn5: lrn5AVX2, scaleRows: scaleRowsAVX2,
}

var avx512Set = &Set{
	Name: "avx512", Block: 16,
	tile7:     []func(*tileArgs){nil, tile1x7d8AVX512, tile2x7d8AVX512, tile3x7d8AVX512, tile4x7d8AVX512},
	tile8:     []func(*tileArgs){nil, tile1x8d8AVX512, tile2x8d8AVX512, tile3x8d8AVX512},
	planar:    tile4x7d1AVX512,
	depthwise: func(kw, stride int) func(*depthArgs) { return depthwiseOf(kw, stride, 16, depthwiseAVX512) },
	maxPool:   maxPoolAVX512, maxPool3: maxPool3AVX512, avgPool: avgPoolAVX512,
	winoIn6: winogradInput6AVX512, winoIn4: winogradInput4AVX512,
	winoOut64: winogradOutput6to4AVX512, winoOut62: winogradOutput6to2AVX512, winoOut42: winogradOutput4to2AVX512,
	dense8: dense8AVX512, dense4: dense4AVX512, affine: affineAVX512, add: addAVX512, mul: mulAVX512,
	exp: expAVX512, sigmoid: sigmoidAVX512, silu: siluAVX512, tanh: tanhAVX512,
	lrn5: lrn5AVX512, scaleRows: scaleRowsAVX512,
}

// The depthwise kernels by {columns of the window, stride}; other windows take the generic loops.
var (
	depthwiseAVX2 = map[[2]int]func(*depthArgs){
		{3, 1}: depthwise3s1AVX2, {3, 2}: depthwise3s2AVX2, {5, 1}: depthwise5s1AVX2, {5, 2}: depthwise5s2AVX2,
	}
	depthwiseAVX512 = map[[2]int]func(*depthArgs){
		{3, 1}: depthwise3s1AVX512, {3, 2}: depthwise3s2AVX512, {5, 1}: depthwise5s1AVX512, {5, 2}: depthwise5s2AVX512,
	}
)

func depthwiseOf(kw, stride, block int, native map[[2]int]func(*depthArgs)) func(*depthArgs) {
	if f := native[[2]int{kw, stride}]; f != nil {
		return f
	}
	return func(a *depthArgs) { genericDepthwise(a, kw, stride, block) }
}
