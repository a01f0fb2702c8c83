package diagram

import (
	"strconv"

	"stride/internal/nn"
)

// Class is the visual class of an operation: a colour and a glyph. The value is the suffix of a CSS class.
type Class string

// The classes.
const (
	ClassInput     Class = "in"
	ClassConv      Class = "conv"
	ClassPointwise Class = "pw" // convolution with a 1×1 window
	ClassDepthwise Class = "dw" // convolution with filters of its own for every channel
	ClassPool      Class = "pool"
	ClassNorm      Class = "norm"
	ClassAct       Class = "act"
	ClassAdd       Class = "add"
	ClassMul       Class = "mul"
	ClassConcat    Class = "concat"
	ClassDense     Class = "fc"
	ClassReshape   Class = "shape"
	ClassOutput    Class = "out"
)

// classes maps kinds to classes; what is not here is an activation, or a convolution when it has a convolution's weight.
var classes = map[nn.Kind]Class{
	nn.KindInput: ClassInput, "linear": ClassDense, "rbf": ClassDense,
	"maxpool": ClassPool, "avgpool": ClassPool, "adaptiveavgpool": ClassPool, "subsample": ClassPool, "stride": ClassPool,
	"batchnorm": ClassNorm, "lrn": ClassNorm, "add": ClassAdd, "mul": ClassMul, "concat": ClassConcat,
	"flatten": ClassReshape, "dropout": ClassReshape, "stochasticdepth": ClassReshape, "padchannels": ClassReshape,
	"softmax": ClassOutput, "convtable": ClassConv,
}

// ClassOf is the class of a node.
func ClassOf(n *nn.Node) Class {
	if c, ok := classes[n.Op.Kind()]; ok {
		return c
	}
	w := convWeight(n)
	if w == nil {
		return ClassAct
	}
	switch win := n.Window(); {
	case w[1] == 1 && n.In[0].Shape.C > 1:
		return ClassDepthwise
	case win.KH == 1 && win.KW == 1:
		return ClassPointwise
	}
	return ClassConv
}

// convWeight is the dimensions of a convolution's weight, {out, in/groups, kernel rows, kernel columns}; nil without one.
func convWeight(n *nn.Node) []int {
	for _, p := range n.Params {
		if p.Role == nn.ConvWeight && len(p.Dims) == 4 {
			return p.Dims
		}
	}
	return nil
}

// Mark is the short writing of an operation on a pill: "3×3" with "s2", "BN", "ReLU". It is a sign rather than a word and
// the same in all languages; a page that has a word for it may print that instead.
type Mark struct {
	Text string
	Sub  string // stride "s2" or groups "g2"; often empty
}

// marks are the signs of operations without a window.
var marks = map[nn.Kind]string{
	"batchnorm": "BN", "lrn": "LRN", "relu": "ReLU", "relu6": "ReLU6", "silu": "SiLU", "tanh": "tanh", "scaledtanh": "tanh",
	"sigmoid": "σ", "hardswish": "h-swish", "hardsigmoid": "h-σ", "add": "add", "mul": "scale", "concat": "concat",
	"linear": "dense", "rbf": "RBF", "flatten": "flatten", "dropout": "dropout", "stochasticdepth": "drop",
	"padchannels": "pad C", "softmax": "softmax", nn.KindInput: "image",
}

// prefixes say which pooling a window belongs to.
var prefixes = map[nn.Kind]string{"maxpool": "max ", "avgpool": "avg ", "adaptiveavgpool": "avg ", "subsample": "avg "}

// MarkOf is the mark of a node. Windows and strides come from the node's window; a pool over the whole map is "avg all".
func MarkOf(n *nn.Node) Mark {
	k := n.Op.Kind()
	if s, ok := marks[k]; ok {
		return Mark{Text: s}
	}
	if _, ok := n.Op.(nn.Windowed); !ok {
		return Mark{Text: string(k)}
	}
	w := n.Window()
	m := Mark{Text: strconv.Itoa(w.KH) + "×" + strconv.Itoa(w.KW)}
	if w.SH > 1 || w.SW > 1 {
		m.Sub = "s" + strconv.Itoa(max(w.SH, w.SW))
	}
	if ClassOf(n) == ClassPool {
		if n.Shape.PlaneLen() == 1 && n.In[0].Shape.PlaneLen() > 1 {
			return Mark{Text: prefixes[k] + "all"}
		}
		if w.KH == 1 && w.KW == 1 && w.SH > 1 {
			return Mark{Text: "stride", Sub: strconv.Itoa(w.SH)}
		}
		m.Text = prefixes[k] + m.Text
	}
	if d := convWeight(n); d != nil && m.Sub == "" && d[1] > 1 && d[1] < n.In[0].Shape.C {
		m.Sub = "g" + strconv.Itoa(n.In[0].Shape.C/d[1])
	}
	return m
}

// weighty reports whether a node does the work of a layer: it multiplies.
func weighty(n *nn.Node) bool { return n.MACs() > 0 }

// joins reports whether a node brings several inputs together (a concat may begin with one).
func joins(n *nn.Node) bool {
	c := ClassOf(n)
	return len(n.In) > 1 || c == ClassAdd || c == ClassMul || c == ClassConcat
}

// small reports whether a node is drawn as a pill on the way to the next map rather than with a map of its own:
// normalisations, activations, dropout and changes of shape without arithmetic.
func small(n *nn.Node) bool {
	if len(n.In) != 1 {
		return false
	}
	switch ClassOf(n) {
	case ClassNorm, ClassAct, ClassReshape:
		return !weighty(n)
	}
	return false
}

// shrinks reports whether a node makes the map clearly smaller in the way that ends or begins a stage: by its stride, or
// to less than 60 % of the rows.
func shrinks(n *nn.Node) bool {
	if len(n.In) != 1 {
		return false
	}
	in := n.In[0].Shape
	return in.H > 1 && (10*n.Shape.H < 6*in.H || 10*n.Shape.W < 6*in.W)
}
