package input

import (
	"errors"
	"fmt"
	"image"
	"math"

	"stride/internal/nn/tensor"
)

// Preprocess is how one set of weights wants its pictures: torchvision's evaluation transform. It belongs to the
// weights, not to the architecture.
type Preprocess struct {
	Resize        int    // shorter side after resizing; 0 leaves the size alone
	Crop          int    // side of the centred square
	Interpolation Filter // "" means Bilinear
	// Mean and Std give the value (v/255 − Mean)/Std. With Channels 1 only element 0 is used.
	Mean, Std [3]float32
	Channels  int // 3, or 1 for networks that read luminance; 0 means 3
}

// ImageNet is the transform of torchvision's first ImageNet weights, and of most networks trained since.
func ImageNet() Preprocess {
	return Preprocess{Resize: 256, Crop: 224, Interpolation: Bilinear,
		Mean: [3]float32{0.485, 0.456, 0.406}, Std: [3]float32{0.229, 0.224, 0.225}, Channels: 3}
}

// maxSide bounds Resize and Crop: far above any network's input, far below trouble.
const maxSide = 4096

// Validate reports every field that makes no sense. A Preprocess that passes never makes a NaN or infinity, whatever
// the picture: deviations are constants of the weights, not of the picture, and must not vanish.
func (p Preprocess) Validate() error {
	var errs []error
	if p.Resize < 0 || p.Resize > maxSide {
		errs = append(errs, fmt.Errorf("resize = %d, want 0 (none) to %d", p.Resize, maxSide))
	}
	if p.Crop < 1 || p.Crop > maxSide {
		errs = append(errs, fmt.Errorf("crop = %d, want 1 to %d", p.Crop, maxSide))
	}
	if !p.filter().valid() {
		errs = append(errs, fmt.Errorf("interpolation = %q, want %q or %q", p.Interpolation, Bilinear, Bicubic))
	}
	if p.Channels != 0 && p.Channels != 1 && p.Channels != 3 {
		errs = append(errs, fmt.Errorf("channels = %d, want 1 or 3", p.Channels))
		return fmt.Errorf("input: preprocess: %w", errors.Join(errs...))
	}
	for c := range p.channels() {
		if m := p.Mean[c]; !(abs32(m) <= 1e6) {
			errs = append(errs, fmt.Errorf("mean[%d] = %v, want a finite number of usual size", c, m))
		}
		if s := p.Std[c]; !(s >= 1e-6 && s <= 1e6) {
			errs = append(errs, fmt.Errorf("std[%d] = %v, want a positive number of usual size", c, s))
		}
	}
	if len(errs) > 0 {
		return fmt.Errorf("input: preprocess: %w", errors.Join(errs...))
	}
	return nil
}

func abs32(v float32) float32 { return float32(math.Abs(float64(v))) }

func (p Preprocess) channels() int {
	if p.Channels == 0 {
		return 3
	}
	return p.Channels
}

func (p Preprocess) filter() Filter {
	if p.Interpolation == "" {
		return Bilinear
	}
	return p.Interpolation
}

// Tensor is the network's input 1×Channels×Crop×Crop. It panics when p is not valid. The picture is not changed.
func (p Preprocess) Tensor(img *RGB) *tensor.Tensor {
	if p.channels() == 1 {
		return p.normalize(p.window(raster{img.W, img.H, 1, img.Gray().Pix}))
	}
	return p.normalize(p.window(raster{img.W, img.H, 3, img.Pix}))
}

// GrayTensor is Tensor for a picture of one channel; with Channels 3 the channel is repeated.
func (p Preprocess) GrayTensor(g *Gray) *tensor.Tensor {
	r := p.window(raster{g.W, g.H, 1, g.Pix})
	if p.channels() == 1 {
		return p.normalize(r)
	}
	return p.normalize(raster{r.w, r.h, 3, repeat3(r.pix)})
}

// Picture is what the network sees, before its values are scaled: img resized and cropped, the padding black.
func (p Preprocess) Picture(img *RGB) *RGB {
	r := p.window(raster{img.W, img.H, 3, img.Pix})
	return &RGB{r.w, r.h, r.pix}
}

func repeat3(pix []uint8) []uint8 {
	out := make([]uint8, 3*len(pix))
	for i, v := range pix {
		out[3*i], out[3*i+1], out[3*i+2] = v, v, v
	}
	return out
}

// window resizes and crops in one step: only the pixels inside the crop are computed. A 12 000×1 picture resized to a
// short side of 256 would have 786 million pixels; its crop has 50 thousand.
func (p Preprocess) window(src raster) raster {
	if err := p.Validate(); err != nil {
		panic(err.Error())
	}
	g := p.Geometry(src.w, src.h)
	dst := raster{g.Width, g.Height, src.c, make([]uint8, g.Width*g.Height*src.c)}
	view := image.Rect(0, 0, g.Width, g.Height).Add(image.Pt(g.OffsetX, g.OffsetY))
	in := view.Intersect(image.Rect(0, 0, g.ResizedWidth, g.ResizedHeight))
	part := resample(src, g.ResizedWidth, g.ResizedHeight, in, p.filter())
	n := in.Dx() * src.c
	for y := range in.Dy() {
		o := (y+in.Min.Y-view.Min.Y)*dst.w + in.Min.X - view.Min.X
		copy(dst.pix[o*src.c:], part[y*n:(y+1)*n])
	}
	return dst
}

// normalize scales to float32 and turns interleaved pixels into planes.
func (p Preprocess) normalize(r raster) *tensor.Tensor {
	t := tensor.New(tensor.CHW(r.c, r.h, r.w))
	for c := range r.c {
		values := p.values(c)
		plane := t.Plane(0, c).Data
		for i := range plane {
			plane[i] = values[r.pix[i*r.c+c]]
		}
	}
	return t
}

// values is (v/255 − mean)/std for each byte v, every step rounded to float32 as in PyTorch.
func (p Preprocess) values(c int) *[256]float32 {
	var t [256]float32
	for v := range t {
		unit := float32(float32(v) / 255)
		t[v] = float32(float32(unit-p.Mean[c]) / p.Std[c])
	}
	return &t
}
