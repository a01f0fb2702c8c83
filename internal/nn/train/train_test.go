package train

import (
	"bytes"
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"stride/internal/nn"
	"stride/internal/nn/arch"
	"stride/internal/nn/kernel"
	"stride/internal/nn/op"
	"stride/internal/nn/tensor"
)

// bars is a tiny data set: horizontal bars are class 0, vertical ones class 1, under noise.
type bars struct{ n int }

func (b bars) Len() int { return b.n }

func (b bars) Read(i int, seed uint64, dst []float32) int {
	z := uint64(i)*7 + seed
	at := int(mix(z) % 8)
	for j := range dst {
		z = mix(z)
		dst[j] = float32(z>>40)/(1<<24) - 0.5
		if y, x := j/8, j%8; i%2 == 0 && y == at || i%2 == 1 && x == at {
			dst[j] += 1
		}
	}
	return i % 2
}

// cancelling are Workers that end a context in the middle of a step.
type cancelling struct {
	nn.Workers
	left   int
	cancel func()
}

func (c *cancelling) Run(units int, f func(worker, unit int)) {
	if c.left--; c.left == 0 {
		c.cancel()
	}
	c.Workers.Run(units, f)
}

func barNet(t *testing.T) *nn.Graph {
	t.Helper()
	g, err := nn.Build(tensor.CHW(1, 8, 8), func(b *nn.Builder, x *nn.Node) *nn.Node {
		y := b.Add("bn1", op.BatchNorm{}, b.Add("conv1", op.Conv{Out: 8, Kernel: 3, Pad: 1, NoBias: true}, x))
		y = b.Add("relu1", op.ReLU, y)
		z := b.Add("bn2", op.BatchNorm{}, b.Add("conv2", op.Conv{Out: 8, Kernel: 3, Pad: 1, NoBias: true}, y))
		y = b.Add("pool", op.MaxPool{Kernel: 2}, b.Add("add", op.Add{}, z, y))
		b.Aux("aux", func(b *nn.Builder) *nn.Node {
			return b.Add("fc", op.Linear{Out: 2}, b.Add("flatten", op.Flatten{}, y))
		})
		y = b.Add("drop", op.Dropout{P: 0.2}, b.Add("flatten", op.Flatten{}, y))
		return b.Add("fc", op.Linear{Out: 2}, y)
	})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func barRecipe(o Optimizer) Recipe {
	r := Recipe{Epochs: 8, Batch: 16, Optimizer: o, Rate: 0.01, Warmup: 4, Decay: 0.01, FirstDecay: 0.1, Smoothing: 0.05, Clip: 5, AuxWeight: 0.3, ZeroResidual: true, Seed: 3}
	if o == SGD {
		r.Rate, r.Momentum = 0.05, 0.9
	}
	return r
}

func run(t *testing.T, tr *Trainer, stopAt int) {
	t.Helper()
	stop := errors.New("stop")
	err := tr.Run(context.Background(), bars{200}, func(s Step) error {
		if s.Step == stopAt {
			return stop
		}
		return nil
	})
	if err != nil && !errors.Is(err, stop) {
		t.Fatal(err)
	}
}

func saved(t *testing.T, tr *Trainer) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := tr.Save(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestLearns(t *testing.T) {
	for _, o := range []Optimizer{SGD, AdamW, Muon} {
		tr, err := New(barNet(t), barRecipe(o), nil)
		if err != nil {
			t.Fatal(err)
		}
		run(t, tr, 0)
		s, err := Evaluate(context.Background(), tr.Graph, tr.Weights, bars{300}, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		if s.N != 300 || s.Accuracy() < 0.95 {
			t.Errorf("%s: %d of %d right", o, s.Correct(), s.N)
		}
	}
}

// TestSameBytes is the promise of the package: threads and interruptions leave no trace.
func TestSameBytes(t *testing.T) {
	g := barNet(t)
	var want []byte
	for _, threads := range []int{1, 2, 3} {
		team := kernel.NewTeam(threads)
		tr, err := New(g, barRecipe(AdamW), team)
		if err != nil {
			t.Fatal(err)
		}
		run(t, tr, 0)
		got := saved(t, tr)
		team.Close()
		if want == nil {
			want = got
		} else if !bytes.Equal(got, want) {
			t.Errorf("%d threads give other bytes than 1", threads)
		}
	}
	for left := 70; left < 80; left += 2 { // wherever in a step the interruption comes
		ctx, cancel := context.WithCancel(context.Background())
		tr, err := New(g, barRecipe(AdamW), &cancelling{kernel.NewTeam(1), left, cancel})
		if err != nil {
			t.Fatal(err)
		}
		if err := tr.Run(ctx, bars{200}, nil); !errors.Is(err, context.Canceled) || tr.StepsDone == 0 {
			t.Fatalf("a cancelled run: %v after %d steps", err, tr.StepsDone)
		}
		run(t, tr, tr.StepsDone+17)
		tr, err = Resume(g, bytes.NewReader(saved(t, tr)), nil)
		if err != nil {
			t.Fatal(err)
		}
		run(t, tr, 0)
		if !bytes.Equal(saved(t, tr), want) {
			t.Error("a stop and resume give other bytes")
		}
	}
}

func TestZeroResidualStartsAsIdentity(t *testing.T) {
	a, err := arch.ByName("mini_resnet")
	if err != nil {
		t.Fatal(err)
	}
	g, err := a.Graph()
	if err != nil {
		t.Fatal(err)
	}
	w := initial(g, Recipe{ZeroResidual: true, Seed: 1})
	if s := tensor.Summarize(w.Values("block2.bn2.weight")); s.L2 != 0 {
		t.Errorf("the branch starts with scale %v, want 0", s.Max)
	}
	if s := tensor.Summarize(w.Values("block1.downsample.1.weight")); s.Min != 1 {
		t.Errorf("the projection starts with scale %v, want 1", s.Min)
	}
}

func TestRate(t *testing.T) {
	r := Recipe{Rate: 2, Warmup: 4}
	for _, c := range []struct {
		step int
		want float64
	}{{0, 0.5}, {3, 2}, {4, 2}, {54, 1}, {104, 0}} {
		if got := r.rate(c.step, 104); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("rate at step %d is %v, want %v", c.step, got, c.want)
		}
	}
}

func TestShuffle(t *testing.T) {
	p := shuffle(100, 5)
	q := slices.Clone(p)
	slices.Sort(q)
	for i, v := range q {
		if v != i {
			t.Fatalf("not a permutation: %v", p)
		}
	}
	if slices.Equal(p, shuffle(100, 6)) || !slices.Equal(p, shuffle(100, 5)) {
		t.Error("the permutation does not depend on the seed alone")
	}
}

func TestRecipeErrors(t *testing.T) {
	if err := barRecipe(SGD).Validate(); err != nil {
		t.Error(err)
	}
	bad := Recipe{Epochs: 0, Batch: 1, Optimizer: "newton", Rate: math.NaN(), Smoothing: 1, Decay: -1}
	if err := bad.Validate(); err == nil {
		t.Error("a recipe without sense is accepted")
	}
	if _, err := New(barNet(t), bad, nil); err == nil {
		t.Error("New accepts a recipe without sense")
	}
	tr, err := New(barNet(t), barRecipe(SGD), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := tr.Run(context.Background(), bars{10}, nil); err == nil {
		t.Error("ten examples fill a batch of 16")
	}
}
