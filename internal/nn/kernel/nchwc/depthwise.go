package nchwc

import "fmt"

// DepthwiseWeights are the filters of a depthwise convolution: [block][ky][kx][Block].
type DepthwiseWeights struct {
	set   *Set
	shape ConvShape
	w     []float32
	bias  []float32
}

// PackDepthwise prepares w, C×KH×KW. scale, if not nil, multiplies each channel's filter; bias may be nil.
func (s *Set) PackDepthwise(shape ConvShape, w, bias, scale []float32) *DepthwiseWeights {
	shape.check()
	window := shape.KH * shape.KW
	if !shape.Depthwise() || shape.DW != 1 || len(w) != shape.In*window {
		panic(fmt.Sprintf("nchwc: PackDepthwise: len(w) = %d for %+v", len(w), shape))
	}
	d := &DepthwiseWeights{set: s, shape: shape, bias: padded(bias, shape.In, s.Block)}
	d.w = Floats(ceil(shape.In, s.Block) * window * s.Block)
	for c := range shape.In {
		k := float32(1)
		if scale != nil {
			k = scale[c]
		}
		for i, v := range w[c*window:][:window] {
			d.w[(c/s.Block*window+i)*s.Block+c%s.Block] = v * k
		}
	}
	return d
}

// Bytes is the size of the packed weights.
func (d *DepthwiseWeights) Bytes() int64 { return 4 * int64(len(d.w)+len(d.bias)) }

// depthwise is a bound depthwise convolution.
type depthwise struct {
	*DepthwiseWeights
	src, dst Map
	grid     grid
	kernel   func(*depthArgs)
	curve    func(dst, src []float32)
	args     []depthArgs
}

// Depthwise binds dst = act(src ∗ w + bias), channel by channel. The halo of src covers the window.
func (e *Env) Depthwise(d *DepthwiseWeights, dst, src Map, act Act) Job {
	s := d.shape
	dst.checkShape("Depthwise", "dst", s.Out, dst.H, dst.W)
	src.checkShape("Depthwise", "src", s.In, src.H, src.W)
	if src.Block != d.set.Block || dst.Block != d.set.Block {
		panic(fmt.Sprintf("nchwc: Depthwise: blocks of src %v and dst %v, want %d", src, dst, d.set.Block))
	}
	checkHalo("Depthwise", src, s, dst.H, dst.W)
	k := &depthwise{DepthwiseWeights: d, src: src, dst: dst, kernel: d.set.depthwise(s.KW, s.SW), curve: d.set.curve(act),
		args: make([]depthArgs, e.Threads)}
	proto := depthArgs{Src: src.Data, Dst: dst.Data, W: d.w, Bias: d.bias, KH: s.KH, RowStride: s.DH * src.RowStride(), N: dst.W}
	proto.Lo, proto.Hi, proto.Flags = act.clamp()
	for i := range k.args {
		k.args[i] = proto
	}
	k.grid = e.grid(dst)
	return Job{[]Phase{{k.grid.units(), k.unit}}}
}

func (k *depthwise) unit(worker, unit int) {
	b0, b1, y0, y1 := k.grid.unit(unit)
	for b := b0; b < b1; b++ {
		k.block(&k.args[worker], b, y0, y1)
	}
}

// block computes rows y0 ≤ y < y1 of block b.
func (k *depthwise) block(a *depthArgs, b, y0, y1 int) {
	s := k.shape
	a.WOff, a.BiasOff = b*s.KH*s.KW*k.set.Block, b*k.set.Block
	a.SrcOff, a.SrcStep = k.src.At(b, y0*s.SH-s.PadTop, -s.PadLeft), s.SH*k.src.RowStride()
	a.DstOff, a.DstStep = k.dst.At(b, y0, 0), k.dst.RowStride()
	a.Rows = y1 - y0
	k.kernel(a)
	if k.curve != nil {
		k.dst.eachSpan(b, y0, y1, func(v []float32) { k.curve(v, v) })
	}
}
