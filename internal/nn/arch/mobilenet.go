package arch

import (
	"fmt"
	"strconv"

	"stride/internal/nn"
	"stride/internal/nn/op"
)

var (
	howard2017  = Paper{"Howard, Zhu, Chen, Kalenichenko, Wang, Weyand, Andreetto, Adam", "MobileNets: Efficient Convolutional Neural Networks for Mobile Vision Applications", "arXiv", 2017, "1704.04861", ""}
	sandler2018 = Paper{"Sandler, Howard, Zhu, Zhmoginov, Chen", "MobileNetV2: Inverted Residuals and Linear Bottlenecks", "CVPR 2018", 2018, "1801.04381", ""}
)

func mobilenets() []Arch {
	var all []Arch
	for _, percent := range []int{100, 75, 50, 25} {
		a := Arch{Name: "mobilenet_v1", Title: "MobileNet v1", Short: "v1", Family: "mobilenet", Paper: howard2017, Year: 2017, Input: rgb224, Labels: ImageNet,
			Build: mobilenetV1(mobileForm{width: percent, act: op.ReLU})}
		if percent < 100 {
			a.Name, a.Title, a.Short, a.Form = fmt.Sprintf("mobilenet_v1_%03d", percent), fmt.Sprintf("MobileNet v1, width 0.%02d", percent), fmt.Sprintf("v1 ×0.%02d", percent), AsPaper
		}
		all = append(all, a)
	}
	return append(all,
		Arch{Name: "mobilenet_v1_tf", Title: "MobileNet v1 (TensorFlow)", Short: "v1 TF", Family: "mobilenet", Paper: howard2017, Year: 2017, Input: rgb224, Labels: ImageNet, Form: AsWeights,
			Build: mobilenetV1(mobileForm{width: 100, act: op.ReLU6, same: true})},
		Arch{Name: "mobilenet_v2", Title: "MobileNet v2", Short: "v2", Family: "mobilenet", Paper: sandler2018, Year: 2018, Input: rgb224, Labels: ImageNet, Build: mobilenetV2})
}

// mobileForm is what the versions of MobileNet v1 differ in: the width multiplier in percent (§3.3), and the activation
// and padding of the public TensorFlow weights.
type mobileForm struct {
	width int
	act   op.Act
	same  bool
}

// mobileRows is Howard et al. 2017, Table 1: output channels and stride of the depthwise layer. The last stride is
// printed as 2 there, which the printed sizes contradict.
var mobileRows = [13]struct{ out, stride int }{
	{64, 1}, {128, 2}, {128, 1}, {256, 2}, {256, 1}, {512, 2},
	{512, 1}, {512, 1}, {512, 1}, {512, 1}, {512, 1}, {1024, 2}, {1024, 1},
}

func mobilenetV1(f mobileForm) func(*nn.Builder, *nn.Node) *nn.Node {
	conv := func(out, stride, groups int) op.Conv {
		c := op.Conv{Out: out, Kernel: 3, Stride: stride, Groups: groups, Same: f.same}
		if !f.same {
			c.Pad = 1
		}
		return c
	}
	return func(b *nn.Builder, x *nn.Node) *nn.Node {
		x = b.Add("relu1", f.act, convBN(b, "conv1", "bn1", x, conv(32*f.width/100, 2, 1), op.BatchNorm{}))
		for i, r := range mobileRows {
			s := b.Scope("blocks." + strconv.Itoa(i))
			x = s.Add("relu1", f.act, convBN(s, "dw", "bn1", x, conv(x.Shape.C, r.stride, x.Shape.C), op.BatchNorm{}))
			x = s.Add("relu2", f.act, convBN(s, "pw", "bn2", x, op.Conv{Out: r.out * f.width / 100, Kernel: 1}, op.BatchNorm{}))
		}
		return head(b, x, "avgpool", "fc", 1000)
	}
}

// mobilenetV2 is Sandler et al. 2018, Table 2: expansion t, channels c, repeats n, stride s.
func mobilenetV2(b *nn.Builder, x *nn.Node) *nn.Node {
	f := b.Scope("features")
	x = convBNAct(f.Scope("0"), x, op.Conv{Out: 32, Kernel: 3, Stride: 2, Pad: 1}, op.ReLU6, op.BatchNorm{})
	i := 1
	for _, r := range []struct{ t, c, n, s int }{
		{1, 16, 1, 1}, {6, 24, 2, 2}, {6, 32, 3, 2}, {6, 64, 4, 2}, {6, 96, 3, 1}, {6, 160, 3, 2}, {6, 320, 1, 1},
	} {
		for j := range r.n {
			stride := r.s
			if j > 0 {
				stride = 1
			}
			x = invertedResidual(f.Scope(strconv.Itoa(i)), x, r.t, r.c, stride)
			i++
		}
	}
	x = convBNAct(f.Scope(strconv.Itoa(i)), x, op.Conv{Out: 1280, Kernel: 1}, op.ReLU6, op.BatchNorm{})
	x = b.Add("flatten", op.Flatten{}, b.Add("adaptive_avg_pool2d", op.AdaptiveAvgPool{Out: 1}, x))
	return b.Add("classifier.1", op.Linear{Out: 1000}, b.Add("classifier.0", op.Dropout{P: 0.2}, x))
}

// convBNAct is a convolution, its normalisation and activation, numbered 0, 1, 2.
func convBNAct(b *nn.Builder, x *nn.Node, c op.Conv, act op.Act, norm op.BatchNorm) *nn.Node {
	return b.Add("2", act, convBN(b, "0", "1", x, c, norm))
}

// invertedResidual widens t times, convolves each channel by itself and projects back without an activation (Fig. 4).
func invertedResidual(b *nn.Builder, x *nn.Node, t, out, stride int) *nn.Node {
	c := b.Scope("conv")
	y, i := x, 0
	if t != 1 {
		y = convBNAct(c.Scope("0"), y, op.Conv{Out: t * x.Shape.C, Kernel: 1}, op.ReLU6, op.BatchNorm{})
		i++
	}
	y = convBNAct(c.Scope(strconv.Itoa(i)), y, op.Conv{Out: y.Shape.C, Kernel: 3, Stride: stride, Pad: 1, Groups: y.Shape.C}, op.ReLU6, op.BatchNorm{})
	y = convBN(c, strconv.Itoa(i+1), strconv.Itoa(i+2), y, op.Conv{Out: out, Kernel: 1}, op.BatchNorm{})
	if stride == 1 && x.Shape.C == out {
		y = b.Add("add", op.Add{}, x, y)
	}
	return y
}
