package kernel

import "sync"

// gather is the convolution behind Conv and ConvBackwardInput: every destination channel is a weighted sum of shifted
// source planes,
//
//	dst[y·sy + oy, x·sx + ox] = bias + Σ over channels and taps of weight · src[y + tap.dy, x + tap.dx],
//
// zero where a tap falls outside its plane. A stride of the forward direction is taken out beforehand, by cutting the
// input into phases (conv_split.go); one of the backward direction shows in sy and sx.
//
// It is computed as a matrix product: rows of A are destination channels, rows of B are (channel, tap) pairs, columns
// are pixels. B exists only a block at a time, copied from the shifted planes into scratch memory; for a 1×1 kernel the
// source is B already.
type gather struct {
	im *impl
	ws Workers

	src                   []float32
	images, groups, ch    int // ch: source channels of a group
	srcImg, srcCh, srcRow int // distances in src
	tapSet
	gh, gw int // the grid of pixels y, x

	a    lhs // A of the first group
	m    int // rows of A, destination channels of a group
	bias []float32

	dst            []float32
	dstCh, dstRow  int // distances in dst; its images are dense
	oy, ox, sy, sx int
	add            bool // add to dst

	weights   []float32 // packed to A where a is not set: source channel c of row m at w0 + m·wRow + c·wCh
	wRow, wCh int
	inOrder   bool // a row of A lies in weights as it is

	imgsPer, rowsPer, mPer        int // what a unit covers
	imgBlocks, rowBlocks, mBlocks int
	kPer                          int  // K is walked in blocks of kPer
	inPlace                       bool // src serves as B
	packed                        *buffer

	splitX []float32 // the map to cut into phases, planes of shape.H×shape.W
	split  *buffer
	shape  ConvShape

	grad weightGrad

	runUnit, runPack, runSplit, runTranspose, runWeight func(worker, unit int)
}

// tap is one position of the kernel: pixel (y, x) of the grid reads row y+dy, column x+dx of the h×w plane that starts
// off values into the channel. w0 is where its weight lies.
type tap struct{ off, dy, dx, h, w, w0 int }

var gathers = sync.Pool{New: func() any {
	g := new(gather)
	g.runUnit, g.runPack, g.runSplit = g.unit, g.packUnit, g.splitUnit
	g.runTranspose, g.runWeight = g.transposeUnit, g.weightUnit
	return g
}}

// release recycles g without the memory of its caller.
func (g *gather) release() {
	g.split.put()
	g.ws, g.src, g.a, g.bias, g.dst, g.weights, g.splitX, g.split = nil, nil, lhs{}, nil, nil, nil, nil, nil
	gathers.Put(g)
}

// Sizes of the blocks: colTarget pixels by kTarget rows of B are 400 kB, which stay in a second-level cache of 1 MB next to
// the rows of A; minUnits keeps the threads evenly busy; minRows rows of A are worth a B of their own.
const (
	colTarget = 256
	kTarget   = 384
	minUnits  = 8
	minRows   = 4 * rowBlock
)

// run computes the convolution.
func (g *gather) run() {
	k := g.ch * len(g.taps)
	g.cut(k)
	// Packing pays when every row of A is used for several panels.
	if g.images*g.gh*g.gw >= 4*g.im.wide || g.a.data == nil {
		g.packed = getBuffer(g.groups * g.m * k)
		g.a = lhs{data: g.packed.data, packed: true, k: k}
		if units := g.packBlocks() * g.groups; g.m*k < grain {
			for unit := range units {
				g.packUnit(0, unit)
			}
		} else {
			g.ws.Run(units, g.runPack)
		}
	}
	g.ws.Run(g.groups*g.imgBlocks*g.rowBlocks*g.mBlocks, g.runUnit)
	g.packed.put()
	g.packed = nil
}

// cut decides what a unit covers.
func (g *gather) cut(k int) {
	p := g.gh * g.gw
	t := &g.taps[0]
	g.inPlace = len(g.taps) == 1 && t.dy == 0 && t.dx == 0 && t.h == g.gh && t.w == g.gw && g.srcRow == g.gw &&
		(p%g.im.lanes == 0 || p >= 8*g.im.lanes || g.images == 1)
	g.imgsPer, g.rowsPer = 1, g.gh
	switch {
	case p > colTarget:
		g.rowsPer = g.splitRows()
	case !g.inPlace:
		g.imgsPer = g.joinImages(p)
	}
	g.imgBlocks = ceilDiv(g.images, g.imgsPer)
	g.rowBlocks = ceilDiv(g.gh, g.rowsPer)
	g.mPer = g.m
	if units := g.groups * g.imgBlocks * g.rowBlocks; units < minUnits && g.ws.Threads() > 1 {
		blocks := min(ceilDiv(minUnits, units), max(g.m/minRows, 1))
		g.mPer = roundUp(ceilDiv(g.m, blocks), rowBlock)
	}
	g.mBlocks = ceilDiv(g.m, g.mPer)
	g.kPer = ceilDiv(k, ceilDiv(k, kTarget))
}

// splitRows returns the number of grid rows in a unit that wastes the fewest lanes near colTarget pixels.
func (g *gather) splitRows() int {
	blocks := min(ceilDiv(g.gh*g.gw, colTarget), g.gh)
	best, waste := 0, 0
	for b := blocks; b <= min(blocks+3, g.gh); b++ {
		rows := ceilDiv(g.gh, b)
		full, last := g.gh/rows, g.gh%rows
		padded := full*roundUp(rows*g.gw, g.im.lanes) + roundUp(last*g.gw, g.im.lanes)
		if best == 0 || padded < waste {
			best, waste = rows, padded
		}
	}
	return best
}

// joinImages returns how many images of p pixels a unit takes together.
func (g *gather) joinImages(p int) int {
	most := min(max(colTarget/p, 1), g.images)
	return ceilDiv(g.images, ceilDiv(g.images, most))
}

// unit computes a range of rows of A for some rows of some images.
func (g *gather) unit(worker, unit int) {
	mb := unit % g.mBlocks
	unit /= g.mBlocks
	rb := unit % g.rowBlocks
	unit /= g.rowBlocks
	i0, y0, grp := unit%g.imgBlocks*g.imgsPer, rb*g.rowsPer, unit/g.imgBlocks
	i1, y1 := min(i0+g.imgsPer, g.images), min(y0+g.rowsPer, g.gh)

	bl := blocks.Get().(*block)
	bl.m0, bl.m1 = mb*g.mPer, min((mb+1)*g.mPer, g.m)
	bl.n = (i1 - i0) * (y1 - y0) * g.gw
	k := g.ch * len(g.taps)
	ld := oddStride(bl.n)
	direct := i1-i0 == 1 && g.sy == 1 && g.sx == 1 && g.gw == g.dstRow
	scratch := g.ws.Scratch(worker, g.kPer*ld+g.im.edgeLen(g.kPer)+(bl.m1-bl.m0)*ld)
	col, rest := scratch[:g.kPer*ld], scratch[g.kPer*ld:]
	bl.edge, rest = rest[:g.im.edgeLen(g.kPer)], rest[g.im.edgeLen(g.kPer):]
	bl.c, bl.ldc = rest, ld
	if direct {
		bl.c, bl.ldc = g.dst[((i0*g.groups+grp)*g.m+bl.m0)*g.dstCh+y0*g.gw:], g.dstCh
	}
	bl.a = g.a
	bl.a.data = g.a.data[grp*g.m*k:]
	switch {
	case g.bias != nil:
		bl.mode, bl.bias = modeBias, g.bias[grp*g.m:]
	case g.add && direct:
		bl.mode = modeAdd
	default:
		bl.mode = modeZero
	}
	for bl.k0 = 0; bl.k0 < k; bl.k0 += bl.k {
		bl.k = min(g.kPer, k-bl.k0)
		if g.inPlace && i1-i0 == 1 {
			bl.b, bl.bs = g.src[i0*g.srcImg+(grp*g.ch+bl.k0)*g.srcCh+y0*g.gw:], g.srcCh
		} else {
			g.columns(&bl.rows, col, ld, grp, i0, i1, y0, y1, bl.k0, bl.k)
			bl.b, bl.bs = col, ld
		}
		g.im.do(bl)
		bl.mode = modeAdd
	}
	if !direct {
		g.scatter(bl, grp, i0, i1, y0, y1)
	}
	bl.release()
}

// columns writes k rows of B, ld apart: the pixels of rows y0…y1−1 of images i0…i1−1, shifted by the taps.
func (g *gather) columns(r *rowCopy, col []float32, ld, grp, i0, i1, y0, y1, k0, k int) {
	*r = rowCopy{src: g.src, images: i1 - i0, rows: y1 - y0, width: g.gw, srcImg: g.srcImg, srcRow: g.srcRow}
	n := r.images * r.rows * r.width
	c, t := k0/len(g.taps), k0%len(g.taps)
	for i := range k {
		tp := &g.taps[t]
		r.dst = col[i*ld : i*ld+n]
		r.y0, r.y1 = clip(y0+tp.dy, r.rows, tp.h)
		r.x0, r.x1 = clip(tp.dx, r.width, tp.w)
		r.off = i0*g.srcImg + (grp*g.ch+c)*g.srcCh + tp.off + (y0+tp.dy)*g.srcRow + tp.dx
		g.im.copyRows(r)
		if t++; t == len(g.taps) {
			c, t = c+1, 0
		}
	}
}

// clip is the range of i in 0…n−1 for which from+i lies in 0…size−1.
func clip(from, n, size int) (lo, hi int) {
	lo = min(max(-from, 0), n)
	return lo, max(min(size-from, n), lo)
}

// scatter moves the result of a unit from bl.c to where it belongs.
func (g *gather) scatter(bl *block, grp, i0, i1, y0, y1 int) {
	for m := bl.m0; m < bl.m1; m++ {
		row := bl.c[(m-bl.m0)*bl.ldc:]
		for i := i0; i < i1; i++ {
			plane := g.dst[((i*g.groups+grp)*g.m+m)*g.dstCh:][:g.dstCh]
			if g.sx == 1 && g.sy == 1 { // rows without gaps
				n := (y1 - y0) * g.gw
				g.scatterRow(plane[y0*g.gw:], row[:n])
				row = row[n:]
				continue
			}
			for y := y0; y < y1; y++ {
				g.scatterRow(plane[(y*g.sy+g.oy)*g.dstRow+g.ox:], row[:g.gw])
				row = row[g.gw:]
			}
		}
	}
}

// scatterRow stores or adds the values of v to every sx-th value of dst.
func (g *gather) scatterRow(dst, v []float32) {
	switch {
	case g.sx == 1 && !g.add:
		copy(dst, v)
	case g.sx == 1:
		dst = dst[:len(v)]
		g.im.addScaled(dst, dst, v, 1)
	case g.add:
		for i, x := range v {
			dst[i*g.sx] += x
		}
	default:
		for i, x := range v {
			dst[i*g.sx] = x
		}
	}
}

// packBlocks is the number of pieces in which the rows of one group are packed.
func (g *gather) packBlocks() int { return ceilDiv(g.m, rowBlock) }

// packUnit packs rowBlock rows of A from the weights.
func (g *gather) packUnit(_, unit int) {
	grp, m0 := unit/g.packBlocks(), unit%g.packBlocks()*rowBlock
	k := g.ch * len(g.taps)
	dst := g.packed.data[grp*g.m*k : (grp+1)*g.m*k]
	weights := g.weights[grp*len(g.weights)/g.groups:]
	if g.inOrder {
		g.im.pack(dst, weights, g.wRow, m0, min(m0+rowBlock, g.m), g.m, k)
		return
	}
	for row := m0; row < min(m0+rowBlock, g.m); {
		h := g.im.height(g.m - row)
		run := dst[row*k : (row+h)*k]
		for c := range g.ch {
			for i := range g.taps {
				w := weights[row*g.wRow+c*g.wCh+g.taps[i].w0:]
				for r := range h {
					run[r] = w[r*g.wRow]
				}
				run = run[h:]
			}
		}
		row += h
	}
}

func ceilDiv(a, b int) int { return (a + b - 1) / b }

func roundUp(a, b int) int { return ceilDiv(a, b) * b }

// oddStride is a distance between rows of n values that starts each on a cache line, with room for a panel beyond the
// last, and is no power of two, which would put all rows in the same few sets of the cache.
func oddStride(n int) int { return roundUp(n, 32) + 16 }
