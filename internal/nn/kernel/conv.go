package kernel

import "fmt"

// ConvShape is the geometry of a 2-D convolution (a cross-correlation, as in every framework).
//
//	x       N×C×H×W
//	w       Out×(C/Groups)×KH×KW
//	bias    Out
//	result  N×Out×OH×OW
//
// S is the stride, D the dilation (1: none), PadTop and PadLeft the rows and columns of zeros before the map. The padding
// after it follows from OH and OW: whatever a window reads outside the map is zero. Groups cuts both channel ranges into
// equal runs that see only each other; Groups == C is a depthwise convolution.
type ConvShape struct {
	N, C, H, W      int
	Out, OH, OW     int
	KH, KW          int
	SH, SW          int
	PadTop, PadLeft int
	DH, DW          int
	Groups          int
}

// check panics unless every size makes sense.
func (s *ConvShape) check(op string) {
	for _, f := range [...]struct {
		name string
		v    int
		low  int
	}{
		{"N", s.N, 0}, {"C", s.C, 1}, {"H", s.H, 1}, {"W", s.W, 1}, {"Out", s.Out, 1}, {"OH", s.OH, 1}, {"OW", s.OW, 1},
		{"KH", s.KH, 1}, {"KW", s.KW, 1}, {"SH", s.SH, 1}, {"SW", s.SW, 1}, {"PadTop", s.PadTop, 0},
		{"PadLeft", s.PadLeft, 0}, {"DH", s.DH, 1}, {"DW", s.DW, 1}, {"Groups", s.Groups, 1},
	} {
		checkAtLeast(op, f.name, f.v, f.low)
	}
	if s.C%s.Groups != 0 || s.Out%s.Groups != 0 {
		panic(fmt.Sprintf("kernel: %s: Groups = %d does not divide C = %d and Out = %d", op, s.Groups, s.C, s.Out))
	}
}

func (s *ConvShape) xLen() int { return s.N * s.C * s.H * s.W }
func (s *ConvShape) yLen() int { return s.N * s.Out * s.OH * s.OW }
func (s *ConvShape) wLen() int { return s.Out * (s.C / s.Groups) * s.KH * s.KW }

// Conv computes dst = w ∗ x + bias; bias may be nil. dst overlaps no input.
func Conv(dst, x, w, bias []float32, s ConvShape, ws Workers) {
	s.check("Conv")
	checkLen("Conv", "dst", len(dst), s.yLen(), "N*Out*OH*OW")
	checkLen("Conv", "x", len(x), s.xLen(), "N*C*H*W")
	checkLen("Conv", "w", len(w), s.wLen(), "Out*(C/Groups)*KH*KW")
	if bias != nil {
		checkLen("Conv", "bias", len(bias), s.Out, "Out")
	}
	if s.N == 0 {
		return
	}
	ws, team := orSerial(ws)
	defer doneSerial(team)
	if s.depthwise() {
		depthwise(dst, x, w, bias, s, ws)
		return
	}
	k := s.C / s.Groups * s.KH * s.KW
	g := gathers.Get().(*gather)
	defer g.release()
	g.im, g.ws, g.shape = active.Load(), ws, s
	g.groups, g.ch, g.m = s.Groups, s.C/s.Groups, s.Out/s.Groups
	g.gh, g.gw = s.OH, s.OW
	g.bias, g.add = bias, false
	g.dstCh, g.dstRow, g.oy, g.ox, g.sy, g.sx = s.OH*s.OW, s.OW, 0, 0, 1, 1
	g.weights, g.wRow, g.wCh, g.inOrder = w, k, s.KH*s.KW, true
	g.forwardTaps(&s)
	for n := 0; n < s.N; n += g.images {
		g.images = min(s.N-n, g.imagesAtOnce())
		g.dst = dst[n*s.Out*s.OH*s.OW:]
		g.source(x[n*s.C*s.H*s.W:])
		g.a = lhs{data: w, rs: k, ks: 1}
		g.run()
	}
}

// ConvBackwardInput adds to dx the gradient of Conv with respect to x, given dy, the gradient with respect to the result.
func ConvBackwardInput(dx, dy, w []float32, s ConvShape, ws Workers) {
	s.check("ConvBackwardInput")
	checkLen("ConvBackwardInput", "dx", len(dx), s.xLen(), "N*C*H*W")
	checkLen("ConvBackwardInput", "dy", len(dy), s.yLen(), "N*Out*OH*OW")
	checkLen("ConvBackwardInput", "w", len(w), s.wLen(), "Out*(C/Groups)*KH*KW")
	if s.N == 0 {
		return
	}
	ws, team := orSerial(ws)
	defer doneSerial(team)
	if s.depthwise() {
		depthwiseBackwardInput(dx, dy, w, s, ws)
		return
	}
	g := gathers.Get().(*gather)
	defer g.release()
	g.im, g.ws = active.Load(), ws
	g.src, g.images, g.groups, g.ch, g.m = dy, s.N, s.Groups, s.Out/s.Groups, s.C/s.Groups
	g.srcCh, g.srcRow = s.OH*s.OW, s.OW
	g.srcImg = s.Out * g.srcCh
	g.bias, g.add = nil, true
	g.dst, g.dstCh, g.dstRow, g.sy, g.sx = dx, s.H*s.W, s.W, s.SH, s.SW
	g.weights, g.wRow, g.wCh, g.inOrder = w, s.KH*s.KW, g.m*s.KH*s.KW, false
	for g.oy = range min(s.SH, s.H) {
		for g.ox = range min(s.SW, s.W) {
			g.backwardTaps(&s, phase{g.oy, g.ox})
			if len(g.taps) == 0 {
				continue // no window reads these pixels
			}
			g.gh, g.gw = ceilDiv(s.H-g.oy, s.SH), ceilDiv(s.W-g.ox, s.SW)
			g.a = lhs{}
			if s.KH*s.KW == 1 {
				g.a = lhs{data: w, rs: 1, ks: g.m}
			}
			g.run()
		}
	}
}

// ConvBackwardWeight adds to dw the gradient of Conv with respect to w and to db (which may be nil) the one with respect
// to bias, given dy, the gradient with respect to the result.
func ConvBackwardWeight(dw, db, dy, x []float32, s ConvShape, ws Workers) {
	s.check("ConvBackwardWeight")
	checkLen("ConvBackwardWeight", "dw", len(dw), s.wLen(), "Out*(C/Groups)*KH*KW")
	checkLen("ConvBackwardWeight", "dy", len(dy), s.yLen(), "N*Out*OH*OW")
	checkLen("ConvBackwardWeight", "x", len(x), s.xLen(), "N*C*H*W")
	if db != nil {
		checkLen("ConvBackwardWeight", "db", len(db), s.Out, "Out")
	}
	if s.N == 0 {
		return
	}
	ws, team := orSerial(ws)
	defer doneSerial(team)
	if s.depthwise() {
		depthwiseBackwardWeight(dw, db, dy, x, s, ws)
		return
	}
	convBackwardWeight(dw, db, dy, x, s, ws)
}

// depthwise reports whether there are several groups and every one reads one channel.
func (s *ConvShape) depthwise() bool { return s.Groups == s.C && s.C > 1 }
