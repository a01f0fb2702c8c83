package kernel

// The gradient with respect to the weights is a matrix product as well: its transpose, (channel, tap) × Out, is the sum
// over all pixels of all images of B, which Conv multiplies by, times dy with its channels last. Units are parts of the
// result; each walks over all pixels, a few images or rows at a time.

// weightGrad is what ConvBackwardWeight needs beside a gather.
type weightGrad struct {
	dw, dy    []float32
	dyT       *buffer // dy as groups × pixels × ldT, channels last; nil if units do that themselves
	ldT       int
	kPer      int // rows of the result in a unit
	outPer    int // columns of the result in a unit
	kBlocks   int
	outBlocks int
}

// resultLimit bounds the values of the result that a unit keeps beside its operands in the second cache.
const resultLimit = 1 << 15

func convBackwardWeight(dw, db, dy, x []float32, s ConvShape, ws Workers) {
	g := gathers.Get().(*gather)
	defer g.release()
	g.im, g.ws, g.shape = active.Load(), ws, s
	g.groups, g.ch, g.m = s.Groups, s.C/s.Groups, s.Out/s.Groups
	g.gh, g.gw = s.OH, s.OW
	g.forwardTaps(&s)
	wg := &g.grad
	wg.dw, wg.ldT = dw, roundUp(g.m, g.im.lanes)
	if db != nil {
		biasGrad(db, dy, s.N, s.Out, s.OH*s.OW, ws)
	}
	for n := 0; n < s.N; n += g.images {
		g.images = min(s.N-n, g.imagesAtOnce(), max(splitLimit/(s.Groups*wg.ldT*s.OH*s.OW), 1))
		g.source(x[n*s.C*s.H*s.W:])
		wg.dy = dy[n*s.Out*s.OH*s.OW:]
		g.cut(g.ch * len(g.taps))
		g.cutWeight()
		if wg.kBlocks > 1 { // several units need each part of dy
			wg.dyT = getBuffer(g.images * s.Groups * wg.ldT * s.OH * s.OW)
			ws.Run(g.images*g.groups, g.runTranspose)
		}
		ws.Run(g.groups*wg.kBlocks*wg.outBlocks, g.runWeight)
		wg.dyT.put()
		wg.dyT = nil
	}
	*wg = weightGrad{}
}

// transposeUnit turns the planes of dy of one group of one image into pixels of ldT channels.
func (g *gather) transposeUnit(_, unit int) {
	wg := &g.grad
	i, grp := unit/g.groups, unit%g.groups
	p := g.gh * g.gw
	dst := wg.dyT.data[(grp*g.images+i)*p*wg.ldT:]
	g.im.transpose(dst, wg.ldT, wg.dy[unit*g.m*p:], p, g.m, p)
}

// shortK is a K for which B is so little work that units rather share out the columns of the result.
const shortK = 96

// cutWeight decides what a unit covers: as much as possible, because a narrow part of the result needs B again, but
// enough units for the threads.
func (g *gather) cutWeight() {
	wg := &g.grad
	k := g.ch * len(g.taps)
	wg.outPer = min(g.m, 256)
	if k <= shortK {
		wg.kPer = k
		if g.ws.Threads() > 1 {
			wg.outPer = roundUp(ceilDiv(g.m, ceilDiv(minUnits, g.groups)), g.im.wide)
		}
	} else {
		wg.kPer = max(resultLimit/roundUp(wg.outPer, g.im.lanes)/rowBlock, 1) * rowBlock
		if g.ws.Threads() > 1 {
			want := ceilDiv(minUnits, g.groups*ceilDiv(g.m, wg.outPer))
			wg.kPer = min(wg.kPer, roundUp(ceilDiv(k, want), rowBlock))
		}
		wg.kPer = min(wg.kPer, k)
	}
	wg.kBlocks, wg.outBlocks = ceilDiv(k, wg.kPer), ceilDiv(g.m, wg.outPer)
}

// weightUnit computes kPer×outPer values of the transposed gradient and adds them to dw.
func (g *gather) weightUnit(worker, unit int) {
	wg := &g.grad
	ob := unit % wg.outBlocks
	unit /= wg.outBlocks
	kb, grp := unit%wg.kBlocks, unit/wg.kBlocks
	k, p := g.ch*len(g.taps), g.gh*g.gw
	k0, o0 := kb*wg.kPer, ob*wg.outPer
	rows, cols := min(wg.kPer, k-k0), min(wg.outPer, g.m-o0)

	bl := blocks.Get().(*block)
	most := g.imgsPer * g.rowsPer * g.gw
	ld, edge := oddStride(most), g.im.edgeLen(most)
	ldc := roundUp(cols, g.im.lanes)
	scratch := g.ws.Scratch(worker, rows*ld+edge+rows*ldc+most*ldc)
	col, rest := scratch[:rows*ld], scratch[rows*ld:]
	bl.edge, rest = rest[:edge], rest[edge:]
	bl.c, bl.ldc = rest[:rows*ldc], ldc
	part := rest[rows*ldc:]
	bl.m1, bl.n = rows, ldc // the lanes beyond cols are computed and dropped
	for i0 := 0; i0 < g.images; i0 += g.imgsPer {
		i1 := min(i0+g.imgsPer, g.images)
		for y0 := 0; y0 < g.gh; y0 += g.rowsPer {
			y1 := min(y0+g.rowsPer, g.gh)
			if g.inPlace && i1-i0 == 1 {
				bl.a = lhs{data: g.src[i0*g.srcImg+(grp*g.ch+k0)*g.srcCh+y0*g.gw:], rs: g.srcCh, ks: 1}
			} else {
				g.columns(&bl.rows, col, ld, grp, i0, i1, y0, y1, k0, rows)
				bl.a = lhs{data: col, rs: ld, ks: 1}
			}
			bl.k = (i1 - i0) * (y1 - y0) * g.gw
			if wg.dyT != nil {
				bl.b, bl.bs = wg.dyT.data[((grp*g.images+i0)*p+y0*g.gw)*wg.ldT+o0:], wg.ldT
			} else {
				n := (y1 - y0) * g.gw
				for i := i0; i < i1; i++ {
					dy := wg.dy[((i*g.groups+grp)*g.m+o0)*p+y0*g.gw:]
					g.im.transpose(part[(i-i0)*n*ldc:], ldc, dy, p, cols, n)
				}
				bl.b, bl.bs = part, ldc
			}
			g.im.do(bl)
			bl.mode = modeAdd
		}
	}
	for o := range cols {
		dw := wg.dw[(grp*g.m+o0+o)*k+k0:][:rows]
		for i := range dw {
			dw[i] += bl.c[i*ldc+o]
		}
	}
	bl.release()
}

// biasGrad adds to db the sum of each channel of dy (n×c×hw).
func biasGrad(db, dy []float32, n, c, hw int, ws Workers) {
	im := active.Load()
	planes(ws, c, n*hw, func(lo, hi int) {
		for ch := lo; ch < hi; ch++ {
			var sum float64
			for i := range n {
				at := (i*c + ch) * hw
				sum += im.sum(dy[at : at+hw])
			}
			db[ch] += float32(sum)
		}
	})
}
