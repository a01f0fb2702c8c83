package op_test

import (
	"strings"
	"testing"

	"stride/internal/nn"
	"stride/internal/nn/op"
	"stride/internal/nn/tensor"
)

// TestShapesThatDoNotFit checks that every misuse is an error that says what is wrong, with the numbers.
func TestShapesThatDoNotFit(t *testing.T) {
	x := s(1, 8, 4, 4)
	for _, c := range []struct {
		op   nn.Op
		in   []tensor.Shape
		want string
	}{
		{op.Conv{Out: 4, Kernel: 7}, []tensor.Shape{x}, "kernel 7×7 is larger than the 4×4 input"},
		{op.Conv{Out: 4, Kernel: 3, Groups: 3}, []tensor.Shape{x}, "3 groups do not divide 8 input"},
		{op.Conv{Out: 0, Kernel: 3}, []tensor.Shape{x}, "0 filters"},
		{op.Conv{Out: 4, Kernel: 3}, nil, "has 0 inputs, takes 1"},
		{op.Linear{Out: 4}, []tensor.Shape{x}, "flatten the maps first"},
		{op.Linear{}, []tensor.Shape{tensor.Vec(1, 3)}, "0 outputs"},
		{op.MaxPool{Kernel: 5}, []tensor.Shape{x}, "pool of 5×5 is larger than the 4×4 input"},
		{op.MaxPool{Kernel: 2, Pad: 2}, []tensor.Shape{x}, "at most half the kernel"},
		{op.AdaptiveAvgPool{}, []tensor.Shape{x}, "to 0×0"},
		{op.SubSample{}, []tensor.Shape{s(1, 2, 5, 4)}, "5×4 is odd"},
		{op.Add{}, []tensor.Shape{x, s(1, 4, 4, 4)}, "shapes differ: 8×4×4 + 4×4×4"},
		{op.Add{}, []tensor.Shape{x}, "at least 2"},
		{op.Concat{}, []tensor.Shape{x, s(1, 8, 2, 2)}, "map sizes differ: 8×4×4, 8×2×2"},
		{op.Concat{}, nil, "concatenates nothing"},
		{op.Mul{}, []tensor.Shape{x, s(1, 4, 1, 1)}, "shapes do not match"},
		{op.PadChannels{Out: 4}, []tensor.Shape{x}, "cannot pad 8 channels to 4"},
		{op.Dropout{P: 1}, []tensor.Shape{x}, "probability 1"},
		{op.LRN{}, []tensor.Shape{x}, "over 0 channels"},
		{op.ConvTable{Kernel: 3, Inputs: [][]int{{9}}}, []tensor.Shape{x}, "reads input map 9 of 8"},
		{op.RBF{Patterns: [][]float32{{1, 2}}}, []tensor.Shape{tensor.Vec(1, 3)}, "pattern 0 has 2 values"},
	} {
		_, err := c.op.OutShape(c.in)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%T on %v: error %v, want one that says %q", c.op, c.in, err, c.want)
		}
	}
}
