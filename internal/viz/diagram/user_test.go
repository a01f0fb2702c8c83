package diagram_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"stride/internal/nn"
	"stride/internal/nn/op"
	"stride/internal/nn/tensor"
	"stride/internal/viz/diagram"
)

// conv is a convolution that keeps the map's size.
func conv(out int) op.Conv { return op.Conv{Out: out, Kernel: 3, Pad: 1} }

// userGraphs are networks as a reader might make them: no scopes, unusual joins, very long, nothing but the input.
var userGraphs = map[string]func(b *nn.Builder, x *nn.Node) *nn.Node{
	"empty": func(b *nn.Builder, x *nn.Node) *nn.Node { return x },
	"one":   func(b *nn.Builder, x *nn.Node) *nn.Node { return b.Add("relu", op.ReLU, x) },
	"long": func(b *nn.Builder, x *nn.Node) *nn.Node {
		for i := range 300 {
			x = b.Add(fmt.Sprintf("r%d", i), op.ReLU, b.Add(fmt.Sprintf("c%d", i), conv(8), x))
		}
		return x
	},
	"encoder-decoder": func(b *nn.Builder, x *nn.Node) *nn.Node {
		var skips []*nn.Node
		for i := range 3 {
			x = b.Add(fmt.Sprintf("down%d", i), conv(8<<i), x)
			skips = append(skips, x)
			x = b.Add(fmt.Sprintf("stay%d", i), conv(8<<i), x)
		}
		for i := 2; i >= 0; i-- {
			x = b.Add(fmt.Sprintf("cat%d", i), op.Concat{}, x, skips[i])
			x = b.Add(fmt.Sprintf("up%d", i), conv(8<<i), x)
		}
		return x
	},
	"three lanes": func(b *nn.Builder, x *nn.Node) *nn.Node {
		var ys []*nn.Node
		for i := range 3 {
			ys = append(ys, b.Add(fmt.Sprintf("b%d_2", i), conv(16), b.Add(fmt.Sprintf("b%d_1", i), op.Conv{Out: 4, Kernel: 1}, x)))
		}
		y := b.Add("sum", op.Add{}, append(ys, b.Add("p", op.Conv{Out: 16, Kernel: 1}, x))...)
		return b.Add("fc", op.Linear{Out: 10}, b.Add("flatten", op.Flatten{}, b.Add("pool", op.AdaptiveAvgPool{Out: 1}, y)))
	},
	"twice the same": func(b *nn.Builder, x *nn.Node) *nn.Node {
		y := b.Add("c", conv(3), x)
		return b.Add("a", op.Add{}, y, y)
	},
	"crossed": func(b *nn.Builder, x *nn.Node) *nn.Node {
		p, q := b.Add("p", conv(8), x), b.Add("q", conv(8), x)
		r, s := b.Add("r", op.Add{}, p, q), b.Add("s", op.Mul{}, p, q)
		return b.Add("t", op.Concat{}, b.Add("u", conv(8), r), s, q)
	},
	"residual without scopes": func(b *nn.Builder, x *nn.Node) *nn.Node {
		x = b.Add("stem", conv(8), x)
		for i := range 3 {
			y := b.Add(fmt.Sprintf("c%da", i), conv(8), b.Add(fmt.Sprintf("r%d", i), op.ReLU, x))
			x = b.Add(fmt.Sprintf("add%d", i), op.Add{}, b.Add(fmt.Sprintf("c%db", i), conv(8), y), x)
		}
		return x
	},
	"loose end": func(b *nn.Builder, x *nn.Node) *nn.Node {
		b.Add("unread", conv(4), x)
		y := b.Add("read", conv(4), x)
		b.Add("tail", op.ReLU, y)
		return y
	},
}

// random is a graph whose nodes read any earlier ones.
func random(seed uint64, n int) func(b *nn.Builder, x *nn.Node) *nn.Node {
	return func(b *nn.Builder, x *nn.Node) *nn.Node {
		r := rand.New(rand.NewPCG(seed, 1))
		nodes := []*nn.Node{x}
		pick := func() *nn.Node { return nodes[max(0, len(nodes)-1-r.IntN(min(len(nodes), 9)))] }
		for i := range n {
			s := b
			if r.IntN(3) == 0 {
				s = b.Scope(fmt.Sprintf("s%d", r.IntN(5))).Scope(fmt.Sprint(r.IntN(4)))
			}
			name := fmt.Sprintf("n%d", i)
			var y *nn.Node
			switch r.IntN(6) {
			case 0:
				y = s.Add(name, op.Add{}, pick(), pick())
			case 1:
				y = s.Add(name, op.Concat{}, pick(), pick())
				y = s.Add(name+"c", op.Conv{Out: 3, Kernel: 1}, y)
			case 2:
				y = s.Add(name, op.ReLU, pick())
			default:
				y = s.Add(name, op.Conv{Out: 3, Kernel: 3, Pad: 1}, pick())
			}
			nodes = append(nodes, y)
		}
		return nodes[len(nodes)-1]
	}
}

func TestUserGraphs(t *testing.T) {
	all := map[string]func(b *nn.Builder, x *nn.Node) *nn.Node{}
	for name, f := range userGraphs {
		all[name] = f
	}
	for seed := range uint64(40) {
		all[fmt.Sprintf("random %d", seed)] = random(seed, 4+int(seed)*2)
	}
	for name, f := range all {
		t.Run(name, func(t *testing.T) {
			g, err := nn.Build(tensor.CHW(3, 16, 16), f)
			if err != nil {
				t.Fatal(err)
			}
			o := diagram.New(g)
			checkOutline(t, o)
			for _, b := range o.Blocks() {
				d := o.Draw(b)
				checkDrawing(t, b.Name, d, false)
				shows(t, b, d)
				if len(o.Twin(b)) != len(b.Layers)+len(b.Inputs) {
					t.Errorf("the twin of %s has %d lines", b.Name, len(o.Twin(b)))
				}
			}
			for _, s := range o.Stages {
				checkDrawing(t, s.Name, o.DrawStage(s), false)
			}
			checkDrawing(t, "network", o.DrawNetwork(), false)
			checkSilhouette(t, o, diagram.Wide)
			checkSilhouette(t, o, diagram.Compact)
			for _, n := range g.Nodes {
				if o.Nearest(o, n) != n {
					t.Errorf("the nearest to %s in its own network is %s", n.Path, o.Nearest(o, n).Path)
				}
			}
		})
	}
}
