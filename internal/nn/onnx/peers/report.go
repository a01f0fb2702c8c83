package main

import (
	"fmt"
	"maps"
	"math"
	"runtime"
	"slices"
	"strings"
	"time"
)

// report is everything that was measured in one session.
type report struct {
	settings settings
	machine  machine
	versions []string
	began    time.Time
	peaks    map[int]float64 // multiply-adds as floating-point operations per second, by number of threads
	results  []result
	sets     []setRatio
}

func median(v []float64) float64 {
	s := slices.Sorted(slices.Values(v))
	if len(s)%2 == 0 {
		return (s[len(s)/2-1] + s[len(s)/2]) / 2
	}
	return s[len(s)/2]
}

// paired are the ratios theirs/ours of every round, sorted.
func paired(ours, theirs []float64) []float64 {
	r := make([]float64, len(ours))
	for i := range r {
		r[i] = theirs[i] / ours[i]
	}
	slices.Sort(r)
	return r
}

func (r result) mode() string {
	if r.capture {
		return "capture"
	}
	return "plain"
}

func (r result) ratio() float64 { return median(paired(r.ours, r.theirs)) }

// String is the line of progress.
func (r result) String() string {
	return fmt.Sprintf("%-16s %-8s %d threads  ours %8.2f ms  %s %8.2f ms  elapsed %.2f  processor %.2f  difference %.1e (%d tensors)",
		r.net, r.mode(), r.threads, median(r.ours), r.peer, median(r.theirs), r.ratio(), r.cpuRatio, r.difference, r.tensors)
}

// markdown is the report as a page.
func (r *report) markdown() string {
	var b strings.Builder
	r.head(&b)
	for _, peer := range r.peers() {
		r.ratios(&b, peer)
	}
	r.memory(&b)
	r.kernelSets(&b)
	b.WriteString(reading)
	return b.String()
}

func (r *report) peers() []string {
	var l []string
	for _, x := range r.results {
		if !slices.Contains(l, x.peer) {
			l = append(l, x.peer)
		}
	}
	return l
}

func (r *report) head(b *strings.Builder) {
	m := r.machine
	fmt.Fprintf(b, "# The engine beside other runtimes\n\nWritten by `make bench-peers`; do not edit. Run it again for a page of your own machine.\n\n")
	fmt.Fprintf(b, "| | |\n|---|---|\n| date | %s, %s in all |\n", r.began.UTC().Format("2006-01-02 15:04 UTC"), time.Since(r.began).Round(time.Second))
	fmt.Fprintf(b, "| processor | %s, %d cores |\n", m.cpu, m.cores)
	fmt.Fprintf(b, "| load average | %s before, %s after (other work on the machine counts); run at niceness %s |\n", m.load, loadAverage(), niceness())
	fmt.Fprintf(b, "| ours | %s, %s/%s; kernels %s, the best of %s |\n", runtime.Version(), runtime.GOOS, runtime.GOARCH, m.best, strings.Join(m.kernels, ", "))
	fmt.Fprintf(b, "| peers | %s |\n", strings.Join(r.versions, "; "))
	for _, t := range r.settings.threads {
		fmt.Fprintf(b, "| multiply-add peak, %s | %.0f GFLOP/s |\n", count(t), r.peaks[t]/1e9)
	}
	fmt.Fprintf(b, "| rounds | %d per line, both sides alternating, each for %v or one run |\n", r.settings.rounds, r.settings.slice)
}

// ratios is the table of one peer, with the geometric means.
func (r *report) ratios(b *strings.Builder, peer string) {
	fmt.Fprintf(b, "\n## %s\n\n", peer)
	b.WriteString("| network | mode | threads | ours ms | peer ms | processor time, peer/ours | elapsed, peer/ours | of the rounds | of the minima | of peak | difference |\n|---|---|---:|---:|---:|---:|---:|---|---:|---:|---:|\n")
	elapsed, cpu := map[string][]float64{}, map[string][]float64{}
	for _, x := range r.results {
		if x.peer != peer {
			continue
		}
		p := paired(x.ours, x.theirs)
		share := 2 * float64(x.macs) / (x.oursMin / 1000) / r.peaks[x.threads]
		fmt.Fprintf(b, "| %s | %s | %d | %.2f | %.2f | **%.2f** | **%.2f** | %.2f–%.2f | %.2f | %.0f %% | %.0e |\n", x.net, x.mode(), x.threads,
			median(x.ours), median(x.theirs), x.cpuRatio, x.ratio(), p[0], p[len(p)-1], x.theirsMin/x.oursMin, 100*share, x.difference)
		k := x.mode() + ", " + count(x.threads)
		elapsed[k] = append(elapsed[k], x.ratio())
		cpu[k] = append(cpu[k], x.cpuRatio)
	}
	b.WriteString("\n| geometric mean | processor time | elapsed |\n|---|---:|---:|\n")
	for _, k := range slices.Sorted(maps.Keys(cpu)) {
		fmt.Fprintf(b, "| %s | **%.2f** | **%.2f** |\n", k, geometricMean(cpu[k]), geometricMean(elapsed[k]))
	}
	r.slower(b, peer)
}

// slower says where the peer is ahead in processor time or elapsed time.
func (r *report) slower(b *strings.Builder, peer string) {
	var l []string
	for _, x := range r.results {
		if x.peer == peer && min(x.ratio(), x.cpuRatio) < 1 {
			l = append(l, fmt.Sprintf("%s, %s, %s (processor time %.2f, elapsed %.2f)", x.net, x.mode(), count(x.threads), x.cpuRatio, x.ratio()))
		}
	}
	if len(l) == 0 {
		fmt.Fprintf(b, "\n%s is ahead on no line.\n", peer)
		return
	}
	fmt.Fprintf(b, "\n%s is ahead on these lines:\n\n* %s\n", peer, strings.Join(l, "\n* "))
}

// count is a number of threads in words.
func count(threads int) string {
	if threads == 1 {
		return "1 thread"
	}
	return fmt.Sprint(threads, " threads")
}

func geometricMean(v []float64) float64 {
	sum := 0.0
	for _, x := range v {
		sum += math.Log(x)
	}
	return math.Exp(sum / float64(len(v)))
}

// memory is the table of plan bytes and resident memory at the first number of threads.
func (r *report) memory(b *strings.Builder) {
	b.WriteString("\n## Memory\n\nMiB, at the first number of threads. The plan is packed weights, activations and scratch; the peak is the resident memory of the whole process\nfrom its start to the end of the timed runs.\n\n")
	b.WriteString("| network | mode | weights | activations | scratch | our peak |")
	peers := r.peers()
	for _, p := range peers {
		fmt.Fprintf(b, " %s's peak |", p)
	}
	b.WriteString("\n|---|---|---:|---:|---:|---:|" + strings.Repeat("---:|", len(peers)) + "\n")
	mib := func(n int64) string { return fmt.Sprintf(" %.1f |", float64(n)/(1<<20)) }
	for _, x := range r.results {
		if x.peer != peers[0] || x.threads != r.settings.threads[0] {
			continue
		}
		fmt.Fprintf(b, "| %s | %s |%s%s%s%s", x.net, x.mode(), mib(x.weights), mib(x.maps), mib(x.scratch), mib(x.oursPeakRSS))
		for _, p := range peers {
			k := slices.IndexFunc(r.results, func(y result) bool {
				return y.peer == p && y.net == x.net && y.capture == x.capture && y.threads == x.threads
			})
			if k < 0 {
				b.WriteString(" |")
			} else {
				b.WriteString(mib(r.results[k].theirsPeakR))
			}
		}
		b.WriteString("\n")
	}
}

// kernelSets is the table of our own kernel sets.
func (r *report) kernelSets(b *strings.Builder) {
	if len(r.sets) == 0 {
		return
	}
	b.WriteString("\n## Kernel sets\n\nPlain runs. `generic` is the portable code (build tag purego, and every other processor).\n\n")
	b.WriteString("| network | threads | set | ms | best set | ms | processor time, set/best | elapsed | of the minima |\n|---|---:|---|---:|---|---:|---:|---:|---:|\n")
	for _, x := range r.sets {
		t := x.timing
		fmt.Fprintf(b, "| %s | %d | %s | %.2f | %s | %.2f | **%.1f** | %.1f | %.1f |\n", x.net, x.threads, x.set, median(t.b), x.best, median(t.a), t.bCPU/t.aCPU, median(paired(t.a, t.b)), t.bMin/t.aMin)
	}
}

// reading is what a reader must know to judge the numbers.
const reading = `
## How to read this

* One picture, float32, seeded weights, normalisations that are not the identity, a softmax at the end. The peers load the
  network from an ONNX file that the engine's own declarations were written to; the file and the weights are the same for
  all. "Difference" is the largest one of any returned tensor, relative to the largest value of that tensor.
* Plain returns the softmax. Capture returns every activation that our plan materialises with plan.KeepAll, which is what
  the explorer needs; concatenations and flattened maps are not asked for, since they only repeat values.
* In capture mode the peers pay for fusions that a returned tensor forbids, for the way back to the plain layout, and for
  handing the tensors over (into JavaScript, for ONNX Runtime's package). Ours leaves them in its blocked layout and unpacks
  a map when it is looked at; that cost is not in our number. The ratio says what the explorer gains, not that one engine's
  arithmetic is so much faster; for that, read the plain rows.
* Every runtime has a process of its own; each round times one side and then the other, and the next round begins with the
  other. Ratios are peer/ours, above 1 where ours is faster. "Processor time" is that of all threads of a process during a
  run; "elapsed" is the median of the rounds' ratios, beside it their range and the ratio of the fastest runs. Milliseconds
  are medians of the rounds' medians and say little on a shared machine: compare ratios only.
* When the load average is above the number of cores, elapsed times include waiting for others. It hits long runs and
  threads that wait for one another harder, so elapsed ratios then exaggerate, at two threads most. The ratio of processor
  times at one thread is the soundest number on such a machine. At two threads processor time counts waiting by spinning,
  which ONNX Runtime's workers do by default and ours do for a quarter of a millisecond. PyTorch at two threads is, on a busy
  machine, largely a measurement of the other work, for which the barriers of its OpenMP wait.
* Processor time is not free of neighbours either: they empty caches and share the memory. Where the ratios of a line
  disagree widely, the line is good for its direction only.
* "Of peak" is that of our fastest run. It counts the multiplications of the direct form, so Winograd's algorithm can exceed
  100 %. The peak is the best of several stretches of our own convolution tile on cached data, in the same session.
* ONNX Runtime runs its CPU provider with all graph optimisations, PyTorch a traced, frozen module after
  optimize_for_inference with its oneDNN. Both use as many threads as ours. Neither was tuned by hand.
* Resident memory: ours maps a safetensors file and gives its pages back as it packs them; the peers keep what they read from
  the ONNX file as they please. PyTorch's reader copies the file once, which is not PyTorch's fault.

## How to repeat it

` + "`make bench-peers`" + ` needs Node.js with npm (the runtime's package is fetched once into the user's cache folder, without
running its scripts) and, for PyTorch, a Python that can import torch: ` + "`STRIDE_PYTHON`" + `, else
/usr/bin/python3, else the one in the path. ` + "`go run ./internal/nn/onnx/peers -help`" + ` lists the
networks, threads and rounds.
`
