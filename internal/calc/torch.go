package calc

import (
	"fmt"
	"strings"

	"stride/internal/nn/op"
	"stride/internal/nn/tensor"
)

// PyTorch is the stack as Python code: a class Net whose parameters are exactly those of the result. Read turns it back
// into layers. The error is that of a stack with a problem, which has no code.
//
// Stochastic depth becomes nn.Identity: it acts in training only. LeNet-5's partial convolution and its RBF output are
// written as small modules with the same number of parameters.
func (r *Result) PyTorch() (string, error) {
	if !r.OK() {
		return "", fmt.Errorf("calc: row %s cannot work: %s", r.Rows[r.Problem].Address, r.Rows[r.Problem].Problem.Text(English))
	}
	w := &torchWriter{used: map[string]bool{}, flat: r.Stack.Input.PlaneLen() == 1}
	w.list(r.Stack.Layers, r.Stack.Input, 3)
	var b strings.Builder
	b.WriteString("import torch\nfrom torch import nn\n")
	for _, h := range torchHelpers {
		if w.used[h.name] {
			b.WriteString("\n\n" + h.code)
		}
	}
	x := r.Stack.Input
	fmt.Fprintf(&b, "\n\nclass Net(nn.Module):\n    \"\"\"%d parameters; input %s.\"\"\"\n\n    def __init__(self):\n        super().__init__()\n        self.layers = nn.Sequential(\n%s        )\n\n    def forward(self, x):\n        return self.layers(x)\n",
		r.Totals.Params, x, w.b.String())
	fmt.Fprintf(&b, "\n\nif __name__ == \"__main__\":\n    net = Net().eval()\n    print(sum(p.numel() for p in net.parameters()))\n    print(tuple(net(torch.zeros(%s)).shape))\n", torchShape(x))
	return b.String(), nil
}

func torchShape(s tensor.Shape) string {
	if s.PlaneLen() == 1 {
		return fmt.Sprintf("1, %d", s.C)
	}
	return fmt.Sprintf("1, %d, %d, %d", s.C, s.H, s.W)
}

// torchWriter keeps in flat whether PyTorch sees a vector or maps of one value each, which are one shape to us.
type torchWriter struct {
	b    strings.Builder
	used map[string]bool
	flat bool
}

func (w *torchWriter) line(depth int, format string, args ...any) {
	w.b.WriteString(strings.Repeat("    ", depth))
	fmt.Fprintf(&w.b, format, args...)
	w.b.WriteByte('\n')
}

// list writes layers one a line and returns the shape after them. Blocks are opened under a comment.
func (w *torchWriter) list(layers []Layer, x tensor.Shape, depth int) tensor.Shape {
	for _, l := range layers {
		k := kinds[l.Code]
		for i := range l.Times() {
			switch {
			case k.Block:
				if i == 0 {
					w.line(depth, "# %s: %s", KindText(k.Name, English), l.Text())
				}
				x = w.list(expand(l, x), x, depth)
			case k.Join:
				x = w.join(l, x, depth)
			default:
				x = w.plain(l, x, depth)
			}
		}
	}
	return x
}

var joinNames = map[Code]string{"add": "Add", "cat": "Concat", "mul": "Multiply", "dense": "Dense"}

func (w *torchWriter) join(l Layer, x tensor.Shape, depth int) tensor.Shape {
	name := joinNames[l.Code]
	w.used[name] = true
	w.line(depth, "%s(", name)
	ends := []tensor.Shape{}
	from, flat := x, w.flat
	for _, p := range l.Paths {
		w.flat = flat
		if len(p) == 0 {
			w.line(depth+1, "nn.Identity(),")
			ends = append(ends, from)
		} else {
			w.line(depth+1, "nn.Sequential(")
			ends = append(ends, w.list(p, from, depth+2))
			w.line(depth+1, "),")
		}
		if l.Code == "dense" {
			from.C += ends[len(ends)-1].C
		}
	}
	w.line(depth, "),")
	if l.Code == "dense" {
		return from
	}
	out, _ := joinOp(l.Code).OutShape(ends) // the stack has been compiled
	return out
}

func (w *torchWriter) plain(l Layer, x tensor.Shape, depth int) tensor.Shape {
	o := opFor(l, x)
	out, _ := o.OutShape([]tensor.Shape{x}) // the stack has been compiled
	switch l.Code {
	case "fc":
		if !w.flat {
			w.line(depth, "nn.Flatten(),")
		}
		w.flat = true
	case "fl":
		w.flat = true
	case "c", "dw", "mp", "ap", "aap", "gap", "gmp", "ct", "zp", "st":
		if w.flat {
			w.line(depth, "nn.Unflatten(1, (%d, 1, 1)),", x.C)
		}
		w.flat = false
	}
	for _, s := range w.module(l, x) {
		w.line(depth, "%s,", s)
	}
	return out
}

// module is the code of one plain layer.
func (w *torchWriter) module(l Layer, x tensor.Shape) []string {
	switch l.Code {
	case "c":
		return convCode(l, x, l.Out, l.Groups)
	case "dw":
		return convCode(l, x, x.C*l.Mult, x.C)
	case "fc":
		return []string{call("nn.Linear", fmt.Sprint(x.C), fmt.Sprint(l.Out), opt("bias", !l.NoBias, true))}
	case "bn":
		name := "nn.BatchNorm2d"
		if w.flat {
			name = "nn.BatchNorm1d"
		}
		return []string{call(name, fmt.Sprint(x.C), optEps(l.Eps))}
	case "lrn":
		alpha := l.Norm[1]
		if l.SumAlpha { // PyTorch divides by the size
			alpha *= float64(l.Out)
		}
		return []string{call("nn.LocalResponseNorm", fmt.Sprint(l.Out), "alpha="+number(alpha), "beta="+number(l.Norm[2]), "k="+number(l.Norm[0]))}
	case "mp", "ap":
		return []string{poolCode(l)}
	case "aap":
		return []string{call("nn.AdaptiveAvgPool2d", fmt.Sprint(l.Out))}
	case "gap":
		return []string{"nn.AdaptiveAvgPool2d(1)"}
	case "gmp":
		return []string{"nn.AdaptiveMaxPool2d(1)"}
	case "do":
		return []string{call("nn.Dropout", number(l.Rate))}
	case "sd":
		return []string{"nn.Identity()"}
	case "fl":
		return []string{"nn.Flatten()"}
	case "sm":
		return []string{"nn.Softmax(1)"}
	case "zp":
		return []string{fmt.Sprintf("nn.ZeroPad2d((%d, %d, %d, %d))", l.Pads[2], l.Pads[3], l.Pads[0], l.Pads[1])}
	}
	return w.special(l, x)
}

// special are the layers for which PyTorch has no module.
func (w *torchWriter) special(l Layer, x tensor.Shape) []string {
	use := func(name string, args ...string) []string {
		w.used[name] = true
		return []string{call(name, args...)}
	}
	switch l.Code {
	case "st":
		return use("Stride", fmt.Sprint(l.Stride))
	case "pc":
		return use("PadChannels", fmt.Sprint(l.Out))
	case "ss":
		return use("SubSample", fmt.Sprint(x.C))
	case "ct":
		return use("PartialConv", fmt.Sprint(l.Kernel.Y), fmt.Sprintf("\"%s\"", tableText(l.Table)))
	case "rbf":
		return use("RBF", fmt.Sprint(x.C), fmt.Sprint(l.Out))
	case "scaledtanh":
		return use("ScaledTanh")
	}
	return []string{"nn." + torchActs[op.Act(l.Code)] + "()"}
}

// torchActs are PyTorch's names.
var torchActs = map[op.Act]string{op.ReLU: "ReLU", op.ReLU6: "ReLU6", op.SiLU: "SiLU", op.Tanh: "Tanh", op.Sigmoid: "Sigmoid", op.HardSwish: "Hardswish",
	op.HardSigmoid: "Hardsigmoid", gelu: "GELU", leakyReLU: "LeakyReLU", elu: "ELU", softplus: "Softplus", mish: "Mish"}

func convCode(l Layer, x tensor.Shape, out, groups int) []string {
	pad := pairArg("padding", l.Pad, Square(0))
	var lines []string
	if l.Same {
		k := convOp(l, out, groups).Window(x)
		rows, cols := samePads(x.H, k.KH, k.SH, k.DH), samePads(x.W, k.KW, k.SW, k.DW)
		if rows%2 == 0 && cols%2 == 0 {
			pad = pairArg("padding", Pair{rows / 2, cols / 2}, Square(0))
		} else {
			pad = ""
			lines = append(lines, fmt.Sprintf("nn.ZeroPad2d((%d, %d, %d, %d))", cols/2, cols-cols/2, rows/2, rows-rows/2))
		}
	}
	return append(lines, call("nn.Conv2d", fmt.Sprint(x.C), fmt.Sprint(out), pairValue(l.Kernel), opt("stride", l.Stride, 1), pad,
		opt("dilation", l.Dilation, 1), opt("groups", groups, 1), opt("bias", !l.NoBias, true)))
}

// samePads is TensorFlow's padding of both sides together.
func samePads(n, k, s, d int) int { return max(((n+s-1)/s-1)*s+d*(k-1)+1-n, 0) }

func poolCode(l Layer) string {
	name, args := "nn.MaxPool2d", []string{fmt.Sprint(l.Kernel.Y)}
	if l.Stride != 0 {
		args = append(args, fmt.Sprint("stride=", l.Stride))
	}
	args = append(args, opt("padding", l.Pad.Y, 0), opt("ceil_mode", l.Ceil, false))
	if l.Code == "ap" {
		name = "nn.AvgPool2d"
		args = append(args, opt("count_include_pad", !l.ExcludePad, true))
	}
	return call(name, args...)
}

// call leaves out empty arguments.
func call(name string, args ...string) string {
	var keep []string
	for _, a := range args {
		if a != "" {
			keep = append(keep, a)
		}
	}
	return name + "(" + strings.Join(keep, ", ") + ")"
}

// opt is a named argument, "" for its usual value.
func opt[T comparable](name string, v, usual T) string {
	if v == usual {
		return ""
	}
	s := fmt.Sprint(v)
	switch s {
	case "true":
		s = "True"
	case "false":
		s = "False"
	}
	return name + "=" + s
}

func optEps(e float64) string {
	if e == 0 {
		return ""
	}
	return "eps=" + number(e)
}

func pairValue(p Pair) string {
	if p.Y == p.X {
		return fmt.Sprint(p.Y)
	}
	return fmt.Sprintf("(%d, %d)", p.Y, p.X)
}

func pairArg(name string, p, usual Pair) string {
	if p == usual {
		return ""
	}
	return name + "=" + pairValue(p)
}
