// Package arch declares the networks. Each family is one file that reads like its paper's table; everything else (weights'
// names, shapes, parameters, costs, receptive fields, diagrams) is derived from the declaration.
//
// It holds no weights, no preprocessing and no text for readers. Start reading at Arch, then resnet.go.
package arch

import (
	"fmt"
	"sync"

	"stride/internal/nn"
	"stride/internal/nn/op"
	"stride/internal/nn/tensor"
)

// Paper is where an architecture was published.
type Paper struct {
	Authors, Title, Venue string
	Year                  int
	// ArXiv is the identifier ("1512.03385"), DOI the other kind; either may be empty.
	ArXiv, DOI string
}

// Labels names the set of classes that the last layer answers for.
type Labels string

// The label sets.
const (
	ImageNet Labels = "imagenet" // 1,000 classes of ILSVRC-2012
	Digits   Labels = "digits"
	CIFAR10  Labels = "cifar10"
	Drawings Labels = "drawings" // the classes of the composed drawings
)

// Arch is one architecture: a recipe with a name. It has no weights.
type Arch struct {
	// Name is the stable identifier: URL, command line, file names.
	Name string
	// Title is how people write it; Short tells the members of a family apart ("50", "paper").
	Title, Short string
	// Family is the name of one of Families.
	Family string
	Paper  Paper
	// Year of the architecture; a variant may be younger than the paper.
	Year   int
	Input  tensor.Shape
	Labels Labels
	// Paper or weights: Form says which form of the architecture this is (see the constants).
	Form Form
	// Build declares the graph and returns the logits.
	Build func(*nn.Builder, *nn.Node) *nn.Node
}

// Form says whose version of an architecture a declaration is.
type Form string

// The forms.
const (
	AsPaper     Form = "paper"       // as the paper has it
	AsWeights   Form = "torchvision" // as the public weights need it, with differences from the paper
	AsBoth      Form = ""            // the paper's form is also that of the weights
	AsVariant   Form = "variant"     // a variation for comparison
	AsMiniature Form = "miniature"   // a small network of the family's idea, trained here
)

// Family is one of the eight families, in the order of their invention.
type Family struct {
	Name, Title string
	Year        int
	// Main is the architecture that stands for the family in overviews; Mini its miniature.
	Main, Mini string
}

// Families lists the eight families.
var Families = []Family{
	{"lenet", "LeNet", 1998, "lenet5", "lenet5"},
	{"alexnet", "AlexNet", 2012, "alexnet_paper", "mini_alexnet"},
	{"vgg", "VGGNet", 2014, "vgg16", "mini_vgg"},
	{"inception", "InceptionNet", 2014, "googlenet_paper", "mini_googlenet"},
	{"resnet", "ResNet", 2015, "resnet50", "mini_resnet"},
	{"mobilenet", "MobileNet", 2017, "mobilenet_v1", "mini_mobilenet"},
	{"densenet", "DenseNet", 2017, "densenet121", "mini_densenet"},
	{"efficientnet", "EfficientNet", 2019, "efficientnet_b0", "mini_efficientnet"},
}

var (
	rgb224 = tensor.CHW(3, 224, 224)
	rgb32  = tensor.CHW(3, 32, 32)
	rgb64  = tensor.CHW(3, 64, 64)
)

// All lists every architecture, family by family.
var All = sync.OnceValue(func() []Arch {
	var all []Arch
	for _, f := range [][]Arch{lenets(), alexnets(), vggs(), googlenets(), resnets(), mobilenets(), densenets(), efficientnets(), cifars(), minis()} {
		all = append(all, f...)
	}
	return all
})

var byName = sync.OnceValue(func() map[string]*Arch {
	m := map[string]*Arch{}
	for i := range All() {
		m[All()[i].Name] = &All()[i]
	}
	return m
})

// ByName finds an architecture; the error lists what exists.
func ByName(name string) (*Arch, error) {
	if a := byName()[name]; a != nil {
		return a, nil
	}
	return nil, fmt.Errorf("no architecture is called %q; `explorer models` lists them", name)
}

// InFamily lists the architectures of one family.
func InFamily(family string) []Arch {
	var l []Arch
	for _, a := range All() {
		if a.Family == family {
			l = append(l, a)
		}
	}
	return l
}

// Graph builds the graph at the architecture's own input size. A softmax follows the logits, so that a reader can open
// it like any other node; Graph.Output is the logits. Graphs are immutable, built once and shared.
func (a *Arch) Graph() (*nn.Graph, error) {
	g, err := a.GraphAt(a.Input)
	if err != nil {
		return nil, fmt.Errorf("architecture %s: %w", a.Name, err)
	}
	return g, nil
}

type graphKey struct {
	name string
	in   tensor.Shape
}

// maxResized bounds the graphs that are kept for other input sizes than the architectures' own: anybody may ask for a size,
// and a large graph takes megabytes.
const maxResized = 64

var graphs = struct {
	sync.Mutex
	built   map[graphKey]func() (*nn.Graph, error)
	resized []graphKey // in the order in which they were asked for first
}{built: map[graphKey]func() (*nn.Graph, error){}}

// GraphAt builds the graph for another input size. Networks that end in dense layers after a flattened map accept only
// sizes that lead to the same map, and say so. Of other sizes than the architecture's own only the latest are shared.
func (a *Arch) GraphAt(in tensor.Shape) (*nn.Graph, error) {
	return a.builder(in)()
}

// builder is the function that builds a graph once and gives it from then on.
func (a *Arch) builder(in tensor.Shape) func() (*nn.Graph, error) {
	graphs.Lock()
	defer graphs.Unlock()
	key := graphKey{a.Name, in}
	if f := graphs.built[key]; f != nil {
		return f
	}
	f := sync.OnceValues(func() (*nn.Graph, error) {
		return nn.Build(in, func(b *nn.Builder, x *nn.Node) *nn.Node {
			logits := a.Build(b, x)
			b.Add("softmax", op.Softmax{}, logits)
			return logits
		})
	})
	graphs.built[key] = f
	if in != a.Input {
		if graphs.resized = append(graphs.resized, key); len(graphs.resized) > maxResized {
			delete(graphs.built, graphs.resized[0])
			graphs.resized = graphs.resized[1:]
		}
	}
	return f
}

// convBN adds a convolution without bias and its batch normalisation.
func convBN(b *nn.Builder, conv, bn string, x *nn.Node, c op.Conv, norm op.BatchNorm) *nn.Node {
	c.NoBias = true
	return b.Add(bn, norm, b.Add(conv, c, x))
}

// basicConv is the conv–bn–relu triple under one name that torchvision's Inception networks use.
func basicConv(b *nn.Builder, name string, x *nn.Node, c op.Conv) *nn.Node {
	s := b.Scope(name)
	return s.Add("relu", op.ReLU, convBN(s, "conv", "bn", x, c, op.BatchNorm{Eps: 1e-3}))
}

// head is what most modern networks end in: global average, flatten, dense.
func head(b *nn.Builder, x *nn.Node, pool, fc string, classes int) *nn.Node {
	x = b.Add(pool, op.AdaptiveAvgPool{Out: 1}, x)
	x = b.Add("flatten", op.Flatten{}, x)
	return b.Add(fc, op.Linear{Out: classes}, x)
}
