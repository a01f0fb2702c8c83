package kernel

import "sync"

// MaxPool computes the maximum of every window; padding counts as −Inf and a NaN in the window wins. idx (as long as dst,
// or nil) receives the position y·W + x of the first maximum in its plane, for MaxPoolBackward.
func MaxPool(dst []float32, idx []int32, x []float32, s PoolShape, ws Workers) {
	s.check("MaxPool", len(x), len(dst))
	if idx != nil {
		checkSame("MaxPool", "idx", len(idx), "dst", len(dst))
	}
	if s.N*s.C == 0 {
		return
	}
	ws, team := orSerial(ws)
	defer doneSerial(team)
	m := maxPools.Get().(*maxPool)
	m.im, m.ws, m.s, m.dst, m.idx, m.x = active.Load(), ws, s, dst, idx, x
	m.prepare()
	m.planes = max(grain/(s.H*s.W), 1)
	ws.Run(ceilDiv(s.N*s.C, m.planes), m.run)
	m.ws, m.dst, m.idx, m.x = nil, nil, nil, nil
	maxPools.Put(m)
}

// maxPool is one call of MaxPool. Windows that lie inside the map are taken a vector at a time from the phases of the
// stride, as in a depthwise convolution; those that hang over its edge one by one.
type maxPool struct {
	tapSet
	im     *impl
	ws     Workers
	s      PoolShape
	shape  ConvShape // the same geometry
	dst, x []float32
	idx    []int32

	oy0, oy1, ox0, ox1 int // the outputs whose windows lie inside
	offs, pos          []int
	planes             int // in a unit
	run                func(worker, unit int)
}

var maxPools = sync.Pool{New: func() any {
	m := new(maxPool)
	m.run = m.unit
	return m
}}

// conv is s as a convolution of single planes.
func (s *PoolShape) conv() ConvShape {
	return ConvShape{N: s.N * s.C, C: 1, H: s.H, W: s.W, Out: 1, OH: s.OH, OW: s.OW, KH: s.KH, KW: s.KW, SH: s.SH, SW: s.SW,
		PadTop: s.PadTop, PadLeft: s.PadLeft, DH: 1, DW: 1, Groups: 1}
}

// prepare finds the inner outputs and where their taps lie.
func (m *maxPool) prepare() {
	s := &m.s
	m.shape = s.conv()
	m.oy0, m.oy1 = inner(s.OH, s.SH, s.PadTop, s.KH, s.H)
	m.ox0, m.ox1 = inner(s.OW, s.SW, s.PadLeft, s.KW, s.W)
	m.forwardTaps(&m.shape)
	m.offs, m.pos = m.offs[:0], m.pos[:0]
	y0, x0 := m.oy0*s.SH-s.PadTop, m.ox0*s.SW-s.PadLeft
	for i := range m.taps {
		t := &m.taps[i]
		m.offs = append(m.offs, t.off+(m.oy0+t.dy)*m.phaseW+m.ox0+t.dx)
		m.pos = append(m.pos, (y0+i/s.KW)*s.W+x0+i%s.KW)
	}
}

// inner is the range of outputs whose window of k starts at or after 0 and ends before size.
func inner(out, stride, pad, k, size int) (lo, hi int) {
	lo = min(ceilDiv(pad, stride), out)
	if size+pad >= k {
		hi = min((size+pad-k)/stride+1, out)
	}
	return lo, max(lo, hi)
}

// unit pools some planes.
func (m *maxPool) unit(worker, unit int) {
	s := &m.s
	bl := blocks.Get().(*block)
	strided := s.SH != 1 || s.SW != 1
	var scratch []float32
	if strided {
		scratch = m.ws.Scratch(worker, len(m.phases)*m.phaseH*m.phaseW)
	}
	for p := unit * m.planes; p < min((unit+1)*m.planes, s.N*s.C); p++ {
		x, dst := m.x[p*s.H*s.W:(p+1)*s.H*s.W], m.dst[p*s.OH*s.OW:(p+1)*s.OH*s.OW]
		var idx []int32
		if m.idx != nil {
			idx = m.idx[p*s.OH*s.OW : (p+1)*s.OH*s.OW]
		}
		if m.oy0 < m.oy1 && m.ox0 < m.ox1 {
			t := &bl.max
			*t = tapMax{src: x, srcRow: s.W, offs: m.offs, pos: m.pos, rows: m.oy1 - m.oy0, width: m.ox1 - m.ox0,
				dstRow: s.OW, posRow: s.SH * s.W, posStep: s.SW}
			if strided {
				m.split(m.im, scratch, x, &m.shape)
				t.src, t.srcRow = scratch, m.phaseW
			}
			t.dst = dst[m.oy0*s.OW+m.ox0:]
			if idx != nil {
				t.idx = idx[m.oy0*s.OW+m.ox0:]
			}
			m.im.tapMax(t)
		}
		m.border(dst, idx, x)
	}
	bl.release()
}

// border pools the windows that hang over the edge.
func (m *maxPool) border(dst []float32, idx []int32, x []float32) {
	s := &m.s
	for oy := range s.OH {
		if oy < m.oy0 || oy >= m.oy1 || m.ox0 >= m.ox1 {
			maxPoolRow(dst, idx, x, s, oy, 0, s.OW)
			continue
		}
		maxPoolRow(dst, idx, x, s, oy, 0, m.ox0)
		maxPoolRow(dst, idx, x, s, oy, m.ox1, s.OW)
	}
}

// maxPoolRow pools the windows lo…hi−1 of row oy.
func maxPoolRow(dst []float32, idx []int32, x []float32, s *PoolShape, oy, lo, hi int) {
	y0, y1 := window(oy, s.SH, s.PadTop, s.KH, s.H)
	for ox := lo; ox < hi; ox++ {
		x0, x1 := window(ox, s.SW, s.PadLeft, s.KW, s.W)
		at := y0*s.W + x0
		best := x[at]
		for y := y0; y < y1; y++ {
			for i, v := range x[y*s.W+x0 : y*s.W+x1] {
				if !(v <= best) && best == best { // as in tapMaxGeneric
					best, at = v, y*s.W+x0+i
				}
			}
		}
		dst[oy*s.OW+ox] = best
		if idx != nil {
			idx[oy*s.OW+ox] = int32(at)
		}
	}
}

// MaxPoolBackward adds every value of dy to the input position idx that MaxPool recorded for it.
func MaxPoolBackward(dx, dy []float32, idx []int32, s PoolShape, ws Workers) {
	s.check("MaxPoolBackward", len(dx), len(dy))
	checkSame("MaxPoolBackward", "idx", len(idx), "dy", len(dy))
	in, out := s.H*s.W, s.OH*s.OW
	planes(ws, s.N*s.C, in, func(lo, hi int) {
		for p := lo; p < hi; p++ {
			plane := dx[p*in : (p+1)*in]
			for i, at := range idx[p*out : (p+1)*out] {
				plane[at] += dy[p*out+i]
			}
		}
	})
}
