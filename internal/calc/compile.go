package calc

import (
	"fmt"
	"strconv"

	"stride/internal/nn"
	"stride/internal/nn/tensor"
)

// Compile builds the graph of a stack and all numbers of its rows. It cannot fail: a layer that does not work has its
// Problem on its row, and the rows after it are unknown.
func Compile(s Stack) *Result {
	c := &compiler{problem: -1}
	c.rows = []Row{{Path: -1, In: s.Input, Shape: s.Input, Known: true}}
	g, err := nn.Build(s.Input, func(b *nn.Builder, x *nn.Node) *nn.Node {
		c.b = b
		c.rows[0].Nodes = []*nn.Node{x}
		out := c.list(s.Layers, "", 0, x)
		if out == nil { // the output of a broken stack is the last layer that works
			out = c.last
		}
		if n := len(s.Layers); n > 0 && c.problem < 0 && s.Layers[n-1].Code == "sm" && len(out.In) == 1 {
			out = out.In[0]
		}
		return out
	})
	r := &Result{Stack: s, Graph: g, Rows: c.rows, Problem: c.problem}
	if err != nil { // only an input that no picture has
		r.Rows[0].Problem = &Problem{Message: Message{"other", []any{quoted(err.Error())}}, Err: err}
		r.Problem = 0
		return r
	}
	r.count()
	return r
}

type compiler struct {
	b       *nn.Builder
	rows    []Row
	last    *nn.Node
	nodes   int
	problem int
}

func (c *compiler) row(addr string, depth int, l Layer, path int, in *nn.Node) int {
	r := Row{Address: addr, Depth: depth, Layer: l, Path: path}
	if in != nil {
		r.In, r.Known = in.Shape, true
	}
	c.rows = append(c.rows, r)
	return len(c.rows) - 1
}

// list adds layers one after the other. x is nil once something went wrong; so is the result.
func (c *compiler) list(layers []Layer, prefix string, depth int, x *nn.Node) *nn.Node {
	if x != nil {
		c.last = x
	}
	for i, l := range layers {
		addr := prefix + strconv.Itoa(i)
		if kinds[l.Code].Join {
			x = c.join(l, addr, depth, x)
		} else {
			x = c.single(l, addr, depth, x)
		}
		if x != nil {
			c.last = x
		}
	}
	return x
}

// single adds a plain layer or a block, as often as it is repeated.
func (c *compiler) single(l Layer, addr string, depth int, x *nn.Node) *nn.Node {
	at := c.row(addr, depth, l, -1, x)
	if x == nil {
		return nil
	}
	block := kinds[l.Code].Block
	for i := range l.Times() {
		name := "l" + addr
		if l.Times() > 1 {
			name = fmt.Sprintf("l%s.%d", addr, i)
		}
		var p *Problem
		if block {
			x, p = c.block(expand(l, x.Shape), at, name, x)
		} else {
			x, p = c.add(l, at, addr, name, x)
		}
		if p != nil {
			return c.stop(at, p, block)
		}
	}
	c.rows[at].Shape = x.Shape
	return x
}

// stop records a problem; inside a block the only repair is to open it.
func (c *compiler) stop(at int, p *Problem, block bool) *nn.Node {
	r := &c.rows[at]
	if block {
		p = &Problem{Message: Message{"inside", []any{p.Message}}, Err: p.Err,
			Fixes: []Fix{{Message{"open_block", nil}, Edit{Do: Open, Address: r.Address}}}}
	}
	r.Problem, r.Known, r.Nodes = p, false, nil
	c.problem = at
	return nil
}

// add is one plain layer.
func (c *compiler) add(l Layer, at int, addr, name string, x *nn.Node) (*nn.Node, *Problem) {
	in := []tensor.Shape{x.Shape}
	err := checkLayer(l, x.Shape)
	var o nn.Op
	var out tensor.Shape
	if err == nil {
		o = opFor(l, x.Shape)
		out, err = o.OutShape(in)
	}
	if err == nil {
		err = c.fits(o, in, out)
	}
	if err != nil {
		return nil, diagnose(l, addr, x.Shape, err)
	}
	n := c.b.Add(name, o, x)
	c.rows[at].Nodes = append(c.rows[at].Nodes, n)
	return n, nil
}

// fits guards the sums: no layer beyond maxMACs and no more than MaxNodes layers.
func (c *compiler) fits(o nn.Op, in []tensor.Shape, out tensor.Shape) error {
	if c.nodes++; c.nodes > MaxNodes {
		return errTooMuch
	}
	return checkCost(o, in, out)
}

// block adds the layers of a block to one row.
func (c *compiler) block(layers []Layer, at int, name string, x *nn.Node) (*nn.Node, *Problem) {
	for i, l := range layers {
		path := name + "." + strconv.Itoa(i)
		var p *Problem
		if kinds[l.Code].Join {
			x, p = c.blockJoin(l, at, path, x)
		} else {
			x, p = c.add(l, at, "", path, x)
		}
		if p != nil {
			return nil, p
		}
	}
	return x, nil
}

func (c *compiler) blockJoin(l Layer, at int, name string, x *nn.Node) (*nn.Node, *Problem) {
	ends := []*nn.Node{}
	maps := []*nn.Node{x}
	for i, path := range l.Paths {
		sub := name + "." + strconv.Itoa(i)
		from, p := c.from(l, at, sub, maps)
		if p != nil {
			return nil, p
		}
		end, p := c.block(path, at, sub, from)
		if p != nil {
			return nil, p
		}
		ends = append(ends, end)
		maps = append(maps, end)
	}
	return c.merge(l, at, "", name, x, ends)
}

// from is what a path reads: the join's input, or in a dense join all maps so far.
func (c *compiler) from(l Layer, at int, name string, maps []*nn.Node) (*nn.Node, *Problem) {
	if l.Code != "dense" {
		return maps[0], nil
	}
	return c.merge(l, at, "", name+".in", maps[0], maps[1:])
}

// merge adds the joining operation itself. The maps of a dense join are its input and all ends.
func (c *compiler) merge(l Layer, at int, addr, name string, x *nn.Node, ends []*nn.Node) (*nn.Node, *Problem) {
	in := ends
	if l.Code == "dense" {
		in = append([]*nn.Node{x}, ends...)
	}
	shapes := make([]tensor.Shape, len(in))
	for i, n := range in {
		shapes[i] = n.Shape
	}
	o := joinOp(l.Code)
	out, err := o.OutShape(shapes)
	if err == nil {
		err = c.fits(o, shapes, out)
	}
	if err != nil {
		return nil, diagnoseJoin(l, addr, x.Shape, shapes, err)
	}
	n := c.b.Add(name, o, in...)
	c.rows[at].Nodes = append(c.rows[at].Nodes, n)
	return n, nil
}

// join adds a join with rows for its paths and their members.
func (c *compiler) join(l Layer, addr string, depth int, x *nn.Node) *nn.Node {
	at := c.row(addr, depth, l, -1, x)
	maps := []*nn.Node{x}
	var ends []*nn.Node
	ok := x != nil
	for i, path := range l.Paths {
		sub := addr + "." + strconv.Itoa(i)
		var from *nn.Node
		if ok {
			var p *Problem
			if from, p = c.from(l, at, "l"+sub, maps); p != nil {
				c.stop(at, p, false)
			}
		}
		head := c.row(sub, depth+1, Layer{}, i, from)
		end := c.list(path, sub+".", depth+2, from)
		if ok = ok && end != nil; ok {
			c.rows[head].Shape = end.Shape
			ends, maps = append(ends, end), append(maps, end)
		}
	}
	if !ok {
		c.rows[at].Known = false
		return nil
	}
	n, p := c.merge(l, at, addr, "l"+addr, x, ends)
	if p != nil {
		return c.stop(at, p, false)
	}
	c.rows[at].Shape = n.Shape
	return n
}

// pathRows is the number of rows that a list of layers has.
func pathRows(layers []Layer) int {
	n := len(layers)
	for _, l := range layers {
		for _, p := range l.Paths {
			n += 1 + pathRows(p)
		}
	}
	return n
}
