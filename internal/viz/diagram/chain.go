package diagram

import (
	"slices"
	"strings"

	"stride/internal/nn"
)

// loose cuts the nodes i … j−1, which no scope claims: branching parts stay whole, chains are parted at pools and strides.
func (c *cutter) loose(i, j int) []*rawBlock {
	var out []*rawBlock
	var chain []*nn.Node
	flush := func() {
		if len(chain) > 0 {
			out = append(out, &rawBlock{nodes: chain, in: common(chain), kind: StageBody})
			chain = nil
		}
	}
	if i >= c.head {
		return []*rawBlock{{nodes: c.nodes[i:j], in: common(c.nodes[i:j]), kind: StageHead}}
	}
	ended := false
	for i < j {
		end := i
		for end < j-1 && !c.cut[end] {
			end++
		}
		if end > i { // a branching part and the small nodes behind its join
			flush()
			for end < j-1 && c.cut[end+1] && small(c.nodes[end+1]) && c.nodes[end+1].Shape == c.nodes[end].Shape {
				end++
			}
			out = append(out, &rawBlock{nodes: c.nodes[i : end+1], in: common(c.nodes[i : end+1]), kind: StageBody, composite: true})
			i, ended = end+1, false
			continue
		}
		n := c.nodes[i]
		if !small(n) && (ended || weighty(n) && shrinks(n) && hasWeight(chain)) {
			flush()
			ended = false
		}
		chain = append(chain, n)
		ended = ended || !weighty(n) && shrinks(n) && !small(n)
		i++
	}
	flush()
	return out
}

func hasWeight(nodes []*nn.Node) bool { return slices.ContainsFunc(nodes, weighty) }

// common is the longest scope that holds all nodes.
func common(nodes []*nn.Node) string {
	p := parent(nodes[0].Path)
	for _, n := range nodes[1:] {
		for p != "" && !strings.HasPrefix(n.Path, p+".") {
			p = parent(p)
		}
	}
	return p
}

// auxScopes lists the auxiliary classifiers in order.
func (c *cutter) auxScopes() []string {
	var names []string
	for _, n := range c.g.Nodes {
		if name, _, _ := strings.Cut(n.Path, "."); n.Aux && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

func (c *cutter) auxNodes(name string) []*nn.Node {
	var nodes []*nn.Node
	for _, n := range c.g.Nodes {
		if n.Aux && strings.HasPrefix(n.Path, name+".") {
			nodes = append(nodes, n)
		}
	}
	return nodes
}
