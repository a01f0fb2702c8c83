package kernel

import (
	"fmt"
	"math"
	"testing"

	"stride/internal/nn/nntest"
)

func TestSoftmax(t *testing.T) {
	r := nntest.Rand(1)
	for _, d := range [][3]int{{1, 10, 1}, {3, 7, 5}, {2, 1, 4}, {2, 150, 1}} {
		n, c, hw := d[0], d[1], d[2]
		x, w := nntest.Normal(r, n*c*hw), nntest.Normal(r, n*c*hw)
		def := func() []float32 {
			y := make([]float32, len(x))
			for i := range x {
				var sum float64
				for j := range c {
					sum += math.Exp(float64(x[i/(c*hw)*c*hw+j*hw+i%hw]))
				}
				y[i] = float32(math.Exp(float64(x[i])) / sum)
			}
			return y
		}
		y, dx := make([]float32, len(x)), make([]float32, len(x))
		Softmax(y, x, n, c, hw, nil)
		nntest.Close(t, fmt.Sprintf("Softmax %v", d), y, def(), 1e-6, 1e-9)
		copy(dx, x)
		Softmax(dx, dx, n, c, hw, nil)
		nntest.Same(t, "in place", dx, y)
		clear(dx)
		SoftmaxBackward(dx, w, y, n, c, hw, nil)
		nntest.Gradient(t, fmt.Sprintf("SoftmaxBackward %v", d), func() float64 { return nntest.Weighted(def(), w) }, x, dx, 1e-2, 1e-4, 40)
	}
}

func TestSoftmaxExtremes(t *testing.T) {
	inf, nan := float32(math.Inf(1)), float32(math.NaN())
	tests := []struct {
		name    string
		x, want []float32
	}{
		{"large", []float32{1e30, 1e30, -1e30}, []float32{0.5, 0.5, 0}},
		{"−Inf has no share", []float32{-inf, 0, 0}, []float32{0, 0.5, 0.5}},
		{"NaN spreads", []float32{nan, 0, 0}, []float32{nan, nan, nan}},
	}
	for _, tt := range tests {
		y := make([]float32, 3)
		Softmax(y, tt.x, 1, 3, 1, nil)
		nntest.Same(t, tt.name, y, tt.want)
	}
}

func TestCrossEntropy(t *testing.T) {
	r := nntest.Rand(2)
	n, c := 5, 7
	logits := nntest.Normal(r, n*c)
	labels := []int{0, 6, 3, 3, 1}
	for _, smoothing := range []float32{0, 0.1} {
		def := func() float64 {
			var loss float64
			for i, l := range labels {
				var sum float64
				for _, v := range logits[i*c : (i+1)*c] {
					sum += math.Exp(float64(v))
				}
				for j := range c {
					target := float64(smoothing) / float64(c)
					if j == l {
						target += 1 - float64(smoothing)
					}
					loss -= target * (float64(logits[i*c+j]) - math.Log(sum))
				}
			}
			return loss / float64(n)
		}
		prob, grad := make([]float32, n*c), make([]float32, n*c)
		if got, want := CrossEntropy(prob, logits, labels, n, c, smoothing), def(); math.Abs(got-want) > 1e-9 {
			t.Errorf("smoothing %g: loss %g, want %g", smoothing, got, want)
		}
		if got, want := CrossEntropy(nil, logits, labels, n, c, smoothing), def(); math.Abs(got-want) > 1e-9 {
			t.Errorf("smoothing %g without prob: loss %g, want %g", smoothing, got, want)
		}
		CrossEntropyBackward(grad, prob, labels, n, c, smoothing, 0.5)
		nntest.Gradient(t, "dlogits", func() float64 { return def() / 2 }, logits, grad, 1e-2, 1e-5, 100)
	}
	if got := CrossEntropy(nil, nil, nil, 0, c, 0); got != 0 {
		t.Errorf("no rows: loss %g", got)
	}
}
