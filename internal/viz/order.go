package viz

import (
	"cmp"
	"slices"

	"stride/internal/nn/tensor"
)

// Order is how a reader sorts the channels of a layer. The words are used in URLs.
type Order string

// The orders.
const (
	ByIndex   Order = "index"
	Strongest Order = "strength" // largest mean magnitude first: the mean itself where nothing is negative
	Varied    Order = "variance" // largest standard deviation first
)

// ChannelStats summarises every channel of image n.
func ChannelStats(t *tensor.Tensor, n int) []tensor.Stats {
	s := make([]tensor.Stats, t.Shape.C)
	for c := range s {
		s[c] = t.Plane(n, c).Stats()
	}
	return s
}

// Silent reports that a map is zero everywhere.
func Silent(s tensor.Stats) bool { return s.AbsMean == 0 && s.NonFinite == 0 }

// Channels lists the channels in the given order, an unknown one meaning ByIndex. Silent channels come last in every
// order but ByIndex, equal ones by index. silent is how many there are.
func Channels(stats []tensor.Stats, by Order) (order []int, silent int) {
	key := func(s tensor.Stats) float64 { return s.AbsMean }
	if by == Varied {
		key = func(s tensor.Stats) float64 { return s.Std }
	}
	order = firstChannels(len(stats))
	for _, s := range stats {
		if Silent(s) {
			silent++
		}
	}
	if by == Strongest || by == Varied {
		slices.SortStableFunc(order, func(a, b int) int {
			if sa, sb := Silent(stats[a]), Silent(stats[b]); sa != sb {
				if sa {
					return 1
				}
				return -1
			}
			return cmp.Compare(key(stats[b]), key(stats[a]))
		})
	}
	return order, silent
}
