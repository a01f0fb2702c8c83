package model

import (
	"context"
	"sync"
	"time"

	"stride/internal/nn"
	"stride/internal/nn/plan"
	"stride/internal/nn/tensor"
)

// plans are a model compiled for the numbers of threads it has been run with. Compiling packs the weights again, which
// costs memory: only the plan used last is kept.
type plans struct {
	g *nn.Graph
	w nn.Weights

	mu      sync.Mutex
	current *plan.Plan
	threads int
	users   int
	dropped bool // close when the last user gives it back
}

func newPlans(g *nn.Graph, w nn.Weights) *plans { return &plans{g: g, w: w} }

// take is a plan for a number of threads, to be given back. A plan that others are using is shared whatever its threads:
// runs take turns, and results do not depend on threads.
func (p *plans) take(threads int) (*plan.Plan, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.current != nil && (p.threads == threads || p.users > 0) {
		p.users++
		return p.current, nil
	}
	p.end()
	c, err := plan.Compile(p.g, p.w, plan.Options{Threads: threads})
	if err != nil {
		return nil, err
	}
	p.current, p.threads, p.users = c, threads, 1
	return c, nil
}

func (p *plans) give() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.users--
	if p.dropped {
		p.end()
	}
}

// drop ends the plan as soon as nobody uses it.
func (p *plans) drop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.dropped = true
	p.end()
}

// end closes the plan if nobody uses it.
func (p *plans) end() {
	if p.current != nil && p.users == 0 {
		p.current.Close()
		p.current = nil
	}
}

// runPlan runs the compiled plan. Nodes that it has fused away are reported, without a value, before the node that took
// them in.
func (m *Model) runPlan(ctx context.Context, x *tensor.Tensor, cfg RunConfig) (*Result, error) {
	p, err := m.plans.take(max(cfg.Threads, 1))
	if err != nil {
		return nil, err
	}
	defer m.plans.give()
	res := &Result{}
	report := cfg.Tap
	if report == nil {
		report = func(*nn.Node, func() *tensor.Tensor) error { return nil }
	}
	seen := make([]bool, len(m.Graph.Nodes))
	seen[m.Graph.Input.ID] = true
	if err := report(m.Graph.Input, x.Clone); err != nil {
		return nil, err
	}
	packing, start := p.Packing(), time.Now()
	_, err = p.Run(ctx, x, func(n *nn.Node, v plan.View) error {
		if n == m.Graph.Output { // the plan's own copy is another run's as soon as this one returns
			res.Logits = v.Tensor().Data
		}
		if seen[n.ID] {
			return nil
		}
		if err := fusedInto(p, n, seen, report); err != nil {
			return err
		}
		seen[n.ID] = true
		return report(n, v.Tensor)
	})
	if err != nil {
		return nil, err
	}
	res.Elapsed = time.Since(start) - (p.Packing() - packing)
	return res, fusedInto(p, m.Graph.Nodes[len(m.Graph.Main())-1], seen, report)
}

// fusedInto reports the nodes between n and the last materialised ones before it.
func fusedInto(p *plan.Plan, n *nn.Node, seen []bool, tap func(*nn.Node, func() *tensor.Tensor) error) error {
	for _, in := range n.In {
		if seen[in.ID] || p.Kept(in) {
			continue
		}
		if err := fusedInto(p, in, seen, tap); err != nil {
			return err
		}
		seen[in.ID] = true
		if err := tap(in, nil); err != nil {
			return err
		}
	}
	return nil
}
