package diagram

import "stride/internal/nn"

// analyse turns the nodes into a block: layers, flow, kind and roles.
func (r *rawBlock) analyse() {
	b := &Block{Nodes: r.nodes, Path: r.scope}
	r.block = b
	if b.Path == "" {
		b.Path = r.nodes[0].Path
	}
	b.Layers = layersOf(r.nodes)
	b.flow = newFlow(b.Layers)
	b.tree, b.sp = b.flow.parse()
	b.Inputs = b.flow.src
	b.Out = r.last()
	b.OutShape, b.In = b.Out.Shape, b.Out.Shape
	if len(b.Inputs) > 0 {
		b.In = b.Inputs[0].Shape
	}
	b.Params, b.MACs = params(b.Nodes), macs(b.Nodes)
	b.lanes(b.tree, 0)
	b.Kind = b.kind(r.kind)
	if b.gathers() {
		b.In = b.Layers[0].Out().Shape
	}
}

// kind says how a block is built. The order of the questions matters: the first that fits decides.
func (b *Block) kind(stage StageKind) BlockKind {
	switch {
	case stage == StageInput:
		return BlockInput
	case stage == StageHead, stage == StageAux:
		return BlockHead
	case !b.sp:
		return BlockGraph
	}
	if e := b.residual(); e != nil {
		b.Skip = true
		return b.residualKind(e)
	}
	if b.gathers() {
		if shrinks(b.Out) {
			return BlockTransition
		}
		return BlockDenseLayer
	}
	forks := 0
	for _, e := range b.tree {
		if len(e.lanes) > 0 {
			forks++
			if b.flow.layer(e.v).Class == ClassConcat {
				return BlockInception
			}
		}
	}
	switch w := classesOf(b.work()); {
	case equal(w, ClassDepthwise, ClassPointwise):
		return BlockSeparable
	case contains(w, ClassDepthwise) && contains(w, ClassPointwise):
		return BlockInverted
	case forks > 0:
		return BlockGraph
	}
	return BlockChain
}

// residual finds the fork that adds the block's input, or what a few operations make of it, to the result of the rest:
// two lanes, of which the longer holds the layers. Its roles are written on the way. Nil when there is none.
func (b *Block) residual() *elem {
	for i := range b.tree {
		e := &b.tree[i]
		if len(e.lanes) != 2 || b.flow.layer(e.v).Class != ClassAdd {
			continue
		}
		main, skip := b.longLane(e)
		b.Projection = b.Projection || len(e.lanes[skip]) > 0
		last := e.lanes[main][len(e.lanes[main])-1]
		b.flow.layer(last.v).Role = RoleF
		for _, s := range e.lanes[skip] {
			b.flow.layer(s.v).Role = RoleShortcut
		}
		end := b.flow.layer(e.v)
		if i == len(b.tree)-2 {
			end = b.flow.layer(b.tree[i+1].v)
		}
		end.Role = RoleH
		return e
	}
	return nil
}

// longLane tells the lane with the most layers from the other.
func (b *Block) longLane(e *elem) (main, other int) {
	if e.lanes[1].size() > e.lanes[0].size() {
		return 1, 0
	}
	return 0, 1
}

func (b *Block) residualKind(e *elem) BlockKind {
	main, _ := b.longLane(e)
	var ls []*Layer
	for _, x := range e.lanes[main] {
		if l := b.flow.layer(x.v); len(x.lanes) == 0 && weighty(l.Main) {
			ls = append(ls, l)
		}
	}
	w := classesOf(ls)
	switch {
	case contains(w, ClassDepthwise):
		return BlockInverted
	case len(w) == 3 && w[0] == ClassPointwise && w[1] == ClassConv && w[2] == ClassPointwise:
		return BlockBottleneck
	}
	return BlockResidual
}

// gathers reports whether the block begins by joining inputs along the channels and goes on as a chain.
func (b *Block) gathers() bool {
	if len(b.tree) < 2 || b.flow.layer(b.tree[0].v).Class != ClassConcat || len(b.tree[0].lanes) > 0 {
		return false
	}
	for _, e := range b.tree {
		if len(e.lanes) > 0 {
			return false
		}
	}
	return true
}

// work lists the layers that multiply and are not on a gate's side branch.
func (b *Block) work() []*Layer {
	var ls []*Layer
	for _, l := range b.Layers {
		if l.Role != RoleGate && weighty(l.Main) {
			ls = append(ls, l)
		}
	}
	return ls
}

func classesOf(ls []*Layer) []Class {
	c := make([]Class, len(ls))
	for i, l := range ls {
		c[i] = l.Class
	}
	return c
}

func equal(got []Class, want ...Class) bool {
	if len(got) != len(want) {
		return false
	}
	for i := range got {
		if got[i] != want[i] {
			return false
		}
	}
	return true
}

func contains(cs []Class, c Class) bool {
	for _, x := range cs {
		if x == c {
			return true
		}
	}
	return false
}

// lanes writes the branch numbers and finds the gates: the lane that ends in an input which scales whole maps.
func (b *Block) lanes(s seq, lane int) {
	for _, e := range s {
		if l := b.flow.layer(e.v); l != nil && l.Lane == 0 {
			l.Lane = lane
		}
		gate := gateLane(b.flow.layer(e.v), len(e.lanes))
		for i, x := range e.lanes {
			n := lane
			if lane == 0 && b.flow.layer(e.v).Class == ClassConcat {
				n = i + 1
			}
			b.lanes(x, n)
			if i == gate {
				b.Gate = true
				b.mark(x, RoleGate)
			} else if n > 0 && b.flow.layer(e.v).Class == ClassConcat {
				b.mark(x, RoleBranch)
			}
		}
	}
}

// gateLane is the lane that a join reads as a gate; −1 for none.
func gateLane(l *Layer, lanes int) int {
	g, ok := l.Main.Op.(nn.Gated)
	if !ok || lanes == 0 {
		return -1
	}
	in := l.Main.InShapes(1)
	for i := range lanes {
		if g.IsGate(in, i) {
			return i
		}
	}
	return -1
}

func (b *Block) mark(s seq, r Role) {
	for _, e := range s {
		if l := b.flow.layer(e.v); l.Role == RoleNone {
			l.Role = r
		}
		for _, x := range e.lanes {
			b.mark(x, r)
		}
	}
}
