package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"time"

	"stride/internal/nn"
	"stride/internal/nn/arch"
	"stride/internal/nn/op"
	"stride/internal/nn/plan"
	"stride/internal/nn/tensor"
	"stride/internal/nn/weights"
)

// network declares an architecture with a final softmax, which no plan leaves out.
func network(name string) (*nn.Graph, error) {
	a, err := arch.ByName(name)
	if err != nil {
		return nil, err
	}
	return nn.Build(a.Input, func(b *nn.Builder, x *nn.Node) *nn.Node {
		return b.Add("softmax", op.Softmax{}, a.Build(b, x))
	})
}

// seeded are weights that every process draws alike. Normalisations are not the identity, so that folding them is part of
// what is compared; the gain keeps deep residual sums in range.
func seeded(g *nn.Graph) *weights.Set {
	const seed, gain = 1, 0.8
	s := weights.NewSet()
	weights.EachParam(g, func(n *nn.Node, p nn.ParamSpec) {
		if n.Aux {
			return
		}
		lo, hi := -0.1, 0.1
		switch p.Role {
		case nn.ConvWeight, nn.LinearWeight:
			hi = gain * math.Sqrt(6/float64(p.FanIn()))
			lo = -hi
		case nn.NormWeight, nn.NormVar:
			lo, hi = 0.5, 1.5
		}
		v := make([]float32, p.Len())
		weights.Uniform(v, n.Key(p), seed, lo, hi)
		s.Add(n.Key(p), p.Dims, v)
	})
	return s
}

// stored opens a file of such weights; without one they are drawn.
func stored(file string, g *nn.Graph) (*weights.Set, error) {
	if file == "" {
		return seeded(g), nil
	}
	return weights.Open(file)
}

// picture is the input that every runtime sees.
func picture(s tensor.Shape) *tensor.Tensor {
	x := tensor.New(s)
	weights.Uniform(x.Data, "picture", 1, -2, 2)
	return x
}

// ours is a loaded plan.
type ours struct {
	plan    *plan.Plan
	input   *tensor.Tensor
	capture bool
}

// serve answers requests until the input ends.
func serve(r io.Reader, w io.Writer) error {
	in, out := bufio.NewReaderSize(r, 1<<16), json.NewEncoder(w)
	var o ours
	for {
		line, err := in.ReadBytes('\n')
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		var q request
		var a reply
		if err = json.Unmarshal(line, &q); err == nil {
			a, err = o.answer(q)
		}
		if err != nil {
			a.Error = err.Error()
		}
		if err := out.Encode(a); err != nil {
			return err
		}
	}
}

func (o *ours) answer(q request) (reply, error) {
	switch q.Command {
	case "load":
		return o.load(q)
	case "run":
		return o.run(q.Runs)
	case "dump":
		return reply{}, o.dump(q.File, q.Names)
	}
	return reply{}, fmt.Errorf("unknown command %q", q.Command)
}

func (o *ours) load(q request) (reply, error) {
	g, err := network(q.Net)
	if err != nil {
		return reply{}, err
	}
	keep := plan.KeepNone
	if q.Capture {
		keep = plan.KeepAll
	}
	w, err := stored(q.Weights, g)
	if err != nil {
		return reply{}, err
	}
	o.plan, err = plan.Compile(g, w, plan.Options{Threads: q.Threads, Keep: keep, Impl: q.Impl})
	if err != nil {
		return reply{}, err
	}
	o.input, o.capture = picture(g.Input.Shape), q.Capture
	if _, err := o.plan.Run(context.Background(), o.input, nil); err != nil { // the first run packs the weights
		return reply{}, err
	}
	b := o.plan.Bytes()
	r := reply{Weights: b.Weights, Maps: b.Activations, Scratch: b.Scratch}
	if q.Capture {
		for _, n := range captured(o.plan) {
			r.Kept = append(r.Kept, n.Path)
		}
	}
	return r, nil
}

// captured lists the activations that a plan materialises, without the main output. Concatenations and flattened maps are
// left out: they only repeat values that are there already, and a peer would have to copy them.
func captured(p *plan.Plan) []*nn.Node {
	var l []*nn.Node
	g := p.Graph()
	for _, n := range g.Main() {
		switch n.Op.(type) {
		case op.Concat, op.Flatten, op.Dropout, op.StochasticDepth:
			continue
		}
		if pool, ok := n.Op.(op.AdaptiveAvgPool); ok && pool.Out == n.In[0].Shape.H {
			continue
		}
		if n != g.Input && n != g.Output && p.Kept(n) {
			l = append(l, n)
		}
	}
	return l
}

func (o *ours) run(runs int) (reply, error) {
	var r reply
	for range runs {
		began := time.Now()
		if _, err := o.plan.Run(context.Background(), o.input, nil); err != nil {
			return r, err
		}
		r.Ms = append(r.Ms, 1000*time.Since(began).Seconds())
	}
	return r, nil
}

func (o *ours) dump(file string, names []string) error {
	out, err := o.plan.Run(context.Background(), o.input, nil)
	if err != nil {
		return err
	}
	var all []float32
	for _, name := range names {
		n := o.plan.Graph().Node(name)
		if n == o.plan.Graph().Output {
			all = append(all, out.Data...)
			continue
		}
		v, err := o.plan.Value(n)
		if err != nil {
			return err
		}
		all = append(all, v.Data...)
	}
	return writeFloats(file, all)
}
