package viz

import "math"

// Histogram counts values in bins of equal width. Where values of both signs occur, zero is the edge of a bin.
type Histogram struct {
	// Width is that of every bin; Edge gives the edges.
	Width  float64
	Counts []int
	// Zeros are the values that are exactly zero (the silent part of a rectified map); they are in Counts as well.
	Zeros int
	// NonFinite are the values that are in no bin; Values all.
	NonFinite, Values int

	// The edges lie at origin + k·Width, the first at k = first: exactly zero where it should be.
	origin float64
	first  int
}

// NewHistogram counts v in at most bins bins (at least 3) that cover all finite values. Equal values make one bin; none at
// all, no bin.
func NewHistogram(v []float32, bins int) Histogram {
	h := Histogram{Values: len(v)}
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, x := range v {
		if f := float64(x); f-f == 0 {
			lo, hi = min(lo, f), max(hi, f)
			continue
		}
		h.NonFinite++
	}
	switch {
	case lo > hi:
		return h
	case lo == hi:
		// One bin, with the value in its middle.
		h.Width = max(math.Abs(lo), 1e-3)
		h.origin = lo - h.Width/2
		h.Counts = make([]int, 1)
	case lo < 0 && hi > 0:
		// Two bins in reserve, because the edges at both ends move outwards.
		h.Width = (hi - lo) / float64(max(bins, 3)-2)
		h.first = int(math.Floor(lo / h.Width))
		h.Counts = make([]int, int(math.Floor(hi/h.Width))+1-h.first)
	default:
		h.origin, h.Width = lo, (hi-lo)/float64(max(bins, 3))
		h.Counts = make([]int, max(bins, 3))
	}
	for _, x := range v {
		f := float64(x)
		if f-f != 0 {
			continue
		}
		if f == 0 {
			h.Zeros++
		}
		h.Counts[h.bin(f)]++
	}
	return h
}

// bin is the place of a value; the right edge of the last bin belongs to it.
func (h Histogram) bin(x float64) int {
	i := int(math.Floor((x-h.origin)/h.Width)) - h.first
	return min(max(i, 0), len(h.Counts)-1)
}

// Edge is the left edge of bin i; Edge(len(Counts)) is the right edge of the last.
func (h Histogram) Edge(i int) float64 { return h.origin + float64(h.first+i)*h.Width }
