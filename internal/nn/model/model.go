// Package model joins an architecture with weights, the preprocessing those weights want, and the names of their classes,
// into something that answers for a picture; and it keeps the catalogue of what is installed.
//
// It does not schedule runs (internal/engine) and does not train (nn/train). Start reading at Model, then Catalogue.
package model

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"sync"
	"time"

	"stride/internal/nn"
	"stride/internal/nn/arch"
	"stride/internal/nn/input"
	"stride/internal/nn/kernel"
	"stride/internal/nn/tensor"
	"stride/internal/nn/weights"
)

// Model is an architecture with weights, ready to run. It is safe for concurrent use.
type Model struct {
	Arch       *arch.Arch
	Graph      *nn.Graph
	Weights    *weights.Set
	Provenance weights.Provenance
	Preprocess input.Preprocess

	plans *plans
	ranks *sync.Map // by node path: func() (*analyze.LowRank, error)
}

// Trained reports whether predictions of this model mean anything.
func (m *Model) Trained() bool { return m.Provenance.Status != weights.Untrained }

// WeightBytes is the size of the weights in float32.
func (m *Model) WeightBytes() int64 {
	var n int64
	for _, x := range m.Graph.Nodes {
		for _, p := range x.Params {
			n += 4 * int64(p.Len())
		}
	}
	return n
}

// New checks that the weights fit the architecture at the given input size (its own when zero) and joins them. The
// preprocessing is that of the weights' metadata, or the default of the architecture.
func New(a *arch.Arch, in tensor.Shape, w *weights.Set, p weights.Provenance) (*Model, error) {
	if in == (tensor.Shape{}) {
		in = a.Input
	}
	g, err := a.GraphAt(in)
	if err != nil {
		return nil, err
	}
	if err := weights.Check(g, w); err != nil {
		return nil, fmt.Errorf("%s: %w", a.Name, err)
	}
	pre := DefaultPreprocess(a)
	if t := w.Meta[weights.MetaPreprocess]; t != "" {
		if err := json.Unmarshal([]byte(t), &pre); err != nil {
			return nil, fmt.Errorf("%s: the weights' preprocessing: %w", a.Name, err)
		}
	}
	if pre.Crop != in.H { // another input size: keep the proportion of the crop
		pre.Resize, pre.Crop = int(math.Round(float64(pre.Resize)*float64(in.H)/float64(pre.Crop))), in.H
	}
	pre.Channels = in.C
	if err := pre.Validate(); err != nil {
		return nil, fmt.Errorf("%s: the weights' preprocessing: %w", a.Name, err)
	}
	return &Model{Arch: a, Graph: g, Weights: w, Provenance: p, Preprocess: pre, plans: newPlans(g, w), ranks: new(sync.Map)}, nil
}

// Untrained is a model with seeded initial weights.
func Untrained(a *arch.Arch, in tensor.Shape, seed uint64) (*Model, error) {
	if in == (tensor.Shape{}) {
		in = a.Input
	}
	g, err := a.GraphAt(in)
	if err != nil {
		return nil, err
	}
	return New(a, in, weights.Init(g, seed), weights.UntrainedProvenance(seed))
}

// DefaultPreprocess is what weights of this architecture usually want when they do not say it themselves.
func DefaultPreprocess(a *arch.Arch) input.Preprocess {
	side := a.Input.H
	switch a.Labels {
	case arch.Digits:
		return input.LeNet()
	case arch.Drawings:
		return input.Preprocess{Resize: side, Crop: side, Mean: [3]float32{0.5, 0.5, 0.5}, Std: [3]float32{0.25, 0.25, 0.25}, Channels: 3}
	case arch.CIFAR10:
		p := input.ImageNet()
		p.Resize, p.Crop = side, side
		return p
	}
	p := input.ImageNet()
	p.Resize, p.Crop = int(math.Round(float64(side)*256/224)), side
	switch {
	case a.Name == "inception_v3":
		p.Resize = 342
		fallthrough
	case a.Name == "googlenet":
		// torchvision renormalises the picture inside these two networks; together both steps are mean = std = 0.5.
		p.Mean, p.Std = [3]float32{0.5, 0.5, 0.5}, [3]float32{0.5, 0.5, 0.5}
	case a.Family == "efficientnet":
		p.Interpolation = input.Bicubic
	}
	return p
}

// Tensor prepares a picture. LeNet's digits are found, centred and scaled as those it was trained on.
func (m *Model) Tensor(img *input.RGB) *tensor.Tensor {
	if m.Arch.Labels == arch.Digits {
		return m.Preprocess.GrayTensor(input.Normalize(img.Gray()).Gray)
	}
	return m.Preprocess.Tensor(img)
}

// Picture is what the network sees of a picture, before its values are scaled.
func (m *Model) Picture(img *input.RGB) *input.RGB {
	if m.Arch.Labels == arch.Digits {
		return rgb(input.Normalize(img.Gray()).Gray)
	}
	return m.Preprocess.Picture(img)
}

func rgb(g *input.Gray) *input.RGB {
	p := input.NewRGB(g.W, g.H)
	for i, v := range g.Pix {
		p.Pix[3*i], p.Pix[3*i+1], p.Pix[3*i+2] = v, v, v
	}
	return p
}

// Result is what a run answers.
type Result struct {
	Logits []float32
	// Aux are the logits of the auxiliary classifiers by the path of their last node, when they ran.
	Aux map[string][]float32
	// Elapsed is the time of the run, without that of packing the weights for the first one.
	Elapsed time.Duration
}

// RunConfig says how to run a model.
type RunConfig struct {
	// Threads is the number of threads; 0 means one.
	Threads int
	// Tap sees every node of the run. read gives a copy of its output and must be called before Tap returns; it is nil for
	// a node that a plan has fused into the next one, whose output can be computed from its inputs.
	Tap func(n *nn.Node, read func() *tensor.Tensor) error
	// Plain runs every operation by itself, so that no node is fused. Aux and batches imply it.
	Plain bool
	Aux   bool
	// Edit, if not nil, changes the outputs of the Edited nodes before anybody reads them. Without Plain and Aux only these nodes and
	// what depends on them are computed again; Known, where it is not nil, gives the others' outputs of the unedited run
	// (nil for those that are not at hand), which are only read.
	Edit   func(n *nn.Node, out *tensor.Tensor)
	Edited []*nn.Node
	// Weights, where it is not nil, is what a run with Edited nodes computes with; it differs from the model's at these only.
	Weights nn.Weights
	Known   func(n *nn.Node) *tensor.Tensor
}

// Run applies the model to a prepared input: through a compiled plan where that is possible, plainly otherwise.
func (m *Model) Run(ctx context.Context, x *tensor.Tensor, cfg RunConfig) (*Result, error) {
	switch {
	case cfg.Plain || cfg.Aux || x.Shape.N != 1:
		return m.runPlain(ctx, x, cfg)
	case len(cfg.Edited) > 0:
		return m.runEdited(ctx, x, cfg)
	}
	return m.runPlan(ctx, x, cfg)
}

// runPlain runs one operation after the other.
func (m *Model) runPlain(ctx context.Context, x *tensor.Tensor, cfg RunConfig) (*Result, error) {
	team := kernel.NewTeam(max(cfg.Threads, 1))
	defer team.Close()
	res := &Result{}
	if cfg.Aux {
		res.Aux = map[string][]float32{}
	}
	tap := func(n *nn.Node, out *tensor.Tensor) error {
		if cfg.Aux && slices.Contains(m.Graph.AuxOutputs, n) {
			res.Aux[n.Path] = slices.Clone(out.Data)
		}
		if cfg.Tap != nil {
			return cfg.Tap(n, out.Clone)
		}
		return nil
	}
	start := time.Now()
	out, err := nn.Run(ctx, m.Graph, x, m.weights(cfg), nn.RunConfig{Workers: team, Tap: tap, Aux: cfg.Aux, Edit: cfg.Edit})
	return res.finish(out, start, err)
}

// weights are those that a run computes with.
func (m *Model) weights(cfg RunConfig) nn.Weights {
	if cfg.Weights != nil {
		return cfg.Weights
	}
	return m.Weights
}

func (r *Result) finish(out *tensor.Tensor, start time.Time, err error) (*Result, error) {
	if err != nil {
		return nil, err
	}
	r.Elapsed = time.Since(start)
	if out != nil {
		r.Logits = slices.Clone(out.Data)
	}
	return r, nil
}

// Guess is one class with its share of the answer.
type Guess struct {
	Index int
	// Prob is the softmax of the logits: the share of the network's belief among its classes, not a certainty.
	Prob float64
}

// Top lists the k most likely classes, the likeliest first; equal shares keep the order of the classes.
func Top(logits []float32, k int) []Guess {
	top := math.Inf(-1)
	for _, v := range logits {
		top = max(top, float64(v))
	}
	g := make([]Guess, len(logits))
	sum := 0.0
	for i, v := range logits {
		g[i] = Guess{i, math.Exp(float64(v) - top)}
		sum += g[i].Prob
	}
	for i := range g {
		g[i].Prob /= sum
	}
	slices.SortStableFunc(g, func(a, b Guess) int {
		switch {
		case a.Prob > b.Prob:
			return -1
		case a.Prob < b.Prob:
			return 1
		}
		return 0
	})
	return g[:min(k, len(g))]
}
