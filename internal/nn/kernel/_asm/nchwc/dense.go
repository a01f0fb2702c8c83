package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// dense writes the product of a vector with one panel of columns, eight blocks wide or four for narrow layers: w is
// [len(x)][columns], read once from memory in one stream.
//
//	dst[j] = bias[j] + Σ_k x[k] · w[k][j]
func dense(v vec, blocks int) {
	v.fn(fmt.Sprintf("dense%d", blocks), "dst, x, w, bias []float32", fmt.Sprintf("multiplies x with one panel of %d blocks of columns.", blocks))
	Load(Param("dst").Base(), reg.RDX)
	Load(Param("x").Base(), reg.RAX)
	Load(Param("x").Len(), reg.RCX)
	Load(Param("w").Base(), reg.RSI)
	Load(Param("bias").Base(), reg.RBX)
	acc := make([]reg.VecPhysical, blocks)
	for i := range acc {
		acc[i] = v.r(i)
		VMOVUPS(at(reg.RBX, i*v.bytes()), acc[i])
	}
	x := v.r(blocks)
	loop := label("k")
	Label(loop)
	VBROADCASTSS(at(reg.RAX, 0), x)
	for i, a := range acc {
		if v.wide() || i%2 == 0 {
			PREFETCHT0(at(reg.RSI, prefetch+i*v.bytes()))
		}
		VFMADD231PS(at(reg.RSI, i*v.bytes()), x, a)
	}
	ADDQ(U32(blocks*v.bytes()), reg.RSI)
	ADDQ(U8(4), reg.RAX)
	DECQ(reg.RCX)
	JNZ(LabelRef(loop))
	for i, a := range acc {
		VMOVUPS(a, at(reg.RDX, i*v.bytes()))
	}
	ret()
}
