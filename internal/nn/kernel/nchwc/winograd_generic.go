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
	Step                            int // input transform: pixels between patches
}

// genericWinogradInput is the specification of the input transform Bᵀ d B (Lavin and Gray 2015, arXiv:1509.09308, §4.1):
// patches of patch×patch pixels, Step pixels apart, to as many positions each. F(4×4, 3×3) and F(2×2, 5×5) share the
// transform of 6×6 patches, as both use the points 0, ±1, ±2 and ∞; F(2×2, 3×3) has patches of 4×4 and drops ±2.
func genericWinogradInput(a *winoArgs, block, patch int) {
	for t := range a.N {
		for l := range block {
			var half [6][6]float32
			for x := range patch {
				var d [6]float32
				for y := range patch {
					d[y] = a.Src[a.SrcOff+y*a.RowStride+(a.Step*t+x)*block+l]
				}
				v := winogradBT(d, patch)
				for y := range patch {
					half[y][x] = v[y]
				}
			}
			for y := range patch {
				v := winogradBT(half[y], patch)
				for x := range patch {
					a.Dst[a.DstOff+(patch*y+x)*a.PosStride+t*block+l] = v[x]
				}
			}
		}
	}
}

// winogradBT is one side of the input transform.
func winogradBT(d [6]float32, patch int) [6]float32 {
	if patch == 4 {
		return [6]float32{d[0] - d[2], d[1] + d[2], d[2] - d[1], d[1] - d[3]}
	}
	t1, t2 := d[4]-4*d[2], d[3]-4*d[1]
	t3, t4 := d[4]-d[2], (d[3]-d[1])+(d[3]-d[1])
	return [6]float32{d[4] - 5*d[2] + 4*d[0], t1 + t2, t1 - t2, t3 + t4, t3 - t4, d[5] - 5*d[3] + 4*d[1]}
}

// genericWinogradOutput is the specification of the output transform Aᵀ m A to side×side pixels, with the epilogue: bias,
// residual, clamp.
func genericWinogradOutput(a *winoArgs, block, patch, side int) {
	for t := range a.N {
		for l := range block {
			var half [4][6]float32
			for y := range patch {
				var m [6]float32
				for x := range patch {
					m[x] = a.Src[a.SrcOff+(patch*y+x)*a.PosStride+t*block+l]
				}
				o := winogradAT(m, patch, side)
				for x := range side {
					half[x][y] = o[x]
				}
			}
			for x := range min(side, a.NX-side*t) {
				o := winogradAT(half[x], patch, side)
				for y := range min(side, a.NY) {
					v := o[y]
					if a.Flags&flagBias != 0 {
						v += a.Bias[a.BiasOff+l]
					}
					if a.Flags&flagRes != 0 {
						v += a.Res[a.ResOff+y*a.ResStride+(side*t+x)*block+l]
					}
					i := a.DstOff + y*a.RowStride + (side*t+x)*block + l
					clampTo(a.Dst[i:i+1], []float32{v}, a.Lo, a.Hi, a.Flags)
				}
			}
		}
	}
}

// winogradAT is one side of the output transform; the first side results count.
func winogradAT(m [6]float32, patch, side int) [4]float32 {
	if patch == 4 {
		return [4]float32{m[0] + m[1] + m[2], m[1] - m[2] - m[3]}
	}
	a, b, c, d := m[1]+m[2], m[1]-m[2], m[3]+m[4], m[3]-m[4]
	if side == 2 {
		return [4]float32{m[0] + a + c, b + m[5] + (d + d)}
	}
	return [4]float32{m[0] + a + c, b + (d + d), a + 4*c, b + m[5] + 8*d}
}

// winogradPoint is a point of the interpolation: row i of G holds the powers of point p_i over norm, which is
// ∏(p_i − p_j) up to the sign that the input transform takes over. The last point, ∞, takes the last weight.
type winogradPoint struct{ at, norm float64 }

var (
	winogradPoints6 = []winogradPoint{{0, 4}, {1, -6}, {-1, -6}, {2, 24}, {-2, 24}}
	winogradPoints4 = []winogradPoint{{0, 1}, {1, 2}, {-1, 2}}
)

// winogradMatrix is G: row i weighs the values of a side of the filter for position i.
type winogradMatrix [6][5]float64

// matrix is the G of an algorithm.
func (k WinogradKind) matrix() *winogradMatrix {
	points := winogradPoints6
	if k.Patch == 4 {
		points = winogradPoints4
	}
	var m winogradMatrix
	for i, p := range points {
		power := 1 / p.norm
		for j := range k.Window {
			m[i][j] = power
			power *= p.at
		}
	}
	m[k.Patch-1][k.Window-1] = 1
	return &m
}

// side is one side of the weight transform G g Gᵀ, in float64: it happens once.
func (m *winogradMatrix) side(g []float64, patch int) (out [6]float64) {
	for i := range patch {
		for j, w := range g {
			out[i] += w * m[i][j]
		}
	}
	return out
}
