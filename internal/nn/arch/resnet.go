package arch

import (
	"fmt"
	"strconv"

	"stride/internal/nn"
	"stride/internal/nn/op"
)

var he2015 = Paper{"He, Zhang, Ren, Sun", "Deep Residual Learning for Image Recognition", "CVPR 2016", 2015, "1512.03385", ""}

// ResNet (He et al. 2015, Table 1): four stages of residual blocks. In a stage's first block the paper halves the map in
// the first 1×1 of the bottleneck (v1), the public weights in its 3×3 (called v1.5). Plain nets are the same without
// shortcuts.
func resnets() []Arch {
	net := func(name, title, short string, form Form, build func(*nn.Builder, *nn.Node) *nn.Node) Arch {
		return Arch{Name: name, Title: title, Short: short, Family: "resnet", Paper: he2015, Year: 2015, Input: rgb224, Labels: ImageNet, Form: form, Build: build}
	}
	return []Arch{
		net("resnet18", "ResNet-18", "18", AsBoth, resnet(basicBlock, 2, 2, 2, 2)),
		net("resnet34", "ResNet-34", "34", AsBoth, resnet(basicBlock, 3, 4, 6, 3)),
		net("resnet50", "ResNet-50", "50", AsWeights, resnet(bottleneck, 3, 4, 6, 3)),
		net("resnet101", "ResNet-101", "101", AsWeights, resnet(bottleneck, 3, 4, 23, 3)),
		net("resnet152", "ResNet-152", "152", AsWeights, resnet(bottleneck, 3, 8, 36, 3)),
		net("resnet50_v1", "ResNet-50 v1 (paper)", "50 v1", AsPaper, resnet(bottleneckV1, 3, 4, 6, 3)),
		net("resnet101_v1", "ResNet-101 v1 (paper)", "101 v1", AsPaper, resnet(bottleneckV1, 3, 4, 23, 3)),
		net("resnet152_v1", "ResNet-152 v1 (paper)", "152 v1", AsPaper, resnet(bottleneckV1, 3, 8, 36, 3)),
		net("plain18", "Plain-18", "plain 18", AsPaper, resnet(plainBlock, 2, 2, 2, 2)),
		net("plain34", "Plain-34", "plain 34", AsPaper, resnet(plainBlock, 3, 4, 6, 3)),
	}
}

// block adds one residual block; planes is its width before a bottleneck's last 1×1 makes it four times wider.
type block func(b *nn.Builder, x *nn.Node, planes, stride int) *nn.Node

func resnet(bl block, counts ...int) func(*nn.Builder, *nn.Node) *nn.Node {
	return func(b *nn.Builder, x *nn.Node) *nn.Node {
		x = convBN(b, "conv1", "bn1", x, op.Conv{Out: 64, Kernel: 7, Stride: 2, Pad: 3}, op.BatchNorm{})
		x = b.Add("maxpool", op.MaxPool{Kernel: 3, Stride: 2, Pad: 1}, b.Add("relu", op.ReLU, x))
		for i, n := range counts {
			x = stage(b.Scope(fmt.Sprintf("layer%d", i+1)), bl, x, n, 64<<i, min(i, 1)+1)
		}
		return head(b, x, "avgpool", "fc", 1000)
	}
}

// stage is n blocks, of which the first may halve the map.
func stage(b *nn.Builder, bl block, x *nn.Node, n, planes, stride int) *nn.Node {
	for i := range n {
		x = bl(b.Scope(strconv.Itoa(i)), x, planes, stride)
		stride = 1
	}
	return x
}

func basicBlock(b *nn.Builder, x *nn.Node, planes, stride int) *nn.Node {
	y := convBN(b, "conv1", "bn1", x, op.Conv{Out: planes, Kernel: 3, Stride: stride, Pad: 1}, op.BatchNorm{})
	y = b.Add("relu", op.ReLU, y)
	y = convBN(b, "conv2", "bn2", y, op.Conv{Out: planes, Kernel: 3, Pad: 1}, op.BatchNorm{})
	return b.Add("relu_1", op.ReLU, b.Add("add", op.Add{}, y, shortcut(b, x, planes, stride)))
}

func bottleneck(b *nn.Builder, x *nn.Node, planes, stride int) *nn.Node {
	return bottleneckAt(b, x, planes, 1, stride)
}

func bottleneckV1(b *nn.Builder, x *nn.Node, planes, stride int) *nn.Node {
	return bottleneckAt(b, x, planes, stride, 1)
}

// bottleneckAt squeezes to planes channels, convolves there and widens to four times as many (Fig. 5, right). s1 and s3
// are the strides of the first 1×1 and of the 3×3.
func bottleneckAt(b *nn.Builder, x *nn.Node, planes, s1, s3 int) *nn.Node {
	y := convBN(b, "conv1", "bn1", x, op.Conv{Out: planes, Kernel: 1, Stride: s1}, op.BatchNorm{})
	y = b.Add("relu", op.ReLU, y)
	y = convBN(b, "conv2", "bn2", y, op.Conv{Out: planes, Kernel: 3, Stride: s3, Pad: 1}, op.BatchNorm{})
	y = b.Add("relu_1", op.ReLU, y)
	y = convBN(b, "conv3", "bn3", y, op.Conv{Out: 4 * planes, Kernel: 1}, op.BatchNorm{})
	return b.Add("relu_2", op.ReLU, b.Add("add", op.Add{}, y, shortcut(b, x, 4*planes, s1*s3)))
}

func plainBlock(b *nn.Builder, x *nn.Node, planes, stride int) *nn.Node {
	y := convBN(b, "conv1", "bn1", x, op.Conv{Out: planes, Kernel: 3, Stride: stride, Pad: 1}, op.BatchNorm{})
	y = b.Add("relu1", op.ReLU, y)
	y = convBN(b, "conv2", "bn2", y, op.Conv{Out: planes, Kernel: 3, Pad: 1}, op.BatchNorm{})
	return b.Add("relu2", op.ReLU, y)
}

// shortcut is x itself, or a 1×1 projection where the shape changes (option B, §3.3).
func shortcut(b *nn.Builder, x *nn.Node, out, stride int) *nn.Node {
	if stride == 1 && x.Shape.C == out {
		return x
	}
	return convBN(b, "downsample.0", "downsample.1", x, op.Conv{Out: out, Kernel: 1, Stride: stride}, op.BatchNorm{})
}

// cifars are the small ResNets of §4.2 for 32×32 pictures: n blocks in each of three stages of 16, 32 and 64 channels,
// 6n+2 layers; shortcuts without parameters (option A).
func cifars() []Arch {
	var all []Arch
	for _, kind := range []struct {
		name, title, short string
		bl                 block
	}{{"resnet", "ResNet", "", padBlock}, {"plain", "Plain", "plain ", plainBlock}} {
		for _, layers := range []int{20, 32, 44, 56, 110} {
			all = append(all, Arch{Name: fmt.Sprintf("cifar_%s%d", kind.name, layers), Title: fmt.Sprintf("%s-%d for CIFAR", kind.title, layers), Short: kind.short + strconv.Itoa(layers),
				Family: "resnet", Paper: he2015, Year: 2015, Input: rgb32, Labels: CIFAR10, Form: AsPaper, Build: cifar(kind.bl, (layers-2)/6)})
		}
	}
	return all
}

func cifar(bl block, n int) func(*nn.Builder, *nn.Node) *nn.Node {
	return func(b *nn.Builder, x *nn.Node) *nn.Node {
		x = b.Add("relu", op.ReLU, convBN(b, "conv1", "bn1", x, op.Conv{Out: 16, Kernel: 3, Pad: 1}, op.BatchNorm{}))
		for i := range 3 {
			x = stage(b.Scope(fmt.Sprintf("layer%d", i+1)), bl, x, n, 16<<i, min(i, 1)+1)
		}
		return head(b, x, "avgpool", "fc", 10)
	}
}

// padBlock is a basic block whose shortcut has no parameters.
func padBlock(b *nn.Builder, x *nn.Node, planes, stride int) *nn.Node {
	y := convBN(b, "conv1", "bn1", x, op.Conv{Out: planes, Kernel: 3, Stride: stride, Pad: 1}, op.BatchNorm{})
	y = b.Add("relu1", op.ReLU, y)
	y = convBN(b, "conv2", "bn2", y, op.Conv{Out: planes, Kernel: 3, Pad: 1}, op.BatchNorm{})
	if stride != 1 {
		x = b.Add("getitem", op.Subsample{Step: stride}, x)
	}
	if x.Shape.C != planes {
		x = b.Add("pad", op.PadChannels{Out: planes}, x)
	}
	return b.Add("relu2", op.ReLU, b.Add("add", op.Add{}, y, x))
}
