package arch

import (
	"fmt"
	"strconv"

	"stride/internal/nn"
	"stride/internal/nn/op"
)

var simonyan2014 = Paper{"Simonyan, Zisserman", "Very Deep Convolutional Networks for Large-Scale Image Recognition", "ICLR 2015", 2014, "1409.1556", ""}

// VGG (Simonyan, Zisserman 2014, Table 1): five stages of 3×3 convolutions, each ended by a 2×2 pool. The table's
// columns A, B, D and E differ only in how many convolutions a stage has.
func vggs() []Arch {
	var all []Arch
	for _, bn := range []bool{false, true} {
		for _, v := range []struct {
			layers int
			convs  [5]int
		}{
			{11, [5]int{1, 1, 2, 2, 2}},
			{13, [5]int{2, 2, 2, 2, 2}},
			{16, [5]int{2, 2, 3, 3, 3}},
			{19, [5]int{2, 2, 4, 4, 4}},
		} {
			a := Arch{Name: fmt.Sprintf("vgg%d", v.layers), Title: fmt.Sprintf("VGG-%d", v.layers), Short: strconv.Itoa(v.layers), Family: "vgg",
				Paper: simonyan2014, Year: 2014, Input: rgb224, Labels: ImageNet, Build: vgg(v.convs, bn)}
			if bn {
				a.Name, a.Title, a.Short, a.Form = a.Name+"_bn", a.Title+" with batch norm", a.Short+" BN", AsVariant
			}
			all = append(all, a)
		}
	}
	return all
}

var vggChannels = [5]int{64, 128, 256, 512, 512}

func vgg(convs [5]int, bn bool) func(*nn.Builder, *nn.Node) *nn.Node {
	return func(b *nn.Builder, x *nn.Node) *nn.Node {
		f := sequence{b: b.Scope("features"), x: x}
		for stage, n := range convs {
			for range n {
				f.add(op.Conv{Out: vggChannels[stage], Kernel: 3, Pad: 1})
				if bn {
					f.add(op.BatchNorm{})
				}
				f.add(op.ReLU)
			}
			f.add(op.MaxPool{Kernel: 2})
		}
		x = b.Add("flatten", op.Flatten{}, b.Add("avgpool", op.AdaptiveAvgPool{Out: 7}, f.x))
		c := sequence{b: b.Scope("classifier"), x: x}
		c.add(op.Linear{Out: 4096}, op.ReLU, op.Dropout{P: 0.5})
		c.add(op.Linear{Out: 4096}, op.ReLU, op.Dropout{P: 0.5})
		return c.add(op.Linear{Out: 1000})
	}
}
