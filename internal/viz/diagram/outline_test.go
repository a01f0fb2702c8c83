package diagram_test

import (
	"slices"
	"testing"

	"stride/internal/nn"
	"stride/internal/nn/analyze"
	"stride/internal/nn/arch"
	"stride/internal/viz/diagram"
)

// every runs a test on every architecture.
func every(t *testing.T, f func(t *testing.T, o *diagram.Outline)) {
	for _, a := range arch.All() {
		t.Run(a.Name, func(t *testing.T) {
			t.Parallel()
			f(t, diagram.New(graph(t, a.Name)))
		})
	}
}

func TestOutlineGolden(t *testing.T) {
	for _, name := range []string{"lenet5", "alexnet", "vgg16", "googlenet_paper", "inception_v3", "resnet50", "mobilenet_v2", "mini_densenet", "efficientnet_b0"} {
		golden(t, "outline_"+name, outlineText(diagram.New(graph(t, name))))
	}
}

// TestEveryNodeOnce: the layers part the graph, names are unique, and the sums are those of analyze.
func TestEveryNodeOnce(t *testing.T) { every(t, checkOutline) }

func checkOutline(t *testing.T, o *diagram.Outline) {
	t.Helper()
	seen := map[*nn.Node]int{}
	layers, blocks := map[string]bool{}, map[string]bool{}
	for _, s := range o.Stages {
		checkGroups(t, s)
		for i, b := range s.Blocks {
			if b.Stage != s.Index || b.Index != i || len(b.Nodes) == 0 {
				t.Errorf("block %s says it is %d.%d, want %d.%d", b.Name, b.Stage, b.Index, s.Index, i)
			}
			if blocks[b.Name] {
				t.Errorf("two blocks are called %q", b.Name)
			}
			blocks[b.Name] = true
			for _, l := range b.Layers {
				if layers[l.Name] {
					t.Errorf("two layers are called %q", l.Name)
				}
				layers[l.Name] = true
				for _, n := range l.Nodes() {
					seen[n]++
					if !slices.Contains(b.Nodes, n) {
						t.Errorf("layer %s holds %s, which is not in block %s", l.Name, n.Path, b.Name)
					}
				}
			}
		}
	}
	for _, n := range o.Graph.Nodes {
		if seen[n] != 1 {
			t.Errorf("%s is in %d layers", n.Path, seen[n])
		}
	}
	if want := analyze.Summarize(o.Graph).Totals; o.Params != want.Params || o.MACs != want.MACs {
		t.Errorf("got %d params and %d MACs, want %d and %d", o.Params, o.MACs, want.Params, want.MACs)
	}
}

// checkGroups: the groups part the blocks in order.
func checkGroups(t *testing.T, s *diagram.Stage) {
	t.Helper()
	next := 0
	for _, g := range s.Groups {
		if g.First != next {
			t.Errorf("stage %s: group begins at block %d, want %d", s.Name, g.First, next)
		}
		next += g.N
	}
	if next != len(s.Blocks) {
		t.Errorf("stage %s: groups hold %d blocks of %d", s.Name, next, len(s.Blocks))
	}
}

// TestSilhouette: bars lie in the box, from left to right without touching one another, and stand for every layer once;
// areas and labels do not meet.
func TestSilhouette(t *testing.T) {
	every(t, func(t *testing.T, o *diagram.Outline) {
		for _, size := range []diagram.SilhouetteSize{diagram.Wide, diagram.Compact, {W: 650, H: 110, Labels: true}} {
			checkSilhouette(t, o, size)
		}
	})
}

func checkSilhouette(t *testing.T, o *diagram.Outline, size diagram.SilhouetteSize) {
	t.Helper()
	s := o.Silhouette(size)
	box := diagram.Box{W: s.W, H: s.H}
	n, right := 0, 0.0
	for _, b := range s.Bars {
		if !box.Contains(b.Box) || b.W <= 0 || b.H <= 0 {
			t.Errorf("%v: bar %s at %v leaves the box %v", size, b.Layer.Name, b.Box, box)
		}
		if b.X < right-slack {
			t.Errorf("%v: bar %s begins at %.2f, before the end %.2f of the one before", size, b.Layer.Name, b.X, right)
		}
		right = b.Right()
		n += b.Count
		if a := s.Stages[indexOf(s, b.Stage)]; !a.Frame.Overlaps(b.Box) {
			t.Errorf("%v: bar %s at %v is outside its stage %v", size, b.Layer.Name, b.Box, a.Frame)
		}
	}
	if want := bars(o); n != want {
		t.Errorf("%v: the bars stand for %d layers, want %d", size, n, want)
	}
	if size.Labels != (s.Photo.W > 0) || !box.Contains(s.Photo) || len(s.Bars) > 0 && s.Photo.Right() > s.Bars[0].X {
		t.Errorf("%v: the picture is at %v", size, s.Photo)
	}
	for i, a := range s.Stages {
		if !box.Contains(a.Frame) || i > 0 && a.Frame.X < s.Stages[i-1].Frame.Right()-slack {
			t.Errorf("%v: stage %s at %v", size, a.Stage.Name, a.Frame)
		}
		if i > 0 && a.Name != "" && a.X < labelEnd(s.Stages[i-1]) {
			t.Errorf("%v: label %q at %.1f meets the one before, which ends at %.1f", size, a.Name, a.X, labelEnd(s.Stages[i-1]))
		}
		for j, b := range a.Blocks {
			if b.Frame.X < a.Frame.X-slack || b.Frame.Right() > a.Frame.Right()+slack || j > 0 && b.Frame.X < a.Blocks[j-1].Frame.Right()-slack {
				t.Errorf("%v: block %s at %v in stage %v", size, b.Block.Name, b.Frame, a.Frame)
			}
		}
	}
	for _, a := range s.Arcs {
		if a.Y < 9 || a.X2 <= a.X1 {
			t.Errorf("%v: arc over %s from %.1f to %.1f at %.1f", size, a.Block.Name, a.X1, a.X2, a.Y)
		}
	}
}

// bars counts the layers that a silhouette shows: those of the main path that multiply or pool.
func bars(o *diagram.Outline) int {
	n := 0
	for _, s := range o.Stages {
		for _, b := range s.Blocks {
			for _, l := range b.Layers {
				if s.Kind != diagram.StageAux && (l.MACs() > 0 || l.Class == diagram.ClassPool) {
					n++
				}
			}
		}
	}
	return n
}

func labelEnd(a diagram.StageArea) float64 {
	return a.X + max(diagram.MonoWidth(a.Shape, 12), diagram.TextWidth(a.Name, 12))
}

func indexOf(s *diagram.Silhouette, stage int) int {
	for i, a := range s.Stages {
		if a.Stage.Index == stage {
			return i
		}
	}
	return -1
}
