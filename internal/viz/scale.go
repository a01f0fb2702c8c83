package viz

import (
	"math"

	"stride/internal/nn/tensor"
)

// The steps of a quantised map.
const (
	nanIndex  = 0   // values that are not numbers
	lowIndex  = 1   // Scale.Lo and everything below
	zeroIndex = 128 // zero of a signed scale
	highIndex = 255 // Scale.Hi and everything above
)

// ClipPercentile is the share of the values, in percent, that a scale shows unclipped.
const ClipPercentile = 99.5

// Scope says over what a scale holds: inside it the same colour means the same value, outside it does not.
type Scope string

// The scopes. The words are used in URLs.
const (
	Channel Scope = "channel" // one map
	Layer   Scope = "layer"   // all maps of one layer
	Network Scope = "network" // all maps of several layers
)

// Scale is the mapping from values to colour steps, with everything a legend has to print.
//
// A sequential scale runs from Lo (0, or the smallest value where negative ones occur) to Hi, the 99.5th percentile: one
// bright pixel must not darken the rest. A signed scale runs from −Hi to Hi, Hi being the 99.5th percentile of the
// magnitudes, so that zero is always the palette's centre. Values beyond an end are drawn in that end's colour and counted
// in Clipped. The percentile is the nearest-rank one, of the finite values and without interpolation: Hi is a value that
// occurs. Where it is zero, because hardly any value is not, Hi is the extreme itself.
type Scale struct {
	Scope  Scope
	Signed bool
	// Lo and Hi are the values of the legend's two ends. Lo == Hi only where all values are zero (or none is a number).
	Lo, Hi float32
	// Min and Max are the extreme finite values in the scope, 0 where there is none.
	Min, Max float32
	// Clipped counts the values drawn as an end though they lie beyond it, infinite ones among them; NaNs those that are
	// not numbers; Values all of them.
	Clipped, NaNs, Values int
}

// ScaleFor is the scale of the given values, which are one map or all maps of a layer. Signed asks for a scale symmetric
// about zero. Constant, empty and all-NaN input give a scale that maps every number to a defined step.
func ScaleFor(v []float32, signed bool) Scale {
	s := Scale{Scope: Channel, Signed: signed, Values: len(v)}
	st := scan(v, signed)
	s.Min, s.Max, s.NaNs = st.min, st.max, st.nans
	s.Hi = st.hi
	if signed {
		s.Lo = -st.hi
		s.Clipped = st.above
		return s
	}
	s.Lo, s.Hi = min(0, st.min), st.hi
	s.Clipped = st.above
	return s
}

// LayerScale is the scale over all channels of image n.
func LayerScale(t *tensor.Tensor, n int, signed bool) Scale {
	s := ScaleFor(t.Image(n).Data, signed)
	s.Scope = Layer
	return s
}

// NetworkScale joins the scales of several layers: it spans them all, so a value clipped in its own layer may be clipped
// here too, and nothing else is. It is signed when one of them is. Clipped is the sum over the parts, hence an upper bound.
func NetworkScale(parts ...Scale) Scale {
	all := Scale{Scope: Network}
	for i, p := range parts {
		all.Signed = all.Signed || p.Signed
		all.Values += p.Values
		all.Clipped += p.Clipped
		all.NaNs += p.NaNs
		if i == 0 {
			all.Lo, all.Hi, all.Min, all.Max = p.Lo, p.Hi, p.Min, p.Max
			continue
		}
		all.Lo, all.Hi = min(all.Lo, p.Lo), max(all.Hi, p.Hi)
		all.Min, all.Max = min(all.Min, p.Min), max(all.Max, p.Max)
	}
	if all.Signed {
		all.Hi = max(all.Hi, -all.Lo)
		all.Lo = -all.Hi
	}
	return all
}

// HasNegative reports whether a value lies below zero: the test for choosing a signed scale where the op does not say.
func HasNegative(v []float32) bool {
	for _, x := range v {
		if x < 0 {
			return true
		}
	}
	return false
}

// Constant reports that all numbers in the scope are equal; an all-zero map is Constant with Max 0 ("silent").
func (s Scale) Constant() bool { return s.Min == s.Max }

// Index is the step of one value: 0 for NaN, else 1…255.
func (s Scale) Index(v float32) uint8 {
	switch {
	case v != v:
		return nanIndex
	case s.Lo == s.Hi: // no range: zero, and infinite values beside it
		return s.degenerate(v)
	case v <= s.Lo:
		return lowIndex
	case v >= s.Hi:
		return highIndex
	}
	k, b := s.affine()
	if k == 0 { // the range is too small or too large for float32
		lo, hi := float64(s.Lo), float64(s.Hi)
		return uint8(lowIndex + int((float64(v)-lo)/(hi-lo)*(highIndex-lowIndex)+0.5))
	}
	return uint8(min(max(int32(float32(v*k)+b), lowIndex), highIndex))
}

func (s Scale) degenerate(v float32) uint8 {
	switch {
	case v > s.Hi:
		return highIndex
	case v < s.Lo:
		return lowIndex
	case s.Signed:
		return zeroIndex
	}
	return lowIndex
}

// Value is the value in the middle of a step, the inverse of Index; NaN for step 0.
func (s Scale) Value(i uint8) float64 {
	if i == nanIndex {
		return math.NaN()
	}
	lo, hi := float64(s.Lo), float64(s.Hi)
	return lo + (hi-lo)*float64(i-lowIndex)/(highIndex-lowIndex)
}

// affine is the line index = k·v + b, rounding included, k being 0 where float32 cannot carry it. The addition is kept
// apart from the product so that no machine fuses them: the bytes would differ.
func (s Scale) affine() (k, b float32) {
	lo, hi := float64(s.Lo), float64(s.Hi)
	k64 := (highIndex - lowIndex) / (hi - lo)
	if !(hi > lo) || k64 > math.MaxFloat32/1024 || k64 < 1e-30 {
		return 0, 0
	}
	return float32(k64), float32(lowIndex + 0.5 - float64(lo*k64))
}

// Quantise writes the step of each value of v to dst, which must be at least as long.
func (s Scale) Quantise(dst []uint8, v []float32) {
	dst = dst[:len(v)]
	k, b := s.affine()
	if k == 0 {
		for i, x := range v {
			dst[i] = s.Index(x)
		}
		return
	}
	for i, x := range v {
		// Out of range, NaN and infinities convert to something outside 1…255 on every machine, or to one machine's
		// choice outside int32; Index decides those.
		q := int32(float32(x*k) + b)
		if uint32(q-lowIndex) > highIndex-lowIndex {
			dst[i] = s.Index(x)
			continue
		}
		dst[i] = uint8(q)
	}
}

// Plane quantises one map: H·W steps, row by row.
func Plane(p tensor.Plane, s Scale) []uint8 {
	pix := make([]uint8, len(p.Data))
	s.Quantise(pix, p.Data)
	return pix
}
