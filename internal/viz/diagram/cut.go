package diagram

import (
	"strconv"
	"strings"

	"stride/internal/nn"
)

// rawBlock is a block before it has a place.
type rawBlock struct {
	nodes []*nn.Node
	scope string // the scope that is the block; "" for a loose part
	in    string // the scope that holds the block
	kind  StageKind
	// newStage starts a stage; stagePath is the stage's scope.
	newStage bool
	// composite is set for blocks with a scope of their own and for branching parts, not for parts of a chain.
	composite bool
	block     *Block
}

func (r *rawBlock) last() *nn.Node { return r.nodes[len(r.nodes)-1] }

// scope is one prefix of the paths.
type scope struct {
	path                  string
	kids                  []*scope
	first, last, n        int // positions of its nodes in run order, and how many there are
	weights               int
	byName                map[string]*scope
	exits                 int
	entryFirst, entryLast int // lowest and highest position read from outside
	vectors               bool
}

type cutter struct {
	g     *nn.Graph
	nodes []*nn.Node // the main nodes
	root  *scope
	cut   []bool   // by position: only this map is alive
	owner []*scope // the scope that is the node's block; nil for loose nodes
	head  int      // position of the first node of the head
	last  []int    // by position: the position of the last main node that reads it
}

func newCutter(g *nn.Graph) *cutter {
	c := &cutter{g: g, nodes: g.Main()}
	c.owner = make([]*scope, len(c.nodes))
	c.last = make([]int, len(c.nodes))
	for i, n := range c.nodes {
		c.last[i] = lastUse(n)
	}
	c.findCuts()
	c.findHead()
	c.scopes()
	for _, k := range c.root.kids {
		c.assign(k)
	}
	return c
}

// lastUse is the position of the last main node that reads n.
func lastUse(n *nn.Node) int {
	last := n.ID
	for _, u := range n.Users {
		if !u.Aux {
			last = max(last, u.ID)
		}
	}
	return last
}

// findCuts marks the nodes over which no edge passes.
func (c *cutter) findCuts() {
	c.cut = make([]bool, len(c.nodes))
	reach := 0
	for i := range c.nodes {
		c.cut[i] = reach <= i
		reach = max(reach, c.last[i])
	}
}

// findHead looks for the first cut without weights from which on everything is a vector.
func (c *cutter) findHead() {
	h := len(c.nodes)
	for h > 0 && c.nodes[h-1].Shape.PlaneLen() == 1 {
		h--
	}
	for h < len(c.nodes) && (!c.cut[h] || !opensHead(c.nodes[h])) {
		h++
	}
	c.head = h
}

// opensHead reports whether a node turns maps into a vector without weights: a pool over the whole map, or flattening.
func opensHead(n *nn.Node) bool {
	_, windowed := n.Op.(nn.Windowed)
	return windowed && !weighty(n) && ClassOf(n) != ClassOutput
}

// scopes builds the tree of prefixes.
func (c *cutter) scopes() {
	c.root = &scope{byName: map[string]*scope{}, first: -1}
	for i, n := range c.nodes {
		s := c.root
		s.add(i, n)
		rest := n.Path
		for {
			name, tail, ok := strings.Cut(rest, ".")
			if !ok {
				break
			}
			rest = tail
			k := s.byName[name]
			if k == nil {
				path := name
				if s.path != "" {
					path = s.path + "." + name
				}
				k = &scope{path: path, byName: map[string]*scope{}, first: -1, vectors: true}
				s.byName[name] = k
				s.kids = append(s.kids, k)
			}
			k.add(i, n)
			s = k
		}
	}
	c.ports(c.root)
}

func (s *scope) add(i int, n *nn.Node) {
	if s.first < 0 {
		s.first = i
	}
	s.last = i
	s.n++
	if weighty(n) {
		s.weights++
	}
	if n.Shape.PlaneLen() > 1 {
		s.vectors = false
	}
}

func (s *scope) whole() bool { return s.n == s.last-s.first+1 }

// ports finds how each scope is entered and left.
func (c *cutter) ports(s *scope) {
	s.entryFirst, s.entryLast = len(c.nodes), -1
	for i := s.first; i <= s.last; i++ {
		n := c.nodes[i]
		for _, x := range n.In {
			if x.ID < s.first {
				s.entryFirst, s.entryLast = min(s.entryFirst, x.ID), max(s.entryLast, x.ID)
			}
		}
		if c.last[i] > s.last || n == c.g.Output {
			s.exits++
		}
	}
	for _, k := range s.kids {
		c.ports(k)
	}
}

// assign decides whether a scope is a block, holds blocks, or is loose.
func (c *cutter) assign(s *scope) {
	if s.weights < 2 || s.vectors {
		return
	}
	if len(s.kids) == 1 && s.kids[0].n == s.n { // only the number of a repeat: features.1.0
		if _, err := strconv.Atoi(lastName(s.kids[0].path)); err == nil {
			c.assign(s.kids[0])
			return
		}
	}
	if s.whole() && s.exits <= 1 && s.last < c.head && !c.container(s) {
		for i := s.first; i <= s.last; i++ {
			c.owner[i] = s
		}
		return
	}
	for _, k := range s.kids {
		c.assign(k)
	}
}

// longChain is the number of layers from which on a chain in one scope is no longer one block.
const longChain = 6

// container reports whether a scope holds several blocks one after the other, or is a long chain with pools.
func (c *cutter) container(s *scope) bool {
	var before *scope
	for _, k := range s.kids {
		if k.weights < 2 || !k.whole() {
			continue
		}
		if before != nil && k.entryLast >= before.first {
			return true
		}
		before = k
	}
	if before != nil {
		return false
	}
	pools, chain := false, true
	for i := s.first; i <= s.last; i++ {
		n := c.nodes[i]
		chain = chain && c.cut[i]
		pools = pools || c.cut[i] && !weighty(n) && shrinks(n) && i < s.last
	}
	return pools || chain && s.weights >= longChain
}

// blocks lists the blocks of the main path with their stages.
func (c *cutter) blocks() []*rawBlock {
	out := []*rawBlock{{nodes: c.nodes[:1], kind: StageInput, newStage: true}}
	for i := 1; i < len(c.nodes); {
		j := i + 1
		for j < len(c.nodes) && c.owner[j] == c.owner[i] && j != c.head {
			j++
		}
		if s := c.owner[i]; s != nil {
			out = append(out, &rawBlock{nodes: c.nodes[i:j], scope: s.path, in: parent(s.path), kind: StageBody, composite: true})
		} else {
			out = append(out, c.loose(i, j)...)
		}
		i = j
	}
	return c.stages(out)
}

func parent(path string) string {
	i := strings.LastIndexByte(path, '.')
	return path[:max(i, 0)]
}
