package engine

import (
	"context"
	"time"

	"stride/internal/nn"
	"stride/internal/nn/tensor"
)

// Runner computes jobs. Local does it in this process; another may send the job to a worker process and read frames back.
type Runner interface {
	// Run computes a job. It calls emit for the input and then for every node as soon as its output exists or can be
	// computed from outputs that do. An error of emit ends the run and is returned. Run returns soon after ctx ends.
	Run(ctx context.Context, job Job, emit Emit) (Result, error)
}

// Emit receives the output of one node. read gives a tensor that belongs to the receiver; it may be called at most once
// and only before emit returns. A receiver that does not want the values does not call it, which saves the copy. read is
// nil for a node whose values the run did not materialise.
type Emit = func(n *nn.Node, read func() *tensor.Tensor) error

// Models knows the networks behind jobs.
type Models interface {
	// Open is the network of a job, for its cost, its nodes and to compute single nodes again. Its errors reach the
	// visitor: a job that makes no sense is an *Error. It may be slow the first time (weights are read) and is called
	// without locks held.
	Open(ctx context.Context, job Job) (*Network, error)
}

// Network is what the engine must know of a model. It is shared and read only.
type Network struct {
	Graph   *nn.Graph
	Weights nn.Weights
	// WeightBytes is their size. Jobs of one model, weights and input size share them.
	WeightBytes int64
	// Edit carries out the job's edits on the output of a node; nil when it has none.
	Edit func(n *nn.Node, out *tensor.Tensor)
}

// MACs is the cost of a run of the network.
func (w *Network) MACs(aux bool) int64 {
	var sum int64
	for _, n := range w.Graph.Nodes {
		if !n.Aux || aux {
			sum += n.MACs()
		}
	}
	return sum
}

// Result is the answer of a run.
type Result struct {
	Logits []float32 `json:"logits"`
	// Top lists the likeliest classes, the likeliest first.
	Top []Guess `json:"top"`
	// Aux are the logits of the auxiliary classifiers by the path of their last node.
	Aux     map[string][]float32 `json:"aux,omitempty"`
	Elapsed time.Duration        `json:"elapsed"`
}

// Guess is one class and its softmax share.
type Guess struct {
	Index int     `json:"index"`
	Prob  float64 `json:"prob"`
}

// Threads is the number of threads that the engine grants to a run; 1 outside of one. It changes the time a run takes,
// never its result.
func Threads(ctx context.Context) int {
	if n, ok := ctx.Value(threadsKey{}).(int); ok {
		return n
	}
	return 1
}

type threadsKey struct{}
