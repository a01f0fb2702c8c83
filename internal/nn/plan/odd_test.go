package plan_test

import (
	"testing"

	"stride/internal/nn"
	"stride/internal/nn/kernel/nchwc"
	"stride/internal/nn/nntest/golden"
	"stride/internal/nn/op"
	"stride/internal/nn/plan"
	"stride/internal/nn/tensor"
)

// oddGraph holds what the architectures do not: widths that fill no block, operations without a blocked kernel between
// blocked ones, epilogues that cannot be fused, and values with several readers.
func oddGraph(b *nn.Builder, x *nn.Node) *nn.Node {
	relu := func(name string, x *nn.Node) *nn.Node { return b.Add(name, op.ReLU, x) }
	x = b.Add("drop0", op.Dropout{P: 0.5}, x)
	same := relu("same.relu", b.Add("same", op.Conv{Out: 64, Kernel: 3, Stride: 2, Same: true}, x))
	grouped := relu("grouped.relu", b.Add("grouped", op.Conv{Out: 96, Kernel: 5, Pad: 2, Groups: 2}, same))
	narrow := b.Add("narrow", op.Conv{Out: 32, Kernel: 3, Pad: 1, Groups: 16}, same)
	dilated := b.Add("dilated", op.Conv{Out: 7, Kernel: 3, Pad: 2, Dilation: 2}, same)
	multiplied := b.Add("multiplied", op.Conv{Out: 128, Kernel: 3, Pad: 1, Groups: 64}, same)
	cat := b.Add("cat", op.Concat{}, dilated, narrow, b.Add("tanh", op.ScaledTanh, dilated), grouped)
	again := b.Add("again", op.Concat{}, cat, dilated, multiplied)
	y := b.Add("mix", op.Conv{Out: 96, Kernel: 1, NoBias: true}, again)
	y = relu("sum.relu", b.Add("sum", op.Add{}, b.Add("drop1", op.StochasticDepth{P: 0.1}, b.Add("mix.bn", op.BatchNorm{}, y)), grouped))
	y = b.Add("three", op.Add{}, y, grouped, y)
	y = b.Add("square", op.Mul{}, y, b.Add("gate", op.Sigmoid, y))
	y = b.Add("lrn", op.LRN{N: 3, K: 1, Alpha: 0.1, Beta: 0.5}, y)
	y = b.Add("halve", op.AvgPool{Kernel: 2, Stride: 2}, b.Add("before", op.Conv{Out: 40, Kernel: 1}, y))
	y = b.Add("wide", op.Conv{Out: 48, Size: [2]int{1, 7}, Pads: [2]int{0, 3}}, y)
	y = b.Add("overhang", op.MaxPool{Kernel: 3, Stride: 2, Ceil: true}, y)
	y = b.Add("shortcut", op.PadChannels{Out: 60}, b.Add("subsample", op.Subsample{Step: 2}, y))
	y = b.Add("norm", op.BatchNorm{}, y)
	p := b.Add("pixel", op.AdaptiveAvgPool{Out: 1}, y)
	p = b.Add("pixel.sum", op.Add{}, b.Add("pixel.bn", op.BatchNorm{}, b.Add("pixel.conv", op.Conv{Out: 60, Kernel: 1}, p)), p)
	f := b.Add("flat", op.Flatten{}, b.Add("gated", op.Mul{}, b.Add("pixel.act", op.HardSigmoid, p), y))
	f = b.Add("fc1", op.Linear{Out: 33}, b.Add("flat.act", op.HardSwish, f))
	return b.Add("softmax", op.Softmax{}, b.Add("fc2", op.Linear{Out: 10, NoBias: true}, b.Add("fc1.act", op.SiLU, f)))
}

func TestOddGraph(t *testing.T) {
	g, err := nn.Build(tensor.CHW(3, 27, 30), oddGraph)
	if err != nil {
		t.Fatal(err)
	}
	w, x := golden.Weights(g, 0.8), golden.Input(g.Input.Shape)
	want := plain(t, g, w, x)
	for _, s := range nchwc.Sets() {
		for _, exact := range []bool{false, true} {
			p := compile(t, g, w, plan.Options{Keep: plan.KeepAll, Impl: s.Name, Exact: exact, Threads: 2})
			run(t, p, x, nil)
			checkNodes(t, p, g, want, winogradTolerance)
			none := compile(t, g, w, plan.Options{Impl: s.Name, Exact: exact, Threads: 2})
			for range 2 {
				if got := run(t, none, x, nil); relative(got, want[g.Output].Data) > winogradTolerance {
					t.Errorf("%v: relative error %.2g with shared memory", none, relative(got, want[g.Output].Data))
				}
			}
		}
	}
}

// A picture with many channels is blocked, and so is one that a depthwise convolution reads.
func TestBlockedInput(t *testing.T) {
	for _, in := range []tensor.Shape{tensor.CHW(24, 9, 9), tensor.CHW(3, 9, 9)} {
		g, err := nn.Build(in, func(b *nn.Builder, x *nn.Node) *nn.Node {
			y := b.Add("conv", op.Conv{Out: x.Shape.C, Kernel: 3, Pad: 1}, x)
			return b.Add("add", op.Add{}, b.Add("dw", op.Conv{Out: x.Shape.C, Kernel: 3, Pad: 1, Groups: x.Shape.C}, x), y)
		})
		if err != nil {
			t.Fatal(err)
		}
		w, x := golden.Weights(g, 1), golden.Input(in)
		p := compile(t, g, w, plan.Options{Keep: plan.KeepAll})
		run(t, p, x, nil)
		checkNodes(t, p, g, plain(t, g, w, x), winogradTolerance)
	}
}
