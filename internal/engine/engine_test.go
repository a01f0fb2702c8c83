package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"stride/internal/store"
)

// Every test here runs on the clock of its synctest bubble, which also fails when a goroutine outlives the test.

func TestOneRunForAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &lab{graph: chain(t, 3, 1000)}
		e := New(l, l, Config{Threads: 1})
		var wg sync.WaitGroup
		for i := range 300 {
			s := submit(t, e, fmt.Sprint("session", i), "cat")
			wg.Go(func() {
				time.Sleep(time.Duration(i) * 10 * time.Millisecond) // readers that begin late see everything too
				events := drain(t, s)
				if !slices.Equal(kinds(events), []Kind{Started, Node, Done}) && !slices.Equal(kinds(events), []Kind{Queued, Started, Node, Done}) {
					t.Errorf("kinds %v", kinds(events))
				}
				for j, ev := range events[len(events)-5 : len(events)-1] {
					if ev.Node.Seq != j || ev.Node.Took != time.Second || ev.Node.At != time.Duration(j+1)*time.Second || ev.Node.Shape != shape {
						t.Errorf("event %d: %+v", j, ev.Node)
					}
				}
				if r := events[len(events)-1].Result; r.Logits[0] != 3 {
					t.Errorf("result %v, want 3", r.Logits)
				}
			})
		}
		wg.Wait()
		// a recording answers without a run
		if ev := drain(t, submit(t, e, "later", "cat")); !slices.Equal(kinds(ev), []Kind{Started, Node, Done}) || len(ev) != 6 {
			t.Errorf("replay: %v", kinds(ev))
		}
		if st := e.Stats(); st.Runs != 1 || st.Joined != 299 || st.Hits != 1 || st.Completed != 1 || st.Recordings != 1 || st.Bytes != 4*1024 {
			t.Errorf("stats %+v", st)
		}
		shut(t, e)
	})
}

func TestResume(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &lab{graph: chain(t, 3, 1000)}
		e := New(l, l, Config{Threads: 1})
		drain(t, submit(t, e, "a", "cat"))
		s := submit(t, e, "a", "cat")
		s.From(2)
		ev := drain(t, s)
		if len(ev) != 4 || ev[1].Node.Seq != 2 {
			t.Errorf("events %+v", ev)
		}
		shut(t, e)
	})
}

// Sessions take turns; everybody knows the position.
func TestFairQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &lab{graph: chain(t, 1, 1000)}
		e := New(l, l, Config{Threads: 1})
		var streams []*Stream
		for _, j := range []string{"a1", "a2", "a3", "b1", "b2", "c1"} {
			streams = append(streams, submit(t, e, j[:1], j))
		}
		var got []int
		for _, s := range streams[1:] {
			got = append(got, position(t, s))
		}
		// a1 runs, so a2 waits for its session's second turn: b1 and c1 go first, then a2 and b2 by arrival
		if want := []int{3, 5, 1, 4, 2}; !slices.Equal(got, want) {
			t.Errorf("positions of a2 a3 b1 b2 c1: %v, want %v", got, want)
		}
		for _, s := range streams {
			go drain(t, s)
		}
		time.Sleep(time.Minute)
		if got, want := l.runs(), []string{"a1", "b1", "c1", "a2", "b2", "a3"}; !slices.Equal(got, want) {
			t.Errorf("order %v, want %v", got, want)
		}
		shut(t, e)
	})
}

// One session runs one at a time, even when threads are free.
func TestSessionRunsOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &lab{graph: chain(t, 1, 1000)}
		e := New(l, l, Config{Threads: 4})
		first := submit(t, e, "z", "first") // takes all threads
		streams := []*Stream{submit(t, e, "a", "1"), submit(t, e, "a", "2"), submit(t, e, "b", "3")}
		drain(t, first)
		synctest.Wait()
		if got := l.runs()[1:]; !slices.Equal(got, []string{"1", "3"}) && !slices.Equal(got, []string{"3", "1"}) {
			t.Errorf("running %v, want 1 and 3", got)
		}
		if len(e.tokens) == 0 {
			t.Error("no thread is free: the test shows nothing")
		}
		for _, s := range streams {
			go drain(t, s)
		}
		time.Sleep(time.Minute)
		if got := l.runs(); len(got) != 4 {
			t.Errorf("runs %v", got)
		}
		shut(t, e)
		e.mu.Lock()
		defer e.mu.Unlock()
		if len(e.turns) != 0 {
			t.Errorf("the order of service remembers %v", e.turns)
		}
	})
}

// Whoever waits is not overtaken for ever by newcomers.
func TestNoStarvation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &lab{graph: chain(t, 1, 1000)}
		e := New(l, l, Config{Threads: 1})
		for _, s := range []*Stream{submit(t, e, "a", "a1"), submit(t, e, "a", "a2"), submit(t, e, "a", "a3")} {
			go drain(t, s)
		}
		for i := range 20 { // twice as fast as they can be served
			go drain(t, submit(t, e, fmt.Sprint("new", i), fmt.Sprint("new", i)))
			time.Sleep(time.Second)
		}
		time.Sleep(time.Hour)
		// a2 ends after ten seconds; new11 and all later ones came after that
		if i := slices.Index(l.runs(), "a3"); i < 0 || i > slices.Index(l.runs(), "new11") {
			t.Errorf("a3 ran as number %d: %v", i, l.runs())
		}
		shut(t, e)
	})
}

// A run alone gets all threads; when several start together they share.
func TestThreads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &lab{graph: chain(t, 1, 1000)}
		e := New(l, l, Config{Threads: 4})
		drain(t, submit(t, e, "a", "alone"))
		first := submit(t, e, "a", "first") // takes all
		rest := []*Stream{submit(t, e, "b", "b"), submit(t, e, "c", "c")}
		drain(t, first)
		for _, s := range rest {
			drain(t, s)
		}
		if want := []int{4, 4, 2, 2}; !slices.Equal(l.threads, want) {
			t.Errorf("threads %v, want %v", l.threads, want)
		}
		if Threads(background) != 1 {
			t.Error("outside of a run there is one thread")
		}
		shut(t, e)
	})
}

func TestRefusals(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &lab{graph: chain(t, 1, 1000)}
		e := New(l, l, Config{Threads: 1, MaxQueue: 4, MaxMACs: 1000})
		refused := func(session string, j Job, want Code) *Error {
			t.Helper()
			_, err := e.Submit(background, session, j)
			var got *Error
			if !errors.As(err, &got) || got.Code != want {
				t.Errorf("%s: %v, want %s", j.Image, err, want)
				return &Error{}
			}
			return got
		}
		var streams []*Stream
		for i := range 3 {
			streams = append(streams, submit(t, e, "a", fmt.Sprint("a", i)))
		}
		refused("a", job("a3"), TooMany)
		// joining costs nothing
		streams = append(streams, submit(t, e, "a", "a1"), submit(t, e, "b", "a1"))
		streams = append(streams, submit(t, e, "b", "b0"), submit(t, e, "c", "c0"))
		if r := refused("d", job("d0"), Busy).RetryAfter; r < 1600*time.Millisecond || r > 72*time.Second {
			t.Errorf("retry after %v", r)
		}
		unknown := job("x")
		unknown.Model = "unknown"
		refused("e", unknown, BadRequest)
		refused("e", Job{}, BadRequest)
		for _, s := range streams {
			go drain(t, s)
		}
		time.Sleep(time.Minute)
		e.cfg.MaxMACs = 999
		refused("e", job("heavy"), OverBudget)
		if st := e.Stats(); st.Runs != 5 || st.Refused != 3 {
			t.Errorf("stats %+v", st)
		}
		shut(t, e)
		refused("e", job("late"), Restarting)
	})
}

// An edited run computes only what its edit changes: its time says nothing about what a whole run takes.
func TestEstimateIgnoresEditedRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &lab{graph: chain(t, 1, 1000)}
		e := New(l, l, Config{Threads: 1})
		edited := job("cat")
		edited.Options.Edits = []Edit{{Node: "n0", Channel: -1}}
		if _, _, err := e.Run(background, "a", edited); err != nil {
			t.Fatal(err)
		}
		if got := e.Estimate(firstGuess); got != time.Second {
			t.Errorf("after an edited run %v, want the first guess, 1 s", got)
		}
		if _, _, err := e.Run(background, "a", job("cat")); err != nil {
			t.Fatal(err)
		}
		if got := e.Estimate(1000); got != 2*time.Second {
			t.Errorf("after a whole run %v, want the 2 s it took", got)
		}
		shut(t, e)
	})
}

// The queue is bounded by estimated time as well.
func TestQueueBoundedByWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &lab{graph: chain(t, 1, 1e9)} // 2 s per run on this clock
		e := New(l, l, Config{Threads: 1, MaxWait: 5 * time.Second})
		drain(t, submit(t, e, "a", "measure"))
		var streams []*Stream
		var err error
		for i := 0; err == nil && i < 50; i++ {
			var s *Stream
			if s, err = e.Submit(background, fmt.Sprint("s", i), job(fmt.Sprint(i))); err == nil {
				streams = append(streams, s)
			}
		}
		var busy *Error
		if !errors.As(err, &busy) || busy.Code != Busy || len(streams) != 4 { // one runs, three wait 6 s
			t.Errorf("%d runs accepted, then %v", len(streams), err)
		}
		if _, wait := position(t, streams[3]), streams[3].wait; wait != 5*time.Second {
			t.Errorf("the last waits %v, want 5s: half of one run and two more", wait)
		}
		for _, s := range streams {
			go drain(t, s)
		}
		time.Sleep(time.Minute)
		shut(t, e)
	})
}

func TestLastViewerCancels(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &lab{graph: chain(t, 10, 1000)}
		e := New(l, l, Config{Threads: 1, Grace: time.Second})
		a, b := submit(t, e, "a", "cat"), submit(t, e, "b", "cat")
		time.Sleep(1500 * time.Millisecond)
		a.Close()
		a.Close() // twice is once
		time.Sleep(2 * time.Second)
		if st := e.Stats(); st.Running != 1 {
			t.Fatalf("the run ended although somebody watches: %+v", st)
		}
		b.Close()
		time.Sleep(900 * time.Millisecond)
		c := submit(t, e, "c", "cat") // within the grace
		time.Sleep(2 * time.Second)
		if st := e.Stats(); st.Running != 1 || st.Runs != 1 {
			t.Fatalf("the run did not survive the change of viewers: %+v", st)
		}
		c.Close()
		time.Sleep(1001 * time.Millisecond)
		synctest.Wait()
		st := e.Stats()
		if st.Running != 0 || st.CancelledRunning != 1 || st.Recordings != 0 || st.Bytes != 0 || st.Failed != 0 {
			t.Errorf("after the last viewer: %+v", st)
		}
		if len(l.ended) != 1 || !errors.Is(l.ended[0], context.Canceled) {
			t.Errorf("the runner ended with %v", l.ended)
		}
		if _, err := c.Recording().At(background, "n9"); !errors.Is(err, errAbandoned) {
			t.Errorf("a node of a run that was given up: %v", err)
		}
		// asking again computes again
		if ev := drain(t, submit(t, e, "d", "cat")); ev[len(ev)-1].Kind != Done {
			t.Errorf("%v", kinds(ev))
		}
		shut(t, e)
	})
}

func TestLeavingTheQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &lab{graph: chain(t, 3, 1000)}
		e := New(l, l, Config{Threads: 1, Grace: 100 * time.Millisecond})
		a, b, c := submit(t, e, "a", "a"), submit(t, e, "b", "b"), submit(t, e, "c", "c")
		if position(t, c) != 2 {
			t.Error("c is not second")
		}
		b.Close()
		time.Sleep(101 * time.Millisecond)
		synctest.Wait()
		if p := position(t, c); p != 1 {
			t.Errorf("position %d after b left, want 1", p)
		}
		go drain(t, a)
		drain(t, c)
		if got := l.runs(); !slices.Equal(got, []string{"a", "c"}) {
			t.Errorf("runs %v", got)
		}
		if st := e.Stats(); st.CancelledQueued != 1 || st.CancelledRunning != 0 {
			t.Errorf("%+v", st)
		}
		shut(t, e)
	})
}

// A run whose viewer reloads the page just as a thread falls free still starts.
func TestRejoinStartsWhatWasPassedOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &lab{graph: chain(t, 1, 1000)}
		e := New(l, l, Config{Threads: 1, Grace: 5 * time.Second})
		first, second := submit(t, e, "a", "first"), submit(t, e, "b", "second")
		second.Close()
		drain(t, first) // the thread is free while nobody watches the second
		again := submit(t, e, "b", "second")
		ctx, cancel := context.WithTimeout(background, time.Minute)
		defer cancel()
		for {
			ev, err := again.Next(ctx)
			if err != nil {
				t.Fatalf("the run does not start: %v", err)
			}
			if ev.Kind == Done {
				break
			}
		}
		again.Close()
		shut(t, e)
	})
}

// A reader that does not read holds nobody up.
func TestSlowReader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &lab{graph: chain(t, 3, 1000)}
		e := New(l, l, Config{Threads: 1})
		slow := submit(t, e, "slow", "cat")
		time.Sleep(time.Hour)
		if st := e.Stats(); st.Completed != 1 {
			t.Errorf("%+v", st)
		}
		if ev := drain(t, slow); len(ev) != 6 {
			t.Errorf("%d events, want 6", len(ev))
		}
		shut(t, e)
	})
}

func TestFailures(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(Job) error
		want  Code
		count func(Stats) int64
	}{
		"error":       {func(Job) error { return errors.New("broken") }, RunFailed, func(s Stats) int64 { return s.Failed }},
		"panic":       {func(Job) error { panic("index out of range") }, RunFailed, func(s Stats) int64 { return s.Panics }},
		"own error":   {func(Job) error { return &Error{Code: UnknownID, Text: "no picture"} }, UnknownID, func(s Stats) int64 { return s.Failed }},
		"takes hours": {func(Job) error { time.Sleep(time.Hour); return nil }, RunTimeout, func(s Stats) int64 { return s.Failed }},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := &lab{graph: chain(t, 3, 1000), spoil: func(j Job) error {
					if j.Image == "bad" {
						return c.spoil(j)
					}
					return nil
				}}
				e := New(l, l, Config{Threads: 1, RunTimeout: time.Minute})
				other := submit(t, e, "b", "good")
				ev := drain(t, submit(t, e, "a", "bad"))
				if last := ev[len(ev)-1]; last.Kind != Failed || !errors.Is(last.Err, &Error{Code: c.want}) {
					t.Errorf("%v %v, want %s", last.Kind, last.Err, c.want)
				}
				if _, _, err := e.Run(background, "a", job("bad")); !errors.Is(err, &Error{Code: c.want}) {
					t.Errorf("again: %v", err)
				}
				drain(t, other)
				st := e.Stats()
				if c.count(st) != 2 || st.Recordings != 1 || st.Running != 0 || st.Bytes != 4*1024 {
					t.Errorf("%+v", st)
				}
				if len(e.tokens) != 1 {
					t.Error("a thread was lost")
				}
				shut(t, e)
			})
		})
	}
}

func TestClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &lab{graph: chain(t, 20, 1000)}
		e := New(l, l, Config{Threads: 1})
		a, b := submit(t, e, "a", "a"), submit(t, e, "b", "b")
		ctx, cancel := context.WithTimeout(background, 5*time.Second)
		defer cancel()
		done := make(chan error)
		go func() { done <- e.Close(ctx) }()
		if ev := drain(t, b); !errors.Is(ev[len(ev)-1].Err, &Error{Code: Restarting}) {
			t.Errorf("waiting: %+v", ev)
		}
		if ev := drain(t, a); !errors.Is(ev[len(ev)-1].Err, &Error{Code: Restarting}) || len(ev) < 5 {
			t.Errorf("running: %d events, the last %+v", len(ev), ev[len(ev)-1])
		}
		if err := <-done; !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Close: %v", err)
		}
	})
}

func TestNextEndsWithContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &lab{graph: chain(t, 20, 1000)}
		e := New(l, l, Config{Threads: 1, Grace: 1})
		s := submit(t, e, "a", "a")
		ctx, cancel := context.WithTimeout(background, 2500*time.Millisecond)
		defer cancel()
		n := 0
		for {
			_, err := s.Next(ctx)
			if err != nil {
				if !errors.Is(err, context.DeadlineExceeded) || n != 3 { // started and two nodes
					t.Errorf("%v after %d events", err, n)
				}
				break
			}
			n++
		}
		s.Close()
		shut(t, e)
	})
}

func TestJobKey(t *testing.T) {
	base := Job{Image: "sample/cat", Model: "m", Weights: "w", Version: "1"}
	// The key must not change by itself: caches of two processes share it.
	if got, want := base.Key(), "abf0a507"; !strings.HasPrefix(got, want) {
		t.Errorf("key %s, want %s…", got, want)
	}
	same := base
	same.Options.Edits, same.Options.Ranks = []Edit{}, []Rank{}
	if same.Key() != base.Key() {
		t.Error("no edits and nil edits differ")
	}
	seen := map[string]bool{base.Key(): true}
	for _, change := range []func(*Job){
		func(j *Job) { j.Image = "sample/dog" }, func(j *Job) { j.Model = "n" }, func(j *Job) { j.Weights = "v" }, func(j *Job) { j.Version = "2" },
		func(j *Job) { j.Options.Aux = true }, func(j *Job) { j.Options.Height, j.Options.Width = 64, 64 },
		func(j *Job) { j.Options.Edits = []Edit{{"n0", 1, 0}} }, func(j *Job) { j.Options.Edits = []Edit{{"n0", 1, 2}} },
		func(j *Job) { j.Options.Ranks = []Rank{{"n0", 1}} }, func(j *Job) { j.Options.Ranks = []Rank{{"n0", 2}} },
		func(j *Job) { j.Model, j.Weights = "mw", "" },
	} {
		j := base
		change(&j)
		if seen[j.Key()] {
			t.Errorf("%+v has the key of another job", j)
		}
		seen[j.Key()] = true
	}
}

func TestJobCheck(t *testing.T) {
	nan := float32(0)
	nan /= nan
	for _, j := range []Job{
		{Image: "i", Model: "m"}, {Image: strings.Repeat("i", 2000), Model: "m", Weights: "w"},
		{Image: "i", Model: "m", Weights: "w", Options: Options{Height: -1, Width: -1}}, {Image: "i", Model: "m", Weights: "w", Options: Options{Height: 32}},
		{Image: "i", Model: "m", Weights: "w", Options: Options{Edits: []Edit{{"n", 0, nan}}}}, {Image: "i", Model: "m", Weights: "w", Options: Options{Edits: make([]Edit, MaxEdits+1)}},
		{Image: "i", Model: "m", Weights: "w", Options: Options{Ranks: []Rank{{"n", 0}}}}, {Image: "i", Model: "m", Weights: "w", Options: Options{Ranks: make([]Rank, MaxEdits+1)}},
	} {
		if err := j.Check(); !errors.Is(err, &Error{Code: BadRequest}) {
			t.Errorf("%.60v: %v", j, err)
		}
	}
	if BlobRef(store.Digest("ab")) != "blob/ab" || SampleRef("cat") != "sample/cat" {
		t.Error("picture references changed")
	}
}
