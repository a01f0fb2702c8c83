package export

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

type point struct{ x, y float64 }

// path is a sequence of steps: M and L have one point, Q two, C three, Z none. All are absolute.
type path []step

type step struct {
	op byte
	p  [3]point
}

func (s step) points() []point {
	return s.p[:map[byte]int{'M': 1, 'L': 1, 'Q': 2, 'C': 3}[s.op]]
}

// placed is the path moved and scaled.
func (p path) placed(t transform) path {
	out := make(path, len(p))
	for i, s := range p {
		for j := range s.p {
			s.p[j] = t.apply(s.p[j])
		}
		out[i] = s
	}
	return out
}

// transform scales, then moves.
type transform struct{ sx, sy, tx, ty float64 }

func (t transform) apply(p point) point { return point{t.sx*p.x + t.tx, t.sy*p.y + t.ty} }

// then is o inside t.
func (t transform) then(o transform) transform {
	return transform{t.sx * o.sx, t.sy * o.sy, t.sx*o.tx + t.tx, t.sy*o.ty + t.ty}
}

// scale is how much lengths grow, on average of both directions.
func (t transform) scale() float64 { return math.Sqrt(math.Abs(t.sx * t.sy)) }

// pathReader reads SVG path data.
type pathReader struct {
	s   string
	err error
	out path
	// at is the current point, start that of the contour, ctrl the last control point of a curve of kind.
	at, start, ctrl point
	kind            byte
}

// parsePath reads the value of a d attribute: all commands of SVG 1.1 but arcs of ellipses that are turned.
func parsePath(s string) (path, error) {
	r := &pathReader{s: s}
	op := byte(0)
	for {
		r.space()
		if r.s == "" || r.err != nil {
			break
		}
		if c := r.s[0]; strings.IndexByte("MmLlHhVvCcSsQqTtAaZz", c) >= 0 {
			op, r.s = c, r.s[1:]
		} else if op == 0 || op|0x20 == 'z' {
			return nil, fmt.Errorf("export: path data %.40q", s)
		}
		r.command(op)
		if op == 'M' { // what follows a move without a letter is a line
			op = 'L'
		} else if op == 'm' {
			op = 'l'
		}
	}
	if r.err != nil {
		return nil, fmt.Errorf("export: path data %.40q: %w", s, r.err)
	}
	return r.out, nil
}

func (r *pathReader) space() { r.s = strings.TrimLeft(r.s, " ,\t\r\n") }

// number takes a number; "1.5.5" is 1.5 and .5.
func (r *pathReader) number() float64 {
	r.space()
	n, dot, exp := 0, false, false
	for n < len(r.s) {
		c := r.s[n]
		switch {
		case c >= '0' && c <= '9':
		case c == '.' && !dot && !exp:
			dot = true
		case (c == 'e' || c == 'E') && !exp && n > 0:
			exp = true
		case (c == '-' || c == '+') && (n == 0 || r.s[n-1]|0x20 == 'e'):
		default:
			goto end
		}
		n++
	}
end:
	v, err := strconv.ParseFloat(r.s[:n], 64)
	if err != nil && r.err == nil {
		r.err = err
	}
	r.s = r.s[n:]
	return v
}

// flag takes a 0 or 1, which may stand without a space behind it.
func (r *pathReader) flag() bool {
	r.space()
	if r.s == "" || r.s[0] != '0' && r.s[0] != '1' {
		r.err = fmt.Errorf("no flag")
		return false
	}
	on := r.s[0] == '1'
	r.s = r.s[1:]
	return on
}

func (r *pathReader) point(relative bool) point {
	p := point{r.number(), r.number()}
	if relative {
		p = point{p.x + r.at.x, p.y + r.at.y}
	}
	return p
}

func (r *pathReader) add(op byte, p ...point) {
	s := step{op: op}
	copy(s.p[:], p)
	r.out = append(r.out, s)
	if len(p) > 0 {
		r.at = p[len(p)-1]
	}
}

// mirrored is the control point opposite to the last one of the same kind of curve.
func (r *pathReader) mirrored(kind byte) point {
	if r.kind != kind {
		return r.at
	}
	return point{2*r.at.x - r.ctrl.x, 2*r.at.y - r.ctrl.y}
}

func (r *pathReader) command(op byte) {
	rel := op >= 'a'
	kind := byte(0)
	switch op | 0x20 {
	case 'm':
		r.add('M', r.point(rel))
		r.start = r.at
	case 'l':
		r.add('L', r.point(rel))
	case 'h':
		x := r.number()
		if rel {
			x += r.at.x
		}
		r.add('L', point{x, r.at.y})
	case 'v':
		y := r.number()
		if rel {
			y += r.at.y
		}
		r.add('L', point{r.at.x, y})
	case 'c':
		a, b, c := r.point(rel), r.point(rel), r.point(rel)
		r.ctrl, kind = b, 'c'
		r.add('C', a, b, c)
	case 's':
		a, b, c := r.mirrored('c'), r.point(rel), r.point(rel)
		r.ctrl, kind = b, 'c'
		r.add('C', a, b, c)
	case 'q':
		a, b := r.point(rel), r.point(rel)
		r.ctrl, kind = a, 'q'
		r.add('Q', a, b)
	case 't':
		a, b := r.mirrored('q'), r.point(rel)
		r.ctrl, kind = a, 'q'
		r.add('Q', a, b)
	case 'a':
		rx, ry, turn := r.number(), r.number(), r.number()
		large, sweep := r.flag(), r.flag()
		to := r.point(rel)
		if rx != ry && turn != 0 && r.err == nil {
			r.err = fmt.Errorf("a turned ellipse")
		}
		r.arc(math.Abs(rx), math.Abs(ry), large, sweep, to)
	case 'z':
		r.add('Z')
		r.at = r.start
	}
	r.kind = kind
}

// arc adds an arc of an ellipse as curves of at most a quarter (SVG 1.1, appendix F.6).
func (r *pathReader) arc(rx, ry float64, large, sweep bool, to point) {
	from := r.at
	if rx == 0 || ry == 0 || from == to {
		r.add('L', to)
		return
	}
	dx, dy := (from.x-to.x)/2/rx, (from.y-to.y)/2/ry // on the unit circle, from the middle of the chord
	d := dx*dx + dy*dy
	if d > 1 {
		k := math.Sqrt(d)
		rx, ry, dx, dy, d = rx*k, ry*k, dx/k, dy/k, 1
	}
	k := math.Sqrt(max(0, 1/d-1))
	if large == sweep {
		k = -k
	}
	cx, cy := k*dy, -k*dx
	a0, a1 := math.Atan2(dy-cy, dx-cx), math.Atan2(-dy-cy, -dx-cx)
	if sweep && a1 < a0 {
		a1 += 2 * math.Pi
	} else if !sweep && a1 > a0 {
		a1 -= 2 * math.Pi
	}
	mid := point{(from.x+to.x)/2 + cx*rx, (from.y+to.y)/2 + cy*ry}
	n := int(math.Ceil(math.Abs(a1-a0)/(math.Pi/2) - 1e-9))
	for i := range n {
		b0, b1 := a0+(a1-a0)*float64(i)/float64(n), a0+(a1-a0)*float64(i+1)/float64(n)
		h := 4.0 / 3 * math.Tan((b1-b0)/4)
		on := func(a, t float64) point {
			return point{mid.x + rx*(math.Cos(a)-t*math.Sin(a)), mid.y + ry*(math.Sin(a)+t*math.Cos(a))}
		}
		end := on(b1, 0)
		if i == n-1 {
			end = to
		}
		r.add('C', on(b0, h), on(b1, -h), end)
	}
}

// ellipse is a closed ellipse.
func ellipse(cx, cy, rx, ry float64) path {
	r := &pathReader{}
	r.add('M', point{cx + rx, cy})
	r.arc(rx, ry, false, true, point{cx - rx, cy})
	r.arc(rx, ry, false, true, point{cx + rx, cy})
	r.add('Z')
	return r.out
}

// rectangle is a closed rectangle with round corners.
func rectangle(x, y, w, h, rx, ry float64) path {
	rx, ry = min(rx, w/2), min(ry, h/2) // a negative width turns the path round
	r := &pathReader{}
	if rx <= 0 || ry <= 0 {
		r.add('M', point{x, y})
		r.add('L', point{x + w, y})
		r.add('L', point{x + w, y + h})
		r.add('L', point{x, y + h})
		r.add('Z')
		return r.out
	}
	r.add('M', point{x + rx, y})
	r.add('L', point{x + w - rx, y})
	r.arc(rx, ry, false, true, point{x + w, y + ry})
	r.add('L', point{x + w, y + h - ry})
	r.arc(rx, ry, false, true, point{x + w - rx, y + h})
	r.add('L', point{x + rx, y + h})
	r.arc(rx, ry, false, true, point{x, y + h - ry})
	r.add('L', point{x, y + ry})
	r.arc(rx, ry, false, true, point{x + rx, y})
	r.add('Z')
	return r.out
}
