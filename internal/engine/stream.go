package engine

import (
	"context"
	"io"
	"sync"
	"time"
)

// Kind is the kind of an Event.
type Kind string

// The kinds, in the order in which a stream gives them: any number of Queued, one Started, the nodes, and one Done or
// Failed.
const (
	Queued  Kind = "queued"
	Started Kind = "started"
	Node    Kind = "node"
	Done    Kind = "done"
	Failed  Kind = "failed"
)

// Event is one step of a run.
type Event struct {
	Kind Kind
	// Position in the queue (1 is next) and the estimated wait, with Queued.
	Position int
	Wait     time.Duration
	// Node is set with Node.
	Node NodeEvent
	// Result is set with Done, Err with Failed.
	Result Result
	Err    error
}

// Stream is one viewer of a run. It gives everything that has happened so far and then what happens next; a slow reader
// slows nobody. The run goes on as long as one of its streams is open. Use it from one goroutine; Close may come from any.
type Stream struct {
	rec   *Recording
	leave func()
	close sync.Once

	position int
	wait     time.Duration
	started  bool
	next     int
	over     bool
}

// Recording is what the stream reports on.
func (s *Stream) Recording() *Recording { return s.rec }

// From makes the stream start at node event seq, for a reader that has seen those before it. Call it before Next.
func (s *Stream) From(seq int) { s.next = max(seq, 0) }

// Next waits for the next event. After Done or Failed it returns io.EOF; when ctx ends, its error.
func (s *Stream) Next(ctx context.Context) (Event, error) {
	for {
		if err := ctx.Err(); err != nil {
			return Event{}, err
		}
		e, ok, changed := s.poll()
		if ok {
			return e, nil
		}
		if s.over {
			return Event{}, io.EOF
		}
		select {
		case <-ctx.Done():
		case <-changed:
		}
	}
}

// poll takes the next event that is there.
func (s *Stream) poll() (e Event, ok bool, changed <-chan struct{}) {
	r := s.rec
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case s.over:
		return e, false, nil
	case r.state == waiting && (r.position != s.position || r.wait != s.wait):
		s.position, s.wait = r.position, r.wait
		return Event{Kind: Queued, Position: s.position, Wait: s.wait}, true, nil
	case r.state >= running && !s.started && (r.err == nil || len(r.events) > 0):
		s.started = true
		return Event{Kind: Started}, true, nil
	case s.next < len(r.events):
		s.next++
		return Event{Kind: Node, Node: r.events[s.next-1]}, true, nil
	case r.state == ended:
		s.over = true
		if r.err != nil {
			return Event{Kind: Failed, Err: r.err}, true, nil
		}
		return Event{Kind: Done, Result: r.result}, true, nil
	}
	return e, false, r.changed
}

// Close leaves the run. It may be called more than once.
func (s *Stream) Close() { s.close.Do(s.leave) }
