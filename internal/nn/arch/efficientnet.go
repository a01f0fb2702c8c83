package arch

import (
	"fmt"
	"math"
	"strconv"

	"stride/internal/nn"
	"stride/internal/nn/op"
	"stride/internal/nn/tensor"
)

var tan2019 = Paper{"Tan, Le", "EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks", "ICML 2019", 2019, "1905.11946", ""}

// Scaling is one row of the released compound-scaling table: how much wider and deeper than B0, at which resolution.
// The paper's rule is width 1.1^φ, depth 1.2^φ, resolution 1.15^φ; the released networks round it.
type Scaling struct {
	Width, Depth float64
	Resolution   int
	Dropout      float64
}

// Scalings are B0 … B7.
var Scalings = []Scaling{
	{1.0, 1.0, 224, 0.2}, {1.0, 1.1, 240, 0.2}, {1.1, 1.2, 260, 0.3}, {1.2, 1.4, 300, 0.3},
	{1.4, 1.8, 380, 0.4}, {1.6, 2.2, 456, 0.4}, {1.8, 2.6, 528, 0.5}, {2.0, 3.1, 600, 0.5},
}

// Channels rounds the scaled width to a multiple of 8, never below 90 % of it.
func (s Scaling) Channels(c int) int {
	v := float64(c) * s.Width
	r := max(8, int(v+4)/8*8)
	if float64(r) < 0.9*v {
		r += 8
	}
	return r
}

// Repeats rounds the scaled depth up.
func (s Scaling) Repeats(n int) int { return int(math.Ceil(s.Depth * float64(n))) }

// mbRows is Tan, Le 2019, Table 1, stages 2 to 8: expansion, kernel, stride, channels, repeats of B0.
var mbRows = []struct{ expand, kernel, stride, out, n int }{
	{1, 3, 1, 16, 1}, {6, 3, 2, 24, 2}, {6, 5, 2, 40, 2}, {6, 3, 2, 80, 3}, {6, 5, 1, 112, 3}, {6, 5, 2, 192, 4}, {6, 3, 1, 320, 1},
}

func efficientnets() []Arch {
	var all []Arch
	for i, s := range Scalings {
		eps := 0.0
		if i >= 5 {
			eps = 1e-3
		}
		all = append(all, Arch{Name: fmt.Sprintf("efficientnet_b%d", i), Title: fmt.Sprintf("EfficientNet-B%d", i), Short: fmt.Sprintf("B%d", i), Family: "efficientnet", Paper: tan2019, Year: 2019,
			Input: tensor.CHW(3, s.Resolution, s.Resolution), Labels: ImageNet, Build: efficientnet(s, op.BatchNorm{Eps: eps})})
	}
	return all
}

func efficientnet(s Scaling, norm op.BatchNorm) func(*nn.Builder, *nn.Node) *nn.Node {
	return func(b *nn.Builder, x *nn.Node) *nn.Node {
		f := b.Scope("features")
		x = convBNAct(f.Scope("0"), x, op.Conv{Out: s.Channels(32), Kernel: 3, Stride: 2, Pad: 1}, op.SiLU, norm)
		total := 0
		for _, r := range mbRows {
			total += s.Repeats(r.n)
		}
		id := 0
		for i, r := range mbRows {
			for j := range s.Repeats(r.n) {
				m := mbConv{expand: r.expand, kernel: r.kernel, stride: r.stride, out: s.Channels(r.out), norm: norm, act: op.SiLU,
					drop: 0.2 * float64(id) / float64(total)}
				if j > 0 {
					m.stride = 1
				}
				x = m.add(f.Scope(strconv.Itoa(i+1)).Scope(strconv.Itoa(j)), x)
				id++
			}
		}
		x = convBNAct(f.Scope("8"), x, op.Conv{Out: 4 * s.Channels(320), Kernel: 1}, op.SiLU, norm)
		x = b.Add("flatten", op.Flatten{}, b.Add("avgpool", op.AdaptiveAvgPool{Out: 1}, x))
		return b.Add("classifier.1", op.Linear{Out: 1000}, b.Add("classifier.0", op.Dropout{P: s.Dropout}, x))
	}
}

// mbConv is the mobile inverted bottleneck with squeeze-and-excitation: widen, depthwise, gate, project, add.
type mbConv struct {
	expand, kernel, stride, out int
	norm                        op.BatchNorm
	act                         op.Act
	drop                        float64
}

func (m mbConv) add(b *nn.Builder, x *nn.Node) *nn.Node {
	s := b.Scope("block")
	y, i := x, 0
	next := func() *nn.Builder { i++; return s.Scope(strconv.Itoa(i - 1)) }
	if m.expand != 1 {
		y = convBNAct(next(), y, op.Conv{Out: m.expand * x.Shape.C, Kernel: 1}, m.act, m.norm)
	}
	y = convBNAct(next(), y, op.Conv{Out: y.Shape.C, Kernel: m.kernel, Stride: m.stride, Pad: m.kernel / 2, Groups: y.Shape.C}, m.act, m.norm)
	y = squeezeExcite(next(), y, max(1, x.Shape.C/4))
	p := next()
	y = convBN(p, "0", "1", y, op.Conv{Out: m.out, Kernel: 1}, m.norm)
	if m.stride == 1 && x.Shape.C == m.out {
		y = b.Add("add", op.Add{}, b.Add("stochastic_depth", op.StochasticDepth{P: m.drop}, y), x)
	}
	return y
}

// squeezeExcite gates every map by a factor computed from the means of all maps (Hu et al. 2017, arXiv:1709.01507).
func squeezeExcite(b *nn.Builder, x *nn.Node, mid int) *nn.Node {
	g := b.Add("avgpool", op.AdaptiveAvgPool{Out: 1}, x)
	g = b.Add("activation", op.SiLU, b.Add("fc1", op.Conv{Out: mid, Kernel: 1}, g))
	g = b.Add("scale_activation", op.Sigmoid, b.Add("fc2", op.Conv{Out: x.Shape.C, Kernel: 1}, g))
	return b.Add("mul", op.Mul{}, g, x)
}
