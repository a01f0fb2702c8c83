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

// unitsPerThread is how many units a worker gets of a job that is cut for several: enough for others to help where one is
// held up.
const unitsPerThread = 4

// units is the number of units to cut a job into.
func (e *Env) units() int {
	if e.Threads == 1 {
		return 1
	}
	return unitsPerThread * e.Threads
}

// bands is the number of bands of rows to cut a map of so many pixels into; the rest of the units come from cutting its
// channels. All jobs cut so, and units are numbered band by band: a worker then reads what it wrote in the step before,
// and what the other cores' caches hold of a map is little more than the rows at the edge of a band. Convolutions share
// their weights instead, which nobody writes. (Where the cores do not share a cache, a line that another core has written
// or must forget costs some 30 ns.) Small maps are not cut: tiles get too small.
func (e *Env) bands(pixels int) int {
	const least = 56
	switch units := e.units(); {
	case pixels >= units*least:
		return units
	case pixels >= e.Threads*least:
		return e.Threads
	}
	return 1
}

// grid cuts the rows and blocks of a map into units.
type grid struct {
	rows, blocks  int // of the map
	bands, groups int // of rows and of blocks
}

// grid cuts m for the workers.
func (e *Env) grid(m Map) grid {
	g := grid{rows: m.H, blocks: m.Blocks()}
	g.bands = min(g.rows, e.bands(m.H*m.W))
	g.groups = min(g.blocks, ceil(e.units(), g.bands))
	g.bands = min(g.rows, max(g.bands, ceil(e.units(), g.groups)))
	return g
}

func (g grid) units() int { return g.bands * g.groups }

// unit is the blocks b0 ≤ b < b1 and rows y0 ≤ y < y1 of a unit.
func (g grid) unit(u int) (b0, b1, y0, y1 int) {
	y0, y1 = share(g.rows, g.bands, u/g.groups)
	b0, b1 = share(g.blocks, g.groups, u%g.groups)
	return b0, b1, y0, y1
}

// share is part i of n items cut into parts of nearly equal size.
func share(n, parts, i int) (lo, hi int) { return i * n / parts, (i + 1) * n / parts }

// pieces cuts n items into at most want runs of nearly equal length, each a multiple of step but the last, and returns
// the length of a run.
func pieces(n, want, step int) int {
	per := (n + max(want, 1) - 1) / max(want, 1)
	return max((per+step-1)/step*step, 1)
}

// Parallel calls f(i) for every i < n on several goroutines; a nil Parallel calls it on this one.
type Parallel func(n int, f func(i int))

func (p Parallel) each(n int, f func(i int)) {
	if p != nil {
		p(n, f)
		return
	}
	for i := range n {
		f(i)
	}
}

// ceil is ⌈a/b⌉.
func ceil(a, b int) int { return (a + b - 1) / b }
