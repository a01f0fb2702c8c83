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

	const zero, idx, x0, x1, w, lanes, data, tmp, first = 0, 1, 2, 3, 4, 5, 6, 7, 8 // data+1 is tmp: only AVX-512 needs two
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

	// masks sets mask register in to the lanes to load and out to those to store; with AVX2, register tmp to the former.
	masks := func(in, out int) {
		if v.is512() {
			VPCMPD(U8(5), v.r(x0), v.r(idx), kregs[1])            // x0 ≤ idx
			VPCMPD(U8(1), v.r(x1), v.r(idx), kregs[1], kregs[in]) // … and idx < x1
			VPCMPD(U8(1), v.r(w), v.r(idx), kregs[out])           // idx < width
			return
		}
		VPCMPGTD(v.r(x0), v.r(idx), v.r(data))
		VPCMPGTD(v.r(idx), v.r(x1), v.r(tmp))
		VPAND(v.r(tmp), v.r(data), v.r(tmp))
	}
	// one copies a vector at byte x of a row; whole says that all its lanes are inside the row.
	one := func(from, to, x reg.Register, whole bool) {
		masks(2, 3)
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
	if v.is512() { // one or two vectors to a row: the masks stay
		for nv := range 2 {
			next := label("%s_more%d", name, nv)
			CMPQ(width, U8((nv+1)*v.bytes()))
			JA(LabelRef(next))
			move(first, idx)
			for j := range nv + 1 {
				masks(2+2*j, 3+2*j)
				VPADDD(v.r(lanes), v.r(idx), v.r(idx))
			}
			loop := label("%s_narrow%d", name, nv)
			Label(loop)
			for j := range nv + 1 {
				VMOVUPS_Z(Mem{Base: from, Disp: j * v.bytes()}, kregs[2+2*j], v.r(data+j))
			}
			for j := range nv + 1 {
				VMOVUPS(v.r(data+j), kregs[3+2*j], Mem{Base: dst, Disp: j * v.bytes()})
			}
			ADDQ(srcRow, from)
			ADDQ(width, dst)
			DECQ(rows)
			JNZ(LabelRef(loop))
			JMP(LabelRef(name + "_below"))
			Label(next)
		}
	}
	// Of a longer row only the vectors that hold x0 and x1 and the last one need masks.
	wholeEnd, plainStart, plainEnd := GP64(), field(r, rowX0), field(r, rowX1)
	MOVQ(width, wholeEnd)
	ANDQ(I32(int32(-v.bytes())), wholeEnd)
	ADDQ(U8(v.lanes-1), plainStart)
	for _, p := range []reg.GPVirtual{plainStart, plainEnd} {
		SHLQ(U8(2), p)
		ANDQ(I32(int32(-v.bytes())), p)
		CMPQ(p, wholeEnd)
		CMOVQHI(wholeEnd, p)
	}
	x := GP64()
	Label(name + "_row")
	move(first, idx)
	XORQ(x, x)
	masked := func(name string, end reg.GPVirtual) {
		Label(name)
		CMPQ(x, end)
		JAE(LabelRef(name + "_end"))
		one(from, dst, x, true)
		VPADDD(v.r(lanes), v.r(idx), v.r(idx))
		ADDQ(U32(v.bytes()), x)
		JMP(LabelRef(name))
		Label(name + "_end")
	}
	masked(name+"_left", plainStart)
	CMPQ(x, plainEnd)
	JAE(LabelRef(name + "_right"))
	Label(name + "_plain")
	VMOVUPS(Mem{Base: from, Index: x, Scale: 1}, v.r(data))
	VMOVUPS(v.r(data), Mem{Base: dst, Index: x, Scale: 1})
	ADDQ(U32(v.bytes()), x)
	CMPQ(x, plainEnd)
	JB(LabelRef(name + "_plain"))
	at := GP64()
	MOVQ(x, at)
	SHRQ(U8(2), at)
	VMOVD(at.As32(), v.x(idx))
	VPBROADCASTD(v.x(idx), v.r(idx))
	VPADDD(v.r(first), v.r(idx), v.r(idx))
	masked(name+"_right", wholeEnd)
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

// pairTail sets the masks 1…4 (or vectors 10…13) for the last values of a row of n, 2·lanes or fewer: the first and second
// vector of the row, and its even and odd values.
func (v vec) pairTail(n reg.GPVirtual) {
	lanes, count := GP64(), GP64()
	MOVQ(U64(uint64(v.lanes)), lanes)
	set := func(k int) { v.tailMask(count, k, 9+k) }
	MOVQ(n, count)
	CMPQ(count, lanes)
	CMOVQGT(lanes, count)
	set(1)
	SUBQ(n, count) // minus what is left
	NEGQ(count)
	set(2)
	MOVQ(n, count)
	INCQ(count)
	SHRQ(U8(1), count)
	set(3)
	MOVQ(n, count)
	SHRQ(U8(1), count)
	set(4)
}

// pairRows runs whole and tail for the pairs of vectors of each row: x is the byte in the short rows. p are the short
// rows, long is the one with both.
func pairRows(v vec, name string, n, rows reg.GPVirtual, long reg.GPVirtual, longRow reg.GPVirtual, p, pRow []reg.GPVirtual, whole, tail func(x reg.Register)) {
	rest, end := GP64(), GP64()
	MOVQ(n, rest)
	ANDQ(U8(2*v.lanes-1), rest)
	v.pairTail(rest)
	MOVQ(n, end)
	SUBQ(rest, end)
	SHLQ(U8(1), end) // bytes of half the whole values
	Label(name + "_row")
	x := GP64()
	XORQ(x, x)
	Label(name + "_pair")
	CMPQ(x, end)
	JEQ(LabelRef(name + "_tail"))
	whole(x)
	ADDQ(U32(v.bytes()), x)
	JMP(LabelRef(name + "_pair"))
	Label(name + "_tail")
	TESTQ(rest, rest)
	JZ(LabelRef(name + "_next"))
	tail(x)
	Label(name + "_next")
	ADDQ(longRow, long)
	for i := range p {
		ADDQ(pRow[i], p[i])
	}
	DECQ(rows)
	JNZ(LabelRef(name + "_row"))
	done()
}

// rowParams loads parameters, the last ones as distances in bytes.
func rowParams(names ...string) (r []reg.GPVirtual) {
	for _, n := range names {
		p := Load(Param(n), GP64()).(reg.GPVirtual)
		if len(n) > 3 && n[len(n)-3:] == "Row" {
			SHLQ(U8(2), p)
		}
		r = append(r, p)
	}
	return r
}

// split deals the n values of each row of src out to even and odd.
func split(v vec) {
	name := "split" + v.name
	function(name, "even, odd, src *float32, n, rows, dstRow, srcRow int", "")
	p := rowParams("even", "odd", "src", "n", "rows", "dstRow", "srcRow")
	e, o, s := p[0], p[1], p[2]
	v.pairTables(even, odd)
	permute := func() {
		if v.is512() {
			VMOVDQA32(v.r(4), v.r(2))
			VMOVDQA32(v.r(5), v.r(3))
			VPERMI2PS(v.r(1), v.r(0), v.r(2))
			VPERMI2PS(v.r(1), v.r(0), v.r(3))
			return
		}
		VSHUFPS(U8(0x88), v.r(1), v.r(0), v.r(2))
		VSHUFPS(U8(0xdd), v.r(1), v.r(0), v.r(3))
		VPERMPD(U8(0xd8), v.r(2), v.r(2))
		VPERMPD(U8(0xd8), v.r(3), v.r(3))
	}
	pairRows(v, name, p[3], p[4], s, p[6], []reg.GPVirtual{e, o}, []reg.GPVirtual{p[5], p[5]}, func(x reg.Register) {
		VMOVUPS(Mem{Base: s, Index: x, Scale: 2}, v.r(0))
		VMOVUPS(Mem{Base: s, Index: x, Scale: 2, Disp: v.bytes()}, v.r(1))
		permute()
		VMOVUPS(v.r(2), Mem{Base: e, Index: x, Scale: 1})
		VMOVUPS(v.r(3), Mem{Base: o, Index: x, Scale: 1})
	}, func(x reg.Register) {
		v.loadTail(Mem{Base: s, Index: x, Scale: 2}, 1, 10, 0)
		v.loadTail(Mem{Base: s, Index: x, Scale: 2, Disp: v.bytes()}, 2, 11, 1)
		permute()
		v.storeTail(2, 3, 12, Mem{Base: e, Index: x, Scale: 1})
		v.storeTail(3, 4, 13, Mem{Base: o, Index: x, Scale: 1})
	})
}

// pairTables loads the index vectors 4 and 5.
func (v vec) pairTables(a, b Mem) {
	if v.is512() {
		VMOVDQU32(a, v.r(4))
		VMOVDQU32(b, v.r(5))
	}
}

// mergeAdd adds even and odd to every other one of the n values of each row of dst.
func mergeAdd(v vec) {
	name := "mergeAdd" + v.name
	function(name, "dst, even, odd *float32, n, rows, dstRow, evenRow, oddRow int", "")
	p := rowParams("dst", "even", "odd", "n", "rows", "dstRow", "evenRow", "oddRow")
	d, e, o := p[0], p[1], p[2]
	v.pairTables(low, high)
	permute := func() {
		if v.is512() {
			VMOVDQA32(v.r(4), v.r(2))
			VMOVDQA32(v.r(5), v.r(3))
			VPERMI2PS(v.r(1), v.r(0), v.r(2))
			VPERMI2PS(v.r(1), v.r(0), v.r(3))
			return
		}
		VUNPCKLPS(v.r(1), v.r(0), v.r(4))
		VUNPCKHPS(v.r(1), v.r(0), v.r(5))
		VPERM2F128(U8(0x20), v.r(5), v.r(4), v.r(2))
		VPERM2F128(U8(0x31), v.r(5), v.r(4), v.r(3))
	}
	pairRows(v, name, p[3], p[4], d, p[5], []reg.GPVirtual{e, o}, []reg.GPVirtual{p[6], p[7]}, func(x reg.Register) {
		VMOVUPS(Mem{Base: e, Index: x, Scale: 1}, v.r(0))
		VMOVUPS(Mem{Base: o, Index: x, Scale: 1}, v.r(1))
		permute()
		VADDPS(Mem{Base: d, Index: x, Scale: 2}, v.r(2), v.r(2))
		VADDPS(Mem{Base: d, Index: x, Scale: 2, Disp: v.bytes()}, v.r(3), v.r(3))
		VMOVUPS(v.r(2), Mem{Base: d, Index: x, Scale: 2})
		VMOVUPS(v.r(3), Mem{Base: d, Index: x, Scale: 2, Disp: v.bytes()})
	}, func(x reg.Register) {
		v.loadTail(Mem{Base: e, Index: x, Scale: 1}, 3, 12, 0)
		v.loadTail(Mem{Base: o, Index: x, Scale: 1}, 4, 13, 1)
		permute()
		v.loadTail(Mem{Base: d, Index: x, Scale: 2}, 1, 10, 6)
		v.loadTail(Mem{Base: d, Index: x, Scale: 2, Disp: v.bytes()}, 2, 11, 7)
		VADDPS(v.r(6), v.r(2), v.r(2))
		VADDPS(v.r(7), v.r(3), v.r(3))
		v.storeTail(2, 1, 10, Mem{Base: d, Index: x, Scale: 2})
		v.storeTail(3, 2, 11, Mem{Base: d, Index: x, Scale: 2, Disp: v.bytes()})
	})
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
