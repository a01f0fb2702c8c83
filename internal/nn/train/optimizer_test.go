package train

import (
	"bytes"
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"stride/internal/nn"
	"stride/internal/nn/op"
	"stride/internal/nn/tensor"
)

// reference is one parameter of an optimiser in float64.
type reference struct{ w, m, v []float64 }

// adamW is the algorithm of Loshchilov and Hutter, step from 1.
func (r *reference) adamW(g []float64, step int, rate, decay float64) {
	b1, b2 := 0.9, 0.999
	for i := range r.w {
		r.m[i] = b1*r.m[i] + (1-b1)*g[i]
		r.v[i] = b2*r.v[i] + (1-b2)*g[i]*g[i]
		m, v := r.m[i]/(1-math.Pow(b1, float64(step))), r.v[i]/(1-math.Pow(b2, float64(step)))
		r.w[i] -= rate * (m/(math.Sqrt(v)+1e-8) + decay*r.w[i])
	}
}

// sgd is PyTorch's, whose velocity starts as the first gradient.
func (r *reference) sgd(g []float64, step int, rate, decay, momentum float64) {
	for i := range r.w {
		d := g[i] + decay*r.w[i]
		if step > 1 {
			d += momentum * r.m[i]
		}
		r.m[i] = d
		r.w[i] -= rate * d
	}
}

// muon works on rows×n matrices with plain loops.
func (r *reference) muon(g []float64, rows int, rate, decay float64) {
	n := len(g) / rows
	x, norm := make([]float64, len(g)), 0.0
	for i := range g {
		r.m[i] = 0.95*r.m[i] + g[i]
		x[i] = g[i] + 0.95*r.m[i]
		norm += x[i] * x[i]
	}
	for i := range x {
		x[i] /= math.Sqrt(norm)
	}
	for range 5 {
		a := product(x, transposed(x, rows, n), rows, n, rows)
		b := product(a, a, rows, rows, rows)
		for i := range b {
			b[i] = -4.775*a[i] + 2.0315*b[i]
		}
		bx := product(b, x, rows, rows, n)
		for i := range x {
			x[i] = 3.4445*x[i] + bx[i]
		}
	}
	for i := range r.w {
		r.w[i] = r.w[i]*(1-rate*decay) - rate*0.2*math.Sqrt(float64(max(rows, n)))*x[i]
	}
}

func product(a, b []float64, m, k, n int) []float64 {
	c := make([]float64, m*n)
	for i := range m {
		for j := range n {
			for l := range k {
				c[i*n+j] += a[i*k+l] * b[l*n+j]
			}
		}
	}
	return c
}

func transposed(a []float64, m, n int) []float64 {
	t := make([]float64, m*n)
	for i := range m {
		for j := range n {
			t[j*m+i] = a[i*n+j]
		}
	}
	return t
}

// TestOptimizers holds several steps with random gradients to the references.
func TestOptimizers(t *testing.T) {
	for _, o := range []Optimizer{SGD, AdamW, Muon} {
		r := Recipe{Epochs: 1, Batch: 2, Optimizer: o, Rate: 0.02, Momentum: 0.9, Decay: 0.1, FirstDecay: 1.5, Seed: 7}
		tr, err := New(barNet(t), r, nil)
		if err != nil {
			t.Fatal(err)
		}
		rng := rand.New(rand.NewPCG(1, 2))
		refs := map[string]*reference{}
		matrices := 0
		for step := 1; step <= 5; step++ {
			for _, p := range tr.params {
				ref := refs[p.key]
				if ref == nil {
					ref = &reference{m: make([]float64, len(p.w)), v: make([]float64, len(p.w))}
					for _, w := range p.w {
						ref.w = append(ref.w, float64(w))
					}
					refs[p.key] = ref
				}
				g := make([]float64, len(p.w))
				for i := range g {
					p.grad[i] = float32(rng.NormFloat64())
					g[i] = float64(p.grad[i])
				}
				decay := map[bool]float64{true: 1.5, false: 0.1}[p.key == "conv1.weight"]
				if !strings.HasPrefix(p.key, "conv") && p.key != "fc.weight" && p.key != "aux.fc.weight" {
					decay = 0
				}
				switch dims := tr.Weights.Dims(p.key); {
				case o == SGD:
					ref.sgd(g, step, r.Rate, decay, 0.9)
				case o == Muon && p.key == "conv2.weight":
					ref.muon(g, dims[0], r.Rate, decay)
					matrices++
				default:
					ref.adamW(g, step, r.Rate, decay)
				}
			}
			tr.Update(r.Rate)
		}
		for key, ref := range refs {
			for i, want := range ref.w {
				if got := float64(tr.Weights.Values(key)[i]); math.Abs(got-want) > 2e-5*(1+math.Abs(want)) {
					t.Errorf("%s: %s[%d] is %v, want %v", o, key, i, got, want)
					break
				}
			}
		}
		if o == Muon && matrices != 5 {
			t.Errorf("muon made %d matrix steps, want 5", matrices)
		}
	}
}

// TestOrthogonalize checks wide, tall and square matrices: all singular values near 1, that is, XXᵀ (or XᵀX) near the identity.
func TestOrthogonalize(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for _, s := range [][2]int{{8, 50}, {50, 8}, {16, 17}} {
		rows, n := s[0], s[1]
		m := min(rows, n)
		w := &muonWork{make([]float32, rows*n), make([]float32, rows*n), make([]float32, m*m), make([]float32, m*m)}
		for i := range w.x {
			w.x[i] = float32(rng.NormFloat64())
		}
		before := slices.Clone(w.x)
		x := make([]float64, rows*n)
		along := 0.0
		for i, v := range w.orthogonalize(rows, n) {
			x[i] = float64(v)
			along += x[i] * float64(before[i])
		}
		if along <= 0 {
			t.Errorf("%v: the result points away from the matrix", s)
		}
		gram := product(x, transposed(x, rows, n), rows, n, rows)
		if rows > n {
			gram = product(transposed(x, rows, n), x, n, rows, n)
		}
		trace := 0.0
		for i := range m {
			trace += gram[i*m+i]
		}
		// Five steps bring singular values into about 0.7…1.2, not to 1.
		if mean := trace / float64(m); mean < 0.5 || mean > 1.5 {
			t.Errorf("%v: mean squared singular value %v, want about 1", s, mean)
		}
	}
}

// poolNet takes any size: it ends in a global average.
func poolNet(side int) (*nn.Graph, error) {
	return nn.Build(tensor.CHW(3, side, side), func(b *nn.Builder, x *nn.Node) *nn.Node {
		y := b.Add("bn1", op.BatchNorm{}, b.Add("conv1", op.Conv{Out: 6, Kernel: 3, Pad: 1, NoBias: true}, x))
		y = b.Add("conv2", op.Conv{Out: 6, Kernel: 3, Stride: 2, Pad: 1, NoBias: true}, b.Add("relu", op.ReLU, y))
		y = b.Add("flatten", op.Flatten{}, b.Add("avgpool", op.AdaptiveAvgPool{Out: 1}, y))
		return b.Add("fc", op.Linear{Out: 2}, y)
	})
}

func noise(n int) *Pictures {
	p := NewPictures(8, [3]float32{}, [3]float32{1, 1, 1})
	img := make([]uint8, n*8*8*3)
	for i := range img {
		img[i] = uint8(mix(uint64(i)))
	}
	labels := make([]uint8, n)
	for i := range labels {
		labels[i] = uint8(i % 2)
	}
	p.Add(img, labels)
	return p
}

// TestStages checks the sizes that steps see, and that a stop inside a stage and another after it leave no trace.
func TestStages(t *testing.T) {
	g, err := poolNet(8)
	if err != nil {
		t.Fatal(err)
	}
	r := Recipe{Epochs: 4, Batch: 8, Optimizer: Muon, Rate: 0.01, Linear: true, Stages: []Stage{{1, 2}, {2, 4}}, Seed: 2}
	train := func(stops ...int) (sides []int, file []byte) {
		tr, err := New(g, r, nil)
		if err != nil {
			t.Fatal(err)
		}
		tr.Notes["who"] = "a test"
		for _, stop := range append(stops, -1) {
			tr.At = poolNet
			err := tr.Run(context.Background(), noise(17), func(s Step) error {
				sides = append(sides, s.Side)
				if s.Step == stop {
					return context.Canceled
				}
				return nil
			})
			if stop < 0 && err != nil {
				t.Fatal(err)
			}
			if tr, err = Resume(g, bytes.NewReader(saved(t, tr)), nil); err != nil {
				t.Fatal(err)
			}
			if tr.Notes["who"] != "a test" {
				t.Errorf("the notes are %v", tr.Notes)
			}
		}
		return sides, saved(t, tr)
	}
	sides, whole := train()
	if want := []int{2, 2, 4, 4, 4, 4, 8, 8}; !slices.Equal(sides, want) {
		t.Errorf("the steps saw sides %v, want %v", sides, want)
	}
	if _, parts := train(3, 7); !bytes.Equal(parts, whole) {
		t.Error("stops inside stages give other bytes")
	}
	tr, err := New(g, r, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := tr.Run(context.Background(), noise(17), nil); err == nil || !strings.Contains(err.Error(), "one size") {
		t.Errorf("stages without At: %v", err)
	}
}
