package plan

import "stride/internal/nn/kernel/nchwc"

// place lays out the arena and gives every value its map.
func (c *compiler) place() {
	var all, roots []*value
	seen := map[*value]bool{}
	add := func(v *value) {
		for ; v != nil && !seen[v]; v = v.parent {
			seen[v] = true
			all = append(all, v)
			if v.parent == nil {
				roots = append(roots, v)
			}
		}
	}
	for i, s := range c.steps {
		for _, v := range append(append([]*value(nil), s.in...), s.out...) {
			add(v)
			v.used(i)
		}
	}
	c.values[c.g.Output.ID].used(len(c.steps))
	for _, v := range all {
		r, _ := v.root()
		r.needs(v.before, v.after)
	}
	size := layout(roots, c.keep == KeepNone)
	c.arena = nchwc.Floats(size + nchwc.Slack)
	for _, v := range all {
		r, channel := v.root()
		v.m = v.geometry()
		v.at = r.off + channel/v.block*v.m.BlockStride()
		v.m.Data = c.arena[v.at:]
	}
	if c.keep == KeepNone {
		for _, r := range roots {
			if r.before+r.after > 0 && !alone(r, roots) {
				s := c.steps[r.first]
				s.clear = append(s.clear, r.m)
			}
		}
	}
}
