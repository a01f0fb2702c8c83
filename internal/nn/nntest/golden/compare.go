package golden

import (
	"fmt"
	"math"

	"stride/internal/nn"
	"stride/internal/nn/tensor"
)

// The relative tolerances of FORMAT.md §3: an engine that sums as written, and one that sums in another order (Winograd).
const (
	Exact     = 1e-5
	Reordered = 1e-4
)

// CompareNode checks what a file knows of a node's output: samples, extrema, mean, deviation, norms and the probe. rel is
// the worst error found, relative to the size of the array; it is meaningful with an error too. tol is Exact or Reordered.
// A node's own tolerance (nn.Tolerant) widens it.
func CompareNode(want *Activation, n *nn.Node, got *tensor.Tensor, tol float64) (rel float64, err error) {
	if t, ok := n.Op.(nn.Tolerant); ok {
		r, _ := t.Tolerance()
		tol = max(tol, r)
	}
	rel, err = CompareActivation(want, got, tol)
	if err != nil {
		return rel, fmt.Errorf("node %q (%s, node %d): %w", n.Path, n.Op.Kind(), n.ID, err)
	}
	return rel, nil
}

// CompareActivation is CompareNode without a graph.
func CompareActivation(want *Activation, got *tensor.Tensor, tol float64) (rel float64, err error) {
	if s := Shape(want.Shape); s != got.Shape {
		return math.Inf(1), fmt.Errorf("the shape is %v, want %v", got.Shape, s)
	}
	tol = max(tol, 10*want.F32Rel)
	s := got.Stats()
	size := max(math.Abs(want.Min), math.Abs(want.Max))
	c := check{tol: tol}
	if s.NonFinite > 0 {
		return math.Inf(1), fmt.Errorf("%d values are NaN or infinite", s.NonFinite)
	}
	c.samples(&want.Summary, got.Data, max(1, size))
	c.value("min", s.Min, want.Min, max(1, size))
	c.value("max", s.Max, want.Max, max(1, size))
	c.value("l2", s.L2, want.L2, want.L2)
	c.value("absmean", s.AbsMean, want.AbsMean, want.AbsMean)
	c.value("std", s.Std, want.Std, want.Std)
	c.value("mean", s.Mean, want.Mean, want.AbsMean)
	c.value("proj", Probe(got.Data), want.Proj, want.L2)
	return c.worst, c.err
}

// CompareGradient checks a gradient or a parameter: l2, samples and the probe, all relative to the array as a whole. The
// tolerance is 10 times what float32 costs PyTorch at the same place, at least tol.
func CompareGradient(want *Summary, got []float32, tol float64) (rel float64, err error) {
	c := check{tol: max(tol, 10*want.F32Rel)}
	s := tensor.Summarize(got)
	if s.NonFinite > 0 {
		return math.Inf(1), fmt.Errorf("%q: %d values are NaN or infinite", want.Name, s.NonFinite)
	}
	c.value("l2", s.L2, want.L2, want.L2)
	c.samples(want, got, max(math.Abs(s.Min), math.Abs(s.Max)))
	c.value("proj", Probe(got), want.Proj, want.L2)
	if c.err != nil {
		return c.worst, fmt.Errorf("%q: %w", want.Name, c.err)
	}
	return c.worst, nil
}

// CompareValues checks whole arrays: |got − want| ≤ tol · max(1, largest |want|).
func CompareValues(got []float32, want []float64, tol float64) (rel float64, err error) {
	if len(got) != len(want) {
		return math.Inf(1), fmt.Errorf("%d values, want %d", len(got), len(want))
	}
	size := 1.0
	for _, w := range want {
		size = max(size, math.Abs(w))
	}
	c := check{tol: tol}
	for i, w := range want {
		c.value(fmt.Sprintf("value %d", i), float64(got[i]), w, size)
	}
	return c.worst, c.err
}

// check keeps the worst error and the first that is too large.
type check struct {
	tol, worst float64
	err        error
}

func (c *check) value(what string, got, want, size float64) {
	d := math.Abs(got - want)
	if d == 0 {
		return
	}
	rel := d / size
	if !(rel <= c.worst) {
		c.worst = rel
	}
	if !(rel <= c.tol+roundoff) && c.err == nil {
		c.err = fmt.Errorf("%s is %.8g, want %.8g: the error is %.2g of %.3g, allowed %.2g", what, got, want, rel, size, c.tol)
	}
}

// roundoff allows for the 8 digits to which the files are rounded.
const roundoff = 1e-8

func (c *check) samples(want *Summary, got []float32, size float64) {
	for k, i := range want.Idx {
		if i >= len(got) {
			c.value(fmt.Sprintf("length (sample %d)", i), float64(len(got)), math.Inf(1), 1)
			return
		}
		c.value(fmt.Sprintf("value %d", i), float64(got[i]), want.Val[k], size)
	}
}

// Comparer follows a run: its Tap compares every node with the file and ends the run at the first that is wrong.
type Comparer struct {
	// Tol is Exact unless set.
	Tol float64
	// Worst is the largest relative error so far, WorstNode where it was.
	Worst     float64
	WorstNode string

	m    *Model
	left map[string]*Activation
}

// Compare is a comparer for the activations of m.
func (m *Model) Compare() *Comparer {
	c := &Comparer{Tol: Exact, m: m, left: make(map[string]*Activation, len(m.Activations))}
	for i := range m.Activations {
		c.left[m.Activations[i].Name] = &m.Activations[i]
	}
	return c
}

// Tap is an nn.Tap. A node the file does not know is an error.
func (c *Comparer) Tap(n *nn.Node, out *tensor.Tensor) error {
	want := c.left[n.Path]
	if want == nil {
		return fmt.Errorf("golden: %s: the file has no node %q (or it ran twice)", c.m.Name, n.Path)
	}
	delete(c.left, n.Path)
	rel, err := CompareNode(want, n, out, c.Tol)
	if rel > c.Worst {
		c.Worst, c.WorstNode = rel, n.Path
	}
	if err != nil {
		return fmt.Errorf("golden: %s: %w", c.m.Name, err)
	}
	return nil
}

// Done reports the nodes of the file that the run never reached, and whether the logits and their order are right.
func (c *Comparer) Done(logits *tensor.Tensor) error {
	for i := range c.m.Activations {
		if a := &c.m.Activations[i]; c.left[a.Name] != nil {
			return fmt.Errorf("golden: %s: %d nodes never ran, the first is %q", c.m.Name, len(c.left), a.Name)
		}
	}
	return c.m.CompareLogits(logits.Data, c.Tol)
}

// CompareLogits checks all logits, and the five largest where the file's values are further apart than 1e-4.
func (m *Model) CompareLogits(got []float32, tol float64) error {
	if _, err := CompareValues(got, m.Logits, max(tol, 10*m.LogitsRel)); err != nil {
		return fmt.Errorf("golden: %s: logits: %w", m.Name, err)
	}
	for k, want := range m.Top5 {
		if k+1 < len(m.Top6Values) && m.Top6Values[k]-m.Top6Values[k+1] <= 1e-4 || k > 0 && m.Top6Values[k-1]-m.Top6Values[k] <= 1e-4 {
			continue
		}
		if i := ranked(got, k); i != want {
			return fmt.Errorf("golden: %s: place %d is class %d, want %d", m.Name, k+1, i, want)
		}
	}
	return nil
}

// ranked is the index of the k-th largest value.
func ranked(v []float32, k int) int {
	for i, x := range v {
		above := 0
		for j, y := range v {
			if y > x || y == x && j < i {
				above++
			}
		}
		if above == k {
			return i
		}
	}
	return -1
}
