package arch

import (
	"stride/internal/nn"
	"stride/internal/nn/op"
	"stride/internal/nn/tensor"
)

var (
	krizhevsky2012 = Paper{"Krizhevsky, Sutskever, Hinton", "ImageNet Classification with Deep Convolutional Neural Networks", "NIPS 2012", 2012, "", ""}
	krizhevsky2014 = Paper{"Krizhevsky", "One weird trick for parallelizing convolutional neural networks", "arXiv", 2014, "1404.5997", ""}
)

// AlexNet. The paper's network was split over two graphics cards, which conv2, conv4 and conv5 remember as two groups;
// its 224×224 input only works out at 227. The public weights are those of the 2014 single-tower network.
func alexnets() []Arch {
	return []Arch{
		{Name: "alexnet", Title: "AlexNet", Short: "weights", Family: "alexnet", Paper: krizhevsky2014, Year: 2014, Input: rgb224, Labels: ImageNet, Form: AsWeights, Build: oneTower},
		{Name: "alexnet_paper", Title: "AlexNet (paper)", Short: "paper", Family: "alexnet", Paper: krizhevsky2012, Year: 2012, Input: tensor.CHW(3, 227, 227), Labels: ImageNet, Form: AsPaper, Build: twoTowers(2)},
		{Name: "alexnet_ungrouped", Title: "AlexNet (paper, without groups)", Short: "no groups", Family: "alexnet", Paper: krizhevsky2012, Year: 2012, Input: tensor.CHW(3, 227, 227), Labels: ImageNet, Form: AsVariant, Build: twoTowers(1)},
	}
}

// twoTowers is the paper's §3.5; the order conv, ReLU, normalisation, pooling is its Fig. 2 and §3.3–3.4.
func twoTowers(groups int) func(*nn.Builder, *nn.Node) *nn.Node {
	lrn := op.LRN{N: 5, K: 2, Alpha: 1e-4, Beta: 0.75, Sum: true}
	pool := op.MaxPool{Kernel: 3, Stride: 2}
	return func(b *nn.Builder, x *nn.Node) *nn.Node {
		x = b.Add("relu1", op.ReLU, b.Add("conv1", op.Conv{Out: 96, Kernel: 11, Stride: 4}, x))
		x = b.Add("pool1", pool, b.Add("norm1", lrn, x))
		x = b.Add("relu2", op.ReLU, b.Add("conv2", op.Conv{Out: 256, Kernel: 5, Pad: 2, Groups: groups}, x))
		x = b.Add("pool2", pool, b.Add("norm2", lrn, x))
		x = b.Add("relu3", op.ReLU, b.Add("conv3", op.Conv{Out: 384, Kernel: 3, Pad: 1}, x))
		x = b.Add("relu4", op.ReLU, b.Add("conv4", op.Conv{Out: 384, Kernel: 3, Pad: 1, Groups: groups}, x))
		x = b.Add("relu5", op.ReLU, b.Add("conv5", op.Conv{Out: 256, Kernel: 3, Pad: 1, Groups: groups}, x))
		x = b.Add("flatten", op.Flatten{}, b.Add("pool5", pool, x))
		x = b.Add("relu6", op.ReLU, b.Add("fc6", op.Linear{Out: 4096}, x))
		x = b.Add("relu7", op.ReLU, b.Add("fc7", op.Linear{Out: 4096}, b.Add("drop6", op.Dropout{P: 0.5}, x)))
		return b.Add("fc8", op.Linear{Out: 1000}, b.Add("drop7", op.Dropout{P: 0.5}, x))
	}
}

func oneTower(b *nn.Builder, x *nn.Node) *nn.Node {
	pool := op.MaxPool{Kernel: 3, Stride: 2}
	f := sequence{b: b.Scope("features"), x: x}
	f.add(op.Conv{Out: 64, Kernel: 11, Stride: 4, Pad: 2}, op.ReLU, pool)
	f.add(op.Conv{Out: 192, Kernel: 5, Pad: 2}, op.ReLU, pool)
	f.add(op.Conv{Out: 384, Kernel: 3, Pad: 1}, op.ReLU)
	f.add(op.Conv{Out: 256, Kernel: 3, Pad: 1}, op.ReLU)
	f.add(op.Conv{Out: 256, Kernel: 3, Pad: 1}, op.ReLU, pool)
	x = b.Add("flatten", op.Flatten{}, b.Add("avgpool", op.AdaptiveAvgPool{Out: 6}, f.x))
	c := sequence{b: b.Scope("classifier"), x: x}
	c.add(op.Dropout{P: 0.5}, op.Linear{Out: 4096}, op.ReLU)
	c.add(op.Dropout{P: 0.5}, op.Linear{Out: 4096}, op.ReLU)
	return c.add(op.Linear{Out: 1000})
}
