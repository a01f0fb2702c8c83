package nchwc

// winoArgs are the arguments of a Winograd transform of a row of tiles of one channel block.
type winoArgs struct {
	Src, Dst, Res, Bias, Scratch    []float32
	SrcOff, DstOff, ResOff, BiasOff int
	RowStride                       int // rows of the map: Src of the input transform, Dst of the output transform
	PosStride                       int // distance of the 36 positions in the transformed domain
	ResStride                       int // rows of Res
	N                               int // tiles, at least 1
	NX, NY                          int // output transform: pixels left in the row, rows to store (1…4)
	Lo, Hi                          float32
	Flags                           int
}

// genericWinogradInput is the specification of the input transform Bᵀ d B (Lavin and Gray 2015, arXiv:1509.09308, §4.1):
// 6×6 patches, four pixels apart, to 36 positions each.
func genericWinogradInput(a *winoArgs, block int) {
	for t := range a.N {
		for l := range block {
			var d, half [6][6]float32
			for y := range 6 {
				for x := range 6 {
					d[y][x] = a.Src[a.SrcOff+y*a.RowStride+(4*t+x)*block+l]
				}
			}
			for x := range 6 {
				v := winogradBT([6]float32{d[0][x], d[1][x], d[2][x], d[3][x], d[4][x], d[5][x]})
				for y := range 6 {
					half[y][x] = v[y]
				}
			}
			for y := range 6 {
				for x, v := range winogradBT(half[y]) {
					a.Dst[a.DstOff+(6*y+x)*a.PosStride+t*block+l] = v
				}
			}
		}
	}
}

func winogradBT(d [6]float32) [6]float32 {
	t1, t2 := d[4]-4*d[2], d[3]-4*d[1]
	t3, t4 := d[4]-d[2], (d[3]-d[1])+(d[3]-d[1])
	return [6]float32{d[4] - 5*d[2] + 4*d[0], t1 + t2, t1 - t2, t3 + t4, t3 - t4, d[5] - 5*d[3] + 4*d[1]}
}

// genericWinogradOutput is the specification of the output transform Aᵀ m A with the epilogue: bias, residual, clamp.
func genericWinogradOutput(a *winoArgs, block int) {
	for t := range a.N {
		for l := range block {
			var half [4][6]float32
			for y := range 6 {
				var m [6]float32
				for x := range 6 {
					m[x] = a.Src[a.SrcOff+(6*y+x)*a.PosStride+t*block+l]
				}
				for x, v := range winogradAT(m) {
					half[x][y] = v
				}
			}
			for x := range min(4, a.NX-4*t) {
				for y, v := range winogradAT(half[x]) {
					if y >= a.NY {
						break
					}
					if a.Flags&flagBias != 0 {
						v += a.Bias[a.BiasOff+l]
					}
					if a.Flags&flagRes != 0 {
						v += a.Res[a.ResOff+y*a.ResStride+(4*t+x)*block+l]
					}
					i := a.DstOff + y*a.RowStride + (4*t+x)*block + l
					clampTo(a.Dst[i:i+1], []float32{v}, a.Lo, a.Hi, a.Flags)
				}
			}
		}
	}
}

func winogradAT(m [6]float32) [4]float32 {
	a, b, c, d := m[1]+m[2], m[1]-m[2], m[3]+m[4], m[3]-m[4]
	return [4]float32{m[0] + a + c, b + (d + d), a + 4*c, b + m[5] + 8*d}
}

// winogradG is one side of the weight transform G g Gᵀ, in float64: it happens once.
func winogradG(g [3]float64) [6]float64 {
	return [6]float64{
		g[0] / 4,
		-(g[0] + g[1] + g[2]) / 6,
		-(g[0] - g[1] + g[2]) / 6,
		g[0]/24 + g[1]/12 + g[2]/6,
		g[0]/24 - g[1]/12 + g[2]/6,
		g[2],
	}
}
