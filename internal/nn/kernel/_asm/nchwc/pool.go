package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Offsets of the fields of nchwc.poolArgs.
const (
	poolSrc       = 0
	poolDst       = 24
	poolSrcOff    = 48
	poolDstOff    = 56
	poolKH        = 64
	poolKW        = 72
	poolRowStride = 80
	poolPxStride  = 88
	poolN         = 96
	poolScale     = 104
)

// pools writes the reductions of a window, one output pixel at a time. Neighbouring outputs are independent, so the
// processor overlaps them; the average keeps four sums because a global pool has one output only. The maximum has a
// version for windows of three columns, which nearly all networks use.
func pools(v vec) {
	pool(v, "maxPool", func() { maxWindow(v, 0) })
	pool(v, "maxPool3", func() { maxWindow(v, 3) })
	pool(v, "avgPool", func() { sumWindow(v) })
}

func pool(v vec, name string, window func()) {
	v.fn(name, "a *poolArgs", "reduces the windows of a row of output pixels.")
	loadArgs()
	slicePtr(poolSrc, poolSrcOff, reg.RSI)
	slicePtr(poolDst, poolDstOff, reg.RDX)
	MOVQ(arg(poolRowStride), reg.R8)
	SHLQ(U8(2), reg.R8)
	MOVQ(arg(poolPxStride), reg.R9)
	SHLQ(U8(2), reg.R9)
	MOVQ(arg(poolN), reg.R10)
	VBROADCASTSS(arg(poolScale), v.r(5))
	pixel := label("pixel")
	Label(pixel)
	window()
	VMOVUPS(v.r(0), at(reg.RDX, 0))
	ADDQ(U32(v.bytes()), reg.RDX)
	ADDQ(reg.R9, reg.RSI)
	DECQ(reg.R10)
	JNZ(LabelRef(pixel))
	ret()
}

// maxWindow leaves the maximum in register 0; columns is the width of the window, 0 for the one of the arguments. VMAXPS
// forgets NaN, so the lanes that met one are noted (in K1, on AVX2 in register 4) and set at the end: all bits
// one is a NaN.
func maxWindow(v vec, columns int) {
	row, col := label("row"), label("col")
	MOVQ(reg.RSI, reg.R11)
	MOVQ(arg(poolKH), reg.RAX)
	VMOVUPS(at(reg.RSI, 0), v.r(0))
	if v.wide() {
		KXORW(reg.K1, reg.K1, reg.K1)
	} else {
		v.zero(v.r(4))
	}
	note := func(a, b reg.VecPhysical) {
		if v.wide() {
			VCMPPS(U8(3), a, b, reg.K2)
			KORW(reg.K2, reg.K1, reg.K1)
			return
		}
		VCMPPS(U8(3), a, b, v.r(6))
		VORPS(v.r(6), v.r(4), v.r(4))
	}
	Label(row)
	if columns == 3 {
		x := v.list(1, 3)
		for i, r := range x {
			VMOVUPS(at(reg.R11, i*v.bytes()), r)
		}
		note(x[0], x[1])
		note(x[2], x[2])
		VMAXPS(x[0], x[1], x[0])
		VMAXPS(x[2], v.r(0), v.r(0))
		VMAXPS(x[0], v.r(0), v.r(0))
	} else {
		MOVQ(reg.R11, reg.RBX)
		MOVQ(arg(poolKW), reg.RCX)
		Label(col)
		VMOVUPS(at(reg.RBX, 0), v.r(1))
		note(v.r(1), v.r(1))
		VMAXPS(v.r(1), v.r(0), v.r(0))
		ADDQ(U32(v.bytes()), reg.RBX)
		DECQ(reg.RCX)
		JNZ(LabelRef(col))
	}
	ADDQ(reg.R8, reg.R11)
	DECQ(reg.RAX)
	JNZ(LabelRef(row))
	if v.wide() {
		VPTERNLOGD(U8(0xff), v.r(1), v.r(1), v.r(1))
		VMOVAPS(v.r(1), reg.K1, v.r(0))
	} else {
		VORPS(v.r(4), v.r(0), v.r(0))
	}
}

// sumWindow leaves Scale · Σ in register 0. Column kx adds to sum kx mod 4.
func sumWindow(v vec) {
	row, four, tail, end := label("row"), label("four"), label("tail"), label("end")
	MOVQ(reg.RSI, reg.R11)
	MOVQ(arg(poolKH), reg.RAX)
	for i := range 4 {
		v.zero(v.r(i))
	}
	Label(row)
	MOVQ(reg.R11, reg.RBX)
	MOVQ(arg(poolKW), reg.RCX)
	Label(four)
	SUBQ(U8(4), reg.RCX)
	JL(LabelRef(tail))
	for i := range 4 {
		VADDPS(at(reg.RBX, i*v.bytes()), v.r(i), v.r(i))
	}
	ADDQ(U32(4*v.bytes()), reg.RBX)
	JMP(LabelRef(four))
	Label(tail)
	ADDQ(U8(4), reg.RCX)
	for i := range 3 {
		CMPQ(reg.RCX, U8(uint8(i)))
		JLE(LabelRef(end))
		VADDPS(at(reg.RBX, i*v.bytes()), v.r(i), v.r(i))
	}
	Label(end)
	ADDQ(reg.R8, reg.R11)
	DECQ(reg.RAX)
	JNZ(LabelRef(row))
	VADDPS(v.r(1), v.r(0), v.r(0))
	VADDPS(v.r(3), v.r(2), v.r(2))
	VADDPS(v.r(2), v.r(0), v.r(0))
	VMULPS(v.r(5), v.r(0), v.r(0))
}
