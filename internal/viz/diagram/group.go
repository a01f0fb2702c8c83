package diagram

import (
	"strconv"
	"strings"
)

// groups finds runs of blocks with the same operations.
func groups(s *Stage) []Group {
	var gs []Group
	for i, b := range s.Blocks {
		if i > 0 && b.form() == s.Blocks[i-1].form() {
			g := &gs[len(gs)-1]
			g.N++
			g.Same = g.Same && b.sameShapes(s.Blocks[i-1])
			continue
		}
		gs = append(gs, Group{i, 1, true})
	}
	return gs
}

// form is what a block does, without the numbers of channels.
func (b *Block) form() string {
	s := string(b.Kind)
	for _, n := range b.Nodes {
		w := n.Window()
		s += "|" + string(n.Op.Kind())
		if ClassOf(n) != ClassDense {
			s += string(rune('0'+w.KH)) + string(rune('0'+w.SH))
		}
	}
	return s
}

func (b *Block) sameShapes(o *Block) bool {
	for i, n := range b.Nodes {
		if n.Shape != o.Nodes[i].Shape {
			return false
		}
	}
	return b.In == o.In
}

// Label is the stage's name with the number of its blocks, "conv3 ×4", or of the layers of a chain, "conv1 ×2".
func (s *Stage) Label() string {
	if n := s.Count(); n > 1 {
		return s.Name + " ×" + strconv.Itoa(n)
	}
	return s.Name
}

// Count is the number of like parts of a stage of the body: blocks, or convolutions of a chain. 1 for other stages.
func (s *Stage) Count() int {
	if s.Kind != StageBody {
		return 1
	}
	if !s.composite {
		if strings.ContainsRune(s.Name, '–') { // conv3–5 says it already
			return 1
		}
		return len(s.Blocks[0].work())
	}
	n := 0
	for _, b := range s.Blocks {
		if b.Kind != BlockTransition && len(b.work()) > 1 {
			n++
		}
	}
	return n
}
