package input

import (
	"fmt"
	"image"
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

// CenterCrop is the middle w×h pixels of src as torchvision cuts them: the offset (size − crop)/2 is rounded half to
// even; where src is smaller it is first padded with black, half of the padding, rounded down, on the left and top.
func CenterCrop(src *RGB, w, h int) *RGB {
	dst := NewRGB(w, h)
	box := image.Rect(0, 0, w, h).Add(image.Pt(cropOffset(src.W, w), cropOffset(src.H, h)))
	in := box.Intersect(src.Bounds())
	for y := in.Min.Y; y < in.Max.Y; y++ {
		o := 3 * ((y-box.Min.Y)*w + in.Min.X - box.Min.X)
		copy(dst.Pix[o:], src.Pix[3*(y*src.W+in.Min.X):3*(y*src.W+in.Max.X)])
	}
	return dst
}

// cropOffset is where a crop begins; negative is padding.
func cropOffset(size, crop int) int {
	if size < crop {
		return -((crop - size) / 2)
	}
	return int(math.RoundToEven(float64(size-crop) / 2))
}
