// Package op holds the operations of convolutional networks. Each op is a small value that owns its shape rule,
// parameters, cost, window, forward and backward pass, and the arithmetic behind one output cell.
//
// It is not where loops are made fast (nn/kernel) and not where networks are declared (nn/arch). Start reading at Conv.
//
// The zero value of every optional field is the common case: stride 1, no padding, one group, bias on.
package op

import (
	"fmt"

	"stride/internal/nn/tensor"
)

func or1(n int) int {
	if n == 0 {
		return 1
	}
	return n
}

// one is the shape of the only input.
func one(in []tensor.Shape) (tensor.Shape, error) {
	if len(in) != 1 {
		return tensor.Shape{}, fmt.Errorf("has %d inputs, takes 1", len(in))
	}
	return in[0], nil
}

// param is p[i], or nil when there is none.
func param(p [][]float32, i int) []float32 {
	if i < len(p) {
		return p[i]
	}
	return nil
}

// data is the values of t, nil for no tensor.
func data(t *tensor.Tensor) []float32 {
	if t == nil {
		return nil
	}
	return t.Data
}
