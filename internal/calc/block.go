package calc

import (
	"stride/internal/nn/op"
	"stride/internal/nn/tensor"
)

// expand opens one repetition of a block that reads a map of shape in. Blocks open into plain layers and joins, never
// into other blocks.
func expand(l Layer, in tensor.Shape) []Layer {
	switch l.Code {
	case "cb":
		return unit(conv(l.Out, l.Kernel, l.Stride, l.Pad, l.Groups, l.Same), l.Eps, l.Act)
	case "ds":
		dw := must("dw", func(d *Layer) { d.Kernel, d.Stride, d.NoBias, d.Same = l.Kernel, l.Stride, true, l.Same })
		if !l.Same {
			dw.Pad = half(l.Kernel)
		}
		return append(unit(dw, 0, l.Act), unit(square1(l.Out, 1), 0, l.Act)...)
	case "rb", "pb":
		return basic(l, in)
	case "bt":
		s1, s3 := 1, l.Stride
		if l.First {
			s1, s3 = s3, s1
		}
		body := unit(square1(l.Mid, s1), 0, op.ReLU)
		body = append(body, unit(conv(l.Mid, Square(3), s3, Square(1), 1, false), 0, op.ReLU)...)
		body = append(body, unit(square1(l.Out, 1), 0, "")...)
		return residual(body, shortcut(l, in))
	case "inc":
		return inception(l)
	case "se":
		return []Layer{squeeze(l.Mid, in.C, l.Act, l.HardGate)}
	case "mb", "ir":
		return inverted(l, in)
	case "dl":
		return []Layer{join("cat", nil, denseLayer(l.Out))}
	case "db":
		paths := make([][]Layer, l.Steps)
		for i := range paths {
			paths[i] = denseLayer(l.Out)
		}
		return []Layer{join("dense", paths...)}
	case "tr":
		return append(preact(), square1(l.Out, 1), must("ap", nil))
	}
	return nil
}

func half(k Pair) Pair { return Pair{k.Y / 2, k.X / 2} }

// conv is a convolution without bias, which batch normalisation makes needless.
func conv(out int, k Pair, stride int, pad Pair, groups int, same bool) Layer {
	return must("c", func(c *Layer) {
		c.Out, c.Kernel, c.Stride, c.Pad, c.Groups, c.Same, c.NoBias = out, k, stride, pad, groups, same, true
	})
}

// square1 is a 1×1 convolution without bias.
func square1(out, stride int) Layer { return conv(out, Square(1), stride, Square(0), 1, false) }

// unit is a convolution, its normalisation and, unless it is "", its activation.
func unit(c Layer, eps float64, a op.Act) []Layer {
	u := []Layer{c, must("bn", func(b *Layer) { b.Eps = eps })}
	if a != "" {
		u = append(u, plain(a))
	}
	return u
}

// plain is an activation as a layer; its code is its name.
func plain(a op.Act) Layer { return must(Code(a), nil) }

func join(c Code, paths ...[]Layer) Layer {
	return must(c, func(j *Layer) { j.Paths = paths })
}

// basic is a ResNet basic block, or with "pb" the same two convolutions without a shortcut (He et al. 2015, Fig. 5).
func basic(l Layer, in tensor.Shape) []Layer {
	body := unit(conv(l.Out, Square(3), l.Stride, Square(1), 1, false), 0, op.ReLU)
	if l.Code == "pb" {
		return append(body, unit(conv(l.Out, Square(3), 1, Square(1), 1, false), 0, op.ReLU)...)
	}
	return residual(append(body, unit(conv(l.Out, Square(3), 1, Square(1), 1, false), 0, "")...), shortcut(l, in))
}

func residual(body, skip []Layer) []Layer { return []Layer{join("add", body, skip), plain(op.ReLU)} }

// shortcut is the input itself where the shape is kept; otherwise a 1×1 projection (option B, §3.3), or with PadSkip
// every Stride-th value and channels of zeros (option A).
func shortcut(l Layer, in tensor.Shape) []Layer {
	if !l.PadSkip {
		if l.Stride == 1 && in.C == l.Out {
			return nil
		}
		return unit(square1(l.Out, l.Stride), 0, "")
	}
	var s []Layer
	if l.Stride != 1 {
		s = append(s, must("st", func(x *Layer) { x.Stride = l.Stride }))
	}
	if in.C != l.Out {
		s = append(s, must("pc", func(x *Layer) { x.Out = l.Out }))
	}
	return s
}

// inception is the module of Szegedy et al. 2014, Fig. 2(b).
func inception(l Layer) []Layer {
	c := func(out int, k Pair) []Layer {
		x := conv(out, k, 1, half(k), 1, false)
		if l.Normed {
			return unit(x, l.Eps, op.ReLU)
		}
		x.NoBias = false
		return []Layer{x, plain(op.ReLU)}
	}
	pool := must("mp", func(p *Layer) { p.Kernel, p.Stride, p.Pad, p.Ceil = Square(3), 1, Square(1), l.Ceil })
	f := l.Filters
	return []Layer{join("cat", c(l.Out, Square(1)), append(c(f[0], Square(1)), c(f[1], Square(3))...), append(c(f[2], Square(1)), c(f[3], l.Kernel)...),
		append([]Layer{pool}, c(f[4], Square(1))...))}
}

// squeeze is the gate of squeeze-and-excitation (Hu et al. 2017, arXiv:1709.01507) with the map that it multiplies.
func squeeze(mid, channels int, a op.Act, hard bool) Layer {
	gate := op.Sigmoid
	if hard {
		gate = op.HardSigmoid
	}
	dense := func(out int) Layer { c := square1(out, 1); c.NoBias = false; return c }
	path := []Layer{must("gap", nil), dense(mid)}
	if a != "" {
		path = append(path, plain(a))
	}
	return join("mul", append(path, dense(channels), plain(gate)), nil)
}

// inverted widens, convolves every channel by itself, with "mb" gates, and projects back (Sandler et al. 2018, Fig. 4;
// Tan, Le 2019).
func inverted(l Layer, in tensor.Shape) []Layer {
	var y []Layer
	c := in.C
	if l.Expand != 1 {
		c *= l.Expand
		y = unit(square1(c, 1), l.Eps, l.Act)
	}
	y = append(y, unit(must("dw", func(d *Layer) { d.Kernel, d.Stride, d.Pad, d.NoBias = l.Kernel, l.Stride, half(l.Kernel), true }), l.Eps, l.Act)...)
	if l.Code == "mb" {
		y = append(y, squeeze(max(1, in.C/l.Squeeze), c, op.SiLU, false))
	}
	y = append(y, unit(square1(l.Out, 1), l.Eps, "")...)
	if l.Stride != 1 || in.C != l.Out {
		return y
	}
	if l.Code == "ir" {
		return []Layer{join("add", nil, y)}
	}
	if l.Drop {
		y = append(y, must("sd", nil))
	}
	return []Layer{join("add", y, nil)}
}

// preact is what DenseNet puts before a convolution.
func preact() []Layer { return []Layer{must("bn", nil), plain(op.ReLU)} }

// denseLayer squeezes to four times the growth, then adds growth maps (Huang et al. 2016, §3).
func denseLayer(growth int) []Layer {
	y := append(preact(), unit(square1(4*growth, 1), 0, op.ReLU)...)
	return append(y, conv(growth, Square(3), 1, Square(1), 1, false))
}
