package arch

import (
	"fmt"
	"strconv"

	"stride/internal/nn"
	"stride/internal/nn/op"
)

var huang2016 = Paper{"Huang, Liu, van der Maaten, Weinberger", "Densely Connected Convolutional Networks", "CVPR 2017", 2017, "1608.06993", ""}

// DenseNet (Huang et al. 2016, Table 1): every layer reads all maps before it in its block and adds growth new ones;
// transitions halve channels and map. The number counts layers: 1 + 2·Σ layers + 3 transitions + 1.
func densenets() []Arch {
	var all []Arch
	for _, d := range []struct {
		number, growth, stem int
		layers               [4]int
	}{
		{121, 32, 64, [4]int{6, 12, 24, 16}},
		{161, 48, 96, [4]int{6, 12, 36, 24}},
		{169, 32, 64, [4]int{6, 12, 32, 32}},
		{201, 32, 64, [4]int{6, 12, 48, 32}},
	} {
		all = append(all, Arch{Name: fmt.Sprintf("densenet%d", d.number), Title: fmt.Sprintf("DenseNet-%d", d.number), Short: strconv.Itoa(d.number), Family: "densenet",
			Paper: huang2016, Year: 2017, Input: rgb224, Labels: ImageNet, Build: densenet(d.growth, d.stem, d.layers)})
	}
	return all
}

func densenet(growth, stem int, layers [4]int) func(*nn.Builder, *nn.Node) *nn.Node {
	return func(b *nn.Builder, x *nn.Node) *nn.Node {
		f := b.Scope("features")
		x = convBN(f, "conv0", "norm0", x, op.Conv{Out: stem, Kernel: 7, Stride: 2, Pad: 3}, op.BatchNorm{})
		x = f.Add("pool0", op.MaxPool{Kernel: 3, Stride: 2, Pad: 1}, f.Add("relu0", op.ReLU, x))
		for i, n := range layers {
			x = denseBlock(f.Scope(fmt.Sprintf("denseblock%d", i+1)), x, n, growth)
			if i < len(layers)-1 {
				x = transition(f.Scope(fmt.Sprintf("transition%d", i+1)), x, x.Shape.C/2)
			}
		}
		x = b.Add("relu", op.ReLU, f.Add("norm5", op.BatchNorm{}, x))
		return head(b, x, "adaptive_avg_pool2d", "classifier", 1000)
	}
}

// denseBlock concatenates the input and all layers; each layer squeezes what it reads to 4·growth channels first (the
// bottleneck of §3, DenseNet-B).
func denseBlock(b *nn.Builder, x *nn.Node, layers, growth int) *nn.Node {
	maps := []*nn.Node{x}
	for i := range layers {
		s := b.Scope(fmt.Sprintf("denselayer%d", i+1))
		y := s.Add("cat", op.Concat{}, append([]*nn.Node(nil), maps...)...)
		y = s.Add("relu1", op.ReLU, s.Add("norm1", op.BatchNorm{}, y))
		y = convBN(s, "conv1", "norm2", y, op.Conv{Out: 4 * growth, Kernel: 1}, op.BatchNorm{})
		y = s.Add("conv2", op.Conv{Out: growth, Kernel: 3, Pad: 1, NoBias: true}, s.Add("relu2", op.ReLU, y))
		maps = append(maps, y)
	}
	return b.Add("cat", op.Concat{}, maps...)
}

func transition(b *nn.Builder, x *nn.Node, out int) *nn.Node {
	x = b.Add("relu", op.ReLU, b.Add("norm", op.BatchNorm{}, x))
	return b.Add("pool", op.AvgPool{Kernel: 2}, b.Add("conv", op.Conv{Out: out, Kernel: 1, NoBias: true}, x))
}
