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
