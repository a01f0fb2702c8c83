package plan

import (
	"math"
	"runtime"
	"sync"
	"sync/atomic"
)

// pool runs the units of a step on persistent workers. It implements nn.Workers. The caller of Run is worker 0. Between
// two steps the others spin, because the next step is near; some time after the last one they sleep.
//
// Every worker has a share of the units, a run of neighbours, and begins with it; who is done helps the others from the
// end of theirs. As the steps of a plan cut their maps in the same order, a worker finds what it wrote in its own cache.
type pool struct {
	threads  int
	spins    int
	shares   []share
	epoch    atomic.Uint64 // counts calls of Run, after their shares are set
	pending  atomic.Int64  // units that are not done
	sleeping atomic.Int64
	wake     chan struct{}
	f        func(worker, unit int) // a worker that has taken a unit keeps Run from returning, so it may read f without a lock
	failure  atomic.Pointer[any]
	scratch  [][]float32
	closed   atomic.Bool
	close    sync.Once
}

// share is the units that a worker begins with and that nobody has taken: end and next, 32 bits each.
type share struct {
	left atomic.Uint64
	_    [120]byte // two cache lines, which processors fetch together, for each worker
}

// front takes the first unit that is left, back the last.
func (s *share) front() (unit int, ok bool) {
	for {
		v := s.left.Load()
		next, end := uint32(v), uint32(v>>32)
		if next == end {
			return 0, false
		}
		if s.left.CompareAndSwap(v, v+1) {
			return int(next), true
		}
	}
}

func (s *share) back() (unit int, ok bool) {
	for {
		v := s.left.Load()
		next, end := uint32(v), uint32(v>>32)
		if next == end {
			return 0, false
		}
		if s.left.CompareAndSwap(v, v-1<<32) {
			return int(end) - 1, true
		}
	}
}

const (
	// spins is how often a worker looks for work before it sleeps; every yieldEvery-th time it lets others run. It takes
	// about a quarter of a millisecond, longer than any step that one worker does alone: to wake a sleeper takes as long as
	// a small layer. Workers that have no processor of their own look a few times only.
	spins      = 100_000
	spinsFew   = yieldEvery
	yieldEvery = 200
)

func newPool(threads int) *pool {
	p := &pool{threads: max(threads, 1), spins: spins, shares: make([]share, max(threads, 1)), wake: make(chan struct{}, max(threads, 1))}
	if p.threads > runtime.GOMAXPROCS(0) {
		p.spins = spinsFew
	}
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
	if uint64(units) > math.MaxUint32 {
		panic("plan: more units than a share holds")
	}
	if p.threads == 1 || units <= 1 {
		for u := range units {
			f(0, u)
		}
		return
	}
	p.f = f
	p.pending.Store(int64(units))
	for w := range p.shares {
		next, end := w*units/p.threads, (w+1)*units/p.threads
		p.shares[w].left.Store(uint64(end)<<32 | uint64(next))
	}
	p.epoch.Add(1)
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
	for u, ok := p.shares[worker].front(); ok; u, ok = p.shares[worker].front() {
		p.unit(worker, u)
	}
	for i := 1; i < p.threads; i++ {
		s := &p.shares[(worker+i)%p.threads]
		for u, ok := s.back(); ok; u, ok = s.back() {
			p.unit(worker, u)
		}
	}
}

func (p *pool) unit(worker, unit int) {
	defer func() {
		if e := recover(); e != nil {
			p.fail(e)
		}
		p.pending.Add(-1)
	}()
	p.f(worker, unit)
}

// fail keeps the first panic. (A function of its own, so that only a panic allocates.)
func (p *pool) fail(e any) { p.failure.CompareAndSwap(nil, &e) }

func (p *pool) worker(w int) {
	for seen := uint64(0); !p.closed.Load(); {
		for i := 0; i < p.spins && p.epoch.Load() == seen; i++ {
			if i%yieldEvery == yieldEvery-1 {
				runtime.Gosched()
			}
		}
		if p.epoch.Load() == seen {
			p.sleeping.Add(1)
			if p.epoch.Load() == seen && !p.closed.Load() { // again, because Run may have looked before we were counted
				<-p.wake
			}
			p.sleeping.Add(-1)
		}
		seen = p.epoch.Load()
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
