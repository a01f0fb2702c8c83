package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// pointwise writes the functions of single values. Lengths are multiples of the block.
func pointwise(v vec) {
	affine(v)
	binary(v, "add", func(a, b, c Op) { VADDPS(b, a, c) })
	binary(v, "mul", func(a, b, c Op) { VMULPS(b, a, c) })
	for _, name := range []string{"exp", "sigmoid", "silu", "tanh"} {
		transcendental(v, name)
	}
	lrn5(v)
	scaleRows(v)
}

// each loops over the vectors of dst: RDX is the destination, RSI and RBX the sources, RAX the byte offset.
func each(v vec, body func(at func(base reg.Register) Mem)) {
	loop, done := label("each"), label("done")
	SHLQ(U8(2), reg.RCX)
	XORQ(reg.RAX, reg.RAX)
	TESTQ(reg.RCX, reg.RCX)
	JZ(LabelRef(done))
	Label(loop)
	body(func(base reg.Register) Mem { return Mem{Base: base, Index: reg.RAX, Scale: 1} })
	ADDQ(U32(v.bytes()), reg.RAX)
	CMPQ(reg.RAX, reg.RCX)
	JLT(LabelRef(loop))
	Label(done)
	ret()
}

// affine is dst = clamp(src·scale + shift, lo, hi), with one scale and shift per lane. NaN survives.
func affine(v vec) {
	v.fn("affine", "dst, src, scale, shift []float32, lo, hi float32", "scales, shifts and clamps.")
	Load(Param("dst").Base(), reg.RDX)
	Load(Param("dst").Len(), reg.RCX)
	Load(Param("src").Base(), reg.RSI)
	Load(Param("scale").Base(), reg.R8)
	Load(Param("shift").Base(), reg.R9)
	VMOVUPS(at(reg.R8, 0), v.r(0))
	VMOVUPS(at(reg.R9, 0), v.r(1))
	broadcastParam(v, "lo", v.r(2))
	broadcastParam(v, "hi", v.r(3))
	each(v, func(at func(reg.Register) Mem) {
		VMOVUPS(at(reg.RSI), v.r(4))
		VFMADD132PS(v.r(0), v.r(1), v.r(4))
		VMAXPS(v.r(4), v.r(2), v.r(4))
		VMINPS(v.r(4), v.r(3), v.r(4))
		VMOVUPS(v.r(4), at(reg.RDX))
	})
}

func broadcastParam(v vec, name string, r reg.VecPhysical) {
	p, err := Param(name).Resolve()
	if err != nil {
		panic(err)
	}
	VBROADCASTSS(p.Addr, r)
}

// binary is dst = clamp(a ∘ b, lo, hi).
func binary(v vec, name string, op func(a, b, c Op)) {
	v.fn(name, "dst, a, b []float32, lo, hi float32", "combines two slices and clamps.")
	Load(Param("dst").Base(), reg.RDX)
	Load(Param("dst").Len(), reg.RCX)
	Load(Param("a").Base(), reg.RSI)
	Load(Param("b").Base(), reg.RBX)
	broadcastParam(v, "lo", v.r(2))
	broadcastParam(v, "hi", v.r(3))
	each(v, func(at func(reg.Register) Mem) {
		VMOVUPS(at(reg.RSI), v.r(0))
		op(v.r(0), at(reg.RBX), v.r(0))
		VMAXPS(v.r(0), v.r(2), v.r(0))
		VMINPS(v.r(0), v.r(3), v.r(0))
		VMOVUPS(v.r(0), at(reg.RDX))
	})
}

// expConst are the constants of expf in nchwc/act_generic.go, in its order.
var expConst = []float32{-87, 88, 1.44269504, 0.693359375, -2.12194440e-4, 1.9875691500e-4, 1.3981999507e-3, 8.3334519073e-3,
	4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1, 1}

// transcendental writes exp and the functions made of it.
func transcendental(v vec, name string) {
	v.fn(name, "dst, src []float32", "applies the function to every value.")
	Load(Param("dst").Base(), reg.RDX)
	Load(Param("dst").Len(), reg.RCX)
	Load(Param("src").Base(), reg.RSI)
	// AVX-512 has registers for all constants; with AVX2 they stay in memory.
	table := GLOBL(name+v.name+"Const", RODATA|NOPTR)
	vals := append(append([]float32{}, expConst...), 2)
	for i, c := range vals {
		DATA(4*i, U32(math.Float32bits(c)))
	}
	cst := func(i int, r reg.VecPhysical) reg.VecPhysical { VBROADCASTSS(table.Offset(4*i), r); return r }
	if v.wide() {
		for i := range vals {
			VBROADCASTSS(table.Offset(4*i), v.r(16+i))
		}
		cst = func(i int, _ reg.VecPhysical) reg.VecPhysical { return v.r(16 + i) }
	}
	one, two := cst(11, v.r(7)), cst(12, v.r(8))
	each(v, func(at func(reg.Register) Mem) {
		x, y := v.r(0), v.r(1)
		VMOVUPS(at(reg.RSI), x)
		switch name {
		case "exp":
			v.exp(x, y, cst)
		case "sigmoid", "silu": // x / (1 + e⁻ˣ), or 1 / …
			v.zero(v.r(6))
			VSUBPS(x, v.r(6), v.r(6))
			v.exp(v.r(6), y, cst)
			VADDPS(one, y, y)
			num := one
			if name == "silu" {
				num = x
			}
			VDIVPS(y, num, y)
		case "tanh": // 1 − 2/(e²ˣ + 1)
			VADDPS(x, x, v.r(6))
			v.exp(v.r(6), y, cst)
			VADDPS(one, y, y)
			VDIVPS(y, two, y)
			VSUBPS(y, one, y)
		}
		VMOVUPS(y, at(reg.RDX))
	})
}

// exp is y = e^x by Cody–Waite reduction and a polynomial; x is overwritten. It uses registers 2…5. cst gives constant i,
// perhaps in the register it is offered.
func (v vec) exp(x, y reg.VecPhysical, cst func(int, reg.VecPhysical) reg.VecPhysical) {
	c, k, ki := v.r(2), v.r(3), v.r(4)
	VMAXPS(x, cst(0, c), x)
	VMINPS(x, cst(1, c), x)
	VMULPS(cst(2, c), x, k)
	VCVTPS2DQ(k, ki)
	VCVTDQ2PS(ki, k)
	VFNMADD231PS(cst(3, c), k, x)
	VFNMADD231PS(cst(4, c), k, x)
	if p := cst(5, y); p != y {
		VMOVAPS(p, y)
	}
	for i := 6; i <= 10; i++ {
		VFMADD213PS(cst(i, c), x, y)
	}
	VMULPS(x, x, k)
	VFMADD213PS(x, k, y)
	VADDPS(cst(11, c), y, y)
	VPSLLD(U8(23), ki, ki)
	VPADDD(ki, y, y)
}

// scaleRows multiplies the vectors of src by one factor each: dst[i] = src[i] · factors[i].
func scaleRows(v vec) {
	v.fn("scaleRows", "dst, src, factors []float32", "multiplies each vector of src by its own factor.")
	Load(Param("dst").Base(), reg.RDX)
	Load(Param("src").Base(), reg.RSI)
	Load(Param("factors").Base(), reg.RBX)
	Load(Param("factors").Len(), reg.RCX)
	loop, done := label("row"), label("done")
	TESTQ(reg.RCX, reg.RCX)
	JZ(LabelRef(done))
	Label(loop)
	VBROADCASTSS(at(reg.RBX, 0), v.r(0))
	VMULPS(at(reg.RSI, 0), v.r(0), v.r(0))
	VMOVUPS(v.r(0), at(reg.RDX, 0))
	ADDQ(U8(4), reg.RBX)
	ADDQ(U32(v.bytes()), reg.RSI)
	ADDQ(U32(v.bytes()), reg.RDX)
	DECQ(reg.RCX)
	JNZ(LabelRef(loop))
	Label(done)
	ret()
}

// lrn5 normalises one pixel across channels: dst[c] = x[c] · (k + a·Σ sq[c … c+4])^(−3/4), where sq holds the squares
// shifted by two places, so that the sum is centred; x, dst and sq step over the channel blocks.
func lrn5(v vec) {
	v.fn("lrn5", "dst, src, sq []float32, blocks, dstStride, srcStride, pixels int, k, a float32", "is local response normalisation over five channels with exponent 3/4.")
	Load(Param("dst").Base(), reg.RDX)
	Load(Param("src").Base(), reg.RSI)
	Load(Param("sq").Base(), reg.RBX)
	Load(Param("blocks"), reg.R8)
	Load(Param("srcStride"), reg.R9)
	SHLQ(U8(2), reg.R9)
	Load(Param("dstStride"), reg.R14)
	SHLQ(U8(2), reg.R14)
	Load(Param("pixels"), reg.R10)
	broadcastParam(v, "k", v.r(0))
	broadcastParam(v, "a", v.r(1))
	pixel, squares, norm := label("pixel"), label("squares"), label("norm")
	Label(pixel)
	MOVQ(reg.RSI, reg.R11)
	MOVQ(reg.RBX, reg.R12)
	MOVQ(reg.R8, reg.RCX)
	Label(squares)
	VMOVUPS(at(reg.R11, 0), v.r(2))
	VMULPS(v.r(2), v.r(2), v.r(2))
	VMOVUPS(v.r(2), at(reg.R12, 8))
	ADDQ(reg.R9, reg.R11)
	ADDQ(U32(v.bytes()), reg.R12)
	DECQ(reg.RCX)
	JNZ(LabelRef(squares))
	MOVQ(reg.RSI, reg.R11)
	MOVQ(reg.RDX, reg.R13)
	MOVQ(reg.RBX, reg.R12)
	MOVQ(reg.R8, reg.RCX)
	Label(norm)
	VMOVUPS(at(reg.R12, 0), v.r(2))
	for i := 1; i < 5; i++ {
		VADDPS(at(reg.R12, 4*i), v.r(2), v.r(2))
	}
	VFMADD213PS(v.r(0), v.r(1), v.r(2)) // k + a·Σ
	VSQRTPS(v.r(2), v.r(3))
	VSQRTPS(v.r(3), v.r(4))
	VMULPS(v.r(4), v.r(3), v.r(3)) // ^(1/2) · ^(1/4)
	VMOVUPS(at(reg.R11, 0), v.r(5))
	VDIVPS(v.r(3), v.r(5), v.r(5))
	VMOVUPS(v.r(5), at(reg.R13, 0))
	ADDQ(reg.R9, reg.R11)
	ADDQ(reg.R14, reg.R13)
	ADDQ(U32(v.bytes()), reg.R12)
	DECQ(reg.RCX)
	JNZ(LabelRef(norm))
	ADDQ(U32(v.bytes()), reg.RSI)
	ADDQ(U32(v.bytes()), reg.RDX)
	DECQ(reg.R10)
	JNZ(LabelRef(pixel))
	ret()
}
