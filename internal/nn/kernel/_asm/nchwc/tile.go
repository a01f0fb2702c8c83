package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Offsets of the fields of nchwc.tileArgs.
const (
	tileSrc      = 0
	tileDst      = 24
	tileRes      = 48
	tileW        = 72
	tileBias     = 96
	tileTaps     = 120
	tileSrcOff   = 144
	tileDstOff   = 176
	tileResOff   = 208
	tileN        = 240
	tileWOff     = 272
	tileBiasOff  = 280
	tilePxStride = 288
	tileLo       = 296
	tileHi       = 300
	tileFlags    = 304
	tileReps     = 312
	tileSrcStep  = 320
	tileDstStep  = 328
)

// prefetch is how far ahead of its use a weight is fetched, in bytes: the hardware prefetchers stop at the end of a page.
const prefetch = 4096

// tiles writes the convolution tiles: segs segments of width pixels, depth channels per tap.
func tiles(v vec) {
	if v.wide() {
		for segs := 1; segs <= 4; segs++ {
			tile(v, segs, 7, 8)
		}
		for segs := 1; segs <= 3; segs++ {
			tile(v, segs, 8, 8)
		}
		tile(v, 4, 7, 1)
		return
	}
	tile(v, 1, 7, 8)
	tile(v, 2, 7, 8)
	tile(v, 1, 8, 8)
	tile(v, 2, 7, 1)
}

// tile is one tile of a direct convolution. All its sums stay in registers from the first tap to the last:
//
//	acc[s][p] = bias;  for each tap t, for u < depth:  acc[s][p] += W[t·depth+u] · Src[SrcOff[s] + Taps[t] + p·PxStride + u]
//
// It repeats Reps times, the segments moving on by SrcStep and DstStep, so that layers with few channels do not pay for a
// call per tile.
//
// Registers: the first segs·width vectors are the sums, then one vector of weights (and on AVX2 one broadcast). The
// pixels of a segment are PxStride apart; with S, 3S, 5S and 7S in registers the address modes reach eight of them.
func tile(v vec, segs, width, depth int) {
	v.fn(fmt.Sprintf("tile%dx%dd%d", segs, width, depth), "a *tileArgs", fmt.Sprintf("computes %d segments of %d pixels, %d channels per tap.", segs, width, depth))
	loadArgs()
	segReg := []reg.GPPhysical{reg.R8, reg.R9, reg.R10, reg.R11}[:segs]
	acc := make([]reg.VecPhysical, segs*width)
	for i := range acc {
		acc[i] = v.r(i)
	}
	w, tmp := v.r(segs*width), v.r(min(segs*width+1, v.regs-1))

	MOVQ(arg(tileSrc), reg.RBX)
	s1, s3, s5, s7 := reg.R12, reg.R13, reg.R14, reg.R15
	MOVQ(arg(tilePxStride), s1)
	SHLQ(U8(2), s1)
	LEAQ(Mem{Base: s1, Index: s1, Scale: 2}, s3)
	LEAQ(Mem{Base: s1, Index: s1, Scale: 4}, s5)
	if width > 7 {
		LEAQ(Mem{Base: s3, Index: s1, Scale: 4}, s7)
	}
	pixel := func(base reg.Register, p, disp int) Mem {
		m := Mem{Base: base, Disp: disp}
		if p > 0 {
			m.Index = []reg.Register{nil, s1, s1, s3, s1, s5, s3, s7}[p]
			m.Scale = []uint8{0, 1, 2, 1, 4, 1, 2, 1}[p]
		}
		return m
	}

	repeat := label("tile")
	Label(repeat)
	slicePtr(tileW, tileWOff, reg.RSI)
	MOVQ(arg(tileTaps), reg.RAX)
	MOVQ(arg(tileTaps+8), reg.RCX)
	// Start at the bias, or at zero.
	init, loop := label("init"), label("tap")
	v.zero(w)
	TESTQ(U32(flagBias), arg(tileFlags))
	JZ(LabelRef(init))
	slicePtr(tileBias, tileBiasOff, reg.RDX)
	VMOVUPS(at(reg.RDX, 0), w)
	Label(init)
	for _, a := range acc {
		VMOVAPS(w, a)
	}

	Label(loop)
	MOVQ(at(reg.RAX, 0), reg.RDX)
	for s, r := range segReg {
		MOVQ(arg(tileSrcOff+8*s), r)
		ADDQ(reg.RDX, r)
		LEAQ(Mem{Base: reg.RBX, Index: r, Scale: 4}, r)
	}
	for u := range depth {
		VMOVUPS(at(reg.RSI, u*v.bytes()), w)
		if v.wide() || u%2 == 0 {
			PREFETCHT0(at(reg.RSI, prefetch+u*v.bytes()))
		}
		for s, r := range segReg {
			for p := range width {
				v.fmaBroadcast(pixel(r, p, 4*u), w, acc[s*width+p], tmp)
			}
		}
	}
	ADDQ(U32(depth*v.bytes()), reg.RSI)
	ADDQ(U8(8), reg.RAX)
	DECQ(reg.RCX)
	JNZ(LabelRef(loop))

	tileEpilogue(v, segReg, acc, width, w)
	MOVQ(arg(tileSrcStep), reg.RAX)
	MOVQ(arg(tileDstStep), reg.RCX)
	for i := range segReg {
		ADDQ(reg.RAX, arg(tileSrcOff+8*i))
		ADDQ(reg.RCX, arg(tileDstOff+8*i))
		ADDQ(reg.RCX, arg(tileResOff+8*i))
	}
	DECQ(arg(tileReps))
	JNZ(LabelRef(repeat))
	ret()
}

// tileEpilogue adds the residual, clamps, and stores the first N[s] pixels of each segment.
func tileEpilogue(v vec, segReg []reg.GPPhysical, acc []reg.VecPhysical, width int, tmp reg.VecPhysical) {
	noRes := label("nores")
	TESTQ(U32(flagRes), arg(tileFlags))
	JZ(LabelRef(noRes))
	for s, r := range segReg {
		// Only the pixels that are stored: the residual need not exist beyond them.
		next := label("res")
		slicePtr(tileRes, tileResOff+8*s, r)
		MOVQ(arg(tileN+8*s), reg.RCX)
		for p := range width {
			CMPQ(reg.RCX, U8(uint8(p)))
			JLE(LabelRef(next))
			VADDPS(at(r, p*v.bytes()), acc[s*width+p], acc[s*width+p])
		}
		Label(next)
	}
	Label(noRes)
	v.clampFlags(acc, tileFlags, tileLo, tileHi, tmp)
	for s, r := range segReg {
		next := label("seg")
		slicePtr(tileDst, tileDstOff+8*s, r)
		MOVQ(arg(tileN+8*s), reg.RCX)
		for p := range width {
			CMPQ(reg.RCX, U8(uint8(p)))
			JLE(LabelRef(next))
			VMOVUPS(acc[s*width+p], at(r, p*v.bytes()))
		}
		Label(next)
	}
}
