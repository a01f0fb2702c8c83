package arch

import (
	"strconv"

	"stride/internal/nn"
	"stride/internal/nn/op"
)

// inceptionV3 is Szegedy et al. 2015, Table 1, in the form of the public weights. The modules are those of its Figs. 5
// (two 3×3 for a 5×5), 6 (1×7 and 7×1), 7 (outputs side by side) and 10 (reduction).
func inceptionV3(b *nn.Builder, x *nn.Node) *nn.Node {
	pool := op.MaxPool{Kernel: 3, Stride: 2}
	x = basicConv(b, "Conv2d_1a_3x3", x, op.Conv{Out: 32, Kernel: 3, Stride: 2})
	x = basicConv(b, "Conv2d_2a_3x3", x, op.Conv{Out: 32, Kernel: 3})
	x = basicConv(b, "Conv2d_2b_3x3", x, op.Conv{Out: 64, Kernel: 3, Pad: 1})
	x = basicConv(b, "Conv2d_3b_1x1", b.Add("maxpool1", pool, x), op.Conv{Out: 80, Kernel: 1})
	x = basicConv(b, "Conv2d_4a_3x3", x, op.Conv{Out: 192, Kernel: 3})
	x = b.Add("maxpool2", pool, x)
	for _, m := range []struct {
		name   string
		poolTo int
	}{{"Mixed_5b", 32}, {"Mixed_5c", 64}, {"Mixed_5d", 64}} {
		x = inceptionA(b.Scope(m.name), x, m.poolTo)
	}
	x = inceptionB(b.Scope("Mixed_6a"), x)
	for _, m := range []struct {
		name string
		mid  int
	}{{"Mixed_6b", 128}, {"Mixed_6c", 160}, {"Mixed_6d", 160}, {"Mixed_6e", 192}} {
		x = inceptionC(b.Scope(m.name), x, m.mid)
	}
	inceptionAux(b, x)
	x = inceptionD(b.Scope("Mixed_7a"), x)
	x = inceptionE(b.Scope("Mixed_7b"), x)
	x = inceptionE(b.Scope("Mixed_7c"), x)
	x = b.Add("dropout", op.Dropout{P: 0.5}, b.Add("avgpool", op.AdaptiveAvgPool{Out: 1}, x))
	return b.Add("fc", op.Linear{Out: 1000}, b.Add("flatten", op.Flatten{}, x))
}

// step is one convolution of a branch: filters, kernel and stride; padding keeps the size at stride 1 and is 0 at stride 2.
type step struct{ out, kh, kw, stride int }

func (s step) conv() op.Conv {
	c := op.Conv{Out: s.out, Stride: s.stride}
	if s.kh == s.kw {
		c.Kernel = s.kh
		if s.stride == 1 {
			c.Pad = s.kh / 2
		}
	} else {
		c.Size, c.Pads = [2]int{s.kh, s.kw}, [2]int{s.kh / 2, s.kw / 2}
	}
	return c
}

// branch chains convolutions named prefix_1, prefix_2 …
func branch(b *nn.Builder, prefix string, x *nn.Node, steps ...step) *nn.Node {
	for i, s := range steps {
		x = basicConv(b, prefix+"_"+strconv.Itoa(i+1), x, s.conv())
	}
	return x
}

func branchPool(b *nn.Builder, x *nn.Node, out int) *nn.Node {
	return basicConv(b, "branch_pool", b.Add("avg_pool2d", op.AvgPool{Kernel: 3, Stride: 1, Pad: 1}, x), op.Conv{Out: out, Kernel: 1})
}

func inceptionA(b *nn.Builder, x *nn.Node, poolTo int) *nn.Node {
	y1 := basicConv(b, "branch1x1", x, op.Conv{Out: 64, Kernel: 1})
	y2 := branch(b, "branch5x5", x, step{48, 1, 1, 1}, step{64, 5, 5, 1})
	y3 := branch(b, "branch3x3dbl", x, step{64, 1, 1, 1}, step{96, 3, 3, 1}, step{96, 3, 3, 1})
	return b.Add("cat", op.Concat{}, y1, y2, y3, branchPool(b, x, poolTo))
}

func inceptionB(b *nn.Builder, x *nn.Node) *nn.Node {
	y1 := basicConv(b, "branch3x3", x, op.Conv{Out: 384, Kernel: 3, Stride: 2})
	y2 := branch(b, "branch3x3dbl", x, step{64, 1, 1, 1}, step{96, 3, 3, 1}, step{96, 3, 3, 2})
	return b.Add("cat", op.Concat{}, y1, y2, b.Add("max_pool2d", op.MaxPool{Kernel: 3, Stride: 2}, x))
}

func inceptionC(b *nn.Builder, x *nn.Node, mid int) *nn.Node {
	y1 := basicConv(b, "branch1x1", x, op.Conv{Out: 192, Kernel: 1})
	y2 := branch(b, "branch7x7", x, step{mid, 1, 1, 1}, step{mid, 1, 7, 1}, step{192, 7, 1, 1})
	y3 := branch(b, "branch7x7dbl", x, step{mid, 1, 1, 1}, step{mid, 7, 1, 1}, step{mid, 1, 7, 1}, step{mid, 7, 1, 1}, step{192, 1, 7, 1})
	return b.Add("cat", op.Concat{}, y1, y2, y3, branchPool(b, x, 192))
}

func inceptionD(b *nn.Builder, x *nn.Node) *nn.Node {
	y1 := branch(b, "branch3x3", x, step{192, 1, 1, 1}, step{320, 3, 3, 2})
	y2 := branch(b, "branch7x7x3", x, step{192, 1, 1, 1}, step{192, 1, 7, 1}, step{192, 7, 1, 1}, step{192, 3, 3, 2})
	return b.Add("cat", op.Concat{}, y1, y2, b.Add("max_pool2d", op.MaxPool{Kernel: 3, Stride: 2}, x))
}

func inceptionE(b *nn.Builder, x *nn.Node) *nn.Node {
	y1 := basicConv(b, "branch1x1", x, op.Conv{Out: 320, Kernel: 1})
	y2 := basicConv(b, "branch3x3_1", x, op.Conv{Out: 384, Kernel: 1})
	y2 = b.Add("cat", op.Concat{}, basicConv(b, "branch3x3_2a", y2, step{384, 1, 3, 1}.conv()), basicConv(b, "branch3x3_2b", y2, step{384, 3, 1, 1}.conv()))
	y3 := branch(b, "branch3x3dbl", x, step{448, 1, 1, 1}, step{384, 3, 3, 1})
	y3 = b.Add("cat_1", op.Concat{}, basicConv(b, "branch3x3dbl_3a", y3, step{384, 1, 3, 1}.conv()), basicConv(b, "branch3x3dbl_3b", y3, step{384, 3, 1, 1}.conv()))
	return b.Add("cat_2", op.Concat{}, y1, y2, y3, branchPool(b, x, 192))
}

func inceptionAux(b *nn.Builder, x *nn.Node) {
	b.Aux("AuxLogits", func(b *nn.Builder) *nn.Node {
		y := b.Add("avg_pool2d", op.AvgPool{Kernel: 5, Stride: 3}, x)
		y = basicConv(b, "conv1", basicConv(b, "conv0", y, op.Conv{Out: 128, Kernel: 1}), op.Conv{Out: 768, Kernel: 5})
		y = b.Add("flatten", op.Flatten{}, b.Add("adaptive_avg_pool2d", op.AdaptiveAvgPool{Out: 1}, y))
		return b.Add("fc", op.Linear{Out: 1000}, y)
	})
}
