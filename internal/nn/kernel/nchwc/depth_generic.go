package nchwc

// depthArgs are the arguments of some rows of a depthwise convolution of one channel block. The offsets and Rows are used
// up.
type depthArgs struct {
	Src, Dst, W, Bias             []float32
	SrcOff, DstOff, WOff, BiasOff int
	KH, RowStride                 int
	N                             int // output pixels, at least 1
	Lo, Hi                        float32
	Flags                         int
	Rows                          int // at least 1
	SrcStep, DstStep              int // from one output row to the next
}

// genericDepthwise is the specification: dst[p] = bias + Σ_ky Σ_kx w[ky][kx] · src[ky·RowStride + (p·stride + kx)·block].
func genericDepthwise(a *depthArgs, kw, stride, block int) {
	for ; a.Rows > 0; a.Rows-- {
		genericDepthwiseRow(a, kw, stride, block)
		a.SrcOff += a.SrcStep
		a.DstOff += a.DstStep
	}
}

func genericDepthwiseRow(a *depthArgs, kw, stride, block int) {
	var acc [16]float32
	sum := acc[:block]
	for p := range a.N {
		copy(sum, a.Bias[a.BiasOff:])
		w := a.W[a.WOff:]
		for ky := range a.KH {
			for kx := range kw {
				for l, x := range a.Src[a.SrcOff+ky*a.RowStride+(p*stride+kx)*block:][:block] {
					sum[l] += x * w[l]
				}
				w = w[block:]
			}
		}
		clampTo(a.Dst[a.DstOff+p*block:][:block], sum, a.Lo, a.Hi, a.Flags)
	}
}
