package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// winogradOutput computes Aᵀ m A of each tile, side×side pixels, adds bias and residual, clamps, and stores NY rows of at
// most side pixels; NX is how many pixels are left in the row.
func winogradOutput(v vec, patch, side int) {
	v.fn(fmt.Sprintf("winogradOutput%dto%d", patch, side), "a *winoArgs",
		fmt.Sprintf("transforms a row of %d×%[1]d products to %d×%[2]d tiles.", patch, side))
	loadArgs()
	slicePtr(winoSrc, winoSrcOff, reg.RSI)
	slicePtr(winoDst, winoDstOff, reg.RDX)
	slicePtr(winoRes, winoResOff, reg.R14)
	slicePtr(winoBias, winoBiasOff, reg.R15)
	MOVQ(arg(winoScratch), reg.RBX)
	MOVQ(arg(winoPosStride), reg.R9)
	SHLQ(U8(2), reg.R9)
	LEAQ(Mem{Base: reg.R9, Index: reg.R9, Scale: 2}, reg.R11) // 3 positions
	MOVQ(arg(winoNX), reg.R8)
	MOVQ(arg(winoN), reg.RCX)
	four, eight := v.r(v.regs-2), v.r(v.regs-1)
	if side == 4 {
		v.constant(4, four, reg.RAX)
		v.constant(8, eight, reg.RAX)
	}
	tile := label("tile")
	Label(tile)
	switch {
	case patch == 4:
		v.smallOutput()
	case v.wide() && side == 4:
		v.outputInRegisters(four, eight)
	default:
		v.outputThroughScratch(side, four, eight)
	}
	ADDQ(U32(v.bytes()), reg.RSI)
	ADDQ(U32(side*v.bytes()), reg.RDX)
	ADDQ(U32(side*v.bytes()), reg.R14)
	SUBQ(U8(uint8(side)), reg.R8)
	DECQ(reg.RCX)
	JNZ(LabelRef(tile))
	ret()
}

// loadPositions loads six positions of one row of the product from R12 on, and moves R12 to the next row.
func loadPositions(m []reg.VecPhysical) {
	LEAQ(Mem{Base: reg.R12, Index: reg.R11, Scale: 1}, reg.R13)
	VMOVUPS(at(reg.R12, 0), m[0])
	VMOVUPS(Mem{Base: reg.R12, Index: reg.R9, Scale: 1}, m[1])
	VMOVUPS(Mem{Base: reg.R12, Index: reg.R9, Scale: 2}, m[2])
	VMOVUPS(at(reg.R13, 0), m[3])
	VMOVUPS(Mem{Base: reg.R13, Index: reg.R9, Scale: 1}, m[4])
	VMOVUPS(Mem{Base: reg.R13, Index: reg.R9, Scale: 2}, m[5])
	LEAQ(Mem{Base: reg.R13, Index: reg.R11, Scale: 1}, reg.R12)
}

// smallOutput transforms 4×4 products to a 2×2 tile: o0 = m0 + m1 + m2, o1 = m1 − m2 − m3.
func (v vec) smallOutput() {
	transform := func(m []reg.VecPhysical, o0, o1 reg.VecPhysical) []reg.VecPhysical {
		VADDPS(m[1], m[0], o0)
		VSUBPS(m[2], m[1], o1)
		VADDPS(m[2], o0, o0)
		VSUBPS(m[3], o1, o1)
		return []reg.VecPhysical{o0, o1}
	}
	m := v.list(8, 4)
	MOVQ(reg.RSI, reg.R12)
	for i := range 4 {
		VMOVUPS(at(reg.R12, 0), m[0])
		VMOVUPS(Mem{Base: reg.R12, Index: reg.R9, Scale: 1}, m[1])
		VMOVUPS(Mem{Base: reg.R12, Index: reg.R9, Scale: 2}, m[2])
		VMOVUPS(Mem{Base: reg.R12, Index: reg.R11, Scale: 1}, m[3])
		LEAQ(Mem{Base: reg.R12, Index: reg.R9, Scale: 4}, reg.R12)
		transform(m, v.r(2*i), v.r(2*i+1))
	}
	end := label("end")
	for x := range 2 {
		CMPQ(reg.R8, U8(uint8(x)))
		JLE(LabelRef(end))
		column := []reg.VecPhysical{v.r(x), v.r(2 + x), v.r(4 + x), v.r(6 + x)}
		v.winogradEpilogue(transform(column, v.r(8), v.r(9)), x, v.r(10))
	}
	Label(end)
}

// outputInRegisters computes columns 0 and 2 of the tile, which share sums, then columns 1 and 3, which share differences.
func (v vec) outputInRegisters(four, eight reg.VecPhysical) {
	m, p, q := v.list(12, 6), v.r(18), v.r(19)
	for pair := range 2 {
		MOVQ(reg.RSI, reg.R12)
		for i := range 6 {
			loadPositions(m)
			first, second := v.r(2*i), v.r(2*i+1)
			if pair == 0 {
				VADDPS(m[2], m[1], second) // a
				VADDPS(m[4], m[3], p)      // c
				VADDPS(second, m[0], first)
				VADDPS(p, first, first)
				VFMADD231PS(p, four, second)
			} else {
				VSUBPS(m[2], m[1], p) // b
				VSUBPS(m[4], m[3], q) // d
				VADDPS(q, q, first)
				VADDPS(first, p, first)
				VADDPS(m[5], p, second)
				VFMADD231PS(q, eight, second)
			}
		}
		for k := range 2 {
			x, skip := pair+2*k, label("skip")
			CMPQ(reg.R8, U8(uint8(x)))
			JLE(LabelRef(skip))
			column := []reg.VecPhysical{v.r(k), v.r(2 + k), v.r(4 + k), v.r(6 + k), v.r(8 + k), v.r(10 + k)}
			v.winogradEpilogue(winogradAT(column, four, eight, v.list(12, 7)), x, v.r(20))
			Label(skip)
		}
	}
}

// outputThroughScratch keeps the half transformed tile in memory.
func (v vec) outputThroughScratch(side int, four, eight reg.VecPhysical) {
	transform := func(m, tmp []reg.VecPhysical) []reg.VecPhysical {
		if side == 2 {
			return winogradAT2(m, tmp)
		}
		return winogradAT(m, four, eight, tmp)
	}
	m, tmp := v.list(0, 6), v.list(6, 7)
	MOVQ(reg.RSI, reg.R12)
	for i := range 6 { // rows first: m A
		loadPositions(m)
		for x, r := range transform(m, tmp) {
			VMOVUPS(r, at(reg.RBX, (6*x+i)*v.bytes()))
		}
	}
	end := label("end")
	for x := range side {
		CMPQ(reg.R8, U8(uint8(x)))
		JLE(LabelRef(end))
		for i := range 6 {
			VMOVUPS(at(reg.RBX, (6*x+i)*v.bytes()), m[i])
		}
		v.winogradEpilogue(transform(m, tmp), x, v.r(0))
	}
	Label(end)
}

// winogradEpilogue finishes column x of a tile and stores its first NY rows.
func (v vec) winogradEpilogue(o []reg.VecPhysical, x int, tmp reg.VecPhysical) {
	noBias, noRes, done := label("nobias"), label("nores"), label("done")
	TESTQ(U32(flagBias), arg(winoFlags))
	JZ(LabelRef(noBias))
	for _, r := range o {
		VADDPS(at(reg.R15, 0), r, r)
	}
	Label(noBias)
	TESTQ(U32(flagRes), arg(winoFlags))
	JZ(LabelRef(noRes))
	MOVQ(arg(winoResStride), reg.R10)
	SHLQ(U8(2), reg.R10)
	MOVQ(reg.R14, reg.R13)
	for y, r := range o {
		CMPQ(arg(winoNY), U8(uint8(y)))
		JLE(LabelRef(noRes))
		VADDPS(at(reg.R13, x*v.bytes()), r, r)
		ADDQ(reg.R10, reg.R13)
	}
	Label(noRes)
	v.clampFlags(o, winoFlags, winoLo, winoHi, tmp)
	MOVQ(arg(winoRowStride), reg.R10)
	SHLQ(U8(2), reg.R10)
	MOVQ(reg.RDX, reg.R13)
	for y, r := range o {
		CMPQ(arg(winoNY), U8(uint8(y)))
		JLE(LabelRef(done))
		VMOVUPS(r, at(reg.R13, x*v.bytes()))
		ADDQ(reg.R10, reg.R13)
	}
	Label(done)
}

// winogradAT is one side of the output transform. It uses seven registers tmp and returns where the four results are.
//
//	a = m1 + m2, b = m1 − m2, c = m3 + m4, d = m3 − m4
//	o0 = m0 + a + c,  o1 = b + 2d,  o2 = a + 4c,  o3 = b + 8d + m5
func winogradAT(m []reg.VecPhysical, four, eight reg.VecPhysical, tmp []reg.VecPhysical) []reg.VecPhysical {
	a, b, c, d := tmp[0], tmp[1], tmp[2], tmp[3]
	o0, o1, o3 := tmp[4], tmp[5], tmp[6]
	VADDPS(m[2], m[1], a)
	VSUBPS(m[2], m[1], b)
	VADDPS(m[4], m[3], c)
	VSUBPS(m[4], m[3], d)
	VADDPS(a, m[0], o0)
	VADDPS(c, o0, o0)
	VADDPS(d, d, o1)
	VADDPS(o1, b, o1)
	VADDPS(m[5], b, o3)
	VFMADD231PS(d, eight, o3)
	VFMADD231PS(c, four, a)
	return []reg.VecPhysical{o0, o1, a, o3}
}

// winogradAT2 is one side of the output transform to two pixels: o0 = m0 + … + m4, o1 = (m1 − m2) + 2(m3 − m4) + m5.
func winogradAT2(m, tmp []reg.VecPhysical) []reg.VecPhysical {
	o0, o1, d := tmp[0], tmp[1], tmp[2]
	VADDPS(m[2], m[1], o0)
	VADDPS(m[4], m[3], d)
	VADDPS(m[0], o0, o0)
	VADDPS(d, o0, o0)
	VSUBPS(m[2], m[1], o1)
	VSUBPS(m[4], m[3], d)
	VADDPS(d, d, d)
	VADDPS(m[5], o1, o1)
	VADDPS(d, o1, o1)
	return []reg.VecPhysical{o0, o1}
}
