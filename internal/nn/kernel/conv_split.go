package kernel

import "slices"

// A strided convolution reads every SH-th row and SW-th column of the map, starting at different ones for different
// positions of the kernel. Cutting the map into SH·SW phases first, each a small dense map, makes it a convolution with
// stride 1 whose taps belong to different phases.

// phase is the set of pixels (y·SH + py, x·SW + px).
type phase struct{ py, px int }

// tapSet is the kernel as positions in the phases.
type tapSet struct {
	taps           []tap
	phases         []phase
	phaseH, phaseW int
}

// forwardTaps sets the taps and phases that Conv reads the map with.
func (g *tapSet) forwardTaps(s *ConvShape) {
	g.taps, g.phases = g.taps[:0], g.phases[:0]
	g.phaseH, g.phaseW = ceilDiv(s.H, s.SH), ceilDiv(s.W, s.SW)
	for ky := range s.KH {
		dy, py := floorMod(ky*s.DH-s.PadTop, s.SH)
		for kx := range s.KW {
			dx, px := floorMod(kx*s.DW-s.PadLeft, s.SW)
			g.taps = append(g.taps, tap{
				off: g.phaseIndex(phase{py, px}) * g.phaseH * g.phaseW,
				dy:  dy, dx: dx,
				h: ceilDiv(s.H-py, s.SH), w: ceilDiv(s.W-px, s.SW),
				w0: ky*s.KW + kx,
			})
		}
	}
}

// phaseIndex is the position of p in the list, where it is added if new.
func (g *tapSet) phaseIndex(p phase) int {
	for i, q := range g.phases {
		if p == q {
			return i
		}
	}
	g.phases = append(g.phases, p)
	return len(g.phases) - 1
}

// backwardTaps sets the taps to the kernel positions that reach phase p of the input from the result.
func (g *tapSet) backwardTaps(s *ConvShape, p phase) {
	g.taps = g.taps[:0]
	for ky := range s.KH {
		dy, y := floorMod(p.py+s.PadTop-ky*s.DH, s.SH)
		if y != 0 {
			continue
		}
		for kx := range s.KW {
			if dx, x := floorMod(p.px+s.PadLeft-kx*s.DW, s.SW); x == 0 {
				g.taps = append(g.taps, tap{dy: dy, dx: dx, h: s.OH, w: s.OW, w0: ky*s.KW + kx})
			}
		}
	}
}

// floorMod returns q and 0 ≤ r < b with a = q·b + r.
func floorMod(a, b int) (q, r int) {
	q, r = a/b, a%b
	if r < 0 {
		q, r = q-1, r+b
	}
	return q, r
}

// splitLimit bounds the values of the phases that exist at a time.
const splitLimit = 1 << 23

// imagesAtOnce is how many images are cut into phases together.
func (g *gather) imagesAtOnce() int {
	s := &g.shape
	if s.SH == 1 && s.SW == 1 {
		return s.N
	}
	return max(splitLimit/(s.C*len(g.phases)*g.phaseH*g.phaseW), 1)
}

// source makes x, or its phases, the source of g.
func (g *gather) source(x []float32) {
	s := &g.shape
	if s.SH == 1 && s.SW == 1 {
		g.src, g.srcCh, g.srcRow = x, s.H*s.W, s.W
	} else {
		g.srcCh, g.srcRow = len(g.phases)*g.phaseH*g.phaseW, g.phaseW
		g.split.put()
		g.split = getBuffer(g.images * s.C * g.srcCh)
		g.splitX, g.src = x, g.split.data
		g.ws.Run(g.images*s.C, g.runSplit)
	}
	g.srcImg = s.C * g.srcCh
}

// splitUnit copies the phases of plane unit of g.splitX to g.src.
func (g *gather) splitUnit(_, unit int) {
	s := &g.shape
	g.tapSet.split(g.im, g.split.data[unit*g.srcCh:(unit+1)*g.srcCh], g.splitX[unit*s.H*s.W:(unit+1)*s.H*s.W], s)
}

// split copies the phases of a plane to dst, phaseH×phaseW values each; those past the end of the map stay undefined.
func (g *tapSet) split(im *impl, dst, plane []float32, s *ConvShape) {
	size := g.phaseH * g.phaseW
	for i, p := range g.phases {
		rows := ceilDiv(s.H-p.py, s.SH)
		switch {
		case rows == 0 || p.px >= s.W: // a phase without pixels
		case s.SW != 2 || !g.has(phase{p.py, 1 - p.px}):
			splitPhase(dst[i*size:], plane, s, p, g.phaseW)
		case p.px == 0: // the even columns along with the odd ones
			odd := g.phaseIndex(phase{p.py, 1})
			im.split(dst[i*size:], dst[odd*size:], plane[p.py*s.W:], s.W, rows, g.phaseW, s.SH*s.W)
		}
	}
}

// splitPhase copies phase p of a plane to rows of width.
func splitPhase(dst, plane []float32, s *ConvShape, p phase, width int) {
	for y, at := p.py, 0; y < s.H; y, at = y+s.SH, at+width {
		row := plane[y*s.W : (y+1)*s.W]
		if s.SW == 1 {
			copy(dst[at:], row)
			continue
		}
		for x, i := p.px, at; x < len(row); x, i = x+s.SW, i+1 {
			dst[i] = row[x]
		}
	}
}

// has reports whether some tap reads phase p.
func (g *tapSet) has(p phase) bool { return slices.Contains(g.phases, p) }
