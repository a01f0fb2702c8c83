package train

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"

	"stride/internal/nn"
	"stride/internal/nn/arch"
	"stride/internal/nn/kernel"
	"stride/internal/nn/nntest/golden"
	"stride/internal/nn/tensor"
)

// TestGradientGoldens holds loss, every gradient, one SGD step and the running statistics to the reference.
func TestGradientGoldens(t *testing.T) {
	team := kernel.NewTeam(2)
	defer team.Close()
	for _, name := range []string{"lenet5", "cifar_resnet20", "cifar_plain20"} {
		t.Run(name, func(t *testing.T) {
			want := golden.LoadGradients(t, name)
			a, err := arch.ByName(name)
			if err != nil {
				t.Fatal(err)
			}
			g, err := a.Graph()
			if err != nil {
				t.Fatal(err)
			}
			r := Recipe{Epochs: 1, Batch: 4, Optimizer: SGD, Rate: want.SGD.LR, Constant: true, Momentum: want.SGD.Momentum, Decay: want.SGD.WeightDecay, DecayAll: true, Seed: 1}
			// A unit whose input to a ReLU is smaller than float32 can tell from 0 is on or off by chance of rounding, and every
			// gradient before it with it. The reference must agree with one choice of these units.
			var failed []string
			for turned := range uint(1) << undecided(t, want, g, r, team) {
				tr, err := NewFrom(g, r, golden.Weights(g, want.Gain), team)
				if err != nil {
					t.Fatal(err)
				}
				n := 0
				tr.tape = turning(g, team, turned, &n)
				log, errs := checkStep(t, tr, want)
				if errs == nil {
					t.Logf("%s; undecided units turned: %b", log, turned)
					return
				}
				if failed == nil || len(errs) < len(failed) {
					failed = errs
				}
			}
			t.Error(strings.Join(failed, "\n"))
		})
	}
}

// atZero is how near 0 a normalised value must be to count as undecided: a few roundings of values about 1.
const atZero = 4e-7

// turning is a tape that changes the sign of those undecided inputs of ReLUs whose bits, in run order, are set; n counts what
// it has met.
func turning(g *nn.Graph, team nn.Workers, bits uint, n *int) *nn.Tape {
	*n = 0
	return nn.NewTape(g, nn.TapeConfig{Workers: team, Train: true, Tap: func(node *nn.Node, out *tensor.Tensor) error {
		if len(node.Users) == 0 || node.Users[0].Op.Kind() != "relu" {
			return nil
		}
		for i, x := range out.Data {
			if x > -atZero && x < atZero && x != 0 {
				if bits>>*n&1 == 1 {
					out.Data[i] = -x
				}
				*n++
			}
		}
		return nil
	}})
}

// undecided counts those units.
func undecided(t *testing.T, want *golden.Gradients, g *nn.Graph, r Recipe, team nn.Workers) int {
	t.Helper()
	tr, err := NewFrom(g, r, golden.Weights(g, want.Gain), team)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	tr.tape = turning(g, team, 0, &n)
	if _, err := tr.Loss(context.Background(), golden.Input(golden.Shape(want.InputShape)), want.Labels); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d undecided units", n)
	return min(n, 5) // every choice is tried, so a handful is the most
}

func checkStep(t *testing.T, tr *Trainer, want *golden.Gradients) (log string, failed []string) {
	t.Helper()
	fail := func(err error) {
		if err != nil {
			failed = append(failed, err.Error())
		}
	}
	x := golden.Input(golden.Shape(want.InputShape))
	loss := func() float64 {
		l, err := tr.Loss(context.Background(), x, want.Labels)
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	near := func(what string, got, want, tol float64) {
		if math.Abs(got-want) > tol*max(1, math.Abs(want)) {
			fail(fmt.Errorf("%s is %.8g, want %.8g", what, got, want))
		}
	}
	near("loss", loss(), want.Loss, 1e-5)
	worst, grad := 0.0, 0.0
	for i := range want.Activations {
		a := &want.Activations[i]
		rel, err := golden.CompareActivation(a, tr.Out(tr.Graph.Node(a.Name)), golden.Exact)
		fail(err)
		worst = max(worst, rel)
	}
	for i := range want.Grads {
		rel, err := golden.CompareGradient(&want.Grads[i], tr.Grad(want.Grads[i].Name), golden.Exact)
		fail(err)
		grad = max(grad, rel)
	}
	tr.Update(tr.Recipe.Rate)
	for _, list := range [][]golden.Summary{want.ParamsAfter, want.BuffersAfter} {
		for i := range list {
			_, err := golden.CompareGradient(&list[i], tr.Weights.Values(list[i].Name), golden.Exact)
			fail(err)
		}
	}
	after := loss()
	near("loss after one step", after, want.LossAfter1Step, 1e-3)
	return fmt.Sprintf("%s: loss %.6f (want %.6f), worst activation %.1e, worst gradient %.1e, loss after a step %.6f (want %.6f)",
		want.Model, want.Loss, want.Loss, worst, grad, after, want.LossAfter1Step), failed
}
