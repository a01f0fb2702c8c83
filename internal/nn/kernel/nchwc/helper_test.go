package nchwc

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"testing"
)

// eachSet runs a test for every implementation of this processor and for the specification on 8 lanes.
func eachSet(t *testing.T, f func(t *testing.T, s *Set)) {
	for _, s := range append(Sets(), Generic(8)) {
		t.Run(s.Name, func(t *testing.T) { f(t, s) })
	}
}

// The machine of the checks must have the sets it is meant to test: STRIDE_KERNEL_REQUIRE names them, separated by commas.
func TestRequiredSets(t *testing.T) {
	for _, name := range strings.FieldsFunc(os.Getenv("STRIDE_KERNEL_REQUIRE"), func(r rune) bool { return r == ',' }) {
		if ByName(name) == nil {
			t.Errorf("this processor has no set %q", name)
		}
	}
}

func TestOverride(t *testing.T) {
	for _, s := range Sets() {
		t.Setenv("STRIDE_KERNEL", s.Name)
		if got := Best().Name; got != s.Name {
			t.Errorf("STRIDE_KERNEL=%s picks %s", s.Name, got)
		}
	}
	t.Setenv("STRIDE_KERNEL", "")
	if got, want := Best().Name, Sets()[len(Sets())-1].Name; got != want {
		t.Errorf("without STRIDE_KERNEL %s, want %s", got, want)
	}
}

func newRand(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 0x9E3779B97F4A7C15)) }

func randoms(r *rand.Rand, n int) []float32 {
	v := make([]float32, n)
	for i := range v {
		v[i] = float32(r.NormFloat64())
	}
	return v
}

// canary fills what must not be written.
const canary = float32(-123456)

// fenced is a map whose halo is zero and whose memory before and after it holds canaries; check reports a write outside
// the map's own pixels.
type fenced struct {
	Map
	all []float32
	off int
}

func newFenced(c, h, w, before, after, block int) fenced {
	const fence = 64
	m := Map{C: c, H: h, W: w, Before: before, After: after, Block: block}
	all := make([]float32, fence+m.Len()+Slack)
	for i := range all {
		all[i] = canary
	}
	m.Data = all[fence:]
	for b := range m.Blocks() {
		clear(m.Data[b*m.BlockStride():][:m.BlockStride()])
	}
	return fenced{m, all, fence}
}

func (f fenced) check(t *testing.T) {
	t.Helper()
	inside := make([]bool, len(f.all))
	for c := range f.Blocks() * f.Block {
		f.eachRow(c, func(i, _ int) {
			for x := range f.W {
				inside[f.off+i+x*f.Block] = true
			}
		})
	}
	for i, v := range f.all {
		want := float32(0)
		if i < f.off || i >= f.off+f.Len() {
			want = canary
		}
		if !inside[i] && v != want {
			t.Fatalf("value %d outside the map was written: got %v, want %v", i-f.off, v, want)
		}
	}
}

// packed is a fenced map that holds the NCHW values v.
func packed(v []float32, c, h, w, before, after, block int) fenced {
	m := newFenced(c, h, w, before, after, block)
	Pack(m.Map, v, 0, c)
	return m
}

func unpacked(m Map) []float32 {
	v := make([]float32, m.C*m.H*m.W)
	Unpack(v, m)
	return v
}

// compare fails unless |got − want| ≤ tol·max(1, max|want|) everywhere and NaN meets NaN.
func compare(t *testing.T, what string, got []float32, want []float64, tol float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d values, want %d", what, len(got), len(want))
	}
	scale := 1.0
	for _, w := range want {
		if a := math.Abs(w); a > scale && !math.IsInf(a, 0) {
			scale = a
		}
	}
	for i, w := range want {
		g := float64(got[i])
		if math.IsNaN(w) && math.IsNaN(g) || g == w {
			continue
		}
		if d := math.Abs(g - w); !(d <= tol*scale) {
			t.Fatalf("%s: value %d of %d = %v, want %v (tolerance %v)", what, i, len(want), g, w, tol*scale)
		}
	}
}

// runParallel runs a job on n goroutines, each its own worker, units taken in any order.
func runParallel(j Job, n int) {
	for _, p := range j.Phases {
		units := make(chan int)
		var wg sync.WaitGroup
		for w := range n {
			wg.Go(func() {
				for u := range units {
					p.Do(w, u)
				}
			})
		}
		for u := range p.Units {
			units <- u
		}
		close(units)
		wg.Wait()
	}
}

// sameBytes fails unless the two maps hold the same bits.
func sameBytes(t *testing.T, what string, a, b []float32) {
	t.Helper()
	for i := range a {
		if math.Float32bits(a[i]) != math.Float32bits(b[i]) {
			t.Fatalf("%s: value %d differs: %v and %v", what, i, a[i], b[i])
		}
	}
}

// actRef is the activation in float64.
func actRef(a Act, x float64) float64 {
	switch a {
	case ReLU:
		if x < 0 {
			return 0
		}
	case ReLU6:
		if x > 6 {
			return 6
		}
		return actRef(ReLU, x)
	case SiLU:
		return x / (1 + math.Exp(-x))
	case Sigmoid:
		return 1 / (1 + math.Exp(-x))
	case Tanh:
		return math.Tanh(x)
	case HardSigmoid:
		return math.Min(math.Max(x+3, 0), 6) / 6
	case HardSwish:
		return x * math.Min(math.Max(x+3, 0), 6) / 6
	}
	return x
}

// convRef is the convolution by its definition, in float64.
func convRef(s ConvShape, x []float32, h, w int, wt, bias, res []float32, oh, ow int, act Act) []float64 {
	out := make([]float64, s.Out*oh*ow)
	icg, ocg := s.In/s.Groups, s.Out/s.Groups
	for oc := range s.Out {
		for y := range oh {
			for xx := range ow {
				sum := 0.0
				if bias != nil {
					sum = float64(bias[oc])
				}
				for ic := range icg {
					for ky := range s.KH {
						for kx := range s.KW {
							iy, ix := y*s.SH-s.PadTop+ky*s.DH, xx*s.SW-s.PadLeft+kx*s.DW
							if iy < 0 || iy >= h || ix < 0 || ix >= w {
								continue
							}
							sum += float64(x[((oc/ocg*icg+ic)*h+iy)*w+ix]) * float64(wt[((oc*icg+ic)*s.KH+ky)*s.KW+kx])
						}
					}
				}
				i := (oc*oh+y)*ow + xx
				if res != nil {
					sum += float64(res[i])
				}
				out[i] = actRef(act, sum)
			}
		}
	}
	return out
}

// problem is one convolution with its map sizes.
type problem struct {
	ConvShape
	H, W      int
	Res, Bias bool
	Act       Act
	Extra     int // halo beyond what is needed
	OutHalo   int
}

func (p problem) String() string {
	return fmt.Sprintf("%d×%d×%d→%d k%d×%d s%d×%d p%d,%d d%d g%d act%d res=%v halo+%d/%d", p.In, p.H, p.W, p.Out, p.KH, p.KW, p.SH, p.SW,
		p.PadTop, p.PadLeft, p.DH, p.Groups, p.Act, p.Res, p.Extra, p.OutHalo)
}

func (p problem) out() (h, w int) {
	return (p.H+2*p.PadTop-p.DH*(p.KH-1)-1)/p.SH + 1, (p.W+2*p.PadLeft-p.DW*(p.KW-1)-1)/p.SW + 1
}

func (p problem) valid() bool {
	return p.H+2*p.PadTop > p.DH*(p.KH-1) && p.W+2*p.PadLeft > p.DW*(p.KW-1)
}

// data draws the inputs of a problem.
func (p problem) data(r *rand.Rand) (x, w, bias, res []float32) {
	oh, ow := p.out()
	x, w = randoms(r, p.In*p.H*p.W), randoms(r, p.Out*p.In/p.Groups*p.KH*p.KW)
	if p.Bias {
		bias = randoms(r, p.Out)
	}
	if p.Res {
		res = randoms(r, p.Out*oh*ow)
	}
	return x, w, bias, res
}

func square(in, out, k, s, pad, groups int) ConvShape {
	return ConvShape{In: in, Out: out, Groups: groups, KH: k, KW: k, SH: s, SW: s, PadTop: pad, PadLeft: pad, DH: 1, DW: 1}
}
