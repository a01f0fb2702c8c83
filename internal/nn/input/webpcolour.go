package input

import "image"

// webpColours converts the planes of a lossy WebP as libwebp does. VP8 stores "studio" levels, black at 16 and white at
// 235 (RFC 6386, section 9.2), not JPEG's full range, and libwebp interpolates the 4:2:0 chroma between the four
// nearest samples with weights 9, 3, 3, 1.
func webpColours(p *RGB, m *image.YCbCr) {
	cw, ch := (p.W+1)/2, (p.H+1)/2
	u, v := make([]uint8, p.W+2), make([]uint8, p.W+2)
	for y := range p.H {
		own, other := y/2, y/2-1
		if y&1 == 1 {
			other = y/2 + 1
		}
		near, far := own*m.CStride, min(max(other, 0), ch-1)*m.CStride
		bilinear2(u, m.Cb[near:near+cw], m.Cb[far:far+cw])
		bilinear2(v, m.Cr[near:near+cw], m.Cr[far:far+cw])
		webpRow(p.Pix[3*y*p.W:3*(y+1)*p.W], m.Y[y*m.YStride:], u, v)
	}
}

// bilinear2 doubles a row of chroma. near is the row itself, far its vertical neighbour on the side of the output row.
// The value (9·a + 3·b + 3·c + d)/16 is computed in two rounded halvings, in libwebp's order, to get libwebp's bits.
func bilinear2(dst, near, far []uint8) {
	last := len(near) - 1
	dst[0] = edge(near[0], far[0])
	for x := range last {
		a, b, c, d := int(near[x]), int(near[x+1]), int(far[x]), int(far[x+1])
		sum := a + b + c + d + 8
		dst[2*x+1] = uint8(((sum+2*(b+c))>>3 + a) >> 1)
		dst[2*x+2] = uint8(((sum+2*(a+d))>>3 + b) >> 1)
	}
	dst[2*last+1] = edge(near[last], far[last])
}

func edge(near, far uint8) uint8 { return uint8((3*int(near) + int(far) + 2) >> 2) }

// webpRow converts one row in libwebp's fixed point: products cut to 8 fractional bits less, sums with 6.
func webpRow(dst, luma, u, v []uint8) {
	for x := range len(dst) / 3 {
		y, cb, cr := 19077*int(luma[x])>>8, int(u[x]), int(v[x])
		dst[3*x] = clamp((y + 26149*cr>>8 - 14234) >> 6)
		dst[3*x+1] = clamp((y - 6419*cb>>8 - 13320*cr>>8 + 8708) >> 6)
		dst[3*x+2] = clamp((y + 33050*cb>>8 - 17685) >> 6)
	}
}
