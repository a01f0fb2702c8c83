package analyze_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"stride/internal/nn/analyze"
	"stride/internal/nn/arch"
)

// randomWeight is N×C×k×k.
func randomWeight(r *rand.Rand, out, in, k int) []float32 {
	w := make([]float32, out*in*k*k)
	for i := range w {
		w[i] = float32(r.NormFloat64())
	}
	return w
}

// naiveProduct is Σ_j filter[oc,j,p]·reduce[j,ic], loop by loop.
func naiveProduct(reduce, filter []float32, out, in, m, area int) []float64 {
	w := make([]float64, out*in*area)
	for oc := range out {
		for ic := range in {
			for p := range area {
				for j := range m {
					w[(oc*in+ic)*area+p] += float64(filter[(oc*m+j)*area+p]) * float64(reduce[j*in+ic])
				}
			}
		}
	}
	return w
}

// norms are the lengths of a − b and of a.
func norms(a []float32, b []float64) (diff, all float64) {
	for i, v := range a {
		diff += (float64(v) - b[i]) * (float64(v) - b[i])
		all += float64(v) * float64(v)
	}
	return math.Sqrt(diff), math.Sqrt(all)
}

// TestLowRank is L08-A8 on layers of several shapes: full rank is the layer, the error falls with the rank, and its square is
// the sum of the dropped squared singular values. The 32 → 64 layer is that of the lesson.
func TestLowRank(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 8))
	for _, d := range []struct{ out, in, k int }{{64, 32, 3}, {7, 5, 5}, {3, 40, 3}, {1, 12, 2}, {20, 1, 3}, {16, 3, 7}} {
		area := d.k * d.k
		w := randomWeight(r, d.out, d.in, d.k)
		l, err := analyze.NewLowRank(w, d.out, d.in, d.k)
		if err != nil {
			t.Fatal(err)
		}
		if want := min(d.in, d.out*area); l.Rank() != want {
			t.Fatalf("%+v: rank %d, want %d", d, l.Rank(), want)
		}
		if l.Error(0) != 1 || l.Error(l.Rank()) != 0 {
			t.Errorf("%+v: errors %g and %g at the ends", d, l.Error(0), l.Error(l.Rank()))
		}
		for m := 1; m <= l.Rank(); m++ {
			reduce, filter := l.Factors(m)
			product := naiveProduct(reduce, filter, d.out, d.in, m, area)
			diff, all := norms(w, product)
			var dropped float64
			for _, s := range l.Values()[m:] {
				dropped += s * s
			}
			if m < l.Rank() && math.Abs(diff*diff-dropped) > 1e-6*dropped {
				t.Errorf("%+v, rank %d: squared error %g, dropped %g", d, m, diff*diff, dropped)
			}
			if math.Abs(diff/all-l.Error(m)) > 1e-6 {
				t.Errorf("%+v, rank %d: relative error %g, said %g", d, m, diff/all, l.Error(m))
			}
			if l.Error(m) > l.Error(m-1) {
				t.Errorf("%+v: the error grows from rank %d to %d", d, m-1, m)
			}
			joined := l.Weights(m)
			for i := range joined {
				if math.Abs(float64(joined[i])-product[i]) > 1e-5 {
					t.Fatalf("%+v, rank %d: weight %d is %g, the factors give %g", d, m, i, joined[i], product[i])
				}
			}
		}
		for i, v := range l.Weights(l.Rank()) {
			if math.Abs(float64(v-w[i])) > 1e-6*max(1, math.Abs(float64(w[i]))) {
				t.Fatalf("%+v: at full rank weight %d is %g, was %g", d, i, v, w[i])
			}
		}
	}
}

// TestLowRankIsBest: no pair of the same rank that channels are simply left out of, or drawn at random, comes closer.
func TestLowRankIsBest(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 36))
	const out, in, k, m = 6, 9, 3, 4
	w := randomWeight(r, out, in, k)
	l, err := analyze.NewLowRank(w, out, in, k)
	if err != nil {
		t.Fatal(err)
	}
	for range 200 {
		keep := r.Perm(in)[:m]
		b := make([]float64, len(w))
		for i := range b {
			for _, ic := range keep {
				if i/(k*k)%in == ic {
					b[i] = float64(w[i])
				}
			}
		}
		if diff, all := norms(w, b); diff/all < l.Error(m) {
			t.Fatalf("keeping the channels %v is off by %g, the best of rank %d by %g", keep, diff/all, m, l.Error(m))
		}
	}
	reduce, filter := l.Factors(m)
	for range 200 {
		at := r.IntN(len(reduce) + len(filter))
		f := &filter[at%len(filter)]
		if at < len(reduce) {
			f = &reduce[at]
		}
		was := *f
		*f += 0.02 * float32(r.NormFloat64())
		if diff, all := norms(w, naiveProduct(reduce, filter, out, in, m, k*k)); diff/all < l.Error(m)-1e-7 {
			t.Fatalf("a moved factor is off by %g, the best by %g", diff/all, l.Error(m))
		}
		*f = was
	}
}

// TestLowRankFindsThinLayers: the product of two thin layers has their rank, whatever its size.
func TestLowRankFindsThinLayers(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	const out, in, k, m = 10, 12, 3, 5
	p := naiveProduct(randomWeight(r, m, in, 1), randomWeight(r, out, m, k), out, in, m, k*k)
	w := make([]float32, len(p))
	for i := range p {
		w[i] = float32(p[i])
	}
	l, err := analyze.NewLowRank(w, out, in, k)
	if err != nil {
		t.Fatal(err)
	}
	if l.Error(m) > 1e-6 || l.Error(m-1) < 1e-3 {
		t.Errorf("errors %g at rank %d and %g at rank %d", l.Error(m-1), m-1, l.Error(m), m)
	}
}

func TestLowRankRefuses(t *testing.T) {
	for _, v := range []float32{float32(math.NaN()), float32(math.Inf(1))} {
		w := make([]float32, 2*3*9)
		w[7] = v
		if _, err := analyze.NewLowRank(w, 2, 3, 3); err == nil {
			t.Errorf("a weight of %g is taken", v)
		}
	}
	if l, err := analyze.NewLowRank(make([]float32, 2*3*9), 2, 3, 3); err != nil || l.Error(1) != 0 {
		t.Errorf("weights of zero: %v", err)
	}
}

// TestContractOf: the third convolution of Inception v3 is the lesson's layer; strides, groups, 1×1 and shrinking maps are no
// contracts.
func TestContractOf(t *testing.T) {
	for _, q := range []struct {
		arch, path string
		want       analyze.Contract
		ok         bool
	}{
		{"inception_v3", "Conv2d_2b_3x3.conv", analyze.Contract{In: 32, Out: 64, Kernel: 3, Size: 147}, true},
		{"inception_v3", "Conv2d_2a_3x3.conv", analyze.Contract{}, false}, // no padding
		{"inception_v3", "Conv2d_1a_3x3.conv", analyze.Contract{}, false}, // stride 2
		{"inception_v3", "Conv2d_3b_1x1.conv", analyze.Contract{}, false},
		{"vgg16", "features.2", analyze.Contract{In: 64, Out: 64, Kernel: 3, Size: 224, Bias: true}, true},
		{"vgg16", "features.1", analyze.Contract{}, false},                 // ReLU
		{"mobilenet_v2", "features.2.conv.1.0", analyze.Contract{}, false}, // depthwise
	} {
		a, err := arch.ByName(q.arch)
		if err != nil {
			t.Fatal(err)
		}
		g, err := a.Graph()
		if err != nil {
			t.Fatal(err)
		}
		n := g.Node(q.path)
		if n == nil {
			t.Fatalf("%s has no node %s", q.arch, q.path)
		}
		if c, ok := analyze.ContractOf(n); c != q.want || ok != q.ok {
			t.Errorf("%s %s: %+v, %v; want %+v", q.arch, q.path, c, ok, q.want)
		}
	}
}
