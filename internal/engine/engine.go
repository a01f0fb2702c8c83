package engine

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"
)

// Version names the arithmetic and the preprocessing of this source: raise it when a result may change by a bit.
const Version = "1"

// Config bounds an engine. Zero fields take the defaults.
type Config struct {
	// Threads is the number of threads that compute, all runs together; max(1, cores − 1) by default, so that pages stay
	// quick.
	Threads int
	// MaxQueue and MaxWait bound the waiting runs by number (400) and by estimated time (3 min).
	MaxQueue int
	MaxWait  time.Duration
	// SessionRunning and SessionWaiting bound the runs of one session (1 and 2).
	SessionRunning, SessionWaiting int
	// RecordingBytes bounds one recording (256 MiB), CacheBytes all together (1 GiB). Runs that go on may exceed the
	// second: what is being streamed is never thrown away.
	RecordingBytes, CacheBytes int64
	// WeightBytes bounds the weights that kept recordings hold on to, to compute single nodes again (1 GiB).
	WeightBytes int64
	// RunTimeout is the wall time of one run (30 s), MaxMACs its cost (100 G).
	RunTimeout time.Duration
	MaxMACs    int64
	// Grace is how long an unwatched run lives on (150 ms): long enough for a page to load that continues it.
	Grace time.Duration
	// Version is part of every key; Version by default. Change it whenever results may change.
	Version string
}

func (c Config) withDefaults() Config {
	setDefault(&c.Threads, max(1, runtime.GOMAXPROCS(0)-1))
	setDefault(&c.MaxQueue, 400)
	setDefault(&c.MaxWait, 3*time.Minute)
	setDefault(&c.SessionRunning, 1)
	setDefault(&c.SessionWaiting, 2)
	setDefault(&c.RecordingBytes, 256<<20)
	setDefault(&c.CacheBytes, 1<<30)
	setDefault(&c.WeightBytes, 1<<30)
	setDefault(&c.RunTimeout, 30*time.Second)
	setDefault(&c.MaxMACs, 100e9)
	setDefault(&c.Grace, 150*time.Millisecond)
	if c.Version == "" {
		c.Version = Version
	}
	return c
}

func setDefault[T int | int64 | time.Duration](v *T, d T) {
	if *v <= 0 {
		*v = d
	}
}

// Engine schedules runs and keeps recordings. It is safe for concurrent use.
type Engine struct {
	cfg    Config
	models Models
	runner Runner
	tokens chan struct{} // one per thread that is free
	wg     sync.WaitGroup

	mu      sync.Mutex // guards everything below; taken before a recording's lock, never after
	flights map[string]*flight
	waiting queue
	running map[*flight]bool
	bytes   int64
	turns   map[string]uint64 // when a session took its place in the order of service; those with runs only
	tick    uint64            // counts events, in place of a clock
	speed   speed
	closing bool
	stats   Stats
}

// Stats are counters since the start, and gauges of now.
type Stats struct {
	Runs      int64 `json:"runs"` // started
	Completed int64 `json:"completed"`
	Failed    int64 `json:"failed"`
	// Hits are submissions answered by a recording, Joined those that joined a run on its way.
	Hits              int64 `json:"hits"`
	Joined            int64 `json:"joined"`
	Refused           int64 `json:"refused"`
	CancelledQueued   int64 `json:"cancelled_queued"`
	CancelledRunning  int64 `json:"cancelled_running"`
	Panics            int64 `json:"panics"`
	Evicted           int64 `json:"evicted"`
	Recomputed        int64 `json:"recomputed"`
	Waiting           int   `json:"waiting"`
	Running           int   `json:"running"`
	Recordings        int   `json:"recordings"`
	Bytes             int64 `json:"bytes"`
	QueueMilliseconds int64 `json:"queue_ms"` // estimated time to drain the queue
}

// New is an engine over a catalogue and a runner. It starts no goroutine until there is work.
func New(models Models, runner Runner, cfg Config) *Engine {
	e := &Engine{cfg: cfg.withDefaults(), models: models, runner: runner, flights: map[string]*flight{},
		running: map[*flight]bool{}, turns: map[string]uint64{}}
	e.tokens = make(chan struct{}, e.cfg.Threads)
	for range e.cfg.Threads {
		e.tokens <- struct{}{}
	}
	return e
}

// Submit asks for a run on behalf of a session and returns a stream of it, which the caller must close. An equal job that
// runs or is recorded is joined; that is always allowed. Errors: those of Models.Open and Job.Check, OverBudget, TooMany,
// Busy, Restarting.
func (e *Engine) Submit(ctx context.Context, session string, job Job) (*Stream, error) {
	job.Version = e.cfg.Version
	if err := job.Check(); err != nil {
		return nil, err
	}
	key := job.Key()
	if s := e.join(key); s != nil {
		return s, nil
	}
	net, err := e.models.Open(ctx, job)
	if err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if f := e.flights[key]; f != nil { // it came while the model was opened
		return e.rejoin(f), nil
	}
	f := &flight{session: session, macs: net.MACs(job.Options.Aux), rec: newRecording(job, key, net, e.cfg.RecordingBytes)}
	if err := e.admit(f); err != nil {
		e.stats.Refused++
		return nil, err
	}
	f.rec.recompute = e.recompute
	if _, ok := e.turns[session]; !ok {
		e.takeTurn(session)
	}
	e.flights[key] = f
	e.waiting = append(e.waiting, f)
	s := e.view(f)
	e.schedule()
	return s, nil
}

// Finished is the recording of an equal job that has ended well; nil when there is none (any more).
func (e *Engine) Finished(job Job) *Recording {
	job.Version = e.cfg.Version
	e.mu.Lock()
	f := e.flights[job.Key()]
	e.mu.Unlock()
	if f == nil {
		return nil
	}
	if _, ok := f.rec.Result(); !ok {
		return nil
	}
	return f.rec
}

// join is a stream of a job that is known.
func (e *Engine) join(key string) *Stream {
	e.mu.Lock()
	defer e.mu.Unlock()
	f := e.flights[key]
	if f == nil {
		return nil
	}
	if f.state == ended {
		e.stats.Hits++
	} else {
		e.stats.Joined++
	}
	return e.rejoin(f)
}

// rejoin opens another stream of a flight. One that waited while nobody watched it was passed over by the scheduler, and no
// other event need come that would start it.
func (e *Engine) rejoin(f *flight) *Stream {
	s := e.view(f)
	if f.state == waiting {
		e.schedule()
	}
	return s
}

// view opens a stream of a flight.
func (e *Engine) view(f *flight) *Stream {
	e.touch(f)
	f.streams++
	if f.grace != nil {
		f.grace.Stop()
		f.grace = nil
	}
	return &Stream{rec: f.rec, leave: func() { e.leave(f) }}
}

func (e *Engine) touch(f *flight) {
	e.tick++
	f.used = e.tick
}

func (e *Engine) takeTurn(session string) {
	e.tick++
	e.turns[session] = e.tick
}

// mine is the number of runs of a session, waiting and running.
func (e *Engine) mine(session string) int {
	n := e.runningBySession()[session]
	for _, w := range e.waiting {
		if w.session == session {
			n++
		}
	}
	return n
}

// admit says why a new flight is refused.
func (e *Engine) admit(f *flight) error {
	mine, drain := e.mine(f.session), e.drain()
	switch {
	case e.closing:
		return &Error{Code: Restarting, Text: "the server is restarting", RetryAfter: retryAfter(0)}
	case f.macs > e.cfg.MaxMACs:
		return &Error{Code: OverBudget, Text: fmt.Sprintf("the run needs %.1f GMAC, the limit is %.1f", float64(f.macs)/1e9, float64(e.cfg.MaxMACs)/1e9)}
	case mine >= e.cfg.SessionRunning+e.cfg.SessionWaiting:
		return &Error{Code: TooMany, Text: fmt.Sprintf("you already have %d runs; the limit is %d running and %d waiting", mine, e.cfg.SessionRunning, e.cfg.SessionWaiting), RetryAfter: retryAfter(0)}
	case len(e.waiting) >= e.cfg.MaxQueue, drain > e.cfg.MaxWait:
		return &Error{Code: Busy, Text: fmt.Sprintf("%d runs are waiting", len(e.waiting)), RetryAfter: retryAfter(drain)}
	}
	return nil
}

// drain estimates how long the waiting runs take.
func (e *Engine) drain() time.Duration {
	var macs int64
	for _, f := range e.waiting {
		macs += f.macs
	}
	return e.speed.estimate(macs, e.cfg.Threads)
}

// Estimate is how long a run of a cost takes on all threads, by what finished runs took.
func (e *Engine) Estimate(macs int64) time.Duration {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.speed.estimate(macs, e.cfg.Threads)
}

// leave is the end of one stream.
func (e *Engine) leave(f *flight) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if f.streams--; f.streams > 0 {
		return
	}
	if f.state == ended {
		e.evict() // it was spared as long as it was watched
		return
	}
	var timer *time.Timer
	timer = time.AfterFunc(e.cfg.Grace, func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		if f.grace == timer { // nobody came since, not even for a moment
			e.abandon(f)
		}
	})
	f.grace = timer
}

// abandon gives up a run that nobody watches.
func (e *Engine) abandon(f *flight) {
	switch f.state {
	case waiting:
		e.stats.CancelledQueued++
		e.dequeue(f)
		e.end(f, Result{}, abandoned)
		e.schedule()
	case running:
		if e.flights[f.rec.Key] == f { // whoever asks from now on gets a run of their own
			delete(e.flights, f.rec.Key)
			e.stats.CancelledRunning++
		}
		f.cancel(errAbandoned)
	}
}

// Run submits a job and waits for its end.
func (e *Engine) Run(ctx context.Context, session string, job Job) (*Recording, Result, error) {
	s, err := e.Submit(ctx, session, job)
	if err != nil {
		return nil, Result{}, err
	}
	defer s.Close()
	for {
		ev, err := s.Next(ctx)
		switch {
		case err != nil:
			return nil, Result{}, err
		case ev.Kind == Failed:
			return nil, Result{}, ev.Err
		case ev.Kind == Done:
			return s.Recording(), ev.Result, nil
		}
	}
}

// Stats are the counters and gauges.
func (e *Engine) Stats() Stats {
	e.mu.Lock()
	defer e.mu.Unlock()
	s := e.stats
	s.Waiting, s.Running, s.Bytes = len(e.waiting), len(e.running), e.bytes
	for _, f := range e.flights {
		if f.state == ended {
			s.Recordings++
		}
	}
	s.QueueMilliseconds = e.drain().Milliseconds()
	return s
}

// Close refuses new runs, fails waiting ones with Restarting, and waits for running ones. When ctx ends first they are
// cancelled, and Close still waits for them to return. The error is ctx's when runs had to be cancelled.
func (e *Engine) Close(ctx context.Context) error {
	e.mu.Lock()
	e.closing = true
	for len(e.waiting) > 0 {
		f := e.waiting[0]
		e.dequeue(f)
		e.end(f, Result{}, &Error{Code: Restarting, Text: "the server is restarting", RetryAfter: retryAfter(0)})
	}
	e.mu.Unlock()
	done := make(chan struct{})
	go func() { e.wg.Wait(); close(done) }()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
	}
	e.mu.Lock()
	for f := range e.running {
		f.cancel(errors.New("engine: the server is shutting down"))
	}
	e.mu.Unlock()
	<-done
	return ctx.Err()
}

// Config is the configuration in force, defaults filled in.
func (e *Engine) Config() Config { return e.cfg }
