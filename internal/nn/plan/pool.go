package plan

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// pool runs the units of a step on persistent workers. It implements nn.Workers. The caller of Run is worker 0. Between
// two steps the others spin for a few microseconds, because the next step is near; then they sleep.
//
// One atomic word says all there is to do: epoch (16 bits), units (24 bits) and the next unit (24 bits). A worker that
// takes a unit keeps Run from returning, so it may read f without a lock.
type pool struct {
	threads  int
	ticket   atomic.Uint64
	pending  atomic.Int64
	sleeping atomic.Int64
	wake     chan struct{}
	f        func(worker, unit int)
	failure  atomic.Pointer[any]
	scratch  [][]float32
	closed   atomic.Bool
	close    sync.Once
}

const (
	ticketBits = 24
	ticketMask = 1<<ticketBits - 1
	// spins is how often a worker looks for work before it sleeps; every yieldEvery-th time it lets others run.
	spins      = 4000
	yieldEvery = 200
)

func newPool(threads int) *pool {
	p := &pool{threads: max(threads, 1), wake: make(chan struct{}, max(threads, 1))}
	p.scratch = make([][]float32, p.threads)
	for w := 1; w < p.threads; w++ {
		go p.worker(w)
	}
	return p
}

// Threads implements nn.Workers.
func (p *pool) Threads() int { return p.threads }

// Scratch implements nn.Workers.
func (p *pool) Scratch(worker, n int) []float32 {
	if len(p.scratch[worker]) < n {
		p.scratch[worker] = make([]float32, n)
	}
	return p.scratch[worker][:n]
}

// Run implements nn.Workers. A panic of f is raised again on the caller when all units are done.
func (p *pool) Run(units int, f func(worker, unit int)) {
	if units > ticketMask {
		panic("plan: more units than a ticket holds")
	}
	if p.threads == 1 || units <= 1 {
		for u := range units {
			f(0, u)
		}
		return
	}
	p.f = f
	p.pending.Store(int64(units))
	epoch := p.ticket.Load()>>(2*ticketBits) + 1
	p.ticket.Store(epoch<<(2*ticketBits) | uint64(units)<<ticketBits)
	for n := min(p.sleeping.Load(), int64(units-1)); n > 0; n-- {
		select {
		case p.wake <- struct{}{}:
		default:
		}
	}
	p.work(0)
	for i := 0; p.pending.Load() > 0; i++ {
		if i%yieldEvery == yieldEvery-1 {
			runtime.Gosched()
		}
	}
	p.f = nil // f holds the plan, and the workers hold the pool
	if e := p.failure.Swap(nil); e != nil {
		panic(*e)
	}
}

// work does units until there are none.
func (p *pool) work(worker int) {
	for {
		t := p.ticket.Load()
		next, units := t&ticketMask, t>>ticketBits&ticketMask
		if next >= units {
			return
		}
		if p.ticket.CompareAndSwap(t, t+1) {
			p.unit(worker, int(next))
			p.pending.Add(-1)
		}
	}
}

func (p *pool) unit(worker, unit int) {
	defer func() {
		if e := recover(); e != nil {
			p.fail(e)
		}
	}()
	p.f(worker, unit)
}

// fail keeps the first panic. (A function of its own, so that only a panic allocates.)
func (p *pool) fail(e any) { p.failure.CompareAndSwap(nil, &e) }

// idle reports whether no unit is left to take.
func (p *pool) idle() bool {
	t := p.ticket.Load()
	return t&ticketMask >= t>>ticketBits&ticketMask
}

func (p *pool) worker(w int) {
	for !p.closed.Load() {
		for i := 0; i < spins && p.idle(); i++ {
			if i%yieldEvery == yieldEvery-1 {
				runtime.Gosched()
			}
		}
		if p.idle() {
			p.sleeping.Add(1)
			if p.idle() && !p.closed.Load() { // again, because Run may have looked before we were counted
				<-p.wake
			}
			p.sleeping.Add(-1)
		}
		p.work(w)
	}
}

// Close ends the workers; there must be no Run in progress.
func (p *pool) Close() {
	p.close.Do(func() {
		p.closed.Store(true)
		for range p.threads {
			select {
			case p.wake <- struct{}{}:
			default:
			}
		}
	})
}
