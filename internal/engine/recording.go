package engine

import (
	"context"
	"fmt"
	"sync"
	"time"

	"stride/internal/nn"
	"stride/internal/nn/tensor"
)

// state is where a run is. Its order matters: a run only goes up.
type state int

const (
	waiting state = iota
	running
	ended
)

// NodeEvent says that the output of a node is there.
type NodeEvent struct {
	// Seq counts the nodes of the run from 0; a reader that saw event n goes on at n+1.
	Seq   int
	Node  int // nn.Node.ID
	Path  string
	Shape tensor.Shape
	// At is the time since the run started, Took the time since the event before.
	At, Took time.Duration
	// Kept says that the values are in memory. Those of other nodes are computed again, once the run has left a thread.
	Kept bool
}

// Recording is the outcome of one job, shared by everybody who looks at it. It grows while the job runs. It is bounded:
// where the values of a node were not kept, At computes them again.
type Recording struct {
	Job Job
	Key string
	// Network is the model; read only.
	Network *Network

	limit     int64                                     // bytes kept
	recompute func(context.Context, func() error) error // runs a function within the engine's threads

	mu       sync.Mutex
	state    state
	position int           // in the queue, 1 is next
	wait     time.Duration // estimated
	events   []NodeEvent
	reached  []bool           // by node ID
	kept     []*tensor.Tensor // by node ID; nil when not kept
	bytes    int64
	again    *tensor.Tensor // the node computed again last
	againID  int
	started  time.Time
	result   Result
	err      error
	changed  chan struct{} // closed and replaced at every change
}

func newRecording(job Job, key string, net *Network, limit int64) *Recording {
	n := len(net.Graph.Nodes)
	return &Recording{Job: job, Key: key, Network: net, limit: limit, reached: make([]bool, n), kept: make([]*tensor.Tensor, n),
		againID: -1, changed: make(chan struct{})}
}

// update changes the recording under its lock and wakes whoever waits for a change.
func (r *Recording) update(f func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f()
	close(r.changed)
	r.changed = make(chan struct{})
}

// add records the output of a node and returns by how many bytes the recording grew (or shrank). A node without read was
// not materialised: it is computed again when somebody looks.
func (r *Recording) add(n *nn.Node, read func() *tensor.Tensor, now time.Time) (grown int64) {
	keep := read != nil && r.room(n)
	var t *tensor.Tensor
	if keep {
		t = read() // the copy is made without holding the lock
	}
	r.update(func() {
		e := NodeEvent{Seq: len(r.events), Node: n.ID, Path: n.Path, Shape: n.Shape, At: now.Sub(r.started), Kept: keep}
		e.Took = e.At
		if len(r.events) > 0 {
			e.Took -= r.events[len(r.events)-1].At
		}
		r.events = append(r.events, e)
		r.reached[n.ID] = true
		before := r.bytes
		if keep {
			r.makeRoom(n)
			r.kept[n.ID] = t
			r.bytes += t.Bytes()
		}
		grown = r.bytes - before
	})
	return grown
}

// vital nodes are always kept: from the input everything can be computed again, and the output is the answer.
func (r *Recording) vital(n *nn.Node) bool {
	return n == r.Network.Graph.Input || n == r.Network.Graph.Output
}

// cheap nodes are computed again from their inputs without a convolution or dense layer.
func cheap(n *nn.Node) bool { return n.MACs() == 0 }

func size(n *nn.Node) int64 { return 4 * int64(n.Shape.Len()) }

// room decides whether the output of n is kept. Beyond the limit cheap nodes are not kept, and give way to others.
func (r *Recording) room(n *nn.Node) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	free := r.limit - r.bytes
	if r.vital(n) || size(n) <= free {
		return true
	}
	if cheap(n) {
		return false
	}
	for id, t := range r.kept {
		if o := r.Network.Graph.Nodes[id]; t != nil && cheap(o) && !r.vital(o) {
			if free += t.Bytes(); size(n) <= free {
				return true
			}
		}
	}
	return false
}

// makeRoom drops cheap nodes, the earliest first, until n fits.
func (r *Recording) makeRoom(n *nn.Node) {
	for id, t := range r.kept {
		if r.bytes+size(n) <= r.limit {
			return
		}
		if o := r.Network.Graph.Nodes[id]; t != nil && cheap(o) && !r.vital(o) {
			r.kept[id] = nil
			r.bytes -= t.Bytes()
		}
	}
}

// Bytes is the memory of the tensors kept.
func (r *Recording) Bytes() int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.bytes
}

// Events lists the nodes that are there so far, in order.
func (r *Recording) Events() []NodeEvent {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.events[:len(r.events):len(r.events)]
}

// Result is the answer; ok is false as long as the run has not ended well.
func (r *Recording) Result() (res Result, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.result, r.state == ended && r.err == nil
}

// At is the output of a node, by its path. While the run goes on it waits for the node. The tensor is shared and read
// only. Errors: UnknownID for a node that this run does not have, the run's own error, ctx's.
func (r *Recording) At(ctx context.Context, path string) (*tensor.Tensor, error) {
	n := r.Network.Graph.Node(path)
	if n == nil || n.Aux && !r.Job.Options.Aux {
		return nil, &Error{Code: UnknownID, Text: fmt.Sprintf("the run has no node %q", path)}
	}
	if err := r.await(ctx, n); err != nil {
		return nil, err
	}
	if t := r.have(n); t != nil {
		return t, nil
	}
	var t *tensor.Tensor
	err := r.recompute(ctx, func() (err error) {
		if t = r.have(n); t == nil { // somebody else was faster
			t, err = r.compute(ctx, n)
		}
		return err
	})
	return t, err
}

// Peek is the output of a node if it is in memory; nil if it is not there yet or would have to be computed again. It never
// waits. The tensor is shared and read only.
func (r *Recording) Peek(path string) *tensor.Tensor {
	n := r.Network.Graph.Node(path)
	if n == nil {
		return nil
	}
	return r.have(n)
}

// await waits until the node was reached.
func (r *Recording) await(ctx context.Context, n *nn.Node) error {
	for {
		r.mu.Lock()
		reached, st, err, changed := r.reached[n.ID], r.state, r.err, r.changed
		r.mu.Unlock()
		switch {
		case reached:
			return nil
		case st == ended && err != nil:
			return err
		case st == ended:
			return &Error{Code: RunFailed, Text: fmt.Sprintf("the run ended without node %q", n.Path)}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-changed:
		}
	}
}

func (r *Recording) have(n *nn.Node) *tensor.Tensor {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.kept[n.ID] == nil && r.againID == n.ID {
		return r.again
	}
	return r.kept[n.ID]
}

// compute makes the output of n from the nearest nodes that are kept, and remembers it until another is asked for.
func (r *Recording) compute(ctx context.Context, target *nn.Node) (*tensor.Tensor, error) {
	have := map[*nn.Node]*tensor.Tensor{}
	var todo []*nn.Node // in an order that has every node after its inputs
	var visit func(n *nn.Node)
	visit = func(n *nn.Node) {
		if _, ok := have[n]; ok {
			return
		}
		t := r.have(n)
		have[n] = t
		if t == nil {
			for _, p := range n.In {
				visit(p)
			}
			todo = append(todo, n)
		}
	}
	visit(target)
	for _, n := range todo {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		in := make([]*tensor.Tensor, len(n.In))
		for i, p := range n.In {
			in[i] = have[p]
		}
		out := tensor.New(n.Shape)
		if err := nn.Apply(n, in, out, r.Network.Weights, nil); err != nil {
			return nil, err
		}
		if r.Network.Edit != nil {
			r.Network.Edit(n, out)
		}
		have[n] = out
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.again, r.againID = have[target], target.ID
	return have[target], nil
}
