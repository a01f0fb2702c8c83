package kernel

import "sync"

// GemmShape describes C = A·B, an M×N result over a sum of K products. TransA says that A is stored K×M, TransB that B
// is stored N×K. Add adds the product to C instead of replacing it.
type GemmShape struct {
	M, N, K        int
	TransA, TransB bool
	Add            bool
}

// Gemm computes c = A·B or c += A·B on row-major matrices without gaps: len(c) = M·N, len(a) = M·K, len(b) = K·N. c
// overlaps neither a nor b. With K = 0 the product is zero.
func Gemm(c, a, b []float32, s GemmShape, ws Workers) {
	checkAtLeast("Gemm", "M", s.M, 0)
	checkAtLeast("Gemm", "N", s.N, 0)
	checkAtLeast("Gemm", "K", s.K, 0)
	checkLen("Gemm", "c", len(c), s.M*s.N, "m*n")
	checkLen("Gemm", "a", len(a), s.M*s.K, "m*k")
	checkLen("Gemm", "b", len(b), s.K*s.N, "k*n")
	if s.M == 0 || s.N == 0 {
		return
	}
	if s.K == 0 {
		if !s.Add {
			clear(c)
		}
		return
	}
	ws, team := orSerial(ws)
	defer doneSerial(team)
	g := gemmJobs.Get().(*gemmJob)
	defer g.release()
	g.im, g.ws, g.s, g.c, g.b = active.Load(), ws, s, c, b
	g.a = lhs{data: a, rs: s.K, ks: 1}
	if s.TransA {
		g.a = lhs{data: a, rs: 1, ks: s.M}
	}
	g.cut()
	if !s.TransA && s.N >= 4*g.im.wide {
		// Rows of A that are a power of two apart would push each other out of the first cache; packed ones lie together.
		g.rows, g.packed = a, getBuffer(s.M*s.K)
		g.a = lhs{data: g.packed.data, packed: true, k: s.K}
		g.ws.Run(ceilDiv(s.M, minRows), g.runPack)
	}
	ws.Run(g.mBlocks*g.nBlocks, g.runUnit)
}

// gemmJob is one call of Gemm.
type gemmJob struct {
	im               *impl
	ws               Workers
	s                GemmShape
	c, b             []float32
	a                lhs
	rows             []float32 // A before packing
	packed           *buffer
	mPer, nPer, kPer int
	mBlocks, nBlocks int
	runUnit, runPack func(worker, unit int)
}

var gemmJobs = sync.Pool{New: func() any {
	g := new(gemmJob)
	g.runUnit, g.runPack = g.unit, g.packUnit
	return g
}}

func (g *gemmJob) release() {
	g.packed.put()
	g.ws, g.c, g.b, g.a, g.rows, g.packed = nil, nil, nil, lhs{}, nil, nil
	gemmJobs.Put(g)
}

// cut decides what a unit covers.
func (g *gemmJob) cut() {
	s := &g.s
	g.kPer = ceilDiv(s.K, ceilDiv(s.K, kTarget))
	g.nPer = roundUp(ceilDiv(s.N, ceilDiv(s.N, colTarget)), g.im.wide)
	g.nBlocks = ceilDiv(s.N, g.nPer)
	g.mPer = s.M
	if g.nBlocks < minUnits && g.ws.Threads() > 1 {
		blocks := min(ceilDiv(minUnits, g.nBlocks), max(s.M/minRows, 1))
		g.mPer = roundUp(ceilDiv(s.M, blocks), rowBlock)
	}
	g.mBlocks = ceilDiv(s.M, g.mPer)
}

// packUnit packs minRows rows of A.
func (g *gemmJob) packUnit(_, unit int) {
	m0 := unit * minRows
	g.im.pack(g.packed.data, g.rows, g.s.K, m0, min(m0+minRows, g.s.M), g.s.M, g.s.K)
}

// pack copies the rows m0…m1−1 of the m×k matrix a, whose rows are rs apart, into dst in the order of a packed lhs. m0 is
// a multiple of rowBlock.
func (im *impl) pack(dst, a []float32, rs, m0, m1, m, k int) {
	for row := m0; row < m1; {
		h := im.height(m - row)
		im.transpose(dst[row*k:(row+h)*k], h, a[row*rs:], rs, h, k)
		row += h
	}
}

// unit computes mPer×nPer values of C.
func (g *gemmJob) unit(worker, unit int) {
	s := &g.s
	mb, nb := unit%g.mBlocks, unit/g.mBlocks
	n0 := nb * g.nPer
	bl := blocks.Get().(*block)
	bl.a, bl.m0, bl.m1 = g.a, mb*g.mPer, min((mb+1)*g.mPer, s.M)
	bl.n = min(g.nPer, s.N-n0)
	bl.c, bl.ldc = g.c[bl.m0*s.N+n0:], s.N
	bl.mode = modeZero
	if s.Add {
		bl.mode = modeAdd
	}
	ld := oddStride(bl.n)
	edge := g.im.edgeLen(g.kPer)
	scratch := g.ws.Scratch(worker, edge+g.kPer*ld)
	bl.edge = scratch[:edge]
	for bl.k0 = 0; bl.k0 < s.K; bl.k0 += bl.k {
		bl.k = min(g.kPer, s.K-bl.k0)
		if s.TransB {
			bl.b, bl.bs = scratch[edge:], ld
			g.im.transpose(bl.b, ld, g.b[n0*s.K+bl.k0:], s.K, bl.n, bl.k)
		} else {
			bl.b, bl.bs = g.b[bl.k0*s.N+n0:], s.N
		}
		g.im.do(bl)
		bl.mode = modeAdd
	}
	bl.release()
}
