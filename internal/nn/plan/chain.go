package plan

import (
	"stride/internal/nn"
	"stride/internal/nn/kernel/nchwc"
	"stride/internal/nn/op"
)

// chain is what one step computes: a node and those behind it that fit its epilogue, in the order normalisation, residual
// addition, activation.
type chain struct {
	nodes []*nn.Node // in order; the last one is materialised
	bn    *nn.Node
	res   *nn.Node // the other operand of the addition
	act   nchwc.Act
}

// stage is how far the epilogue has come.
type stage int

const (
	stageStart stage = iota // a normalisation may follow
	stageNorm               // an addition may follow
	stageAdd                // an activation may follow
	stageDone
)

// chain collects the nodes behind n, the epilogue starting at the given stage. A node is fused only if nothing else reads
// the one before it. An addition is fused when its other operand already exists.
func (c *compiler) chain(n *nn.Node, at stage) chain {
	ch := chain{nodes: []*nn.Node{n}}
	length := 1 // nodes up to the last one that computes something
	for at < stageDone {
		last := ch.nodes[len(ch.nodes)-1]
		u := c.onlyUser(last)
		if u == nil {
			break
		}
		switch o := u.Op.(type) {
		case op.BatchNorm:
			if at != stageStart {
				return ch.cut(length)
			}
			ch.bn, at = u, stageNorm
		case op.Add:
			other := otherInput(u, last)
			if at > stageNorm || other == nil || c.values[other.ID] == nil || !c.values[other.ID].holds(u.Shape) {
				return ch.cut(length)
			}
			ch.res, at = other, stageAdd
		case op.Act:
			a, ok := acts[o]
			if !ok {
				return ch.cut(length)
			}
			ch.act, at = a, stageDone
		case op.Dropout, op.StochasticDepth: // the identity
			ch.nodes = append(ch.nodes, u)
			continue
		default:
			return ch.cut(length)
		}
		ch.nodes = append(ch.nodes, u)
		length = len(ch.nodes)
	}
	return ch.cut(length)
}

// cut drops identities at the end: they become aliases of the materialised value.
func (ch chain) cut(length int) chain {
	ch.nodes = ch.nodes[:length]
	return ch
}

// onlyUser is the single reader of n on the main path; nil when there are more, or n is the output.
func (c *compiler) onlyUser(n *nn.Node) *nn.Node {
	if n == c.g.Output {
		return nil
	}
	var only *nn.Node
	for _, u := range n.Users {
		if u.Aux {
			continue
		}
		if only != nil {
			return nil
		}
		only = u
	}
	return only
}

// otherInput is the operand of a two-input node that is not x; nil when there is none.
func otherInput(n, x *nn.Node) *nn.Node {
	switch {
	case len(n.In) != 2 || n.In[0] == n.In[1]:
		return nil
	case n.In[0] == x:
		return n.In[1]
	}
	return n.In[0]
}
