package plan

import (
	"stride/internal/nn"
	"stride/internal/nn/kernel/nchwc"
	"stride/internal/nn/op"
	"stride/internal/nn/tensor"
)

// compiler turns a graph into steps. Lowering creates the steps in run order, with the values they read and write;
// memory is laid out when all halos are known, and only then are kernels bound to it.
type compiler struct {
	*Plan
	set     *nchwc.Set
	exact   bool
	values  []*value // by node ID
	covered []bool   // by node ID: lowered, or fused into an earlier step
	by      map[*value]*step
	steps   []*step
	concats []concat
	gated   map[*nn.Node]gated // by the convolution
	packs   []packing          // of the next step
}

// step is one entry of the program: a job of blocked kernels, or a plain operation.
type step struct {
	kept    []*nn.Node // nodes whose value is complete when the step is done
	in, out []*value
	packs   []packing
	bind    func(*step) // called when the memory is laid out and the weights are packed
	ready   bool        // that has been done
	job     nchwc.Job
	plain   func()
	serial  bool        // too small to be worth other workers
	clear   []nchwc.Map // whose halo is cleared, because other values share the memory
}

// run executes the step.
func (s *step) run(p *Plan) {
	for _, m := range s.clear {
		clearHalo(m, 0, m.Blocks())
	}
	switch {
	case s.plain != nil:
		s.plain()
	case s.serial:
		s.job.Run()
	default:
		for _, ph := range s.job.Phases {
			p.pool.Run(ph.Units, ph.Do)
		}
	}
}

// joinClear lets the units of the first phase clear the halos as well: nothing else reads or writes them during the step.
func (s *step) joinClear() {
	if s.plain != nil || len(s.clear) == 0 || len(s.job.Phases) == 0 {
		return
	}
	maps, first := s.clear, s.job.Phases[0]
	s.job.Phases[0].Do = func(worker, unit int) {
		first.Do(worker, unit)
		for _, m := range maps {
			clearHalo(m, unit*m.Blocks()/first.Units, (unit+1)*m.Blocks()/first.Units)
		}
	}
	s.clear = nil
}

// Below these amounts a step takes less than about 3 µs, and sharing it costs more than it gains.
const (
	serialMACs   = 150_000
	serialValues = 10_000
)

// compile does everything but what a step does when it first runs; c.Plan is complete afterwards.
func (c *compiler) compile() error {
	c.values, c.covered, c.by = make([]*value, len(c.g.Nodes)), make([]bool, len(c.g.Nodes)), map[*value]*step{}
	c.gated = map[*nn.Node]gated{}
	for _, n := range c.g.Main() {
		if !c.covered[n.ID] {
			if err := c.lower(n); err != nil {
				return err
			}
		}
	}
	c.joinConcats()
	c.place()
	c.Plan.steps, c.Plan.values = c.steps, c.values
	c.logits = tensor.New(c.g.Output.Shape)
	return nil
}

// lower emits the step of node n and of what is fused with it.
func (c *compiler) lower(n *nn.Node) error {
	if n == c.g.Input {
		c.lowerInput(n)
		return nil
	}
	var x *value
	if len(n.In) > 0 {
		x = c.values[n.In[0].ID]
	}
	if g, ok := c.gated[n]; ok {
		x = g.x
	}
	switch o := n.Op.(type) {
	case op.Conv:
		if x.holds(n.In[0].Shape) {
			return c.lowerConv(n, o, x)
		}
	case op.Linear:
		if x.block == c.set.Block {
			return c.lowerLinear(n, o, x)
		}
	case op.BatchNorm:
		if x.holds(n.In[0].Shape) && x.block == c.set.Block {
			return c.lowerNorm(n, o, x)
		}
	case op.Act:
		if a, ok := acts[o]; ok && x.block == c.set.Block {
			y := c.like(x)
			c.emit([]*nn.Node{n}, []*value{x}, y, func(s *step) { s.job = c.env.Act(a, y.m, x.m) })
			return nil
		}
	case op.Dropout, op.StochasticDepth, op.Flatten:
		c.alias(n, x)
		return nil
	case op.Concat:
		return c.lowerConcat(n)
	case op.Add, op.Mul:
		if c.lowerBinary(n, x) {
			return nil
		}
	default:
		if x != nil && x.block == c.set.Block && x.holds(n.In[0].Shape) && c.lowerMap(n, x) {
			return nil
		}
	}
	return c.lowerPlain(n)
}

// acts are the activations with a kernel.
var acts = map[op.Act]nchwc.Act{op.ReLU: nchwc.ReLU, op.ReLU6: nchwc.ReLU6, op.SiLU: nchwc.SiLU, op.Sigmoid: nchwc.Sigmoid,
	op.Tanh: nchwc.Tanh, op.HardSwish: nchwc.HardSwish, op.HardSigmoid: nchwc.HardSigmoid}

// holds reports whether the value has the shape s itself, that is, is not a flattened map.
func (v *value) holds(s tensor.Shape) bool { return v.c == s.C && v.h == s.H && v.w == s.W }

// of is a new value of shape s.
func (c *compiler) of(s tensor.Shape) *value {
	return &value{c: s.C, h: s.H, w: s.W, block: c.set.Block, first: -1}
}

// like is a new value of the shape of x, which may be a flattened map.
func (c *compiler) like(x *value) *value {
	return &value{c: x.c, h: x.h, w: x.w, block: c.set.Block, first: -1}
}

// emit appends a step that writes y, the value of the last of the nodes; the others are fused away.
func (c *compiler) emit(nodes []*nn.Node, in []*value, y *value, bind func(*step)) *step {
	last := nodes[len(nodes)-1]
	s := &step{kept: []*nn.Node{last}, in: in, out: []*value{y}, packs: c.packs, bind: bind, serial: y.c*y.h*y.w < serialValues}
	c.packs = nil
	for _, x := range in {
		s.serial = s.serial && x.c*x.h*x.w < 4*serialValues
	}
	for _, n := range nodes {
		c.covered[n.ID] = true
	}
	c.values[last.ID] = y
	c.by[y] = s
	c.steps = append(c.steps, s)
	return s
}

// alias gives n the value of its input: the same bytes in NCHW order.
func (c *compiler) alias(n *nn.Node, x *value) {
	c.covered[n.ID], c.values[n.ID] = true, x
	c.by[x].kept = append(c.by[x].kept, n)
}

// lowerInput packs the picture: planar where only convolutions read it, so that three channels do not fill a block.
func (c *compiler) lowerInput(n *nn.Node) {
	v := c.of(n.Shape)
	if n.Shape.C <= 4 {
		v.block = 1
	}
	for _, u := range n.Users {
		if o, ok := u.Op.(op.Conv); !u.Aux && (!ok || o.Depthwise(n.Shape)) {
			v.block = c.set.Block
		}
	}
	p := c.Plan
	c.emit([]*nn.Node{n}, nil, v, func(s *step) {
		s.job = nchwc.Job{Phases: []nchwc.Phase{{Units: v.c, Do: func(_, ch int) { nchwc.Pack(v.m, p.input, ch, ch+1) }}}}
	})
}

// lowerMap lowers the operations on maps of one input; false where there is no kernel.
func (c *compiler) lowerMap(n *nn.Node, x *value) bool {
	y := c.of(n.Shape)
	var job func() nchwc.Job
	switch o := n.Op.(type) {
	case op.MaxPool:
		job = func() nchwc.Job { return c.env.MaxPool(poolShape(o.Window(n.In[0].Shape), false), y.m, x.m) }
	case op.AvgPool:
		job = func() nchwc.Job { return c.env.AvgPool(poolShape(o.Window(n.In[0].Shape), !o.ExcludePad), y.m, x.m) }
	case op.AdaptiveAvgPool:
		job = func() nchwc.Job { return c.env.AdaptiveAvgPool(y.m, x.m) }
	case op.LRN:
		job = func() nchwc.Job {
			return c.env.LRN(y.m, x.m, o.N, float32(o.K), float32(o.Factor()), float32(o.Beta))
		}
	case op.Softmax:
		if n.Shape.H*n.Shape.W != 1 {
			return false
		}
		job = func() nchwc.Job { return c.env.Softmax(y.m, x.m) }
	default:
		return false
	}
	c.emit([]*nn.Node{n}, []*value{x}, y, func(s *step) { s.job = job() })
	return true
}

func poolShape(w nn.Window, includePad bool) nchwc.PoolShape {
	return nchwc.PoolShape{KH: w.KH, KW: w.KW, SH: w.SH, SW: w.SW, PadTop: w.PT, PadLeft: w.PL, IncludePad: includePad}
}

// lowerBinary lowers sums and products of two maps, and the gates of squeeze-and-excitation.
func (c *compiler) lowerBinary(n *nn.Node, a *value) bool {
	if len(n.In) != 2 {
		return false
	}
	b := c.values[n.In[1].ID]
	if a.block != c.set.Block || b.block != c.set.Block {
		return false
	}
	same := a.c == b.c && a.h == b.h && a.w == b.w
	_, sum := n.Op.(op.Add)
	if sum && same {
		ch := c.chain(n, stageAdd)
		y := c.like(a)
		c.emit(ch.nodes, []*value{a, b}, y, func(s *step) { s.job = c.env.Add(y.m, a.m, b.m, ch.act) })
		return true
	}
	if sum {
		return false
	}
	if same {
		y := c.like(a)
		c.emit([]*nn.Node{n}, []*value{a, b}, y, func(s *step) { s.job = c.env.Mul(y.m, a.m, b.m, nchwc.Identity) })
		return true
	}
	if a.h*a.w == 1 {
		a, b = b, a
	}
	if b.h*b.w != 1 || a.c != b.c {
		return false
	}
	if u := c.onlyUser(n); u != nil && c.gatesConv(u, a) {
		c.gated[u] = gated{n, a, b}
		c.covered[n.ID] = true
		return true
	}
	y := c.like(a)
	c.emit([]*nn.Node{n}, []*value{a, b}, y, func(s *step) { s.job = c.env.Scale(y.m, a.m, b.m) })
	return true
}

// gated is a product of a map and a gate that the convolution behind it takes over.
type gated struct {
	node  *nn.Node
	x, by *value
}

// gatesConv reports whether convolution u should scale its weights by the gate of its input x: it has fewer weights than
// twice the values of the map, which takes a pass of its own to scale.
func (c *compiler) gatesConv(u *nn.Node, x *value) bool {
	o, ok := u.Op.(op.Conv)
	return ok && o.Pointwise() && o.GroupCount() == 1 && u.Shape.C < 2*x.h*x.w && x.h*x.w > 1
}

// lowerNorm lowers a batch normalisation that no convolution precedes, with the activation behind it.
func (c *compiler) lowerNorm(n *nn.Node, o op.BatchNorm, x *value) error {
	params, err := n.Values(c.w)
	if err != nil {
		return err
	}
	ch := c.chain(n, stageAdd)
	scale, shift := o.Affine(params)
	y := c.like(x)
	c.emit(ch.nodes, []*value{x}, y, func(s *step) { s.job = c.env.Affine(scale, shift, y.m, x.m, ch.act) })
	return nil
}

// lowerPlain runs an operation that has no blocked kernel on unpacked values.
func (c *compiler) lowerPlain(n *nn.Node) error {
	params, err := n.Values(c.w)
	if err != nil {
		return err
	}
	call := &nn.Call{Op: n.Op, Out: tensor.New(n.Shape), Params: params, Workers: c.pool}
	var in []*value
	for _, p := range n.In {
		in = append(in, c.values[p.ID])
		call.In = append(call.In, tensor.New(p.Shape))
	}
	y := c.of(n.Shape)
	c.emit([]*nn.Node{n}, in, y, func(s *step) {
		s.plain = func() {
			for i, x := range in {
				nchwc.Unpack(call.In[i].Data, x.m)
			}
			n.Op.Forward(call)
			nchwc.Pack(y.m, call.Out.Data, 0, y.c)
		}
	})
	return nil
}
