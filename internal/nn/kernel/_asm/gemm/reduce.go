package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// reductions take a multiple of the lanes; the caller adds the rest.
func reductions(v vec) {
	dot(v)
	sum(v)
	sumSquares(v)
	sumDot(v)
}

// dot is the sum of x·y in four vectors of partial sums.
func dot(v vec) {
	name := "dot" + v.name
	function(name, "x, y *float32, n int", "float32")
	x, y := Load(Param("x"), GP64()), Load(Param("y"), GP64())
	n := Load(Param("n"), GP64())
	for i := range 4 {
		v.zero(i)
	}
	step := func(count int) {
		for i := range count {
			VMOVUPS(Mem{Base: x, Disp: i * v.bytes()}, v.r(4+i))
			VFMADD231PS(Mem{Base: y, Disp: i * v.bytes()}, v.r(4+i), v.r(i))
		}
		ADDQ(U32(count*v.bytes()), x)
		ADDQ(U32(count*v.bytes()), y)
	}
	Label(name + "_four")
	SUBQ(U8(4*v.lanes), n)
	JL(LabelRef(name + "_rest"))
	step(4)
	JMP(LabelRef(name + "_four"))
	Label(name + "_rest")
	ADDQ(U8(4*v.lanes), n)
	Label(name + "_one")
	SUBQ(U8(v.lanes), n)
	JL(LabelRef(name + "_end"))
	step(1)
	JMP(LabelRef(name + "_one"))
	Label(name + "_end")
	VADDPS(v.r(1), v.r(0), v.r(0))
	VADDPS(v.r(3), v.r(2), v.r(2))
	VADDPS(v.r(2), v.r(0), v.r(0))
	if v.is512() {
		VEXTRACTF64X4(U8(1), v.r(0), reg.Y1)
		VADDPS(reg.Y1, reg.Y0, reg.Y0)
	}
	VEXTRACTF128(U8(1), reg.Y0, reg.X1)
	VADDPS(reg.X1, reg.X0, reg.X0)
	VHADDPS(reg.X0, reg.X0, reg.X0)
	VHADDPS(reg.X0, reg.X0, reg.X0)
	result(reg.X0, 0, true)
}

// result stores the scalar in x to result i and returns after the last.
func result(x reg.Register, i int, last bool) {
	Store(x, ReturnIndex(i))
	if last {
		done()
	}
}

// half is the register that holds as many float32 as register i holds float64.
func (v vec) half(i int) reg.Register {
	if v.is512() {
		return zmm[i].AsY()
	}
	return zmm[i].AsX()
}

// collect64 adds the float64 of register i up to its lowest lane.
func (v vec) collect64(i, t int) {
	if v.is512() {
		VEXTRACTF64X4(U8(1), v.r(i), zmm[t].AsY())
		VADDPD(zmm[t].AsY(), zmm[i].AsY(), zmm[i].AsY())
	}
	VEXTRACTF128(U8(1), zmm[i].AsY(), zmm[t].AsX())
	VADDPD(zmm[t].AsX(), zmm[i].AsX(), zmm[i].AsX())
	VHADDPD(zmm[i].AsX(), zmm[i].AsX(), zmm[i].AsX())
}

// loop64 runs body for both halves of every vector: the offset of its float32 and a number 0 or 1.
func loop64(v vec, name string, ptrs []reg.Register, n reg.Register, body func(disp, i int)) {
	Label(name + "_loop")
	SUBQ(U8(v.lanes), n)
	JL(LabelRef(name + "_end"))
	for i := range 2 {
		body(i*v.bytes()/2, i)
	}
	for _, p := range ptrs {
		ADDQ(U32(v.bytes()), p)
	}
	JMP(LabelRef(name + "_loop"))
	Label(name + "_end")
}

// sum is Σ x in float64.
func sum(v vec) {
	name := "sum" + v.name
	function(name, "x *float32, n int", "float64")
	x, n := Load(Param("x"), GP64()), Load(Param("n"), GP64())
	v.zero(0)
	v.zero(1)
	loop64(v, name, []reg.Register{x}, n, func(disp, i int) {
		VCVTPS2PD(Mem{Base: x, Disp: disp}, v.r(2+i))
		VADDPD(v.r(2+i), v.r(i), v.r(i))
	})
	VADDPD(v.r(1), v.r(0), v.r(0))
	v.collect64(0, 1)
	result(reg.X0, 0, true)
}

// mean broadcasts parameter m to register i as float64.
func mean(v vec, i int) {
	addr, err := Param("m").Resolve()
	if err != nil {
		panic(err)
	}
	VBROADCASTSS(addr.Addr, v.half(i))
	VCVTPS2PD(v.half(i), v.r(i))
}

// sumSquares is Σ (x − m)² in float64.
func sumSquares(v vec) {
	name := "sumSquares" + v.name
	function(name, "x *float32, n int, m float32", "float64")
	x, n := Load(Param("x"), GP64()), Load(Param("n"), GP64())
	mean(v, 4)
	v.zero(0)
	v.zero(1)
	loop64(v, name, []reg.Register{x}, n, func(disp, i int) {
		VCVTPS2PD(Mem{Base: x, Disp: disp}, v.r(2+i))
		VSUBPD(v.r(4), v.r(2+i), v.r(2+i))
		VFMADD231PD(v.r(2+i), v.r(2+i), v.r(i))
	})
	VADDPD(v.r(1), v.r(0), v.r(0))
	v.collect64(0, 1)
	result(reg.X0, 0, true)
}

// sumDot is Σ dy and Σ dy·(x − m) in float64.
func sumDot(v vec) {
	name := "sumDot" + v.name
	function(name, "dy, x *float32, n int, m float32", "(sum, dot float64)")
	dy, x := Load(Param("dy"), GP64()), Load(Param("x"), GP64())
	n := Load(Param("n"), GP64())
	mean(v, 8)
	for i := range 4 {
		v.zero(i)
	}
	loop64(v, name, []reg.Register{dy, x}, n, func(disp, i int) {
		VCVTPS2PD(Mem{Base: dy, Disp: disp}, v.r(4+i))
		VCVTPS2PD(Mem{Base: x, Disp: disp}, v.r(6+i))
		VSUBPD(v.r(8), v.r(6+i), v.r(6+i))
		VADDPD(v.r(4+i), v.r(i), v.r(i))
		VFMADD231PD(v.r(4+i), v.r(6+i), v.r(2+i))
	})
	VADDPD(v.r(1), v.r(0), v.r(0))
	VADDPD(v.r(3), v.r(2), v.r(2))
	v.collect64(0, 1)
	v.collect64(2, 1)
	result(reg.X0, 0, false)
	result(reg.X2, 1, true)
}
