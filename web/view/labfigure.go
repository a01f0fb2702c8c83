package view

import "strings"

// fig builds the small drawings of the labs in a box of 120×64.
type fig struct{ strings.Builder }

// slab is a rounded box in an operation's colour; fill is its opacity in per cent.
func (f *fig) slab(x, y, w, h float64, op Op, fill int) *fig {
	f.WriteString(`<rect class="` + op.Class() + ` slab f` + itoa(fill) + `" x="` + num(x) + `" y="` + num(y) + `" width="` + num(w) + `" height="` + num(h) + `" rx="1.5"/>`)
	return f
}

func (f *fig) line(op Op, class, d string) *fig {
	f.WriteString(`<path class="` + op.Class() + ` st ` + class + `" d="` + d + `"/>`)
	return f
}

// labFigure draws a lab by its slug, or a family by the idea it introduced.
func labFigure(slug string) string {
	f := &fig{}
	switch slug {
	case "convolution":
		for i, shade := range []int{1, 3, 5, 2, 4} {
			d := ""
			for n := i; n < 36; n += 5 {
				d += "M" + itoa(2+n%6*10) + " " + itoa(2+n/6*10) + "h9v9h-9z"
			}
			f.WriteString(`<path class="pixel s` + itoa(shade) + `" d="` + d + `"/>`)
		}
		f.line("probe", "w2", "M22 12h30v30H22z").line(OpNorm, "w15", "M66 30h14").slab(88, 16, 28, 28, OpConv, 16)
	case "dense-or-convolution":
		d := ""
		for y := 6; y <= 54; y += 8 {
			for _, to := range []int{10, 24, 38, 52} {
				d += "M8 " + itoa(y) + "L50 " + itoa(to)
			}
		}
		f.line(OpDense, "w08", d).slab(76, 8, 36, 48, OpConv, 16).slab(84, 16, 14, 14, OpConv, 40)
	case "draw-a-digit", "lenet":
		f.line(OpOutput, "w5", "M22 12c22-8 30 6 14 16 20 2 16 28-14 22").line(OpNorm, "w15", "M62 32h10")
		f.slab(80, 12, 7, 40, OpConv, 16).slab(91, 18, 7, 28, OpPool, 16).slab(102, 24, 12, 16, OpDense, 16)
	case "kernel-and-stride", "alexnet":
		f.slab(4, 6, 52, 52, OpConv, 16).slab(70, 20, 24, 24, OpConv, 16).slab(102, 26, 14, 14, OpConv, 40)
	case "stacked-3x3", "vgg":
		f.slab(6, 8, 48, 48, OpConv, 16).slab(14, 16, 32, 32, OpConv, 16).slab(22, 24, 16, 16, OpConv, 40)
		f.line(OpNorm, "w15", "M62 32h10").slab(80, 14, 10, 36, OpConv, 16).slab(94, 14, 10, 36, OpConv, 16)
	case "bottleneck":
		f.slab(4, 8, 14, 48, OpNorm, 16).slab(42, 22, 8, 20, OpPointwise, 40).slab(78, 4, 28, 56, OpConv, 16).line(OpNorm, "w15", "M22 32h16M54 32h20")
	case "inception-module", "googlenet", "inception":
		f.slab(4, 16, 14, 32, OpNorm, 16).line(OpNorm, "w15", "M22 32h10M32 10v44M32 10h10M32 25h10M32 39h10M32 54h10")
		f.slab(44, 4, 20, 11, OpPointwise, 40).slab(44, 19, 20, 11, OpConv, 40).slab(44, 34, 20, 11, OpConv, 16).slab(44, 49, 20, 11, OpPool, 40)
		f.slab(88, 4, 14, 15, OpPointwise, 40).slab(88, 19, 14, 22, OpConv, 40).slab(88, 41, 14, 8, OpConv, 16).slab(88, 49, 14, 11, OpPool, 40)
	case "auxiliary-classifiers":
		f.line(OpNorm, "w2", "M6 32h104").slab(34, 24, 10, 16, OpConv, 40).slab(66, 24, 10, 16, OpConv, 40).line(OpAct, "w2", "M39 24V10M71 24V10")
		f.slab(33, 2, 12, 8, OpAct, 40).slab(65, 2, 12, 8, OpAct, 40).slab(102, 22, 12, 20, OpDense, 40)
	case "skip-connections", "resnet":
		f.line(OpNorm, "w2", "M6 44h30M66 44h22").slab(36, 34, 30, 20, OpConv, 16)
		f.line(OpAdd, "w25", "M18 44C18 4 96 0 96 36").line(OpAdd, "w2", "M104 44a8 8 0 1 1-16 0 8 8 0 0 1 16 0M96 40v8M92 44h8")
	case "depthwise-separable", "mobilenet":
		for x := 6.0; x < 40; x += 11 {
			f.slab(x, 10, 8, 44, OpDepthwise, 16)
		}
		f.line(OpNorm, "w15", "M56 32h10").slab(74, 24, 8, 16, OpPointwise, 40).slab(92, 10, 20, 44, OpPointwise, 16)
	case "add-or-concat", "densenet":
		for i, ops := range [][]Op{{OpConcat}, {OpConcat, OpPool}, {OpConcat, OpPool, OpAct}, {OpConcat, OpPool, OpAct, OpConv}} {
			x := []float64{6, 26, 54, 88}[i]
			for k, op := range ops {
				w := 6.0
				if k == 0 {
					w = 10
				}
				f.slab(x, 14, w, 36, op, 40)
				x += w
			}
		}
	case "compound-scaling", "efficientnet":
		f.slab(6, 24, 16, 16, OpConv, 16).slab(34, 16, 24, 32, OpConv, 16).slab(70, 6, 42, 52, OpConv, 16).line("probe", "w15 dash", "M14 20L90 2")
	case "transfer":
		f.slab(6, 10, 14, 44, OpNorm, 16).slab(24, 16, 14, 32, OpNorm, 16).slab(42, 22, 14, 20, OpNorm, 16).line(OpNorm, "w15", "M60 32h10").slab(78, 22, 14, 20, OpAct, 40)
	default:
		f.slab(8, 6, 40, 52, OpNorm, 16).line(OpNorm, "w15", "M16 18h24M16 28h24M16 38h16").slab(64, 14, 48, 36, OpConv, 16)
	}
	return f.String()
}
