package main

import (
	"fmt"
	"math"
	"strings"

	"stride/internal/nn/analyze"
)

type bottleneckCmd struct {
	In     int    `arg:"" help:"Channels of the input."`
	Mid    int    `arg:"" help:"Channels of the middle layer."`
	Out    int    `arg:"" help:"Channels of the output: the number of filters."`
	Kernel int    `help:"Side of the kernel." default:"3"`
	Size   int    `help:"Side of the map." default:"28"`
	Bias   bool   `help:"Count biases too."`
	Format string `help:"table or json." enum:"table,json" default:"table"`
}

type bottleneckJSON struct {
	In        int        `json:"in"`
	Mid       int        `json:"mid"`
	Out       int        `json:"out"`
	Kernel    int        `json:"kernel"`
	Size      int        `json:"size"`
	Bias      bool       `json:"bias"`
	Forms     []formJSON `json:"forms"`
	BreakEven float64    `json:"break_even"`
}

type formJSON struct {
	Name      string     `json:"name"`
	Params    int64      `json:"params"`
	MACs      int64      `json:"macs"`
	MapValues int64      `json:"map_values"`
	Terms     []termJSON `json:"terms"`
}

type termJSON struct {
	Text   string `json:"text"`
	Params int64  `json:"params"`
}

// Run compares the forms.
func (c *bottleneckCmd) Run(a *app) error {
	for name, v := range map[string]int{"IN": c.In, "MID": c.Mid, "OUT": c.Out, "--kernel": c.Kernel, "--size": c.Size} {
		if v < 1 || v > 1<<16 {
			return usagef("%s is %d: want 1 to %d", name, v, 1<<16)
		}
	}
	if !c.countable() {
		return usagef("these sizes need more multiply-accumulates than can be counted; take smaller ones")
	}
	ct := analyze.Contract{In: c.In, Out: c.Out, Kernel: c.Kernel, Size: c.Size, Bias: c.Bias}
	j := bottleneckJSON{In: c.In, Mid: c.Mid, Out: c.Out, Kernel: c.Kernel, Size: c.Size, Bias: c.Bias, BreakEven: ct.BreakEven()}
	for _, f := range ct.Ladder(c.Mid) {
		fj := formJSON{Name: formName(f), Params: f.Params, MACs: f.MACs, MapValues: f.MapValues}
		for _, p := range f.Parts {
			fj.Terms = append(fj.Terms, termJSON{p.Text(), p.Params()})
		}
		j.Forms = append(j.Forms, fj)
	}
	if c.Format == "json" {
		return writeJSON(a.out, j)
	}
	return j.print(a, ct)
}

// countable reports whether the costs of all forms fit an int64. The most expensive are the direct form, and the sandwich
// when the middle layer is deep.
func (c *bottleneckCmd) countable() bool {
	depth := float64(max(c.In, c.Mid, c.Out))
	kernel, size := float64(c.Kernel), float64(c.Size)
	return 4*depth*depth*kernel*kernel*size*size < math.MaxInt64
}

// formName tells forms of one kind apart.
func formName(f analyze.Form) string {
	switch f.Name {
	case "grouped":
		return fmt.Sprintf("grouped_%d", f.Groups)
	case "asymmetric":
		return fmt.Sprintf("asymmetric_%d", f.Mid)
	}
	return f.Name
}

func (j bottleneckJSON) print(a *app, ct analyze.Contract) error {
	direct := j.Forms[0].Params
	var rows [][]string
	for _, f := range j.Forms {
		var terms []string
		for _, t := range f.Terms {
			terms = append(terms, t.Text)
		}
		rows = append(rows, []string{f.Name, commas(f.Params), fmt.Sprintf("%.1f %%", 100*float64(f.Params)/float64(direct)), commas(f.MACs), commas(f.MapValues), strings.Join(terms, " + ")})
	}
	if err := table(a.out, []string{"form", ">params", ">of direct", ">MACs", ">map values", "weights"}, rows); err != nil {
		return err
	}
	fmt.Fprintf(a.out, "\nbreak-even at a middle depth of %.1f: up to %d saves\n", j.BreakEven, ct.LargestSaving())
	return nil
}
