package calc

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"stride/internal/nn/arch"
	"stride/internal/nn/tensor"
)

// Format is a form of text that Read knows.
type Format string

// The formats.
const (
	CompactText Format = "stack"        // the compact text of this package
	TorchCode   Format = "pytorch-code" // nn.Sequential and module definitions
	TorchRepr   Format = "pytorch-repr" // a printed module
	TorchTable  Format = "torchinfo"    // a table of torchsummary or torchinfo
	KerasTable  Format = "keras"        // model.summary()
)

// MaxPaste is the longest text that Read looks at, in bytes.
const MaxPaste = 512 << 10

// Paste is what was read from pasted text.
type Paste struct {
	Format Format
	// Stack is the network, when HasStack says that its wiring is known.
	Stack    Stack
	HasStack bool
	// Model is the architecture that a printed module was recognised as.
	Model string
	// Params and Buffers are counted from the text line by line, auxiliary classifiers (AuxParams) included.
	Params, Buffers, AuxParams int64
	Modules                    []Counted
	// Unknown are the lines that were not understood. Nothing is dropped without being listed here or in Notes.
	Unknown []Line
	Notes   []Message
}

// Counted is a module with parameters, as the text has it.
type Counted struct {
	Line            int
	Path, Type      string
	Params, Buffers int64
}

// Line is a line of the text, from 1.
type Line struct {
	Number int
	Text   string
}

func (p *Paste) note(code string, args ...any) { p.Notes = append(p.Notes, Message{code, args}) }

func (p *Paste) unknown(n int, text string) {
	text = strings.TrimSpace(text)
	if len([]rune(text)) > 200 {
		text = string([]rune(text)[:200]) + "…"
	}
	p.Unknown = append(p.Unknown, Line{n, text})
}

// count records a module and adds it up.
func (p *Paste) count(line int, path, typ string, params, buffers int64) {
	p.Params += params
	p.Buffers += buffers
	if params+buffers > 0 {
		p.Modules = append(p.Modules, Counted{line, path, typ, params, buffers})
	}
}

// Read reads a compact stack, PyTorch code, a printed PyTorch module, or a table of Keras, torchsummary or torchinfo. It
// runs nothing. Reading never fails: what is not understood is listed.
func Read(text string) *Paste {
	p := &Paste{}
	if len(text) > MaxPaste {
		p.unknown(1, fmt.Sprintf("%d bytes are too many; at most %d are read", len(text), MaxPaste))
		return p
	}
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\u00a0", " ")
	switch {
	case isStackText(text):
		p.Format = CompactText
		p.readStack(text)
	case tableHeader.MatchString(text):
		p.readTable(text)
	case reprLine.MatchString(text):
		p.Format = TorchRepr
		p.readRepr(text)
	default:
		p.Format = TorchCode
		p.readCode(text)
	}
	if p.HasStack && p.Format != CompactText {
		p.checkWidths()
	}
	if len(p.Modules) == 0 && !p.HasStack {
		p.note("nothing")
	}
	if n := len(p.Unknown); n > 0 {
		p.note("unknown_lines", n)
	}
	return p
}

func isStackText(text string) bool {
	t := strings.TrimPrefix(strings.TrimPrefix(strings.TrimSpace(text), "v1;"), "v1~")
	return len(t) > 1 && t[0] == 'i' && t[1] >= '0' && t[1] <= '9'
}

func (p *Paste) readStack(text string) {
	s, err := Parse(text)
	if err != nil {
		p.unknown(1, err.Error())
		return
	}
	p.Stack, p.HasStack = s, true
	t := Compile(s).Totals
	p.Params, p.Buffers = t.Params, t.Buffers
}

// sequence makes a stack of layers whose input size the text does not tell.
func (p *Paste) sequence(layers []Layer) {
	if len(layers) == 0 {
		return
	}
	p.HasStack = true
	p.Stack = Stack{Input: inputFor(layers), Layers: layers}
	if p.Stack.Input.PlaneLen() == 1 {
		return
	}
	if side, ok := fittingSide(p.Stack); ok {
		p.Stack.Input.H, p.Stack.Input.W = side, side
		if expectsFlat(p.Stack) {
			p.note("input_found", p.Stack.Input)
			return
		}
	}
	p.note("input_assumed", p.Stack.Input)
}

// inputFor guesses the input from the first layer that says how many channels it reads.
func inputFor(layers []Layer) tensor.Shape {
	for _, l := range flat(layers) {
		if l.wants == 0 {
			continue
		}
		switch {
		case l.Code == "fc" && !slices.ContainsFunc(layers, func(x Layer) bool { return x.Code == "fl" || x.Code == "gap" }):
			return tensor.Vec(1, min(l.wants, maxWidth))
		case l.Code == "fc":
			return tensor.CHW(1, 28, 28)
		case l.wants == 1:
			return tensor.CHW(1, 28, 28)
		}
		return tensor.CHW(l.wants, 224, 224)
	}
	return tensor.CHW(3, 224, 224)
}

// flat lists layers and the members of their joins.
func flat(layers []Layer) []Layer {
	var out []Layer
	for _, l := range layers {
		out = append(out, l)
		for _, path := range l.Paths {
			out = append(out, flat(path)...)
		}
	}
	return out
}

// usualSides are tried first, the input's own before them.
var usualSides = []int{224, 32, 28, 64, 96, 128, 227, 256, 299, 48, 160, 192, 384, 512}

// fittingSide finds a square input with which all layers work and read as much as the text says.
func fittingSide(s Stack) (int, bool) {
	sides := append([]int{s.Input.H}, usualSides...)
	if len(flat(s.Layers)) < 200 {
		for n := 1; n <= 300; n++ {
			sides = append(sides, n)
		}
	}
	for _, n := range sides {
		s.Input.H, s.Input.W = n, n
		if r := Compile(s); r.OK() && len(mismatches(r)) == 0 {
			return n, true
		}
	}
	return 0, false
}

// expectsFlat reports whether a dense layer reads a flattened map, so that the input size follows from it.
func expectsFlat(s Stack) bool {
	r := Compile(s)
	for i := 1; i < len(r.Rows); i++ {
		if r.Rows[i].Layer.Code == "fl" && !slices.ContainsFunc(r.Rows[:i], func(x Row) bool { return x.Layer.Code == "aap" || x.Layer.Code == "gap" || x.Layer.Code == "gmp" }) {
			return slices.ContainsFunc(r.Rows[i:], func(x Row) bool { return x.Layer.Code == "fc" && x.Layer.wants > 0 })
		}
	}
	return false
}

// mismatches are the rows that read another number of channels than the text says.
func mismatches(r *Result) []*Row {
	var bad []*Row
	for i := range r.Rows {
		if row := &r.Rows[i]; row.Known && row.Layer.wants > 0 && row.Layer.wants != row.In.C {
			bad = append(bad, row)
		}
	}
	return bad
}

func (p *Paste) checkWidths() {
	for _, row := range mismatches(Compile(p.Stack)) {
		p.note("width_mismatch", row.Layer.line, row.Layer.wants, row.In.C)
	}
	for i := range p.Stack.Layers {
		forget(&p.Stack.Layers[i])
	}
}

// forget drops what only reading needs.
func forget(l *Layer) {
	l.line, l.wants = 0, 0
	for _, path := range l.Paths {
		for i := range path {
			forget(&path[i])
		}
	}
}

// signature is the sizes of every node with parameters, by path.
type signature struct {
	arch *arch.Arch
	// sizes are parameters and buffers.
	sizes map[string][2]int64
	aux   int64
}

// signatures are those of all architectures, computed when the first printed module is read.
var signatures = sync.OnceValue(func() []signature {
	var out []signature
	all := arch.All()
	for i := range all {
		g, err := all[i].Graph()
		if err != nil { // then it cannot be recognised; package arch's own tests build them all
			continue
		}
		s := signature{arch: &all[i], sizes: map[string][2]int64{}}
		for _, n := range g.Nodes {
			var c [2]int64
			for _, p := range n.Params {
				if p.Role.Trainable() {
					c[0] += int64(p.Len())
				} else {
					c[1] += int64(p.Len())
				}
			}
			if c != [2]int64{} {
				s.sizes[n.Path] = c
			}
			if n.Aux {
				s.aux += c[0]
			}
		}
		out = append(out, s)
	}
	return out
})

// recognise looks for the architecture whose nodes have exactly the paths and sizes of the modules.
func (p *Paste) recognise() bool {
	for _, sig := range signatures() {
		if !p.equals(sig.sizes) {
			continue
		}
		g, err := sig.arch.Graph()
		if err != nil {
			return false
		}
		s, err := FromGraph(g)
		if err != nil {
			return false
		}
		p.Stack, p.HasStack, p.Model, p.AuxParams = s, true, sig.arch.Name, sig.aux
		p.note("recognised", quoted(sig.arch.Title))
		if sig.aux > 0 {
			p.note("aux_apart", sig.aux)
		}
		return true
	}
	return false
}

func (p *Paste) equals(want map[string][2]int64) bool {
	if len(want) != len(p.Modules) {
		return false
	}
	for _, m := range p.Modules {
		if want[m.Path] != [2]int64{m.Params, m.Buffers} {
			return false
		}
	}
	return true
}
