package kernel

import (
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"slices"
	"sync"
	"testing"

	"stride/internal/nn/nntest"
)

// convProblem draws a random geometry, with a bias for the small and the awkward.
func convProblem(r *rand.Rand) nntest.Conv {
	p := nntest.Conv{N: 1 + r.IntN(3), H: 1 + r.IntN(14), W: 1 + r.IntN(40), KH: 1 + r.IntN(4), KW: 1 + r.IntN(4),
		SH: 1 + r.IntN(3), SW: 1 + r.IntN(3), DH: 1 + r.IntN(2), DW: 1 + r.IntN(2), Groups: 1 + r.IntN(3)}
	switch r.IntN(4) {
	case 0: // depthwise
		p.Groups = 1 + r.IntN(20)
		p.C, p.Out = p.Groups, p.Groups*(1+r.IntN(2))
	case 1: // pointwise
		p.KH, p.KW = 1, 1
		fallthrough
	default:
		p.C, p.Out = p.Groups*(1+r.IntN(9)), p.Groups*(1+r.IntN(20))
	}
	if r.IntN(2) == 0 {
		p.SH, p.SW = 1, 1
	}
	p.PadTop, p.PadLeft = r.IntN(p.KH*p.DH+1), r.IntN(p.KW*p.DW+1)
	if r.IntN(3) == 0 {
		p.PadTop, p.PadLeft = 0, 0
	}
	// OH and OW follow from some padding at the far end.
	p.OH = max(1, (p.H+p.PadTop+r.IntN(p.KH*p.DH+1)-(p.KH-1)*p.DH-1)/p.SH+1)
	p.OW = max(1, (p.W+p.PadLeft+r.IntN(p.KW*p.DW+1)-(p.KW-1)*p.DW-1)/p.SW+1)
	return p
}

// convCases are shapes of real layers, small enough for seven loops, each taking another path.
var convCases = []nntest.Conv{
	{N: 1, C: 3, H: 32, W: 32, Out: 8, OH: 16, OW: 16, KH: 7, KW: 7, SH: 2, SW: 2, PadTop: 3, PadLeft: 3, DH: 1, DW: 1, Groups: 1},
	{N: 1, C: 16, H: 28, W: 28, Out: 25, OH: 28, OW: 28, KH: 3, KW: 3, SH: 1, SW: 1, PadTop: 1, PadLeft: 1, DH: 1, DW: 1, Groups: 1},
	{N: 1, C: 64, H: 7, W: 7, Out: 100, OH: 7, OW: 7, KH: 3, KW: 3, SH: 1, SW: 1, PadTop: 1, PadLeft: 1, DH: 1, DW: 1, Groups: 1},
	{N: 1, C: 400, H: 4, W: 4, Out: 13, OH: 4, OW: 4, KH: 1, KW: 1, SH: 1, SW: 1, DH: 1, DW: 1, Groups: 1},
	{N: 9, C: 50, H: 4, W: 4, Out: 30, OH: 4, OW: 4, KH: 3, KW: 3, SH: 1, SW: 1, PadTop: 1, PadLeft: 1, DH: 1, DW: 1, Groups: 1},
	{N: 5, C: 24, H: 9, W: 9, Out: 40, OH: 9, OW: 9, KH: 1, KW: 1, SH: 1, SW: 1, DH: 1, DW: 1, Groups: 1},
	{N: 2, C: 24, H: 24, W: 24, Out: 40, OH: 12, OW: 12, KH: 1, KW: 1, SH: 2, SW: 2, DH: 1, DW: 1, Groups: 1},
	{N: 2, C: 20, H: 17, W: 17, Out: 14, OH: 17, OW: 17, KH: 1, KW: 7, SH: 1, SW: 1, PadLeft: 3, DH: 1, DW: 1, Groups: 1},
	{N: 2, C: 32, H: 16, W: 16, Out: 32, OH: 16, OW: 16, KH: 3, KW: 3, SH: 1, SW: 1, PadTop: 1, PadLeft: 1, DH: 1, DW: 1, Groups: 32},
	{N: 2, C: 12, H: 15, W: 33, Out: 12, OH: 8, OW: 17, KH: 5, KW: 5, SH: 2, SW: 2, PadTop: 2, PadLeft: 2, DH: 1, DW: 1, Groups: 12},
	{N: 1, C: 8, H: 12, W: 50, Out: 8, OH: 12, OW: 50, KH: 3, KW: 3, SH: 1, SW: 1, PadTop: 2, PadLeft: 2, DH: 2, DW: 2, Groups: 8},
	{N: 1, C: 1, H: 20, W: 20, Out: 16, OH: 20, OW: 20, KH: 5, KW: 5, SH: 1, SW: 1, PadTop: 2, PadLeft: 2, DH: 1, DW: 1, Groups: 1},
}

// convCase is a problem with its data and the reference results.
type convCase struct {
	nntest.Conv
	x, w, b, dy    []float32
	y, dx, dw, dbs []float32
}

// convProblems are the fixed shapes and random ones. The references take seven loops each, so they are computed once.
var convProblems = sync.OnceValue(func() (cases []convCase) {
	shapes, r := slices.Clone(convCases), nntest.Rand(1)
	for range 100 {
		shapes = append(shapes, convProblem(r))
	}
	for i, p := range shapes {
		c := convCase{Conv: p, x: nntest.Normal(r, p.XLen()), w: nntest.Normal(r, p.WLen()), dy: nntest.Normal(r, p.YLen())}
		if i%3 != 0 {
			c.b = nntest.Normal(r, p.Out)
		}
		c.y, c.dx = p.Forward(c.x, c.w, c.b), p.BackwardInput(c.dy, c.w)
		c.dw, c.dbs = p.BackwardWeight(c.dy, c.x)
		cases = append(cases, c)
	}
	return cases
})

func TestConv(t *testing.T) {
	team := NewTeam(2)
	defer team.Close()
	eachImplementation(t, func(t *testing.T) {
		for i, p := range convProblems() {
			y, intact := nntest.Guarded(p.YLen(), i%8)
			Conv(y, nntest.At(p.x, i%5), nntest.At(p.w, i%7), p.b, ConvShape(p.Conv), team)
			nntest.Close(t, fmt.Sprintf("Conv %+v", p.Conv), y, p.y, 1e-5, sumTol(p.KH*p.KW*p.C/p.Groups))
			if !intact() {
				t.Fatalf("Conv %+v writes outside dst", p.Conv)
			}
		}
	})
}

// sumTol is the absolute difference to expect of a sum of n products of standard normal values. The running sum grows
// like √k, each step rounds it by up to 2⁻²⁵ of itself at random, so the errors add up like n·2⁻²⁵; with a margin of five.
func sumTol(n int) float64 { return 1e-6 + 1.5e-7*float64(n) }

func TestConvBackward(t *testing.T) {
	team := NewTeam(2)
	defer team.Close()
	eachImplementation(t, func(t *testing.T) {
		for i, p := range convProblems() {
			name := fmt.Sprintf("%+v", p.Conv)
			tol := sumTol(p.N * p.OH * p.OW)

			dx, intact := nntest.Guarded(p.XLen(), i%8)
			Fill(dx, 2)
			ConvBackwardInput(dx, nntest.At(p.dy, i%5), nntest.At(p.w, i%7), ConvShape(p.Conv), team)
			nntest.Close(t, "ConvBackwardInput "+name, dx, plus(p.dx, 2), 1e-5, sumTol(p.KH*p.KW*p.Out/p.Groups))
			if !intact() {
				t.Fatalf("ConvBackwardInput %s writes outside dx", name)
			}

			dw, dwIntact := nntest.Guarded(p.WLen(), i%8)
			db, dbIntact := nntest.Guarded(p.Out, i%8)
			Fill(dw, 3)
			Fill(db, 4)
			ConvBackwardWeight(dw, db, nntest.At(p.dy, i%5), nntest.At(p.x, i%3), ConvShape(p.Conv), team)
			nntest.Close(t, "ConvBackwardWeight dw "+name, dw, plus(p.dw, 3), 1e-5, tol)
			nntest.Close(t, "ConvBackwardWeight db "+name, db, plus(p.dbs, 4), 1e-5, 1e-5)
			if !dwIntact() || !dbIntact() {
				t.Fatalf("ConvBackwardWeight %s writes outside dw or db", name)
			}
			again := make([]float32, p.WLen())
			ConvBackwardWeight(again, nil, p.dy, p.x, ConvShape(p.Conv), nil)
			nntest.Close(t, "ConvBackwardWeight without db "+name, again, p.dw, 1e-5, tol)
		}
	})
}

// plus is v with d added to every value.
func plus(v []float32, d float32) []float32 {
	v = slices.Clone(v)
	addTo(v, d)
	return v
}

func addTo(v []float32, d float32) {
	for i := range v {
		v[i] += d
	}
}

func TestConvSameBytesForAnyThreads(t *testing.T) {
	eachImplementation(t, func(t *testing.T) {
		b := nntest.Normal(nntest.Rand(4), 128)
		for _, c := range convProblems()[:50] {
			p, x, w, dy, b := c.Conv, c.x, c.w, c.dy, b[:c.Out]
			var first [][]float32
			for _, threads := range teamSizes {
				team := NewTeam(threads)
				y, dx, dw, db := make([]float32, p.YLen()), make([]float32, p.XLen()), make([]float32, p.WLen()), make([]float32, p.Out)
				Conv(y, x, w, b, ConvShape(p), team)
				ConvBackwardInput(dx, dy, w, ConvShape(p), team)
				ConvBackwardWeight(dw, db, dy, x, ConvShape(p), team)
				team.Close()
				if first == nil {
					first = [][]float32{y, dx, dw, db}
					continue
				}
				for i, got := range [][]float32{y, dx, dw, db} {
					nntest.Same(t, fmt.Sprintf("output %d with %d threads, %+v", i, threads, p), got, first[i])
				}
			}
		}
	})
}

// A NaN or an infinity must show wherever it takes part, and nowhere else: neither beside the row it is in nor in what
// the padding lanes of a vector touch.
func TestConvNasty(t *testing.T) {
	shapes := []nntest.Conv{
		{N: 2, C: 3, H: 7, W: 19, Out: 5, OH: 7, OW: 19, KH: 3, KW: 3, SH: 1, SW: 1, PadTop: 1, PadLeft: 1, DH: 1, DW: 1, Groups: 1},
		{N: 1, C: 4, H: 6, W: 21, Out: 4, OH: 6, OW: 21, KH: 3, KW: 3, SH: 1, SW: 1, PadTop: 1, PadLeft: 1, DH: 1, DW: 1, Groups: 4},
		{N: 1, C: 3, H: 8, W: 20, Out: 3, OH: 3, OW: 9, KH: 3, KW: 3, SH: 2, SW: 2, DH: 1, DW: 1, Groups: 3},
	}
	sameNaNs := func(t *testing.T, what string, got, want []float32) {
		t.Helper()
		for i := range got { // the sums that overflow are not compared: float64 overflows later
			if (got[i] != got[i]) != (want[i] != want[i]) {
				t.Fatalf("%s: [%d] = %g, want %g", what, i, got[i], want[i])
			}
		}
	}
	eachImplementation(t, func(t *testing.T) {
		r := nntest.Rand(5)
		for _, p := range shapes {
			x, w, dy := nntest.Normal(r, p.XLen()), nntest.Normal(r, p.WLen()), nntest.Normal(r, p.YLen())
			for _, v := range nntest.Special {
				for _, at := range []int{0, 18, 47, p.XLen() / 2, p.XLen() - 1} {
					bad := slices.Clone(x)
					bad[at] = v
					what := fmt.Sprintf("x[%d] = %g, %+v", at, v, p)
					y, dw := make([]float32, p.YLen()), make([]float32, p.WLen())
					Conv(y, bad, w, nil, ConvShape(p), nil)
					sameNaNs(t, "Conv, "+what, y, p.Forward(bad, w, nil))
					ConvBackwardWeight(dw, nil, dy, bad, ConvShape(p), nil)
					wantW, _ := p.BackwardWeight(dy, bad)
					sameNaNs(t, "ConvBackwardWeight, "+what, dw, wantW)

					bad = slices.Clone(dy)
					at = min(at, len(dy)-1)
					bad[at] = v
					dx := make([]float32, p.XLen())
					ConvBackwardInput(dx, bad, w, ConvShape(p), nil)
					sameNaNs(t, fmt.Sprintf("ConvBackwardInput, dy[%d] = %g, %+v", at, v, p), dx, p.BackwardInput(bad, w))
				}
			}
		}
	})
}

func TestConvAllocatesNothing(t *testing.T) {
	team := NewTeam(2)
	defer team.Close()
	defer debug.SetGCPercent(debug.SetGCPercent(-1)) // a collection empties the pools
	eachImplementation(t, func(t *testing.T) {
		for _, p := range convCases {
			x, w, y := make([]float32, p.XLen()), make([]float32, p.WLen()), make([]float32, p.YLen())
			for _, ws := range []Workers{team, nil} {
				got := testing.AllocsPerRun(20, func() {
					Conv(y, x, w, nil, ConvShape(p), ws)
					ConvBackwardInput(x, y, w, ConvShape(p), ws)
					ConvBackwardWeight(w, nil, y, x, ConvShape(p), ws)
				})
				if got > 2 { // a thread may leave something in the pool of the processor it moves away from
					t.Errorf("%+v: %v allocations per run", p, got)
				}
			}
		}
	})
}

func TestConvPanics(t *testing.T) {
	s := ConvShape{N: 1, C: 2, H: 3, W: 3, Out: 2, OH: 3, OW: 3, KH: 1, KW: 1, SH: 1, SW: 1, DH: 1, DW: 1, Groups: 1}
	tests := []struct {
		name, want string
		call       func()
	}{
		{"short dst", "kernel: Conv: len(dst) = 17, want N*Out*OH*OW = 18", func() {
			Conv(make([]float32, 17), make([]float32, 18), make([]float32, 4), nil, s, nil)
		}},
		{"groups", "kernel: Conv: Groups = 3 does not divide C = 2 and Out = 2", func() {
			s := s
			s.Groups = 3
			Conv(nil, nil, nil, nil, s, nil)
		}},
		{"no stride", "kernel: ConvBackwardInput: SH = 0, want at least 1", func() {
			s := s
			s.SH = 0
			ConvBackwardInput(nil, nil, nil, s, nil)
		}},
	}
	for _, tt := range tests {
		func() {
			defer func() {
				if got := recover(); got != tt.want {
					t.Errorf("%s: panic %q, want %q", tt.name, got, tt.want)
				}
			}()
			tt.call()
		}()
	}
}
