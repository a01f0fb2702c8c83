package kernel

import "sync"

// A depthwise convolution has one input channel per group: no sum over channels, so no matrix product. Every plane is
// copied with its padding, cut into phases if there is a stride, and each tap becomes an offset into that copy.

// depthwiseJob is one call of Conv or a backward on a depthwise shape.
type depthwiseJob struct {
	tapSet
	im    *impl
	ws    Workers
	s     ConvShape
	multi int // output channels per input channel

	dst, x, w, bias, dy []float32
	db                  []float32

	dy0, dx0   int // smallest offsets of a tap
	padH, padW int // the copy of one phase: every pixel some tap reads
	offs       []int
	planes     int // input planes in a unit

	back []depthwisePhase // of the input gradient, by phase

	runForward, runInput, runWeight func(worker, unit int)
}

// depthwisePhase is what one phase of the input gradient sums.
type depthwisePhase struct {
	p       phase
	gh, gw  int
	offs    []int
	weights []int // position in the kernel of each tap
}

var depthwiseJobs = sync.Pool{New: func() any {
	j := new(depthwiseJob)
	j.runForward, j.runInput, j.runWeight = j.forwardUnit, j.inputUnit, j.weightUnit
	return j
}}

func newDepthwise(s ConvShape, ws Workers) *depthwiseJob {
	j := depthwiseJobs.Get().(*depthwiseJob)
	j.im, j.ws, j.s, j.multi = active.Load(), ws, s, s.Out/s.C
	return j
}

func (j *depthwiseJob) release() {
	j.ws, j.dst, j.x, j.w, j.bias, j.dy, j.db = nil, nil, nil, nil, nil, nil, nil
	depthwiseJobs.Put(j)
}

func depthwise(dst, x, w, bias []float32, s ConvShape, ws Workers) {
	j := newDepthwise(s, ws)
	defer j.release()
	j.dst, j.x, j.w, j.bias = dst, x, w, bias
	j.forwardTaps(&s)
	j.bounds(s.OH, s.OW)
	j.offs = j.offsets(j.offs[:0])
	ws.Run(j.cutPlanes(), j.runForward)
}

func depthwiseBackwardWeight(dw, db, dy, x []float32, s ConvShape, ws Workers) {
	j := newDepthwise(s, ws)
	defer j.release()
	j.dst, j.dy, j.x = dw, dy, x
	j.forwardTaps(&s)
	j.bounds(s.OH, s.OW)
	j.offs = j.offsets(j.offs[:0])
	if db != nil {
		biasGrad(db, dy, s.N, s.Out, s.OH*s.OW, ws)
	}
	j.planes = min(max(s.C/minUnits, 1), 16) // channels here: neighbours lie together in memory
	ws.Run(ceilDiv(s.C, j.planes), j.runWeight)
}

func depthwiseBackwardInput(dx, dy, w []float32, s ConvShape, ws Workers) {
	j := newDepthwise(s, ws)
	defer j.release()
	j.dst, j.dy, j.w = dx, dy, w
	j.inputPhases()
	ws.Run(j.cutPlanes(), j.runInput)
}

// bounds sets the size of the padded copy for taps that slide over gh×gw positions.
func (j *depthwiseJob) bounds(gh, gw int) {
	j.dy0, j.dx0 = j.taps[0].dy, j.taps[0].dx
	dy1, dx1 := j.dy0, j.dx0
	for i := range j.taps {
		t := &j.taps[i]
		j.dy0, j.dx0 = min(j.dy0, t.dy), min(j.dx0, t.dx)
		dy1, dx1 = max(dy1, t.dy), max(dx1, t.dx)
	}
	j.padH, j.padW = gh+dy1-j.dy0, gw+dx1-j.dx0
}

// offsets appends the offset of every tap into the copy. A phase before the copy is as large as one in it, so its
// number follows from the tap's own offset.
func (j *depthwiseJob) offsets(offs []int) []int {
	for i := range j.taps {
		t := &j.taps[i]
		phase := t.off / max(j.phaseH*j.phaseW, 1)
		offs = append(offs, (phase*j.padH+t.dy-j.dy0)*j.padW+t.dx-j.dx0)
	}
	return offs
}

// slack is what the assembly may read past the end of a row.
const slack = 16

// copyLen is the scratch memory copyPlane needs.
func (j *depthwiseJob) copyLen() int {
	n := len(j.phases) * j.padH * j.padW
	if j.strided() {
		n += len(j.phases) * j.phaseH * j.phaseW
	}
	return n + slack
}

func (j *depthwiseJob) strided() bool { return j.s.SH != 1 || j.s.SW != 1 }

// copyPlane makes the padded copies of the phases of a plane of x.
func (j *depthwiseJob) copyPlane(dst, plane []float32, r *rowCopy) []float32 {
	s := &j.s
	size := j.padH * j.padW
	src, row := plane, s.W
	if j.strided() {
		src, row = dst[len(j.phases)*size+slack:], j.phaseW
		j.split(j.im, src, plane, s)
	}
	for i, p := range j.phases {
		*r = rowCopy{dst: dst[i*size : (i+1)*size], src: src, images: 1, rows: j.padH, width: j.padW, srcRow: row}
		r.off = i*j.phaseH*j.phaseW + j.dy0*row + j.dx0
		r.y0, r.y1 = clip(j.dy0, j.padH, ceilDiv(s.H-p.py, s.SH))
		r.x0, r.x1 = clip(j.dx0, j.padW, ceilDiv(s.W-p.px, s.SW))
		j.im.copyRows(r)
	}
	return dst[:len(j.phases)*size+slack]
}

// cutPlanes sets the number of input planes in a unit, for about grain values, and returns the number of units.
func (j *depthwiseJob) cutPlanes() int {
	s := &j.s
	j.planes = max(grain/(s.H*s.W+j.multi*s.OH*s.OW), 1)
	return ceilDiv(s.N*s.C, j.planes)
}

// forwardUnit computes the output planes of some input planes.
func (j *depthwiseJob) forwardUnit(worker, unit int) {
	s := &j.s
	bl := blocks.Get().(*block)
	scratch := j.ws.Scratch(worker, j.copyLen())
	for plane := unit * j.planes; plane < min((unit+1)*j.planes, s.N*s.C); plane++ {
		j.forwardPlane(bl, scratch, plane)
	}
	bl.release()
}

func (j *depthwiseJob) forwardPlane(bl *block, scratch []float32, plane int) {
	s := &j.s
	src := j.copyPlane(scratch, j.x[plane*s.H*s.W:(plane+1)*s.H*s.W], &bl.rows)
	kk, p := s.KH*s.KW, s.OH*s.OW
	n, c := plane/s.C, plane%s.C
	for oc := c * j.multi; oc < (c+1)*j.multi; oc++ {
		t := &bl.taps
		*t = tapSum{src: src, srcRow: j.padW, rows: s.OH, width: s.OW, offs: j.offs}
		t.dst, t.dstRow = j.dst[(n*s.Out+oc)*p:(n*s.Out+oc+1)*p], s.OW
		t.w = j.w[oc*kk : (oc+1)*kk]
		if j.bias != nil {
			t.start = j.bias[oc]
		}
		j.im.tapSum(t)
	}
}

// weightUnit computes the gradient of the weights that meet some input channels.
func (j *depthwiseJob) weightUnit(worker, unit int) {
	s := &j.s
	bl := blocks.Get().(*block)
	c0, c1 := unit*j.planes, min((unit+1)*j.planes, s.C)
	need, perChannel := j.copyLen(), j.multi*s.KH*s.KW*j.im.lanes
	scratch := j.ws.Scratch(worker, need+(c1-c0)*perChannel)
	sums := scratch[need:]
	clear(sums)
	for n := range s.N {
		for c := c0; c < c1; c++ {
			j.addDots(bl, sums[(c-c0)*perChannel:(c-c0+1)*perChannel], scratch[:need], n, c)
		}
	}
	dw := j.dst[c0*j.multi*s.KH*s.KW:]
	for i := range len(sums) / j.im.lanes {
		for _, v := range sums[i*j.im.lanes : (i+1)*j.im.lanes] {
			dw[i] += v
		}
	}
	bl.release()
}

// addDots adds to sums, a vector for every weight of channel c, what image n contributes.
func (j *depthwiseJob) addDots(bl *block, sums, scratch []float32, n, c int) {
	s := &j.s
	p := s.OH * s.OW
	plane := (n*s.C + c) * s.H * s.W
	src := j.copyPlane(scratch, j.x[plane:plane+s.H*s.W], &bl.rows)
	for m := range j.multi {
		at := (n*s.Out + c*j.multi + m) * p
		t := &bl.taps
		*t = tapSum{src: src, srcRow: j.padW, rows: s.OH, width: s.OW, offs: j.offs}
		t.dst, t.dstRow, t.w = j.dy[at:at+p], s.OW, sums[m*len(sums)/j.multi:]
		j.im.tapDots(t)
	}
}

// inputPhases prepares the sums that make up the input gradient: dy is padded so that every tap of every phase reads
// inside, and each phase of the input has its own taps.
func (j *depthwiseJob) inputPhases() {
	s := &j.s
	first := true
	var dy0, dx0, dy1, dx1 int
	for py := range min(s.SH, s.H) {
		for px := range min(s.SW, s.W) {
			j.backwardTaps(s, phase{py, px})
			for i := range j.taps {
				t := &j.taps[i]
				y1, x1 := t.dy+ceilDiv(s.H-py, s.SH), t.dx+ceilDiv(s.W-px, s.SW)
				if first {
					dy0, dx0, dy1, dx1, first = t.dy, t.dx, y1, x1, false
				}
				dy0, dx0, dy1, dx1 = min(dy0, t.dy), min(dx0, t.dx), max(dy1, y1), max(dx1, x1)
			}
		}
	}
	j.dy0, j.dx0, j.padH, j.padW = dy0, dx0, dy1-dy0, dx1-dx0
	n := 0
	for py := range min(s.SH, s.H) {
		for px := range min(s.SW, s.W) {
			if n == len(j.back) {
				j.back = append(j.back, depthwisePhase{})
			}
			b := &j.back[n]
			n++
			j.backwardTaps(s, phase{py, px})
			b.p, b.gh, b.gw = phase{py, px}, ceilDiv(s.H-py, s.SH), ceilDiv(s.W-px, s.SW)
			b.offs, b.weights = b.offs[:0], b.weights[:0]
			for i := range j.taps {
				t := &j.taps[i]
				b.offs = append(b.offs, (t.dy-dy0)*j.padW+t.dx-dx0)
				b.weights = append(b.weights, t.w0)
			}
		}
	}
	j.back = j.back[:n]
}

// inputUnit adds to some planes of the input gradient.
func (j *depthwiseJob) inputUnit(worker, unit int) {
	s := &j.s
	bl := blocks.Get().(*block)
	scratch := j.ws.Scratch(worker, j.padH*j.padW+slack+s.KH*s.KW+ceilDiv(s.H, s.SH)*s.W+slack)
	for plane := unit * j.planes; plane < min((unit+1)*j.planes, s.N*s.C); plane++ {
		j.inputPlane(bl, scratch, plane)
	}
	bl.release()
}

func (j *depthwiseJob) inputPlane(bl *block, scratch []float32, plane int) {
	s := &j.s
	kk, p := s.KH*s.KW, s.OH*s.OW
	n, c := plane/s.C, plane%s.C
	size := j.padH*j.padW + slack
	src, w, out := scratch[:size], scratch[size:size+kk], scratch[size+kk:]
	dx := j.dst[plane*s.H*s.W : (plane+1)*s.H*s.W]
	for oc := c * j.multi; oc < (c+1)*j.multi; oc++ {
		at := (n*s.Out + oc) * p
		r := &bl.rows
		*r = rowCopy{dst: src[:j.padH*j.padW], src: j.dy[at : at+p], images: 1, rows: j.padH, width: j.padW, srcRow: s.OW}
		r.off = j.dy0*s.OW + j.dx0
		r.y0, r.y1 = clip(j.dy0, j.padH, s.OH)
		r.x0, r.x1 = clip(j.dx0, j.padW, s.OW)
		j.im.copyRows(r)
		for i := 0; i < len(j.back); {
			i += j.inputRows(&bl.taps, dx, out, src, w, j.w[oc*kk:(oc+1)*kk], i)
		}
	}
}

// inputRows adds phase i of the input gradient to dx, or the phases i and i+1 where they interleave to whole rows. It
// returns how many it has done.
func (j *depthwiseJob) inputRows(t *tapSum, dx, out, src, w, kernel []float32, i int) int {
	s := &j.s
	sum := func(b *depthwisePhase, dst []float32, row int, add bool) {
		for k, at := range b.weights {
			w[k] = kernel[at]
		}
		*t = tapSum{dst: dst, dstRow: row, src: src, srcRow: j.padW, rows: b.gh, width: b.gw,
			offs: b.offs, w: w[:len(b.weights)], add: add}
		j.im.tapSum(t)
	}
	b := &j.back[i]
	switch {
	case !j.strided():
		sum(b, dx, s.W, true)
		return 1
	case s.SW == 2 && s.W > 1:
		odd := out[b.gh*b.gw:]
		sum(b, out, b.gw, false)
		next := &j.back[i+1]
		sum(next, odd, next.gw, false)
		j.im.mergeAdd(dx[b.p.py*s.W:], out, odd, s.W, b.gh, s.SH*s.W, b.gw, next.gw)
		return 2
	}
	if len(b.weights) == 0 {
		return 1
	}
	sum(b, out, b.gw, false)
	for y := range b.gh {
		row := dx[(y*s.SH+b.p.py)*s.W+b.p.px:]
		for x, v := range out[y*b.gw : (y+1)*b.gw] {
			row[x*s.SW] += v
		}
	}
	return 1
}
