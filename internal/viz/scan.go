package viz

import "math"

// scanned is what a scale needs to know about its values.
type scanned struct {
	min, max float32 // extremes of the finite values, 0 without any
	hi       float32 // percentile of the finite values, or of the magnitudes of signed ones; not below 0
	above    int     // finite values (magnitudes) beyond hi, and infinite ones
	nans     int
}

// Bit patterns of float32. Read as integers, patterns of positive values order like the values, with NaN above infinity;
// read as unsigned integers, negative values follow all positive ones and order by magnitude.
const (
	signBit  = 1 << 31
	infinity = 0x7f800000
)

// scan works on bit patterns because integers compare without the special case of NaN. Values that are not finite (none,
// in a healthy network) are found on the way and set aside for a second start.
func scan(v []float32, signed bool) (r scanned) {
	if len(v) == 0 {
		return r
	}
	t := topShare(v, signed)
	lo, hi := extremes(v, t)
	if t.peak >= infinity || lo&^signBit >= infinity || hi&^signBit >= infinity {
		finite, infinite := finiteOnly(v)
		r = scan(finite, signed)
		r.above += infinite
		r.nans = len(v) - len(finite) - infinite
		return r
	}
	r.min, r.max = math.Float32frombits(lo), math.Float32frombits(hi)
	r.hi, r.above = math.Float32frombits(uint32(t.percentile)), t.above
	if r.hi == 0 { // so sparse that the percentile is zero: the extreme instead
		r.hi = math.Float32frombits(uint32(t.peak))
	}
	return r
}

// extremes is the bit patterns of the smallest and the largest value.
func extremes(v []float32, t top) (lo, hi uint32) {
	if t.seen&signBit == 0 {
		// Nothing is negative, so the largest is known already, and the first zero is the smallest.
		lo = ^uint32(0)
		for _, x := range v {
			if lo = min(lo, math.Float32bits(x)); lo == 0 {
				break
			}
		}
		return lo, uint32(t.peak)
	}
	largest, farthest, nearest := int32(math.MinInt32), uint32(0), ^uint32(0)
	for _, x := range v {
		b := math.Float32bits(x)
		largest = max(largest, int32(b))
		farthest = max(farthest, b)
		nearest = min(nearest, b)
	}
	if largest >= 0 { // some are not negative
		return farthest, uint32(largest)
	}
	return farthest, nearest
}

func finiteOnly(v []float32) (finite []float32, infinite int) {
	finite = make([]float32, 0, len(v))
	for _, x := range v {
		switch b := math.Float32bits(x) &^ signBit; {
		case b < infinity:
			finite = append(finite, x)
		case b == infinity:
			infinite++
		}
	}
	return finite, infinite
}

// top is what topShare finds out about the largest values (or magnitudes), as bit patterns: the nearest-rank
// ClipPercentile and the largest, both 0 unless positive, how many values lie beyond the percentile, and all patterns
// combined by "or".
type top struct {
	percentile, peak int32
	above            int
	seen             uint32
}

// topShare finds the percentile in one pass over the values: only the few largest have to be in order, so it collects
// those above a threshold guessed from a sample. Should the guess be too high it starts again without one; the result is
// exact in any case.
func topShare(v []float32, signed bool) (t top) {
	mask := ^uint32(0)
	if signed {
		mask = signBit - 1
	}
	// The percentile is the keep-th largest value.
	keep := len(v) - int(math.Ceil(float64(len(v))*ClipPercentile/100)) + 1
	buf := make([]int32, 0, len(v)/16+64)
	guess := guessThreshold(v, mask)
	buf, t.seen = above(buf, v, mask, guess)
	if len(buf) < keep && guess > 0 {
		buf, _ = above(buf[:0], v, mask, 0)
	}
	if len(buf) >= keep {
		t.percentile = selectLargest(buf, keep)
	}
	for _, key := range buf {
		t.peak = max(t.peak, key)
		if t.percentile > 0 && key > t.percentile {
			t.above++
		}
	}
	return t
}

// guessThreshold is about the 97th percentile, from 512 evenly spread values; 0 where there are too few to be worth it.
func guessThreshold(v []float32, mask uint32) int32 {
	const sample, share = 512, 16
	if len(v) < 4*sample {
		return 0
	}
	var s [sample]int32
	step := len(v)/sample - 1 | 1 // odd, so that it does not stay in the same columns of a map
	for i := range s {
		s[i] = int32(math.Float32bits(v[i*step]) & mask)
	}
	return max(0, selectLargest(s[:], share))
}

// above appends the keys greater than threshold to buf, in order. Four at a time: the top bit of a difference says that a
// key is above, or negative, and the processor predicts that none is.
func above(buf []int32, v []float32, mask uint32, threshold int32) (keys []int32, seen uint32) {
	limit := uint32(threshold)
	for ; len(v) >= 4; v = v[4:] {
		a, b, c, d := math.Float32bits(v[0]), math.Float32bits(v[1]), math.Float32bits(v[2]), math.Float32bits(v[3])
		seen |= a | b | c | d
		if ((limit-a&mask)|(limit-b&mask)|(limit-c&mask)|(limit-d&mask))&signBit == 0 {
			continue
		}
		for _, x := range [4]uint32{a, b, c, d} {
			if key := int32(x & mask); key > threshold {
				buf = append(buf, key)
			}
		}
	}
	for _, x := range v {
		b := math.Float32bits(x)
		seen |= b
		if key := int32(b & mask); key > threshold {
			buf = append(buf, key)
		}
	}
	return buf, seen
}

// selectLargest reorders a so that its k largest come first and returns the smallest of those (Hoare's selection with the
// median of three as pivot).
func selectLargest(a []int32, k int) int32 {
	lo, hi := 0, len(a)-1
	for lo < hi {
		pivot := median(a[lo], a[lo+(hi-lo)/2], a[hi])
		i, j := lo, hi
		for i <= j {
			for a[i] > pivot {
				i++
			}
			for a[j] < pivot {
				j--
			}
			if i <= j {
				a[i], a[j] = a[j], a[i]
				i++
				j--
			}
		}
		switch { // a[lo..j] ≥ pivot, a[i..hi] ≤ pivot, what lies between equals it
		case k-1 <= j:
			hi = j
		case k-1 >= i:
			lo = i
		default:
			return a[k-1]
		}
	}
	return a[k-1]
}

func median(a, b, c int32) int32 {
	return max(min(a, b), min(max(a, b), c))
}
