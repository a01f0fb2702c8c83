package diagram

import (
	"stride/internal/nn"
	"stride/internal/nn/tensor"
)

// Outline is a network cut into stages, stages into blocks, blocks into layers. Every node of the graph is in exactly one
// layer. The cut follows the graph and the scopes of the paths; see New.
type Outline struct {
	Graph *nn.Graph
	// Stages are in the order of the pass, the auxiliary classifiers last.
	Stages []*Stage
	// Params are trainable values and MACs multiply-accumulates for one image, without the auxiliary classifiers.
	Params, MACs int64

	at    []place
	order []*nn.Node // reading order
}

// StageKind says what a stage is for.
type StageKind string

// The kinds of stages.
const (
	StageInput StageKind = "input" // the picture
	StageStem  StageKind = "stem"  // what stands before the first block
	StageBody  StageKind = "body"
	StageHead  StageKind = "head" // from the last maps to the classes
	StageAux   StageKind = "aux"  // an auxiliary classifier, training only
)

// Stage is a run of blocks at one map size.
type Stage struct {
	Index int
	Kind  StageKind
	// Name is short and not a sentence: "conv3", "inception 4", "stem".
	Name string
	// Path is the scope that holds the whole stage; often "".
	Path   string
	Blocks []*Block
	// Groups are runs of blocks that do the same; what repeats is drawn once with its count.
	Groups []Group
	// In and Out are the shapes that enter and leave.
	In, Out      tensor.Shape
	Params, MACs int64
	// Dense is set where the blocks read all blocks before them (Huang et al. 2016, arXiv:1608.06993, Fig. 1).
	Dense bool

	// composite is set for a stage of blocks, not for one part of a chain.
	composite bool
}

// Group is a run of N blocks of one stage, from Stage.Blocks[First] on, with the same operations in the same order.
type Group struct {
	First, N int
	// Same is set when the shapes are equal too, so that the blocks differ in nothing but their weights.
	Same bool
}

// BlockKind says how a block is built and so how it is drawn.
type BlockKind string

// The kinds of blocks.
const (
	BlockInput      BlockKind = "input"
	BlockChain      BlockKind = "chain"      // one layer after the other
	BlockResidual   BlockKind = "residual"   // F(x) + x
	BlockBottleneck BlockKind = "bottleneck" // residual; 1×1, k×k, 1×1
	BlockInverted   BlockKind = "inverted"   // widen, depthwise, project; with or without a skip
	BlockSeparable  BlockKind = "separable"  // depthwise, then 1×1
	BlockInception  BlockKind = "inception"  // branches joined along the channels
	BlockDenseLayer BlockKind = "denselayer" // reads all maps of its stage and adds some
	BlockTransition BlockKind = "transition" // ends a dense stage
	BlockHead       BlockKind = "head"
	BlockGraph      BlockKind = "graph" // anything else
)

// Block is a part with one way in and one way out (a dense layer has several ways in).
type Block struct {
	// Stage and Index say where it is: Outline.Stages[Stage].Blocks[Index].
	Stage, Index int
	Kind         BlockKind
	// Skip is set when the input is added to the output, Projection when it has to be brought to the output's shape first.
	Skip, Projection bool
	// Gate is set when a side branch scales the maps (squeeze-and-excitation).
	Gate bool
	// Name is short: "conv3.1", "3a", "stem".
	Name string
	// Path is the scope that holds the block, or its first layer's path when no scope does.
	Path string
	// Nodes are all nodes in run order, Layers the same grouped.
	Nodes  []*nn.Node
	Layers []*Layer
	// Inputs are the nodes outside that the block reads, in order of first use; Out is what it hands on.
	Inputs []*nn.Node
	Out    *nn.Node
	// In is the shape of the first input.
	In, OutShape tensor.Shape
	Params, MACs int64

	flow flow
	tree seq
	sp   bool // tree holds the whole block
}

// Role says what part of a block a layer or tensor plays.
type Role string

// The roles.
const (
	RoleNone     Role = ""
	RoleX        Role = "x"        // the block's input
	RoleF        Role = "f"        // the last map of the residual path: F(x)
	RoleShortcut Role = "shortcut" // the input brought to the output's shape
	RoleH        Role = "h"        // the block's output: F(x) + x
	RoleGate     Role = "gate"     // on the side branch of a gate
	RoleBranch   Role = "branch"   // in a branch of an inception module
)

// place is where a node is.
type place struct{ stage, block, layer int }

// New cuts a graph.
//
// First the scopes: a scope with two or more layers that is entered and left at one place is a block, unless it holds
// several such scopes one after the other (then those are the blocks) or is a long chain with pools. What is left over is
// cut where only one map is alive, so that a branching part stays whole and a chain is parted at its pools and strides.
// Blocks of one scope and one map size make a stage; what precedes the first branching or repeated block is the stem,
// what follows the last maps the head.
func New(g *nn.Graph) *Outline {
	o := &Outline{Graph: g, at: make([]place, len(g.Nodes))}
	for i := range o.at {
		o.at[i].stage = -1
	}
	p := newCutter(g)
	for _, b := range p.blocks() {
		b.analyse()
		o.place(b)
	}
	for _, name := range p.auxScopes() {
		b := &rawBlock{nodes: p.auxNodes(name), scope: name, kind: StageAux, newStage: true}
		b.analyse()
		o.place(b)
	}
	for _, s := range o.Stages {
		o.finish(s)
	}
	for i, s := range o.Stages[:len(o.Stages)-1] {
		if next := o.Stages[i+1].Blocks[0]; s.Dense && next.gathers() {
			s.Out = next.In // what the stage hands on is joined in the next one
		}
	}
	o.name()
	for _, s := range o.Stages {
		s.Groups = groups(s)
	}
	return o
}

// place appends a block to its stage, which may be a new one.
func (o *Outline) place(r *rawBlock) {
	var s *Stage
	if n := len(o.Stages); n > 0 && !r.newStage {
		s = o.Stages[n-1]
	}
	if s == nil || s.Kind != r.kind {
		s = &Stage{Index: len(o.Stages), Kind: r.kind}
		o.Stages = append(o.Stages, s)
	}
	b := r.block
	b.Stage, b.Index = s.Index, len(s.Blocks)
	s.Blocks = append(s.Blocks, b)
	for _, l := range b.Layers {
		for _, n := range l.Nodes() {
			o.at[n.ID] = place{b.Stage, b.Index, l.Index}
			o.order = append(o.order, n)
		}
	}
}

// finish adds a stage up.
func (o *Outline) finish(s *Stage) {
	first, last := s.Blocks[0], s.Blocks[len(s.Blocks)-1]
	s.In, s.Out = first.In, last.OutShape
	dense := 0
	for _, b := range s.Blocks {
		s.Params += b.Params
		s.MACs += b.MACs
		if b.Kind == BlockDenseLayer {
			dense++
		}
	}
	s.Dense = dense > 1
	s.composite = len(s.Blocks) > 1 || first.Kind != BlockChain || len(first.work()) > 1 && first.Path != first.Nodes[0].Path
	if s.Kind != StageAux {
		o.Params += s.Params
		o.MACs += s.MACs
	}
}

// Blocks lists all blocks in reading order.
func (o *Outline) Blocks() []*Block {
	var bs []*Block
	for _, s := range o.Stages {
		bs = append(bs, s.Blocks...)
	}
	return bs
}
