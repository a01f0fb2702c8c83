package drawings

import "math"

// Size is the side of a picture in pixels.
const Size = 64

// minVisibility is the least mean absolute difference between an object's colours and what is behind it. Without this check
// about a tenth of the pictures show nothing.
const minVisibility = .13

// Stages of a picture have random streams of their own.
const (
	stageGlyph = iota
	stageObject
	stageShadow
	stageOccluder
	stageWhole
	stageBackground // and one more for every further try
)

const backgroundTries = 4

// renderer composes pictures, one at a time; it owns the working memory, so each goroutine has its own.
//
// One picture is, in this order: a glyph, turned, recoloured and lit; a background that it stands out from, perhaps with
// something else at its edge; the glyph's shadow; the glyph; something in front; and what a camera does to the whole.
// How much of all this there is grows with a picture's difficulty, 0…1.
type renderer struct {
	set  *Set
	side int
	unit float64 // side / Size: the factor of all lengths

	object []float32 // side×side×4
	back   []float32 // side×side×3
	best   []float32 // side×side×3
	other  []float32 // side×side×3
	tmp    []float32 // side×side×4
	field  []float32 // side×side

	lastVisibility float64 // of the last picture's object against its background
}

func newRenderer(set *Set, side int) *renderer {
	n := side * side
	return &renderer{set: set, side: side, unit: float64(side) / Size,
		object: make([]float32, 4*n), back: make([]float32, 3*n), best: make([]float32, 3*n), other: make([]float32, 3*n),
		tmp: make([]float32, 4*n), field: make([]float32, n)}
}

// render writes picture index of a sequence to dst (side×side×3) and returns its label.
func (r *renderer) render(dst []uint8, spec Spec, index int) int {
	stage := func(n uint64) dice { return newDice(spec.Name, spec.Seed, uint64(index), n) }
	label := spec.label(index)
	style := spec.style(index)
	backs := spec.textures(r.set)

	d := stage(stageGlyph)
	difficulty := d.uniform(spec.Easiest, spec.Hardest)
	gs := r.set.glyphs[style][label]
	g := gs[d.IntN(len(gs))]
	r.drawObject(g, placement(d, difficulty))
	r.shade(stage(stageObject), difficulty, backs)

	back := r.behind(stage, difficulty, style, label, backs)
	if d := stage(stageShadow); d.chance(.55) {
		r.shadow(back, d)
	}
	r.compose(back)
	if d := stage(stageOccluder); d.chance(.25 * difficulty) {
		r.occlude(back, d, backs)
	}
	r.finish(back, stage(stageWhole), difficulty)
	for i, v := range back {
		dst[i] = toByte(v)
	}
	return label
}

// behind returns a background from which the object stands out, or the best of a few tries. In hard pictures it may hold
// another class's glyph, most of it outside the frame.
func (r *renderer) behind(stage func(uint64) dice, difficulty float64, style Style, label int, t *textures) []float32 {
	best := -1.
	for try := range uint64(backgroundTries) {
		d := stage(stageBackground + try)
		r.background(r.back, d, t)
		if d.chance(.25 * difficulty) {
			r.distract(r.back, d, style, label)
		}
		if v := r.visibility(r.back); v > best {
			best = v
			r.best, r.back = r.back, r.best
		}
		if best > minVisibility {
			break
		}
	}
	r.lastVisibility = best
	return r.best
}

// distract paints a glyph of another class with its centre 38 pixels from the middle.
func (r *renderer) distract(back []float32, d dice, style Style, label int) {
	other := d.IntN(len(classes) - 1)
	if other >= label {
		other++
	}
	gs := r.set.glyphs[style][other]
	p := turned(d, d.uniform(16, 40))
	sin, cos := math.Sincos(d.angle())
	p.cx, p.cy = Size/2+38*cos, Size/2+38*sin
	clear(r.tmp)
	gs[d.IntN(len(gs))].draw(r.tmp, r.side, p.scaled(r.unit))
	for i := range r.field {
		s, b := r.tmp[i*glyphParts:][:4], back[i*3:][:3]
		for c := range b {
			b[c] = s[c] + (1-s[3])*b[c]
		}
	}
}

// occlude puts a rectangle or an ellipse of another background in front.
func (r *renderer) occlude(back []float32, d dice, t *textures) {
	ellipse := d.chance(.5)
	w, h := d.uniform(8, 28)*r.unit/2, d.uniform(8, 28)*r.unit/2
	cx, cy := d.uniform(4, Size-4)*r.unit, d.uniform(4, Size-4)*r.unit
	sin, cos := math.Sincos(d.angle())
	r.background(r.other, d, t)
	for y := range r.side {
		for x := range r.side {
			dx, dy := float64(x)+.5-cx, float64(y)+.5-cy
			p, q := math.Abs(dx*cos+dy*sin)/w, math.Abs(dy*cos-dx*sin)/h
			far := math.Max(p, q)
			if ellipse {
				far = math.Sqrt(p*p + q*q)
			}
			cover := float32(clamp((1-far)*math.Min(w, h)+.5, 0, 1))
			if cover == 0 {
				continue
			}
			i := (y*r.side + x) * 3
			for c := range 3 {
				back[i+c] += cover * (r.other[i+c] - back[i+c])
			}
		}
	}
}

// finish does to the whole picture what light and a camera do.
func (r *renderer) finish(p []float32, d dice, difficulty float64) {
	if d.chance(.2 * difficulty) {
		randomConvolution(p, r.tmp[:len(p)], r.side, d, max(1, int(math.Round(r.unit))))
	}
	if d.chance(.3) {
		r.lightWhole(p, d.uniform(.1, .4), d.angle())
	}
	if d.chance(.12) {
		for i := 0; i < len(p); i += 3 {
			l := luminance(p[i:])
			p[i], p[i+1], p[i+2] = l, l, l
		}
	}
	cast := [3]float32{1, 1, 1}
	if d.chance(.4) {
		for c := range cast {
			cast[c] = float32(math.Exp(d.normal(.04 + .1*difficulty)))
		}
	}
	contrast := float32(d.uniform(.95-.3*difficulty, 1.1+.2*difficulty))
	brightness := float32(d.normal(.03 + .05*difficulty))
	for i := 0; i < len(p); i += 3 {
		for c := range 3 {
			p[i+c] = (p[i+c]*cast[c]-.5)*contrast + .5 + brightness
		}
	}
	clampUnit(p)
	if d.chance(.35 * difficulty) {
		blur(p, r.tmp[:len(p)], r.side, 3, d.uniform(.3, 1.1)*r.unit)
	}
	if d.chance(.5 * difficulty) {
		sigma := float32(d.logUniform(.004, .04))
		for i := range p {
			p[i] += sigma * float32(d.NormFloat64())
		}
	}
}

// lightWhole makes one side of the picture brighter than the other, by a factor of 1 ± amount at the edges.
func (r *renderer) lightWhole(p []float32, amount, angle float64) {
	sin, cos := math.Sincos(angle)
	for y := range r.side {
		for x := range r.side {
			px, py := (float64(x)+.5)/float64(r.side)-.5, (float64(y)+.5)/float64(r.side)-.5
			scaleColours(p[(y*r.side+x)*3:], float32(1+amount*2*(px*cos+py*sin)))
		}
	}
}
