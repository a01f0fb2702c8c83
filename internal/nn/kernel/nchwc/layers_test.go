package nchwc

import (
	"fmt"
	"math"
	"testing"
)

// runBound executes a job on one and on three workers into dst and checks that the bytes agree and nothing else was written.
func runBound(t *testing.T, what string, s *Set, dst fenced, bind func(e *Env) Job) []float32 {
	t.Helper()
	var first []float32
	for _, threads := range []int{1, 2, 3, 8} {
		e := NewEnv(s, threads)
		j := bind(e)
		e.Alloc()
		runParallel(j, threads)
		dst.check(t)
		got := unpacked(dst.Map)
		if first == nil {
			first = got
		}
		sameBytes(t, fmt.Sprint(what, " threads ", threads), first, got)
	}
	return first
}

func TestDepthwise(t *testing.T) {
	eachSet(t, func(t *testing.T, s *Set) {
		i := uint64(0)
		for _, k := range []int{3, 5, 7} {
			for _, stride := range []int{1, 2, 3} {
				for _, w := range []int{1, 2, 6, 7, 8, 13, 14, 15, 29} {
					i++
					p := problem{ConvShape: square(20, 20, k, stride, k/2, 20), H: 6, W: w, Bias: true, Act: Act(i % 4), OutHalo: int(i) % 3}
					x, wt, bias, _ := p.data(newRand(i))
					oh, ow := p.out()
					src := packed(x, p.In, p.H, p.W, p.PadTop+int(i)%2, p.PadTop, s.Block)
					dst := newFenced(p.Out, oh, ow, p.OutHalo, 1, s.Block)
					got := runBound(t, p.String(), s, dst, func(e *Env) Job {
						return e.Depthwise(s.PackDepthwise(p.ConvShape, wt, bias, nil), dst.Map, src.Map, p.Act)
					})
					compare(t, p.String(), got, convRef(p.ConvShape, x, p.H, p.W, wt, bias, nil, oh, ow, p.Act), 1e-5)
				}
			}
		}
	})
}

// The error of both algorithms stays within 2e-5 of the largest output for unit normal data.
func TestWinograd(t *testing.T) {
	problems := []problem{
		{ConvShape: square(16, 16, 3, 1, 1, 1), H: 4, W: 4},
		{ConvShape: square(24, 40, 3, 1, 1, 1), H: 7, W: 7, Bias: true, Act: ReLU, OutHalo: 1},
		{ConvShape: square(32, 32, 3, 1, 1, 1), H: 14, W: 14, Bias: true, Res: true, Act: ReLU},
		{ConvShape: square(8, 17, 3, 1, 1, 1), H: 9, W: 30, Bias: true, Res: true, Act: ReLU6, OutHalo: 2},
		{ConvShape: square(16, 16, 3, 1, 1, 1), H: 13, W: 5, Bias: true, Act: SiLU},
		{ConvShape: square(16, 16, 3, 1, 1, 1), H: 1, W: 3, Act: Tanh},
		{ConvShape: square(64, 64, 3, 1, 1, 1), H: 56, W: 56, Bias: true, Act: ReLU, OutHalo: 1},
		{ConvShape: square(16, 16, 5, 1, 2, 1), H: 2, W: 2},
		{ConvShape: square(24, 40, 5, 1, 2, 1), H: 13, W: 27, Bias: true, Res: true, Act: ReLU, OutHalo: 1},
		{ConvShape: square(16, 32, 5, 1, 2, 1), H: 7, W: 14, Bias: true, Act: SiLU},
	}
	eachSet(t, func(t *testing.T, s *Set) {
		for i, p := range problems {
			if s.Name != Best().Name && p.H == 56 {
				continue
			}
			kinds := []WinogradKind{F4x3, F2x3}
			if p.KH == 5 {
				kinds = []WinogradKind{F2x5}
			}
			for _, kind := range kinds {
				checkWinograd(t, s, p, kind, uint64(i))
			}
		}
	})
}

// checkWinograd runs a problem in private chunks and in phases.
func checkWinograd(t *testing.T, s *Set, p problem, kind WinogradKind, seed uint64) {
	t.Helper()
	x, w, bias, res := p.data(newRand(seed))
	oh, ow := p.out()
	want := convRef(p.ConvShape, x, p.H, p.W, w, bias, res, oh, ow, p.Act)
	u := s.PackWinograd(kind, p.In, p.Out, w, bias, nil, nil)
	before, h := kind.Halo(p.H)
	_, width := kind.Halo(p.W)
	for _, resident := range []int{len(u.u), 0} {
		src := packed(x, p.In, p.H, p.W, before, max(h, width), s.Block)
		dst := newFenced(p.Out, oh, ow, p.OutHalo, p.OutHalo, s.Block)
		var rm Map
		if res != nil {
			rm = packed(res, p.Out, oh, ow, 1, 0, s.Block).Map
		}
		got := runBound(t, p.String(), s, dst, func(e *Env) Job { return e.winograd(u, dst.Map, src.Map, rm, p.Act, resident) })
		compare(t, fmt.Sprint(kind, " ", p), got, want, 2e-5)
	}
}

// poolRef is pooling by its definition; count is the divisor of a mean.
func poolRef(x []float32, c, h, w int, p PoolShape, oh, ow int, avg bool) []float64 {
	out := make([]float64, c*oh*ow)
	for ch := range c {
		for y := range oh {
			for xx := range ow {
				best, sum, n := math.Inf(-1), 0.0, 0
				for iy := y*p.SH - p.PadTop; iy < y*p.SH-p.PadTop+p.KH; iy++ {
					for ix := xx*p.SW - p.PadLeft; ix < xx*p.SW-p.PadLeft+p.KW; ix++ {
						inside := iy >= 0 && iy < h && ix >= 0 && ix < w
						if inside || (p.IncludePad && iy < h+p.PadTop && ix < w+p.PadLeft) {
							n++
						}
						if inside {
							v := float64(x[(ch*h+iy)*w+ix])
							sum += v
							if v > best || v != v {
								best = v
							}
						}
					}
				}
				if out[(ch*oh+y)*ow+xx] = best; avg {
					out[(ch*oh+y)*ow+xx] = sum / float64(n)
				}
			}
		}
	}
	return out
}

func TestPool(t *testing.T) {
	shapes := []struct {
		PoolShape
		h, w, oh, ow int
	}{
		{PoolShape{KH: 2, KW: 2, SH: 2, SW: 2}, 8, 10, 4, 5},
		{PoolShape{KH: 3, KW: 3, SH: 2, SW: 2}, 13, 13, 6, 6},
		{PoolShape{KH: 3, KW: 3, SH: 2, SW: 2, PadTop: 1, PadLeft: 1}, 12, 16, 6, 8},
		{PoolShape{KH: 3, KW: 3, SH: 2, SW: 2}, 8, 8, 4, 4}, // the last window hangs over the end (ceil mode)
		{PoolShape{KH: 3, KW: 3, SH: 1, SW: 1, PadTop: 1, PadLeft: 1, IncludePad: true}, 5, 7, 5, 7},
		{PoolShape{KH: 7, KW: 7, SH: 1, SW: 1}, 7, 7, 1, 1},
		{PoolShape{KH: 5, KW: 5, SH: 3, SW: 3, IncludePad: true}, 14, 14, 4, 4},
	}
	eachSet(t, func(t *testing.T, s *Set) {
		for i, p := range shapes {
			x := randoms(newRand(uint64(i)), 20*p.h*p.w)
			x[3] = float32(math.NaN())
			x[p.h*p.w] = float32(math.Inf(1))
			x[3*p.h*p.w] = float32(math.Inf(-1))
			for _, avg := range []bool{false, true} {
				src := packed(x, 20, p.h, p.w, i%2, 1, s.Block)
				dst := newFenced(20, p.oh, p.ow, 1, i%2, s.Block)
				got := runBound(t, "pool", s, dst, func(e *Env) Job {
					if avg {
						return e.AvgPool(p.PoolShape, dst.Map, src.Map)
					}
					return e.MaxPool(p.PoolShape, dst.Map, src.Map)
				})
				compare(t, fmt.Sprintf("%+v avg=%v", p, avg), got, poolRef(x, 20, p.h, p.w, p.PoolShape, p.oh, p.ow, avg), 1e-6)
			}
		}
	})
}

func TestAdaptiveAvgPool(t *testing.T) {
	eachSet(t, func(t *testing.T, s *Set) {
		for _, c := range []struct{ h, w, out int }{{7, 7, 1}, {6, 6, 6}, {13, 9, 6}, {5, 5, 7}, {112, 3, 1}} {
			x := randoms(newRand(1), 18*c.h*c.w)
			src, dst := packed(x, 18, c.h, c.w, 1, 1, s.Block), newFenced(18, c.out, c.out, 0, 0, s.Block)
			want := make([]float64, 18*c.out*c.out)
			for ch := range 18 {
				for oy := range c.out {
					for ox := range c.out {
						sum, n := 0.0, 0
						for y := oy * c.h / c.out; y < ((oy+1)*c.h+c.out-1)/c.out; y++ {
							for xx := ox * c.w / c.out; xx < ((ox+1)*c.w+c.out-1)/c.out; xx++ {
								sum += float64(x[(ch*c.h+y)*c.w+xx])
								n++
							}
						}
						want[(ch*c.out+oy)*c.out+ox] = sum / float64(n)
					}
				}
			}
			got := runBound(t, "adaptive", s, dst, func(e *Env) Job { return e.AdaptiveAvgPool(dst.Map, src.Map) })
			compare(t, fmt.Sprint(c), got, want, 1e-6)
		}
	})
}

func TestDense(t *testing.T) {
	eachSet(t, func(t *testing.T, s *Set) {
		for _, c := range []struct{ c, h, w, out, halo int }{{37, 1, 1, 10, 0}, {20, 3, 2, 129, 0}, {16, 2, 2, 1000, 1}, {1, 1, 1, 1, 0}} {
			k := c.c * c.h * c.w
			r := newRand(uint64(k))
			x, w, bias := randoms(r, k), randoms(r, k*c.out), randoms(r, c.out)
			src, dst := packed(x, c.c, c.h, c.w, c.halo, 0, s.Block), newFenced(c.out, 1, 1, 0, 0, s.Block)
			for _, act := range []Act{Identity, ReLU, Sigmoid} {
				want := convRef(ConvShape{In: k, Out: c.out, Groups: 1, KH: 1, KW: 1, SH: 1, SW: 1, DH: 1, DW: 1}, x, 1, 1, w, bias, nil, 1, 1, act)
				got := runBound(t, "dense", s, dst, func(e *Env) Job {
					return e.Dense(s.PackDense(c.out, src.Map, w, bias, nil), dst.Map, src.Map, act)
				})
				compare(t, fmt.Sprint(c, act), got, want, 1e-5)
			}
		}
	})
}

func TestLRN(t *testing.T) {
	eachSet(t, func(t *testing.T, s *Set) {
		for _, c := range []struct {
			c, n       int
			k, a, beta float32
		}{{20, 5, 2, 0.5, 0.75}, {64, 5, 1, 1e-4 / 5, 0.75}, {9, 3, 1, 0.3, 0.5}, {33, 5, 1, 0.1, 0.6}} {
			x := randoms(newRand(uint64(c.c)), c.c*12)
			src, dst := packed(x, c.c, 3, 4, 1, 0, s.Block), newFenced(c.c, 3, 4, 0, 2, s.Block)
			want := make([]float64, len(x))
			for ch := range c.c {
				for i := range 12 {
					sum := 0.0
					for q := max(ch-c.n/2, 0); q < min(ch-c.n/2+c.n, c.c); q++ {
						sum += float64(x[q*12+i]) * float64(x[q*12+i])
					}
					want[ch*12+i] = float64(x[ch*12+i]) / math.Pow(float64(c.k)+float64(c.a)*sum, float64(c.beta))
				}
			}
			got := runBound(t, "lrn", s, dst, func(e *Env) Job { return e.LRN(dst.Map, src.Map, c.n, c.k, c.a, c.beta) })
			compare(t, fmt.Sprint(c), got, want, 2e-6)
		}
	})
}

func TestPointwiseJobs(t *testing.T) {
	const c, h, w = 21, 3, 5
	r := newRand(9)
	x, y, gate := randoms(r, c*h*w), randoms(r, c*h*w), randoms(r, c)
	scale, shift := randoms(r, c), randoms(r, c)
	ref := func(f func(ch, i int) float64) []float64 {
		v := make([]float64, c*h*w)
		for i := range v {
			v[i] = f(i/(h*w), i)
		}
		return v
	}
	eachSet(t, func(t *testing.T, s *Set) {
		a, b := packed(x, c, h, w, 1, 1, s.Block), packed(y, c, h, w, 0, 2, s.Block)
		g := packed(gate, c, 1, 1, 0, 0, s.Block)
		for _, act := range []Act{Identity, ReLU, ReLU6, SiLU, Sigmoid, Tanh, HardSwish, HardSigmoid} {
			dst := newFenced(c, h, w, 1, 0, s.Block)
			check := func(what string, j func(e *Env) Job, f func(ch, i int) float64) {
				t.Helper()
				compare(t, fmt.Sprint(what, act), runBound(t, what, s, dst, j), ref(f), 1e-6)
			}
			check("act", func(e *Env) Job { return e.Act(act, dst.Map, a.Map) }, func(_, i int) float64 { return actRef(act, float64(x[i])) })
			check("affine", func(e *Env) Job { return e.Affine(scale, shift, dst.Map, a.Map, act) }, func(ch, i int) float64 {
				return actRef(act, float64(x[i])*float64(scale[ch])+float64(shift[ch]))
			})
			check("add", func(e *Env) Job { return e.Add(dst.Map, a.Map, b.Map, act) }, func(_, i int) float64 { return actRef(act, float64(x[i]+y[i])) })
			check("mul", func(e *Env) Job { return e.Mul(dst.Map, a.Map, b.Map, act) }, func(_, i int) float64 { return actRef(act, float64(x[i]*y[i])) })
			check("scale", func(e *Env) Job { return e.Scale(dst.Map, a.Map, g.Map) }, func(ch, i int) float64 { return float64(x[i] * gate[ch]) })
		}
	})
}

func TestCopyConcatenates(t *testing.T) {
	eachSet(t, func(t *testing.T, s *Set) {
		for _, parts := range [][]int{{16, 32}, {5, 11, 7}, {24, 40}, {16, 3}, {3, 16}} {
			total := 0
			for _, c := range parts {
				total += c
			}
			dst := newFenced(total, 3, 4, 1, 1, s.Block)
			var want []float64
			first := 0
			for i, c := range parts {
				x := randoms(newRand(uint64(i)), c*12)
				for _, v := range x {
					want = append(want, float64(v))
				}
				src := packed(x, c, 3, 4, i%2, 0, s.Block)
				NewEnv(s, 1).Copy(dst.Map, first, src.Map).Run()
				first += c
			}
			dst.check(t)
			compare(t, fmt.Sprint(parts), unpacked(dst.Map), want, 0)
		}
	})
}

func TestSoftmax(t *testing.T) {
	eachSet(t, func(t *testing.T, s *Set) {
		for _, n := range []int{1, 10, 16, 1000} {
			x := randoms(newRand(uint64(n)), n)
			for i := range x {
				x[i] = x[i]*20 + 300
			}
			src, dst := packed(x, n, 1, 1, 0, 0, s.Block), newFenced(n, 1, 1, 0, 0, s.Block)
			top, sum := float64(x[0]), 0.0
			for _, v := range x {
				top = max(top, float64(v))
			}
			want := make([]float64, n)
			for i, v := range x {
				want[i] = math.Exp(float64(v) - top)
				sum += want[i]
			}
			for i := range want {
				want[i] /= sum
			}
			compare(t, "softmax", runBound(t, "softmax", s, dst, func(e *Env) Job { return e.Softmax(dst.Map, src.Map) }), want, 5e-7)
		}
	})
}

// The stated errors of the transcendental functions, over their whole range.
func TestTranscendentalErrors(t *testing.T) {
	eachSet(t, func(t *testing.T, s *Set) {
		x := make([]float32, 1<<16)
		for i := range x {
			x[i] = float32(i-1<<15) / (1 << 15) * 86.9
			if i%2 == 0 {
				x[i] /= float32(int(1) << (i % 20))
			}
		}
		for _, c := range []struct {
			name     string
			f        func(dst, src []float32)
			ref      func(float64) float64
			rel, abs float64
		}{
			{"exp", s.exp, math.Exp, 2.4e-7, 0},
			{"sigmoid", s.sigmoid, func(x float64) float64 { return 1 / (1 + math.Exp(-x)) }, 4e-7, 2e-38},
			{"silu", s.silu, func(x float64) float64 { return x / (1 + math.Exp(-x)) }, 4e-7, 1e-36},
			{"tanh", s.tanh, math.Tanh, 0, 2e-7},
		} {
			got := make([]float32, len(x))
			c.f(got, x)
			for i, v := range x {
				want := c.ref(float64(v))
				if d := math.Abs(float64(got[i]) - want); d > c.rel*math.Abs(want)+c.abs {
					t.Fatalf("%s(%v) = %v, want %v: error %.3g, stated %.3g", c.name, v, got[i], want, d, c.rel*math.Abs(want)+c.abs)
				}
			}
			special := make([]float32, s.Block)
			special[0], special[1], special[2] = float32(math.NaN()), 1e30, -1e30
			c.f(special, special)
			if special[0] == special[0] {
				t.Errorf("%s(NaN) = %v", c.name, special[0])
			}
			for i, v := range special[1:3] {
				if v != v || math.IsInf(float64(v), 0) {
					t.Errorf("%s of huge value %d = %v", c.name, i, v)
				}
			}
		}
	})
}
