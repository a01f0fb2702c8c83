package nchwc

import "fmt"

// Slack is the number of values behind the end of a Map that must be readable: the last pixels of a tile may lie beyond
// the row, and are computed but not stored.
const Slack = 1024

// Map is one image's activation of C channels, H rows and W columns:
//
//	Data[block][Before + H + After][Before + W + After][Block]
//
// The halo, Before rows and columns ahead of the map and After behind it, holds zeros that are never written. Data may be
// longer than the map: it has Slack values more at least.
type Map struct {
	C, H, W       int
	Before, After int
	Block         int
	Data          []float32
}

// Blocks is the number of channel blocks.
func (m Map) Blocks() int { return (m.C + m.Block - 1) / m.Block }

// RowStride is the distance between two rows, in values.
func (m Map) RowStride() int { return (m.Before + m.W + m.After) * m.Block }

// BlockStride is the distance between two channel blocks, in values.
func (m Map) BlockStride() int { return (m.Before + m.H + m.After) * m.RowStride() }

// Len is the number of values, halo and padding lanes included, without the slack.
func (m Map) Len() int { return m.Blocks() * m.BlockStride() }

// At is the index of lane 0 of pixel (y, x) in a block; coordinates in the halo are allowed.
func (m Map) At(block, y, x int) int {
	return block*m.BlockStride() + (m.Before+y)*m.RowStride() + (m.Before+x)*m.Block
}

// Index is the index of one value.
func (m Map) Index(c, y, x int) int { return m.At(c/m.Block, y, x) + c%m.Block }

// Valid reports whether the map exists: a zero Map stands for none.
func (m Map) Valid() bool { return m.Block > 0 }

// Slice is the view of n channels from c on; c is a multiple of Block.
func (m Map) Slice(c, n int) Map {
	if c%m.Block != 0 || c+n > m.C {
		panic(fmt.Sprintf("nchwc: Slice: channels %d…%d of %d in blocks of %d", c, c+n, m.C, m.Block))
	}
	s := m
	s.C, s.Data = n, m.Data[c/m.Block*m.BlockStride():]
	return s
}

// eachSpan visits the values of rows y0 ≤ y < y1 of a block in as few pieces as the halo allows.
func (m Map) eachSpan(block, y0, y1 int, f func(v []float32)) {
	if m.Before+m.After == 0 {
		f(m.Data[m.At(block, y0, 0):m.At(block, y1, 0)])
		return
	}
	for y := y0; y < y1; y++ {
		f(m.row(block, y))
	}
}

// String is for messages: "64×56×56+1+1/16".
func (m Map) String() string {
	return fmt.Sprintf("%d×%d×%d+%d+%d/%d", m.C, m.H, m.W, m.Before, m.After, m.Block)
}

// check panics unless the map is large enough for its shape.
func (m Map) check(op, name string) {
	if len(m.Data) < m.Len()+Slack {
		panic(fmt.Sprintf("nchwc: %s: %s %v has %d values, want %d and %d of slack", op, name, m, len(m.Data), m.Len(), Slack))
	}
}

// checkShape panics unless the map has the given size.
func (m Map) checkShape(op, name string, c, h, w int) {
	if m.C != c || m.H != h || m.W != w {
		panic(fmt.Sprintf("nchwc: %s: %s is %v, want %d×%d×%d", op, name, m, c, h, w))
	}
	m.check(op, name)
}

// Alloc is a map of zeros.
func Alloc(c, h, w, before, after, block int) Map {
	m := Map{C: c, H: h, W: w, Before: before, After: after, Block: block}
	m.Data = Floats(m.Len() + Slack)
	return m
}

// Pack writes channels lo ≤ c < hi of src, C×H×W in NCHW order, to dst; the halo is left alone, padding lanes are cleared
// when hi is C.
func Pack(dst Map, src []float32, lo, hi int) {
	hw := dst.H * dst.W
	if len(src) != dst.C*hw {
		panic(fmt.Sprintf("nchwc: Pack: len(src) = %d, want %d for %v", len(src), dst.C*hw, dst))
	}
	if hi == dst.C && hi%dst.Block != 0 {
		for c := hi; c < dst.Blocks()*dst.Block; c++ {
			dst.eachRow(c, func(i, _ int) {
				for x := range dst.W {
					dst.Data[i+x*dst.Block] = 0
				}
			})
		}
	}
	for c := lo; c < hi; c++ {
		dst.eachRow(c, func(i, y int) {
			row := src[c*hw+y*dst.W:][:dst.W]
			if dst.Block == 1 {
				copy(dst.Data[i:], row)
				return
			}
			out := dst.Data[i : i+(dst.W-1)*dst.Block+1]
			for x, v := range row {
				out[x*dst.Block] = v
			}
		})
	}
}

// eachRow visits the rows of channel c, which may be a padding lane: i is the index of the first value.
func (m Map) eachRow(c int, f func(i, y int)) {
	for y := range m.H {
		f(m.At(c/m.Block, y, 0)+c%m.Block, y)
	}
}

// Unpack writes the map to dst, C×H×W in NCHW order.
func Unpack(dst []float32, src Map) {
	hw := src.H * src.W
	if len(dst) != src.C*hw {
		panic(fmt.Sprintf("nchwc: Unpack: len(dst) = %d, want %d for %v", len(dst), src.C*hw, src))
	}
	for c := range src.C {
		src.Plane(dst[c*hw:][:hw], c)
	}
}

// Plane writes channel c to dst, H×W.
func (m Map) Plane(dst []float32, c int) {
	if len(dst) != m.H*m.W || c < 0 || c >= m.C {
		panic(fmt.Sprintf("nchwc: Plane: len(dst) = %d, channel %d of %v", len(dst), c, m))
	}
	m.eachRow(c, func(i, y int) {
		in := m.Data[i : i+(m.W-1)*m.Block+1]
		out := dst[y*m.W:][:m.W]
		for x := range out {
			out[x] = in[x*m.Block]
		}
	})
}
