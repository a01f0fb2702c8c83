package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"time"

	"stride/internal/nn"
	"stride/internal/nn/analyze"
	"stride/internal/nn/kernel/nchwc"
	"stride/internal/nn/onnx"
	"stride/internal/nn/weights"
)

// agreement is the largest difference from a peer, relative to the largest value of a tensor, that is still rounding: both
// sides sum thousands of products in orders of their own, through up to a hundred layers.
const agreement = 2e-3

// bench is one session of measurements.
type bench struct {
	settings
	dir    string
	peers  []peer
	report *report
}

// result is one network on one number of threads in one mode against one peer.
type result struct {
	net, peer                string
	threads                  int
	capture                  bool
	ours, theirs             []float64 // the medians of the rounds in ms
	oursMin, theirsMin       float64
	cpuRatio                 float64 // processor time of a run, theirs/ours
	macs                     int64
	difference               float64 // the worst relative difference of any returned tensor
	where                    string  // the node of it
	tensors                  int
	weights, maps, scratch   int64 // of our plan
	oursPeakRSS, theirsPeakR int64
}

// all measures every network. The multiply-add peak is taken several times and the best counts, since others may be using
// the machine.
func (b *bench) all(ctx context.Context) error {
	for _, net := range b.nets {
		b.peak()
		if err := b.network(ctx, net); err != nil {
			return fmt.Errorf("%s: %w", net, err)
		}
	}
	for _, net := range b.kernels {
		if err := b.sets(ctx, net); err != nil {
			return fmt.Errorf("%s: %w", net, err)
		}
	}
	b.peak()
	return nil
}

func (b *bench) peak() {
	for _, t := range b.threads {
		b.report.peaks[t] = max(b.report.peaks[t], nchwc.Peak(nchwc.Best(), t, 200*time.Millisecond))
	}
}

// network exports one network in both modes and compares it.
func (b *bench) network(ctx context.Context, net string) error {
	g, err := network(net)
	if err != nil {
		return err
	}
	w, stored, err := b.weights(g)
	if err != nil {
		return err
	}
	x := filepath.Join(b.dir, "input")
	if err := writeFloats(x, picture(g.Input.Shape).Data); err != nil {
		return err
	}
	for _, capture := range []bool{false, true} {
		file := filepath.Join(b.dir, "model.onnx")
		kept, err := b.kept(ctx, net, capture)
		if err != nil {
			return err
		}
		if err := export(file, g, w, onnx.Options{Name: net, Outputs: kept(g)}); err != nil {
			return err
		}
		s := g.Input.Shape
		q := request{Command: "load", File: file, Input: x, Dims: []int{s.N, s.C, s.H, s.W}, Net: net, Weights: stored, Capture: capture}
		for _, t := range b.threads {
			for _, p := range b.peers {
				if !slices.Contains(p.threads, t) {
					continue
				}
				q.Threads = t
				r, err := b.compare(ctx, p, g, q)
				if err != nil {
					return err
				}
				b.report.results = append(b.report.results, r)
				fmt.Println(r)
			}
		}
	}
	return nil
}

// kept asks our own side which activations a plan with capture materialises: what the peer is asked to return as well.
func (b *bench) kept(ctx context.Context, net string, capture bool) (func(*nn.Graph) []*nn.Node, error) {
	if !capture {
		return func(*nn.Graph) []*nn.Node { return nil }, nil
	}
	p, err := startOurs(ctx, "")
	if err != nil {
		return nil, err
	}
	defer p.close()
	r, err := p.ask(request{Command: "load", Net: net, Capture: true, Threads: 1})
	return func(g *nn.Graph) (l []*nn.Node) {
		for _, path := range r.Kept {
			l = append(l, g.Node(path))
		}
		return l
	}, err
}

// startOurs starts this program as a runtime. The kernel set holds for plain operations too.
func startOurs(ctx context.Context, impl string) (*process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	var env []string
	if impl != "" {
		env = []string{"STRIDE_KERNEL=" + impl}
	}
	return start(ctx, "ours", env, self, "serve")
}

// weights draws the weights of a network and writes them to the file that our side opens, as the peers open theirs.
func (b *bench) weights(g *nn.Graph) (w *weights.Set, file string, err error) {
	w, file = seeded(g), filepath.Join(b.dir, "weights.safetensors")
	return w, file, create(file, func(out io.Writer) error { return weights.WriteSafetensors(out, w, weights.F32) })
}

// export writes the model, replacing an earlier one.
func export(file string, g *nn.Graph, w nn.Weights, o onnx.Options) error {
	return create(file, func(out io.Writer) error { return onnx.Write(out, g, w, o) })
}

// create writes a file anew: what an earlier one maps stays as it is.
func create(file string, write func(io.Writer) error) error {
	if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	out := bufio.NewWriterSize(f, 1<<20)
	return errors.Join(write(out), out.Flush(), f.Close())
}

// compare loads both sides, checks that they compute the same, and times them.
func (b *bench) compare(ctx context.Context, p peer, g *nn.Graph, q request) (result, error) {
	r := result{net: q.Net, peer: p.name, threads: q.Threads, capture: q.Capture, macs: analyze.Summarize(g).Totals.MACs}
	us, err := startOurs(ctx, q.Impl)
	if err != nil {
		return r, err
	}
	defer us.close()
	loaded, err := us.ask(q)
	if err != nil {
		return r, err
	}
	r.weights, r.maps, r.scratch = loaded.Weights, loaded.Maps, loaded.Scratch
	them, err := p.start(ctx, q.Threads)
	if err != nil {
		return r, err
	}
	defer them.close()
	if _, err := them.ask(q); err != nil {
		return r, err
	}
	t, err := b.rounds(us, them)
	if err != nil {
		return r, err
	}
	r.ours, r.theirs, r.oursMin, r.theirsMin, r.cpuRatio = t.a, t.b, t.aMin, t.bMin, t.bCPU/t.aCPU
	r.oursPeakRSS, r.theirsPeakR = us.peakRSS(), them.peakRSS() // before the tensors are written out
	return r, b.agree(us, them, g, append([]string{onnx.Output(g)}, loaded.Kept...), &r)
}

// timing is the medians of the rounds of two sides in ms, the fastest run of each, and the processor time of a run in ms.
type timing struct {
	a, b       []float64
	aMin, bMin float64
	aCPU, bCPU float64
}

// rounds alternates between two sides; every other round the second goes first. A pause lets the workers of the side that
// just ran go to sleep, which would otherwise spin beside the other's.
func (b *bench) rounds(one, two *process) (timing, error) {
	const warm, most, pause = 3, 50, 20 * time.Millisecond
	t := timing{aMin: math.Inf(1), bMin: math.Inf(1)}
	sides := [2]*process{one, two}
	runs := [2]int{}
	for i, p := range sides {
		r, err := p.ask(request{Command: "run", Runs: warm})
		if err != nil {
			return t, err
		}
		runs[i] = min(max(int(b.slice.Seconds()*1000/slices.Min(r.Ms)), 1), most)
	}
	med, best, cpu := [2]*[]float64{&t.a, &t.b}, [2]*float64{&t.aMin, &t.bMin}, [2]*float64{&t.aCPU, &t.bCPU}
	for round := range b.settings.rounds {
		for k := range sides {
			i := (k + round) % 2
			time.Sleep(pause)
			before := sides[i].cpu()
			r, err := sides[i].ask(request{Command: "run", Runs: runs[i]})
			if err != nil {
				return t, err
			}
			*cpu[i] += 1000 * (sides[i].cpu() - before).Seconds() / float64(len(r.Ms)*b.settings.rounds)
			*best[i] = min(*best[i], slices.Min(r.Ms))
			*med[i] = append(*med[i], median(r.Ms))
		}
	}
	return t, nil
}

// agree compares everything that both sides return, tensor by tensor.
func (b *bench) agree(us, them *process, g *nn.Graph, names []string, r *result) error {
	var values [2][]float32
	for i, p := range [2]*process{us, them} {
		file := filepath.Join(b.dir, "values")
		if _, err := p.ask(request{Command: "dump", File: file, Names: names}); err != nil {
			return err
		}
		var err error
		if values[i], err = readFloats(file); err != nil {
			return err
		}
	}
	r.tensors = len(names)
	at := 0
	for _, name := range names {
		n := g.Node(name).Shape.Len()
		if at+n > len(values[0]) || at+n > len(values[1]) {
			return fmt.Errorf("%s returned %d and ours %d values, want more than %d", r.peer, len(values[1]), len(values[0]), at)
		}
		if d := difference(values[0][at:at+n], values[1][at:at+n]); !(d <= r.difference) {
			r.difference, r.where = d, name
		}
		at += n
	}
	if !(r.difference <= agreement) {
		return fmt.Errorf("ours and %s differ by %.2g at node %q, allowed %.2g: this is not the same computation", r.peer, r.difference, r.where, agreement)
	}
	return nil
}

// difference is the largest |a − b| relative to the largest |b|; NaN when either has one.
func difference(a, b []float32) float64 {
	worst, size := 0.0, 0.0
	for i := range a {
		d := math.Abs(float64(a[i]) - float64(b[i]))
		if d != d {
			return d
		}
		worst, size = max(worst, d), max(size, math.Abs(float64(b[i])))
	}
	if worst == 0 {
		return 0
	}
	return worst / size
}

// setRatio is how much longer one kernel set takes than the best one.
type setRatio struct {
	net, set, best string
	threads        int
	timing         timing
}

// sets compares our kernel sets with the best one, plain, on the first number of threads.
func (b *bench) sets(ctx context.Context, net string) error {
	best := nchwc.Best().Name
	for _, set := range nchwc.Sets() {
		if set.Name == best {
			continue
		}
		r := setRatio{net: net, set: set.Name, best: best, threads: b.threads[0]}
		var sides [2]*process
		for i, impl := range []string{best, set.Name} {
			p, err := startOurs(ctx, impl)
			if err != nil {
				return err
			}
			defer p.close()
			if _, err := p.ask(request{Command: "load", Net: net, Threads: r.threads, Impl: impl}); err != nil {
				return err
			}
			sides[i] = p
		}
		var err error
		if r.timing, err = b.rounds(sides[0], sides[1]); err != nil {
			return err
		}
		b.report.sets = append(b.report.sets, r)
	}
	return nil
}
