// Package train fits the weights of a network to labelled pictures: recipe, loss, optimisers, the loop and its
// checkpoints.
//
// It does not know where pictures come from (a Dataset does) nor what an op is. Everything is deterministic: the same
// recipe and data give the same bytes for any number of threads, also after a stop and resume. Start reading at Trainer.
package train

import (
	"errors"
	"fmt"
	"math"
)

// Optimizer names an update rule.
type Optimizer string

// The optimisers.
const (
	SGD   Optimizer = "sgd"   // momentum as in PyTorch: v = Momentum·v + g; w −= rate·v
	AdamW Optimizer = "adamw" // decoupled weight decay (Loshchilov, Hutter 2017, arXiv:1711.05101)
	Muon  Optimizer = "muon"  // orthogonalised momentum for hidden layers, AdamW for all else; see muon.go
)

// Recipe is everything about a training run but the data. It is stored in model cards and checkpoints.
type Recipe struct {
	Epochs    int       `json:"epochs"`
	Batch     int       `json:"batch"`
	Optimizer Optimizer `json:"optimizer"`
	// Rate is the peak learning rate. It rises linearly over Warmup steps, then falls to 0: along half a cosine, or a line
	// with Linear. With Constant it stays.
	Rate     float64 `json:"rate"`
	Warmup   int     `json:"warmup_steps"`
	Linear   bool    `json:"linear_decay,omitempty"`
	Constant bool    `json:"constant_rate,omitempty"`
	// Momentum is SGD's; Beta1 and Beta2 are AdamW's, 0.9 and 0.999 when 0.
	Momentum float64 `json:"momentum,omitempty"`
	Beta1    float64 `json:"beta1,omitempty"`
	Beta2    float64 `json:"beta2,omitempty"`
	// Decay is the weight decay of weights with two or more dimensions; FirstDecay replaces it in the first convolution
	// when positive (smooth filters); DecayAll also decays biases and normalisation.
	Decay      float64 `json:"weight_decay"`
	FirstDecay float64 `json:"first_layer_decay,omitempty"`
	DecayAll   bool    `json:"decay_all,omitempty"`
	// Smoothing is label smoothing: this share of the target is spread over all classes.
	Smoothing float64 `json:"label_smoothing,omitempty"`
	// Clip bounds the norm of the whole gradient; 0 does not.
	Clip float64 `json:"clip,omitempty"`
	// AuxWeight scales the loss of each auxiliary classifier (0.3 in Szegedy et al. 2014, §5).
	AuxWeight float64 `json:"aux_weight,omitempty"`
	// ZeroResidual starts the last normalisation of every residual branch at 0, so that a block starts as the identity.
	ZeroResidual bool `json:"zero_residual,omitempty"`
	// Stages are the first epochs, on smaller pictures, which cost less and teach nearly as much (progressive resizing: Tan, Le
	// 2021, arXiv:2104.00298, §4.2). The epochs that they leave are at the network's own size. See Trainer.At.
	Stages []Stage `json:"stages,omitempty"`
	Seed   uint64  `json:"seed"`
}

// Stage is some epochs on pictures of Side×Side.
type Stage struct {
	Epochs int `json:"epochs"`
	Side   int `json:"side"`
}

// side is the size of the pictures in an epoch (from 0); 0 stands for the network's own.
func (r Recipe) side(epoch int) int {
	for _, s := range r.Stages {
		if epoch < s.Epochs {
			return s.Side
		}
		epoch -= s.Epochs
	}
	return 0
}

// Validate reports every field that makes no sense.
func (r Recipe) Validate() error {
	var errs []error
	bad := func(cond bool, format string, args ...any) {
		if cond {
			errs = append(errs, fmt.Errorf(format, args...))
		}
	}
	bad(r.Epochs < 1, "epochs = %d, want at least 1", r.Epochs)
	bad(r.Batch < 2, "batch = %d, want at least 2: batch statistics need it", r.Batch)
	bad(r.Optimizer != SGD && r.Optimizer != AdamW && r.Optimizer != Muon, "optimizer = %q, want %q, %q or %q", r.Optimizer, SGD, AdamW, Muon)
	bad(!(r.Rate > 0) || math.IsInf(r.Rate, 0), "rate = %v, want a positive number", r.Rate)
	bad(r.Smoothing < 0 || r.Smoothing >= 1, "label smoothing = %v, want 0 to below 1", r.Smoothing)
	bad(r.Decay < 0 || r.FirstDecay < 0 || r.Clip < 0 || r.AuxWeight < 0 || r.Warmup < 0, "decay, clip, auxiliary weight and warm-up must not be negative")
	for _, s := range r.Stages {
		bad(s.Epochs < 1 || s.Side < 1, "a stage of %d epochs on pictures of %d×%d", s.Epochs, s.Side, s.Side)
	}
	if len(errs) > 0 {
		return fmt.Errorf("train: recipe: %w", errors.Join(errs...))
	}
	return nil
}

// rate is the learning rate of a step (from 0) of a run of total steps.
func (r Recipe) rate(step, total int) float64 {
	if step < r.Warmup {
		return r.Rate * float64(step+1) / float64(r.Warmup)
	}
	if r.Constant || total <= r.Warmup {
		return r.Rate
	}
	t := min(float64(step-r.Warmup)/float64(total-r.Warmup), 1)
	if r.Linear {
		return r.Rate * (1 - t)
	}
	return r.Rate * 0.5 * (1 + math.Cos(math.Pi*t))
}
