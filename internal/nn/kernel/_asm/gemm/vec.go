package main

import (
	"fmt"
	"math"

	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// vec is a vector instruction set. All vector registers are chosen by hand: with AVX2 only the first 16 exist.
type vec struct {
	name  string
	lanes int
}

var (
	avx512 = vec{"AVX512", 16}
	avx2   = vec{"AVX2", 8}
)

var (
	zmm = [32]reg.VecPhysical{reg.Z0, reg.Z1, reg.Z2, reg.Z3, reg.Z4, reg.Z5, reg.Z6, reg.Z7, reg.Z8, reg.Z9, reg.Z10,
		reg.Z11, reg.Z12, reg.Z13, reg.Z14, reg.Z15, reg.Z16, reg.Z17, reg.Z18, reg.Z19, reg.Z20, reg.Z21, reg.Z22,
		reg.Z23, reg.Z24, reg.Z25, reg.Z26, reg.Z27, reg.Z28, reg.Z29, reg.Z30, reg.Z31}
	kregs = [8]reg.Register{reg.K0, reg.K1, reg.K2, reg.K3, reg.K4, reg.K5, reg.K6, reg.K7}
)

// bytes is the size of a vector.
func (v vec) bytes() int { return 4 * v.lanes }

// is512 tells the two sets apart where they differ.
func (v vec) is512() bool { return v.lanes == 16 }

// r is vector register i.
func (v vec) r(i int) reg.VecPhysical {
	if v.is512() {
		return zmm[i]
	}
	if i > 15 {
		panic(fmt.Sprintf("AVX2 has no register %d", i))
	}
	return zmm[i].AsY().(reg.VecPhysical)
}

// x is the lowest quarter or half of register i.
func (v vec) x(i int) reg.Register { return zmm[i].AsX() }

// zero clears register i.
func (v vec) zero(i int) {
	if v.is512() {
		VPXORD(v.r(i), v.r(i), v.r(i))
	} else {
		VXORPS(v.r(i), v.r(i), v.r(i))
	}
}

// ones holds 16 lanes of ones and 16 of zeros: read 16−n lanes in, a vector of it has n lanes of ones.
var ones Mem

// iota holds 0, 1, 2, … 15.
var iota16 Mem

// even and odd pick every other value of two vectors, low and high interleave the halves of two vectors.
var even, odd, low, high Mem

func tables() {
	ones = GLOBL("ones", attr.RODATA|attr.NOPTR)
	for i := range 32 {
		DATA(4*i, U32(math.MaxUint32*uint64(1-i/16)))
	}
	iota16 = table("iota16", func(i int) int { return i })
	even = table("even16", func(i int) int { return 2 * i })
	odd = table("odd16", func(i int) int { return 2*i + 1 })
	low = table("low16", func(i int) int { return i/2 + i%2*16 })
	high = table("high16", func(i int) int { return 8 + i/2 + i%2*16 })
}

func table(name string, f func(i int) int) Mem {
	t := GLOBL(name, attr.RODATA|attr.NOPTR)
	for i := range 16 {
		DATA(4*i, U32(f(i)))
	}
	return t
}

// tailMask sets the mask for the first n of the lanes, n in 0…lanes: register k for AVX-512, vector register i for AVX2.
func (v vec) tailMask(n reg.GPVirtual, k, i int) {
	base, p := GP64(), GP64()
	LEAQ(ones.Offset(64), base)
	MOVQ(n, p)
	SHLQ(U8(2), p)
	SUBQ(p, base)
	if v.is512() {
		VMOVDQU32(Mem{Base: base}, v.r(i))
		VPMOVD2M(v.r(i), kregs[k])
	} else {
		VMOVUPS(Mem{Base: base}, v.r(i))
	}
}

// loadTail loads the masked lanes and zero for the others; m are the registers of tailMask.
func (v vec) loadTail(from Mem, k, i int, to int) {
	if v.is512() {
		VMOVUPS_Z(from, kregs[k], v.r(to))
	} else {
		VMASKMOVPS(from, v.r(i), v.r(to))
	}
}

// storeTail stores the masked lanes.
func (v vec) storeTail(from int, k, i int, to Mem) {
	if v.is512() {
		VMOVUPS(v.r(from), kregs[k], to)
	} else {
		VMASKMOVPS(v.r(from), v.r(i), to)
	}
}

// done ends a function. The upper halves must be clear before code that uses SSE.
func done() {
	VZEROUPPER()
	RET()
}

// field loads a 64-bit field of the struct at base.
func field(base reg.Register, offset int) reg.GPVirtual {
	r := GP64()
	MOVQ(Mem{Base: base, Disp: offset}, r)
	return r
}

// scaled loads a distance in values and turns it into bytes.
func scaled(base reg.Register, offset int) reg.GPVirtual {
	r := field(base, offset)
	SHLQ(U8(2), r)
	return r
}

// label makes the name of a label unique.
func label(format string, args ...any) string { return fmt.Sprintf(format, args...) }
