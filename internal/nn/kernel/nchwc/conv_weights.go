package nchwc

import "fmt"

// ConvShape is the geometry of a convolution without its map sizes. Groups divide the channels evenly.
type ConvShape struct {
	In, Out, Groups int
	KH, KW          int
	SH, SW          int
	PadTop, PadLeft int
	DH, DW          int
}

// check panics on sizes that make no convolution.
func (s ConvShape) check() {
	if s.In < 1 || s.Out < 1 || s.Groups < 1 || s.In%s.Groups != 0 || s.Out%s.Groups != 0 || s.KH < 1 || s.KW < 1 || s.SH < 1 ||
		s.SW < 1 || s.DH < 1 || s.DW < 1 || s.PadTop < 0 || s.PadLeft < 0 {
		panic(fmt.Sprintf("nchwc: convolution %+v", s))
	}
}

// Depthwise reports whether every channel has one filter of its own.
func (s ConvShape) Depthwise() bool { return s.Groups == s.In && s.Out == s.In && s.In > 1 }

// ConvWeights are the weights of a direct convolution in the order in which the tiles read them:
//
//	[block of output channels][run of input channels][ky][kx][channel of the run][Block]
//
// A run is 8 channels of blocked input, or one of planar input. Grouped convolutions keep, per output block, the runs
// that the block's groups read; weights between channels of different groups are zero there.
type ConvWeights struct {
	set    *Set
	shape  ConvShape
	planar bool
	w      []float32
	bias   []float32 // Out, padded to blocks
	blocks []convBlock
}

// convBlock says what one block of output channels reads.
type convBlock struct {
	w     int // offset of the weights
	first int // first input channel, a multiple of the block
	runs  int // number of runs from there
}

// PackConv prepares w, Out×(In/Groups)×KH×KW, for maps in blocks, or for planar input. scale, if not nil, multiplies the
// filters of each output channel (a folded batch normalisation); bias may be nil. Nothing is kept of the arguments. Unit
// i of n that it does in parallel reads that part of w.
func (s *Set) PackConv(shape ConvShape, planar bool, w, bias, scale []float32, parallel Parallel) *ConvWeights {
	shape.check()
	if want := shape.Out * shape.In / shape.Groups * shape.KH * shape.KW; len(w) != want {
		panic(fmt.Sprintf("nchwc: PackConv: len(w) = %d, want %d for %+v", len(w), want, shape))
	}
	c := &ConvWeights{set: s, shape: shape, planar: planar, bias: padded(bias, shape.Out, s.Block)}
	c.layout()
	icg, ocg, window := shape.In/shape.Groups, shape.Out/shape.Groups, shape.KH*shape.KW
	parallel.each(len(c.blocks), func(block int) {
		b := c.blocks[block]
		for oc := block * s.Block; oc < min((block+1)*s.Block, shape.Out); oc++ {
			k := float32(1)
			if scale != nil {
				k = scale[oc]
			}
			for ic := range icg {
				src := w[(oc*icg+ic)*window:][:window]
				rel := oc/ocg*icg + ic - b.first
				dst := b.w + (rel/c.run()*window*c.run()+rel%c.run())*s.Block + oc%s.Block
				for i, v := range src {
					c.w[dst+i*c.run()*s.Block] = v * k
				}
			}
		}
	})
	return c
}

// run is the number of channels that one tap covers.
func (c *ConvWeights) run() int {
	if c.planar {
		return 1
	}
	return depth
}

// layout finds what each output block reads and allocates the weights.
func (c *ConvWeights) layout() {
	s := c.shape
	icg, ocg := s.In/s.Groups, s.Out/s.Groups
	align := c.set.Block
	if c.planar {
		align = 1
	}
	size := 0
	for lo := 0; lo < s.Out; lo += c.set.Block {
		hi := min(lo+c.set.Block, s.Out)
		first := lo / ocg * icg / align * align
		last := ((hi-1)/ocg + 1) * icg
		b := convBlock{w: size, first: first, runs: ceil(last-first, c.run())}
		c.blocks = append(c.blocks, b)
		size += b.runs * s.KH * s.KW * c.run() * c.set.Block
	}
	c.w = Floats(size)
}

// padded copies v, or zeros where it is nil, to a multiple of block.
func padded(v []float32, n, block int) []float32 {
	p := Floats(ceil(n, block) * block)
	copy(p[:n], v)
	return p
}

// Bytes is the size of the packed weights.
func (c *ConvWeights) Bytes() int64 { return 4 * int64(len(c.w)+len(c.bias)) }
