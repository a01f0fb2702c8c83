package calc

import "stride/internal/nn/op"

// Kind is what is known about a kind of layer.
type Kind struct {
	Code Code
	// Name is stable and says what it is: "conv", "maxpool", "bottleneck". For plain layers it is the op's kind.
	Name   string
	Fields []Field
	// Join holds paths; Block is a macro that Expand opens into its layers.
	Join, Block bool
}

// KindOf is the kind of a code, nil for an unknown one.
func KindOf(c Code) *Kind { return kinds[c] }

// Field finds a field by name.
func (k *Kind) Field(name string) (Field, bool) {
	for _, f := range k.Fields {
		if f.Name == name {
			return f, true
		}
	}
	return Field{}, false
}

// The fields that several kinds share.
var (
	outField      = Field{Name: "out", Min: 1, Max: maxWidth, def: 64, always: true, at: func(l *Layer) any { return &l.Out }}
	kernelField   = Field{Name: "kernel", Key: 'k', Min: 1, Max: 64, def: 3, always: true, at: func(l *Layer) any { return &l.Kernel }}
	strideField   = Field{Name: "stride", Key: 's', Min: 1, Max: 64, def: 1, at: func(l *Layer) any { return &l.Stride }}
	padField      = Field{Name: "padding", Key: 'p', Min: 0, Max: 64, at: func(l *Layer) any { return &l.Pad }}
	dilationField = Field{Name: "dilation", Key: 'd', Min: 1, Max: 64, def: 1, at: func(l *Layer) any { return &l.Dilation }}
	groupsField   = Field{Name: "groups", Key: 'g', Min: 1, Max: maxWidth, def: 1, at: func(l *Layer) any { return &l.Groups }}
	biasField     = Field{Name: "bias", Key: 'n', Max: 1, Flag: true, Off: true, at: func(l *Layer) any { return &l.NoBias }}
	sameField     = Field{Name: "same", Key: 'q', Max: 1, Flag: true, at: func(l *Layer) any { return &l.Same }}
	ceilField     = Field{Name: "ceil", Key: 'c', Max: 1, Flag: true, at: func(l *Layer) any { return &l.Ceil }}
	epsField      = Field{Name: "eps", Key: 'e', Max: 1, def: 0, at: func(l *Layer) any { return &l.Eps }}
	actField      = Field{Name: "activation", Key: 'a', def: 'r', at: func(l *Layer) any { return &l.Act }}
	midField      = Field{Name: "mid", Key: 'm', Min: 1, Max: maxWidth, def: 64, always: true, at: func(l *Layer) any { return &l.Mid }}
	expandField   = Field{Name: "expand", Key: 't', Min: 1, Max: 32, def: 6, always: true, at: func(l *Layer) any { return &l.Expand }}
	dropField     = Field{Name: "drop", Key: 'd', Max: 1, Flag: true, at: func(l *Layer) any { return &l.Drop }}
	squeezeField  = Field{Name: "squeeze", Key: 'r', Min: 1, Max: 64, def: 4, at: func(l *Layer) any { return &l.Squeeze }}
	growthField   = Field{Name: "growth", Key: 'g', Min: 1, Max: maxWidth, def: 32, always: true, at: func(l *Layer) any { return &l.Out }}
)

// lead makes a field the number right after the code.
func lead(f Field) Field { f.Key, f.always = 0, true; return f }

// square keeps both sides of a size equal.
func square(f Field) Field { f.square = true; return f }

// with changes the usual value of a field.
func with(f Field, def float64) Field { f.def = def; return f }

func whole(name string, key byte, lo, hi, def float64, at func(*Layer) any) Field {
	return Field{Name: name, Key: key, Min: lo, Max: hi, def: def, always: true, at: at}
}

func rate(def float64) Field {
	return Field{Name: "rate", Max: 0.999, def: def, always: true, at: func(l *Layer) any { return &l.Rate }}
}

func filters(name string, key byte, i int, def float64) Field {
	return whole(name, key, 1, maxWidth, def, func(l *Layer) any { return &l.Filters[i] })
}

func pads(name string, key byte, i int) Field {
	return Field{Name: name, Key: key, Max: 64, at: func(l *Layer) any { return &l.Pads[i] }}
}

func norm(name string, key byte, i int, def float64) Field {
	return Field{Name: name, Key: key, Max: 1e6, def: def, at: func(l *Layer) any { return &l.Norm[i] }}
}

func pool(code Code, name string, more ...Field) *Kind {
	stride := strideField
	stride.Min, stride.def = 0, 0 // 0 is the kernel's own size
	return &Kind{Code: code, Name: name, Fields: append([]Field{lead(square(with(kernelField, 2))), stride, square(padField), ceilField}, more...)}
}

var kindList = []*Kind{
	{Code: "c", Name: "conv", Fields: []Field{lead(outField), kernelField, strideField, padField, dilationField, groupsField, biasField, sameField}},
	{Code: "dw", Name: "depthwise", Fields: []Field{lead(kernelField), strideField, padField, dilationField,
		{Name: "multiplier", Key: 'm', Min: 1, Max: 256, def: 1, at: func(l *Layer) any { return &l.Mult }}, biasField, sameField}},
	{Code: "fc", Name: "linear", Fields: []Field{lead(with(outField, 10)), biasField}},
	{Code: "bn", Name: "batchnorm", Fields: []Field{epsField}},
	{Code: "lrn", Name: "lrn", Fields: []Field{whole("size", 0, 1, 255, 5, func(l *Layer) any { return &l.Out }), norm("k", 'k', 0, 1), norm("alpha", 'a', 1, 1e-4), norm("beta", 'b', 2, 0.75),
		{Name: "sum", Key: 's', Max: 1, Flag: true, at: func(l *Layer) any { return &l.SumAlpha }}}},
	{Code: "relu", Name: "relu"}, {Code: "relu6", Name: "relu6"}, {Code: "silu", Name: "silu"}, {Code: "hardswish", Name: "hardswish"},
	{Code: "sigmoid", Name: "sigmoid"}, {Code: "hardsigmoid", Name: "hardsigmoid"}, {Code: "tanh", Name: "tanh"}, {Code: "scaledtanh", Name: "scaledtanh"},
	{Code: "gelu", Name: "gelu"}, {Code: "leakyrelu", Name: "leakyrelu"}, {Code: "elu", Name: "elu"}, {Code: "softplus", Name: "softplus"}, {Code: "mish", Name: "mish"},
	pool("mp", "maxpool"),
	pool("ap", "avgpool", Field{Name: "exclude_padding", Key: 'z', Max: 1, Flag: true, at: func(l *Layer) any { return &l.ExcludePad }}),
	{Code: "aap", Name: "adaptiveavgpool", Fields: []Field{whole("size", 0, 1, maxSide, 7, func(l *Layer) any { return &l.Out })}},
	{Code: "gap", Name: "globalavgpool"}, {Code: "gmp", Name: "globalmaxpool"},
	{Code: "do", Name: "dropout", Fields: []Field{rate(0.5)}}, {Code: "sd", Name: "stochasticdepth", Fields: []Field{rate(0)}},
	{Code: "fl", Name: "flatten"}, {Code: "sm", Name: "softmax"},
	{Code: "zp", Name: "zeropad", Fields: []Field{pads("top", 't', 0), pads("bottom", 'b', 1), pads("left", 'l', 2), pads("right", 'r', 3)}},
	{Code: "st", Name: "stride", Fields: []Field{whole("step", 0, 1, 64, 2, func(l *Layer) any { return &l.Stride })}},
	{Code: "pc", Name: "padchannels", Fields: []Field{lead(outField)}},
	{Code: "ss", Name: "subsample"},
	{Code: "ct", Name: "convtable", Fields: []Field{lead(square(with(kernelField, 5))),
		{Name: "table", Key: 't', always: true, at: func(l *Layer) any { return &l.Table }}}},
	{Code: "rbf", Name: "rbf", Fields: []Field{lead(with(outField, 10))}},

	{Code: "add", Name: "add", Join: true}, {Code: "cat", Name: "concat", Join: true}, {Code: "mul", Name: "mul", Join: true}, {Code: "dense", Name: "dense", Join: true},

	{Code: "cb", Name: "convunit", Block: true, Fields: []Field{lead(outField), kernelField, strideField, padField, groupsField, actField, epsField, sameField}},
	{Code: "ds", Name: "separable", Block: true, Fields: []Field{lead(outField), square(kernelField), strideField, actField, sameField}},
	{Code: "rb", Name: "basicblock", Block: true, Fields: []Field{lead(outField), strideField, {Name: "pad_skip", Key: 'o', Max: 1, Flag: true, at: func(l *Layer) any { return &l.PadSkip }}}},
	{Code: "pb", Name: "plainblock", Block: true, Fields: []Field{lead(outField), strideField}},
	{Code: "bt", Name: "bottleneck", Block: true, Fields: []Field{lead(with(outField, 256)), midField, strideField, {Name: "stride_first", Key: 'v', Max: 1, Flag: true, at: func(l *Layer) any { return &l.First }}}},
	{Code: "inc", Name: "inception", Block: true, Fields: []Field{whole("filters_1x1", 0, 1, maxWidth, 64, func(l *Layer) any { return &l.Out }),
		filters("reduce_3x3", 'r', 0, 96), filters("filters_3x3", 't', 1, 128), filters("reduce_5x5", 'u', 2, 16), filters("filters_5x5", 'f', 3, 32), filters("pool_proj", 'o', 4, 32),
		square(with(kernelField, 5)), {Name: "norm", Key: 'b', Max: 1, Flag: true, at: func(l *Layer) any { return &l.Normed }}, epsField, ceilField}},
	{Code: "se", Name: "squeezeexcite", Block: true, Fields: []Field{lead(with(midField, 16)), with(actField, 's'),
		{Name: "hard_gate", Key: 'h', Max: 1, Flag: true, at: func(l *Layer) any { return &l.HardGate }}}},
	{Code: "mb", Name: "mbconv", Block: true, Fields: []Field{lead(with(outField, 24)), expandField, square(kernelField), strideField, squeezeField, with(actField, 's'), epsField, dropField}},
	{Code: "ir", Name: "invertedresidual", Block: true, Fields: []Field{lead(with(outField, 24)), expandField, square(kernelField), strideField, with(actField, '6'), epsField}},
	{Code: "dl", Name: "denselayer", Block: true, Fields: []Field{lead(growthField)}},
	{Code: "db", Name: "denseblock", Block: true, Fields: []Field{whole("layers", 0, 1, 128, 6, func(l *Layer) any { return &l.Steps }), growthField}},
	{Code: "tr", Name: "transition", Block: true, Fields: []Field{lead(with(outField, 128))}},
}

var kinds = func() map[Code]*Kind {
	m := map[Code]*Kind{}
	for _, k := range kindList {
		m[k.Code] = k
	}
	return m
}()

// actLetters are the activations inside blocks; 'i' is none.
var actLetters = map[byte]op.Act{'i': "", 'r': op.ReLU, '6': op.ReLU6, 's': op.SiLU, 'h': op.HardSwish, 't': op.Tanh, 'g': gelu, 'l': leakyReLU}

func letterOf(a op.Act) byte {
	for c, x := range actLetters {
		if x == a {
			return c
		}
	}
	return 'i'
}

func actByName(v string) (op.Act, bool) {
	if v == "none" {
		return "", true
	}
	for _, x := range actLetters {
		if x != "" && string(x) == v {
			return x, true
		}
	}
	return "", false
}
