package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The fields of kernel.tapSum.
const (
	tapDst, tapSrc, tapW, tapOffs, tapTaps      = 0, 24, 48, 72, 80
	tapRows, tapWidth, tapDstRow, tapSrcRow     = 96, 104, 112, 120
	tapStart, tapAdd                        int = 128, 132
)

// tapSum walks down strips one vector wide, some rows at a time:
//
//	for each strip, for each group of h rows:
//	    acc[r] = start or dst[r]
//	    for each tap: acc[r] += w · src[off + r·srcRow]
//	    dst[r] = acc[r]
func tapSum(v vec) {
	name := "tapSum" + v.name
	function(name, "t *tapSum", "")
	t := Load(Param("t"), GP64())
	dst, src := field(t, tapDst), field(t, tapSrc)
	srcRow := scaled(t, tapSrcRow)
	width := field(t, tapWidth)
	const mask, weight, tmp = 15, 14, 13

	Label(name + "_strip")
	n := GP64()
	MOVQ(U64(uint64(v.lanes)), n)
	CMPQ(width, n)
	CMOVQLT(width, n)
	v.tailMask(n, 1, mask)
	rows := field(t, tapRows)
	d, s := GP64(), GP64()
	MOVQ(dst, d)
	MOVQ(src, s)

	heights := []int{8, 4, 2, 1}
	for _, h := range heights {
		group := label("%s_%d", name, h)
		Label(group)
		CMPQ(rows, U8(h))
		JL(LabelRef(group + "_less"))
		tapGroup(v, group, t, d, s, srcRow, h, mask, weight, tmp)
		SUBQ(U8(h), rows)
		JMP(LabelRef(group))
		Label(group + "_less")
	}
	ADDQ(U32(v.bytes()), dst)
	ADDQ(U32(v.bytes()), src)
	SUBQ(U8(v.lanes), width)
	JG(LabelRef(name + "_strip"))
	done()
}

// tapGroup computes h rows of a strip and moves d and s below them.
func tapGroup(v vec, name string, t reg.Register, d, s, srcRow reg.GPVirtual, h, mask, weight, tmp int) {
	dstRow := scaled(t, tapDstRow)
	add := GP32()
	MOVBLZX(Mem{Base: t, Disp: tapAdd}, add)
	TESTL(add, add)
	JNZ(LabelRef(name + "_add"))
	for r := range h {
		VBROADCASTSS(Mem{Base: t, Disp: tapStart}, v.r(r))
	}
	JMP(LabelRef(name + "_begin"))
	Label(name + "_add")
	p := GP64()
	MOVQ(d, p)
	for r := range h {
		v.loadTail(Mem{Base: p}, 1, mask, r)
		ADDQ(dstRow, p)
	}
	Label(name + "_begin")
	offs, w := field(t, tapOffs), field(t, tapW)
	taps := field(t, tapTaps)
	TESTQ(taps, taps)
	JZ(LabelRef(name + "_store"))
	Label(name + "_tap")
	q := GP64()
	MOVQ(Mem{Base: offs}, q)
	LEAQ(Mem{Base: s, Index: q, Scale: 4}, q)
	VBROADCASTSS(Mem{Base: w}, v.r(weight))
	for r := 0; r < h; r += 2 {
		VFMADD231PS(Mem{Base: q}, v.r(weight), v.r(r))
		if r+1 < h {
			VFMADD231PS(Mem{Base: q, Index: srcRow, Scale: 1}, v.r(weight), v.r(r+1))
		}
		if r+2 < h {
			LEAQ(Mem{Base: q, Index: srcRow, Scale: 2}, q)
		}
	}
	ADDQ(U8(8), offs)
	ADDQ(U8(4), w)
	DECQ(taps)
	JNZ(LabelRef(name + "_tap"))
	Label(name + "_store")
	row := scaled(t, tapDstRow)
	for r := range h {
		v.storeTail(r, 1, mask, Mem{Base: d})
		ADDQ(row, d)
	}
	down := GP64()
	MOVQ(srcRow, down)
	if h > 1 {
		IMUL3Q(U8(h), down, down)
	}
	ADDQ(down, s)
}

// tapDots adds to a vector of sums per tap the products of dst with the shifted src, up to five taps at a time.
func tapDots(v vec) {
	name := "tapDots" + v.name
	function(name, "t *tapSum", "")
	t := Load(Param("t"), GP64())
	offs, w := field(t, tapOffs), field(t, tapW)
	taps := field(t, tapTaps)
	for _, h := range []int{5, 4, 3, 2, 1} {
		group := label("%s_%d", name, h)
		Label(group)
		CMPQ(taps, U8(h))
		JL(LabelRef(group + "_less"))
		dotGroup(v, group, t, offs, w, h)
		ADDQ(U8(8*h), offs)
		ADDQ(U32(h*v.bytes()), w)
		SUBQ(U8(h), taps)
		JMP(LabelRef(group))
		Label(group + "_less")
	}
	done()
}

func dotGroup(v vec, name string, t reg.Register, offs, w reg.GPVirtual, h int) {
	const mask, g, tmp = 15, 14, 13
	d, src := field(t, tapDst), field(t, tapSrc)
	rows := field(t, tapRows)
	var p []reg.GPVirtual
	for i := range h {
		q := GP64()
		MOVQ(Mem{Base: offs, Disp: 8 * i}, q)
		LEAQ(Mem{Base: src, Index: q, Scale: 4}, q)
		p = append(p, q)
		VMOVUPS(Mem{Base: w, Disp: i * v.bytes()}, v.r(i))
	}
	n := field(t, tapWidth)
	ANDQ(U8(v.lanes-1), n)
	v.tailMask(n, 1, mask)

	Label(name + "_row")
	x, width := GP64(), scaled(t, tapWidth)
	XORQ(x, x)
	ANDQ(I32(int32(-v.bytes())), width)
	JZ(LabelRef(name + "_tail"))
	Label(name + "_vector")
	VMOVUPS(Mem{Base: d, Index: x, Scale: 1}, v.r(g))
	for i := range h {
		VFMADD231PS(Mem{Base: p[i], Index: x, Scale: 1}, v.r(g), v.r(i))
	}
	ADDQ(U32(v.bytes()), x)
	CMPQ(x, width)
	JNE(LabelRef(name + "_vector"))
	Label(name + "_tail")
	rest := field(t, tapWidth)
	TESTQ(U32(v.lanes-1), rest)
	JZ(LabelRef(name + "_next"))
	v.loadTail(Mem{Base: d, Index: x, Scale: 1}, 1, mask, g)
	for i := range h {
		// What lies beyond the row may be a NaN, which a zero in g would not silence.
		v.loadTail(Mem{Base: p[i], Index: x, Scale: 1}, 1, mask, tmp)
		VFMADD231PS(v.r(tmp), v.r(g), v.r(i))
	}
	Label(name + "_next")
	srcRow, dstRow := scaled(t, tapSrcRow), scaled(t, tapDstRow)
	for i := range h {
		ADDQ(srcRow, p[i])
	}
	ADDQ(dstRow, d)
	DECQ(rows)
	JNZ(LabelRef(name + "_row"))
	for i := range h {
		VMOVUPS(v.r(i), Mem{Base: w, Disp: i * v.bytes()})
	}
}

// The fields of kernel.tapMax.
const (
	maxDst, maxIdx, maxIdxLen, maxSrc           = 0, 24, 32, 48
	maxOffs, maxTaps, maxPos                    = 72, 80, 96
	maxRows, maxWidth, maxDstRow, maxSrcRow     = 120, 128, 136, 144
	maxPosRow, maxPosStep                   int = 152, 160
)

// tapMaximum walks down strips like tapSum, four rows or one at a time. The first tap is the start; a later one replaces
// it where it is not less or equal, which includes NaN, and the best so far is not NaN:
//
//	mask = best[r] == best[r] && !(v ≤ best[r]);  best[r] = v and at[r] = pos where mask
func tapMaximum(v vec) {
	name := "tapMax" + v.name
	function(name, "t *tapMax", "")
	t := Load(Param("t"), GP64())
	dst, src := field(t, maxDst), field(t, maxSrc)
	idx := GP64()
	MOVQ(Mem{Base: t, Disp: maxIdxLen}, idx)
	TESTQ(idx, idx)
	JZ(LabelRef(name + "_noidx"))
	MOVQ(Mem{Base: t, Disp: maxIdx}, idx)
	Label(name + "_noidx")
	width := field(t, maxWidth)

	const mask, lane = 15, 14
	// lane = x·posStep for the x of the strip.
	if v.is512() {
		VMOVDQU32(iota16, v.r(lane))
	} else {
		VMOVDQU(iota16, v.r(lane))
	}
	VPBROADCASTD(Mem{Base: t, Disp: maxPosStep}, v.r(0))
	VPMULLD(v.r(0), v.r(lane), v.r(lane))

	Label(name + "_strip")
	n := GP64()
	MOVQ(U64(uint64(v.lanes)), n)
	CMPQ(width, n)
	CMOVQLT(width, n)
	v.tailMask(n, 1, mask)
	rows := field(t, maxRows)
	d, s, i, y := GP64(), GP64(), GP64(), GP64()
	MOVQ(dst, d)
	MOVQ(src, s)
	MOVQ(idx, i)
	XORQ(y, y)
	for _, h := range []int{4, 1} {
		group := label("%s_%d", name, h)
		Label(group)
		CMPQ(rows, U8(h))
		JL(LabelRef(group + "_less"))
		maxGroup(v, group, t, d, s, i, y, h, mask, lane)
		SUBQ(U8(h), rows)
		JMP(LabelRef(group))
		Label(group + "_less")
	}
	ADDQ(U32(v.bytes()), dst)
	ADDQ(U32(v.bytes()), src)
	TESTQ(idx, idx)
	JZ(LabelRef(name + "_next"))
	ADDQ(U32(v.bytes()), idx)
	Label(name + "_next")
	VPBROADCASTD(Mem{Base: t, Disp: maxPosStep}, v.r(0))
	VPSLLD(U8(bitsOf(v.lanes)), v.r(0), v.r(0))
	VPADDD(v.r(0), v.r(lane), v.r(lane))
	SUBQ(U8(v.lanes), width)
	JG(LabelRef(name + "_strip"))
	done()
}

// bitsOf is the binary logarithm of a power of two.
func bitsOf(n int) int {
	b := 0
	for n > 1 {
		n, b = n/2, b+1
	}
	return b
}

// maxGroup computes h rows of a strip and moves d, s and i below them; y is posRow times the row.
func maxGroup(v vec, name string, t reg.Register, d, s, i, y reg.GPVirtual, h, mask, lane int) {
	const val, better, pos = 12, 13, 8 // best in 0…3, at in 4…7
	offs, taps, ps := field(t, maxOffs), field(t, maxTaps), field(t, maxPos)
	srcRow := scaled(t, maxSrcRow)
	each := func(f func(r int, m Mem)) {
		q := GP64()
		MOVQ(Mem{Base: offs}, q)
		LEAQ(Mem{Base: s, Index: q, Scale: 4}, q)
		VPBROADCASTD(Mem{Base: ps}, v.r(pos))
		for r := range h {
			f(r, Mem{Base: q})
			if r < h-1 {
				ADDQ(srcRow, q)
			}
		}
		ADDQ(U8(8), offs)
		ADDQ(U8(8), ps)
	}
	each(func(r int, m Mem) {
		v.loadTail(m, 1, mask, r)
		if v.is512() {
			VMOVDQA32(v.r(pos), v.r(4+r))
		} else {
			VMOVDQA(v.r(pos), v.r(4+r))
		}
	})
	DECQ(taps)
	JZ(LabelRef(name + "_store"))
	Label(name + "_tap")
	const ordered, notLessEqual = 7, 22
	each(func(r int, m Mem) {
		v.loadTail(m, 1, mask, val)
		if v.is512() {
			VCMPPS(U8(ordered), v.r(r), v.r(r), kregs[2])
			VCMPPS(U8(notLessEqual), v.r(r), v.r(val), kregs[2], kregs[2])
			VMOVAPS(v.r(val), kregs[2], v.r(r))
			VMOVDQA32(v.r(pos), kregs[2], v.r(4+r))
			return
		}
		VCMPPS(U8(ordered), v.r(r), v.r(r), v.r(better))
		VCMPPS(U8(notLessEqual), v.r(r), v.r(val), v.r(9))
		VANDPS(v.r(9), v.r(better), v.r(better))
		VBLENDVPS(v.r(better), v.r(val), v.r(r), v.r(r))
		VBLENDVPS(v.r(better), v.r(pos), v.r(4+r), v.r(4+r))
	})
	DECQ(taps)
	JNZ(LabelRef(name + "_tap"))
	Label(name + "_store")
	dstRow := scaled(t, maxDstRow)
	for r := range h {
		v.storeTail(r, 1, mask, Mem{Base: d})
		ADDQ(dstRow, d)
	}
	TESTQ(i, i)
	JZ(LabelRef(name + "_moved"))
	posRow := field(t, maxPosRow)
	for r := range h {
		VMOVD(y.As32(), v.x(pos))
		VPBROADCASTD(v.x(pos), v.r(pos))
		VPADDD(v.r(pos), v.r(4+r), v.r(4+r))
		VPADDD(v.r(lane), v.r(4+r), v.r(4+r))
		v.storeTail(4+r, 1, mask, Mem{Base: i})
		ADDQ(dstRow, i)
		ADDQ(posRow, y)
	}
	Label(name + "_moved")
	down := GP64()
	MOVQ(srcRow, down)
	if h > 1 {
		IMUL3Q(U8(h), down, down)
	}
	ADDQ(down, s)
}
