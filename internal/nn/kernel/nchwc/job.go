package nchwc

// Job is bound work: its phases run one after the other, the units of a phase in any order on any worker, at most one
// unit of the job on a worker at a time. A job is not safe for two concurrent runs: it keeps the arguments of its workers.
type Job struct{ Phases []Phase }

// Phase is a number of independent units of work.
type Phase struct {
	Units int
	Do    func(worker, unit int)
}

// Run does all the work on the calling goroutine.
func (j Job) Run() {
	for _, p := range j.Phases {
		for u := range p.Units {
			p.Do(0, u)
		}
	}
}

// Env is what the jobs of one plan share: the kernel set, the number of workers and scratch memory. Jobs of one Env run
// one after the other.
type Env struct {
	Set     *Set
	Threads int
	private []scratch
	shared  scratch
}

type scratch struct {
	need int
	buf  []float32
	_    [4]uint64 // keeps the headers of two workers off one cache line
}

// NewEnv is an environment for the given number of workers.
func NewEnv(s *Set, threads int) *Env {
	return &Env{Set: s, Threads: max(threads, 1), private: make([]scratch, max(threads, 1))}
}

// reserve asks for scratch memory of one worker each and of all together.
func (e *Env) reserve(private, shared int) {
	for i := range e.private {
		e.private[i].need = max(e.private[i].need, private)
	}
	e.shared.need = max(e.shared.need, shared)
}

// scratch is the memory of one worker; all is shared by the phases of a job. Both are allocated when first asked for.
func (e *Env) scratch(worker int) []float32 { return e.private[worker].get() }
func (e *Env) all() []float32               { return e.shared.get() }

func (s *scratch) get() []float32 {
	if len(s.buf) < s.need {
		s.buf = make([]float32, s.need)
	}
	return s.buf
}

// Alloc allocates the scratch memory that the jobs bound so far need, so that running them allocates nothing.
func (e *Env) Alloc() {
	for i := range e.private {
		e.private[i].get()
	}
	e.shared.get()
}

// Bytes is the size of the scratch memory.
func (e *Env) Bytes() int64 { return 4 * int64(e.Threads*e.private[0].need+e.shared.need) }

// pieces cuts n items into at most want runs of nearly equal length, each a multiple of step but the last, and returns
// the length of a run.
func pieces(n, want, step int) int {
	per := (n + max(want, 1) - 1) / max(want, 1)
	return max((per+step-1)/step*step, 1)
}

// ceil is ⌈a/b⌉.
func ceil(a, b int) int { return (a + b - 1) / b }
