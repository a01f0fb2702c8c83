package main

import (
	"math"
	"strings"

	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Registers of an elementwise body: the inputs in 0, 1, …, temporaries from 4 on, the parameters from 12 on, the mask of
// the tail in 15. The result goes to register 0.
const (
	temp  = 4
	param = 12
	tail  = 15
)

// elementwiseOp is a loop dst[i] = body(inputs[i], parameters). inputs are names of slices; "dst" as an input is the old
// value.
type elementwiseOp struct {
	name   string
	inputs []string
	params []string
	body   func(v vec)
}

func elementwise(v vec) {
	for _, op := range []elementwiseOp{
		{"relu", []string{"x"}, nil, relu},
		{"clamp", []string{"x"}, []string{"low", "high"}, clamp},
		{"scale", []string{"x"}, []string{"alpha"}, func(v vec) { VMULPS(v.r(param), v.r(0), v.r(0)) }},
		{"affine", []string{"x"}, []string{"scale", "shift"}, func(v vec) { VFMADD213PS(v.r(param+1), v.r(param), v.r(0)) }},
		{"add", []string{"a", "b"}, nil, func(v vec) { VADDPS(v.r(1), v.r(0), v.r(0)) }},
		{"addScaled", []string{"a", "b"}, []string{"alpha"}, func(v vec) { VFMADD231PS(v.r(param), v.r(1), v.r(0)) }},
		{"mul", []string{"a", "b"}, nil, func(v vec) { VMULPS(v.r(1), v.r(0), v.r(0)) }},
		{"mulAdd", []string{"dst", "a", "b"}, nil, func(v vec) { VFMADD231PS(v.r(1), v.r(2), v.r(0)) }},
		{"addTwo", []string{"dst", "a", "b"}, []string{"ka", "kb", "k"}, addTwo},
		{"reluBackward", []string{"dst", "dy", "y"}, nil, func(v vec) { addWhere(v, inside{low: 0, high: math.Inf(1)}) }},
		{"relu6Backward", []string{"dst", "dy", "y"}, nil, func(v vec) { addWhere(v, inside{low: 0, high: 6}) }},
		{"clampBackward", []string{"dst", "dy", "x"}, []string{"low", "high"}, func(v vec) { addWhere(v, inside{params: true}) }},
		{"hardSigmoid", []string{"x"}, nil, func(v vec) { hardSigmoid(v, 0, 0) }},
		{"hardSwish", []string{"x"}, nil, func(v vec) { hardSigmoid(v, 0, temp); VMULPS(v.r(temp), v.r(0), v.r(0)) }},
		{"hardSigmoidBackward", []string{"dst", "dy", "x"}, nil, hardSigmoidBackward},
		{"hardSwishBackward", []string{"dst", "dy", "x"}, nil, hardSwishBackward},
		{"tanh", []string{"x"}, nil, tanh},
		{"sigmoid", []string{"x"}, nil, func(v vec) { sigmoid(v, 0, 0) }},
		{"silu", []string{"x"}, nil, silu},
		{"tanhBackward", []string{"dst", "dy", "y"}, nil, tanhBackward},
		{"sigmoidBackward", []string{"dst", "dy", "y"}, nil, sigmoidBackward},
		{"siluBackward", []string{"dst", "dy", "x"}, nil, siluBackward},
	} {
		op.emit(v)
	}
}

func (op elementwiseOp) emit(v vec) {
	name := op.name + v.name
	slices := op.inputs
	if slices[0] != "dst" {
		slices = append([]string{"dst"}, slices...)
	}
	params := strings.Join(slices, ", ") + " *float32, n int"
	if op.params != nil {
		params += ", " + strings.Join(op.params, ", ") + " float32"
	}
	function(name, params, "")
	ptr := map[string]reg.Register{}
	for _, s := range slices {
		ptr[s] = Load(Param(s), GP64())
	}
	n := Load(Param("n"), GP64()).(reg.GPVirtual)
	for i, p := range op.params {
		addr, err := Param(p).Resolve()
		if err != nil {
			panic(err)
		}
		VBROADCASTSS(addr.Addr, v.r(param+i))
	}
	Label(name + "_loop")
	SUBQ(U8(v.lanes), n)
	JL(LabelRef(name + "_tail"))
	for i, s := range op.inputs {
		VMOVUPS(Mem{Base: ptr[s]}, v.r(i))
	}
	op.body(v)
	VMOVUPS(v.r(0), Mem{Base: ptr["dst"]})
	for _, s := range slices {
		ADDQ(U32(v.bytes()), ptr[s])
	}
	JMP(LabelRef(name + "_loop"))
	Label(name + "_tail")
	ADDQ(U8(v.lanes), n)
	JZ(LabelRef(name + "_end"))
	v.tailMask(n, 7, tail)
	for i, s := range op.inputs {
		v.loadTail(Mem{Base: ptr[s]}, 7, tail, i)
	}
	op.body(v)
	v.storeTail(0, 7, tail, Mem{Base: ptr["dst"]})
	Label(name + "_end")
	done()
}

// vectors are constants repeated over a whole vector, by their bits.
var vectors = map[uint32]Mem{}

// constant is a vector of c in the data section. avo's F32 would emit an integer.
func constant(c float64) Mem { return pattern(math.Float32bits(float32(c))) }

// pattern is a vector of 32-bit words.
func pattern(bits uint32) Mem {
	m, ok := vectors[bits]
	if !ok {
		m = GLOBL(label("v%08x", bits), attr.RODATA|attr.NOPTR)
		for i := range 16 {
			DATA(4*i, U32(bits))
		}
		vectors[bits] = m
	}
	return m
}

// Comparisons that are false for NaN.
const (
	less         = 17
	lessEqual    = 18
	greaterEqual = 29
	greater      = 30
)

// compare sets mask k (AVX-512) or vector i (AVX2) to register a compared with b.
func (v vec) compare(pred uint8, a int, b Op, k, i int) {
	if v.is512() {
		VCMPPS(U8(pred), b, v.r(a), kregs[k])
	} else {
		VCMPPS(U8(pred), b, v.r(a), v.r(i))
	}
}

// and combines two masks into the first.
func (v vec) and(k1, i1, k2, i2 int) {
	if v.is512() {
		KANDW(kregs[k1], kregs[k2], kregs[k1])
	} else {
		VANDPS(v.r(i1), v.r(i2), v.r(i1))
	}
}

// choose sets dst to yes where the mask is set and to no elsewhere.
func (v vec) choose(k, i int, yes Op, no, dst int) {
	if v.is512() {
		VBLENDMPS(yes, v.r(no), kregs[k], v.r(dst))
	} else {
		VBLENDVPS(v.r(i), yes, v.r(no), v.r(dst))
	}
}

// relu: the second operand wins where one is NaN or both are zero, so it has to be x.
func relu(v vec) {
	v.zero(temp)
	VMAXPS(v.r(0), v.r(temp), v.r(0))
}

func clamp(v vec) {
	VMAXPS(v.r(0), v.r(param), v.r(0))
	VMINPS(v.r(0), v.r(param+1), v.r(0))
}

// addTwo: dst + (ka·a + (kb·b + k)).
func addTwo(v vec) {
	VFMADD213PS(v.r(param+2), v.r(param+1), v.r(2))
	VFMADD231PS(v.r(param), v.r(1), v.r(2))
	VADDPS(v.r(2), v.r(0), v.r(0))
}

// inside is a condition on register 2: between the limits, or between the parameters inclusive.
type inside struct {
	low, high float64
	params    bool
}

// mask sets mask 1 or vector temp+1, by way of temp+2.
func (in inside) mask(v vec) {
	if in.params {
		v.compare(greaterEqual, 2, v.r(param), 1, temp+1)
		v.compare(lessEqual, 2, v.r(param+1), 2, temp+2)
		v.and(1, temp+1, 2, temp+2)
		return
	}
	v.compare(greater, 2, constant(in.low), 1, temp+1)
	if !math.IsInf(in.high, 1) {
		v.compare(less, 2, constant(in.high), 2, temp+2)
		v.and(1, temp+1, 2, temp+2)
	}
}

// addWhere adds register 1 to register 0 where the condition holds.
func addWhere(v vec, in inside) {
	in.mask(v)
	VADDPS(v.r(1), v.r(0), v.r(temp))
	v.choose(1, temp+1, v.r(temp), 0, 0)
}

// hardSigmoid: min(max(x + 3, 0), 6)/6.
func hardSigmoid(v vec, x, dst int) {
	VADDPS(constant(3), v.r(x), v.r(temp))
	v.zero(temp + 1)
	VMAXPS(v.r(temp), v.r(temp+1), v.r(temp))
	VMOVUPS(constant(6), v.r(temp+1))
	VMINPS(v.r(temp), v.r(temp+1), v.r(temp))
	VMULPS(constant(1.0/6), v.r(temp), v.r(dst))
}

func hardSigmoidBackward(v vec) {
	VMULPS(constant(1.0/6), v.r(1), v.r(1))
	addWhere(v, inside{low: -3, high: 3})
}

// hardSwishBackward: dy·(x/3 + ½), dy where x ≥ 3, nothing where x ≤ −3.
func hardSwishBackward(v vec) {
	VMOVUPS(constant(1.0/3), v.r(temp))
	VFMADD213PS(constant(0.5), v.r(2), v.r(temp))
	v.compare(greaterEqual, 2, constant(3), 1, temp+1)
	VMOVUPS(constant(1), v.r(temp+2))
	v.choose(1, temp+1, v.r(temp+2), temp, temp)
	VFMADD213PS(v.r(0), v.r(1), v.r(temp))
	v.compare(lessEqual, 2, constant(-3), 1, temp+1)
	v.choose(1, temp+1, v.r(0), temp, 0)
}
