package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Offsets of the fields of nchwc.winoArgs.
const (
	winoSrc       = 0
	winoDst       = 24
	winoRes       = 48
	winoBias      = 72
	winoScratch   = 96
	winoSrcOff    = 120
	winoDstOff    = 128
	winoResOff    = 136
	winoBiasOff   = 144
	winoRowStride = 152
	winoPosStride = 160
	winoResStride = 168
	winoN         = 176
	winoNX        = 184
	winoNY        = 192
	winoLo        = 200
	winoHi        = 204
	winoFlags     = 208
)

// winograds writes the two transforms of Winograd's F(4×4, 3×3) (Lavin and Gray 2015, arXiv:1509.09308, §4.1), which work
// on a row of N tiles of one channel block.
func winograds(v vec) {
	winogradInput(v)
	winogradOutput(v)
}

// winogradInput computes Bᵀ d B of each 6×6 patch; position (i, j) of the result goes to Dst + (6i+j)·PosStride. The half
// transformed patch waits in Scratch.
func winogradInput(v vec) {
	v.fn("winogradInput", "a *winoArgs", "transforms the patches of a row of tiles.")
	loadArgs()
	slicePtr(winoSrc, winoSrcOff, reg.RSI)
	slicePtr(winoDst, winoDstOff, reg.RDX)
	MOVQ(arg(winoScratch), reg.RBX)
	MOVQ(arg(winoRowStride), reg.R8)
	SHLQ(U8(2), reg.R8)
	MOVQ(arg(winoPosStride), reg.R9)
	SHLQ(U8(2), reg.R9)
	LEAQ(Mem{Base: reg.R8, Index: reg.R8, Scale: 2}, reg.R10) // 3 rows
	LEAQ(Mem{Base: reg.R9, Index: reg.R9, Scale: 2}, reg.R11) // 3 positions
	MOVQ(arg(winoN), reg.RCX)
	four, five := v.r(14), v.r(15)
	v.constant(4, four, reg.RAX)
	v.constant(5, five, reg.RAX)
	d := []reg.VecPhysical{v.r(0), v.r(1), v.r(2), v.r(3), v.r(4), v.r(5)}

	tile := label("tile")
	Label(tile)
	for j := range 6 { // columns: Bᵀ d
		LEAQ(Mem{Base: reg.RSI, Index: reg.R10, Scale: 1}, reg.R12)
		o := j * v.bytes()
		VMOVUPS(Mem{Base: reg.RSI, Disp: o}, d[0])
		VMOVUPS(Mem{Base: reg.RSI, Index: reg.R8, Scale: 1, Disp: o}, d[1])
		VMOVUPS(Mem{Base: reg.RSI, Index: reg.R8, Scale: 2, Disp: o}, d[2])
		VMOVUPS(Mem{Base: reg.R12, Disp: o}, d[3])
		VMOVUPS(Mem{Base: reg.R12, Index: reg.R8, Scale: 1, Disp: o}, d[4])
		VMOVUPS(Mem{Base: reg.R12, Index: reg.R8, Scale: 2, Disp: o}, d[5])
		for i, r := range v.winogradBT(d, four, five) {
			VMOVUPS(r, at(reg.RBX, (6*i+j)*v.bytes()))
		}
	}
	MOVQ(reg.RDX, reg.R12)
	for i := range 6 { // rows: · B
		for j := range 6 {
			VMOVUPS(at(reg.RBX, (6*i+j)*v.bytes()), d[j])
		}
		LEAQ(Mem{Base: reg.R12, Index: reg.R11, Scale: 1}, reg.R13)
		r := v.winogradBT(d, four, five)
		VMOVUPS(r[0], at(reg.R12, 0))
		VMOVUPS(r[1], Mem{Base: reg.R12, Index: reg.R9, Scale: 1})
		VMOVUPS(r[2], Mem{Base: reg.R12, Index: reg.R9, Scale: 2})
		VMOVUPS(r[3], at(reg.R13, 0))
		VMOVUPS(r[4], Mem{Base: reg.R13, Index: reg.R9, Scale: 1})
		VMOVUPS(r[5], Mem{Base: reg.R13, Index: reg.R9, Scale: 2})
		LEAQ(Mem{Base: reg.R13, Index: reg.R11, Scale: 1}, reg.R12)
	}
	ADDQ(U32(4*v.bytes()), reg.RSI)
	ADDQ(U32(v.bytes()), reg.RDX)
	DECQ(reg.RCX)
	JNZ(LabelRef(tile))
	ret()
}

// winogradBT is one side of the input transform. It uses registers 6…13 and returns where the six results are.
//
//	v0 = 4d0 − 5d2 + d4          v5 = 4d1 − 5d3 + d5
//	v1, v2 = (d4 − 4d2) ± (d3 − 4d1)
//	v3, v4 = (d4 − d2) ± 2(d3 − d1)
func (v vec) winogradBT(d []reg.VecPhysical, four, five reg.VecPhysical) [6]reg.VecPhysical {
	t1, t2, t3, t4 := v.r(6), v.r(7), v.r(8), v.r(9)
	v1, v2, v3, v4 := v.r(10), v.r(11), v.r(12), v.r(13)
	VMOVAPS(d[4], t1)
	VFNMADD231PS(d[2], four, t1)
	VMOVAPS(d[3], t2)
	VFNMADD231PS(d[1], four, t2)
	VADDPS(t2, t1, v1)
	VSUBPS(t2, t1, v2)
	VSUBPS(d[2], d[4], t3)
	VSUBPS(d[1], d[3], t4)
	VADDPS(t4, t4, t4)
	VADDPS(t4, t3, v3)
	VSUBPS(t4, t3, v4)
	VFNMADD231PS(d[2], five, d[4])
	VFMADD231PS(d[0], four, d[4])
	VFNMADD231PS(d[3], five, d[5])
	VFMADD231PS(d[1], four, d[5])
	return [6]reg.VecPhysical{d[4], v1, v2, v3, v4, d[5]}
}

// winogradOutput computes Aᵀ m A of each tile, adds bias and residual, clamps, and stores NY rows of at most four pixels;
// NX is how many pixels are left in the row.
func winogradOutput(v vec) {
	v.fn("winogradOutput", "a *winoArgs", "transforms a row of tiles back.")
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
	four, eight := v.r(14), v.r(15)
	v.constant(4, four, reg.RAX)
	v.constant(8, eight, reg.RAX)
	m := []reg.VecPhysical{v.r(0), v.r(1), v.r(2), v.r(3), v.r(4), v.r(5)}

	tile := label("tile")
	Label(tile)
	MOVQ(reg.RSI, reg.R12)
	for i := range 6 { // rows first: m A, six rows of four
		LEAQ(Mem{Base: reg.R12, Index: reg.R11, Scale: 1}, reg.R13)
		VMOVUPS(at(reg.R12, 0), m[0])
		VMOVUPS(Mem{Base: reg.R12, Index: reg.R9, Scale: 1}, m[1])
		VMOVUPS(Mem{Base: reg.R12, Index: reg.R9, Scale: 2}, m[2])
		VMOVUPS(at(reg.R13, 0), m[3])
		VMOVUPS(Mem{Base: reg.R13, Index: reg.R9, Scale: 1}, m[4])
		VMOVUPS(Mem{Base: reg.R13, Index: reg.R9, Scale: 2}, m[5])
		LEAQ(Mem{Base: reg.R13, Index: reg.R11, Scale: 1}, reg.R12)
		for x, r := range v.winogradAT(m, four, eight) {
			VMOVUPS(r, at(reg.RBX, (6*x+i)*v.bytes()))
		}
	}
	// Then the columns, Aᵀ ·: column x of the tile at a time.
	column := label("column")
	for x := range 4 {
		next := label("next")
		CMPQ(reg.R8, U8(uint8(x)))
		JLE(LabelRef(column))
		for i := range 6 {
			VMOVUPS(at(reg.RBX, (6*x+i)*v.bytes()), m[i])
		}
		o := v.winogradAT(m, four, eight)
		noBias := label("nobias")
		TESTQ(U32(flagBias), arg(winoFlags))
		JZ(LabelRef(noBias))
		for _, r := range o {
			VADDPS(at(reg.R15, 0), r, r)
		}
		Label(noBias)
		noRes, doneRes := label("nores"), label("doneres")
		TESTQ(U32(flagRes), arg(winoFlags))
		JZ(LabelRef(noRes))
		MOVQ(arg(winoResStride), reg.R10)
		SHLQ(U8(2), reg.R10)
		MOVQ(reg.R14, reg.R13)
		for y, r := range o {
			CMPQ(arg(winoNY), U8(uint8(y)))
			JLE(LabelRef(doneRes))
			VADDPS(at(reg.R13, x*v.bytes()), r, r)
			ADDQ(reg.R10, reg.R13)
		}
		Label(doneRes)
		Label(noRes)
		v.clampFlags(o[:], winoFlags, winoLo, winoHi, v.r(0))
		MOVQ(arg(winoRowStride), reg.R10)
		SHLQ(U8(2), reg.R10)
		MOVQ(reg.RDX, reg.R13)
		for y, r := range o {
			CMPQ(arg(winoNY), U8(uint8(y)))
			JLE(LabelRef(next))
			VMOVUPS(r, at(reg.R13, x*v.bytes()))
			ADDQ(reg.R10, reg.R13)
		}
		Label(next)
	}
	Label(column)
	ADDQ(U32(v.bytes()), reg.RSI)
	ADDQ(U32(4*v.bytes()), reg.RDX)
	ADDQ(U32(4*v.bytes()), reg.R14)
	SUBQ(U8(4), reg.R8)
	DECQ(reg.RCX)
	JNZ(LabelRef(tile))
	ret()
}

// winogradAT is one side of the output transform. It uses registers 6…13 and returns where the four results are.
//
//	a = m1 + m2, b = m1 − m2, c = m3 + m4, d = m3 − m4
//	o0 = m0 + a + c,  o1 = b + 2d,  o2 = a + 4c,  o3 = b + 8d + m5
func (v vec) winogradAT(m []reg.VecPhysical, four, eight reg.VecPhysical) [4]reg.VecPhysical {
	a, b, c, d := v.r(6), v.r(7), v.r(8), v.r(9)
	o0, o1, o3 := v.r(10), v.r(11), v.r(12)
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
	return [4]reg.VecPhysical{o0, o1, a, o3}
}
