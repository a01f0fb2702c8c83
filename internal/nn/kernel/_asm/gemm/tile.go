package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The fields of kernel.tile.
const (
	tileK, tilePanels                   = 0, 8
	tileA, tileB, tileC, tileBias       = 16, 40, 64, 88
	tileRS, tileKS, tileBS, tileLDC     = 112, 120, 128, 136
	tileMode                            = 144
	modeAdd, modeBias               int = 1, 2
)

// heights of the tiles, tallest first. 12 rows of two vectors are 24 accumulators, which leaves room for two vectors of B
// and a few values of A among 32 registers; 6 rows are 12 of 16. 3 are the colours of a picture.
func (v vec) heights() []int {
	if v.is512() {
		return []int{12, 8, 4, 3, 2, 1}
	}
	return []int{6, 4, 3, 2, 1}
}

func tiles(v vec) {
	for _, h := range v.heights() {
		for _, nv := range []int{2, 1} {
			tile(v, h, nv)
		}
	}
}

// tile computes h rows of t.panels panels of nv vectors:
//
//	for each panel:
//	    acc[r][j] = 0, c[r][j] or bias[r]
//	    for k: acc[r][j] += a[r·rs + k·ks] · b[k·bs + j]
//	    c[r][j] = acc[r][j]
func tile(v vec, h, nv int) {
	name := label("tile%dx%d%s", h, nv*v.lanes, v.name)
	function(name, "t *tile", "")
	t := Load(Param("t"), GP64())
	rs, ks, bs := scaled(t, tileRS), scaled(t, tileKS), scaled(t, tileBS)
	panels, bPanel, cPanel := field(t, tilePanels), field(t, tileB), field(t, tileC)

	acc := func(r, j int) reg.VecPhysical { return v.r(r*nv + j) }
	bReg := func(j int) reg.VecPhysical { return v.r(h*nv + j) }
	firstFree := h*nv + nv
	free := 1
	if v.is512() {
		free = min(4, 32-firstFree)
	}

	Label(name + "_panel")
	// Base registers for every third row: with the scales 1 and 2 they reach all rows.
	var base []reg.GPVirtual
	for r := 0; r < h; r += 3 {
		if r == 0 {
			base = append(base, field(t, tileA))
			continue
		}
		p := GP64()
		LEAQ(Mem{Base: base[len(base)-1], Index: rs, Scale: 2}, p)
		ADDQ(rs, p)
		base = append(base, p)
	}
	row := func(r int) Mem {
		m := Mem{Base: base[r/3]}
		if r%3 > 0 {
			m.Index, m.Scale = rs, uint8(r%3)
		}
		return m
	}
	start(v, name, t, cPanel, h, nv, acc)

	b := GP64()
	MOVQ(bPanel, b)
	k := field(t, tileK)
	step := func() {
		for j := range nv {
			VMOVUPS(Mem{Base: b, Disp: j * v.bytes()}, bReg(j))
		}
		for r := range h {
			if v.is512() && nv == 1 {
				VFMADD231PS_BCST(row(r), bReg(0), acc(r, 0))
				continue
			}
			a := v.r(firstFree + r%free)
			VBROADCASTSS(row(r), a)
			for j := range nv {
				VFMADD231PS(a, bReg(j), acc(r, j))
			}
		}
		ADDQ(bs, b)
		for _, p := range base {
			ADDQ(ks, p)
		}
	}
	const unroll = 4
	SUBQ(U8(unroll), k)
	JL(LabelRef(name + "_rest"))
	Label(name + "_loop")
	for range unroll {
		step()
	}
	SUBQ(U8(unroll), k)
	JGE(LabelRef(name + "_loop"))
	Label(name + "_rest")
	ADDQ(U8(unroll), k)
	JZ(LabelRef(name + "_store"))
	Label(name + "_one")
	step()
	DECQ(k)
	JNZ(LabelRef(name + "_one"))

	Label(name + "_store")
	ldc := scaled(t, tileLDC)
	c := GP64()
	MOVQ(cPanel, c)
	for r := range h {
		for j := range nv {
			VMOVUPS(acc(r, j), Mem{Base: c, Disp: j * v.bytes()})
		}
		if r < h-1 {
			ADDQ(ldc, c)
		}
	}
	ADDQ(U32(nv*v.bytes()), bPanel)
	ADDQ(U32(nv*v.bytes()), cPanel)
	DECQ(panels)
	JNZ(LabelRef(name + "_panel"))
	done()
}

// start sets the accumulators by t.mode.
func start(v vec, name string, t reg.Register, cPanel reg.GPVirtual, h, nv int, acc func(r, j int) reg.VecPhysical) {
	mode := field(t, tileMode)
	CMPQ(mode, U8(modeAdd))
	JEQ(LabelRef(name + "_add"))
	JA(LabelRef(name + "_bias"))
	for r := range h {
		for j := range nv {
			v.zero(r*nv + j)
		}
	}
	JMP(LabelRef(name + "_begin"))

	Label(name + "_add")
	ldc := scaled(t, tileLDC)
	c := GP64()
	MOVQ(cPanel, c)
	for r := range h {
		for j := range nv {
			VMOVUPS(Mem{Base: c, Disp: j * v.bytes()}, acc(r, j))
		}
		ADDQ(ldc, c)
	}
	JMP(LabelRef(name + "_begin"))

	Label(name + "_bias")
	bias := field(t, tileBias)
	for r := range h {
		for j := range nv {
			VBROADCASTSS(Mem{Base: bias, Disp: 4 * r}, acc(r, j))
		}
	}
	Label(name + "_begin")
}
