package arch

import (
	"strconv"

	"stride/internal/nn"
)

// sequence numbers the nodes of a scope from 0, as PyTorch's nn.Sequential does.
type sequence struct {
	b *nn.Builder
	x *nn.Node
	n int
}

// add appends ops, each reading the one before, and returns the last node.
func (s *sequence) add(ops ...nn.Op) *nn.Node {
	for _, o := range ops {
		s.x = s.b.Add(strconv.Itoa(s.n), o, s.x)
		s.n++
	}
	return s.x
}
