package arch

import (
	"fmt"
	"strconv"

	"stride/internal/nn"
	"stride/internal/nn/op"
)

// MiniClasses is the number of classes of the composed drawings.
const MiniClasses = 36

// minis are small networks of each family's idea for 64×64 pictures, trained by the project itself. All use convolutions
// without bias, batch norm and ReLU, and end at 8×8, so that even the last maps can be read.
func minis() []Arch {
	mini := func(name, title, family string, p Paper, build func(*nn.Builder, *nn.Node) *nn.Node) Arch {
		return Arch{Name: name, Title: title, Family: family, Paper: p, Year: p.Year, Input: rgb64, Labels: Drawings, Form: AsMiniature, Build: build}
	}
	return []Arch{
		mini("mini_alexnet", "Mini AlexNet", "alexnet", krizhevsky2012, miniAlexNet),
		mini("mini_vgg", "Mini VGG", "vgg", simonyan2014, miniVGG),
		mini("mini_googlenet", "Mini GoogLeNet", "inception", szegedy2014, miniGoogLeNet),
		mini("mini_resnet", "Mini ResNet", "resnet", he2015, miniResNet(basicBlock)),
		mini("mini_mobilenet", "Mini MobileNet", "mobilenet", howard2017, miniMobileNet),
		mini("mini_densenet", "Mini DenseNet", "densenet", huang2016, miniDenseNet),
		mini("mini_efficientnet", "Mini EfficientNet", "efficientnet", tan2019, miniEfficientNet),
		mini("mini_resnet31", "Mini ResNet-31", "resnet", he2015, miniDeep(padBlock)),
		mini("mini_plain31", "Mini Plain-31", "resnet", he2015, miniDeep(plainBlock)),
	}
}

// miniConv is the conv–bn–relu of the miniatures, in a scope of its own.
func miniConv(b *nn.Builder, name string, x *nn.Node, c op.Conv) *nn.Node {
	s := b.Scope(name)
	return s.Add("relu", op.ReLU, convBN(s, "conv", "bn", x, c, op.BatchNorm{}))
}

var miniPool = op.MaxPool{Kernel: 3, Stride: 2, Pad: 1}

func miniAlexNet(b *nn.Builder, x *nn.Node) *nn.Node {
	x = miniConv(b, "conv1", x, op.Conv{Out: 32, Kernel: 9, Stride: 2, Pad: 4})
	x = b.Add("pool1", miniPool, x)
	x = miniConv(b, "conv2", x, op.Conv{Out: 48, Kernel: 5, Pad: 2})
	x = b.Add("pool2", miniPool, x)
	x = miniConv(b, "conv3", x, op.Conv{Out: 64, Kernel: 3, Pad: 1})
	x = miniConv(b, "conv4", x, op.Conv{Out: 64, Kernel: 3, Pad: 1})
	x = b.Add("avgpool", op.AdaptiveAvgPool{Out: 4}, b.Add("pool4", miniPool, x)) // as in torchvision: a no-op at 64×64
	x = b.Add("flatten", op.Flatten{}, x)
	x = b.Add("bn5", op.BatchNorm{}, b.Add("fc5", op.Linear{Out: 160}, b.Add("drop4", op.Dropout{P: 0.3}, x)))
	return b.Add("fc6", op.Linear{Out: MiniClasses}, b.Add("drop5", op.Dropout{P: 0.2}, b.Add("relu5", op.ReLU, x)))
}

func miniVGG(b *nn.Builder, x *nn.Node) *nn.Node {
	for i, stage := range [][]int{{12, 12}, {24, 24}, {48, 48}, {96, 96, 96}} {
		for j, out := range stage {
			x = miniConv(b, fmt.Sprintf("conv%d_%d", i+1, j+1), x, op.Conv{Out: out, Kernel: 3, Pad: 1})
		}
		if i < 3 {
			x = b.Add(fmt.Sprintf("pool%d", i+1), op.MaxPool{Kernel: 2}, x)
		}
	}
	return head(b, x, "avgpool", "fc", MiniClasses)
}

// miniGoogLeNet has the true 5×5 branches and both auxiliary classifiers.
func miniGoogLeNet(b *nn.Builder, x *nn.Node) *nn.Node {
	x = miniConv(b, "conv1", x, op.Conv{Out: 32, Kernel: 7, Stride: 2, Pad: 3})
	x = b.Add("pool1", miniPool, x)
	for i, m := range []module{{"3a", 16, 16, 24, 4, 8, 8}, {"3b", 24, 24, 40, 8, 16, 16}, {"4a", 32, 32, 64, 8, 16, 16}, {"4b", 48, 40, 80, 12, 32, 32}} {
		if i == 2 {
			miniAux(b, "aux1", x)
			x = b.Add("pool3", miniPool, x)
		}
		x = miniModule(b.Scope("inception_"+m.name), x, m)
		if i == 2 {
			miniAux(b, "aux2", x)
		}
	}
	return head(b, x, "avgpool", "fc", MiniClasses)
}

func miniModule(b *nn.Builder, x *nn.Node, m module) *nn.Node {
	y1 := miniConv(b, "b1", x, op.Conv{Out: m.c1, Kernel: 1})
	y2 := miniConv(b, "b2", miniConv(b, "b2_reduce", x, op.Conv{Out: m.r3, Kernel: 1}), op.Conv{Out: m.c3, Kernel: 3, Pad: 1})
	y3 := miniConv(b, "b3", miniConv(b, "b3_reduce", x, op.Conv{Out: m.r5, Kernel: 1}), op.Conv{Out: m.c5, Kernel: 5, Pad: 2})
	y4 := miniConv(b, "b4", b.Add("b4_pool", op.MaxPool{Kernel: 3, Stride: 1, Pad: 1}, x), op.Conv{Out: m.poolTo, Kernel: 1})
	return b.Add("cat", op.Concat{}, y1, y2, y3, y4)
}

func miniAux(b *nn.Builder, name string, x *nn.Node) {
	b.Aux(name, func(b *nn.Builder) *nn.Node {
		y := miniConv(b, "conv", b.Add("pool", op.AdaptiveAvgPool{Out: 4}, x), op.Conv{Out: 24, Kernel: 1})
		return b.Add("fc", op.Linear{Out: MiniClasses}, b.Add("flatten", op.Flatten{}, y))
	})
}

func miniResNet(bl block) func(*nn.Builder, *nn.Node) *nn.Node {
	return func(b *nn.Builder, x *nn.Node) *nn.Node {
		x = b.Add("relu", op.ReLU, convBN(b, "conv1", "bn1", x, op.Conv{Out: 24, Kernel: 7, Stride: 2, Pad: 3}, op.BatchNorm{}))
		for i, r := range []struct{ planes, stride int }{{32, 2}, {32, 1}, {64, 2}, {64, 1}, {96, 1}} {
			x = bl(b.Scope("block"+strconv.Itoa(i+1)), x, r.planes, r.stride)
		}
		return head(b, x, "avgpool", "fc", MiniClasses)
	}
}

// miniDeep is the deep pair of the residual lesson: 32 layers with weights, 31 of them convolutions. The shortcuts have no
// parameters, so that both networks of the pair have the same ones.
func miniDeep(bl block) func(*nn.Builder, *nn.Node) *nn.Node {
	return func(b *nn.Builder, x *nn.Node) *nn.Node {
		x = b.Add("relu", op.ReLU, convBN(b, "conv1", "bn1", x, op.Conv{Out: 16, Kernel: 7, Stride: 2, Pad: 3}, op.BatchNorm{}))
		x = b.Add("maxpool", miniPool, x)
		for i, r := range []struct{ planes, stride int }{{16, 1}, {32, 2}, {48, 1}} {
			x = stage(b.Scope(fmt.Sprintf("layer%d", i+1)), bl, x, 5, r.planes, r.stride)
		}
		return head(b, x, "avgpool", "fc", MiniClasses)
	}
}

func miniMobileNet(b *nn.Builder, x *nn.Node) *nn.Node {
	x = b.Add("relu1", op.ReLU, convBN(b, "conv1", "bn1", x, op.Conv{Out: 24, Kernel: 5, Stride: 2, Pad: 2}, op.BatchNorm{}))
	for i, r := range []struct{ out, stride int }{{48, 2}, {48, 1}, {96, 2}, {96, 1}, {96, 1}, {192, 1}, {192, 1}, {256, 1}} {
		s := b.Scope("blocks." + strconv.Itoa(i))
		x = s.Add("relu1", op.ReLU, convBN(s, "dw", "bn1", x, op.Conv{Out: x.Shape.C, Kernel: 3, Stride: r.stride, Pad: 1, Groups: x.Shape.C}, op.BatchNorm{}))
		x = s.Add("relu2", op.ReLU, convBN(s, "pw", "bn2", x, op.Conv{Out: r.out, Kernel: 1}, op.BatchNorm{}))
	}
	return head(b, x, "avgpool", "fc", MiniClasses)
}

func miniDenseNet(b *nn.Builder, x *nn.Node) *nn.Node {
	f := b.Scope("features")
	x = convBN(f, "conv0", "norm0", x, op.Conv{Out: 24, Kernel: 7, Stride: 2, Pad: 3}, op.BatchNorm{})
	x = f.Add("pool0", miniPool, f.Add("relu0", op.ReLU, x))
	x = denseBlock(f.Scope("denseblock1"), x, 6, 16)
	x = transition(f.Scope("transition1"), x, 64)
	x = denseBlock(f.Scope("denseblock2"), x, 8, 16)
	x = b.Add("relu", op.ReLU, f.Add("norm5", op.BatchNorm{}, x))
	return head(b, x, "adaptive_avg_pool2d", "classifier", MiniClasses)
}

func miniEfficientNet(b *nn.Builder, x *nn.Node) *nn.Node {
	f := b.Scope("features")
	x = convBNAct(f.Scope("0"), x, op.Conv{Out: 24, Kernel: 3, Stride: 2, Pad: 1}, op.ReLU, op.BatchNorm{})
	for i, m := range []mbConv{
		{expand: 1, kernel: 3, stride: 1, out: 16}, {expand: 4, kernel: 3, stride: 2, out: 24}, {expand: 4, kernel: 3, stride: 1, out: 24},
		{expand: 4, kernel: 5, stride: 2, out: 40}, {expand: 4, kernel: 5, stride: 1, out: 40}, {expand: 4, kernel: 5, stride: 1, out: 64}, {expand: 4, kernel: 5, stride: 1, out: 64},
	} {
		m.act = op.ReLU
		x = m.add(f.Scope(strconv.Itoa(i+1)), x)
	}
	x = convBNAct(f.Scope("8"), x, op.Conv{Out: 192, Kernel: 1}, op.ReLU, op.BatchNorm{})
	return head(b, x, "avgpool", "classifier", MiniClasses)
}
