package plan

import (
	"stride/internal/nn"
	"stride/internal/nn/kernel/nchwc"
	"stride/internal/nn/op"
)

// filters are the weights of a convolution or dense layer with the normalisation behind it: out = scale·(w ∗ x) + bias.
type filters struct {
	w, bias, scale []float32
}

// filters reads the parameters of n and folds those of the normalisation bn, if any.
func (c *compiler) filters(n, bn *nn.Node) (f filters, err error) {
	params, err := n.Values(c.w)
	if err != nil {
		return f, err
	}
	f.w = params[0]
	if len(params) > 1 {
		f.bias = params[1]
	}
	if bn == nil {
		return f, nil
	}
	stats, err := bn.Values(c.w)
	if err != nil {
		return f, err
	}
	scale, shift := bn.Op.(op.BatchNorm).Affine(stats)
	for i, b := range f.bias {
		shift[i] += b * scale[i]
	}
	f.scale, f.bias = scale, shift
	return f, nil
}

// scaled is the weights times the scale of their output channel.
func (f filters) scaled() []float32 {
	if f.scale == nil {
		return f.w
	}
	k := len(f.w) / len(f.scale)
	w := make([]float32, len(f.w))
	for i, v := range f.w {
		w[i] = v * f.scale[i/k]
	}
	return w
}

// lowerConv lowers a convolution with its epilogue: depthwise, dense (on a single pixel), Winograd or direct.
func (c *compiler) lowerConv(n *nn.Node, o op.Conv, x *value) error {
	if u := c.pooled(n, o); u != nil && x.block == c.set.Block {
		return c.lowerPooled(n, u, o, x)
	}
	s := convShape(n, o)
	onPixel := x.h*x.w == 1 && s.KH*s.KW == 1 && s.Groups == 1 && n.Shape.H*n.Shape.W == 1
	depthwise := s.Depthwise() && s.DW == 1
	at := stageStart
	ch := c.chain(n, at)
	if (depthwise || onPixel) && ch.res != nil { // no residual in these epilogues
		ch = ch.before(ch.res)
	}
	f, err := c.filters(n, ch.bn)
	if err != nil {
		return err
	}
	y := c.of(n.Shape)
	var st *step
	switch {
	case onPixel && x.block == c.set.Block:
		return c.dense(ch, f, x, y)
	case depthwise:
		x.needs(haloOf(n, s))
		var w *nchwc.DepthwiseWeights
		c.packs = append(c.packs, packing{f.w, func(p nchwc.Parallel) {
			p(1, func(int) { w = c.set.PackDepthwise(s, f.w, f.bias, f.scale) })
		}})
		st = c.emit(ch.nodes, []*value{x}, y, func(st *step) {
			c.weightBytes += w.Bytes()
			st.job = c.env.Depthwise(w, y.m, x.m, ch.act)
		})
		st.serial = n.MACs() < serialMACs/8 // limited by memory, not by arithmetic
		return nil
	default:
		if kind, ok := winogradKind(n, s, c.set.Block); ok && !c.exact && x.block == c.set.Block {
			st = c.winograd(kind, ch, f, s, x, y)
		} else {
			st = c.direct(ch, f, s, n, x, y)
		}
	}
	st.serial = n.MACs() < serialMACs
	return nil
}

// pooled is the average pool behind a 1×1 convolution that may as well come before it, nil if there is none: the mean of
// the results is the result of the mean as long as all windows are whole. The convolution then computes KH·KW times fewer
// pixels (DenseNet's transitions).
func (c *compiler) pooled(n *nn.Node, o op.Conv) *nn.Node {
	u := c.onlyUser(n)
	if _, gate := c.gated[n]; gate || u == nil || c.exact || !o.Pointwise() || o.GroupCount() != 1 {
		return nil
	}
	p, ok := u.Op.(op.AvgPool)
	if !ok {
		return nil
	}
	in, w, conv := n.Shape, p.Window(n.Shape), n.Window()
	if conv.SH*conv.SW != 1 || conv.PT+conv.PL != 0 || w.PT+w.PL != 0 || (u.Shape.H-1)*w.SH+w.KH > in.H || (u.Shape.W-1)*w.SW+w.KW > in.W ||
		w.SH*w.SW < 2 {
		return nil
	}
	return u
}

// lowerPooled lowers convolution n and average pool u in the opposite order.
func (c *compiler) lowerPooled(n, u *nn.Node, o op.Conv, x *value) error {
	f, err := c.filters(n, nil)
	if err != nil {
		return err
	}
	mean := &value{c: x.c, h: u.Shape.H, w: u.Shape.W, block: c.set.Block, first: -1}
	shape := poolShape(u.Window(), true)
	c.steps = append(c.steps, &step{in: []*value{x}, out: []*value{mean}, serial: x.c*x.h*x.w < serialValues,
		bind: func(st *step) { st.job = c.env.AvgPool(shape, mean.m, x.m) }})
	st := c.direct(chain{nodes: []*nn.Node{n, u}}, f, convShape(n, o), n, mean, c.of(u.Shape))
	st.serial = n.MACs()/int64(shape.SH*shape.SW) < serialMACs
	return nil
}

// before cuts a chain in front of the addition of res.
func (ch chain) before(res *nn.Node) chain {
	for i, n := range ch.nodes {
		if i > 0 && otherInput(n, ch.nodes[i-1]) == res {
			ch.nodes, ch.res, ch.act = ch.nodes[:i], nil, nchwc.Identity
			break
		}
	}
	for len(ch.nodes) > 1 && isIdentity(ch.nodes[len(ch.nodes)-1]) {
		ch.nodes = ch.nodes[:len(ch.nodes)-1]
	}
	return ch
}

func isIdentity(n *nn.Node) bool {
	switch n.Op.(type) {
	case op.Dropout, op.StochasticDepth:
		return true
	}
	return false
}

// residual is the value and map of the chain's other operand; the map is read when the step is bound.
func (c *compiler) residual(ch chain, in []*value) ([]*value, func() nchwc.Map) {
	if ch.res == nil {
		return in, func() nchwc.Map { return nchwc.Map{} }
	}
	v := c.values[ch.res.ID]
	return append(in, v), func() nchwc.Map { return v.m }
}

func (c *compiler) direct(ch chain, f filters, s nchwc.ConvShape, n *nn.Node, x, y *value) *step {
	x.needs(haloOf(n, s))
	var w *nchwc.ConvWeights
	planar := x.block == 1
	c.packs = append(c.packs, packing{f.w, func(p nchwc.Parallel) { w = c.set.PackConv(s, planar, f.w, f.bias, f.scale, p) }})
	in, res := c.residual(ch, []*value{x})
	g, gate := c.gated[n]
	if gate {
		in = append(in, g.by)
	}
	return c.emit(ch.nodes, in, y, func(st *step) {
		c.weightBytes += w.Bytes()
		if gate {
			c.weightBytes += w.Bytes() // the scaled copy
			st.job = c.env.GatedConv(w, y.m, x.m, g.by.m, res(), ch.act)
			return
		}
		st.job = c.env.Conv(w, y.m, x.m, res(), ch.act)
	})
}

// winograd lowers a convolution by Winograd's algorithm; groups, whose channels fill blocks, are convolved one by one.
func (c *compiler) winograd(kind nchwc.WinogradKind, ch chain, f filters, s nchwc.ConvShape, x, y *value) *step {
	before, h := kind.Halo(x.h)
	_, w := kind.Halo(x.w)
	x.needs(before, max(h, w))
	packed := make([]*nchwc.WinogradWeights, s.Groups)
	in, out := s.In/s.Groups, s.Out/s.Groups
	for g := range packed {
		per := len(f.w) / s.Groups
		wg := f.w[g*per:][:per]
		c.packs = append(c.packs, packing{wg, func(p nchwc.Parallel) {
			packed[g] = c.set.PackWinograd(kind, in, out, wg, part(f.bias, g, out), part(f.scale, g, out), p)
		}})
	}
	ins, res := c.residual(ch, []*value{x})
	return c.emit(ch.nodes, ins, y, func(st *step) {
		for g, w := range packed {
			c.weightBytes += w.Bytes()
			r := res()
			if r.Valid() {
				r = r.Slice(g*out, out)
			}
			st.job.Phases = append(st.job.Phases, c.env.Winograd(w, y.m.Slice(g*out, out), x.m.Slice(g*in, in), r, ch.act).Phases...)
		}
	})
}

// part is piece g of v, n values long; nil for nil.
func part(v []float32, g, n int) []float32 {
	if v == nil {
		return nil
	}
	return v[g*n:][:n]
}

// lowerLinear lowers a fully connected layer; x may be the map before its flattening.
func (c *compiler) lowerLinear(n *nn.Node, _ op.Linear, x *value) error {
	ch := c.chain(n, stageAdd)
	f, err := c.filters(n, nil)
	if err != nil {
		return err
	}
	return c.dense(ch, f, x, c.of(n.Shape))
}

func (c *compiler) dense(ch chain, f filters, x, y *value) error {
	var d *nchwc.DenseWeights
	c.packs = append(c.packs, packing{f.w, func(p nchwc.Parallel) { d = c.set.PackDense(y.c, x.geometry(), f.scaled(), f.bias, p) }})
	st := c.emit(ch.nodes, []*value{x}, y, func(st *step) {
		c.weightBytes += d.Bytes()
		st.job = c.env.Dense(d, y.m, x.m, ch.act)
	})
	st.serial = len(f.w) < serialMACs/4
	return nil
}

// convShape is the geometry of a convolution node.
func convShape(n *nn.Node, o op.Conv) nchwc.ConvShape {
	w := o.Window(n.In[0].Shape)
	return nchwc.ConvShape{In: n.In[0].Shape.C, Out: o.Out, Groups: o.GroupCount(), KH: w.KH, KW: w.KW, SH: w.SH, SW: w.SW,
		PadTop: w.PT, PadLeft: w.PL, DH: w.DH, DW: w.DW}
}

// haloOf is how far the windows reach beyond the input, before and behind it.
func haloOf(n *nn.Node, s nchwc.ConvShape) (before, after int) {
	in, out := n.In[0].Shape, n.Shape
	bottom := (out.H-1)*s.SH - s.PadTop + (s.KH-1)*s.DH - (in.H - 1)
	right := (out.W-1)*s.SW - s.PadLeft + (s.KW-1)*s.DW - (in.W - 1)
	return max(s.PadTop, s.PadLeft), max(bottom, right, 0)
}
