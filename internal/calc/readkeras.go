package calc

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"stride/internal/nn"
	"stride/internal/nn/tensor"
)

// kerasRow is one layer of a Keras table.
type kerasRow struct {
	line      int
	name, typ string
	// shape is one image's output; known is false for layers with several outputs or none stated.
	shape  tensor.Shape
	known  bool
	params int64
	from   []string
	// within marks a layer of a nested model, printed below the model's own row; cut a name that fills its column.
	within, cut bool
}

// keras turns the rows of a table into a graph, where the table tells enough, and that into a stack. Kernels, strides and
// padding are not printed; they follow from the shapes and the numbers of parameters.
func (p *Paste) keras(rows []tableRow, connected bool) {
	var layers []kerasRow
	for _, r := range rows {
		k, ok := p.kerasRow(r)
		if !ok {
			continue
		}
		if n := len(layers); k.within && n > 0 && !layers[n-1].within { // its parameters are those of its layers
			layers[n-1].params = 0
		}
		layers = append(layers, k)
	}
	if len(layers) == 0 {
		return
	}
	if n := resolve(layers, connected); n > 0 {
		p.note("names_cut", n)
	}
	told := map[string]bool{}
	for _, l := range layers {
		if !slices.Contains(kerasTypes, l.typ) && !told[l.typ] {
			told[l.typ] = true
			p.note("unknown_counted", l.line, quoted(strings.TrimSpace(l.typ+" "+l.name)))
		}
	}
	w := &kerasWirer{p: p, seen: map[string]bool{}}
	w.countAll(layers)
	p.settle()
	if p.Buffers > 0 {
		p.note("counts_buffers", p.Buffers)
	}
	s, err := w.wire(layers)
	if err != nil {
		p.note("wiring_failed")
		return
	}
	p.Stack, p.HasStack = s, true
}

// kerasRow reads the cells of a row.
func (p *Paste) kerasRow(r tableRow) (kerasRow, bool) {
	name := strings.TrimSpace(r.name)
	inner := strings.TrimLeft(name, "└|│ ")
	m := nameType.FindStringSubmatch(inner)
	n, ok := whole64(r.params)
	k := kerasRow{line: r.line, name: inner, params: n, within: inner != name, cut: m == nil}
	k.shape, k.known = kerasShape(r.shape)
	if m == nil && (!k.known || !kerasName.MatchString(inner)) || !ok {
		p.unknown(r.line, strings.TrimSpace(r.name+" "+r.shape+" "+r.params))
		return kerasRow{}, false
	}
	cut := ""
	if m != nil {
		k.name, cut = m[1], m[2]
	}
	k.typ = kerasType(cut, k)
	for _, f := range readsFrom.FindAllStringSubmatch(r.from, -1) {
		k.from = append(k.from, f[1])
	}
	return k, true
}

// kerasTypes are the layers that are known, by the class names that Keras prints.
var kerasTypes = []string{"InputLayer", "Conv2D", "DepthwiseConv2D", "SeparableConv2D", "Dense", "BatchNormalization", "MaxPooling2D", "AveragePooling2D", "GlobalAveragePooling2D",
	"GlobalMaxPooling2D", "Flatten", "Dropout", "SpatialDropout2D", "GaussianNoise", "Activation", "ReLU", "LeakyReLU", "ELU", "Softmax", "ZeroPadding2D", "Add", "Concatenate", "Multiply",
	"Reshape", "Rescaling", "Normalization", "RandomFlip", "RandomRotation", "RandomZoom", "RandomContrast", "RandomTranslation", "TFOpLambda", "Lambda"}

// weighted are the layers that have parameters.
var weighted = map[string]bool{"Conv2D": true, "DepthwiseConv2D": true, "SeparableConv2D": true, "Dense": true, "BatchNormalization": true, "Normalization": true}

// kerasType completes a type that the column cut off, by what the row is called and counts: Keras names layers after their
// types, and people after what they do. A type that is not known stays as it is.
func kerasType(t string, l kerasRow) string {
	if slices.Contains(kerasTypes, t) {
		return t
	}
	var may []string
	for _, k := range kerasTypes {
		if strings.HasPrefix(k, t) && weighted[k] == (l.params > 0) {
			may = append(may, k)
		}
	}
	if len(may) == 1 && t != "" {
		return may[0]
	}
	name := strings.ToLower(strings.TrimSuffix(l.name, "…"))
	for _, k := range may {
		auto := snake(k)
		if strings.HasPrefix(name, auto) || len(name) > 3 && strings.HasPrefix(auto, name) {
			return k
		}
	}
	for _, sign := range []struct{ part, typ string }{{"relu", "ReLU"}, {"_bn", "BatchNormalization"}, {"bn_", "BatchNormalization"}, {"pad", "ZeroPadding2D"}, {"drop", "Dropout"}, {"depthwise", "DepthwiseConv2D"}, {"conv", "Conv2D"}} {
		if strings.Contains(name, sign.part) && slices.Contains(may, sign.typ) {
			return sign.typ
		}
	}
	return t
}

// snake is the name that Keras gives a layer of a type: "max_pooling2d".
func snake(typ string) string {
	var b strings.Builder
	for i, r := range typ {
		if i > 0 && unicode.IsUpper(r) && unicode.IsLower(rune(typ[i-1])) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// kerasShape reads "(None, 26, 26, 32)": batch, rows, columns, channels; or "(None, 10)".
func kerasShape(s string) (tensor.Shape, bool) {
	if strings.Count(s, "None") > 1 { // sizes that are known only when a picture comes
		return tensor.Shape{}, false
	}
	var d []int
	for _, t := range wholes.FindAllString(strings.ReplaceAll(s, ",", " "), -1) {
		var n int
		if _, err := fmt.Sscan(t, &n); err != nil || n < 1 {
			return tensor.Shape{}, false
		}
		d = append(d, n)
	}
	var x tensor.Shape
	switch {
	case len(d) == 1:
		x = tensor.Vec(1, d[0])
	case len(d) == 3:
		x = tensor.CHW(d[2], d[0], d[1])
	default:
		return x, false
	}
	return x, x.Valid() && x.C <= maxWidth && x.H <= maxSide && x.W <= maxSide
}

// resolve fills in what every layer reads: the names of the table, completed where the column cut them off, or without
// that column the layer before. Rows whose names were cut off to the same beginning get names of their own.
//
// It returns how many connections might lead to several layers.
func resolve(layers []kerasRow, connected bool) (unsure int) {
	defer func() {
		for i := range layers { // only now: connections are told by the names as they are printed
			layers[i].name = layers[i].unique(i)
		}
	}()
	for i := range layers {
		l := &layers[i]
		if !connected && i > 0 {
			l.from = []string{layers[i-1].unique(i - 1)}
			continue
		}
		for j, name := range l.from {
			var several bool
			if l.from[j], several = complete(name, layers[:i]); several {
				unsure++
			}
		}
	}
	return unsure
}

// unique is the name of row i that no other row has, as far as the table's own is cut off.
func (l kerasRow) unique(i int) string {
	if whole := strings.TrimSuffix(l.name, "…"); whole != l.name || l.cut {
		return whole + "#" + strconv.Itoa(i)
	}
	return l.name
}

// complete finds the layer that a name stands for, which either table cell may have cut off: of several, the nearest above.
func complete(name string, before []kerasRow) (found string, several bool) {
	for i, b := range before {
		if b.name == name {
			return b.unique(i), false
		}
	}
	for i := len(before) - 1; i >= 0; i-- {
		b := before[i]
		whole := strings.TrimSuffix(b.name, "…")
		if len(name) > 3 && strings.HasPrefix(whole, name) || whole != b.name && strings.HasPrefix(name, whole) {
			if found != "" {
				return found, true
			}
			found = b.unique(i)
		}
	}
	return cmp.Or(found, name), false
}

// kerasWirer builds the graph of a table.
type kerasWirer struct {
	p    *Paste
	seen map[string]bool // notes that are told once
}

func (w *kerasWirer) once(code string) {
	if !w.seen[code] {
		w.seen[code] = true
		w.p.note(code)
	}
}

// countAll counts all rows. Keras's counts contain the statistics of batch normalisation, which are buffers here.
func (w *kerasWirer) countAll(layers []kerasRow) {
	for _, l := range layers {
		var buffers int64
		switch l.typ {
		case "BatchNormalization":
			buffers = 2 * int64(l.shape.C)
		case "Normalization":
			buffers = l.params
		}
		if buffers > l.params {
			buffers = l.params
		}
		w.p.count(l.line, l.name, l.typ, l.params-buffers, buffers)
	}
}

// wire builds a graph of all rows and takes it apart into layers.
func (w *kerasWirer) wire(layers []kerasRow) (Stack, error) {
	in, layers, err := kerasInput(layers)
	if err != nil {
		return Stack{}, err
	}
	var failed error
	g, err := nn.Build(in.shape, func(b *nn.Builder, x *nn.Node) *nn.Node {
		nodes := map[string]*nn.Node{in.name: x}
		last := x
		for i, l := range layers {
			from := l.from
			if len(from) == 0 && i == 0 {
				from = []string{in.name}
			}
			var reads []*nn.Node
			for _, f := range from {
				if nodes[f] == nil {
					failed = fmt.Errorf("calc: line %d: %s reads %q, which is not there", l.line, l.name, f)
					return x
				}
				reads = append(reads, nodes[f])
			}
			if len(reads) == 0 || nodes[l.name] != nil {
				failed = fmt.Errorf("calc: line %d: %s reads nothing, or stands twice", l.line, l.name)
				return x
			}
			n, err := w.node(b, l, reads)
			if err != nil {
				failed = fmt.Errorf("calc: line %d: %s: %w", l.line, l.name, err)
				return x
			}
			nodes[l.name], last = n, n
		}
		return last
	})
	if failed != nil {
		return Stack{}, failed
	}
	if err != nil {
		return Stack{}, err
	}
	return FromGraph(g)
}

// kerasInput is the input layer, or without one what the first layer must have read: a guess from its parameters.
func kerasInput(layers []kerasRow) (kerasRow, []kerasRow, error) {
	first := layers[0]
	if first.typ == "InputLayer" {
		if !first.known {
			return first, nil, fmt.Errorf("calc: line %d: the input size is not stated", first.line)
		}
		return first, layers[1:], nil
	}
	in := kerasRow{name: "input"}
	switch {
	case !first.known:
		return in, nil, fmt.Errorf("calc: line %d: the first layer's output is not stated", first.line)
	case first.typ == "Dense":
		n := (first.params - int64(first.shape.C)) / int64(first.shape.C)
		in.shape = tensor.Vec(1, int(n))
	case first.typ == "Flatten":
		in.shape = tensor.Vec(1, first.shape.C)
	case first.typ == "Conv2D":
		in.shape = firstConvInput(first)
	default:
		in.shape = first.shape
	}
	if !in.shape.Valid() || in.shape.C > maxWidth {
		return in, nil, fmt.Errorf("calc: line %d: the input cannot be told", first.line)
	}
	layers[0].from = []string{"input"}
	return in, layers, nil
}

// firstConvInput tries the usual numbers of channels: the kernel has to come out whole. A valid convolution of stride 1 is
// told from one that keeps its size by nothing; the usual input sizes decide.
func firstConvInput(l kerasRow) tensor.Shape {
	for _, c := range []int{3, 1, 4, 2} {
		k, _, ok := kernelOf(l.params, int64(c)*int64(l.shape.C), int64(l.shape.C))
		if !ok {
			continue
		}
		grown := tensor.CHW(c, l.shape.H+k-1, l.shape.W+k-1)
		for _, n := range usualSides {
			if n == l.shape.H {
				return tensor.CHW(c, l.shape.H, l.shape.W)
			}
			if n == grown.H {
				return grown
			}
		}
		return grown
	}
	return tensor.Shape{}
}

// kernelOf finds the side of a square kernel from a number of parameters: k²·perCell, plus biases or not.
func kernelOf(params, perCell, biases int64) (k int, bias, ok bool) {
	if perCell <= 0 {
		return 0, false, false
	}
	for _, b := range []int64{biases, 0} {
		for k := int64(1); k <= 64; k++ {
			if k*k*perCell+b == params {
				return int(k), b > 0, true
			}
		}
	}
	return 0, false, false
}

// rectOf finds a 1×k or k×1 kernel; the shapes decide which.
func rectOf(params, perCell, biases int64) (k int, bias, ok bool) {
	for _, b := range []int64{biases, 0} {
		if n := params - b; perCell > 0 && n > 0 && n%perCell == 0 && n/perCell <= 64 {
			return int(n / perCell), b > 0, true
		}
	}
	return 0, false, false
}
