package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"testing"
	"time"

	"stride/internal/nn"
	"stride/internal/nn/tensor"
)

// step is an op of a test network: every value plus one, at a given cost.
type step struct{ macs int64 }

func (step) Kind() nn.Kind                                    { return "step" }
func (step) OutShape(in []tensor.Shape) (tensor.Shape, error) { return in[0], nil }
func (step) Params([]tensor.Shape) []nn.ParamSpec             { return nil }
func (s step) MACs([]tensor.Shape, tensor.Shape) int64        { return s.macs }
func (step) Forward(c *nn.Call) {
	for i := range c.Out.Data {
		c.Out.Data[i] = c.In[0].Data[i] + 1
		for _, x := range c.In[1:] {
			c.Out.Data[i] += x.Data[i]
		}
	}
}

// shape has 256 values, 1 KiB.
var shape = tensor.CHW(4, 8, 8)

// chain is input → n0 → n1 → …; nodes with an even number cost macs, the others nothing.
func chain(t testing.TB, nodes int, macs int64) *nn.Graph {
	t.Helper()
	g, err := nn.Build(shape, func(b *nn.Builder, x *nn.Node) *nn.Node {
		for i := range nodes {
			x = b.Add(fmt.Sprint("n", i), step{macs * int64((i+1)%2)}, x)
		}
		return x
	})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// lab is a Models and Runner for tests: every node takes a second of the test's clock.
type lab struct {
	graph *nn.Graph
	spoil func(job Job) error // called at the second node; may panic

	mu      sync.Mutex
	order   []string // images in the order of the runs
	threads []int
	ended   []error
}

func (l *lab) Open(_ context.Context, job Job) (*Network, error) {
	if job.Model == "unknown" {
		return nil, badJob("there is no such model")
	}
	return &Network{Graph: l.graph, WeightBytes: 100, Edit: editor(job)}, nil
}

func (l *lab) Run(ctx context.Context, job Job, emit Emit) (res Result, err error) {
	l.mu.Lock()
	l.order, l.threads = append(l.order, job.Image), append(l.threads, Threads(ctx))
	l.mu.Unlock()
	defer func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.ended = append(l.ended, err)
	}()
	x := tensor.New(shape)
	out, err := nn.Run(ctx, l.graph, x, nil, nn.RunConfig{Edit: editor(job), Tap: func(n *nn.Node, out *tensor.Tensor) error {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second):
		}
		if n.ID == 1 && l.spoil != nil {
			if err := l.spoil(job); err != nil {
				return err
			}
		}
		return emit(n, out.Clone)
	}})
	if err != nil {
		return Result{}, err
	}
	return Result{Logits: out.Data[:1], Top: []Guess{{0, 1}}}, nil
}

func (l *lab) runs() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.order)
}

func job(image string) Job { return Job{Image: image, Model: "m", Weights: "w"} }

var background = context.Background()

func submit(t testing.TB, e *Engine, session, image string) *Stream {
	t.Helper()
	s, err := e.Submit(background, session, job(image))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// drain reads a stream to its end and closes it.
func drain(t testing.TB, s *Stream) (events []Event) {
	t.Helper()
	defer s.Close()
	for {
		ev, err := s.Next(background)
		if errors.Is(err, io.EOF) {
			return events
		}
		if err != nil {
			t.Error(err)
			return events
		}
		events = append(events, ev)
	}
}

// kinds is the kinds of events, runs of the same kind once.
func kinds(events []Event) (l []Kind) {
	for _, e := range events {
		if len(l) == 0 || l[len(l)-1] != e.Kind {
			l = append(l, e.Kind)
		}
	}
	return l
}

// position is where the stream says it is, reading what is there.
func position(t testing.TB, s *Stream) int {
	t.Helper()
	p := -1
	for {
		e, ok, _ := s.poll()
		if !ok || e.Kind != Queued {
			return p
		}
		p = e.Position
	}
}

func shut(t testing.TB, e *Engine) {
	t.Helper()
	if err := e.Close(background); err != nil {
		t.Error(err)
	}
}
