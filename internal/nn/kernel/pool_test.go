package kernel

import (
	"fmt"
	"math"
	"testing"

	"stride/internal/nn/nntest"
)

// poolProblem draws a geometry in which every window meets the map; the last window may hang over the end.
func poolProblem(i int) nntest.Pool {
	r := nntest.Rand(uint64(i))
	p := nntest.Pool{N: 1 + r.IntN(2), C: 1 + r.IntN(4), H: 1 + r.IntN(20), W: 1 + r.IntN(40),
		KH: 1 + r.IntN(4), KW: 1 + r.IntN(4), SH: 1 + r.IntN(3), SW: 1 + r.IntN(3)}
	if i%4 == 0 {
		p.KH, p.KW, p.SH, p.SW = 2+i/4%2, 2+i/4%2, 2, 2
	}
	p.PadTop, p.PadLeft = r.IntN(p.KH/2+1), r.IntN(p.KW/2+1)
	out := func(size, k, s, pad int) int {
		most := (size-1+pad)/s + 1          // windows that meet the map
		floor := max((size+2*pad-k)/s+1, 1) // PyTorch's floor mode
		return min(most, floor+r.IntN(2))   // ceil mode adds at most one
	}
	p.OH, p.OW = out(p.H, p.KH, p.SH, p.PadTop), out(p.W, p.KW, p.SW, p.PadLeft)
	return p
}

func TestPool(t *testing.T) {
	team := NewTeam(2)
	defer team.Close()
	eachImplementation(t, func(t *testing.T) {
		for i := range 200 {
			p := poolProblem(i)
			s, planes := PoolShape(p), p.N*p.C
			in, out := planes*p.H*p.W, planes*p.OH*p.OW
			r := nntest.Rand(uint64(i))
			x, dy := nntest.Normal(r, in), nntest.Normal(r, out)
			if i%3 == 0 { // ties
				for j := range x {
					x[j] = float32(int(x[j]))
				}
			}
			name := fmt.Sprintf("%+v", p)

			y, intact := nntest.Guarded(out, i%8)
			idx := make([]int32, out)
			MaxPool(y, idx, nntest.At(x, i%5), s, team)
			want, at := p.Max(x)
			nntest.Same(t, "MaxPool "+name, y, want)
			dx, wantDx := make([]float32, in), make([]float32, in)
			MaxPoolBackward(dx, dy, idx, s, team)
			for j, a := range at {
				wantDx[a] += dy[j]
			}
			nntest.Close(t, "MaxPoolBackward "+name, dx, wantDx, 1e-6, 1e-6)
			Fill(y, 9)
			MaxPool(y, nil, x, s, nil)
			nntest.Same(t, "MaxPool without idx "+name, y, want)

			for _, include := range []bool{false, true} {
				w := p.AvgWeight(include)
				AvgPool(y, x, s, include, team)
				nntest.Close(t, fmt.Sprintf("AvgPool %v %s", include, name), y, nntest.Apply(w, x, planes), 1e-5, 1e-6)
				clear(dx)
				AvgPoolBackward(dx, dy, s, include, team)
				nntest.Close(t, fmt.Sprintf("AvgPoolBackward %v %s", include, name), dx, nntest.ApplyTransposed(w, dy, planes), 1e-5, 1e-6)
			}
			if !intact() {
				t.Fatalf("%s: wrote outside dst", name)
			}
		}
	})
}

// Divisors of a 3×3 window, stride 2, padding 1 on 4 columns in ceil mode, worked out by hand after PyTorch's rules: the
// last window starts at column 3 of 4 and would reach column 5, of which column 4 is padding and column 5 is nothing.
func TestAvgPoolCeilModeDivisor(t *testing.T) {
	s := PoolShape{N: 1, C: 1, H: 1, W: 4, OH: 1, OW: 3, KH: 1, KW: 3, SH: 1, SW: 2, PadLeft: 1}
	x := []float32{1, 2, 3, 4}
	tests := []struct {
		include bool
		want    []float32
	}{
		{false, []float32{1.5, 3, 4}},
		{true, []float32{1, 3, 2}},
	}
	for _, tt := range tests {
		y := make([]float32, 3)
		AvgPool(y, x, s, tt.include, nil)
		nntest.Same(t, fmt.Sprintf("include %v", tt.include), y, tt.want)
	}
}

func TestMaxPoolNasty(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	s := PoolShape{N: 1, C: 1, H: 2, W: 4, OH: 1, OW: 2, KH: 2, KW: 2, SH: 2, SW: 2}
	tests := []struct {
		name string
		x    []float32
		y    []float32
		idx  []int32
	}{
		{"NaN wins wherever it is", []float32{nan, 9, 1, inf, 2, 3, 4, nan}, []float32{nan, nan}, []int32{0, 7}},
		{"−Inf is a value", []float32{-inf, -inf, -inf, -1e38, -inf, -inf, -inf, -inf}, []float32{-inf, -1e38}, []int32{0, 3}},
		{"the first of equals", []float32{1, 1, -2, -2, 1, 1, -2, -2}, []float32{1, -2}, []int32{0, 2}},
	}
	eachImplementation(t, func(t *testing.T) {
		for _, tt := range tests {
			y, idx := make([]float32, 2), make([]int32, 2)
			MaxPool(y, idx, tt.x, s, nil)
			nntest.Same(t, tt.name, y, tt.y)
			if idx[0] != tt.idx[0] || idx[1] != tt.idx[1] {
				t.Errorf("%s: idx %v, want %v", tt.name, idx, tt.idx)
			}
		}
	})
}

func TestPoolPanicsOutsideTheMap(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a window beyond the map was accepted")
		}
	}()
	s := PoolShape{N: 1, C: 1, H: 4, W: 4, OH: 3, OW: 2, KH: 2, KW: 2, SH: 2, SW: 2}
	MaxPool(make([]float32, 6), nil, make([]float32, 16), s, nil)
}

func TestAdaptiveAvgPool(t *testing.T) {
	eachImplementation(t, func(t *testing.T) {
		for i, s := range []AdaptiveShape{{2, 3, 7, 7, 1, 1}, {1, 2, 13, 10, 6, 6}, {1, 1, 3, 5, 7, 7}, {2, 5, 4, 4, 4, 4}, {1, 9, 31, 17, 2, 3}} {
			r := nntest.Rand(uint64(i))
			w := make([][]float64, s.OH*s.OW)
			for o := range w {
				w[o] = make([]float64, s.H*s.W)
				y0, y1 := o/s.OW*s.H/s.OH, int(math.Ceil(float64(o/s.OW+1)*float64(s.H)/float64(s.OH)))
				x0, x1 := o%s.OW*s.W/s.OW, int(math.Ceil(float64(o%s.OW+1)*float64(s.W)/float64(s.OW)))
				for y := y0; y < y1; y++ {
					for x := x0; x < x1; x++ {
						w[o][y*s.W+x] = 1 / float64((y1-y0)*(x1-x0))
					}
				}
			}
			n := s.N * s.C
			x, dy := nntest.Normal(r, n*s.H*s.W), nntest.Normal(r, n*s.OH*s.OW)
			y, dx := make([]float32, len(dy)), make([]float32, len(x))
			AdaptiveAvgPool(y, x, s, nil)
			nntest.Close(t, fmt.Sprintf("AdaptiveAvgPool %+v", s), y, nntest.Apply(w, x, n), 1e-6, 1e-6)
			AdaptiveAvgPoolBackward(dx, dy, s, nil)
			nntest.Close(t, fmt.Sprintf("AdaptiveAvgPoolBackward %+v", s), dx, nntest.ApplyTransposed(w, dy, n), 1e-6, 1e-6)
		}
	})
}

func BenchmarkPool(b *testing.B) {
	s := PoolShape{N: 64, C: 64, H: 32, W: 32, OH: 16, OW: 16, KH: 2, KW: 2, SH: 2, SW: 2}
	s3 := PoolShape{N: 64, C: 64, H: 32, W: 32, OH: 16, OW: 16, KH: 3, KW: 3, SH: 2, SW: 2, PadTop: 1, PadLeft: 1}
	x, y := nntest.Normal(nntest.Rand(1), s.N*s.C*s.H*s.W), make([]float32, s.N*s.C*s.OH*s.OW)
	dx, idx := make([]float32, len(x)), make([]int32, len(y))
	for _, bm := range []struct {
		name string
		f    func()
	}{
		{"max2/train", func() { MaxPool(y, idx, x, s, nil) }},
		{"max2", func() { MaxPool(y, nil, x, s, nil) }},
		{"max3", func() { MaxPool(y, nil, x, s3, nil) }},
		{"max2/backward", func() { MaxPoolBackward(dx, y, idx, s, nil) }},
		{"avg2", func() { AvgPool(y, x, s, false, nil) }},
		{"avg2/backward", func() { AvgPoolBackward(dx, y, s, false, nil) }},
		{"global", func() { AdaptiveAvgPool(y[:s.N*s.C], x, AdaptiveShape{s.N, s.C, s.H, s.W, 1, 1}, nil) }},
	} {
		b.Run(bm.name, func(b *testing.B) {
			b.SetBytes(int64(4 * len(x)))
			for b.Loop() {
				bm.f()
			}
		})
	}
}
