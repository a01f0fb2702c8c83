package nchwc

import (
	"fmt"
	"testing"
)

// benchLayers are convolutions of ResNet-50, VGG-16, MobileNet v2 and AlexNet (He et al. 2015, Table 1; Simonyan and
// Zisserman 2014, Table 1; Sandler et al. 2018, Table 2; Krizhevsky et al. 2012, §3.5).
var benchLayers = []problem{
	{ConvShape: square(64, 64, 3, 1, 1, 1), H: 56, W: 56, OutHalo: 1},
	{ConvShape: square(256, 256, 3, 1, 1, 1), H: 14, W: 14},
	{ConvShape: square(512, 512, 3, 1, 1, 1), H: 7, W: 7},
	{ConvShape: square(64, 64, 3, 1, 1, 1), H: 224, W: 224, OutHalo: 1},
	{ConvShape: square(64, 256, 1, 1, 0, 1), H: 56, W: 56},
	{ConvShape: square(256, 64, 1, 1, 0, 1), H: 56, W: 56},
	{ConvShape: square(1024, 256, 1, 1, 0, 1), H: 14, W: 14},
	{ConvShape: square(512, 2048, 1, 1, 0, 1), H: 7, W: 7},
	{ConvShape: square(16, 96, 1, 1, 0, 1), H: 112, W: 112},
	{ConvShape: square(144, 24, 1, 1, 0, 1), H: 56, W: 56},
	{ConvShape: square(128, 128, 3, 2, 1, 1), H: 56, W: 56},
	{ConvShape: square(96, 256, 5, 1, 2, 2), H: 27, W: 27},
}

func BenchmarkConv(b *testing.B) {
	for _, p := range benchLayers {
		b.Run(fmt.Sprintf("%dx%dx%d-%d-k%ds%d", p.In, p.H, p.W, p.Out, p.KH, p.SH), func(b *testing.B) {
			s := Best()
			x, w, bias, _ := p.data(newRand(1))
			oh, ow := p.out()
			e := NewEnv(s, 1)
			src := packed(x, p.In, p.H, p.W, p.PadTop, p.PadTop, s.Block)
			dst := Alloc(p.Out, oh, ow, p.OutHalo, p.OutHalo, s.Block)
			benchJob(b, e, e.Conv(s.PackConv(p.ConvShape, false, w, bias, nil, nil), dst, src.Map, Map{}, ReLU), p.macs())
		})
	}
}

func BenchmarkConvPlanar(b *testing.B) {
	p := problem{ConvShape: square(3, 64, 7, 2, 3, 1), H: 224, W: 224}
	s := Best()
	x, w, bias, _ := p.data(newRand(1))
	e := NewEnv(s, 1)
	src := packed(x, p.In, p.H, p.W, 3, 3, 1)
	benchJob(b, e, e.Conv(s.PackConv(p.ConvShape, true, w, bias, nil, nil), Alloc(64, 112, 112, 0, 0, s.Block), src.Map, Map{}, ReLU), p.macs())
}

// BenchmarkPeak is the multiply-add rate of the machine: one tile whose data stays in the first-level cache.
func BenchmarkPeak(b *testing.B) {
	p := problem{ConvShape: square(64, 16, 1, 1, 0, 1), H: 4, W: 7}
	s := Best()
	x, w, bias, _ := p.data(newRand(1))
	e := NewEnv(s, 1)
	src := packed(x, p.In, p.H, p.W, 0, 0, s.Block)
	j := e.Conv(s.PackConv(p.ConvShape, false, w, bias, nil, nil), Alloc(16, 4, 7, 0, 0, s.Block), src.Map, Map{}, ReLU)
	benchJob(b, e, j, p.macs())
}

func (p problem) macs() int64 {
	oh, ow := p.out()
	return int64(p.Out*oh*ow) * int64(p.In/p.Groups*p.KH*p.KW)
}

func benchJob(b *testing.B, e *Env, j Job, macs int64) {
	e.Alloc()
	for b.Loop() {
		j.Run()
	}
	b.ReportMetric(2*float64(macs)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
	b.ReportMetric(0, "ns/op")
}

func BenchmarkWinograd(b *testing.B) {
	for _, p := range []problem{
		{ConvShape: square(64, 64, 3, 1, 1, 1), H: 224, W: 224},
		{ConvShape: square(64, 64, 3, 1, 1, 1), H: 56, W: 56},
		{ConvShape: square(128, 128, 3, 1, 1, 1), H: 28, W: 28},
		{ConvShape: square(256, 256, 3, 1, 1, 1), H: 56, W: 56},
		{ConvShape: square(256, 256, 3, 1, 1, 1), H: 14, W: 14},
		{ConvShape: square(512, 512, 3, 1, 1, 1), H: 14, W: 14},
		{ConvShape: square(512, 512, 3, 1, 1, 1), H: 7, W: 7},
		{ConvShape: square(64, 192, 5, 1, 2, 1), H: 27, W: 27},
	} {
		b.Run(fmt.Sprintf("%dx%dx%d-%d-k%d", p.In, p.H, p.W, p.Out, p.KH), func(b *testing.B) {
			s := Best()
			x, w, bias, _ := p.data(newRand(1))
			e := NewEnv(s, 1)
			kind := map[int]WinogradKind{3: F4x3, 5: F2x5}[p.KH]
			if p.H == 7 {
				kind = F2x3
			}
			before, after := kind.Halo(p.H)
			src := packed(x, p.In, p.H, p.W, before, after, s.Block)
			dst := Alloc(p.Out, p.H, p.W, 1, 1, s.Block)
			benchJob(b, e, e.Winograd(s.PackWinograd(kind, p.In, p.Out, w, bias, nil, nil), dst, src.Map, Map{}, ReLU), p.macs())
		})
	}
}

func BenchmarkDepthwise(b *testing.B) {
	for _, p := range []problem{
		{ConvShape: square(32, 32, 3, 1, 1, 32), H: 112, W: 112},
		{ConvShape: square(96, 96, 3, 2, 1, 96), H: 112, W: 112},
		{ConvShape: square(512, 512, 3, 1, 1, 512), H: 14, W: 14},
		{ConvShape: square(240, 240, 5, 1, 2, 240), H: 28, W: 28},
	} {
		b.Run(fmt.Sprintf("%dx%dx%d-k%ds%d", p.In, p.H, p.W, p.KH, p.SH), func(b *testing.B) {
			s := Best()
			x, w, bias, _ := p.data(newRand(1))
			oh, ow := p.out()
			e := NewEnv(s, 1)
			src := packed(x, p.In, p.H, p.W, p.PadTop, p.PadTop, s.Block)
			benchJob(b, e, e.Depthwise(s.PackDepthwise(p.ConvShape, w, bias, nil), Alloc(p.Out, oh, ow, 0, 0, s.Block), src.Map, ReLU6), p.macs())
		})
	}
}

func BenchmarkDense(b *testing.B) {
	s := Best()
	r := newRand(1)
	const in, out = 4096, 4096
	w := randoms(r, in*out)
	src := packed(randoms(r, in), in, 1, 1, 0, 0, s.Block)
	e := NewEnv(s, 1)
	j := e.Dense(s.PackDense(out, src.Map, w, nil, nil), Alloc(out, 1, 1, 0, 0, s.Block), src.Map, ReLU)
	benchJob(b, e, j, in*out)
	b.ReportMetric(4*in*out*float64(b.N)/b.Elapsed().Seconds()/1e9, "GB/s")
}

func BenchmarkPointwise(b *testing.B) {
	s := Best()
	e := NewEnv(s, 1)
	src, dst := Alloc(96, 56, 56, 1, 1, s.Block), Alloc(96, 56, 56, 0, 0, s.Block)
	half := Alloc(96, 28, 28, 0, 0, s.Block)
	for name, j := range map[string]Job{
		"silu": e.Act(SiLU, dst, src), "relu": e.Act(ReLU, dst, src), "add": e.Add(dst, src, dst, ReLU),
		"lrn": e.LRN(dst, src, 5, 2, 1e-4, 0.75), "max3s2": e.MaxPool(PoolShape{KH: 3, KW: 3, SH: 2, SW: 2, PadTop: 1, PadLeft: 1}, half, src),
		"global": e.AdaptiveAvgPool(Alloc(96, 1, 1, 0, 0, s.Block), src),
	} {
		b.Run(name, func(b *testing.B) {
			e.Alloc()
			for b.Loop() {
				j.Run()
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/(96*56*56), "ns/value")
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1000, "us/op")
			b.ReportMetric(0, "ns/op")
		})
	}
}
