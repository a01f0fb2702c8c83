package nchwc

import "fmt"

// conv is a bound direct convolution.
type conv struct {
	*ConvWeights
	src, dst, res Map
	taps          []int
	width         int // pixels of a segment
	rows, cols    int // output map as the tiles see it: one long row where rows lie without gaps
	perRow        int // segments in a row
	segs          int
	bands, groups int // of segments and of output blocks: a unit is one of each
	step          int // bands begin at multiples of so many segments
	curve         func(dst, src []float32)
	proto         tileArgs
	args          []tileArgs
}

// Conv binds a direct convolution dst = act(src ∗ w + bias + res) to its maps; a zero res is none, and res may be dst.
// The halo of src covers the window.
func (e *Env) Conv(c *ConvWeights, dst, src, res Map, act Act) Job {
	s := c.shape
	dst.checkShape("Conv", "dst", s.Out, dst.H, dst.W)
	src.checkShape("Conv", "src", s.In, src.H, src.W)
	if c.planar != (src.Block == 1) || (!c.planar && src.Block != c.set.Block) || dst.Block != c.set.Block {
		panic(fmt.Sprintf("nchwc: Conv: blocks of src %v and dst %v, want %d", src, dst, c.set.Block))
	}
	if res.Valid() {
		res.checkShape("Conv", "res", s.Out, dst.H, dst.W)
	}
	checkHalo("Conv", src, s, dst.H, dst.W)
	k := &conv{ConvWeights: c, src: src, dst: dst, res: res, curve: c.set.curve(act), args: make([]tileArgs, e.Threads)}
	k.geometry()
	k.buildTaps()
	k.split(e)
	k.proto = tileArgs{Src: src.Data, Dst: dst.Data, Res: res.Data, W: c.w, Bias: c.bias, PxStride: s.SW * src.Block}
	k.proto.Lo, k.proto.Hi, k.proto.Flags = act.clamp()
	k.proto.Flags |= flagBias
	if res.Valid() {
		k.proto.Flags |= flagRes
	}
	for i := range k.args {
		k.args[i] = k.proto
	}
	return Job{[]Phase{{k.bands * k.groups, k.unit}}}
}

// GatedConv binds dst = act((src · gate) ∗ w + bias + res) for a 1×1 convolution without groups, where gate, C×1×1, scales
// the input channels (squeeze and excitation). It scales the weights at each run instead of the map: worth it where there
// are fewer output channels than pixels.
func (e *Env) GatedConv(c *ConvWeights, dst, src, gate, res Map, act Act) Job {
	s := c.shape
	if s.KH*s.KW*s.Groups != 1 || c.planar {
		panic(fmt.Sprintf("nchwc: GatedConv: %+v is not a 1×1 convolution without groups on blocks", s))
	}
	gate.checkShape("GatedConv", "gate", s.In, 1, 1)
	if gate.Before+gate.After != 0 || gate.Block != c.set.Block {
		panic(fmt.Sprintf("nchwc: GatedConv: gate %v, want a vector in blocks of %d", gate, c.set.Block))
	}
	gated := *c
	gated.w = Floats(len(c.w))
	j := e.Conv(&gated, dst, src, res, act)
	factors := gate.Data[:c.blocks[0].runs*depth]
	size := len(factors) * c.set.Block
	const rows = 512 // vectors of a unit, about 10 µs
	per := max(1, rows/len(factors))
	scale := func(_, unit int) {
		for b := unit * per; b < min((unit+1)*per, len(c.blocks)); b++ {
			c.set.scaleRows(gated.w[b*size:][:size], c.w[b*size:][:size], factors)
		}
	}
	return Job{append([]Phase{{ceil(len(c.blocks), per), scale}}, j.Phases...)}
}

// checkHalo panics when a window of the h×w output leaves the stored map.
func checkHalo(op string, src Map, s ConvShape, h, w int) {
	bottom := (h-1)*s.SH - s.PadTop + (s.KH-1)*s.DH
	right := (w-1)*s.SW - s.PadLeft + (s.KW-1)*s.DW
	if s.PadTop > src.Before || s.PadLeft > src.Before || bottom >= src.H+src.After || right >= src.W+src.After {
		panic(fmt.Sprintf("nchwc: %s: halo of %v is too small for the window of %+v on %d×%d", op, src, s, h, w))
	}
	if reach := 8*s.SW*src.Block + depth; reach > Slack {
		panic(fmt.Sprintf("nchwc: %s: stride %d reaches %d values beyond the map, the slack is %d", op, s.SW, reach, Slack))
	}
}

// geometry chooses the width of the segments by the fewest pixels computed in vain.
func (k *conv) geometry() {
	s := k.shape
	k.rows, k.cols = k.dst.H, k.dst.W
	flat := func(m Map) bool { return !m.Valid() || m.Before+m.After == 0 }
	if s.KH*s.KW*s.SH*s.SW == 1 && s.PadTop+s.PadLeft == 0 && flat(k.src) && flat(k.dst) && flat(k.res) && k.src.W == k.dst.W {
		k.rows, k.cols = 1, k.dst.H*k.dst.W
	}
	k.width = 7
	if !k.planar && ceil(k.cols, 8)*8 < ceil(k.cols, 7)*7 {
		k.width = 8
	}
	k.perRow = ceil(k.cols, k.width)
	k.segs = k.rows * k.perRow
}

// buildTaps lists the offsets of the taps for the longest run of input channels.
func (k *conv) buildTaps() {
	s, runs := k.shape, 0
	for _, b := range k.blocks {
		runs = max(runs, b.runs)
	}
	for r := range runs {
		c := r * k.run()
		base := c/k.src.Block*k.src.BlockStride() + c%k.src.Block
		for ky := range s.KH {
			for kx := range s.KW {
				k.taps = append(k.taps, base+ky*s.DH*k.src.RowStride()+kx*s.DW*k.src.Block)
			}
		}
	}
}

// The share of a core's second-level cache (1 MB on current processors) that the input of a unit may take.
const slabValues = 384 << 10 / 4

// split cuts the output into units of segments × output blocks: many enough for the workers, and so that the input of a
// unit, or where they are larger its weights, stay in the cache while the others pass by.
func (k *conv) split(e *Env) {
	input, slab := k.src.C*k.src.H*k.src.W, slabValues
	if len(k.w) > input {
		slab *= 2
	}
	k.bands = e.bands(k.rows * k.cols)
	if n := ceil(input, slab); n > k.bands {
		k.bands = ceil(n, e.Threads) * e.Threads // every worker gets as many
	}
	k.bands = min(k.bands, k.segs)
	k.groups = min(len(k.blocks), ceil(e.units(), k.bands))
	k.bands = min(k.segs, max(k.bands, ceil(e.units(), k.groups)))
	k.step = k.maxSegs()
	if tiles := ceil(k.segs, k.step); tiles%k.bands != 0 && tiles < 4*k.bands {
		k.step = 1 // bands of whole tiles would differ too much
	}
}

// maxSegs is the number of segments of the largest tile.
func (k *conv) maxSegs() int {
	if k.width == 8 {
		return len(k.set.tile8) - 1
	}
	return len(k.set.tile7) - 1
}

// unit computes one part of the output.
func (k *conv) unit(worker, unit int) {
	t0, t1 := share(ceil(k.segs, k.step), k.bands, unit/k.groups)
	b0, b1 := share(len(k.blocks), k.groups, unit%k.groups)
	for b := b0; b < b1; b++ {
		k.block(&k.args[worker], b, t0*k.step, min(t1*k.step, k.segs))
	}
}

// block computes segments s0 ≤ s < s1 of output block b.
func (k *conv) block(a *tileArgs, b, s0, s1 int) {
	cb, sh := k.blocks[b], k.shape
	a.WOff, a.BiasOff = cb.w, b*k.set.Block
	a.Taps = k.taps[:cb.runs*sh.KH*sh.KW]
	src := k.src.At(cb.first/k.src.Block, -sh.PadTop, -sh.PadLeft)
	dst := k.dst.At(b, 0, 0)
	res := 0
	if k.res.Valid() {
		res = k.res.At(b, 0, 0)
	}
	tiles := k.set.tile7
	if k.width == 8 {
		tiles = k.set.tile8
	}
	most := len(tiles) - 1
	srcRow, srcCol := sh.SH*k.src.RowStride(), sh.SW*k.src.Block
	dstRow, resRow := k.dst.RowStride(), k.res.RowStride()
	srcStep, dstStep := most*k.width*srcCol, most*k.width*k.set.Block
	y, x := s0/k.perRow, s0%k.perRow*k.width
	for s := s0; s < s1; {
		n := min(most, s1-s)
		for i := range n {
			a.SrcOff[i] = src + y*srcRow + x*srcCol
			a.DstOff[i] = dst + y*dstRow + x*k.set.Block
			a.ResOff[i] = res + y*resRow + x*k.set.Block
			a.N[i] = min(k.width, k.cols-x)
			if x += k.width; x >= k.cols {
				x, y = 0, y+1
			}
		}
		a.Reps, a.SrcStep, a.DstStep = 1, srcStep, dstStep
		if s += n; n == most && x >= most*k.width { // the whole tile lies in this row: so may its successors
			more := min((k.cols-x)/(most*k.width), (s1-s)/most)
			a.Reps += more
			s += more * most
			if x += more * most * k.width; x >= k.cols {
				x, y = 0, y+1
			}
		}
		if k.planar {
			for i := n; i < most; i++ { // the planar tile has one size: repeat a segment and store nothing
				a.SrcOff[i], a.DstOff[i], a.ResOff[i], a.N[i] = a.SrcOff[0], a.DstOff[0], a.ResOff[0], 0
			}
			k.set.planar(a)
		} else {
			tiles[n](a)
		}
	}
	if k.curve != nil {
		k.applyCurve(b, s0, s1)
	}
}

// applyCurve finishes segments s0 ≤ s < s1 of output block b, row by row, or all at once where rows have no gaps.
func (k *conv) applyCurve(b, s0, s1 int) {
	for s := s0; s < s1; {
		y := s / k.perRow
		end := min(s1, (y+1)*k.perRow)
		if k.dst.Before+k.dst.After == 0 {
			end = s1
		}
		last := (end - 1) / k.perRow
		from := k.dst.At(b, y, s%k.perRow*k.width)
		to := k.dst.At(b, last, min(((end-1)%k.perRow+1)*k.width, k.cols))
		k.curve(k.dst.Data[from:to], k.dst.Data[from:to])
		s = end
	}
}
