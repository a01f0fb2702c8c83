package engine

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"time"

	"stride/internal/nn"
	"stride/internal/nn/tensor"
)

// schedule starts what can be started, and tells everybody who waits where they stand. The engine's lock is held.
func (e *Engine) schedule() {
	for {
		f := e.pick()
		if f == nil {
			break
		}
		// Whoever runs alone gets all threads; when others wait, they are shared out.
		threads := e.take(max(1, len(e.tokens)/len(e.waiting)))
		if threads == 0 {
			break
		}
		e.start(f, threads)
	}
	var ahead int64
	for f := range e.running {
		ahead += f.macs / 2 // on average they are half done
	}
	for i, f := range e.waiting.order(e.runningBySession(), e.turns) {
		wait := e.speed.estimate(ahead, e.cfg.Threads).Round(100 * time.Millisecond)
		ahead += f.macs
		f.rec.update(func() { f.rec.position, f.rec.wait = i+1, wait })
	}
}

// pick is the next flight to start: the first in order whose session may run another and that somebody watches.
func (e *Engine) pick() *flight {
	bySession := e.runningBySession()
	for _, f := range e.waiting.order(bySession, e.turns) {
		if bySession[f.session] < e.cfg.SessionRunning && f.streams > 0 {
			return f
		}
	}
	return nil
}

func (e *Engine) runningBySession() map[string]int {
	m := map[string]int{}
	for f := range e.running {
		m[f.session]++
	}
	return m
}

// take takes up to n threads that are free.
func (e *Engine) take(n int) (got int) {
	for got < n {
		select {
		case <-e.tokens:
			got++
		default:
			return got
		}
	}
	return got
}

func (e *Engine) dequeue(f *flight) {
	if i := slices.Index(e.waiting, f); i >= 0 {
		e.waiting = slices.Delete(e.waiting, i, i+1)
	}
}

func (e *Engine) start(f *flight, threads int) {
	e.dequeue(f)
	f.state, f.threads = running, threads
	e.running[f] = true
	e.stats.Runs++
	ctx, cancel := context.WithCancelCause(context.WithValue(context.Background(), threadsKey{}, threads))
	f.cancel = cancel
	now := time.Now()
	f.rec.update(func() { f.rec.state, f.rec.started = running, now })
	e.wg.Go(func() {
		res, err := e.run(ctx, f)
		cancel(nil)
		e.finish(f, res, err, time.Since(now))
	})
}

// run calls the runner with a bound on time, and turns what goes wrong into errors a visitor may see.
func (e *Engine) run(ctx context.Context, f *flight) (res Result, err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, e.cfg.RunTimeout, errRunTime)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			e.mu.Lock()
			e.stats.Panics++
			e.mu.Unlock()
			err = &Error{Code: RunFailed, Text: "the run failed", Err: fmt.Errorf("panic: %v\n%s", p, debug.Stack())}
		}
	}()
	res, err = e.runner.Run(ctx, f.rec.Job, func(n *nn.Node, read func() *tensor.Tensor) error {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		grown := f.rec.add(n, read, time.Now())
		e.mu.Lock()
		defer e.mu.Unlock()
		e.bytes += grown
		e.evict()
		return nil
	})
	var known *Error
	switch cause := context.Cause(ctx); {
	case err == nil:
		return res, nil
	case errors.Is(cause, errRunTime):
		return Result{}, &Error{Code: RunTimeout, Text: fmt.Sprintf("the run took longer than %v", e.cfg.RunTimeout), RetryAfter: retryAfter(0)}
	case errors.Is(cause, errAbandoned):
		return Result{}, abandoned
	case cause != nil:
		return Result{}, &Error{Code: Restarting, Text: "the run was cancelled", RetryAfter: retryAfter(0), Err: cause}
	case errors.As(err, &known):
		return Result{}, err
	}
	return Result{}, &Error{Code: RunFailed, Text: "the run failed", Err: err}
}

// abandoned is what a picture that is still asked for gets when its run was given up.
var abandoned = &Error{Code: Busy, Text: "the run was given up", RetryAfter: 2 * time.Second, Err: errAbandoned}

var errRunTime = errors.New("engine: the time of a run is over")

// finish gives back the threads and keeps or forgets the recording.
func (e *Engine) finish(f *flight, res Result, err error, took time.Duration) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.running, f)
	for range f.threads {
		e.tokens <- struct{}{} // first to whoever waits to compute a node again
	}
	if err == nil {
		e.stats.Completed++
		if len(f.rec.Job.Options.Edits) == 0 { // an edited run computes only a part of its cost
			e.speed.learn(f.macs, took, f.threads)
		}
	} else if !errors.Is(err, errAbandoned) {
		e.stats.Failed++
	}
	e.end(f, res, err)
	e.evict()
	e.schedule()
}

// end settles a flight that neither waits nor runs any more: a good recording is kept, another is forgotten (whoever holds it can still read its error).
func (e *Engine) end(f *flight, res Result, err error) {
	f.state = ended
	if e.mine(f.session) == 0 {
		delete(e.turns, f.session)
	} else {
		e.takeTurn(f.session)
	}
	if f.grace != nil {
		f.grace.Stop()
	}
	if err != nil || e.flights[f.rec.Key] != f {
		e.bytes -= f.rec.Bytes()
		if e.flights[f.rec.Key] == f {
			delete(e.flights, f.rec.Key)
		}
	} else {
		e.touch(f)
	}
	f.rec.update(func() { f.rec.state, f.rec.result, f.rec.err = ended, res, err })
}

// evict forgets the recordings that were not looked at for longest until the rest fits. Runs that go on, and recordings
// with an open stream, stay. The memory is free when the last page that still holds one is done.
func (e *Engine) evict() {
	for e.bytes > e.cfg.CacheBytes || e.weightBytes() > e.cfg.WeightBytes {
		var oldest *flight
		for _, f := range e.flights {
			if f.state == ended && f.streams == 0 && (oldest == nil || f.used < oldest.used) {
				oldest = f
			}
		}
		if oldest == nil {
			return
		}
		delete(e.flights, oldest.rec.Key)
		e.bytes -= oldest.rec.Bytes()
		e.stats.Evicted++
	}
}

// weightBytes is the size of the weights behind all recordings, those that recordings share counted once.
func (e *Engine) weightBytes() (sum int64) {
	type network struct {
		model, weights, digest string
		height, width          int
	}
	seen := make(map[network]bool, len(e.flights))
	for _, f := range e.flights {
		j := f.rec.Job
		if n := (network{j.Model, j.Weights, j.Digest, j.Options.Height, j.Options.Width}); !seen[n] {
			seen[n] = true
			sum += f.rec.Network.WeightBytes
		}
	}
	return sum
}

// Compute runs f on one of the engine's threads, before any waiting run gets it: for work that belongs to a run but is not
// one, such as explaining its answer.
func (e *Engine) Compute(ctx context.Context, f func() error) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-e.tokens:
	}
	defer func() {
		e.tokens <- struct{}{}
		e.mu.Lock()
		defer e.mu.Unlock()
		e.schedule()
	}()
	return f()
}

// recompute is Compute for nodes of a recording that were not kept.
func (e *Engine) recompute(ctx context.Context, f func() error) error {
	err := e.Compute(ctx, f)
	e.mu.Lock()
	defer e.mu.Unlock()
	e.stats.Recomputed++
	return err
}
