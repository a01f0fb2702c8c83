package drawings

import "math"

// background fills dst (side×side×3) with something that is none of the classes. Textures are cropped from t.
//
//	38 % a piece of texture · 12 % dead leaves · 22 % gradient · 14 % smooth noise · 14 % one colour
//
// A third of those without texture get a horizon. Then brightness and contrast vary.
func (r *renderer) background(dst []float32, d dice, t *textures) {
	kind := d.Float64()
	switch {
	case kind < .38:
		r.textured(dst, d, t)
	case kind < .50:
		r.leaves(dst, d)
	case kind < .72:
		r.gradient(dst, d)
	case kind < .86:
		r.clouds(dst, d)
	default:
		fill(dst, d.colour())
	}
	if kind >= .50 && d.chance(1./3) {
		r.horizon(dst, d)
	}
	gain, offset := float32(d.uniform(.6, 1.3)), float32(d.uniform(-.12, .12))
	for i, v := range dst {
		dst[i] = min(max((v-.5)*gain+.5+offset, 0), 1)
	}
}

// textured crops a window of 40–300 texture pixels. Six in ten are recoloured: a coloured texture by turning its hue, a grey
// one by running it between two colours, so that grey does not come to mean background.
func (r *renderer) textured(dst []float32, d dice, t *textures) {
	tex := t.pick(d.Rand)
	window := d.logUniform(40, 300)
	l := tex.levels[0]
	tex.crop(dst, r.side, window, d.uniform(0, float64(l.w)), d.uniform(0, float64(l.h)), d.chance(.5), d.chance(.5))
	if !d.chance(.6) {
		return
	}
	if !tex.grey {
		mixColours(dst, 3, hueRotation(d.angle(), d.uniform(.8, 1.3)))
		return
	}
	a, b := d.colour(), d.colour()
	for i := 0; i < len(dst); i += 3 {
		v := dst[i]
		for c := range 3 {
			dst[i+c] = a[c] + v*(b[c]-a[c])
		}
	}
}

// leaves paints discs over each other, many small and few large ones, the "dead leaves" model of natural pictures: it has
// edges that belong to no object (Lee, Mumford and Huang, IJCV 41, 2001).
func (r *renderer) leaves(dst []float32, d dice) {
	a, b := d.colour(), d.colour()
	spread := d.uniform(.02, .25)
	colour := func() (c [3]float32) {
		t := d.Float32()
		for i := range c {
			c[i] = a[i] + t*(b[i]-a[i]) + float32(d.normal(spread))
		}
		return c
	}
	fill(dst, colour())
	smallest := d.uniform(2.5, 7)
	for range 30 + d.IntN(90) {
		// the number of leaves larger than ρ falls with 1/ρ²
		radius := min(smallest/math.Sqrt(1-d.Float64()), 30)
		r.disc(dst, d.uniform(-8, 72), d.uniform(-8, 72), radius, d.uniform(.6, 1), d.angle(), colour())
	}
}

// disc paints an ellipse; lengths in 64ths of the side.
func (r *renderer) disc(dst []float32, cx, cy, radius, flat, angle float64, colour [3]float32) {
	u := r.unit
	cx, cy, radius = cx*u, cy*u, radius*u
	sin, cos := math.Sincos(angle)
	lim := func(v float64) int { return int(clamp(v, 0, float64(r.side))) }
	for y := lim(cy - radius - 1); y < lim(cy+radius+2); y++ {
		for x := lim(cx - radius - 1); x < lim(cx+radius+2); x++ {
			dx, dy := float64(x)+.5-cx, float64(y)+.5-cy
			p, q := dx*cos+dy*sin, (dy*cos-dx*sin)/flat
			cover := float32(clamp(radius-math.Sqrt(p*p+q*q)+.5, 0, 1))
			if cover == 0 {
				continue
			}
			s := dst[(y*r.side+x)*3:][:3]
			for c := range s {
				s[c] += cover * (colour[c] - s[c])
			}
		}
	}
}

// gradient runs between two colours, along a line or away from a point.
func (r *renderer) gradient(dst []float32, d dice) {
	a, b := d.colour(), d.colour()
	radial := d.chance(.5)
	sin, cos := math.Sincos(d.angle())
	cx, cy, reach := d.uniform(0, 1), d.uniform(0, 1), d.uniform(.5, 1.2)
	for y := range r.side {
		for x := range r.side {
			px, py := (float64(x)+.5)/float64(r.side), (float64(y)+.5)/float64(r.side)
			t := ((px-.5)*cos+(py-.5)*sin)/1.2 + .5
			if radial {
				t = math.Sqrt((px-cx)*(px-cx)+(py-cy)*(py-cy)) / reach
			}
			w := float32(clamp(t, 0, 1))
			p := dst[(y*r.side+x)*3:][:3]
			for c := range p {
				p[c] = a[c] + w*(b[c]-a[c])
			}
		}
	}
}

// clouds mixes two colours by smooth noise.
func (r *renderer) clouds(dst []float32, d dice) {
	a, b := d.colour(), d.colour()
	smoothNoise(r.field, r.side, 3+d.IntN(15), d)
	for i, w := range r.field {
		p := dst[i*3:][:3]
		for c := range p {
			p[c] = a[c] + w*(b[c]-a[c])
		}
	}
}

// horizon paints everything below a slanted line in one colour.
func (r *renderer) horizon(dst []float32, d dice) {
	colour := d.colour()
	height, slope := d.uniform(.35, .85), d.normal(.12)
	for y := range r.side {
		for x := range r.side {
			line := (height + slope*(float64(x)/float64(r.side)-.5)) * float64(r.side)
			cover := float32(clamp(float64(y)+1-line, 0, 1))
			if cover == 0 {
				continue
			}
			p := dst[(y*r.side+x)*3:][:3]
			for c := range p {
				p[c] += cover * (colour[c] - p[c])
			}
		}
	}
}

func fill(dst []float32, colour [3]float32) {
	for i := 0; i < len(dst); i += 3 {
		copy(dst[i:], colour[:])
	}
}
