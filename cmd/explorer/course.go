package main

import (
	"fmt"

	"stride/internal/nn/arch"
	"stride/internal/nn/train"
	"stride/internal/nn/train/mnist"
	"stride/internal/nn/weights"
)

// lenetRecipe is the recorded recipe of the digit networks.
var lenetRecipe = train.Recipe{Epochs: 15, Batch: 64, Optimizer: train.AdamW, Rate: 2e-3, Warmup: 300, Decay: 0.01, Smoothing: 0.02, Seed: 1}

// courseFor finds the data and recipe of an architecture.
func courseFor(a *arch.Arch, dir string) (*course, error) {
	if a.Labels != arch.Digits {
		return nil, usagef("%s cannot be trained here: there is no open data set for its classes", a.Name)
	}
	tr, te, err := mnist.Open(dir)
	if err != nil {
		return nil, err
	}
	return &course{train: tr, test: te, recipe: lenetRecipe, dtype: weights.F32,
		trainedOn: fmt.Sprintf("MNIST (%d handwritten digits)", tr.Len()),
		source:    "trained by the project on MNIST (LeCun, Cortes, Burges)",
		licence:   "Apache-2.0 (weights); MNIST: CC BY-SA 3.0"}, nil
}
