package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The fields of kernel.rowCopy.
const (
	rowDst, rowSrc, rowOff           = 0, 24, 48
	rowImages, rowRows, rowWidth     = 56, 64, 72
	rowY0, rowY1, rowX0, rowX1       = 80, 88, 96, 104
	rowSrcImg, rowSrcRow         int = 112, 120
)

// copyRows copies rows of pixels, zero outside x0 ≤ x < x1 and y0 ≤ y < y1. A vector of lane numbers, compared with x0,
// x1 and width, masks every load and store: nothing outside is touched.
func copyRows(v vec) {
	name := "copyRows" + v.name
	function(name, "r *rowCopy", "")
	r := Load(Param("r"), GP64())
	dst, src := field(r, rowDst), field(r, rowSrc)
	off := scaled(r, rowOff)
	ADDQ(off, src)
	srcRow, srcImg := scaled(r, rowSrcRow), scaled(r, rowSrcImg)
	images := field(r, rowImages)
	width := scaled(r, rowWidth)

	const zero, idx, x0, x1, w, lanes, data, tmp, first = 0, 1, 2, 3, 4, 5, 6, 7, 8
	broadcast := func(field, to int) {
		if v.is512() {
			VPBROADCASTD(Mem{Base: r, Disp: field}, v.r(to))
		} else {
			VPBROADCASTD(Mem{Base: r, Disp: field}, v.r(to))
		}
	}
	v.zero(zero)
	broadcast(rowX0, x0)
	broadcast(rowX1, x1)
	broadcast(rowWidth, w)
	n := GP32()
	MOVL(U32(v.lanes), n)
	VMOVD(n, v.x(lanes))
	VPBROADCASTD(v.x(lanes), v.r(lanes))
	if v.is512() {
		VMOVDQU32(iota16, v.r(first))
	} else {
		VMOVDQU(iota16, v.r(first))
	}
	if !v.is512() { // only "greater" exists: x ≥ x0 is x > x0 − 1
		VPCMPEQD(v.r(tmp), v.r(tmp), v.r(tmp))
		VPADDD(v.r(tmp), v.r(x0), v.r(x0))
	}

	masks := func() {
		if v.is512() {
			VPCMPD(U8(5), v.r(x0), v.r(idx), reg.K1)         // x0 ≤ idx
			VPCMPD(U8(1), v.r(x1), v.r(idx), reg.K1, reg.K2) // … and idx < x1
			VPCMPD(U8(1), v.r(w), v.r(idx), reg.K3)          // idx < width
			return
		}
		VPCMPGTD(v.r(x0), v.r(idx), v.r(data))
		VPCMPGTD(v.r(idx), v.r(x1), v.r(tmp))
		VPAND(v.r(tmp), v.r(data), v.r(tmp))
	}
	// one copies a vector at byte x of a row; whole says that all its lanes are inside the row.
	one := func(from, to, x reg.Register, whole bool) {
		masks()
		if v.is512() {
			VMOVUPS_Z(Mem{Base: from, Index: x, Scale: 1}, reg.K2, v.r(data))
			VMOVUPS(v.r(data), reg.K3, Mem{Base: to, Index: x, Scale: 1})
			return
		}
		VMASKMOVPS(Mem{Base: from, Index: x, Scale: 1}, v.r(tmp), v.r(data))
		if whole {
			VMOVUPS(v.r(data), Mem{Base: to, Index: x, Scale: 1})
			return
		}
		VPCMPGTD(v.r(idx), v.r(w), v.r(tmp))
		VMASKMOVPS(v.r(data), v.r(tmp), Mem{Base: to, Index: x, Scale: 1})
	}
	move := func(a, b int) {
		if v.is512() {
			VMOVDQA32(v.r(a), v.r(b))
		} else {
			VMOVDQA(v.r(a), v.r(b))
		}
	}

	Label(name + "_image")
	from := GP64()
	MOVQ(src, from)
	count := field(r, rowY0)
	zeros(v, name+"_above", dst, count, width)

	y0 := field(r, rowY0)
	rows := field(r, rowY1)
	SUBQ(y0, rows)
	IMULQ(srcRow, y0)
	ADDQ(y0, from)
	TESTQ(rows, rows)
	JZ(LabelRef(name + "_below"))
	x := GP64()
	if v.is512() { // one vector to a row: the masks stay
		CMPQ(width, U8(v.bytes()))
		JA(LabelRef(name + "_row"))
		move(first, idx)
		masks()
		Label(name + "_narrow")
		VMOVUPS_Z(Mem{Base: from}, reg.K2, v.r(data))
		VMOVUPS(v.r(data), reg.K3, Mem{Base: dst})
		ADDQ(srcRow, from)
		ADDQ(width, dst)
		DECQ(rows)
		JNZ(LabelRef(name + "_narrow"))
		JMP(LabelRef(name + "_below"))
	}
	Label(name + "_row")
	move(first, idx)
	XORQ(x, x)
	rest := GP64()
	MOVQ(width, rest)
	SUBQ(U32(v.bytes()), rest)
	JL(LabelRef(name + "_tail"))
	Label(name + "_vector")
	one(from, dst, x, true)
	VPADDD(v.r(lanes), v.r(idx), v.r(idx))
	ADDQ(U32(v.bytes()), x)
	SUBQ(U32(v.bytes()), rest)
	JGE(LabelRef(name + "_vector"))
	Label(name + "_tail")
	CMPQ(x, width)
	JEQ(LabelRef(name + "_next"))
	one(from, dst, x, false)
	Label(name + "_next")
	ADDQ(srcRow, from)
	ADDQ(width, dst)
	DECQ(rows)
	JNZ(LabelRef(name + "_row"))

	Label(name + "_below")
	below := field(r, rowRows)
	y1 := field(r, rowY1)
	SUBQ(y1, below)
	zeros(v, name+"_zero", dst, below, width)
	ADDQ(srcImg, src)
	DECQ(images)
	JNZ(LabelRef(name + "_image"))
	done()
}

// zeros clears rows·width bytes at dst and moves dst behind them. Register 0 is zero, 6 and 7 are free.
func zeros(v vec, name string, dst, rows, width reg.GPVirtual) {
	n := rows
	IMULQ(width, n)
	SHRQ(U8(2), n)
	Label(name + "_loop")
	CMPQ(n, U8(v.lanes))
	JL(LabelRef(name + "_tail"))
	VMOVUPS(v.r(0), Mem{Base: dst})
	ADDQ(U32(v.bytes()), dst)
	SUBQ(U8(v.lanes), n)
	JMP(LabelRef(name + "_loop"))
	Label(name + "_tail")
	TESTQ(n, n)
	JZ(LabelRef(name + "_end"))
	v.tailMask(n, 4, 7)
	v.storeTail(0, 4, 7, Mem{Base: dst})
	LEAQ(Mem{Base: dst, Index: n, Scale: 4}, dst)
	Label(name + "_end")
}

// split deals src out to even and odd, two vectors of src at a time; the caller does the rest. n counts the values of
// even and odd, a multiple of the lanes.
func split(v vec) {
	name := "split" + v.name
	function(name, "even, odd, src *float32, n int", "")
	e, o, s := Load(Param("even"), GP64()), Load(Param("odd"), GP64()), Load(Param("src"), GP64())
	n := Load(Param("n"), GP64())
	if v.is512() {
		VMOVDQU32(even, v.r(4))
		VMOVDQU32(odd, v.r(5))
	}
	Label(name + "_loop")
	VMOVUPS(Mem{Base: s}, v.r(0))
	VMOVUPS(Mem{Base: s, Disp: v.bytes()}, v.r(1))
	if v.is512() {
		VMOVDQA32(v.r(4), v.r(2))
		VMOVDQA32(v.r(5), v.r(3))
		VPERMI2PS(v.r(1), v.r(0), v.r(2))
		VPERMI2PS(v.r(1), v.r(0), v.r(3))
	} else {
		VSHUFPS(U8(0x88), v.r(1), v.r(0), v.r(2))
		VSHUFPS(U8(0xdd), v.r(1), v.r(0), v.r(3))
		VPERMPD(U8(0xd8), v.r(2), v.r(2))
		VPERMPD(U8(0xd8), v.r(3), v.r(3))
	}
	VMOVUPS(v.r(2), Mem{Base: e})
	VMOVUPS(v.r(3), Mem{Base: o})
	ADDQ(U32(2*v.bytes()), s)
	ADDQ(U32(v.bytes()), e)
	ADDQ(U32(v.bytes()), o)
	SUBQ(U8(v.lanes), n)
	JNZ(LabelRef(name + "_loop"))
	done()
}

// mergeAdd adds even and odd to every other value of dst; n as for split.
func mergeAdd(v vec) {
	name := "mergeAdd" + v.name
	function(name, "dst, even, odd *float32, n int", "")
	d, e, o := Load(Param("dst"), GP64()), Load(Param("even"), GP64()), Load(Param("odd"), GP64())
	n := Load(Param("n"), GP64())
	if v.is512() {
		VMOVDQU32(low, v.r(4))
		VMOVDQU32(high, v.r(5))
	}
	Label(name + "_loop")
	VMOVUPS(Mem{Base: e}, v.r(0))
	VMOVUPS(Mem{Base: o}, v.r(1))
	if v.is512() {
		VMOVDQA32(v.r(4), v.r(2))
		VMOVDQA32(v.r(5), v.r(3))
		VPERMI2PS(v.r(1), v.r(0), v.r(2))
		VPERMI2PS(v.r(1), v.r(0), v.r(3))
	} else {
		VUNPCKLPS(v.r(1), v.r(0), v.r(4))
		VUNPCKHPS(v.r(1), v.r(0), v.r(5))
		VPERM2F128(U8(0x20), v.r(5), v.r(4), v.r(2))
		VPERM2F128(U8(0x31), v.r(5), v.r(4), v.r(3))
	}
	VADDPS(Mem{Base: d}, v.r(2), v.r(2))
	VADDPS(Mem{Base: d, Disp: v.bytes()}, v.r(3), v.r(3))
	VMOVUPS(v.r(2), Mem{Base: d})
	VMOVUPS(v.r(3), Mem{Base: d, Disp: v.bytes()})
	ADDQ(U32(2*v.bytes()), d)
	ADDQ(U32(v.bytes()), e)
	ADDQ(U32(v.bytes()), o)
	SUBQ(U8(v.lanes), n)
	JNZ(LabelRef(name + "_loop"))
	done()
}

// transpose8 transposes 8 rows of cols values, cols a multiple of 8, into cols rows of 8: squares of 8×8 by the usual
// three rounds of exchanges, of neighbours, of pairs and of halves.
func transpose8() {
	const name = "transpose8AVX2"
	function(name, "dst *float32, ldd int, src *float32, lds, cols int", "")
	v := avx2
	d, s := Load(Param("dst"), GP64()), Load(Param("src"), GP64())
	ldd, lds := Load(Param("ldd"), GP64()).(reg.GPVirtual), Load(Param("lds"), GP64()).(reg.GPVirtual)
	cols := Load(Param("cols"), GP64())
	SHLQ(U8(2), ldd)
	SHLQ(U8(2), lds)
	Label(name + "_loop")
	p := GP64()
	MOVQ(s, p)
	for i := range 8 {
		VMOVUPS(Mem{Base: p}, v.r(i))
		ADDQ(lds, p)
	}
	for i := 0; i < 8; i += 2 {
		VUNPCKLPS(v.r(i+1), v.r(i), v.r(8+i))
		VUNPCKHPS(v.r(i+1), v.r(i), v.r(9+i))
	}
	for i := 0; i < 8; i += 4 {
		VUNPCKLPD(v.r(10+i), v.r(8+i), v.r(i))
		VUNPCKHPD(v.r(10+i), v.r(8+i), v.r(i+1))
		VUNPCKLPD(v.r(11+i), v.r(9+i), v.r(i+2))
		VUNPCKHPD(v.r(11+i), v.r(9+i), v.r(i+3))
	}
	q := GP64()
	MOVQ(d, q)
	for _, half := range []uint8{0x20, 0x31} {
		for i := range 4 {
			VPERM2F128(U8(half), v.r(i+4), v.r(i), v.r(8))
			VMOVUPS(v.r(8), Mem{Base: q})
			ADDQ(ldd, q)
		}
	}
	MOVQ(q, d)
	ADDQ(U8(32), s)
	SUBQ(U8(8), cols)
	JNZ(LabelRef(name + "_loop"))
	done()
}
