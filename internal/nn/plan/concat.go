package plan

import (
	"stride/internal/nn"
	"stride/internal/nn/kernel/nchwc"
)

// concat is a concatenation to be resolved when all values are known.
type concat struct {
	step *step
	in   []*value
	out  *value
}

// lowerConcat reserves the step of a concatenation; joinConcats decides what it copies. A single input is an alias.
func (c *compiler) lowerConcat(n *nn.Node) error {
	if len(n.In) == 1 {
		c.alias(n, c.values[n.In[0].ID])
		return nil
	}
	var in []*value
	for _, p := range n.In {
		v := c.values[p.ID]
		if v.block != c.set.Block || !v.holds(p.Shape) {
			return c.lowerPlain(n)
		}
		in = append(in, v)
	}
	y := c.of(n.Shape)
	s := c.emit([]*nn.Node{n}, in, y, nil)
	c.concats = append(c.concats, concat{s, in, y})
	return nil
}

// joinConcats lets the inputs of concatenations write into slices of the result. It goes backwards: in a dense block
// every concatenation is the beginning of the last one, and becomes a view of it. An input that lies elsewhere already,
// or does not start on a block, is copied.
func (c *compiler) joinConcats() {
	children := map[*value]bool{}
	for i := len(c.concats) - 1; i >= 0; i-- {
		k := c.concats[i]
		if p, channel, ok := neighbours(k.in); ok && k.out.parent == nil && !children[k.out] && channel%c.set.Block == 0 {
			k.out.parent, k.out.channel = p, channel
			k.step.serial = true
			continue
		}
		var copies []func() nchwc.Job
		at := 0
		for j, x := range k.in {
			aligned := at%c.set.Block == 0 && (x.c%c.set.Block == 0 || j == len(k.in)-1)
			if root, _ := k.out.root(); aligned && x.parent == nil && x != root {
				x.parent, x.channel = k.out, at
				children[k.out] = true
			} else {
				first := at
				copies = append(copies, func() nchwc.Job { return c.env.Copy(k.out.m, first, x.m) })
			}
			at += x.c
		}
		k.step.bind = func(s *step) {
			for _, f := range copies {
				s.job.Phases = append(s.job.Phases, f().Phases...)
			}
		}
	}
}

// neighbours reports whether the values lie behind one another in one parent, and from which channel on.
func neighbours(in []*value) (parent *value, channel int, ok bool) {
	parent, channel = in[0].parent, in[0].channel
	at := channel
	for _, x := range in {
		if parent == nil || x.parent != parent || x.channel != at {
			return nil, 0, false
		}
		at += x.c
	}
	return parent, channel, true
}
