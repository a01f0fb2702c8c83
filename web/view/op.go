package view

// Op is the visual class of an operation: a colour and a glyph. The value is the suffix of a CSS class.
type Op string

// The operations that have a colour and a glyph of their own.
const (
	OpNone      Op = ""
	OpInput     Op = "in"
	OpConv      Op = "conv"
	OpPointwise Op = "pw"
	OpDepthwise Op = "dw"
	OpPool      Op = "pool"
	OpNorm      Op = "norm"
	OpAct       Op = "act"
	OpAdd       Op = "add"
	OpMul       Op = "mul"
	OpConcat    Op = "concat"
	OpDense     Op = "fc"
	OpReshape   Op = "shape"
	OpOutput    Op = "out"
)

// Class gives the CSS class that sets the operation's colour.
func (o Op) Class() string {
	if o == OpNone {
		return "o-norm"
	}
	return "o-" + string(o)
}

// OpOf maps the kind of an operation, as the engine names it, to its visual class. A convolution is shown as pointwise when
// its kernel is 1×1 and as depthwise when it has one group per channel.
func OpOf(kind string, pointwise, depthwise bool) Op {
	switch kind {
	case "conv", "convtable":
		switch {
		case depthwise:
			return OpDepthwise
		case pointwise:
			return OpPointwise
		}
		return OpConv
	case "linear", "rbf":
		return OpDense
	case "maxpool", "avgpool", "adaptiveavgpool", "subsample", "stride":
		return OpPool
	case "batchnorm", "lrn":
		return OpNorm
	case "add":
		return OpAdd
	case "mul":
		return OpMul
	case "concat":
		return OpConcat
	case "flatten", "dropout", "stochasticdepth", "padchannels":
		return OpReshape
	case "input":
		return OpInput
	case "softmax":
		return OpOutput
	}
	return OpAct
}

// Family names an architecture's family by the idea it introduced; the value is the suffix of a CSS class that sets its colour.
type Family string

// The eight families.
const (
	LeNet        Family = "lenet"
	AlexNet      Family = "alexnet"
	VGG          Family = "vgg"
	Inception    Family = "inception"
	ResNet       Family = "resnet"
	MobileNet    Family = "mobilenet"
	DenseNet     Family = "densenet"
	EfficientNet Family = "efficientnet"
)

// Class gives the CSS class that sets the family's colour.
func (f Family) Class() string { return "m-" + string(f) }
