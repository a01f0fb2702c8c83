package calc

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// statement is a logical line of Python: brackets and triple quotes closed.
type statement struct {
	text   string
	line   int
	indent int
}

// statements splits code into logical lines. An unclosed bracket ends with the text.
func statements(text string) []statement {
	var out []statement
	depth, quote := 0, ""
	start, line, first := 0, 1, 1
	flush := func(end int) {
		s := text[start:end]
		if t := strings.TrimSpace(s); t != "" {
			lead := len(s) - len(strings.TrimLeft(s, " \t\n"))
			at := first + strings.Count(s[:lead], "\n")
			indent := lead - 1 - strings.LastIndexByte(s[:lead], '\n')
			out = append(out, statement{t, at, indent})
		}
	}
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case quote != "":
			if strings.HasPrefix(text[i:], quote) {
				i += len(quote) - 1
				quote = ""
			} else if c == '\n' && len(quote) == 1 {
				quote = "" // a stray quote ends with its line
			}
		case strings.HasPrefix(text[i:], `"""`) || strings.HasPrefix(text[i:], "'''"):
			quote = text[i : i+3]
			i += 2
		case c == '"' || c == '\'':
			quote = string(c)
		case c == '#':
			for i+1 < len(text) && text[i+1] != '\n' {
				i++
			}
		case c == '(' || c == '[' || c == '{':
			depth++
		case c == ')' || c == ']' || c == '}':
			depth = max(depth-1, 0)
		}
		if i < len(text) && text[i] == '\n' {
			line++
			if depth == 0 && len(quote) != 3 {
				flush(i)
				start, first = i+1, line
			}
		}
	}
	flush(len(text))
	return out
}

// scaffolding is Python that defines no layer.
var (
	scaffolding = regexp.MustCompile(`^(import |from |class |def |@|super\(|pass$|if __name__|else:|return (self\.\w+\(x\)|x|y|out|logits)$|"""|'''|#|print\(|\w+ = Net\(|[)\]}]+,?$)`)
	assignment  = regexp.MustCompile(`^[A-Za-z_][\w.]*\s*=\s*`)
	className   = regexp.MustCompile(`^class (\w+)`)
	// memberCall is a step of forward that calls a member defined above: "x = self.conv1(x)".
	memberCall = regexp.MustCompile(`^(\w+ = |return )?self\.(\w+)\(\w+\)$`)
)

// readCode reads module definitions in the order in which they stand.
func (p *Paste) readCode(text string) {
	var layers []Layer
	skip := -1 // the indent of a helper class whose body is not looked at
	whole := true
	defined := 0
	for _, s := range statements(text) {
		if skip >= 0 && s.indent > skip {
			continue
		}
		skip = -1
		if m := className.FindStringSubmatch(s.text); m != nil && isHelper(m[1]) {
			skip = s.indent
		}
		body := strings.TrimSuffix(strings.TrimSpace(stripComment(s.text)), ",")
		if body == "" || scaffolding.MatchString(body) || memberCall.MatchString(body) {
			continue
		}
		if i := strings.Index(body, "):"); strings.HasPrefix(body, "(") && i > 0 { // a line of a printed module
			body = strings.TrimSpace(body[i+2:])
		}
		if m := assignment.FindString(body); m != "" {
			body = body[len(m):]
		}
		got, ok := p.statement(s, strings.TrimPrefix(body, "return "))
		whole = whole && ok
		if len(got) > 0 {
			defined++
		}
		layers = append(layers, got...)
	}
	if whole {
		p.sequence(layers)
	} else if len(p.Modules) > 0 {
		p.note("code_partly")
	}
	if defined > 1 && p.HasStack {
		p.note("order_assumed")
	}
}

func isHelper(name string) bool {
	for _, h := range torchHelpers {
		if h.name == name {
			return true
		}
	}
	return false
}

// stripComment cuts a comment at the end of a one-line statement.
func stripComment(s string) string {
	if strings.Contains(s, "\n") {
		return s
	}
	if i := strings.Index(s, "#"); i >= 0 && !strings.ContainsAny(s[:i], `"'`) {
		return s[:i]
	}
	return s
}

// statement reads one definition. ok is false when a module in it has parameters or an effect that no row has.
func (p *Paste) statement(s statement, body string) ([]Layer, bool) {
	r := pyReader{s: body, line: s.line}
	v, err := r.value()
	c, isCall := v.(*pyCall)
	if err == nil && r.peek() != 0 {
		err = r.fail("more follows")
	}
	if err != nil || !isCall {
		p.unknown(s.line, firstLine(s.text))
		return nil, !strings.Contains(s.text, "nn.")
	}
	return p.call(c, "")
}

func firstLine(s string) string {
	a, _, more := strings.Cut(s, "\n")
	if more {
		a += " …"
	}
	return a
}

// call reads a container, a join or a module.
func (p *Paste) call(c *pyCall, path string) ([]Layer, bool) {
	t := bareType(c.Name)
	if code, ok := joinCodes[t]; ok && len(c.Args) > 0 {
		l := Layer{Code: code, Count: 1}
		whole := true
		for _, a := range c.Args {
			layers, ok := p.member(a, path, c.Line)
			l.Paths = append(l.Paths, layers)
			whole = whole && ok
		}
		return []Layer{l}, whole
	}
	if t == "Sequential" || t == "OrderedDict" {
		var out []Layer
		whole := true
		for _, a := range c.Args {
			layers, ok := p.member(a, path, c.Line)
			out = append(out, layers...)
			whole = whole && ok
		}
		return out, whole
	}
	m, err := torchModule(c)
	if err != nil {
		reason := ""
		if !errors.Is(err, errUnknownModule) {
			reason = ": " + err.Error()
		}
		p.unknown(c.Line, c.Name+callText(c)+reason)
		return nil, false
	}
	p.count(c.Line, path, t, m.Params, m.Buffers)
	if m.CountOnly {
		p.note("unknown_counted", c.Line, quoted(t))
	}
	return m.Layers, !m.CountOnly
}

// member is an argument of a container: a module, or a list of modules or of (name, module) pairs.
func (p *Paste) member(v pyValue, path string, line int) ([]Layer, bool) {
	switch v := v.(type) {
	case *pyCall:
		return p.call(v, path)
	case []pyValue:
		if len(v) == 2 {
			if name, ok := v[0].(string); ok {
				return p.member(v[1], joinPath(path, name), line)
			}
		}
		var out []Layer
		whole := true
		for _, x := range v {
			layers, ok := p.member(x, path, line)
			out = append(out, layers...)
			whole = whole && ok
		}
		return out, whole
	}
	p.unknown(line, fmt.Sprint(v))
	return nil, false
}
