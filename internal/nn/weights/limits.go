package weights

import "math"

// The limits of every reader. They are far above what a convolutional network needs and far below what hurts.
const (
	MaxHeader  = 1 << 20 // bytes of a safetensors header
	MaxTensors = 10_000
	MaxName    = 256 // bytes of a key
	MaxRank    = 8
	// MaxElements bounds one tensor; VGG's first dense layer, the largest of the family, has 102.8 million values.
	MaxElements = 1 << 27
)

// elements multiplies dims with a check after every factor. ok is false for a negative dimension, a product above
// MaxElements, or a rank above MaxRank.
func elements(dims []int) (n int, ok bool) {
	if len(dims) > MaxRank {
		return 0, false
	}
	n = 1
	zero := false
	for _, d := range dims {
		switch {
		case d < 0 || d > math.MaxInt32:
			return 0, false
		case d == 0:
			zero = true
		case n > MaxElements/d:
			return 0, false
		default:
			n *= d
		}
	}
	if zero {
		return 0, true
	}
	return n, true
}
