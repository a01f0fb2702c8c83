package input

import (
	"fmt"
	"math"
)

// ShrinkTo is src with its longer side at most longest pixels, bicubic, the proportion kept as well as whole pixels
// allow and no side below 1. A picture that is small enough is returned as it is.
func ShrinkTo(src *RGB, longest int) *RGB {
	if longest < 1 {
		panic(fmt.Sprintf("input: ShrinkTo: longest = %d, want at least 1", longest))
	}
	if max(src.W, src.H) <= longest {
		return src
	}
	w, h := longest, longest
	if src.W > src.H {
		h = shrunk(src.H, longest, src.W)
	} else {
		w = shrunk(src.W, longest, src.H)
	}
	return Resize(src, w, h, Bicubic)
}

// shrunk is side·to/from, rounded to nearest, at least 1.
func shrunk(side, to, from int) int { return max((2*side*to+from)/(2*from), 1) }

// cropOffset is where torchvision's CenterCrop begins: (size − crop)/2, rounded half to even. Where the picture is smaller it
// is padded, half of the padding, rounded down, on the left and top; the offset is negative then.
func cropOffset(size, crop int) int {
	if size < crop {
		return -((crop - size) / 2)
	}
	return int(math.RoundToEven(float64(size-crop) / 2))
}
