package viz

import (
	"fmt"
	"math"

	"stride/internal/nn/tensor"
)

// Limits of the sheet that a page shows first.
const (
	MaxTiles = 128 // channels on one sheet
	MaxSide  = 56  // larger maps are reduced
)

// Geometry says where each tile of a sheet lies. Tiles abut without gaps and fill the rows from the left.
type Geometry struct {
	Tiles         int // tiles in use; the rest of the last row is empty ground
	Cols, Rows    int
	TileW, TileH  int
	Reduced       int // side of the square of values behind one pixel, 1 when each pixel is a value
	PixelW        int // Cols·TileW
	PixelH        int // Rows·TileH
	MapW, MapH    int // size of one map before reduction
	ChannelsTotal int // channels of the layer: a sheet of fewer is a sample and is called one
}

// Origin is the left upper corner of tile i. It panics outside 0…Tiles−1.
func (g Geometry) Origin(i int) (x, y int) {
	if i < 0 || i >= g.Tiles {
		panic(fmt.Sprintf("viz: Origin: tile %d of %d", i, g.Tiles))
	}
	return i % g.Cols * g.TileW, i / g.Cols * g.TileH
}

// Sheet is the maps of one layer side by side in one picture, so that a page needs one request a layer.
type Sheet struct {
	Geometry
	// Channels gives the channel of each tile, Scales its scale (the same for all in scope Layer and Network).
	Channels []int
	Scales   []Scale
	// Pix is the indices, row by row.
	Pix []uint8
}

// SheetOptions chooses what a sheet shows. The zero value is the page's first view: up to MaxTiles channels in order of
// index, each with its own scale, reduced to MaxSide.
type SheetOptions struct {
	// Channels to show, in this order; nil for the first MaxTiles.
	Channels []int
	// Signed asks for scales symmetric about zero.
	Signed bool
	// Shared, if not nil, is the scale of every tile (scope Layer or Network).
	Shared *Scale
	// FullSize keeps maps larger than MaxSide as they are.
	FullSize bool
}

// NewSheet draws channels of image n. It panics when a channel is out of range.
//
// A reduced tile shows of each square of values the one furthest from the scale's low end (from zero, for signed scales,
// with its sign), a value that is no number before all others: reduction may not hide what the map contains. The scale is
// that of the whole map.
func NewSheet(t *tensor.Tensor, n int, o SheetOptions) *Sheet {
	if o.Channels == nil {
		o.Channels = firstChannels(min(t.Shape.C, MaxTiles))
	}
	s := &Sheet{Geometry: SheetGeometry(t.Shape, len(o.Channels), o.FullSize), Channels: o.Channels}
	s.Scales = make([]Scale, len(o.Channels))
	s.Pix = make([]uint8, s.PixelW*s.PixelH)
	ground := uint8(lowIndex)
	if o.Signed {
		ground = zeroIndex
	}
	s.fillEmpty(ground)
	var whole []uint8 // one quantised map before reduction
	if s.Reduced > 1 {
		whole = make([]uint8, t.Shape.PlaneLen())
	}
	for i, c := range o.Channels {
		p := t.Plane(n, c)
		if o.Shared != nil {
			s.Scales[i] = *o.Shared
		} else {
			s.Scales[i] = ScaleFor(p.Data, o.Signed)
		}
		s.draw(i, p, whole)
	}
	return s
}

func firstChannels(n int) []int {
	c := make([]int, n)
	for i := range c {
		c[i] = i
	}
	return c
}

// PNG is the sheet as a picture.
func (s *Sheet) PNG(c *Colormap) []byte { return EncodePNG(s.Pix, s.PixelW, s.PixelH, c) }

// SheetGeometry is the geometry that NewSheet gives a sheet of tiles channels of maps of a shape; full keeps maps at full
// size.
func SheetGeometry(shape tensor.Shape, tiles int, full bool) Geometry {
	if tiles < 1 {
		panic(fmt.Sprintf("viz: NewSheet: %d channels, want at least 1", tiles))
	}
	g := Geometry{Tiles: tiles, Reduced: 1, MapW: shape.W, MapH: shape.H, ChannelsTotal: shape.C}
	if side := max(shape.W, shape.H); side > MaxSide && !full {
		g.Reduced = (side + MaxSide - 1) / MaxSide
	}
	g.TileW = (shape.W + g.Reduced - 1) / g.Reduced
	g.TileH = (shape.H + g.Reduced - 1) / g.Reduced
	g.Cols = columns(tiles)
	g.Rows = (tiles + g.Cols - 1) / g.Cols
	g.PixelW, g.PixelH = g.Cols*g.TileW, g.Rows*g.TileH
	return g
}

// columns makes the sheet about square: the smallest number from the root of n to twice the root that divides n, so that
// no tile stays empty, or the root rounded up.
func columns(n int) int {
	root := int(math.Ceil(math.Sqrt(float64(n))))
	for c := root; c <= 2*root; c++ {
		if n%c == 0 {
			return c
		}
	}
	return root
}

// fillEmpty gives the tiles without channel the colour of zero.
func (s *Sheet) fillEmpty(ground uint8) {
	for i := s.Tiles; i < s.Cols*s.Rows; i++ {
		x, y := i%s.Cols*s.TileW, i/s.Cols*s.TileH
		for r := range s.TileH {
			row := s.Pix[(y+r)*s.PixelW+x:][:s.TileW]
			for j := range row {
				row[j] = ground
			}
		}
	}
}

// draw quantises one map into tile i.
func (s *Sheet) draw(i int, p tensor.Plane, whole []uint8) {
	x, y := s.Origin(i)
	scale := s.Scales[i]
	if s.Reduced == 1 {
		for r := range p.H {
			scale.Quantise(s.Pix[(y+r)*s.PixelW+x:][:p.W], p.Data[r*p.W:(r+1)*p.W])
		}
		return
	}
	scale.Quantise(whole, p.Data)
	for r := range s.TileH {
		row := s.Pix[(y+r)*s.PixelW+x:][:s.TileW]
		top := r * s.Reduced
		reduceRow(row, whole[top*p.W:min(top+s.Reduced, p.H)*p.W], p.W, s.Reduced, scale.Signed)
	}
}

// reduceRow max-pools the rows in src (w indices each) by factor along the row: dst[j] is the most extreme index of
// columns j·factor … j·factor+factor−1.
func reduceRow(dst, src []uint8, w, factor int, signed bool) {
	rank := &ranks[0]
	if signed {
		rank = &ranks[1]
	}
	first := 0
	if factor == 2 && len(src) == 2*w { // the common case, without inner loops
		a, b := src[:w], src[w:2*w]
		for j := range dst[:w/2] {
			best := max(rank.of[a[2*j]], rank.of[a[2*j+1]], rank.of[b[2*j]], rank.of[b[2*j+1]])
			dst[j] = rank.index[best]
		}
		first = w / 2
	}
	for j := first; j < len(dst); j++ {
		x0, x1 := j*factor, min((j+1)*factor, w)
		best := uint8(0)
		for top := 0; top < len(src); top += w {
			for _, v := range src[top+x0 : top+x1] {
				best = max(best, rank.of[v])
			}
		}
		dst[j] = rank.index[best]
	}
}

// ranks orders indices for reduction, sequential and signed: by distance from the low end, or from zero with the positive
// of two equally far before the negative, "not a number" above everything.
var ranks = func() (r [2]struct{ of, index [256]uint8 }) {
	for v := range 256 {
		r[0].of[v] = uint8(v - lowIndex) // 0, no number, wraps to 255
		switch {
		case v == nanIndex:
			r[1].of[v] = 255
		case v < zeroIndex:
			r[1].of[v] = uint8(2*(zeroIndex-v) - 1)
		default:
			r[1].of[v] = uint8(2 * (v - zeroIndex))
		}
	}
	for k := range r {
		for v, rank := range r[k].of {
			r[k].index[rank] = uint8(v)
		}
	}
	return r
}()
