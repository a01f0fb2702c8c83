package calc

import (
	"errors"

	"stride/internal/nn"
	"stride/internal/nn/tensor"
)

// Message is a sentence for the reader: a stable code and the values it names. Text puts it into words.
type Message struct {
	Code string
	Args []any // int, string or tensor.Shape
}

// Problem is why a layer cannot work, and what would repair it.
type Problem struct {
	Message
	Fixes []Fix
	// Err is the operation's own error, for logs and the command line.
	Err error
}

// Fix is a repair: words for a button and the edit behind it.
type Fix struct {
	Message
	Edit Edit
}

var errTooMuch = errors.New("too large")

// diagnose says what is wrong with a plain layer at addr that reads in, given the operation's error.
func diagnose(l Layer, addr string, in tensor.Shape, err error) *Problem {
	p := &Problem{Message: Message{"other", []any{quoted(err.Error())}}, Err: err}
	change := func(code, field string, v int) {
		p.Fixes = append(p.Fixes, Fix{Message{code, []any{v}}, Edit{Do: Change, Address: addr, Field: field, Value: number(float64(v))}})
	}
	switch l.Code {
	case "c", "dw", "mp", "ap", "ct":
		diagnoseWindow(p, l, in, change)
	case "fc":
		if in.PlaneLen() > 1 {
			p.Message = Message{"needs_vector", []any{in}}
			p.Fixes = []Fix{{Message{"insert_flatten", nil}, Edit{Do: Insert, Address: addr, Value: "fl"}}, {Message{"insert_pool", nil}, Edit{Do: Insert, Address: addr, Value: "gap"}}}
		}
	case "gmp":
		p.Message = Message{"not_square", []any{in}}
	case "ss":
		p.Message = Message{"odd_map", []any{in}}
	case "pc":
		if l.Out < in.C {
			p.Message = Message{"fewer_channels", []any{l.Out, in.C}}
			change("use_channels", "out", in.C)
		}
	}
	if errors.Is(err, errTooMuch) {
		p.Message, p.Fixes = Message{"too_much", nil}, nil
	}
	return p
}

// diagnoseWindow covers the layers that move a window over the map.
func diagnoseWindow(p *Problem, l Layer, in tensor.Shape, change func(code, field string, v int)) {
	if l.Code == "c" && (in.C%l.Groups != 0 || l.Out%l.Groups != 0) {
		p.Message = Message{"groups", []any{l.Groups, in.C, l.Out}}
		change("use_groups", "groups", largestDivisor(l.Groups, in.C, l.Out))
		return
	}
	if l.Code == "ct" && len(l.Table) > 0 {
		for _, m := range l.Table {
			if m>>min(in.C, 63)>>1 != 0 || in.C < 64 && m>>in.C != 0 {
				p.Message = Message{"table", []any{in.C}}
				return
			}
		}
	}
	if (l.Code == "mp" || l.Code == "ap") && 2*l.Pad.Y > l.Kernel.Y {
		p.Message = Message{"pool_padding", []any{l.Pad.Y, l.Kernel.Y}}
		change("use_padding", "padding", l.Kernel.Y/2)
		return
	}
	side, pad := min(in.H, in.W), min(l.Pad.Y, l.Pad.X)
	reach := max(l.Dilation, 1)*(max(l.Kernel.Y, l.Kernel.X)-1) + 1
	if reach <= side+2*pad {
		return
	}
	fits := (side+2*pad-1)/max(l.Dilation, 1) + 1
	switch {
	case in.PlaneLen() == 1 && pad == 0:
		p.Message = Message{"kernel_on_vector", []any{l.Kernel.String()}}
	case l.Dilation > 1:
		p.Message = Message{"kernel_dilated", []any{l.Kernel.String(), l.Dilation, reach, mapSize(in)}}
	case pad > 0:
		p.Message = Message{"kernel_padded", []any{l.Kernel.String(), mapSize(in), mapSize(tensor.CHW(1, in.H+2*l.Pad.Y, in.W+2*l.Pad.X))}}
	default:
		p.Message = Message{"kernel", []any{l.Kernel.String(), mapSize(in)}}
	}
	change("use_kernel", "kernel", fits)
	if need := (reach - side + 1) / 2; need <= 64 && l.Code != "ct" && (l.Code == "c" || l.Code == "dw" || 2*need <= l.Kernel.Y) {
		change("use_padding", "padding", need)
	}
}

// largestDivisor is the largest number up to n that divides a and b.
func largestDivisor(n, a, b int) int {
	for d := n; d > 1; d-- {
		if a%d == 0 && b%d == 0 {
			return d
		}
	}
	return 1
}

// diagnoseJoin says why the ends of a join's paths do not fit, and how a projection would make them fit.
func diagnoseJoin(l Layer, addr string, in tensor.Shape, ends []tensor.Shape, err error) *Problem {
	p := &Problem{Message: Message{"other", []any{quoted(err.Error())}}, Err: err}
	switch {
	case errors.Is(err, errTooMuch):
		p.Message = Message{"too_much", nil}
		return p
	case len(ends) < 2:
		p.Message = Message{"few_paths", []any{len(ends)}}
		return p
	}
	a, b := ends[0], ends[1]
	for _, s := range ends[1:] {
		if s != a {
			b = s
		}
	}
	p.Message = Message{l.name() + "_shapes", []any{a, b}}
	if l.Code == "add" && len(ends) == 2 {
		if text, ok := projection(in, a); ok && len(l.Paths[1]) == 0 {
			p.Fixes = append(p.Fixes, Fix{Message{"project", nil}, Edit{Do: Insert, Address: addr + ".1.0", Value: text}})
		}
	}
	return p
}

func (l Layer) name() string { return kinds[l.Code].Name }

// projection is the 1×1 convolution that turns in into the shape out, when there is one.
func projection(in, out tensor.Shape) (string, bool) {
	for s := 1; s <= 64; s++ {
		if (in.H-1)/s+1 == out.H && (in.W-1)/s+1 == out.W {
			return listText(unit(square1(out.C, s), 0, "")), true
		}
	}
	return "", false
}

// checkCost refuses a layer whose work is beyond what can be added up.
func checkCost(o nn.Op, in []tensor.Shape, out tensor.Shape) error {
	if !out.Valid() || o.MACs(in, out) > maxMACs || o.MACs(in, out) < 0 {
		return errTooMuch
	}
	return nil
}

// checkLayer adds what no operation knows. A global maximum is a pool as large as the map.
func checkLayer(l Layer, in tensor.Shape) error {
	if l.Code == "gmp" && in.H != in.W {
		return errors.New("a global max pool takes square maps")
	}
	if l.Code == "rbf" && in.C > maxWidth { // the patterns are real memory
		return errTooMuch
	}
	return nil
}
