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
