package plan

import (
	"math"

	"stride/internal/nn"
	"stride/internal/nn/kernel/nchwc"
)

// winogradKind chooses Winograd's algorithm for a convolution, or none, by an estimate in vector operations: there are
// fewer products than in the direct convolution, but whole tiles are computed, the transforms come on top, and more
// weights are read.
func winogradKind(n *nn.Node, s nchwc.ConvShape, block int) (best nchwc.WinogradKind, ok bool) {
	in, out := s.In/s.Groups, s.Out/s.Groups
	if s.SH*s.SW*s.DH*s.DW != 1 || n.Shape.H != n.In[0].Shape.H || n.Shape.W != n.In[0].Shape.W ||
		s.Groups > 1 && (in%block != 0 || out%block != 0) {
		return best, false
	}
	const (
		segment      = 7   // tiles are multiplied so many at a time
		perTransform = 4   // per position, tile and block of channels
		perWeight    = 6   // per vector of weights: the price of memory bandwidth
		margin       = 0.9 // what the estimate must win by
	)
	icb, ocb := (in+block-1)/block, (out+block-1)/block
	weights := float64(in * ocb)
	area := float64(s.KH * s.KW)
	cost := margin * area * weights * (float64(n.Shape.H*n.Shape.W) + perWeight)
	for _, k := range []nchwc.WinogradKind{nchwc.F4x3, nchwc.F2x5, nchwc.F2x3} {
		if s.KH != k.Window || s.KW != k.Window || s.PadTop != k.Window/2 || s.PadLeft != k.Window/2 {
			continue
		}
		side, positions := k.Side(), float64(k.Positions())
		tiles := float64((n.Shape.H + side - 1) / side * ((n.Shape.W + side - 1) / side))
		products := min(math.Ceil(tiles/segment)*segment, math.Ceil(tiles/(segment+1))*(segment+1))
		if w := positions * (weights*(products+perWeight) + tiles*perTransform*float64(icb+ocb)); w < cost {
			best, cost, ok = k, w, true
		}
	}
	return best, ok
}
