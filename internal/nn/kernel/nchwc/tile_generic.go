package nchwc

// tileArgs are the arguments of a convolution tile; the assembly knows the offsets of the fields. Offsets are in values.
type tileArgs struct {
	Src, Dst, Res []float32
	W, Bias       []float32
	Taps          []int // offsets of the taps from SrcOff
	// One entry per segment: its first input pixel, where its first output pixel goes, and where the residual is.
	SrcOff, DstOff, ResOff [4]int
	N                      [4]int // pixels to store
	WOff, BiasOff          int
	PxStride               int // distance of the inputs of neighbouring output pixels
	Lo, Hi                 float32
	Flags                  int
	// The tile is computed Reps times (at least once), all segments moving on by SrcStep and DstStep (Res too). The
	// offsets and Reps are used up.
	Reps             int
	SrcStep, DstStep int
}

// genericTile is the specification of the tiles: segs segments of width pixels, depth channels per tap. Only the first
// N[s] pixels of a segment exist as far as the result goes; the assembly computes all of them and stores N[s].
func genericTile(a *tileArgs, segs, width, depth, block int) {
	for ; a.Reps > 0; a.Reps-- {
		genericTileOnce(a, segs, width, depth, block)
		for s := range segs {
			a.SrcOff[s] += a.SrcStep
			a.DstOff[s] += a.DstStep
			a.ResOff[s] += a.DstStep
		}
	}
}

func genericTileOnce(a *tileArgs, segs, width, depth, block int) {
	var acc [16]float32
	sum := acc[:block]
	for s := range segs {
		for p := range min(a.N[s], width) {
			clear(sum)
			if a.Flags&flagBias != 0 {
				copy(sum, a.Bias[a.BiasOff:])
			}
			w := a.W[a.WOff:]
			for _, tap := range a.Taps {
				in := a.Src[a.SrcOff[s]+tap+p*a.PxStride:][:depth]
				for _, x := range in {
					for l, v := range w[:len(sum)] {
						sum[l] += x * v
					}
					w = w[block:]
				}
			}
			if a.Flags&flagRes != 0 {
				for l, v := range a.Res[a.ResOff[s]+p*block:][:block] {
					sum[l] += v
				}
			}
			clampTo(a.Dst[a.DstOff[s]+p*block:][:block], sum, a.Lo, a.Hi, a.Flags)
		}
	}
}

// clampTo is dst = min(hi, max(lo, src)), each bound where its flag is set. NaN stays NaN.
func clampTo(dst, src []float32, lo, hi float32, flags int) {
	for i, v := range src {
		if flags&flagLo != 0 && v < lo {
			v = lo
		}
		if flags&flagHi != 0 && v > hi {
			v = hi
		}
		dst[i] = v
	}
}
