package plan

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"stride/internal/nn"
	"stride/internal/nn/kernel/nchwc"
	"stride/internal/nn/tensor"
)

// Keep says which activations survive a run.
type Keep int

const (
	// KeepNone reuses the memory of an activation once its readers have run: the smallest and fastest plan. A tap still
	// sees every materialised node while it is valid.
	KeepNone Keep = iota
	// KeepAll gives every materialised activation a place of its own, so that Value works after the run.
	KeepAll
)

// Options say how to compile. The zero value runs on all processors and keeps nothing.
type Options struct {
	// Threads is the number of workers; 0 means GOMAXPROCS, and more than MaxThreads as many. Results do not depend on it.
	Threads int
	Keep    Keep
	// Exact forgoes Winograd's algorithm, whose rounding differs (about 1e-5 of the largest value).
	Exact bool
	// Impl names a kernel set ("generic", "avx2", "avx512"); empty means the best one, or that of STRIDE_KERNEL.
	Impl string
}

// Plan is a graph compiled for one set of weights. Its methods may be called from several goroutines; runs take turns.
type Plan struct {
	g    *nn.Graph
	w    nn.Weights
	keep Keep
	pool *pool
	env  *nchwc.Env

	packing atomic.Int64 // nanoseconds

	mu          sync.Mutex
	steps       []*step
	values      []*value // by node ID; nil for nodes that are fused away or auxiliary
	arena       []float32
	weightBytes int64     // packed so far
	input       []float32 // of the run in progress
	ran         bool
	logits      *tensor.Tensor
	settings    string
}

// MaxThreads is the largest number of workers of a plan. Layers are not large enough for more.
const MaxThreads = 256

// Bytes is the memory of a plan.
type Bytes struct{ Weights, Activations, Scratch int64 }

// Total is the sum.
func (b Bytes) Total() int64 { return b.Weights + b.Activations + b.Scratch }

// Tap sees every materialised node in run order. The view is valid during the call only. nn.ErrStop ends the run without
// an error, any other error ends it with that error.
type Tap func(n *nn.Node, v View) error

// Compile lowers g and lays out the memory. Weights that are missing or have the wrong length are an error that names the
// node. They are packed, layer by layer and in parallel, by the first run, and read again by Value, for nodes that are
// fused away; a w that is a Releaser is told what has been packed.
func Compile(g *nn.Graph, w nn.Weights, o Options) (*Plan, error) {
	set := nchwc.Best()
	if o.Impl != "" {
		if set = nchwc.ByName(o.Impl); set == nil {
			return nil, fmt.Errorf("plan: this processor has no kernel set %q; it has %s", o.Impl, setNames())
		}
	}
	if o.Threads <= 0 {
		o.Threads = runtime.GOMAXPROCS(0)
	}
	o.Threads = min(o.Threads, MaxThreads)
	p := &Plan{g: g, w: w, keep: o.Keep, pool: newPool(o.Threads), env: nchwc.NewEnv(set, o.Threads)}
	runtime.AddCleanup(p, func(pool *pool) { pool.Close() }, p.pool)
	c := &compiler{Plan: p, set: set, exact: o.Exact}
	if err := c.compile(); err != nil {
		p.Close()
		return nil, err
	}
	p.settings = fmt.Sprintf("%s, %d threads", set.Name, o.Threads)
	if o.Exact {
		p.settings += ", exact"
	}
	return p, nil
}

func setNames() string {
	s := ""
	for i, set := range nchwc.Sets() {
		if i > 0 {
			s += ", "
		}
		s += set.Name
	}
	return s
}

// Close ends the workers. The plan must not be used any more.
func (p *Plan) Close() { p.pool.Close() }

// String says what the plan runs on: "avx512, 2 threads".
func (p *Plan) String() string { return p.settings }

// Graph is the graph that was compiled.
func (p *Plan) Graph() *nn.Graph { return p.g }

// Bytes is the memory that the plan holds. Weights and scratch memory are complete after the first run.
func (p *Plan) Bytes() Bytes {
	p.mu.Lock()
	defer p.mu.Unlock()
	return Bytes{p.weightBytes, 4 * int64(len(p.arena)), p.env.Bytes()}
}

// Kept reports whether a step materialises the node; the value of any other node is computed on demand.
func (p *Plan) Kept(n *nn.Node) bool { return p.values[n.ID] != nil }

// Packing is the time that runs have spent so far on packing weights, nearly all of it in the first run.
func (p *Plan) Packing() time.Duration { return time.Duration(p.packing.Load()) }

// Run applies the plan to one image and returns the logits, which belong to the plan and are valid until the next run. A
// cancelled context ends the run between two steps with ctx.Err(). tap may be nil.
func (p *Plan) Run(ctx context.Context, x *tensor.Tensor, tap Tap) (*tensor.Tensor, error) {
	if x.Shape != p.g.Input.Shape {
		return nil, &nn.NodeError{Path: p.g.Input.Path, Err: fmt.Errorf("the picture is %v, the plan takes one image of %v", x.Shape, p.g.Input.Shape)}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ran = false
	p.input = x.Data
	for _, s := range p.steps {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		p.prepare(s)
		s.run(p)
		if tap == nil {
			continue
		}
		for _, n := range s.kept {
			if err := tap(n, p.view(n)); errors.Is(err, nn.ErrStop) {
				return nil, nil
			} else if err != nil {
				return nil, err
			}
		}
	}
	p.ran = true
	p.view(p.g.Output).CopyTo(p.logits.Data)
	return p.logits, nil
}
