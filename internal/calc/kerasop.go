package calc

import (
	"fmt"
	"strings"

	"stride/internal/nn"
	"stride/internal/nn/op"
	"stride/internal/nn/tensor"
)

// node adds what one row of a table is. The error says what about it cannot be.
func (w *kerasWirer) node(b *nn.Builder, l kerasRow, in []*nn.Node) (*nn.Node, error) {
	x := in[0]
	switch l.typ {
	case "Add":
		return b.Add(l.name, op.Add{}, in...), nil
	case "Concatenate":
		return b.Add(l.name, op.Concat{}, in...), nil
	case "Multiply":
		return b.Add(l.name, op.Mul{}, in...), nil
	}
	if len(in) != 1 {
		return nil, fmt.Errorf("a %s of %d inputs", l.typ, len(in))
	}
	if l.typ == "SeparableConv2D" {
		return w.separable(b, l, x)
	}
	o, err := w.op(l, x.Shape)
	if err != nil {
		return nil, err
	}
	if o == nil { // passes its input on
		return x, nil
	}
	out, err := o.OutShape([]tensor.Shape{x.Shape})
	if err != nil {
		return nil, err
	}
	if l.known && out != l.shape {
		return nil, fmt.Errorf("comes to %v, the table says %v", out, l.shape)
	}
	return b.Add(l.name, o, x), nil
}

// op is the operation of a row that reads x; nil for one without effect on shapes and counts.
func (w *kerasWirer) op(l kerasRow, x tensor.Shape) (nn.Op, error) {
	switch l.typ {
	case "Conv2D":
		return kerasConv(l, x, 1)
	case "DepthwiseConv2D":
		return kerasConv(l, x, x.C)
	case "Dense":
		return kerasDense(l, x)
	case "BatchNormalization":
		if l.params != 4*int64(x.C) {
			w.once("norm_no_scale")
		}
		return op.BatchNorm{Eps: 1e-3}, nil
	case "MaxPooling2D", "AveragePooling2D":
		w.once("pool_assumed")
		return kerasPool(l, x)
	case "GlobalAveragePooling2D":
		return op.AdaptiveAvgPool{Out: 1}, nil
	case "GlobalMaxPooling2D":
		return op.MaxPool{Kernel: x.H}, nil
	case "Flatten":
		return op.Flatten{}, nil
	case "Dropout", "SpatialDropout2D":
		w.once("rate_assumed")
		return op.Dropout{P: 0.5}, nil
	case "ZeroPadding2D":
		return kerasPad(l, x)
	case "Softmax":
		return op.Softmax{}, nil
	case "LeakyReLU":
		return actOp(leakyReLU), nil
	case "ELU":
		return actOp(elu), nil
	case "ReLU", "Activation":
		return w.activation(l), nil
	}
	same := !l.known || l.shape == x
	switch {
	case same && l.params == 0, l.typ == "Reshape" && l.shape.ImageLen() == x.ImageLen() && l.shape.PlaneLen() == 1 && x.PlaneLen() == 1, same && l.typ == "Normalization":
		w.p.note("not_identical", l.line, quoted(l.typ))
		return nil, nil
	}
	return nil, fmt.Errorf("a %s has no layer here", l.typ)
}

// activation goes by the layer's name, which people and Keras's own networks choose after the function.
func (w *kerasWirer) activation(l kerasRow) nn.Op {
	if l.typ == "ReLU" {
		if strings.Contains(strings.ToLower(l.name), "relu6") {
			return op.ReLU6
		}
		return op.ReLU
	}
	for _, a := range []struct {
		word string
		act  op.Act
	}{{"relu6", op.ReLU6}, {"relu", op.ReLU}, {"hard_sigmoid", op.HardSigmoid}, {"sigmoid", op.Sigmoid}, {"tanh", op.Tanh}, {"gelu", gelu}, {"swish", op.SiLU}, {"silu", op.SiLU}} {
		if strings.Contains(strings.ToLower(l.name), a.word) {
			return actOp(a.act)
		}
	}
	if strings.Contains(l.name, "softmax") {
		return op.Softmax{}
	}
	w.once("act_assumed")
	return op.ReLU
}

// kerasConv finds kernel, bias, stride and padding that give the row's parameters and shape.
func kerasConv(l kerasRow, x tensor.Shape, groups int) (nn.Op, error) {
	if !l.known {
		return nil, fmt.Errorf("the output is not stated")
	}
	out := l.shape.C
	perCell := int64(x.C/groups) * int64(out)
	k, bias, ok := kernelOf(l.params, perCell, int64(out))
	if ok {
		if c, ok := fitConv(op.Conv{Out: out, Kernel: k, Groups: groups, NoBias: !bias}, x, l.shape); ok {
			return c, nil
		}
	}
	if k, bias, ok = rectOf(l.params, perCell, int64(out)); ok {
		for _, size := range [][2]int{{1, k}, {k, 1}} {
			c := op.Conv{Out: out, Size: size, Groups: groups, NoBias: !bias}
			if c, ok := fitConv(c, x, l.shape); ok {
				return c, nil
			}
		}
	}
	return nil, fmt.Errorf("no kernel gives %d parameters and %v from %v", l.params, l.shape, x)
}

// fitConv tries strides and both paddings of Keras. Padding that keeps the size at stride 1 is written as a number.
func fitConv(c op.Conv, x, want tensor.Shape) (op.Conv, bool) {
	for s := 1; s <= 16; s++ {
		c.Stride = s
		for _, same := range []bool{true, false} {
			try := c
			kh, kw := c.Dims()
			switch {
			case same && s == 1 && kh%2 == 1 && kw%2 == 1:
				try.Pad, try.Pads = kh/2, [2]int{kh / 2, kw / 2}
				if try.Size == [2]int{} {
					try.Pads = [2]int{}
				} else {
					try.Pad = 0
				}
			case same:
				try.Same = true
			}
			if out, err := try.OutShape([]tensor.Shape{x}); err == nil && out == want {
				if kh*kw == 1 {
					try.Same = false
				}
				return try, true
			}
		}
	}
	return c, false
}

func kerasDense(l kerasRow, x tensor.Shape) (nn.Op, error) {
	out := l.shape.C
	if !l.known || x.PlaneLen() != 1 {
		return nil, fmt.Errorf("a dense layer that reads %v", x)
	}
	switch l.params {
	case int64(x.C)*int64(out) + int64(out):
		return op.Linear{Out: out}, nil
	case int64(x.C) * int64(out):
		return op.Linear{Out: out, NoBias: true}, nil
	}
	return nil, fmt.Errorf("no dense layer from %d to %d has %d parameters", x.C, out, l.params)
}

// kerasPool is the smallest window that gives the stated size.
func kerasPool(l kerasRow, x tensor.Shape) (nn.Op, error) {
	if !l.known {
		return nil, fmt.Errorf("the output is not stated")
	}
	first := max((x.H+l.shape.H-1)/l.shape.H, 1)
	if l.shape.H == x.H {
		first = 1
	}
	for _, s := range []int{first, max(first-1, 1), first + 1} {
		for k := max(s, 2); k <= 16; k++ {
			for pad := 0; 2*pad <= k; pad++ {
				var o nn.Op = op.MaxPool{Kernel: k, Stride: s, Pad: pad}
				if l.typ == "AveragePooling2D" {
					o = op.AvgPool{Kernel: k, Stride: s, Pad: pad, ExcludePad: true}
				}
				if out, err := o.OutShape([]tensor.Shape{x}); err == nil && out == l.shape {
					return o, nil
				}
			}
		}
	}
	return nil, fmt.Errorf("no window turns %v into %v", x, l.shape)
}

// kerasPad puts an odd row or column below and to the right, where Keras's own networks have it.
func kerasPad(l kerasRow, x tensor.Shape) (nn.Op, error) {
	rows, cols := l.shape.H-x.H, l.shape.W-x.W
	if !l.known || rows < 0 || cols < 0 || rows > 64 || cols > 64 || l.shape.C != x.C {
		return nil, fmt.Errorf("padding from %v to %v", x, l.shape)
	}
	return zeroPad{[4]int{rows / 2, rows - rows/2, cols / 2, cols - cols/2}}, nil
}

// separable is a depthwise and a 1×1 convolution; the bias belongs to the second.
func (w *kerasWirer) separable(b *nn.Builder, l kerasRow, x *nn.Node) (*nn.Node, error) {
	c, out := int64(x.Shape.C), int64(l.shape.C)
	if !l.known {
		return nil, fmt.Errorf("the output is not stated")
	}
	k, bias, ok := kernelOf(l.params-c*out, c, out)
	if !ok {
		return nil, fmt.Errorf("no kernel gives %d parameters", l.params)
	}
	mid := l.shape
	mid.C = x.Shape.C
	dw, ok := fitConv(op.Conv{Out: x.Shape.C, Kernel: k, Groups: x.Shape.C, NoBias: true}, x.Shape, mid)
	if !ok {
		return nil, fmt.Errorf("no stride turns %v into %v", x.Shape, l.shape)
	}
	return b.Add(l.name+".pointwise", op.Conv{Out: l.shape.C, Kernel: 1, NoBias: !bias}, b.Add(l.name+".depthwise", dw, x)), nil
}
