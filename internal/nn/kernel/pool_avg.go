package kernel

// Average pooling is a depthwise convolution with ones, divided by the size of each window.

// AvgPool computes the mean of every window by the rules of PyTorch's avg_pool2d, ceil mode included: padding counts as
// zeros with countIncludePad and not at all without; what lies beyond the padding never counts.
func AvgPool(dst, x []float32, s PoolShape, countIncludePad bool, ws Workers) {
	s.check("AvgPool", len(x), len(dst))
	if s.N*s.C == 0 {
		return
	}
	ws, team := orSerial(ws)
	defer doneSerial(team)
	ones := getBuffer(s.KH * s.KW)
	defer ones.put()
	Fill(ones.data, 1)
	depthwise(dst, x, ones.data, nil, s.conv(), ws)
	s.divide(dst, dst, countIncludePad, ws)
}

// AvgPoolBackward spreads every value of dy evenly over its window and adds that to dx.
func AvgPoolBackward(dx, dy []float32, s PoolShape, countIncludePad bool, ws Workers) {
	s.check("AvgPoolBackward", len(dx), len(dy))
	if s.N*s.C == 0 {
		return
	}
	ws, team := orSerial(ws)
	defer doneSerial(team)
	ones, share := getBuffer(s.KH*s.KW), getBuffer(len(dy))
	defer ones.put()
	defer share.put()
	Fill(ones.data, 1)
	s.divide(share.data, dy, countIncludePad, ws)
	depthwiseBackwardInput(dx, share.data, ones.data, s.conv(), ws)
}

// divide sets dst to v, values of the outputs, divided by the sizes of their windows; dst may equal v.
func (s *PoolShape) divide(dst, v []float32, countIncludePad bool, ws Workers) {
	im := active.Load()
	x0, x1 := inner(s.OW, s.SW, s.PadLeft, s.KW, s.W)
	planes(ws, s.N*s.C, s.OH*s.OW, func(lo, hi int) {
		for row := lo * s.OH; row < hi*s.OH; row++ {
			high := extent(row%s.OH, s.SH, s.PadTop, s.KH, s.H, countIncludePad)
			d, from := dst[row*s.OW:(row+1)*s.OW], v[row*s.OW:(row+1)*s.OW]
			for ox := range x0 {
				d[ox] = from[ox] / float32(high*extent(ox, s.SW, s.PadLeft, s.KW, s.W, countIncludePad))
			}
			im.scale(d[x0:x1], from[x0:x1], 1/float32(high*s.KW))
			for ox := x1; ox < s.OW; ox++ {
				d[ox] = from[ox] / float32(high*extent(ox, s.SW, s.PadLeft, s.KW, s.W, countIncludePad))
			}
		}
	})
}

// extent is the size that counts of window o in one direction: the part in the map, or with countIncludePad the part in
// the map and pad values on either side of it.
func extent(o, stride, pad, k, size int, countIncludePad bool) int {
	if countIncludePad {
		lo := o*stride - pad
		return min(lo+k, size+pad) - lo
	}
	lo, hi := window(o, stride, pad, k, size)
	return hi - lo
}
