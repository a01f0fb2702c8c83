package main

import (
	"fmt"

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
	winoStep      = 216
)

// winograds writes the transforms of Winograd's F(4×4, 3×3), F(2×2, 5×5) and F(2×2, 3×3) (Lavin and Gray 2015,
// arXiv:1509.09308, §4.1), which work on a row of N tiles of one channel block. The first two use the points 0, ±1, ±2, ∞
// and hence one input transform of 6×6 patches; the last has patches of 4×4.
func winograds(v vec) {
	winogradInput(v, 6)
	winogradInput(v, 4)
	winogradOutput(v, 6, 4)
	winogradOutput(v, 6, 2)
	winogradOutput(v, 4, 2)
}

// winogradInput computes Bᵀ d B of patches that are Step pixels apart; position (i, j) of the result goes to
// Dst + (patch·i+j)·PosStride.
func winogradInput(v vec, patch int) {
	v.fn(fmt.Sprintf("winogradInput%d", patch), "a *winoArgs", fmt.Sprintf("transforms the %d×%[1]d patches of a row of tiles.", patch))
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
	MOVQ(arg(winoStep), reg.R15)
	IMUL3Q(U8(uint8(v.bytes())), reg.R15, reg.R15)
	four, five := v.r(v.regs-2), v.r(v.regs-1)
	if patch == 6 {
		v.constant(4, four, reg.RAX)
		v.constant(5, five, reg.RAX)
	}
	tile := label("tile")
	Label(tile)
	switch {
	case patch == 4:
		v.smallInput()
	case v.wide():
		v.inputInRegisters(four, five)
	default:
		v.inputThroughScratch(four, five)
	}
	ADDQ(reg.R15, reg.RSI)
	ADDQ(U32(v.bytes()), reg.RDX)
	DECQ(reg.RCX)
	JNZ(LabelRef(tile))
	ret()
}

// registers first … first+n−1.
func (v vec) list(first, n int) []reg.VecPhysical {
	l := make([]reg.VecPhysical, n)
	for i := range l {
		l[i] = v.r(first + i)
	}
	return l
}

// patchColumn loads rows of column j of the patch into d; R10 is three rows, R12 is overwritten.
func (v vec) patchColumn(j int, rows []int, d []reg.VecPhysical) {
	LEAQ(Mem{Base: reg.RSI, Index: reg.R10, Scale: 1}, reg.R12)
	o := j * v.bytes()
	at := []Mem{{Base: reg.RSI, Disp: o}, {Base: reg.RSI, Index: reg.R8, Scale: 1, Disp: o}, {Base: reg.RSI, Index: reg.R8, Scale: 2, Disp: o},
		{Base: reg.R12, Disp: o}, {Base: reg.R12, Index: reg.R8, Scale: 1, Disp: o}, {Base: reg.R12, Index: reg.R8, Scale: 2, Disp: o}}
	for _, y := range rows {
		VMOVUPS(at[y], d[y])
	}
}

// storePositions stores six positions of one row of the transformed patch from R12 on, and moves R12 to the next row.
func storePositions(r [6]reg.VecPhysical) {
	LEAQ(Mem{Base: reg.R12, Index: reg.R11, Scale: 1}, reg.R13)
	VMOVUPS(r[0], at(reg.R12, 0))
	VMOVUPS(r[1], Mem{Base: reg.R12, Index: reg.R9, Scale: 1})
	VMOVUPS(r[2], Mem{Base: reg.R12, Index: reg.R9, Scale: 2})
	VMOVUPS(r[3], at(reg.R13, 0))
	VMOVUPS(r[4], Mem{Base: reg.R13, Index: reg.R9, Scale: 1})
	VMOVUPS(r[5], Mem{Base: reg.R13, Index: reg.R9, Scale: 2})
	LEAQ(Mem{Base: reg.R13, Index: reg.R11, Scale: 1}, reg.R12)
}

// smallInput transforms a 4×4 patch, two rows at a time:
//
//	v0 = d0 − d2, v1 = d1 + d2, v2 = d2 − d1, v3 = d1 − d3
func (v vec) smallInput() {
	d := v.list(8, 4)
	MOVQ(reg.RDX, reg.R12)
	for half := range 2 {
		for j := range 4 {
			upper, lower := v.r(2*j), v.r(2*j+1)
			if half == 0 {
				v.patchColumn2(j, []int{0, 1, 2}, d)
				VSUBPS(d[2], d[0], upper)
				VADDPS(d[2], d[1], lower)
			} else {
				v.patchColumn2(j, []int{1, 2, 3}, d)
				VSUBPS(d[1], d[2], upper)
				VSUBPS(d[3], d[1], lower)
			}
		}
		for i := range 2 {
			w := []reg.VecPhysical{v.r(i), v.r(2 + i), v.r(4 + i), v.r(6 + i)}
			o := v.list(8, 4)
			VSUBPS(w[2], w[0], o[0])
			VADDPS(w[2], w[1], o[1])
			VSUBPS(w[1], w[2], o[2])
			VSUBPS(w[3], w[1], o[3])
			VMOVUPS(o[0], at(reg.R12, 0))
			VMOVUPS(o[1], Mem{Base: reg.R12, Index: reg.R9, Scale: 1})
			VMOVUPS(o[2], Mem{Base: reg.R12, Index: reg.R9, Scale: 2})
			VMOVUPS(o[3], Mem{Base: reg.R12, Index: reg.R11, Scale: 1})
			LEAQ(Mem{Base: reg.R12, Index: reg.R9, Scale: 4}, reg.R12)
		}
	}
}

// patchColumn2 loads rows of column j of a 4×4 patch into d; R10 is three rows.
func (v vec) patchColumn2(j int, rows []int, d []reg.VecPhysical) {
	o := j * v.bytes()
	at := []Mem{{Base: reg.RSI, Disp: o}, {Base: reg.RSI, Index: reg.R8, Scale: 1, Disp: o}, {Base: reg.RSI, Index: reg.R8, Scale: 2, Disp: o},
		{Base: reg.RSI, Index: reg.R10, Scale: 1, Disp: o}}
	for _, y := range rows {
		VMOVUPS(at[y], d[y])
	}
}

// inputInRegisters transforms the columns to the upper three rows of Bᵀ d, 18 vectors, and these rows to the end; then
// the lower three rows. Loading the patch twice is cheaper than storing its half-way state.
func (v vec) inputInRegisters(four, five reg.VecPhysical) {
	d, tmp := v.list(18, 6), v.list(24, 2)
	MOVQ(reg.RDX, reg.R14) // the next row of positions
	for half := range 2 {
		for j := range 6 {
			out := v.list(3*j, 3)
			if half == 0 {
				v.patchColumn(j, []int{0, 1, 2, 3, 4}, d)
				winogradUpper(d, four, five, tmp, out)
			} else {
				v.patchColumn(j, []int{1, 2, 3, 4, 5}, d)
				winogradLower(d, four, five, tmp, out)
			}
		}
		MOVQ(reg.R14, reg.R12)
		for i := range 3 {
			row := []reg.VecPhysical{v.r(i), v.r(3 + i), v.r(6 + i), v.r(9 + i), v.r(12 + i), v.r(15 + i)}
			storePositions(winogradBT(row, four, five, v.list(18, 8)))
		}
		MOVQ(reg.R12, reg.R14)
	}
}

// winogradUpper and winogradLower are the results 0…2 and 3…5 of winogradBT.
func winogradUpper(d []reg.VecPhysical, four, five reg.VecPhysical, tmp, out []reg.VecPhysical) {
	VMOVAPS(d[4], tmp[0])
	VFNMADD231PS(d[2], four, tmp[0])
	VFNMADD231PS(d[1], four, d[3])
	VADDPS(d[3], tmp[0], out[1])
	VSUBPS(d[3], tmp[0], out[2])
	VFNMADD231PS(d[2], five, d[4])
	VMOVAPS(d[4], out[0])
	VFMADD231PS(d[0], four, out[0])
}

func winogradLower(d []reg.VecPhysical, four, five reg.VecPhysical, tmp, out []reg.VecPhysical) {
	VSUBPS(d[2], d[4], tmp[0])
	VSUBPS(d[1], d[3], tmp[1])
	VADDPS(tmp[1], tmp[1], tmp[1])
	VADDPS(tmp[1], tmp[0], out[0])
	VSUBPS(tmp[1], tmp[0], out[1])
	VFNMADD231PS(d[3], five, d[5])
	VMOVAPS(d[5], out[2])
	VFMADD231PS(d[1], four, out[2])
}

// inputThroughScratch keeps the half transformed patch in memory.
func (v vec) inputThroughScratch(four, five reg.VecPhysical) {
	d, tmp := v.list(0, 6), v.list(6, 8)
	for j := range 6 { // columns: Bᵀ d
		v.patchColumn(j, []int{0, 1, 2, 3, 4, 5}, d)
		for i, r := range winogradBT(d, four, five, tmp) {
			VMOVUPS(r, at(reg.RBX, (6*i+j)*v.bytes()))
		}
	}
	MOVQ(reg.RDX, reg.R12)
	for i := range 6 { // rows: · B
		for j := range 6 {
			VMOVUPS(at(reg.RBX, (6*i+j)*v.bytes()), d[j])
		}
		storePositions(winogradBT(d, four, five, tmp))
	}
}

// winogradBT is one side of the input transform. It uses eight registers tmp and returns where the six results are.
//
//	v0 = 4d0 − 5d2 + d4          v5 = 4d1 − 5d3 + d5
//	v1, v2 = (d4 − 4d2) ± (d3 − 4d1)
//	v3, v4 = (d4 − d2) ± 2(d3 − d1)
func winogradBT(d []reg.VecPhysical, four, five reg.VecPhysical, tmp []reg.VecPhysical) [6]reg.VecPhysical {
	t1, t2, t3, t4 := tmp[0], tmp[1], tmp[2], tmp[3]
	v1, v2, v3, v4 := tmp[4], tmp[5], tmp[6], tmp[7]
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
