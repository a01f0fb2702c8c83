package drawings

import "math"

// placement lays the glyphs of one picture out: usually one in the middle, now and then several small ones, and in hard
// pictures one that the frame crops. Lengths are in 64ths of the side.
func placement(d dice, difficulty float64) []pose {
	kind := d.Float64()
	switch {
	case kind < .08:
		return herd(d)
	case kind < .08+.17*difficulty:
		p := turned(d, d.uniform(62, 100))
		room := p.size * .32 // at least the middle third stays in the picture
		p.cx, p.cy = Size/2+d.uniform(-room, room), Size/2+d.uniform(-room, room)
		return []pose{p}
	}
	p := turned(d, d.uniform(54-26*difficulty, 66))
	room := math.Max((Size-p.size)/2, 0) + 5*difficulty
	p.cx, p.cy = Size/2+d.uniform(-room, room), Size/2+d.uniform(-room, room)
	return []pose{p}
}

// herd places two to five copies; each tries a few places to keep clear of the others.
func herd(d dice) []pose {
	ps := make([]pose, 2+d.IntN(4))
	mirrored := d.chance(.5)
	for i := range ps {
		best := math.Inf(-1)
		for range 6 {
			p := turned(d, d.uniform(18, 34))
			p.mirrored = mirrored
			p.cx, p.cy = d.uniform(p.size/2, Size-p.size/2), d.uniform(p.size/2, Size-p.size/2)
			room := math.Inf(1)
			for _, q := range ps[:i] {
				room = math.Min(room, math.Hypot(p.cx-q.cx, p.cy-q.cy)-(p.size+q.size)/2)
			}
			if room > best {
				best, ps[i] = room, p
			}
		}
	}
	return ps
}

// turned draws how a glyph is turned and stretched.
func turned(d dice, size float64) pose {
	degrees := clamp(d.normal(13), -35, 35)
	if d.chance(.05) {
		degrees = d.uniform(-90, 90)
	}
	return pose{size: size, rotation: degrees * math.Pi / 180, shear: d.normal(.1), aspect: d.normal(.12), mirrored: d.chance(.5)}
}

func (p pose) scaled(unit float64) pose {
	p.cx, p.cy, p.size = p.cx*unit, p.cy*unit, p.size*unit
	return p
}

// drawObject puts the glyph into r.object, multiplied by alpha, at every pose.
func (r *renderer) drawObject(g *glyph, poses []pose) {
	clear(r.object)
	for _, p := range poses {
		g.draw(r.object, r.side, p.scaled(r.unit))
	}
}

// shade changes the object's colours and throws light on it; the colours of r.object are no longer multiplied by alpha after.
// Without it the networks learn that a flat fill is what makes an object.
func (r *renderer) shade(d dice, difficulty float64, t *textures) {
	unpremultiply(r.object)
	r.recolour(d, difficulty)
	amount, angle := d.uniform(.15, .15+.2*difficulty), d.angle()
	r.lightGradient(amount, angle)
	if d.chance(.5 * difficulty) {
		smoothNoise(r.field, r.side, 2+d.IntN(4), d)
		for i, v := range r.field {
			scaleColours(r.object[i*glyphParts:], 1+.35*(2*v-1))
		}
	}
	if d.chance(.45 * difficulty) {
		r.grain(d, t)
	}
	for i := 0; i < len(r.object); i += glyphParts {
		clampUnit(r.object[i : i+3])
	}
	if d.chance(.25 * difficulty) {
		r.softenEdge(d.uniform(.5, 1.2) * r.unit)
	}
}

func unpremultiply(p []float32) {
	for i := 0; i < len(p); i += glyphParts {
		if a := p[i+3]; a > 0 {
			scaleColours(p[i:], 1/a)
		}
	}
}

func scaleColours(p []float32, by float32) {
	p[0] *= by
	p[1] *= by
	p[2] *= by
}

func (r *renderer) recolour(d dice, difficulty float64) {
	hue := d.normal(.12 + .25*difficulty)
	if d.chance(.25 * difficulty) {
		hue = d.uniform(-1.9, 1.9)
	}
	mixColours(r.object, glyphParts, hueRotation(hue, d.uniform(.85-.5*difficulty, 1.25)))
	table := newPowers(math.Exp(d.normal(.08 + .2*difficulty)))
	inverted := d.chance(.05 * difficulty)
	for i := 0; i < len(r.object); i += glyphParts {
		if r.object[i+3] == 0 {
			continue
		}
		for c := range 3 {
			v := table.at(r.object[i+c])
			if inverted {
				v = 1 - v
			}
			r.object[i+c] = v
		}
	}
}

// lightGradient lights the object from one side: a factor of 1 ± amount across the picture.
func (r *renderer) lightGradient(amount, angle float64) {
	sin, cos := math.Sincos(angle)
	for y := range r.side {
		for x := range r.side {
			px, py := (float64(x)+.5)/float64(r.side)-.5, (float64(y)+.5)/float64(r.side)-.5
			scaleColours(r.object[(y*r.side+x)*glyphParts:], float32(1+amount*2*(px*cos+py*sin)))
		}
	}
}

// grain gives the object the luminance of a texture: 3–22 % per standard deviation.
func (r *renderer) grain(d dice, t *textures) {
	tex := t.pick(d.Rand)
	l := tex.levels[0]
	tex.crop(r.other, r.side, d.logUniform(40, 300), d.uniform(0, float64(l.w)), d.uniform(0, float64(l.h)), d.chance(.5), d.chance(.5))
	for i := 0; i < len(r.other); i += 3 {
		r.other[i] = luminance(r.other[i:])
	}
	mean, deviation := moments(r.other, 0)
	strength := float32(d.uniform(.03, .22)) / max(deviation, 1e-3)
	for i := range r.field {
		scaleColours(r.object[i*glyphParts:], 1+strength*(r.other[i*3]-mean))
	}
}

// softenEdge lowers the alpha near the edge, inside only: outside there is no colour to show.
func (r *renderer) softenEdge(sigma float64) {
	for i := range r.field {
		r.field[i] = r.object[i*glyphParts+3]
	}
	blur(r.field, r.tmp[:len(r.field)], r.side, 1, sigma)
	for i, a := range r.field {
		r.object[i*glyphParts+3] = min(r.object[i*glyphParts+3], a*a*(3-2*a))
	}
}

// visibility is the mean absolute difference between the object's colours and what is behind it.
func (r *renderer) visibility(behind []float32) float64 {
	var sum, weight float64
	for i := range r.field {
		a := float64(r.object[i*glyphParts+3])
		if a == 0 {
			continue
		}
		o, b := r.object[i*glyphParts:][:3], behind[i*3:][:3]
		diff := math.Abs(float64(o[0]-b[0])) + math.Abs(float64(o[1]-b[1])) + math.Abs(float64(o[2]-b[2]))
		sum += a * diff / 3
		weight += a
	}
	if weight == 0 {
		return 0
	}
	return sum / weight
}

// shadow darkens the background by the object's outline, moved and blurred.
func (r *renderer) shadow(back []float32, d dice) {
	dx, dy := d.uniform(-6, 7)*r.unit, d.uniform(-6, 7)*r.unit
	sigma, strength := d.uniform(.6, 2.4)*r.unit, float32(d.uniform(.2, .7))
	ix, iy := int(math.Round(dx)), int(math.Round(dy))
	for y := range r.side {
		for x := range r.side {
			sx, sy := x-ix, y-iy
			v := float32(0)
			if sx >= 0 && sy >= 0 && sx < r.side && sy < r.side {
				v = r.object[(sy*r.side+sx)*glyphParts+3]
			}
			r.field[y*r.side+x] = v
		}
	}
	blur(r.field, r.tmp[:len(r.field)], r.side, 1, sigma)
	for i, v := range r.field {
		scaleColours(back[i*3:], 1-strength*v)
	}
}

// compose lays the object over the background.
func (r *renderer) compose(back []float32) {
	for i := range r.field {
		a := r.object[i*glyphParts+3]
		if a == 0 {
			continue
		}
		o, b := r.object[i*glyphParts:][:3], back[i*3:][:3]
		for c := range b {
			b[c] += a * (o[c] - b[c])
		}
	}
}
