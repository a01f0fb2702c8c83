package train

import "math"

// Update takes one step along the gradients of Loss with the given rate; it returns the gradient's norm before clipping.
func (t *Trainer) Update(rate float64) float64 {
	norm := t.norm()
	scale := 1.0
	if t.Recipe.Clip > 0 && norm > t.Recipe.Clip {
		scale = t.Recipe.Clip / norm
	}
	t.StepsDone++
	update := func(p *param, rate, scale float64) {
		switch {
		case t.Recipe.Optimizer == SGD:
			t.sgd(p, rate, scale)
		case p.rows > 0:
			t.muon(p, rate, scale)
		default:
			t.adamW(p, rate, scale)
		}
	}
	if t.team == nil {
		for _, p := range t.params {
			update(p, rate, scale)
		}
	} else {
		t.team.Run(len(t.params), func(_, i int) { update(t.params[i], rate, scale) })
	}
	return norm
}

func (t *Trainer) norm() float64 {
	sum := 0.0
	for _, p := range t.params {
		for _, g := range p.grad {
			sum += float64(g) * float64(g)
		}
	}
	return math.Sqrt(sum)
}

func (t *Trainer) sgd(p *param, rate, scale float64) {
	m, r, s, d := float32(t.Recipe.Momentum), float32(rate), float32(scale), float32(p.decay)
	if t.StepsDone == 1 {
		m = 0
	}
	for i, g := range p.grad {
		v := float32(m*p.m[i]) + float32(g*s) + float32(d*p.w[i])
		p.m[i] = v
		p.w[i] -= float32(r * v)
	}
}

func (t *Trainer) adamW(p *param, rate, scale float64) {
	b1, b2 := or(t.Recipe.Beta1, 0.9), or(t.Recipe.Beta2, 0.999)
	c1, c2 := 1-math.Pow(b1, float64(t.StepsDone)), 1-math.Pow(b2, float64(t.StepsDone))
	const eps = 1e-8
	m1, m2, keep, step, s := float32(b1), float32(b2), float32(1-rate*p.decay), float32(rate/c1), float32(scale)
	inv := float32(1 / math.Sqrt(c2))
	for i, g := range p.grad {
		g *= s
		m := float32(m1*p.m[i]) + float32((1-m1)*g)
		v := float32(m2*p.v[i]) + float32((1-m2)*float32(g*g))
		p.m[i], p.v[i] = m, v
		root := float32(math.Sqrt(float64(v)))
		p.w[i] = float32(p.w[i]*keep) - float32(step*m)/(float32(root*inv)+eps)
	}
}

func or(v, def float64) float64 {
	if v == 0 {
		return def
	}
	return v
}
