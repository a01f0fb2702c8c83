package calc

import (
	"slices"

	"stride/internal/nn/op"
)

// manyRows is the length from which plain convolution pairs are folded into blocks too: a plain-34 of a hundred rows
// is easier to read by blocks, a VGG of forty is not.
const manyRows = 60

// fold replaces layers by the blocks that open into exactly them, and equal blocks in a row by a repeated one. Every
// candidate is checked by opening it, so folding cannot change what a stack computes.
func fold(layers []Layer) []Layer { return foldList(layers, false, len(layers) > manyRows) }

func foldList(layers []Layer, inside, long bool) []Layer {
	var out []Layer
	for i := 0; i < len(layers); {
		l, n := blockAt(layers[i:], inside, long)
		if n == 0 {
			l, n = layers[i], 1
			for p := range l.Paths {
				l.Paths[p] = foldList(l.Paths[p], true, false)
			}
		}
		i += n
		if k := len(out) - 1; k >= 0 && kinds[l.Code].Block && sameLayer(out[k], l) && out[k].Times() < maxCount {
			out[k].Count = out[k].Times() + 1
			continue
		}
		out = append(out, l)
	}
	return out
}

// sameLayer compares without the counts.
func sameLayer(a, b Layer) bool {
	a.Count, b.Count = 1, 1
	return a.Text() == b.Text()
}

// blockAt is the block that the beginning of layers is, and how many layers it covers; 0 for none.
func blockAt(layers []Layer, inside, long bool) (Layer, int) {
	guesses := []func([]Layer) (Layer, bool){guessResidual, guessSeparable, guessInverted, guessInception, guessDense, guessTransition, guessGate}
	if inside {
		guesses = append(guesses, guessUnit)
	}
	if long {
		guesses = append(guesses, guessPlain)
	}
	for _, g := range guesses {
		l, ok := g(layers)
		if !ok {
			continue
		}
		l.in = layers[0].in
		members := expand(l, l.in)
		if n := len(members); n <= len(layers) && listText(members) == listText(layers[:n]) {
			return l, n
		}
	}
	return Layer{}, 0
}

// convs are the convolutions of a list.
func convs(layers []Layer) []Layer {
	var c []Layer
	for _, l := range layers {
		if l.Code == "c" || l.Code == "dw" {
			c = append(c, l)
		}
	}
	return c
}

func guessResidual(l []Layer) (Layer, bool) {
	if l[0].Code != "add" || len(l) < 2 || len(l[0].Paths) != 2 {
		return Layer{}, false
	}
	c := convs(l[0].Paths[0])
	skip := l[0].Paths[1]
	switch len(c) {
	case 2:
		return must("rb", func(b *Layer) {
			b.Out, b.Stride = c[1].Out, c[0].Stride
			b.PadSkip = len(skip) > 0 && (skip[0].Code == "st" || skip[0].Code == "pc")
		}), true
	case 3:
		return must("bt", func(b *Layer) {
			b.Out, b.Mid, b.Stride, b.First = c[2].Out, c[0].Out, c[0].Stride*max(c[1].Stride, 1), c[0].Stride > 1
		}), true
	}
	return Layer{}, false
}

// guessPlain leaves the first of an odd number of equal convolutions alone: it is the stem.
func guessPlain(l []Layer) (Layer, bool) {
	if l[0].Code != "c" || len(l) < 6 {
		return Layer{}, false
	}
	unit, n := listText(l[:3]), 0
	for i := 0; i+3 <= len(l) && listText(l[i:i+3]) == unit; i += 3 {
		n++
	}
	if l[0].Stride == 1 && n%2 == 1 {
		return Layer{}, false
	}
	return must("pb", func(b *Layer) { b.Out, b.Stride = l[0].Out, l[0].Stride }), true
}

// guessInverted reads the settings in the order in which the layers stand: widening, depthwise, gate, projection.
func guessInverted(l []Layer) (Layer, bool) {
	in := l[0].in
	b := must("ir", func(b *Layer) { b.Expand = 1 })
	if l[0].Code == "add" && len(l[0].Paths) == 2 {
		if l = slices.Concat(l[0].Paths...); len(l) == 0 { // one of the paths is the input itself
			return Layer{}, false
		}
	}
	if len(l) > 3 && l[0].Code == "c" {
		if in.C == 0 || l[0].Out%in.C != 0 || l[0].Out == in.C {
			return Layer{}, false
		}
		b.Expand, b.Eps = l[0].Out/in.C, l[1].Eps
		l = l[3:]
	}
	if len(l) < 5 || l[0].Code != "dw" || l[1].Code != "bn" {
		return Layer{}, false
	}
	b.Kernel, b.Stride, b.Eps, b.Act = l[0].Kernel, l[0].Stride, l[1].Eps, op.Act(l[2].Code)
	l = l[3:]
	if l[0].Code == "mul" && len(l) >= 3 {
		gate := convs(l[0].Paths[0])
		if len(gate) != 2 {
			return Layer{}, false
		}
		b.Code, b.Squeeze = "mb", max(1, in.C/max(gate[0].Out, 1))
		l = l[1:]
	}
	b.Out = l[0].Out
	b.Drop = l[len(l)-1].Code == "sd"
	return b, true
}

func guessInception(l []Layer) (Layer, bool) {
	if l[0].Code != "cat" || len(l[0].Paths) != 4 {
		return Layer{}, false
	}
	var c []Layer
	for _, p := range l[0].Paths {
		c = append(c, convs(p)...)
	}
	pool := l[0].Paths[3]
	if len(c) != 6 || len(pool) == 0 || pool[0].Code != "mp" || len(l[0].Paths[0]) < 2 {
		return Layer{}, false
	}
	return must("inc", func(b *Layer) {
		b.Out, b.Filters, b.Kernel, b.Ceil = c[0].Out, [5]int{c[1].Out, c[2].Out, c[3].Out, c[4].Out, c[5].Out}, c[4].Kernel, pool[0].Ceil
		bn := l[0].Paths[0][1]
		b.Normed, b.Eps = bn.Code == "bn", bn.Eps
	}), true
}

func guessSeparable(l []Layer) (Layer, bool) {
	if len(l) < 6 || l[0].Code != "dw" || l[3].Code != "c" {
		return Layer{}, false
	}
	return must("ds", func(b *Layer) {
		b.Out, b.Kernel, b.Stride, b.Same, b.Act = l[3].Out, l[0].Kernel, l[0].Stride, l[0].Same, op.Act(l[2].Code)
	}), isAct(l[2])
}

func guessDense(l []Layer) (Layer, bool) {
	if l[0].Code != "dense" || len(l[0].Paths) == 0 {
		return Layer{}, false
	}
	c := convs(l[0].Paths[0])
	if len(c) != 2 {
		return Layer{}, false
	}
	return must("db", func(b *Layer) { b.Steps, b.Out = len(l[0].Paths), c[1].Out }), true
}

func guessTransition(l []Layer) (Layer, bool) {
	if len(l) < 4 || l[0].Code != "bn" || l[2].Code != "c" {
		return Layer{}, false
	}
	return must("tr", func(b *Layer) { b.Out = l[2].Out }), true
}

func guessGate(l []Layer) (Layer, bool) {
	if l[0].Code != "mul" || len(l[0].Paths) != 2 || len(l[0].Paths[0]) < 5 {
		return Layer{}, false
	}
	p := l[0].Paths[0]
	return must("se", func(b *Layer) { b.Mid, b.Act, b.HardGate = p[1].Out, op.Act(p[2].Code), p[4].Code == "hardsigmoid" }), isAct(p[2])
}

// guessUnit folds conv, norm and activation inside branches only: on the main path they stay three rows, as in the paper.
func guessUnit(l []Layer) (Layer, bool) {
	if l[0].Code != "c" || len(l) < 2 || l[1].Code != "bn" || l[0].Dilation > 1 {
		return Layer{}, false
	}
	return must("cb", func(b *Layer) {
		b.Out, b.Kernel, b.Stride, b.Pad, b.Groups, b.Same, b.Eps, b.Act = l[0].Out, l[0].Kernel, l[0].Stride, l[0].Pad, l[0].Groups, l[0].Same, l[1].Eps, ""
		if len(l) > 2 && isAct(l[2]) {
			b.Act = op.Act(l[2].Code)
		}
	}), true
}

// isAct reports whether a layer is an activation that blocks can have.
func isAct(l Layer) bool {
	a, ok := actByName(string(l.Code))
	return ok && a != ""
}
