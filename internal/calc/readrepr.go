package calc

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
)

// reprLine is a line of a printed module: "  (conv1): Conv2d(3, 64, …".
var reprLine = regexp.MustCompile(`(?m)^\s*\([\w\-]+\): (?:\d+ x )?[A-Za-z_][\w.]*\(`)

// reprParts splits it: name or range of names, repetition, type, the rest after the bracket.
var reprParts = regexp.MustCompile(`^\s*(?:\(([\w\-]+)\): )?(?:(\d+) x )?([A-Za-z_][\w.]*)\((.*)$`)

// printed is a printed module. Names has one name, or several where equal members are printed once.
type printed struct {
	names    []string
	typ      string
	line     int
	call     *pyCall // nil for a container
	children []*printed
}

// readRepr reads the printed form of a module tree. Counts need no execution: every module prints its sizes.
func (p *Paste) readRepr(text string) {
	root := p.tree(text)
	p.countTree(root, "")
	if layers, ok := p.sequential(root); ok {
		p.sequence(layers)
		return
	}
	if !p.recognise() {
		p.note("params_only")
	}
}

// tree builds the modules from the lines; a root of no type holds whatever stands at the top.
func (p *Paste) tree(text string) *printed {
	root := &printed{typ: "Sequential"}
	open := []*printed{root}
	for i, line := range strings.Split(text, "\n") {
		t := strings.TrimSpace(line)
		switch {
		case t == "":
			continue
		case t == ")" || t == "),":
			if len(open) > 1 {
				open = open[:len(open)-1]
			} else {
				p.unknown(i+1, line)
			}
			continue
		}
		m := reprParts.FindStringSubmatch(line)
		if m == nil {
			p.unknown(i+1, line)
			continue
		}
		n := &printed{names: memberNames(m[1], m[2]), typ: m[3], line: i + 1}
		top := open[len(open)-1]
		top.children = append(top.children, n)
		if strings.TrimSpace(m[4]) == "" {
			open = append(open, n)
			continue
		}
		p.leaf(n, t, m)
	}
	if len(root.children) == 1 && len(root.children[0].names) == 1 && root.children[0].names[0] == "" {
		return root.children[0]
	}
	return root
}

// leaf reads the arguments that a module prints.
func (p *Paste) leaf(n *printed, line string, m []string) {
	r := pyReader{s: n.typ + "(" + m[4], line: n.line}
	v, err := r.value()
	c, ok := v.(*pyCall)
	if err != nil || !ok {
		p.unknown(n.line, line)
		return
	}
	n.call = c
}

// memberNames expands "(0-2): 3 x Block".
func memberNames(name, times string) []string {
	from, to, ok := strings.Cut(name, "-")
	a, err1 := strconv.Atoi(from)
	b, err2 := strconv.Atoi(to)
	if times == "" || !ok || err1 != nil || err2 != nil || b < a || b-a > 1000 {
		return []string{name}
	}
	var out []string
	for i := a; i <= b; i++ {
		out = append(out, strconv.Itoa(i))
	}
	return out
}

// countTree counts every module under its path.
func (p *Paste) countTree(n *printed, prefix string) {
	for _, name := range orOne(n.names) {
		path := joinPath(prefix, name)
		if n.call == nil {
			for _, c := range n.children {
				p.countTree(c, path)
			}
			continue
		}
		m, err := torchModule(n.call)
		if err != nil {
			p.unknown(n.line, n.typ+callText(n.call))
			return
		}
		p.count(n.line, path, n.typ, m.Params, m.Buffers)
	}
}

func orOne(names []string) []string {
	if len(names) == 0 {
		return []string{""}
	}
	return names
}

func joinPath(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "." + b
}

func callText(c *pyCall) string {
	if len(c.Args)+len(c.Named) == 0 {
		return "()"
	}
	return "(…)"
}

// sequentials are containers that run their members in order: torchvision's units derive from nn.Sequential.
var sequentials = map[string]bool{"Sequential": true, "ConvNormActivation": true, "Conv2dNormActivation": true, "ConvBNReLU": true, "ConvBNActivation": true, "ConvBNReLU6": true}

var joinCodes = map[string]Code{"Add": "add", "Concat": "cat", "Multiply": "mul", "Dense": "dense"}

// sequential is the layers of a tree whose wiring its types tell: chains, and the joins of exported code.
func (p *Paste) sequential(n *printed) ([]Layer, bool) {
	if n.call != nil {
		m, err := torchModule(n.call)
		if errors.Is(err, errUnknownModule) || err != nil || m.CountOnly {
			return nil, false
		}
		return m.Layers, true
	}
	if c, ok := joinCodes[n.typ]; ok && len(n.children) == 1 && n.children[0].typ == "ModuleList" {
		l := Layer{Code: c, Count: 1}
		for _, path := range n.children[0].children {
			for range orOne(path.names) {
				layers, ok := p.sequential(path)
				if !ok {
					return nil, false
				}
				l.Paths = append(l.Paths, layers)
			}
		}
		return []Layer{l}, true
	}
	// A class of one's own with a single member can hardly do anything else than call it.
	if !sequentials[n.typ] && !(len(n.children) == 1 && sequentials[n.children[0].typ]) {
		return nil, false
	}
	var out []Layer
	for _, c := range n.children {
		for range orOne(c.names) {
			layers, ok := p.sequential(c)
			if !ok {
				return nil, false
			}
			out = append(out, cloneAll(layers)...)
		}
	}
	return out, true
}
