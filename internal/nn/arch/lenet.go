package arch

import (
	"stride/internal/nn"
	"stride/internal/nn/op"
	"stride/internal/nn/tensor"
)

var lecun1998 = Paper{"LeCun, Bottou, Bengio, Haffner", "Gradient-Based Learning Applied to Document Recognition", "Proc. IEEE 86(11)", 1998, "", "10.1109/5.726791"}

// LeNet-5 (LeCun et al. 1998, §II.B, Fig. 2). The paper's C3 reads only some maps of S2, its sub-sampling layers have
// coefficients, and its output compares with drawn digits; the form that is taught has a dense C3, plain pools and a
// dense output.
func lenets() []Arch {
	lenet := func(name, title, short string, form Form, build func(*nn.Builder, *nn.Node) *nn.Node) Arch {
		return Arch{Name: name, Title: title, Short: short, Family: "lenet", Paper: lecun1998, Year: 1998, Input: tensor.CHW(1, 32, 32), Labels: Digits, Form: form, Build: build}
	}
	return []Arch{
		lenet("lenet5", "LeNet-5", "tanh, average", AsBoth, taughtLeNet(op.Tanh, op.AvgPool{Kernel: 2})),
		lenet("lenet5_relu_max", "LeNet-5 with ReLU and max pooling", "ReLU, max", AsVariant, taughtLeNet(op.ReLU, op.MaxPool{Kernel: 2})),
		lenet("lenet5_paper", "LeNet-5 (paper)", "paper", AsPaper, paperLeNet),
	}
}

func taughtLeNet(act op.Act, pool nn.Op) func(*nn.Builder, *nn.Node) *nn.Node {
	return func(b *nn.Builder, x *nn.Node) *nn.Node {
		a := string(act)
		x = b.Add(a, act, b.Add("c1", op.Conv{Out: 6, Kernel: 5}, x))
		x = b.Add("s2", pool, x)
		x = b.Add(a+"_1", act, b.Add("c3", op.Conv{Out: 16, Kernel: 5}, x))
		x = b.Add("s4", pool, x)
		x = b.Add(a+"_2", act, b.Add("c5", op.Conv{Out: 120, Kernel: 5}, x))
		x = b.Add("flatten", op.Flatten{}, x)
		x = b.Add(a+"_3", act, b.Add("f6", op.Linear{Out: 84}, x))
		return b.Add("output", op.Linear{Out: 10}, x)
	}
}

// c3Inputs is Table I of the paper by rows of output maps: which maps of S2 feed each map of C3.
var c3Inputs = [][]int{
	{0, 1, 2}, {1, 2, 3}, {2, 3, 4}, {3, 4, 5}, {0, 4, 5}, {0, 1, 5},
	{0, 1, 2, 3}, {1, 2, 3, 4}, {2, 3, 4, 5}, {0, 3, 4, 5}, {0, 1, 4, 5}, {0, 1, 2, 5},
	{0, 1, 3, 4}, {1, 2, 4, 5}, {0, 2, 3, 5},
	{0, 1, 2, 3, 4, 5},
}

// paperLeNet squashes after every layer up to F6, as §II.B says.
func paperLeNet(b *nn.Builder, x *nn.Node) *nn.Node {
	x = b.Add("c1_act", op.ScaledTanh, b.Add("c1", op.Conv{Out: 6, Kernel: 5}, x))
	x = b.Add("s2_act", op.ScaledTanh, b.Add("s2", op.SubSample{}, x))
	x = b.Add("c3_act", op.ScaledTanh, b.Add("c3", op.ConvTable{Kernel: 5, Inputs: c3Inputs}, x))
	x = b.Add("s4_act", op.ScaledTanh, b.Add("s4", op.SubSample{}, x))
	x = b.Add("c5_act", op.ScaledTanh, b.Add("c5", op.Conv{Out: 120, Kernel: 5}, x))
	x = b.Add("flatten", op.Flatten{}, x)
	x = b.Add("f6_act", op.ScaledTanh, b.Add("f6", op.Linear{Out: 84}, x))
	return b.Add("output", op.RBF{Patterns: digitPatterns()}, x)
}

// digitBitmaps are stylised digits of 7×12 pixels, drawn for this package in the manner of the paper's Fig. 3 (whose
// exact pixels are not printed as numbers). A '#' is +1, a '.' is −1.
var digitBitmaps = [10][12]string{
	{".......", "..###..", ".#...#.", "#.....#", "#.....#", "#.....#", "#.....#", "#.....#", "#.....#", ".#...#.", "..###..", "......."},
	{".......", "...#...", "..##...", ".#.#...", "...#...", "...#...", "...#...", "...#...", "...#...", "...#...", ".#####.", "......."},
	{".......", ".####..", "#....#.", "......#", "......#", ".....#.", "...##..", "..#....", ".#.....", "#......", "#######", "......."},
	{".......", "#######", "......#", ".....#.", "....#..", "..###..", ".....#.", "......#", "......#", "#....#.", ".####..", "......."},
	{".......", ".....#.", "....##.", "...#.#.", "..#..#.", ".#...#.", "#....#.", "#######", ".....#.", ".....#.", ".....#.", "......."},
	{".......", "#######", "#......", "#......", "#.###..", "##...#.", "......#", "......#", "......#", "#....#.", ".####..", "......."},
	{".......", "...###.", "..#....", ".#.....", "#......", "#.###..", "##...#.", "#.....#", "#.....#", ".#...#.", "..###..", "......."},
	{".......", "#######", "......#", "......#", ".....#.", ".....#.", "....#..", "....#..", "...#...", "...#...", "...#...", "......."},
	{".......", "..###..", ".#...#.", "#.....#", ".#...#.", "..###..", ".#...#.", "#.....#", "#.....#", ".#...#.", "..###..", "......."},
	{".......", "..###..", ".#...#.", "#.....#", "#.....#", ".#...##", "..###.#", "......#", ".....#.", "....#..", ".###...", "......."},
}

func digitPatterns() [][]float32 {
	p := make([][]float32, len(digitBitmaps))
	for d, rows := range digitBitmaps {
		for _, row := range rows {
			for _, c := range row {
				v := float32(-1)
				if c == '#' {
					v = 1
				}
				p[d] = append(p[d], v)
			}
		}
	}
	return p
}
