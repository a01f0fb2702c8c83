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
			// gradient before it with it. The reference must agree with one of the two.
			var failed []string
			for _, flip := range []bool{false, true} {
				tr, err := NewFrom(g, r, golden.Weights(g, want.Gain), team)
				if err != nil {
					t.Fatal(err)
				}
				flipped := 0
				tr.tape = nn.NewTape(g, nn.TapeConfig{Workers: team, Train: true, Tap: func(n *nn.Node, out *tensor.Tensor) error {
					if flip && len(n.Users) > 0 && n.Users[0].Op.Kind() == "relu" {
						flipped += flipUndecided(out.Data)
					}
					return nil
				}})
				log, errs := checkStep(t, tr, want)
				if errs == nil {
					t.Logf("%s; undecided units turned: %d", log, flipped)
					return
				}
				failed = append(failed, errs...)
			}
			t.Error(strings.Join(failed, "\n"))
		})
	}
}

// flipUndecided changes the sign of values within one rounding of 1 around 0; it returns how many.
func flipUndecided(v []float32) int {
	n := 0
	for i, x := range v {
		if x > -1.2e-7 && x < 1.2e-7 && x != 0 {
			v[i] = -x
			n++
		}
	}
	return n
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
