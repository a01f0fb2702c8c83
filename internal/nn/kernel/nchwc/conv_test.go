package nchwc

import (
	"math"
	"testing"
)

// runConv computes a problem on set s with the given number of threads and returns NCHW.
func runConv(t *testing.T, s *Set, p problem, planar bool, threads int, x, w, bias, res []float32) []float32 {
	t.Helper()
	oh, ow := p.out()
	block, halo := s.Block, max(p.PadTop, p.PadLeft)+p.Extra
	if planar {
		block = 1
	}
	src := packed(x, p.In, p.H, p.W, halo, halo, block)
	dst := newFenced(p.Out, oh, ow, p.OutHalo, p.OutHalo, s.Block)
	var rm Map
	if res != nil {
		rm = packed(res, p.Out, oh, ow, p.Extra, p.OutHalo, s.Block).Map
	}
	e := NewEnv(s, threads)
	j := e.Conv(s.PackConv(p.ConvShape, planar, w, bias, nil, nil), dst.Map, src.Map, rm, p.Act)
	e.Alloc()
	runParallel(j, threads)
	dst.check(t)
	src.check(t)
	return unpacked(dst.Map)
}

func convProblems() []problem {
	rect := func(kh, kw, pt, pl int) ConvShape {
		return ConvShape{In: 16, Out: 24, Groups: 1, KH: kh, KW: kw, SH: 1, SW: 1, PadTop: pt, PadLeft: pl, DH: 1, DW: 1}
	}
	dilated := square(8, 16, 3, 1, 2, 1)
	dilated.DH, dilated.DW = 2, 2
	return []problem{
		{ConvShape: square(16, 16, 1, 1, 0, 1), H: 7, W: 7},
		{ConvShape: square(24, 40, 1, 1, 0, 1), H: 9, W: 13, Bias: true, Act: ReLU},
		{ConvShape: square(5, 3, 1, 1, 0, 1), H: 1, W: 1, Bias: true, Act: Sigmoid},
		{ConvShape: square(32, 48, 3, 1, 1, 1), H: 14, W: 14, Bias: true, Res: true, Act: ReLU, OutHalo: 1},
		{ConvShape: square(17, 33, 3, 2, 1, 1), H: 15, W: 16, Bias: true, Act: ReLU6, Extra: 1},
		{ConvShape: square(16, 32, 5, 1, 2, 1), H: 8, W: 8, Bias: true, OutHalo: 2},
		{ConvShape: square(16, 16, 7, 2, 3, 1), H: 20, W: 23, Act: SiLU},
		{ConvShape: square(96, 64, 5, 1, 2, 2), H: 6, W: 5, Bias: true, Act: ReLU},
		{ConvShape: square(32, 32, 3, 1, 1, 8), H: 6, W: 10, Bias: true}, // groups narrower than a block
		{ConvShape: square(30, 20, 3, 1, 1, 2), H: 4, W: 3},              // groups that straddle blocks
		{ConvShape: rect(1, 7, 0, 3), H: 8, W: 9, Bias: true, Act: Tanh},
		{ConvShape: rect(7, 1, 3, 0), H: 9, W: 8, Bias: true, Act: HardSwish},
		{ConvShape: dilated, H: 9, W: 11, Act: HardSigmoid},
		{ConvShape: square(16, 16, 3, 3, 0, 1), H: 17, W: 30},
	}
}

func TestConv(t *testing.T) {
	eachSet(t, func(t *testing.T, s *Set) {
		for i, p := range convProblems() {
			t.Run(p.String(), func(t *testing.T) {
				x, w, bias, res := p.data(newRand(uint64(i)))
				oh, ow := p.out()
				want := convRef(p.ConvShape, x, p.H, p.W, w, bias, res, oh, ow, p.Act)
				compare(t, "conv", runConv(t, s, p, false, 1, x, w, bias, res), want, 1e-5)
			})
		}
	})
}

func TestConvPlanar(t *testing.T) {
	problems := []problem{
		{ConvShape: square(3, 64, 7, 2, 3, 1), H: 32, W: 32, Bias: true, Act: ReLU, OutHalo: 1},
		{ConvShape: square(3, 96, 11, 4, 0, 1), H: 67, W: 67, Bias: true, Act: ReLU},
		{ConvShape: square(3, 20, 3, 2, 1, 1), H: 33, W: 31, Act: SiLU},
		{ConvShape: square(1, 6, 5, 1, 0, 1), H: 32, W: 32, Bias: true, Act: Tanh},
	}
	eachSet(t, func(t *testing.T, s *Set) {
		for i, p := range problems {
			t.Run(p.String(), func(t *testing.T) {
				x, w, bias, _ := p.data(newRand(uint64(i)))
				oh, ow := p.out()
				want := convRef(p.ConvShape, x, p.H, p.W, w, bias, nil, oh, ow, p.Act)
				compare(t, "conv", runConv(t, s, p, true, 1, x, w, bias, nil), want, 1e-5)
			})
		}
	})
}

// Every width from 1 to 30 exercises every remainder of segments and tiles.
func TestConvWidths(t *testing.T) {
	eachSet(t, func(t *testing.T, s *Set) {
		for w := 1; w <= 30; w++ {
			p := problem{ConvShape: square(8, 16, 3, 1, 1, 1), H: 3, W: w, Bias: true, Res: true, OutHalo: w % 2}
			x, wt, bias, res := p.data(newRand(uint64(w)))
			oh, ow := p.out()
			want := convRef(p.ConvShape, x, p.H, p.W, wt, bias, res, oh, ow, p.Act)
			compare(t, p.String(), runConv(t, s, p, false, 1, x, wt, bias, res), want, 1e-5)
		}
	})
}

func TestGatedConv(t *testing.T) {
	eachSet(t, func(t *testing.T, s *Set) {
		for i, p := range []problem{
			{ConvShape: square(40, 24, 1, 1, 0, 1), H: 9, W: 10, Bias: true, Res: true},
			{ConvShape: square(7, 33, 1, 2, 0, 1), H: 5, W: 5, Act: ReLU},
			{ConvShape: square(600, 50, 1, 1, 0, 1), H: 3, W: 3, Bias: true},
		} {
			r := newRand(uint64(i))
			x, w, bias, res := p.data(r)
			gate := randoms(r, p.In)
			scaled := make([]float32, len(x))
			for j, v := range x {
				scaled[j] = v * gate[j/(p.H*p.W)]
			}
			oh, ow := p.out()
			src, g := packed(x, p.In, p.H, p.W, 0, 0, s.Block), packed(gate, p.In, 1, 1, 0, 0, s.Block)
			dst := newFenced(p.Out, oh, ow, 1, 0, s.Block)
			var rm Map
			if res != nil {
				rm = packed(res, p.Out, oh, ow, 0, 0, s.Block).Map
			}
			got := runBound(t, p.String(), s, dst, func(e *Env) Job {
				return e.GatedConv(s.PackConv(p.ConvShape, false, w, bias, nil, nil), dst.Map, src.Map, g.Map, rm, p.Act)
			})
			compare(t, p.String(), got, convRef(p.ConvShape, scaled, p.H, p.W, w, bias, res, oh, ow, p.Act), 1e-5)
		}
	})
}

func TestConvThreadsGiveTheSameBytes(t *testing.T) {
	eachSet(t, func(t *testing.T, s *Set) {
		for i, p := range convProblems() {
			x, w, bias, res := p.data(newRand(uint64(i)))
			one := runConv(t, s, p, false, 1, x, w, bias, res)
			for _, n := range []int{2, 3, 8} {
				sameBytes(t, p.String(), one, runConv(t, s, p, false, n, x, w, bias, res))
			}
		}
	})
}

// A scale folds a batch normalisation into the weights.
func TestPackConvScale(t *testing.T) {
	p := problem{ConvShape: square(8, 24, 3, 1, 1, 1), H: 5, W: 5}
	r := newRand(1)
	_, w, _, _ := p.data(r)
	scale := randoms(r, p.Out)
	scaled := make([]float32, len(w))
	for i, v := range w {
		scaled[i] = v * scale[i/(len(w)/p.Out)]
	}
	s := Generic(16)
	sameBytes(t, "weights", s.PackConv(p.ConvShape, false, w, nil, scale, nil).w, s.PackConv(p.ConvShape, false, scaled, nil, nil, nil).w)
}

// A NaN or infinity reaches the outputs that read it, and no other; denormals are kept.
func TestConvSpecialValues(t *testing.T) {
	nan, pinf := float32(math.NaN()), float32(math.Inf(1))
	eachSet(t, func(t *testing.T, s *Set) {
		for _, act := range []Act{Identity, ReLU, ReLU6} {
			p := problem{ConvShape: square(16, 16, 3, 1, 1, 1), H: 9, W: 16, Act: act}
			x, w, _, _ := p.data(newRand(3))
			for i := range w {
				w[i] = float32(math.Abs(float64(w[i])))
			}
			for i := range x {
				x[i] *= 1e-39
			}
			x[0], x[5*16+12] = nan, pinf
			want := convRef(p.ConvShape, x, p.H, p.W, w, nil, nil, 9, 16, act)
			got := runConv(t, s, p, false, 1, x, w, nil, nil)
			for i, v := range want {
				g := float64(got[i])
				if math.IsNaN(v) != math.IsNaN(g) || math.IsInf(v, 1) != math.IsInf(g, 1) {
					t.Fatalf("act %d: value %d = %v, want %v", act, i, g, v)
				}
				if !math.IsNaN(v) && !math.IsInf(v, 0) && math.Abs(g-v) > 1e-5*math.Abs(v)+1e-43 {
					t.Fatalf("act %d: denormal value %d = %v, want %v", act, i, g, v)
				}
			}
		}
	})
}

func TestConvPanics(t *testing.T) {
	s := Generic(16)
	e := NewEnv(s, 1)
	c := s.PackConv(square(16, 16, 3, 1, 1, 1), false, make([]float32, 16*16*9), nil, nil, nil)
	for name, f := range map[string]func(){
		"no halo":        func() { e.Conv(c, Alloc(16, 8, 8, 0, 0, 16), Alloc(16, 8, 8, 0, 0, 16), Map{}, Identity) },
		"wrong block":    func() { e.Conv(c, Alloc(16, 8, 8, 0, 0, 8), Alloc(16, 8, 8, 1, 1, 16), Map{}, Identity) },
		"wrong channels": func() { e.Conv(c, Alloc(17, 8, 8, 0, 0, 16), Alloc(16, 8, 8, 1, 1, 16), Map{}, Identity) },
		"weights":        func() { s.PackConv(square(16, 16, 3, 1, 1, 1), false, make([]float32, 3), nil, nil, nil) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			f()
		})
	}
}

func FuzzConv(f *testing.F) {
	f.Add(uint8(16), uint8(16), uint8(3), uint8(3), uint8(1), uint8(1), uint8(7), uint8(7), uint8(0))
	f.Add(uint8(23), uint8(40), uint8(1), uint8(7), uint8(2), uint8(0), uint8(17), uint8(31), uint8(3))
	f.Fuzz(func(t *testing.T, in, out, kh, kw, stride, pad, h, w, act uint8) {
		s := ConvShape{In: 1 + int(in)%40, Out: 1 + int(out)%40, Groups: 1, KH: 1 + int(kh)%5, KW: 1 + int(kw)%7, SH: 1 + int(stride)%3,
			SW: 1 + int(stride)%4, PadTop: int(pad) % 3, PadLeft: int(pad) % 4, DH: 1, DW: 1}
		if act&128 != 0 && s.In%2 == 0 && s.Out%2 == 0 {
			s.Groups = 2
		}
		p := problem{ConvShape: s, H: 1 + int(h)%20, W: 1 + int(w)%40, Bias: act&1 != 0, Res: act&2 != 0, Act: Act(act>>2) % 3, OutHalo: int(act) % 2}
		if !p.valid() {
			t.Skip()
		}
		x, wt, bias, res := p.data(newRand(uint64(in)<<8 | uint64(out)))
		oh, ow := p.out()
		want := convRef(p.ConvShape, x, p.H, p.W, wt, bias, res, oh, ow, p.Act)
		for _, set := range Sets() {
			compare(t, set.Name, runConv(t, set, p, false, 2, x, wt, bias, res), want, 1e-5)
		}
	})
}
