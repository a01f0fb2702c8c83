package calc

import (
	"fmt"

	"stride/internal/nn"
	"stride/internal/nn/op"
	"stride/internal/nn/tensor"
)

// layerOf writes one node as a plain layer.
func layerOf(n *nn.Node) (Layer, error) {
	in := n.In[0].Shape
	l, err := plainLayer(n.Op, in)
	if err != nil {
		return l, fmt.Errorf("calc: node %q: %w", n.Path, err)
	}
	l.in = in
	return l, nil
}

func plainLayer(o nn.Op, in tensor.Shape) (Layer, error) {
	switch o := o.(type) {
	case op.Conv:
		return convLayer(o, in), nil
	case op.Linear:
		return must("fc", func(l *Layer) { l.Out, l.NoBias = o.Out, o.NoBias }), nil
	case op.BatchNorm:
		return must("bn", func(l *Layer) { l.Eps = o.Eps }), nil
	case op.LRN:
		return must("lrn", func(l *Layer) { l.Out, l.Norm, l.SumAlpha = o.N, [3]float64{o.K, o.Alpha, o.Beta}, o.Sum }), nil
	case op.MaxPool:
		return poolLayer("mp", o.Kernel, o.Stride, o.Pad, o.Ceil), nil
	case op.AvgPool:
		l := poolLayer("ap", o.Kernel, o.Stride, o.Pad, o.Ceil)
		l.ExcludePad = o.ExcludePad
		return l, nil
	case op.AdaptiveAvgPool:
		if o.Out == 1 {
			return must("gap", nil), nil
		}
		return must("aap", func(l *Layer) { l.Out = o.Out }), nil
	case op.Dropout:
		return must("do", func(l *Layer) { l.Rate = o.P }), nil
	case op.StochasticDepth:
		return must("sd", nil), nil
	case op.Subsample:
		return must("st", func(l *Layer) { l.Stride = o.Step }), nil
	case op.PadChannels:
		return must("pc", func(l *Layer) { l.Out = o.Out }), nil
	case op.ConvTable:
		return must("ct", func(l *Layer) { l.Kernel, l.Table = Square(o.Kernel), tableBits(o.Inputs) }), nil
	case op.RBF:
		return must("rbf", func(l *Layer) { l.Out = len(o.Patterns) }), nil
	case zeroPad:
		return must("zp", func(l *Layer) { l.Pads = o.Pads }), nil
	}
	for _, k := range kindList { // what has no settings goes by its kind
		if len(k.Fields) == 0 && !k.Join && k.Name == string(o.Kind()) {
			return must(k.Code, nil), nil
		}
	}
	return Layer{}, fmt.Errorf("a %s has no layer here", o.Kind())
}

func convLayer(o op.Conv, in tensor.Shape) Layer {
	kh, kw := o.Dims()
	l := must("c", func(l *Layer) {
		l.Out, l.Kernel, l.Pad = o.Out, Pair{kh, kw}, Square(o.Pad)
		l.Stride, l.Dilation, l.Groups = max(o.Stride, 1), max(o.Dilation, 1), max(o.Groups, 1)
		l.NoBias, l.Same = o.NoBias, o.Same
		if o.Size != [2]int{} {
			l.Pad = Pair{o.Pads[0], o.Pads[1]}
		}
	})
	if o.Depthwise(in) && o.Out%in.C == 0 {
		l.Code, l.Mult, l.Out, l.Groups = "dw", o.Out/in.C, 0, 0
	}
	return l
}

func poolLayer(c Code, k, s, p int, ceil bool) Layer {
	if s == k {
		s = 0
	}
	return must(c, func(l *Layer) { l.Kernel, l.Stride, l.Pad, l.Ceil = Square(k), s, Square(p), ceil })
}

func tableBits(inputs [][]int) []uint64 {
	t := make([]uint64, len(inputs))
	for o, row := range inputs {
		for _, i := range row {
			t[o] |= 1 << i
		}
	}
	return t
}
