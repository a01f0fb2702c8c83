package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Offsets of the fields of nchwc.depthArgs.
const (
	dwSrc       = 0
	dwDst       = 24
	dwW         = 48
	dwBias      = 72
	dwSrcOff    = 96
	dwDstOff    = 104
	dwWOff      = 112
	dwBiasOff   = 120
	dwKH        = 128
	dwRowStride = 136
	dwN         = 144
	dwLo        = 152
	dwHi        = 156
	dwFlags     = 160
	dwRows      = 168
	dwSrcStep   = 176
	dwDstStep   = 184
)

func depthwises(v vec) {
	for _, kw := range []int{3, 5} {
		for _, stride := range []int{1, 2} {
			depthwise(v, kw, stride)
		}
	}
}

// depthwise computes Rows rows of N output pixels of one channel block, seven pixels at a time. A column of input is loaded once and
// serves all the outputs whose window holds it.
//
//	dst[p] = bias + Σ_ky Σ_kx w[ky][kx] · src[ky·RowStride + p·stride + kx]
func depthwise(v vec, kw, stride int) {
	const px = 7
	v.fn(fmt.Sprintf("depthwise%ds%d", kw, stride), "a *depthArgs", fmt.Sprintf("computes rows of a depthwise convolution %d columns wide with stride %d.", kw, stride))
	loadArgs()
	rows := label("rows")
	slicePtr(dwBias, dwBiasOff, reg.RBX)
	MOVQ(arg(dwRowStride), reg.R8)
	SHLQ(U8(2), reg.R8)
	Label(rows)
	slicePtr(dwSrc, dwSrcOff, reg.RSI)
	slicePtr(dwDst, dwDstOff, reg.RDX)
	MOVQ(arg(dwN), reg.R9)
	acc := make([]reg.VecPhysical, px)
	for i := range acc {
		acc[i] = v.r(i)
	}
	w := make([]reg.VecPhysical, kw)
	for i := range w {
		w[i] = v.r(px + i)
	}
	x := []reg.VecPhysical{v.r(px + kw), v.r(px + kw + 1)}

	block, row, done := label("block"), label("row"), label("done")
	Label(block)
	for _, a := range acc {
		VMOVUPS(at(reg.RBX, 0), a)
	}
	slicePtr(dwW, dwWOff, reg.R10)
	MOVQ(reg.RSI, reg.R11)
	MOVQ(arg(dwKH), reg.RCX)
	Label(row)
	for k := range w {
		VMOVUPS(at(reg.R10, k*v.bytes()), w[k])
	}
	for c := range (px-1)*stride + kw {
		VMOVUPS(at(reg.R11, c*v.bytes()), x[c%2])
		for p := range px {
			if k := c - p*stride; k >= 0 && k < kw {
				VFMADD231PS(x[c%2], w[k], acc[p])
			}
		}
	}
	ADDQ(U32(kw*v.bytes()), reg.R10)
	ADDQ(reg.R8, reg.R11)
	DECQ(reg.RCX)
	JNZ(LabelRef(row))

	v.clampFlags(acc, dwFlags, dwLo, dwHi, x[0])
	for p := range px {
		CMPQ(reg.R9, U8(uint8(p)))
		JLE(LabelRef(done))
		VMOVUPS(acc[p], at(reg.RDX, p*v.bytes()))
	}
	ADDQ(U32(px*stride*v.bytes()), reg.RSI)
	ADDQ(U32(px*v.bytes()), reg.RDX)
	SUBQ(U8(px), reg.R9)
	JG(LabelRef(block))
	Label(done)
	MOVQ(arg(dwSrcStep), reg.RAX)
	ADDQ(reg.RAX, arg(dwSrcOff))
	MOVQ(arg(dwDstStep), reg.RAX)
	ADDQ(reg.RAX, arg(dwDstOff))
	DECQ(arg(dwRows))
	JNZ(LabelRef(rows))
	ret()
}
