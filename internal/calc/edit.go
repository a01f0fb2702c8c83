package calc

import (
	"fmt"
	"strconv"
	"strings"
)

// Action is what an edit does.
type Action string

// The actions. Insert puts Value, a compact list of layers, before Address; Change sets Field to Value; Open replaces a
// block or a repeated layer by its members.
const (
	Insert    Action = "insert"
	Change    Action = "set"
	Delete    Action = "delete"
	Duplicate Action = "copy"
	Up        Action = "up"
	Down      Action = "down"
	Open      Action = "open"
	AddPath   Action = "path"
)

// Edit is one change of a stack, as the value of a button: "set:3:kernel:4". Insert at the address after the last layer
// appends.
type Edit struct {
	Do      Action
	Address string
	Field   string
	Value   string
}

// String is the edit as text; ParseEdit reads it back.
func (e Edit) String() string {
	return string(e.Do) + ":" + e.Address + ":" + e.Field + ":" + e.Value
}

// ParseEdit reads an edit.
func ParseEdit(text string) (Edit, error) {
	p := strings.SplitN(text, ":", 4)
	if len(p) != 4 {
		return Edit{}, fmt.Errorf("calc: edit %q: want action:address:field:value", text)
	}
	e := Edit{Action(p[0]), p[1], p[2], p[3]}
	switch e.Do {
	case Insert, Change, Delete, Duplicate, Up, Down, Open, AddPath:
		return e, nil
	}
	return Edit{}, fmt.Errorf("calc: edit %q: no action is called %q", text, p[0])
}

// Apply makes an edit. The stack itself is unchanged; the error says what the edit wanted that is not there.
func (s Stack) Apply(e Edit) (Stack, error) {
	if e.Address == "" && e.Do == Change {
		return s.setInput(e.Field, e.Value)
	}
	out := Stack{s.Input, cloneAll(s.Layers)}
	err := out.apply(e)
	if err == nil {
		if n := pathRows(out.Layers); n > MaxNodes || len(out.String()) > MaxText {
			err = fmt.Errorf("calc: %d rows are too many", n)
		}
	}
	if err != nil {
		return s, err
	}
	return out, nil
}

// setInput changes "channels" or "size" ("64" or "48x64") of the input.
func (s Stack) setInput(field, value string) (Stack, error) {
	value = strings.TrimSpace(value)
	text := "i" + strconv.Itoa(s.Input.C) + "x" + strings.ReplaceAll(value, "×", "x")
	refused := error(&ValueError{field, value, Message{"value_size", []any{quoted(value), maxSide}}})
	if field == "channels" {
		text = "i" + value + strings.TrimPrefix(inputText(s), "i"+strconv.Itoa(s.Input.C))
		refused = outside(field, value, 1, maxWidth)
	}
	p := parser{s: text}
	in, err := p.input()
	if err != nil || p.at < len(text) {
		return s, fmt.Errorf("calc: %w", refused)
	}
	s.Input = in
	return s, nil
}

func (s *Stack) apply(e Edit) error {
	if e.Do == AddPath {
		return s.addPath(e.Address)
	}
	list, i, err := s.find(e.Address, e.Do == Insert)
	if err != nil {
		return err
	}
	l := *list
	switch e.Do {
	case Insert:
		add, err := parseList(e.Value)
		if err != nil {
			return err
		}
		*list = append(l[:i:i], append(add, l[i:]...)...)
	case Change:
		return change(&l[i], e.Field, e.Value)
	case Delete:
		*list = append(l[:i:i], l[i+1:]...)
	case Duplicate:
		*list = append(l[:i+1:i+1], append([]Layer{l[i].clone()}, l[i+1:]...)...)
	case Up, Down:
		j := i + 1
		if e.Do == Up {
			j = i - 1
		}
		if j < 0 || j >= len(l) {
			return fmt.Errorf("calc: layer %s has nothing to change places with", e.Address)
		}
		l[i], l[j] = l[j], l[i]
	case Open:
		return s.open(list, i, e.Address)
	}
	return nil
}

// change sets one field; "count" repeats the layer.
func change(l *Layer, field, value string) error {
	k := kinds[l.Code]
	if field == "count" && !k.Join {
		n, err := strconv.Atoi(strings.TrimSpace(value))
		if err != nil || n < 1 || n > maxCount {
			return fmt.Errorf("calc: %w", outside(field, value, 1, maxCount))
		}
		l.Count = n
		return nil
	}
	f, ok := k.Field(field)
	if !ok {
		return fmt.Errorf("calc: %s has no setting %q", k.Name, field)
	}
	if err := f.set(l, value); err != nil {
		return fmt.Errorf("calc: %w", err)
	}
	return nil
}

// open replaces a repeated layer by single ones, a block by its layers. A block is opened for the map that it reads.
func (s *Stack) open(list *[]Layer, i int, addr string) error {
	l := (*list)[i]
	var add []Layer
	switch {
	case l.Times() > 1:
		n := l.Times()
		l.Count = 1
		for range n {
			add = append(add, l.clone())
		}
	case kinds[l.Code].Block:
		in := s.Input
		if r := Compile(*s).Row(addr); r != nil && r.In.Valid() {
			in = r.In
		}
		add = expand(l, in)
	default:
		return fmt.Errorf("calc: layer %s has no members to open", addr)
	}
	*list = append((*list)[:i:i], append(add, (*list)[i+1:]...)...)
	return nil
}

func (s *Stack) addPath(addr string) error {
	list, i, err := s.find(addr, false)
	if err != nil {
		return err
	}
	l := &(*list)[i]
	if !kinds[l.Code].Join {
		return fmt.Errorf("calc: layer %s has no paths", addr)
	}
	l.Paths = append(l.Paths, nil)
	return nil
}

// find is the list that an address leads into and the place in it; with end also the place after the last layer.
func (s *Stack) find(addr string, end bool) (*[]Layer, int, error) {
	missing := fmt.Errorf("calc: there is no layer %q", addr)
	parts := strings.Split(addr, ".")
	if len(parts)%2 == 0 {
		return nil, 0, missing
	}
	list := &s.Layers
	for at := 0; ; at += 2 {
		i, err := strconv.Atoi(parts[at])
		last := at == len(parts)-1
		if err != nil || i < 0 || i > len(*list) || i == len(*list) && !(last && end) {
			return nil, 0, missing
		}
		if last {
			return list, i, nil
		}
		paths := (*list)[i].Paths
		p, err := strconv.Atoi(parts[at+1])
		if err != nil || p < 0 || p >= len(paths) {
			return nil, 0, missing
		}
		list = &paths[p]
	}
}

// parseList reads layers without an input.
func parseList(text string) ([]Layer, error) {
	s, err := Parse("i1;" + text)
	return s.Layers, err
}
