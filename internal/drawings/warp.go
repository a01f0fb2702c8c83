package drawings

import "math"

// affine maps a point of the picture to a point of the glyph: x' = a·x + b·y + c, y' = d·x + e·y + f.
type affine struct{ a, b, c, d, e, f float64 }

// pose says how a glyph lies in the picture; lengths in pixels of the picture.
type pose struct {
	cx, cy   float64 // where its centre is
	size     float64 // its long side
	rotation float64 // radians
	shear    float64 // how far the top moves against the bottom, per height
	aspect   float64 // natural logarithm of the factor by which it is wider than drawn
	mirrored bool
}

// toGlyph returns the map from the picture to level 0 of a w×h glyph.
func (p pose) toGlyph(w, h int) affine {
	scale := p.size / float64(max(w, h))
	sx, sy := scale*math.Exp(p.aspect/2), scale*math.Exp(-p.aspect/2)
	if p.mirrored {
		sx = -sx
	}
	sin, cos := math.Sincos(p.rotation)
	// glyph → picture is rotation · shear · scale
	m00, m01 := cos*sx, (cos*p.shear-sin)*sy
	m10, m11 := sin*sx, (sin*p.shear+cos)*sy
	det := m00*m11 - m01*m10
	a, b, d, e := m11/det, -m01/det, -m10/det, m00/det
	return affine{a, b, float64(w)/2 - a*p.cx - b*p.cy, d, e, float64(h)/2 - d*p.cx - e*p.cy}
}

// draw puts g over what dst (side×side×4, multiplied by alpha) holds already. When g is shrunk, it reads the level of g that
// is less than twice too fine, at 2×2 points per pixel; when g is enlarged, it interpolates by Catmull and Rom's cubic.
func (g *glyph) draw(dst []float32, side int, p pose) {
	base := g.levels[0]
	m := p.toGlyph(base.w, base.h)
	ratio := math.Sqrt(math.Abs(m.a*m.e - m.b*m.d)) // glyph pixels per picture pixel
	level := int(clamp(math.Floor(math.Log2(max(ratio, 1e-9))), 0, float64(len(g.levels)-1)))
	src := g.levels[level]
	fx, fy := float64(src.w)/float64(base.w), float64(src.h)/float64(base.h)
	m = affine{m.a * fx, m.b * fx, m.c * fx, m.d * fy, m.e * fy, m.f * fy}
	shrinks := ratio*fx > 1.05
	x0, y0, x1, y1 := p.bounds(base.w, base.h, side)
	for y := y0; y < y1; y++ {
		for x := x0; x < x1; x++ {
			px, py := float64(x)+.5, float64(y)+.5
			u, v := m.a*px+m.b*py+m.c-.5, m.d*px+m.e*py+m.f-.5
			var s [4]float32
			if shrinks {
				s = src.fourPoints(u, v, m)
			} else {
				s = src.cubic(u, v)
			}
			if s[3] <= 0 {
				continue
			}
			d := dst[(y*side+x)*glyphParts:][:glyphParts:glyphParts]
			rest := 1 - s[3]
			for c := range d {
				d[c] = s[c] + rest*d[c]
			}
		}
	}
}

// bounds returns the part of the picture outside of which the glyph has no influence.
func (p pose) bounds(w, h, side int) (x0, y0, x1, y1 int) {
	reach := p.size * (1 + math.Abs(p.shear)) * math.Exp(math.Abs(p.aspect)/2)
	hw, hh := reach*float64(w)/float64(max(w, h))/2, reach*float64(h)/float64(max(w, h))/2
	sin, cos := math.Sincos(p.rotation)
	sin, cos = math.Abs(sin), math.Abs(cos)
	hw += math.Abs(p.shear) * hh
	ex, ey := cos*hw+sin*hh+2, sin*hw+cos*hh+2
	limit := func(v float64) int { return int(clamp(v, 0, float64(side))) }
	return limit(math.Floor(p.cx - ex)), limit(math.Floor(p.cy - ey)), limit(math.Ceil(p.cx + ex)), limit(math.Ceil(p.cy + ey))
}

// fourPoints averages four linearly interpolated points within the picture's pixel around (u, v).
func (b bitmap) fourPoints(u, v float64, m affine) (s [4]float32) {
	for _, o := range [4][2]float64{{-.25, -.25}, {.25, -.25}, {-.25, .25}, {.25, .25}} {
		b.linear(u+m.a*o[0]+m.b*o[1], v+m.d*o[0]+m.e*o[1], .25, &s)
	}
	return s
}

// linear adds weight times the linearly interpolated pixel at (u, v), pixel centres at whole numbers, nothing outside.
func (b bitmap) linear(u, v float64, weight float32, s *[4]float32) {
	x, y := int(math.Floor(u)), int(math.Floor(v))
	if x < -1 || y < -1 || x >= b.w || y >= b.h {
		return
	}
	tx, ty := float32(u-float64(x)), float32(v-float64(y))
	if x >= 0 && y >= 0 && x+1 < b.w && y+1 < b.h { // all four inside: most points
		p := b.pix[(y*b.w+x)*glyphParts:][: 2*glyphParts : 2*glyphParts]
		q := b.pix[((y+1)*b.w+x)*glyphParts:][: 2*glyphParts : 2*glyphParts]
		w0, w1, w2, w3 := weight*(1-tx)*(1-ty), weight*tx*(1-ty), weight*(1-tx)*ty, weight*tx*ty
		s[0] += w0*p[0] + w1*p[4] + w2*q[0] + w3*q[4]
		s[1] += w0*p[1] + w1*p[5] + w2*q[1] + w3*q[5]
		s[2] += w0*p[2] + w1*p[6] + w2*q[2] + w3*q[6]
		s[3] += w0*p[3] + w1*p[7] + w2*q[3] + w3*q[7]
		return
	}
	b.add(x, y, weight*(1-tx)*(1-ty), s)
	b.add(x+1, y, weight*tx*(1-ty), s)
	b.add(x, y+1, weight*(1-tx)*ty, s)
	b.add(x+1, y+1, weight*tx*ty, s)
}

// cubic returns the pixel at (u, v) by cubic interpolation, kept within 0 ≤ colour ≤ alpha ≤ 1, which the cubic overshoots.
func (b bitmap) cubic(u, v float64) (s [4]float32) {
	x, y := int(math.Floor(u)), int(math.Floor(v))
	if x < -2 || y < -2 || x > b.w || y > b.h {
		return s
	}
	wx, wy := catmullRom(float32(u-float64(x))), catmullRom(float32(v-float64(y)))
	if x >= 1 && y >= 1 && x+2 < b.w && y+2 < b.h {
		for j, a := range wy {
			p := b.pix[((y-1+j)*b.w+x-1)*glyphParts:][:16:16]
			for c := range s {
				s[c] += a * (wx[0]*p[c] + wx[1]*p[4+c] + wx[2]*p[8+c] + wx[3]*p[12+c])
			}
		}
	} else {
		for j, a := range wy {
			for i, c := range wx {
				b.add(x-1+i, y-1+j, a*c, &s)
			}
		}
	}
	s[3] = min(max(s[3], 0), 1)
	for c := range 3 {
		s[c] = min(max(s[c], 0), s[3])
	}
	return s
}

// catmullRom returns the weights of the four neighbours of a point at t in 0…1 between the middle two.
func catmullRom(t float32) [4]float32 {
	return [4]float32{
		t * (-.5 + t*(1-.5*t)),
		1 + t*t*(-2.5+1.5*t),
		t * (.5 + t*(2-1.5*t)),
		t * t * (-.5 + .5*t),
	}
}

func (b bitmap) add(x, y int, weight float32, s *[4]float32) {
	if x < 0 || y < 0 || x >= b.w || y >= b.h {
		return
	}
	p := b.pix[(y*b.w+x)*glyphParts:][:glyphParts:glyphParts]
	s[0] += weight * p[0]
	s[1] += weight * p[1]
	s[2] += weight * p[2]
	s[3] += weight * p[3]
}
