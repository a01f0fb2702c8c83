package calc

import (
	"errors"
	"fmt"
	"strings"

	"stride/internal/nn/op"
)

// module is what one PyTorch module means here.
type module struct {
	// Layers are its rows; none for modules that pass their input on, such as nn.Identity.
	Layers []Layer
	// Params and Buffers are what PyTorch counts.
	Params, Buffers int64
	// CountOnly marks a module that has parameters but no row.
	CountOnly bool
}

// errUnknownModule is the answer for a type that is not known.
var errUnknownModule = errors.New("unknown module")

// torchActNames are the activations by PyTorch's name.
var torchActNames = func() map[string]op.Act {
	m := map[string]op.Act{"Swish": op.SiLU}
	for a, n := range torchActs {
		m[n] = a
	}
	return m
}()

// passes are modules without effect on shape and count.
var passes = map[string]bool{"Identity": true, "Sequential": true, "ModuleList": true} // containers only where they are empty

// bareType is a type without its package: "nn.Conv2d" and "torch.nn.modules.conv.Conv2d" are "Conv2d".
func bareType(name string) string { return name[strings.LastIndexByte(name, '.')+1:] }

// torchModule reads the arguments of a module; they may come from code or from a printed form.
func torchModule(c *pyCall) (module, error) {
	t := bareType(c.Name)
	if a, ok := torchActNames[t]; ok {
		return rows(plain(a)), nil
	}
	if passes[t] {
		return module{}, nil
	}
	read, ok := torchTypes[t]
	if !ok {
		return module{}, errUnknownModule
	}
	m, err := read(c)
	for i := range m.Layers {
		m.Layers[i].line = c.Line
	}
	if _, bad := parseList(listText(m.Layers)); bad != nil && len(m.Layers) > 0 { // beyond the limits of a row
		m.Layers, m.CountOnly = nil, true
	}
	return m, err
}

func rows(l ...Layer) module { return module{Layers: l} }

var torchTypes = map[string]func(*pyCall) (module, error){
	"Conv2d":      torchConv,
	"Linear":      torchLinear,
	"BatchNorm2d": torchNorm, "BatchNorm1d": torchNorm, "SyncBatchNorm": torchNorm, "BatchNormAct2d": torchNorm, "FrozenBatchNorm2d": torchFrozen,
	"MaxPool2d":         func(c *pyCall) (module, error) { return torchPool(c, "mp") },
	"AvgPool2d":         func(c *pyCall) (module, error) { return torchPool(c, "ap") },
	"AdaptiveAvgPool2d": func(c *pyCall) (module, error) { return torchAdaptive(c, "gap") },
	"AdaptiveMaxPool2d": func(c *pyCall) (module, error) { return torchAdaptive(c, "gmp") },
	"Dropout":           torchDropout, "Dropout2d": torchDropout, "AlphaDropout": torchDropout,
	"StochasticDepth": func(*pyCall) (module, error) { return rows(must("sd", nil)), nil },
	"Flatten":         func(*pyCall) (module, error) { return rows(must("fl", nil)), nil },
	"Unflatten":       func(*pyCall) (module, error) { return module{}, nil }, // a vector and maps of one value are one shape here
	"Softmax":         func(*pyCall) (module, error) { return rows(must("sm", nil)), nil },
	"Softmax2d":       func(*pyCall) (module, error) { return rows(must("sm", nil)), nil },
	"ZeroPad2d":       torchZeroPad, "LocalResponseNorm": torchLRN,
	// The modules of exported code.
	"Stride":      func(c *pyCall) (module, error) { return torchOne(c, "st", func(l *Layer, n int) { l.Stride = n }) },
	"PadChannels": func(c *pyCall) (module, error) { return torchOne(c, "pc", func(l *Layer, n int) { l.Out = n }) },
	"SubSample": func(c *pyCall) (module, error) {
		m, err := torchOne(c, "ss", func(l *Layer, n int) { l.wants = n })
		if err == nil {
			m.Params = 2 * int64(m.Layers[0].wants)
		}
		return m, err
	},
	"PartialConv": torchPartial, "RBF": torchRBF, "ScaledTanh": func(*pyCall) (module, error) { return rows(plain(op.ScaledTanh)), nil },
	// Counted, but without a row.
	"ConvTranspose2d": torchTransposed, "Conv1d": torchConvN(1), "Conv3d": torchConvN(3), "GroupNorm": torchAffine("num_channels", 1), "InstanceNorm2d": torchInstance,
	"LayerNorm": torchLayerNorm, "PReLU": torchPReLU, "Embedding": torchEmbedding,
}

func torchConv(c *pyCall) (module, error) {
	in, e1 := c.int("in_channels", 0, 0)
	out, e2 := c.int("out_channels", 1, 0)
	k, e3 := c.pair("kernel_size", 2, Pair{})
	s, e4 := c.pair("stride", 3, Square(1))
	d, e5 := c.pair("dilation", 5, Square(1))
	g, e6 := c.int("groups", 6, 1)
	if err := errors.Join(e1, e2, e3, e4, e5, e6); err != nil {
		return module{}, err
	}
	if in < 1 || out < 1 || k.Y < 1 || k.X < 1 || g < 1 || in%g != 0 || out > maxWidth || in > maxWidth {
		return module{}, fmt.Errorf("a convolution from %d to %d channels with kernel %s in %d groups", in, out, k, g)
	}
	bias := c.bool("bias", 7, true)
	m := module{Params: int64(in/g) * int64(out) * int64(k.Y) * int64(k.X)}
	if bias {
		m.Params += int64(out)
	}
	p, same, err := torchPadding(c, k, d)
	if err != nil {
		return m, err
	}
	if s.Y != s.X || d.Y != d.X || same && (k.Y%2 == 0 || k.X%2 == 0) {
		m.CountOnly = true
		return m, nil
	}
	l := must("c", func(l *Layer) {
		l.Out, l.Kernel, l.Stride, l.Pad, l.Dilation, l.Groups, l.NoBias, l.wants = out, k, s.Y, p, d.Y, g, !bias, in
	})
	if g == in && in > 1 && out%in == 0 {
		l.Code, l.Mult, l.Out, l.Groups = "dw", out/in, 0, 0
	}
	m.Layers = []Layer{l}
	return m, nil
}

// torchPadding is the padding as a size; "same" and "valid" are words for some.
func torchPadding(c *pyCall, k, d Pair) (p Pair, same bool, err error) {
	v, _ := c.arg("padding", 4)
	word, ok := v.(string)
	if n, isName := v.(pyName); isName {
		word, ok = string(n), true
	}
	switch {
	case !ok:
		p, err = c.pair("padding", 4, Square(0))
	case word == "same":
		p, same = Pair{d.Y * (k.Y - 1) / 2, d.X * (k.X - 1) / 2}, true
	case word != "valid":
		err = fmt.Errorf("padding %q", word)
	}
	return p, same, err
}

func torchLinear(c *pyCall) (module, error) {
	in, e1 := c.int("in_features", 0, 0)
	out, e2 := c.int("out_features", 1, 0)
	if err := errors.Join(e1, e2); err != nil || in < 1 || out < 1 {
		return module{}, fmt.Errorf("a dense layer from %d to %d: %w", in, out, errors.Join(err, errUnknownModule))
	}
	bias := c.bool("bias", 2, true)
	m := module{Params: int64(in) * int64(out)}
	if bias {
		m.Params += int64(out)
	}
	if out > maxWidth {
		m.CountOnly = true
		return m, nil
	}
	m.Layers = []Layer{must("fc", func(l *Layer) { l.Out, l.NoBias, l.wants = out, !bias, in })}
	return m, nil
}

func torchNorm(c *pyCall) (module, error) {
	n, e1 := c.int("num_features", 0, 0)
	eps, e2 := c.float("eps", 1, 1e-5)
	if err := errors.Join(e1, e2); err != nil || n < 1 {
		return module{}, fmt.Errorf("a normalisation of %d channels: %w", n, errors.Join(err, errUnknownModule))
	}
	if eps == 1e-5 {
		eps = 0
	}
	m := module{Params: 2 * int64(n), Buffers: 2 * int64(n)}
	if !c.bool("track_running_stats", 4, true) {
		m.Buffers, m.CountOnly = 0, true
	}
	if !c.bool("affine", 3, true) {
		m.Params, m.CountOnly = 0, true
	}
	if !m.CountOnly {
		m.Layers = []Layer{must("bn", func(l *Layer) { l.Eps, l.wants = max(min(eps, 1), 0), n })}
	}
	return m, nil
}

// torchFrozen has no trainable values: all four are buffers.
func torchFrozen(c *pyCall) (module, error) {
	n, err := c.int("num_features", 0, 0)
	return module{Buffers: 4 * int64(n), CountOnly: true}, err
}

func torchPool(c *pyCall, code Code) (module, error) {
	k, e1 := c.pair("kernel_size", 0, Pair{})
	s, e2 := c.pair("stride", 1, k)
	p, e3 := c.pair("padding", 2, Square(0))
	d := Square(1)
	var e4 error
	if code == "mp" {
		d, e4 = c.pair("dilation", 3, d)
	}
	if err := errors.Join(e1, e2, e3, e4); err != nil {
		return module{}, err
	}
	if k.Y != k.X || s.Y != s.X || p.Y != p.X || d != Square(1) || k.Y < 1 || k.Y > 64 || s.Y < 1 || s.Y > 64 || p.Y > 64 {
		return module{}, fmt.Errorf("pooling of %s with stride %s, padding %s and dilation %s", k, s, p, d)
	}
	ceilAt := 5
	if code == "ap" {
		ceilAt = 3
	}
	l := poolLayer(code, k.Y, s.Y, p.Y, c.bool("ceil_mode", ceilAt, false))
	l.ExcludePad = code == "ap" && !c.bool("count_include_pad", 4, true)
	return rows(l), nil
}

func torchAdaptive(c *pyCall, global Code) (module, error) {
	n, err := c.pair("output_size", 0, Pair{})
	switch {
	case err != nil:
		return module{}, err
	case n == Square(1):
		return rows(must(global, nil)), nil
	case n.Y != n.X || n.Y < 1 || global != "gap":
		return module{}, fmt.Errorf("adaptive pooling to %s", n)
	}
	return rows(must("aap", func(l *Layer) { l.Out = n.Y })), nil
}

func torchDropout(c *pyCall) (module, error) {
	p, err := c.float("p", 0, 0.5)
	return rows(must("do", func(l *Layer) { l.Rate = max(min(p, 0.999), 0) })), err
}

func torchZeroPad(c *pyCall) (module, error) {
	v, _ := c.arg("padding", 0)
	l := must("zp", nil)
	switch v := v.(type) {
	case float64:
		n := int(max(min(v, 64), 0))
		l.Pads = [4]int{n, n, n, n}
		return rows(l), nil
	case []pyValue:
		if len(v) != 4 {
			break
		}
		for i, to := range [4]int{2, 3, 0, 1} { // PyTorch: left, right, top, bottom
			n, ok := v[i].(float64)
			if !ok || n < 0 || n > 64 {
				return module{}, errUnknownModule
			}
			l.Pads[to] = int(n)
		}
		return rows(l), nil
	}
	return module{}, errUnknownModule
}

func torchLRN(c *pyCall) (module, error) {
	n, e1 := c.int("size", 0, 5)
	a, e2 := c.float("alpha", 1, 1e-4)
	b, e3 := c.float("beta", 2, 0.75)
	k, e4 := c.float("k", 3, 1)
	return rows(must("lrn", func(l *Layer) { l.Out, l.Norm = min(max(n, 1), 255), [3]float64{max(k, 0), max(a, 0), max(b, 0)} })), errors.Join(e1, e2, e3, e4)
}

func torchOne(c *pyCall, code Code, set func(*Layer, int)) (module, error) {
	n, err := c.int("", 0, 0)
	if err != nil || n < 1 || n > maxWidth {
		return module{}, errUnknownModule
	}
	return rows(must(code, func(l *Layer) { set(l, n) })), nil
}

func torchPartial(c *pyCall) (module, error) {
	k, err := c.int("", 0, 0)
	v, _ := c.arg("", 1)
	text, ok := v.(string)
	t, err2 := parseTable(text)
	if err != nil || !ok || err2 != nil || k < 1 || k > 64 {
		return module{}, errUnknownModule
	}
	m := rows(must("ct", func(l *Layer) { l.Kernel, l.Table = Square(k), t }))
	m.Params = int64(len(t))
	for _, row := range tableInputs(t) {
		m.Params += int64(len(row) * k * k)
	}
	return m, nil
}

func torchRBF(c *pyCall) (module, error) {
	in, e1 := c.int("", 0, 0)
	out, e2 := c.int("", 1, 0)
	if err := errors.Join(e1, e2); err != nil || out < 1 || out > maxWidth {
		return module{}, errUnknownModule
	}
	return rows(must("rbf", func(l *Layer) { l.Out, l.wants = out, in })), nil
}
