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
