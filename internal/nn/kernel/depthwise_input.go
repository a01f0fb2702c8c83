package kernel

// depthwiseBackwardInput is a depthwise convolution of dy with the kernel turned around; a stride makes it one for each
// phase of the input, with the taps that reach that phase.
func depthwiseBackwardInput(dx, dy, w []float32, s ConvShape, ws Workers) {
	j := newDepthwise(s, ws)
	defer j.release()
	j.dst, j.dy, j.w = dx, dy, w
	j.inputPhases()
	ws.Run(j.cutPlanes(), j.runInput)
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
