package arch

import (
	"stride/internal/nn"
	"stride/internal/nn/op"
	"stride/internal/nn/tensor"
)

var (
	szegedy2014 = Paper{"Szegedy, Liu, Jia, Sermanet, Reed, Anguelov, Erhan, Vanhoucke, Rabinovich", "Going Deeper with Convolutions", "CVPR 2015", 2014, "1409.4842", ""}
	szegedy2015 = Paper{"Szegedy, Vanhoucke, Ioffe, Shlens, Wojna", "Rethinking the Inception Architecture for Computer Vision", "CVPR 2016", 2015, "1512.00567", ""}
)

func googlenets() []Arch {
	return []Arch{
		{Name: "googlenet", Title: "GoogLeNet", Short: "weights", Family: "inception", Paper: szegedy2014, Year: 2014, Input: rgb224, Labels: ImageNet, Form: AsWeights, Build: tvGoogLeNet},
		{Name: "googlenet_paper", Title: "GoogLeNet (paper)", Short: "paper", Family: "inception", Paper: szegedy2014, Year: 2014, Input: rgb224, Labels: ImageNet, Form: AsPaper, Build: paperGoogLeNet},
		{Name: "inception_v3", Title: "Inception v3", Short: "v3", Family: "inception", Paper: szegedy2015, Year: 2015, Input: tensor.CHW(3, 299, 299), Labels: ImageNet, Build: inceptionV3},
	}
}

// module is one row of the paper's Table 1: filters of the four branches, r for the 1×1 reduction in front.
type module struct {
	name                       string
	c1, r3, c3, r5, c5, poolTo int
}

// The nine inception modules; nil rows are the pools between them.
var googLeNetModules = [][]module{
	{{"3a", 64, 96, 128, 16, 32, 32}, {"3b", 128, 128, 192, 32, 96, 64}},
	{{"4a", 192, 96, 208, 16, 48, 64}, {"4b", 160, 112, 224, 24, 64, 64}, {"4c", 128, 128, 256, 24, 64, 64}, {"4d", 112, 144, 288, 32, 64, 64}, {"4e", 256, 160, 320, 32, 128, 128}},
	{{"5a", 256, 160, 320, 32, 128, 128}, {"5b", 384, 192, 384, 48, 128, 128}},
}

// paperGoogLeNet is the paper's Table 1 with the normalisation of the authors' Caffe release (the paper gives no values).
func paperGoogLeNet(b *nn.Builder, x *nn.Node) *nn.Node {
	lrn := op.LRN{N: 5, K: 1, Alpha: 1e-4, Beta: 0.75}
	pool := op.MaxPool{Kernel: 3, Stride: 2, Ceil: true}
	x = b.Add("relu1", op.ReLU, b.Add("conv1", op.Conv{Out: 64, Kernel: 7, Stride: 2, Pad: 3}, x))
	x = b.Add("norm1", lrn, b.Add("pool1", pool, x))
	x = b.Add("relu2_reduce", op.ReLU, b.Add("conv2_reduce", op.Conv{Out: 64, Kernel: 1}, x))
	x = b.Add("relu2", op.ReLU, b.Add("conv2", op.Conv{Out: 192, Kernel: 3, Pad: 1}, x))
	x = b.Add("pool2", pool, b.Add("norm2", lrn, x))
	for i, stage := range googLeNetModules {
		for _, m := range stage {
			x = paperModule(b.Scope("inception_"+m.name), x, m)
			if m.name == "4a" {
				paperAux(b, "aux1", x)
			}
			if m.name == "4d" {
				paperAux(b, "aux2", x)
			}
		}
		if i < 2 {
			x = b.Add([]string{"pool3", "pool4"}[i], pool, x)
		}
	}
	x = b.Add("avgpool", op.AvgPool{Kernel: 7, Stride: 1}, x)
	x = b.Add("drop", op.Dropout{P: 0.4}, b.Add("flatten", op.Flatten{}, x))
	return b.Add("fc", op.Linear{Out: 1000}, x)
}

func paperModule(b *nn.Builder, x *nn.Node, m module) *nn.Node {
	conv := func(name string, x *nn.Node, c op.Conv) *nn.Node {
		return b.Add(name+"_relu", op.ReLU, b.Add(name, c, x))
	}
	y1 := conv("b1", x, op.Conv{Out: m.c1, Kernel: 1})
	y2 := conv("b2", conv("b2_reduce", x, op.Conv{Out: m.r3, Kernel: 1}), op.Conv{Out: m.c3, Kernel: 3, Pad: 1})
	y3 := conv("b3", conv("b3_reduce", x, op.Conv{Out: m.r5, Kernel: 1}), op.Conv{Out: m.c5, Kernel: 5, Pad: 2})
	y4 := conv("b4", b.Add("b4_pool", op.MaxPool{Kernel: 3, Stride: 1, Pad: 1}, x), op.Conv{Out: m.poolTo, Kernel: 1})
	return b.Add("cat", op.Concat{}, y1, y2, y3, y4)
}

// paperAux is an auxiliary classifier (§5): it injects gradient in training and is thrown away afterwards.
func paperAux(b *nn.Builder, name string, x *nn.Node) {
	b.Aux(name, func(b *nn.Builder) *nn.Node {
		y := b.Add("pool", op.AvgPool{Kernel: 5, Stride: 3}, x)
		y = b.Add("conv_relu", op.ReLU, b.Add("conv", op.Conv{Out: 128, Kernel: 1}, y))
		y = b.Add("flatten", op.Flatten{}, y)
		y = b.Add("fc1_relu", op.ReLU, b.Add("fc1", op.Linear{Out: 1024}, y))
		return b.Add("fc2", op.Linear{Out: 1000}, b.Add("drop", op.Dropout{P: 0.7}, y))
	})
}

// tvGoogLeNet is the form of the public weights: batch norm instead of biases and LRN, 3×3 where the paper has 5×5.
func tvGoogLeNet(b *nn.Builder, x *nn.Node) *nn.Node {
	pool := op.MaxPool{Kernel: 3, Stride: 2, Ceil: true}
	x = basicConv(b, "conv1", x, op.Conv{Out: 64, Kernel: 7, Stride: 2, Pad: 3})
	x = basicConv(b, "conv2", b.Add("maxpool1", pool, x), op.Conv{Out: 64, Kernel: 1})
	x = basicConv(b, "conv3", x, op.Conv{Out: 192, Kernel: 3, Pad: 1})
	x = b.Add("maxpool2", pool, x)
	for i, stage := range googLeNetModules {
		for _, m := range stage {
			x = tvModule(b.Scope("inception"+m.name), x, m)
			if m.name == "4a" {
				tvAux(b, "aux1", x)
			}
			if m.name == "4d" {
				tvAux(b, "aux2", x)
			}
		}
		if i == 0 {
			x = b.Add("maxpool3", pool, x)
		} else if i == 1 {
			x = b.Add("maxpool4", op.MaxPool{Kernel: 2, Ceil: true}, x)
		}
	}
	x = b.Add("avgpool", op.AdaptiveAvgPool{Out: 1}, x)
	x = b.Add("dropout", op.Dropout{P: 0.2}, b.Add("flatten", op.Flatten{}, x))
	return b.Add("fc", op.Linear{Out: 1000}, x)
}

func tvModule(b *nn.Builder, x *nn.Node, m module) *nn.Node {
	y1 := basicConv(b, "branch1", x, op.Conv{Out: m.c1, Kernel: 1})
	y2 := basicConv(b, "branch2.1", basicConv(b, "branch2.0", x, op.Conv{Out: m.r3, Kernel: 1}), op.Conv{Out: m.c3, Kernel: 3, Pad: 1})
	y3 := basicConv(b, "branch3.1", basicConv(b, "branch3.0", x, op.Conv{Out: m.r5, Kernel: 1}), op.Conv{Out: m.c5, Kernel: 3, Pad: 1})
	y4 := basicConv(b, "branch4.1", b.Add("branch4.0", op.MaxPool{Kernel: 3, Stride: 1, Pad: 1, Ceil: true}, x), op.Conv{Out: m.poolTo, Kernel: 1})
	return b.Add("cat", op.Concat{}, y1, y2, y3, y4)
}

func tvAux(b *nn.Builder, name string, x *nn.Node) {
	b.Aux(name, func(b *nn.Builder) *nn.Node {
		y := b.Add("adaptive_avg_pool2d", op.AdaptiveAvgPool{Out: 4}, x)
		y = b.Add("flatten", op.Flatten{}, basicConv(b, "conv", y, op.Conv{Out: 128, Kernel: 1}))
		y = b.Add("relu", op.ReLU, b.Add("fc1", op.Linear{Out: 1024}, y))
		return b.Add("fc2", op.Linear{Out: 1000}, b.Add("dropout", op.Dropout{P: 0.7}, y))
	})
}
