package web

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"stride/internal/nn"
	"stride/internal/nn/arch"
	"stride/internal/nn/explain"
	"stride/internal/nn/tensor"
	"stride/internal/viz/chart"
	"stride/web/i18n"
	"stride/web/view"
)

// gradientSeed is the seed of the weights in the figure of gradients: networks before their first step.
const gradientSeed = 1

// gradients are the gradients that reach the layers of small networks before training. They cost a training step each and
// depend on nothing that a visitor chooses, so each network is measured once.
type gradients struct {
	mu     sync.Mutex
	byName map[string][]float64
}

// of is the norm of the loss's gradient with respect to the output of every convolution and dense layer, in run order, for a
// batch of one drawing of every class.
func (g *gradients) of(s *Server, name string) ([]float64, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if v, ok := g.byName[name]; ok {
		return v, nil
	}
	m, err := s.cfg.Catalogue.Load(name, fmt.Sprintf("untrained:%d", gradientSeed))
	if err != nil {
		return nil, err
	}
	if m.Arch.Labels != arch.Drawings {
		return nil, fmt.Errorf("%s does not take drawings", name)
	}
	x := tensor.New(tensor.Shape{N: m.Graph.Output.Shape.C, C: m.Graph.Input.Shape.C, H: m.Graph.Input.Shape.H, W: m.Graph.Input.Shape.W})
	labels := make([]int, x.Shape.N)
	size := len(x.Data) / x.Shape.N
	for i := range labels {
		// Samples are named after their class: "bus-or-truck-1".
		class := strings.ReplaceAll(s.names.of(arch.Drawings, i18n.English, i), " ", "-")
		sm := s.samples.byName[class+"-1"]
		if sm == nil {
			return nil, fmt.Errorf("there is no drawing of class %q", class)
		}
		labels[i] = i
		copy(x.Data[i*size:], m.Preprocess.Tensor(sm.rgb).Data)
	}
	norms, err := explain.GradNorms(context.Background(), m.Graph, x, labels, m.Weights, nil)
	if err != nil {
		return nil, err
	}
	v := make([]float64, len(norms))
	for i, n := range norms {
		v[i] = n.Signal
	}
	g.byName[name] = v
	return v, nil
}

// gradientChart draws the gradients of networks on their way back, the first layer at the left.
func (s *Server) gradientChart(w *words, names []string) (view.Chart, bool) {
	var l []chart.Series
	for _, name := range names {
		a, err := arch.ByName(name)
		if err != nil {
			return view.Chart{}, false
		}
		v, err := s.gradients.of(s, name)
		if err != nil {
			s.cfg.Log.Warn("gradients", "network", name, "error", err.Error())
			return view.Chart{}, false
		}
		g, err := a.Graph()
		if err != nil {
			return view.Chart{}, false
		}
		x := chart.Series{Name: a.Title, Y: v, Ink: chart.Plain}
		if slices.ContainsFunc(g.Main(), func(n *nn.Node) bool { return n.Op.Kind() == "add" }) {
			x.Ink = chart.Residual
		}
		l = append(l, x)
	}
	alt := fmt.Sprintf(w.GradientsAlt, gradientSeed)
	c := chart.GradientNorms(chart.Words{Title: w.Gradients, Alt: alt}, [2]string{w.FirstLayer, w.LastLayer}, w.GradientNorm, w.LogAxis, l)
	return s.drawn("gradients", w.Gradients, "", columnChart, c, alt)
}
