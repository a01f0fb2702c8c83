package export

import (
	"math"
	"testing"
)

func TestParsePath(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"lines", "M1 2L3 4 5 6H7V8z", "M1 2L3 4L5 6L7 6L7 8Z"},
		{"relative", "m1 2l1 1 1 1h1v1Z", "M1 2L2 3L3 4L4 4L4 5Z"},
		{"lines after a move", "M0 0 1 1", "M0 0L1 1"},
		{"after closing", "M1 1h2zl1 0", "M1 1L3 1ZL2 1"},
		{"tight numbers", "M.5.5-1-1", "M0.5 0.5L-1 -1"},
		{"curves", "M0 0C1 0 2 1 2 2S3 4 4 4", "M0 0C1 0 2 1 2 2C2 3 3 4 4 4"},
		{"quadratic", "M0 0q1 0 1 1t1 1", "M0 0Q1 0 1 1Q1 2 2 2"},
		{"arc flags", "M0 0a1 1 0 011 1", "M0 0C0.55 0 1 0.45 1 1"},
		{"exponent", "M1e1 2e-1", "M10 0.2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, err := parsePath(c.in)
			if err != nil || p.String() != c.want {
				t.Errorf("got %q, %v, want %q", p.String(), err, c.want)
			}
		})
	}
	for _, bad := range []string{"L", "M1", "M1 2X3", "1 2", "M0 0zz1", "M0 0a1 2 30 0 0 1 1", "M0 0a1 1 0 2 0 1 1", "Mx y"} {
		if p, err := parsePath(bad); err == nil {
			t.Errorf("%q was read as %q", bad, p.String())
		}
	}
}

// TestArc: all points of an arc lie on its ellipse, and a half circle of a large arc goes the way of its flag.
func TestArc(t *testing.T) {
	for _, sweep := range []bool{false, true} {
		r := &pathReader{}
		r.add('M', point{10, 0})
		r.arc(20, 10, true, sweep, point{-10, 0})
		lines := r.out.flat()
		top := 0.0
		for _, q := range lines[0].p {
			top = math.Max(top, math.Abs(q.y))
		}
		// The chord of half the width cuts a circle of radius 1 at half its radius: the far side is 1 + √¾ away.
		if want := 10 * (1 + math.Sqrt(0.75)); math.Abs(top-want) > 0.05 {
			t.Errorf("sweep %v: the arc reaches %g, want %g", sweep, top, want)
		}
	}
}

// TestStroke: the area of a stroke is its length times its width, corners included.
func TestStroke(t *testing.T) {
	for _, c := range []struct {
		name  string
		path  path
		width float64
		dash  []float64
		want  float64
	}{
		{"line", path{{op: 'M', p: [3]point{{2, 3}}}, {op: 'L', p: [3]point{{12, 3}}}}, 2, nil, 20},
		{"frame", rectangle(5, 5, 20, 10, 0, 0), 2, nil, 22*12 - 18*8},
		{"circle", ellipse(20, 20, 10, 10), 4, nil, math.Pi * (12*12 - 8*8)},
		{"dashes that end at corners", rectangle(5, 5, 20, 10, 0, 0), 1, []float64{3, 2}, 36},
		{"dashes around corners", rectangle(5, 5, 20, 10, 3, 3), 1, []float64{5, 0, 5, 0}, 2*(14+4) + 2*math.Pi*3},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := &Picture{W: 40, H: 40, nodes: []node{&shape{path: c.path, stroke: paint{A: 1}, width: c.width, dash: c.dash}}}
			if got := ink(t, p, 4); math.Abs(got-c.want) > 0.01*c.want {
				t.Errorf("the stroke covers %g, want %g", got, c.want)
			}
		})
	}
}

func TestDashes(t *testing.T) {
	p := path{{op: 'M'}, {op: 'L', p: [3]point{{20, 0}}}, {op: 'L', p: [3]point{{20, 20}}}}
	total := 0.0
	for _, l := range dashed(p.flat(), []float64{3, 2}) {
		for i := 1; i < len(l.p); i++ {
			total += dist(l.p[i-1], l.p[i])
		}
	}
	if math.Abs(total-24) > 1e-9 {
		t.Errorf("dashes of 3 and gaps of 2 over 40 have the length %g, want 24", total)
	}
}

func FuzzParsePath(f *testing.F) {
	for _, s := range []string{"M0 0L1 1z", "m1-1a1 2 0 1 1 3 4", "M0 0c1 1 2 2 3 3s1 1 2 2q1 1 2 2t1 1", "M1e9 1H.5V-.5"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := parsePath(s)
		if err != nil {
			return
		}
		q, err := parsePath(p.String())
		if err != nil || len(q) != len(p) {
			t.Errorf("%q was written as %q, which is not the same: %v", s, p.String(), err)
		}
	})
}
