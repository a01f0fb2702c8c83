package web

import (
	"context"
	"sync"

	"stride/internal/engine"
	"stride/internal/nn/tensor"
	"stride/internal/viz"
)

// maxScales bounds the remembered scales; a forgotten one is made again from the run.
const maxScales = 4096

// scales remembers the scale over all maps of a run, which takes a look at every value.
type scales struct {
	mu    sync.Mutex
	byKey map[string]viz.Scale
}

// shared is the scale that the maps of t have in common in a scope: none for the scope of a channel.
func (s *scales) shared(ctx context.Context, rec *engine.Recording, t *tensor.Tensor, scope viz.Scope) (*viz.Scale, error) {
	signed := viz.HasNegative(t.Data)
	switch scope {
	case viz.Layer:
		l := viz.LayerScale(t, 0, signed)
		return &l, nil
	case viz.Network:
		n, err := s.network(ctx, rec)
		if err != nil {
			return nil, err
		}
		if signed && !n.Signed {
			n.Signed, n.Lo = true, -n.Hi // a layer that the run did not keep, before its activation
		}
		return &n, nil
	}
	return nil, nil
}

// network is the scale over the maps that a run keeps. It waits for the end of the run.
func (s *scales) network(ctx context.Context, rec *engine.Recording) (viz.Scale, error) {
	s.mu.Lock()
	n, ok := s.byKey[rec.Key]
	s.mu.Unlock()
	if ok {
		return n, nil
	}
	g := rec.Network.Graph
	if _, err := rec.At(ctx, g.Output.Path); err != nil {
		return viz.Scale{}, err
	}
	var parts []viz.Scale
	for _, e := range rec.Events() {
		if m := g.Nodes[e.Node]; m == g.Input || e.Shape.PlaneLen() == 1 {
			continue // the picture is no map, and a vector is drawn as bars
		}
		if t := rec.Peek(e.Path); t != nil {
			parts = append(parts, viz.LayerScale(t, 0, viz.HasNegative(t.Data)))
		}
	}
	n = viz.NetworkScale(parts...)
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.byKey) >= maxScales {
		clear(s.byKey)
	}
	s.byKey[rec.Key] = n
	return n, nil
}

// shared is the scale of the page's maps of x. A page does not wait for the end of its run: until then it has none.
func (t *trace) shared(ctx context.Context, x *tensor.Tensor) *viz.Scale {
	if t.st.Scope == viz.Network && !t.done {
		return nil
	}
	sc, err := t.s.scales.shared(ctx, t.rec, x, t.st.Scope)
	if err != nil {
		return nil
	}
	return sc
}
