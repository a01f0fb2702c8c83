package nchwc

// poolArgs are the arguments of a row of pooling windows of one channel block.
type poolArgs struct {
	Src, Dst       []float32
	SrcOff, DstOff int
	KH, KW         int // window, at least 1×1
	RowStride      int
	PxStride       int // distance of the windows of neighbouring output pixels
	N              int // output pixels, at least 1
	Scale          float32
}

// genericMaxPool is the specification: the largest value of each window, NaN where a window holds one.
func genericMaxPool(a *poolArgs, block int) {
	for p := range a.N {
		out := a.Dst[a.DstOff+p*block:][:block]
		for ky := range a.KH {
			for kx := range a.KW {
				in := a.Src[a.SrcOff+p*a.PxStride+ky*a.RowStride+kx*block:][:block]
				for l, v := range in {
					if (ky == 0 && kx == 0) || v > out[l] || v != v {
						out[l] = v
					}
				}
			}
		}
	}
}

// genericAvgPool is the specification: Scale times the sum of each window. Column kx adds to sum kx mod 4, and the four
// sums are added in pairs.
func genericAvgPool(a *poolArgs, block int) {
	for p := range a.N {
		var sum [4][16]float32
		for ky := range a.KH {
			for kx := range a.KW {
				for l, v := range a.Src[a.SrcOff+p*a.PxStride+ky*a.RowStride+kx*block:][:block] {
					sum[kx%4][l] += v
				}
			}
		}
		for l := range block {
			a.Dst[a.DstOff+p*block+l] = ((sum[0][l] + sum[1][l]) + (sum[2][l] + sum[3][l])) * a.Scale
		}
	}
}
