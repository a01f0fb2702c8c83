package diagram_test

import (
	"fmt"
	"reflect"
	"testing"

	"stride/internal/nn"
	"stride/internal/viz/diagram"
)

// item is anything that needs room of its own.
type item struct {
	what string
	box  diagram.Box
}

func items(d *diagram.Drawing) []item {
	var is []item
	for _, n := range d.Nodes {
		is = append(is, item{"picture " + n.Node.Path, n.Box})
		if n.Caption.H > 0 {
			is = append(is, item{fmt.Sprintf("caption %q of %s", n.Name, n.Node.Path), n.Caption})
		}
	}
	for _, p := range d.Pills {
		is = append(is, item{"pill " + p.Node.Path, p.Box})
	}
	return is
}

// slack is the rounding of coordinates.
const slack = 0.02

func shrink(b diagram.Box) diagram.Box {
	return diagram.Box{X: b.X + slack, Y: b.Y + slack, W: b.W - 2*slack, H: b.H - 2*slack}
}

// checkDrawing: everything inside the box, nothing over anything else, edges between pictures that exist.
func checkDrawing(t *testing.T, name string, d *diagram.Drawing, edges bool) {
	t.Helper()
	is := items(d)
	box := diagram.Box{W: d.W, H: d.H}
	for i, a := range is {
		if !box.Contains(a.box) || a.box.W <= 0 || a.box.H <= 0 {
			t.Errorf("%s: %s at %v leaves the box %v", name, a.what, a.box, box)
		}
		for _, b := range is[i+1:] {
			if shrink(a.box).Overlaps(shrink(b.box)) {
				t.Errorf("%s: %s at %v lies over %s at %v", name, a.what, a.box, b.what, b.box)
			}
		}
	}
	for _, e := range d.Edges {
		if e.From < 0 || e.From >= len(d.Nodes) || e.To < 0 || e.To >= len(d.Nodes) || e.Path == "" {
			t.Errorf("%s: edge %d → %d with path %q", name, e.From, e.To, e.Path)
			continue
		}
		for i := 1; i < len(e.Points) && edges; i++ {
			seg := span(e.Points[i-1], e.Points[i])
			for _, a := range is {
				if seg.Overlaps(shrink(a.box)) {
					t.Errorf("%s: the edge from %s to %s runs over %s", name, d.Nodes[e.From].Node.Path, d.Nodes[e.To].Node.Path, a.what)
				}
			}
		}
	}
}

// span is the room of a straight line.
func span(a, b diagram.Point) diagram.Box {
	x, y := min(a.X, b.X), min(a.Y, b.Y)
	return diagram.Box{X: x, Y: y, W: max(a.X, b.X) - x + 0.01, H: max(a.Y, b.Y) - y + 0.01}
}

// TestDrawings draws every block of every architecture.
func TestDrawings(t *testing.T) {
	every(t, func(t *testing.T, o *diagram.Outline) {
		again := diagram.New(o.Graph)
		for _, b := range o.Blocks() {
			d := o.Draw(b)
			checkDrawing(t, b.Name, d, true)
			shows(t, b, d)
			if !reflect.DeepEqual(d.Edges, again.Draw(again.Stages[b.Stage].Blocks[b.Index]).Edges) {
				t.Errorf("%s: drawn twice, the edges differ", b.Name)
			}
		}
	})
}

// shows checks that every node of a block is in the drawing, as a picture or a pill, unless it is hidden.
func shows(t *testing.T, b *diagram.Block, d *diagram.Drawing) {
	t.Helper()
	seen := map[*nn.Node]bool{}
	for _, n := range d.Nodes {
		seen[n.Node] = true
	}
	for _, p := range d.Pills {
		seen[p.Node] = true
	}
	missing := 0
	for _, n := range b.Nodes {
		if !seen[n] {
			missing++
		}
	}
	if missing > 0 && d.Hidden == 0 {
		t.Errorf("%s: %d nodes are neither drawn nor hidden", b.Name, missing)
	}
}

// TestShared draws from one outline in several goroutines; the race detector watches that nothing is written.
func TestShared(t *testing.T) {
	o := diagram.New(graph(t, "efficientnet_b0"))
	want := o.Draw(o.Find("features.3.1"))
	for range 4 {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			for _, b := range o.Blocks() {
				o.Draw(b)
				o.Twin(b)
			}
			if got := o.Draw(o.Find("features.3.1")); !reflect.DeepEqual(got, want) {
				t.Error("the drawing differs from that of another goroutine")
			}
		})
	}
}

// TestFits draws everything at every zoom: it fits the page's column at its natural size, so that no text is scaled down.
// Modules are allowed more: those of Inception v3 have lanes of five convolutions, and forks in forks.
func TestFits(t *testing.T) {
	every(t, func(t *testing.T, o *diagram.Outline) {
		check := func(name string, d *diagram.Drawing, f float64) {
			if d.W > f*diagram.Column || d.H > 1.5*f*diagram.Pane {
				t.Errorf("%s is %g×%g, the page has %g×%g", name, d.W, d.H, diagram.Column, diagram.Pane)
			}
		}
		const slack = 1.02 // the rest is the page's margin
		check("network", o.DrawNetwork(), slack)
		for _, s := range o.Stages {
			if len(s.Blocks) > 1 {
				check("stage "+s.Name, o.DrawStage(s), slack)
			}
			for _, b := range s.Blocks {
				if b.Kind == diagram.BlockInception {
					check(b.Name, o.Draw(b), 1.25)
				} else {
					check(b.Name, o.Draw(b), slack)
				}
				for _, l := range b.Layers {
					check(l.Name, o.DrawLayer(b, l), slack)
				}
			}
		}
	})
}

// TestWrapped: a long chain goes on in rows, each below the one before and read from left to right.
func TestWrapped(t *testing.T) {
	o := diagram.New(graph(t, "inception_v3"))
	d := o.Draw(o.Stages[1].Blocks[0])
	rows := 1
	for i, n := range d.Nodes[1:] {
		before := d.Nodes[i].Box
		switch {
		case n.X > before.X && n.Centre().Y == before.Centre().Y:
		case n.X < before.X && n.Y > before.Bottom():
			rows++
		default:
			t.Errorf("%s at %v follows %v", n.Name, n.Box, before)
		}
	}
	if rows < 2 {
		t.Errorf("the stem of Inception v3 has %d rows", rows)
	}
}
