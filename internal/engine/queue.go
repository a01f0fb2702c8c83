package engine

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"time"
)

// flight is a job on its way: waiting, running, or ended and kept. The engine's lock guards it.
type flight struct {
	rec     *Recording
	session string // whose quota it counts for
	macs    int64
	state   state
	streams int
	grace   *time.Timer
	threads int
	used    uint64 // when it was last looked at, in ticks of the engine
	cancel  func(error)
}

// queue is the waiting flights, in order of arrival.
type queue []*flight

// order is the queue in the order of service. Sessions take turns: a session whose run has ended goes behind those that
// wait already (turns holds the moment), one that runs goes behind those that do not, and the second flight of a session
// behind the first of the others. Nobody is overtaken for ever, because a turn, once taken, stays.
func (q queue) order(runningOf map[string]int, turns map[string]uint64) queue {
	round := make(map[*flight]int, len(q))
	before := map[string]int{}
	for _, f := range q {
		round[f] = before[f.session] + runningOf[f.session]
		before[f.session]++
	}
	o := slices.Clone(q)
	slices.SortStableFunc(o, func(a, b *flight) int {
		return cmp.Or(cmp.Compare(round[a], round[b]), cmp.Compare(turns[a.session], turns[b.session]))
	})
	return o
}

// speed estimates how long work takes: MACs per second and thread, from what finished runs took.
type speed struct{ macs float64 }

// firstGuess is deliberately low for a machine that has not been measured yet.
const firstGuess = 2e9

func (s *speed) learn(macs int64, took time.Duration, threads int) {
	if macs == 0 || took <= 0 {
		return
	}
	now := float64(macs) / took.Seconds() / float64(threads)
	if s.macs == 0 {
		s.macs = now
		return
	}
	s.macs += (now - s.macs) / 8
}

// estimate is the time that macs take on all threads.
func (s *speed) estimate(macs int64, threads int) time.Duration {
	m := s.macs
	if m == 0 {
		m = firstGuess
	}
	return time.Duration(float64(macs) / m / float64(threads) * float64(time.Second))
}

// retryAfter spreads those who were refused over the time the queue needs to drain.
func retryAfter(drain time.Duration) time.Duration {
	d := max(2*time.Second, min(drain, time.Minute))
	return time.Duration(float64(d) * (0.8 + 0.4*rand.Float64())).Round(time.Second)
}
