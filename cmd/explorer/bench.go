package main

import (
	"fmt"
	"math"
	"slices"
	"time"

	"stride/internal/nn"
	"stride/internal/nn/analyze"
	"stride/internal/nn/arch"
	"stride/internal/nn/kernel/nchwc"
	"stride/internal/nn/plan"
	"stride/internal/nn/tensor"
	"stride/internal/nn/weights"
)

type benchCmd struct {
	Models  []string `arg:"" optional:"" help:"Architectures; the nine of the reference table unless given." name:"model"`
	Threads []int    `help:"Numbers of threads; 1 and all cores unless given."`
	Runs    int      `help:"Timed runs of each." default:"15"`
	Nodes   bool     `help:"Time every node of a run with capture."`
	Format  string   `help:"table or json." enum:"table,json" default:"table"`
}

type benchJSON struct {
	Model   string  `json:"model"`
	Threads int     `json:"threads"`
	Capture bool    `json:"capture"`
	Median  float64 `json:"ms_median"`
	Min     float64 `json:"ms_min"`
	GMACs   float64 `json:"gmacs_per_s"`
	Share   float64 `json:"fma_peak_share"`
	Bytes   int64   `json:"plan_bytes"`
}

// benchModels are those that runtimes are usually compared on.
var benchModels = []string{"alexnet", "vgg16", "googlenet", "resnet18", "resnet50", "mobilenet_v1", "mobilenet_v2", "densenet121", "efficientnet_b0"}

// Run times compiled plans on seeded weights: plain, and with capture, where every activation that a plan materialises is
// kept. The multiply-add peak of the machine is measured in the same run.
func (c *benchCmd) Run(a *app) error {
	if len(c.Models) == 0 {
		c.Models = benchModels
	}
	if len(c.Threads) == 0 {
		c.Threads = slices.Compact([]int{1, cores()})
	}
	if err := c.check(); err != nil {
		return err
	}
	all := []benchJSON{}
	for _, threads := range c.Threads {
		peak := nchwc.Peak(nchwc.Best(), threads, 300*time.Millisecond)
		if c.Format == "table" {
			fmt.Fprintf(a.out, "%s, %d threads: multiply-add peak %.0f GFLOP/s\n", nchwc.Best().Name, threads, peak/1e9)
		}
		for _, name := range c.Models {
			for _, keep := range []plan.Keep{plan.KeepNone, plan.KeepAll} {
				if c.Nodes && keep == plan.KeepNone {
					continue
				}
				r, err := c.time(a, name, threads, keep, peak)
				if err != nil {
					return err
				}
				all = append(all, r)
			}
		}
	}
	switch {
	case c.Nodes:
		return nil
	case c.Format == "json":
		return writeJSON(a.out, all)
	}
	var rows [][]string
	for _, r := range all {
		mode := "plain"
		if r.Capture {
			mode = "capture"
		}
		rows = append(rows, []string{r.Model, fmt.Sprint(r.Threads), mode, fmt.Sprintf("%.2f", r.Median), fmt.Sprintf("%.2f", r.Min), fmt.Sprintf("%.1f", r.GMACs), percent(r.Share), commas(r.Bytes >> 20)})
	}
	return table(a.out, []string{"model", ">threads", "mode", ">median ms", ">min ms", ">GMAC/s", ">of peak", ">plan MiB"}, rows)
}

// check finds mistakes before anything is measured.
func (c *benchCmd) check() error {
	if c.Runs < 1 {
		return usagef("--runs %d: want at least 1", c.Runs)
	}
	if c.Nodes && c.Format != "table" {
		return usagef("--nodes prints tables only, not %s", c.Format)
	}
	for _, n := range c.Threads {
		if err := threads(n).Validate(); err != nil || n == 0 {
			return usagef("--threads %d: want 1 to %d", n, maxThreads)
		}
	}
	for _, name := range c.Models {
		if _, err := arch.ByName(name); err != nil {
			return usageError{err}
		}
	}
	return nil
}

// time runs one plan. The share of the peak counts the multiplications of the direct form, so Winograd may exceed 100 %.
func (c *benchCmd) time(a *app, name string, threads int, keep plan.Keep, peak float64) (benchJSON, error) {
	ar, err := arch.ByName(name)
	if err != nil {
		return benchJSON{}, err
	}
	g, err := ar.Graph()
	if err != nil {
		return benchJSON{}, err
	}
	p, err := plan.Compile(g, weights.Init(g, 1), plan.Options{Threads: threads, Keep: keep})
	if err != nil {
		return benchJSON{}, err
	}
	defer p.Close()
	x := tensor.New(g.Input.Shape)
	for i := range x.Data {
		x.Data[i] = float32(math.Sin(float64(i)))
	}
	if c.Nodes {
		fmt.Fprintf(a.out, "\n%s\n", ar.Title)
		return benchJSON{}, c.perNode(a, p, x)
	}
	times := make([]float64, 0, c.Runs)
	for i := range c.Runs + 2 { // two to warm up
		start := time.Now()
		if _, err := p.Run(a.ctx, x, nil); err != nil {
			return benchJSON{}, err
		}
		if i >= 2 {
			times = append(times, time.Since(start).Seconds())
		}
	}
	slices.Sort(times)
	med := times[len(times)/2]
	macs := float64(analyze.Summarize(g).Totals.MACs)
	return benchJSON{name, threads, keep == plan.KeepAll, 1000 * med, 1000 * times[0], macs / med / 1e9, 2 * macs / med / peak, p.Bytes().Total()}, nil
}

// perNode prints the time between one materialised node and the next.
func (c *benchCmd) perNode(a *app, p *plan.Plan, x *tensor.Tensor) error {
	best := map[string]float64{}
	var order []string
	for range c.Runs {
		last := time.Now()
		_, err := p.Run(a.ctx, x, func(n *nn.Node, _ plan.View) error {
			d := time.Since(last).Seconds()
			if b, ok := best[n.Path]; !ok {
				order = append(order, n.Path)
				best[n.Path] = d
			} else {
				best[n.Path] = min(b, d)
			}
			last = time.Now()
			return nil
		})
		if err != nil {
			return err
		}
	}
	var rows [][]string
	for _, path := range order {
		n := p.Graph().Node(path)
		rows = append(rows, []string{path, string(n.Op.Kind()), n.Shape.String(), fmt.Sprintf("%.3f", 1000*best[path])})
	}
	return table(a.out, []string{"materialised node", "kind", "shape", ">min ms"}, rows)
}
