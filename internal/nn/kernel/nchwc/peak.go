package nchwc

import (
	"sync"
	"time"
)

// Peak measures the multiply-add rate of this machine in floating-point operations per second (two per multiply-add): the
// set's own convolution tile on data that stays in the first-level cache, on threads at once, for about d. It is what the
// share of a run is reported against.
func Peak(s *Set, threads int, d time.Duration) float64 {
	const in, out, h, w = 64, 16, 4, 7
	var wg sync.WaitGroup
	rates := make([]float64, max(threads, 1))
	for i := range rates {
		wg.Go(func() {
			e := NewEnv(s, 1)
			shape := ConvShape{In: in, Out: out, Groups: 1, KH: 1, KW: 1, SH: 1, SW: 1, DH: 1, DW: 1}
			job := e.Conv(s.PackConv(shape, false, make([]float32, in*out), nil, nil, nil), Alloc(out, h, w, 0, 0, s.Block), Alloc(in, h, w, 0, 0, s.Block), Map{}, Act(0))
			e.Alloc()
			rates[i] = rate(job, 2*in*out*h*w, d)
		})
	}
	wg.Wait()
	sum := 0.0
	for _, r := range rates {
		sum += r
	}
	return sum
}

// rate is the best of several stretches, since others may be using the machine.
func rate(j Job, ops int, d time.Duration) float64 {
	best := 0.0
	const calls = 2000
	for start := time.Now(); time.Since(start) < d; {
		t := time.Now()
		for range calls {
			j.Run()
		}
		best = max(best, float64(ops)*calls/time.Since(t).Seconds())
	}
	return best
}
