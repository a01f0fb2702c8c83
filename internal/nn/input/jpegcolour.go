package input

import "image"

// jpegColours converts the planes of a JPEG as libjpeg-turbo does, and so Pillow and torchvision: chroma interpolated
// ("fancy upsampling", a triangle filter) and the colour transform of JFIF in 16-bit fixed point. image/jpeg repeats
// chroma samples instead, which differs by up to 34 of 255. What remains different is the rounding of the inverse DCT.
func jpegColours(p *RGB, m *image.YCbCr) {
	up := newUpsampler(m, p.W, p.H)
	cb, cr := make([]uint8, p.W+8), make([]uint8, p.W+8)
	for y := range p.H {
		up.row(cb, m.Cb, y)
		up.row(cr, m.Cr, y)
		jpegRow(p.Pix[3*y*p.W:3*(y+1)*p.W], m.Y[y*m.YStride:], cb, cr)
	}
}

// jpegRow converts one row: R = Y + 1.402·r, G = Y − 0.34414·b − 0.71414·r, B = Y + 1.772·b with b = Cb − 128 and
// r = Cr − 128, each coefficient times 2¹⁶.
func jpegRow(dst, luma, cb, cr []uint8) {
	for x := range len(dst) / 3 {
		y, b, r := int(luma[x]), int(cb[x])-128, int(cr[x])-128
		dst[3*x] = clamp(y + (91881*r+1<<15)>>16)
		dst[3*x+1] = clamp(y + (-22554*b-46802*r+1<<15)>>16)
		dst[3*x+2] = clamp(y + (116130*b+1<<15)>>16)
	}
}

func clamp(v int) uint8 {
	if uint(v) > 255 {
		if v < 0 {
			return 0
		}
		return 255
	}
	return uint8(v)
}

// upsampler makes full-width rows of chroma. w and h are the size of the chroma plane that belongs to the picture: the
// decoder's planes are padded to whole blocks, and the padding must not be seen.
type upsampler struct {
	w, h, stride int
	ratio        image.YCbCrSubsampleRatio
	sum          []int // 3·near + far of two rows, for 4:2:0
}

func newUpsampler(m *image.YCbCr, width, height int) *upsampler {
	sx, sy := 1, 1
	switch m.SubsampleRatio {
	case image.YCbCrSubsampleRatio422:
		sx = 2
	case image.YCbCrSubsampleRatio420:
		sx, sy = 2, 2
	case image.YCbCrSubsampleRatio440:
		sy = 2
	case image.YCbCrSubsampleRatio411:
		sx = 4
	case image.YCbCrSubsampleRatio410:
		sx, sy = 4, 2
	}
	u := &upsampler{w: (width + sx - 1) / sx, h: (height + sy - 1) / sy, stride: m.CStride, ratio: m.SubsampleRatio}
	u.sum = make([]int, u.w)
	return u
}

// row writes row y of the picture. dst may have up to three values more than the picture is wide.
func (u *upsampler) row(dst, plane []uint8, y int) {
	// libjpeg interpolates sideways only above two columns.
	wide := u.w > 2
	switch {
	case u.ratio == image.YCbCrSubsampleRatio420 && wide:
		near, far := u.pair(plane, y)
		for x := range u.sum {
			u.sum[x] = 3*int(near[x]) + int(far[x])
		}
		triangle(dst, u.sum, 8, 7, 4)
	case u.ratio == image.YCbCrSubsampleRatio422 && wide:
		for x, v := range u.at(plane, y) {
			u.sum[x] = int(v)
		}
		triangle(dst, u.sum, 1, 2, 2)
	case u.ratio == image.YCbCrSubsampleRatio440:
		near, far := u.pair(plane, y)
		bias := 1 + y&1
		for x := range u.w {
			dst[x] = uint8((3*int(near[x]) + int(far[x]) + bias) >> 2)
		}
	case u.ratio == image.YCbCrSubsampleRatio444:
		copy(dst, u.at(plane, y))
	default:
		u.repeat(dst, plane, y)
	}
}

func (u *upsampler) at(plane []uint8, y int) []uint8 { return plane[y*u.stride : y*u.stride+u.w] }

// pair is the chroma row of row y, and its neighbour on y's side, clamped at the border.
func (u *upsampler) pair(plane []uint8, y int) (near, far []uint8) {
	own, other := y/2, y/2-1
	if y&1 == 1 {
		other = y/2 + 1
	}
	return u.at(plane, own), u.at(plane, min(max(other, 0), u.h-1))
}

// triangle doubles a row: each sample gives two, ¾ itself and ¼ of the neighbour on that side. in carries the scale
// 2^(shift−2); bias of the left and right sample differ so that rounding does not drift. The outermost samples have no
// neighbour and are repeated.
func triangle(dst []uint8, in []int, left, right, shift int) {
	last := len(in) - 1
	for x, v := range in {
		dst[2*x] = uint8((3*v + in[max(x-1, 0)] + left) >> shift)
		dst[2*x+1] = uint8((3*v + in[min(x+1, last)] + right) >> shift)
	}
}

// repeat copies each chroma sample over the pixels it covers: what libjpeg does for 4:1:1, 4:1:0 and tiny pictures.
func (u *upsampler) repeat(dst, plane []uint8, y int) {
	sx, sy := 1, 1
	switch u.ratio {
	case image.YCbCrSubsampleRatio422:
		sx = 2
	case image.YCbCrSubsampleRatio420:
		sx, sy = 2, 2
	case image.YCbCrSubsampleRatio411:
		sx = 4
	case image.YCbCrSubsampleRatio410:
		sx, sy = 4, 2
	}
	for x, v := range u.at(plane, y/sy) {
		for k := range sx {
			dst[sx*x+k] = v
		}
	}
}
