package main

import (
	"fmt"
	"strconv"
	"strings"

	"stride/internal/nn"
	"stride/internal/nn/analyze"
	"stride/internal/nn/arch"
	"stride/internal/nn/tensor"
)

type summaryCmd struct {
	Model  string `arg:"" help:"Architecture, as \"explorer models\" lists it."`
	Input  string `help:"Input size, like 3x224x224; the architecture's own unless given." placeholder:"CxHxW"`
	Format string `help:"table, json or csv." enum:"table,json,csv" default:"table"`
}

type summaryJSON struct {
	Model  string     `json:"model"`
	Input  [3]int     `json:"input"`
	Totals totalsJSON `json:"totals"`
	Nodes  []nodeJSON `json:"nodes"`
}

type totalsJSON struct {
	Params        int64 `json:"params"`
	ParamsWithAux int64 `json:"params_with_aux"`
	Buffers       int64 `json:"buffers"`
	MACs          int64 `json:"macs"`
	Activations   int64 `json:"activation_bytes"`
	Peak          int64 `json:"peak_bytes"`
}

type nodeJSON struct {
	Path    string   `json:"path"`
	Kind    nn.Kind  `json:"kind"`
	Inputs  []string `json:"inputs"`
	Shape   []int    `json:"shape"`
	Params  int64    `json:"params"`
	MACs    int64    `json:"macs"`
	Kernel  [2]int   `json:"kernel"`
	Stride  [2]int   `json:"stride"`
	Padding [2]int   `json:"padding"`
	Groups  int      `json:"groups"`
	Field   [2]int   `json:"receptive_field"`
	Jump    [2]int   `json:"jump"`
	Aux     bool     `json:"aux"`
}

// Run prints the summary.
func (c *summaryCmd) Run(a *app) error {
	ar, err := arch.ByName(c.Model)
	if err != nil {
		return usageError{err}
	}
	in := ar.Input
	if c.Input != "" {
		if in, err = parseShape(c.Input); err != nil {
			return usageError{err}
		}
	}
	g, err := ar.GraphAt(in)
	if err != nil {
		return usagef("%s cannot read %v: %w", ar.Name, in, err)
	}
	return c.print(a, newSummaryJSON(ar.Name, g))
}

// newSummaryJSON is the documented form of a summary; aux parameters are in params_with_aux only, buffers are all.
func newSummaryJSON(name string, g *nn.Graph) summaryJSON {
	s := analyze.Summarize(g)
	t := s.Totals
	in := g.Input.Shape
	out := summaryJSON{Model: name, Input: [3]int{in.C, in.H, in.W},
		Totals: totalsJSON{t.Params, t.ParamsWithAux(), t.Buffers + t.AuxBuffers, t.MACs, t.ActivationBytes, t.PeakBytes}}
	for _, r := range s.Rows {
		w := r.Node.Window()
		n := nodeJSON{Path: r.Node.Path, Kind: r.Node.Op.Kind(), Inputs: []string{}, Shape: chw(r.Shape), Params: r.Params, MACs: r.MACs,
			Kernel: [2]int{w.KH, w.KW}, Stride: [2]int{w.SH, w.SW}, Padding: [2]int{w.PT, w.PL}, Groups: groups(r.Node), Field: r.Field.Size, Jump: r.Field.Jump, Aux: r.Node.Aux}
		for _, x := range r.Node.In {
			n.Inputs = append(n.Inputs, x.Path)
		}
		out.Nodes = append(out.Nodes, n)
	}
	return out
}

// groups is the number of groups of ops that have them.
func groups(n *nn.Node) int {
	if g, ok := n.Op.(interface{ GroupCount() int }); ok {
		return g.GroupCount()
	}
	return 1
}

// chw is a shape for JSON: [C,H,W], or [C] for a vector.
func chw(s tensor.Shape) []int {
	if s.H == 1 && s.W == 1 {
		return []int{s.C}
	}
	return []int{s.C, s.H, s.W}
}

func (c *summaryCmd) print(a *app, s summaryJSON) error {
	if c.Format == "json" {
		return writeJSON(a.out, s)
	}
	head := []string{"path", "kind", "shape", ">params", ">MACs", ">receptive field", ">jump", "inputs"}
	number := commas
	if c.Format == "csv" {
		number = func(n int64) string { return strconv.FormatInt(n, 10) }
	}
	var rows [][]string
	for _, n := range s.Nodes {
		rows = append(rows, []string{n.Path, string(n.Kind), dims(n.Shape...), number(n.Params), number(n.MACs), dims(n.Field[:]...), dims(n.Jump[:]...), strings.Join(n.Inputs, " ")})
	}
	if c.Format == "csv" {
		return writeCSV(a.out, head, rows)
	}
	if err := table(a.out, head, rows); err != nil {
		return err
	}
	t := s.Totals
	fmt.Fprintln(a.out)
	return pairs(a.out, "parameters", commas(t.Params), "with auxiliary classifiers", commas(t.ParamsWithAux), "buffers", commas(t.Buffers),
		"multiply-accumulates", commas(t.MACs), "activations", commas(t.Activations)+" bytes", "peak", commas(t.Peak)+" bytes")
}

// parseShape reads "3x224x224".
func parseShape(s string) (tensor.Shape, error) {
	p := strings.Split(strings.ReplaceAll(s, "×", "x"), "x")
	if len(p) != 3 {
		return tensor.Shape{}, fmt.Errorf("input %q: want channels, rows and columns, like 3x224x224", s)
	}
	var d [3]int
	for i := range d {
		n, err := strconv.Atoi(p[i])
		if err != nil || n < 1 || n > 8192 {
			return tensor.Shape{}, fmt.Errorf("input %q: %q is not a size from 1 to 8192", s, p[i])
		}
		d[i] = n
	}
	return tensor.CHW(d[0], d[1], d[2]), nil
}
