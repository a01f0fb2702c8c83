package export

import "math"

// line is a polyline; closed ones do not repeat their first point.
type line struct {
	p      []point
	closed bool
}

// flat is the path as polylines, curves in pieces of about a unit.
func (p path) flat() []line {
	var l []line
	var at, start point
	open := func() *line {
		if len(l) == 0 || l[len(l)-1].closed {
			l = append(l, line{p: []point{start}})
		}
		return &l[len(l)-1]
	}
	for _, s := range p {
		switch s.op {
		case 'M':
			start = s.p[0]
			l = append(l, line{p: []point{start}})
		case 'L':
			c := open()
			c.p = append(c.p, s.p[0])
		case 'Q', 'C':
			c := open()
			q := s.p
			if s.op == 'Q' {
				q = [3]point{mix(at, s.p[0], 2.0/3), mix(s.p[1], s.p[0], 2.0/3), s.p[1]}
			}
			n := int(min(64, 2+dist(at, q[0])+dist(q[0], q[1])+dist(q[1], q[2])))
			for i := 1; i <= n; i++ {
				c.p = append(c.p, cubic(at, q, float64(i)/float64(n)))
			}
		case 'Z':
			c := open()
			c.closed = true
			at = start
			continue
		}
		at = s.points()[len(s.points())-1]
	}
	for i := range l {
		l[i].clean()
	}
	return l
}

func mix(a, b point, t float64) point { return point{a.x + t*(b.x-a.x), a.y + t*(b.y-a.y)} }
func dist(a, b point) float64         { return math.Hypot(a.x-b.x, a.y-b.y) }

func cubic(a point, q [3]point, t float64) point {
	u := 1 - t
	c := func(a, b, c, d float64) float64 { return u*u*u*a + 3*u*u*t*b + 3*u*t*t*c + t*t*t*d }
	return point{c(a.x, q[0].x, q[1].x, q[2].x), c(a.y, q[0].y, q[1].y, q[2].y)}
}

// clean takes out points that repeat the one before.
func (l *line) clean() {
	out := l.p[:1]
	for _, q := range l.p[1:] {
		if dist(q, out[len(out)-1]) > 1e-9 {
			out = append(out, q)
		}
	}
	if l.closed && len(out) > 1 && dist(out[0], out[len(out)-1]) <= 1e-9 {
		out = out[:len(out)-1]
	}
	l.p = out
}

// dashed cuts polylines into dashes.
func dashed(lines []line, dash []float64) []line {
	total := 0.0
	for _, d := range dash {
		total += d
	}
	if total <= 0 {
		return lines
	}
	if len(dash)%2 == 1 {
		dash = append(dash[:len(dash):len(dash)], dash...)
	}
	var out []line
	keep := func(p []point) {
		l := line{p: p}
		if l.clean(); len(l.p) > 1 {
			out = append(out, l)
		}
	}
	for _, l := range lines {
		p := l.p
		if l.closed {
			p = append(p[:len(p):len(p)], p[0])
		}
		k, left := 0, dash[0]
		cur := []point{p[0]}
		for i := 1; i < len(p); i++ {
			a, b := p[i-1], p[i]
			for d := dist(a, b); d > left; d = dist(a, b) {
				a = mix(a, b, left/d)
				if k%2 == 0 {
					keep(append(cur, a))
				}
				k = (k + 1) % len(dash)
				left, cur = dash[k], []point{a}
			}
			left -= dist(a, b)
			cur = append(cur, b)
		}
		if k%2 == 0 {
			keep(cur)
		}
	}
	return out
}

// miterLimit is SVG's: sharper corners are cut off.
const miterLimit = 4

// outlines are polygons, all turning the same way, whose union is the stroke of polylines.
func outlines(lines []line, width float64, round bool) [][]point {
	var out [][]point
	h := width / 2
	add := func(poly ...point) {
		if area(poly) < 0 {
			for i, j := 0, len(poly)-1; i < j; i, j = i+1, j-1 {
				poly[i], poly[j] = poly[j], poly[i]
			}
		}
		out = append(out, poly)
	}
	for _, l := range lines {
		n := len(l.p)
		if n == 1 {
			if round {
				add(disc(l.p[0], h)...)
			}
			continue
		}
		segments := n - 1
		if l.closed {
			segments = n
		}
		for i := range segments {
			a, b := l.p[i], l.p[(i+1)%n]
			o := normal(a, b, h)
			add(point{a.x + o.x, a.y + o.y}, point{b.x + o.x, b.y + o.y}, point{b.x - o.x, b.y - o.y}, point{a.x - o.x, a.y - o.y})
		}
		for i := range n {
			if !l.closed && (i == 0 || i == n-1) {
				if round {
					add(disc(l.p[i], h)...)
				}
				continue
			}
			if round {
				add(disc(l.p[i], h)...)
			} else {
				add(join(l.p[(i+n-1)%n], l.p[i], l.p[(i+1)%n], h)...)
			}
		}
	}
	return out
}

// normal is the step of length h to the side of a segment.
func normal(a, b point, h float64) point {
	d := dist(a, b)
	return point{-(b.y - a.y) / d * h, (b.x - a.x) / d * h}
}

// join fills the outer corner at b with a mitre, or a bevel where it is too sharp.
func join(a, b, c point, h float64) []point {
	m, n := normal(a, b, h), normal(b, c, h)
	if cross := m.x*n.y - m.y*n.x; cross > 0 { // turns towards the side of the normals: the other side is outside
		m, n = point{-m.x, -m.y}, point{-n.x, -n.y}
	}
	p, q := point{b.x + m.x, b.y + m.y}, point{b.x + n.x, b.y + n.y}
	sx, sy := m.x+n.x, m.y+n.y
	half := (sx*sx + sy*sy) / (4 * h * h) // squared cosine of half the turn
	if half < 1.0/(miterLimit*miterLimit) {
		return []point{b, p, q}
	}
	k := 1 / (2 * half)
	return []point{b, p, {b.x + sx*k, b.y + sy*k}, q}
}

func disc(c point, r float64) []point {
	n := int(min(48, 8+4*r))
	out := make([]point, n)
	for i := range out {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(n))
		out[i] = point{c.x + r*cos, c.y + r*sin}
	}
	return out
}

func area(p []point) float64 {
	a := 0.0
	for i := range p {
		j := (i + 1) % len(p)
		a += p[i].x*p[j].y - p[j].x*p[i].y
	}
	return a
}
