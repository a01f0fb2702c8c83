package kernel

import (
	"fmt"
	"runtime"
	"testing"

	"stride/internal/nn/nntest"
)

// square is a convolution with a square kernel and the padding that keeps the size at stride 1.
func square(n, c, size, out, k, stride, groups int) ConvShape {
	o := (size-1)/stride + 1
	return ConvShape{N: n, C: c, H: size, W: size, Out: out, OH: o, OW: o, KH: k, KW: k, SH: stride, SW: stride,
		PadTop: k / 2, PadLeft: k / 2, DH: 1, DW: 1, Groups: groups}
}

// trainingShapes are layers of small networks at batch 64.
var trainingShapes = []ConvShape{
	square(64, 64, 16, 64, 3, 1, 1),
	square(64, 24, 32, 24, 3, 1, 1),
	square(64, 128, 8, 128, 3, 1, 1),
	square(64, 64, 16, 128, 3, 2, 1),
	square(64, 24, 16, 144, 1, 1, 1),
	square(64, 144, 16, 24, 1, 1, 1),
	square(64, 3, 64, 64, 7, 2, 1),
	square(64, 3, 32, 24, 3, 1, 1),
	square(64, 96, 16, 96, 3, 1, 96),
	square(64, 96, 16, 96, 5, 1, 96),
	square(64, 96, 16, 96, 3, 2, 96),
}

func shapeName(s ConvShape) string {
	return fmt.Sprintf("n=%d,c=%d,size=%d,out=%d,k=%d,s=%d,g=%d", s.N, s.C, s.H, s.Out, s.KH, s.SH, s.Groups)
}

func (s *ConvShape) flops() float64 {
	return 2 * float64(s.yLen()) * float64(s.C/s.Groups*s.KH*s.KW)
}

// benchThreads runs f with one thread and with all processors, and reports its speed.
func benchThreads(b *testing.B, flops float64, f func(ws Workers)) {
	for _, threads := range []int{1, runtime.GOMAXPROCS(0)} {
		b.Run(fmt.Sprintf("threads=%d", threads), func(b *testing.B) {
			team := NewTeam(threads)
			defer team.Close()
			b.ReportAllocs()
			for b.Loop() {
				f(team)
			}
			b.ReportMetric(flops*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
		})
	}
}

func BenchmarkConvTraining(b *testing.B) {
	r := nntest.Rand(1)
	for _, s := range trainingShapes {
		x, w, y := nntest.Normal(r, s.xLen()), nntest.Normal(r, s.wLen()), nntest.Normal(r, s.yLen())
		out, dx, dw, db := make([]float32, s.yLen()), make([]float32, s.xLen()), make([]float32, s.wLen()), make([]float32, s.Out)
		b.Run("forward/"+shapeName(s), func(b *testing.B) {
			benchThreads(b, s.flops(), func(ws Workers) { Conv(out, x, w, db, s, ws) })
		})
		b.Run("input/"+shapeName(s), func(b *testing.B) {
			benchThreads(b, s.flops(), func(ws Workers) { ConvBackwardInput(dx, y, w, s, ws) })
		})
		b.Run("weight/"+shapeName(s), func(b *testing.B) {
			benchThreads(b, s.flops(), func(ws Workers) { ConvBackwardWeight(dw, nil, y, x, s, ws) })
		})
	}
}

// resnet50 lists the convolutions of ResNet-50 at 224×224 (arXiv:1512.03385, table 1; stride in the 3×3) with how often
// each occurs.
func resnet50() (shapes []ConvShape, times []int) {
	add := func(s ConvShape, n int) { shapes, times = append(shapes, s), append(times, n) }
	add(square(1, 3, 224, 64, 7, 2, 1), 1)
	in, size := 64, 56
	for stage, blocks := range []int{3, 4, 6, 3} {
		mid, stride := 64<<stage, min(2, 1+stage)
		add(square(1, in, size, mid, 1, 1, 1), 1)
		add(square(1, mid, size, mid, 3, stride, 1), 1)
		add(square(1, in, size, 4*mid, 1, stride, 1), 1)
		size, in = size/stride, 4*mid
		add(square(1, mid, size, in, 1, 1, 1), blocks)
		add(square(1, in, size, mid, 1, 1, 1), blocks-1)
		add(square(1, mid, size, mid, 3, 1, 1), blocks-1)
	}
	return shapes, times
}

func TestResNet50Cost(t *testing.T) {
	shapes, times := resnet50()
	var macs float64
	for i, s := range shapes {
		macs += s.flops() / 2 * float64(times[i])
	}
	if macs < 4.05e9 || macs > 4.12e9 { // 4.09 G with the classifier (torchvision)
		t.Errorf("the benchmark's ResNet-50 costs %g multiply-adds", macs)
	}
}

func BenchmarkConvResNet50(b *testing.B) {
	shapes, times := resnet50()
	r := nntest.Rand(1)
	var xs, ws, ys [][]float32
	var flops float64
	for i, s := range shapes {
		xs, ws, ys = append(xs, nntest.Normal(r, s.xLen())), append(ws, nntest.Normal(r, s.wLen())), append(ys, make([]float32, s.yLen()))
		flops += s.flops() * float64(times[i])
	}
	benchThreads(b, flops, func(team Workers) {
		for i, s := range shapes {
			for range times[i] {
				Conv(ys[i], xs[i], ws[i], nil, s, team)
			}
		}
	})
}

func BenchmarkGemm(b *testing.B) {
	r := nntest.Rand(1)
	for _, s := range []GemmShape{{M: 64, N: 3136, K: 576}, {M: 256, N: 196, K: 2304}, {M: 512, N: 784, K: 4608}} {
		x, y, c := nntest.Normal(r, s.M*s.K), nntest.Normal(r, s.K*s.N), make([]float32, s.M*s.N)
		b.Run(fmt.Sprintf("m=%d,n=%d,k=%d", s.M, s.N, s.K), func(b *testing.B) {
			benchThreads(b, 2*float64(s.M)*float64(s.N)*float64(s.K), func(ws Workers) { Gemm(c, x, y, s, ws) })
		})
	}
}

func BenchmarkLinear(b *testing.B) {
	r := nntest.Rand(1)
	for _, n := range []int{1, 64} {
		in, out := 2048, 1000
		x, w, y := nntest.Normal(r, n*in), nntest.Normal(r, out*in), make([]float32, n*out)
		b.Run(fmt.Sprintf("n=%d,in=%d,out=%d", n, in, out), func(b *testing.B) {
			benchThreads(b, 2*float64(n)*float64(in)*float64(out), func(ws Workers) { Linear(y, x, w, nil, n, in, out, ws) })
		})
	}
}
