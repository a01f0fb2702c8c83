package model

import (
	"context"
	"slices"
	"time"

	"stride/internal/nn"
	"stride/internal/nn/kernel"
	"stride/internal/nn/plan"
	"stride/internal/nn/tensor"
)

// runEdited computes only what lies downstream of an edit. The rest is that of the unedited run: from cfg.Known where it
// is at hand, otherwise from the compiled plan, which stops as soon as the last value that the edit's side reads is there.
func (m *Model) runEdited(ctx context.Context, x *tensor.Tensor, cfg RunConfig) (*Result, error) {
	start := time.Now()
	dirty := m.downstream(cfg.Edited)
	if !dirty[m.Graph.Output.ID] { // an edit of an auxiliary classifier, which does not run
		return m.runPlan(ctx, x, cfg)
	}
	known := cfg.Known
	if known == nil {
		var err error
		if known, err = m.upstream(ctx, x, dirty, max(cfg.Threads, 1)); err != nil {
			return nil, err
		}
	}
	team := kernel.NewTeam(max(cfg.Threads, 1))
	defer team.Close()
	e := &editedRun{m: m, cfg: cfg, team: team, have: map[*nn.Node]*tensor.Tensor{m.Graph.Input: x}}
	needed := m.needed(dirty, func(n *nn.Node) bool { return known(n) != nil })
	for _, n := range m.Graph.Main() {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := e.node(n, dirty[n.ID] || needed[n.ID], known); err != nil {
			return nil, err
		}
	}
	return (&Result{}).finish(e.have[m.Graph.Output], start, nil)
}

// editedRun is the state of one run of runEdited.
type editedRun struct {
	m    *Model
	cfg  RunConfig
	team *kernel.Team
	have map[*nn.Node]*tensor.Tensor
}

// node takes or computes one output and reports it. What is neither known nor needed is reported without a value.
func (e *editedRun) node(n *nn.Node, compute bool, known func(*nn.Node) *tensor.Tensor) error {
	switch {
	case n == e.m.Graph.Input:
	case compute:
		in := make([]*tensor.Tensor, len(n.In))
		for i, p := range n.In {
			in[i] = e.have[p]
		}
		out := tensor.New(n.Shape)
		if err := nn.Apply(n, in, out, e.m.weights(e.cfg), e.team); err != nil {
			return err
		}
		if e.cfg.Edit != nil {
			e.cfg.Edit(n, out)
		}
		e.have[n] = out
	default:
		if t := known(n); t != nil {
			e.have[n] = t
		}
	}
	if e.cfg.Tap == nil {
		return nil
	}
	if t := e.have[n]; t != nil {
		return e.cfg.Tap(n, func() *tensor.Tensor { return t })
	}
	return e.cfg.Tap(n, nil)
}

// downstream marks by ID the given nodes and all that depend on them.
func (m *Model) downstream(from []*nn.Node) []bool {
	dirty := make([]bool, len(m.Graph.Nodes))
	for _, n := range m.Graph.Nodes {
		dirty[n.ID] = slices.Contains(from, n) || slices.ContainsFunc(n.In, func(p *nn.Node) bool { return dirty[p.ID] })
	}
	return dirty
}

// needed marks by ID the clean nodes that must be computed so that the dirty ones can be: those on the way back to nodes
// whose output is at hand.
func (m *Model) needed(dirty []bool, atHand func(*nn.Node) bool) []bool {
	need := make([]bool, len(m.Graph.Nodes))
	main := m.Graph.Main()
	for i := len(main) - 1; i >= 0; i-- {
		n := main[i]
		if !dirty[n.ID] && !need[n.ID] {
			continue
		}
		for _, p := range n.In {
			need[p.ID] = !dirty[p.ID] && p != m.Graph.Input && !atHand(p)
		}
	}
	return need
}

// upstream runs the compiled plan until everything that the dirty nodes read has been computed.
func (m *Model) upstream(ctx context.Context, x *tensor.Tensor, dirty []bool, threads int) (func(*nn.Node) *tensor.Tensor, error) {
	p, err := m.plans.take(threads)
	if err != nil {
		return nil, err
	}
	defer m.plans.give()
	need := m.needed(dirty, p.Kept)
	left := map[*nn.Node]bool{}
	for _, n := range m.Graph.Main() {
		if dirty[n.ID] || need[n.ID] {
			for _, in := range n.In {
				left[in] = !dirty[in.ID] && !need[in.ID] && in != m.Graph.Input
			}
		}
	}
	for n, wanted := range left {
		if !wanted {
			delete(left, n)
		}
	}
	have := map[*nn.Node]*tensor.Tensor{}
	known := func(n *nn.Node) *tensor.Tensor { return have[n] }
	if len(left) == 0 {
		return known, nil
	}
	_, err = p.Run(ctx, x, func(n *nn.Node, v plan.View) error {
		if !dirty[n.ID] {
			have[n] = v.Tensor()
			delete(left, n)
		}
		if len(left) == 0 {
			return nn.ErrStop
		}
		return nil
	})
	return known, err
}
