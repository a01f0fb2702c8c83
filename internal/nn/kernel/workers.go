package kernel

import (
	"sync"
	"sync/atomic"
)

// Workers is a set of threads that share one piece of work.
//
// Run calls f(worker, unit) once for every unit in 0…units−1, in no particular order and at most Threads at a time, and
// returns when all are done. worker is in 0…Threads−1 and identifies the thread: no two concurrent calls of f share one.
// f must not call Run of the same Workers. Run may be called from several goroutines; the calls are then done one after
// another.
//
// Scratch returns the buffer of one worker, n values of undefined content. It may be called only inside f, with f's
// worker; the next call of Scratch for that worker hands out the same memory again.
type Workers interface {
	Run(units int, f func(worker, unit int))
	Threads() int
	Scratch(worker, n int) []float32
}

// Team is the Workers of this package: a fixed number of goroutines that sleep between calls of Run. The goroutine that
// calls Run works along as worker 0. A nil *Team runs everything on the caller.
type Team struct {
	run     sync.Mutex // held for a whole Run: guards everything below but the atomics
	units   int
	f       func(worker, unit int)
	scratch [][]float32
	closed  bool

	// left counts the units nobody has taken, pending those not yet finished. A worker that has taken a unit keeps
	// pending above zero, hence f and units in place: it may read both without a lock.
	left, pending atomic.Int64
	wake          chan struct{} // one token per sleeping worker that should look at left; a surplus token is harmless
	finished      chan struct{} // one token when pending reaches zero on a worker other than the caller
	failure       atomic.Pointer[any]
}

// NewTeam starts a team of the given number of threads, the caller of Run included. Fewer than 2 start no goroutine.
// Close ends them.
func NewTeam(threads int) *Team {
	threads = max(threads, 1)
	t := &Team{
		scratch:  make([][]float32, threads),
		wake:     make(chan struct{}, threads-1),
		finished: make(chan struct{}, 1),
	}
	for worker := 1; worker < threads; worker++ {
		go func() {
			for range t.wake {
				if t.work(worker) {
					t.finished <- struct{}{}
				}
			}
		}()
	}
	return t
}

// Threads is the number of threads, the caller included.
func (t *Team) Threads() int {
	if t == nil {
		return 1
	}
	return len(t.scratch)
}

// Run implements Workers. A panic of f is passed on to the caller after the remaining units are done.
func (t *Team) Run(units int, f func(worker, unit int)) {
	if units <= 0 {
		return
	}
	if t == nil {
		for unit := range units {
			f(0, unit)
		}
		return
	}
	t.run.Lock()
	defer t.run.Unlock()
	if units == 1 || t.closed || len(t.scratch) == 1 {
		for unit := range units {
			f(0, unit)
		}
		return
	}
	t.units, t.f = units, f
	t.pending.Store(int64(units))
	t.left.Store(int64(units))
	for range min(units, len(t.scratch)) - 1 {
		select {
		case t.wake <- struct{}{}:
		default: // every sleeper has been called already
		}
	}
	if !t.work(0) {
		<-t.finished
	}
	t.f = nil
	if p := t.failure.Swap(nil); p != nil {
		panic(*p)
	}
}

// work does units until none is left, and reports whether it finished the last one.
func (t *Team) work(worker int) (last bool) {
	for {
		left := t.left.Load()
		if left == 0 {
			return last
		}
		if t.left.CompareAndSwap(left, left-1) {
			t.unit(worker, t.units-int(left))
			last = t.pending.Add(-1) == 0
		}
	}
}

// unit runs one unit and keeps a panic for Run to raise.
func (t *Team) unit(worker, unit int) {
	defer func() {
		if p := recover(); p != nil {
			kept := p // only now on the heap
			t.failure.CompareAndSwap(nil, &kept)
		}
	}()
	t.f(worker, unit)
}

// Scratch implements Workers.
func (t *Team) Scratch(worker, n int) []float32 {
	if t == nil {
		return make([]float32, n)
	}
	if cap(t.scratch[worker]) < n {
		t.scratch[worker] = make([]float32, n+n/8)
	}
	return t.scratch[worker][:n]
}

// Close ends the goroutines after the current Run. Later Runs are done by their caller alone.
func (t *Team) Close() {
	if t == nil {
		return
	}
	t.run.Lock()
	defer t.run.Unlock()
	if !t.closed {
		t.closed = true
		close(t.wake)
	}
}

// parallel runs f over the units with ws, where nil stands for the calling goroutine. f gets the Workers to ask for
// scratch memory.
func parallel(ws Workers, units int, f func(ws Workers, worker, unit int)) {
	ws, team := orSerial(ws)
	defer doneSerial(team)
	ws.Run(units, func(worker, unit int) { f(ws, worker, unit) })
}

// grain is the number of values below which cutting an elementwise loop costs more than it gains.
const grain = 1 << 14

// chunked runs f over 0…n in pieces of about grain values.
func chunked(ws Workers, n int, f func(lo, hi int)) {
	if ws == nil || ws.Threads() == 1 || n < 2*grain {
		f(0, n)
		return
	}
	ws.Run((n+grain-1)/grain, func(_, unit int) {
		f(unit*grain, min(n, unit*grain+grain))
	})
}

// planes runs f over the planes 0…n, each of size values, several at a time where they are small.
func planes(ws Workers, n, size int, f func(lo, hi int)) {
	per := max(1, grain/max(size, 1))
	if ws == nil || ws.Threads() == 1 || n <= per {
		f(0, n)
		return
	}
	ws.Run((n+per-1)/per, func(_, unit int) {
		f(unit*per, min(n, unit*per+per))
	})
}
