package nchwc

import "fmt"

// WinogradKind is one of the algorithms: the window it convolves, and the patch of input behind a tile of output.
type WinogradKind struct{ Window, Patch int }

// The algorithms. The 4×4 patch computes 1.8 times as many products per pixel as the 6×6 patch of a 3×3 window, but
// wastes less on small maps and reads less than half as many weights.
var (
	F4x3 = WinogradKind{3, 6} // F(4×4, 3×3)
	F2x5 = WinogradKind{5, 6} // F(2×2, 5×5)
	F2x3 = WinogradKind{3, 4} // F(2×2, 3×3)
)

// Side is the side of an output tile.
func (k WinogradKind) Side() int { return k.Patch - k.Window + 1 }

// Positions is the number of products per tile and pair of channels.
func (k WinogradKind) Positions() int { return k.Patch * k.Patch }

// Halo is how many rows and columns of zeros an n wide map needs ahead of it and behind it, so that every patch of a
// convolution with the padding that keeps the size lies inside.
func (k WinogradKind) Halo(n int) (before, after int) {
	pad := k.Window / 2
	return pad, (ceil(n, k.Side())-1)*k.Side() - pad + k.Patch - n
}

// WinogradWeights are transformed filters, per position the weights of a 1×1 convolution: [position][block of output
// channels][input channel][Block].
type WinogradWeights struct {
	WinogradKind
	set     *Set
	in, out int
	runs    int // runs of depth input channels
	size    int // values of one position and one output block
	u       []float32
	bias    []float32
	g       *winogradMatrix
}

// PackWinograd transforms w, out×in×Window×Window, in float64 and rounds once. scale, if not nil, multiplies the filters
// of each output channel; bias may be nil. Unit i of n that it does in parallel reads that part of w.
func (s *Set) PackWinograd(kind WinogradKind, in, out int, w, bias, scale []float32, parallel Parallel) *WinogradWeights {
	area := kind.Window * kind.Window
	if len(w) != in*out*area || (kind != F4x3 && kind != F2x5 && kind != F2x3) {
		panic(fmt.Sprintf("nchwc: PackWinograd: len(w) = %d, want %d·%d·%d for %v", len(w), out, in, area, kind))
	}
	c := &WinogradWeights{WinogradKind: kind, set: s, in: in, out: out, runs: ceil(in, depth), bias: padded(bias, out, s.Block), g: kind.matrix()}
	c.size = c.runs * depth * s.Block
	c.u = Floats(kind.Positions() * ceil(out, s.Block) * c.size)
	parallel.each(ceil(out, s.Block), func(b int) { c.block(b, w, scale) })
	return c
}

// winogradTile is a block of transformed filters of the largest patch on the widest vectors.
type winogradTile [6 * 6][16]float32

// block transforms the filters of one block of output channels, for one input channel after the other, so that whole
// vectors are written: the positions of one filter lie far apart.
func (c *WinogradWeights) block(b int, w, scale []float32) {
	var tile winogradTile
	block, area := c.set.Block, c.Window*c.Window
	stride := ceil(c.out, block) * c.size
	for ic := range c.in {
		for oc := b * block; oc < min((b+1)*block, c.out); oc++ {
			k := 1.0
			if scale != nil {
				k = float64(scale[oc])
			}
			c.filter(&tile, oc%block, w[(oc*c.in+ic)*area:][:area], k)
		}
		at := b*c.size + ic*block
		for p := range c.Positions() {
			copy(c.u[p*stride+at:][:block], tile[p][:])
		}
	}
}

// filter transforms one filter into a lane of a tile: G g Gᵀ.
func (c *WinogradWeights) filter(tile *winogradTile, lane int, g []float32, k float64) {
	var half [5][6]float64 // transposed
	var cols, rows [5]float64
	col, row := cols[:c.Window], rows[:c.Window]
	for x := range col {
		for y := range col {
			col[y] = float64(g[y*c.Window+x]) * k
		}
		half[x] = c.g.side(col, c.Patch)
	}
	for y := range c.Patch {
		for x := range row {
			row[x] = half[x][y]
		}
		u := c.g.side(row, c.Patch)
		for x := range c.Patch {
			tile[c.Patch*y+x][lane] = float32(u[x])
		}
	}
}

// Bytes is the size of the transformed weights.
func (c *WinogradWeights) Bytes() int64 { return 4 * int64(len(c.u)+len(c.bias)) }
