package diagram_test

import (
	"fmt"
	"strings"

	"stride/internal/viz/diagram"
)

// outlineText writes an outline for the golden files.
func outlineText(o *diagram.Outline) string {
	var b strings.Builder
	fmt.Fprintf(&b, "network: %d params, %d MACs\n", o.Params, o.MACs)
	for _, s := range o.Stages {
		fmt.Fprintf(&b, "%s %q path=%q %v -> %v params=%d macs=%d dense=%v\n", s.Kind, s.Name, s.Path, s.In, s.Out, s.Params, s.MACs, s.Dense)
		for _, g := range s.Groups {
			if g.N > 1 {
				fmt.Fprintf(&b, "  group %s ×%d same=%v\n", s.Blocks[g.First].Name, g.N, g.Same)
			}
		}
		for _, k := range s.Blocks {
			fmt.Fprintf(&b, "  %s %q path=%q %v -> %v params=%d macs=%d in=%d skip=%v projection=%v gate=%v\n", k.Kind, k.Name, k.Path, k.In, k.OutShape, k.Params, k.MACs, len(k.Inputs), k.Skip, k.Projection, k.Gate)
			for _, l := range k.Layers {
				var paths []string
				for _, n := range l.Nodes() {
					paths = append(paths, n.Path)
				}
				fmt.Fprintf(&b, "    %-7s %-14s %s lane=%d role=%s %v [%s]\n", l.Class, l.Name, diagram.MarkOf(l.Main), l.Lane, l.Role, l.Out().Shape, strings.Join(paths, " "))
			}
		}
	}
	return b.String()
}

// drawingText writes a drawing for the golden files.
func drawingText(d *diagram.Drawing) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%g×%g hidden=%d\n", d.W, d.H, d.Hidden)
	for i, n := range d.Nodes {
		fmt.Fprintf(&b, "%d %s %s %q %q %s at %v face=%g sheets=%d caption %v\n", i, n.Shape, n.Class, n.Name, n.Size, n.Node.Path, n.Box, n.Face, n.Sheets, n.Caption)
		for _, s := range n.Slabs {
			fmt.Fprintf(&b, "  slab %s %s %d %.3f\n", s.Class, s.Node.Path, s.Channels, s.Share)
		}
	}
	for _, p := range d.Pills {
		fmt.Fprintf(&b, "pill %s %q %q %s at %v\n", p.Class, p.Mark.Text, p.Mark.Sub, p.Node.Path, p.Box)
	}
	for _, e := range d.Edges {
		fmt.Fprintf(&b, "edge %d → %d class=%s skip=%v plain=%v %s\n", e.From, e.To, e.Class, e.Skip, e.Plain, e.Path)
	}
	return b.String()
}

// twinText writes the list that stands for a drawing.
func twinText(lines []diagram.Line) string {
	var b strings.Builder
	for _, l := range lines {
		fmt.Fprintf(&b, "%s %v input=%v role=%s lane=%d params=%d macs=%d\n", l.Layer.Name, l.Shape, l.Input, l.Role, l.Lane, l.Params, l.MACs)
		for _, s := range l.From {
			fmt.Fprintf(&b, "  from %s before=%v skip=%v gate=%v\n", s.Layer.Name, s.Before, s.Skip, s.Gate)
		}
	}
	return b.String()
}
