//go:build !purego

package kernel

import "golang.org/x/sys/cpu"

//go:generate go run -C _asm ./gemm -out ../kernel_amd64.s -decl ../kernel_stubs_amd64.go

// nativeImplementations lists the assembly that the processor and the operating system support.
func nativeImplementations() []*impl {
	var list []*impl
	if cpu.X86.HasAVX2 && cpu.X86.HasFMA {
		list = append(list, implAVX2())
		if cpu.X86.HasAVX512F && cpu.X86.HasAVX512BW && cpu.X86.HasAVX512DQ && cpu.X86.HasAVX512VL {
			list = append(list, implAVX512())
		}
	}
	return list
}

func implAVX2() *impl {
	return &impl{
		name: "avx2",
		wide: 16, lanes: 8, rows: []int{6, 4, 3, 2, 1},
		tileWide:   byHeight(map[int]func(*tile){6: tile6x16AVX2, 4: tile4x16AVX2, 3: tile3x16AVX2, 2: tile2x16AVX2, 1: tile1x16AVX2}),
		tileNarrow: byHeight(map[int]func(*tile){6: tile6x8AVX2, 4: tile4x8AVX2, 3: tile3x8AVX2, 2: tile2x8AVX2, 1: tile1x8AVX2}),

		copyRows: copyRowsWith(copyRowsAVX2), transpose: transposeAVX2,
		split: splitWith(splitAVX2), mergeAdd: mergeWith(mergeAddAVX2),
		tapSum: tapSumAVX2, tapDots: tapDotsAVX2, tapMax: tapMaxAVX2,

		sum: sumWith(sumAVX2), sumSquares: sumSquaresWith(sumSquaresAVX2), sumDot: sumDotWith(sumDotAVX2),
		dot: dotWith(dotAVX2),

		relu: with2(reluAVX2), tanh: with2(tanhAVX2), sigmoid: with2(sigmoidAVX2), silu: with2(siluAVX2),
		hardSigmoid: with2(hardSigmoidAVX2), hardSwish: with2(hardSwishAVX2),
		reluBackward: with3(reluBackwardAVX2), relu6Backward: with3(relu6BackwardAVX2),
		hardSigmoidBackward: with3(hardSigmoidBackwardAVX2), tanhBackward: with3(tanhBackwardAVX2),
		sigmoidBackward: with3(sigmoidBackwardAVX2), siluBackward: with3(siluBackwardAVX2),
		hardSwishBackward: with3(hardSwishBackwardAVX2),
		add:               with3(addAVX2), mul: with3(mulAVX2), mulAdd: with3(mulAddAVX2),
		clamp: with22(clampAVX2), clampBackward: with32(clampBackwardAVX2),
		scale: with21(scaleAVX2), affine: affineWith(scaleAVX2, affineAVX2), addScaled: with31(addScaledAVX2),
		addTwo: with33(addTwoAVX2),
	}
}

func implAVX512() *impl {
	return &impl{
		name: "avx512",
		wide: 32, lanes: 16, rows: []int{12, 8, 4, 3, 2, 1},
		tileWide: byHeight(map[int]func(*tile){12: tile12x32AVX512, 8: tile8x32AVX512, 4: tile4x32AVX512,
			3: tile3x32AVX512, 2: tile2x32AVX512, 1: tile1x32AVX512}),
		tileNarrow: byHeight(map[int]func(*tile){12: tile12x16AVX512, 8: tile8x16AVX512, 4: tile4x16AVX512,
			3: tile3x16AVX512, 2: tile2x16AVX512, 1: tile1x16AVX512}),

		copyRows: copyRowsWith(copyRowsAVX512), transpose: transposeAVX2,
		split: splitWith(splitAVX512), mergeAdd: mergeWith(mergeAddAVX512),
		tapSum: tapSumAVX512, tapDots: tapDotsAVX512, tapMax: tapMaxAVX512,

		sum: sumWith(sumAVX512), sumSquares: sumSquaresWith(sumSquaresAVX512), sumDot: sumDotWith(sumDotAVX512),
		dot: dotWith(dotAVX512),

		relu: with2(reluAVX512), tanh: with2(tanhAVX512), sigmoid: with2(sigmoidAVX512), silu: with2(siluAVX512),
		hardSigmoid: with2(hardSigmoidAVX512), hardSwish: with2(hardSwishAVX512),
		reluBackward: with3(reluBackwardAVX512), relu6Backward: with3(relu6BackwardAVX512),
		hardSigmoidBackward: with3(hardSigmoidBackwardAVX512), tanhBackward: with3(tanhBackwardAVX512),
		sigmoidBackward: with3(sigmoidBackwardAVX512), siluBackward: with3(siluBackwardAVX512),
		hardSwishBackward: with3(hardSwishBackwardAVX512),
		add:               with3(addAVX512), mul: with3(mulAVX512), mulAdd: with3(mulAddAVX512),
		clamp: with22(clampAVX512), clampBackward: with32(clampBackwardAVX512),
		scale: with21(scaleAVX512), affine: affineWith(scaleAVX512, affineAVX512), addScaled: with31(addScaledAVX512),
		addTwo: with33(addTwoAVX512),
	}
}
