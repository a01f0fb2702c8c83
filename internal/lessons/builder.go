package lessons

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/parser"
)

// builder turns the source of one file into a tree, asks the resolver and collects problems.
type builder struct {
	book  *Book
	res   Resolver
	md    parser.Parser
	file  string
	arch  string
	probs *Problems

	depth int // of directives within directives
	step  *Step
	lead  []string // signatures before the first step
	nodes []nodeUse
}

// nodeUse is a path of the lesson's own architecture, to be looked for in the variants.
type nodeUse struct {
	path string
	line int
}

func (b *builder) problem(line int, format string, args ...any) {
	b.probs.add(b.file, line, format, args...)
}

// sign notes something that must be the same in every language.
func (b *builder) sign(s string) {
	if b.step != nil {
		b.step.sigs = append(b.step.sigs, s)
	} else {
		b.lead = append(b.lead, s)
	}
}

// blocks builds the chunks of a step or of the lead.
func (b *builder) blocks(chunks []chunk) []Block {
	var out []Block
	for _, c := range chunks {
		if c.dir.name == "" {
			out = append(out, b.markdown(c.line, c.text)...)
			continue
		}
		b.sign(c.dir.signature())
		x, err := b.block(c)
		if err != nil {
			b.problem(c.line, "%v", err)
			continue
		}
		out = append(out, x)
	}
	return out
}

func (b *builder) block(c chunk) (Block, error) {
	switch c.dir.name {
	case "eq":
		return b.equation(c.dir, c.line, c.body)
	case "note":
		return b.note(c.dir, c.line, c.body)
	case "question":
		return b.question(c.dir, c.line, c.body)
	case "figure":
		return b.figure(c.dir, c.line)
	case "diagram":
		return b.diagram(c.dir, c.line)
	case "activation":
		return b.activation(c.dir, c.line)
	case "lab":
		return b.lab(c.dir, c.line)
	}
	return nil, fmt.Errorf("%s is no block", c.dir.name)
}

func (b *builder) figure(d directive, line int) (Block, error) {
	f := Figure{ID: d.attrs["id"], Attrs: d.attrs, Caption: b.inlines(line, d.text)}
	if len(d.flags) > 0 || f.ID == "" {
		return f, fmt.Errorf("figure: write id=…")
	}
	f.Archs = listOf(d.attrs["arch"])
	if len(f.Archs) == 0 && b.arch != "" {
		f.Archs = []string{b.arch}
	}
	for _, a := range f.Archs {
		if _, err := ask(b.res, a, "", Params); err != nil {
			return f, err
		}
	}
	return f, b.res.Figure(f.ID)
}

func (b *builder) diagram(d directive, line int) (Block, error) {
	x := Diagram{Arch: b.archOf(d), From: d.attrs["from"], To: d.attrs["to"], Caption: b.inlines(line, d.text)}
	if err := d.only(0, "arch", "from", "to"); err != nil {
		return x, err
	}
	for _, p := range []string{x.From, x.To} {
		if _, err := b.node(line, x.Arch, p); err != nil {
			return x, err
		}
	}
	return x, nil
}

func (b *builder) activation(d directive, line int) (Block, error) {
	x := Activation{Arch: b.archOf(d), Node: d.attrs["node"], Caption: b.inlines(line, d.text)}
	if err := d.only(0, "arch", "node", "channel"); err != nil {
		return x, err
	}
	if _, err := b.node(line, x.Arch, x.Node); err != nil {
		return x, err
	}
	var err error
	x.Channel, err = b.channel(x.Arch, x.Node, d.attrs["channel"])
	return x, err
}

func (b *builder) lab(d directive, line int) (Block, error) {
	x := LabLink{Slug: d.flag(0), Text: b.inlines(line, d.text)}
	if err := d.only(1); err != nil {
		return x, err
	}
	if len(x.Text) == 0 {
		return x, fmt.Errorf("lab: the text after the bar is missing")
	}
	return x, b.res.Lab(x.Slug)
}

func (b *builder) archOf(d directive) string {
	if a, ok := d.attrs["arch"]; ok {
		return a
	}
	return b.arch
}

// node checks a path and remembers it for the variants.
func (b *builder) node(line int, arch, path string) (NodeInfo, error) {
	if arch == "" || path == "" {
		return NodeInfo{}, fmt.Errorf("which node? A network and a path are needed")
	}
	info, err := b.res.Node(arch, path)
	if err == nil && arch == b.arch {
		b.nodes = append(b.nodes, nodeUse{path, line})
	}
	return info, err
}

// channel parses a channel number and compares it with the node's channels; "" is −1.
func (b *builder) channel(arch, path, s string) (int, error) {
	if s == "" {
		return -1, nil
	}
	c, err := strconv.Atoi(s)
	if err != nil || c < 0 {
		return -1, fmt.Errorf("channel %q is no number", s)
	}
	v, err := ask(b.res, arch, path, Channels)
	if err != nil {
		return -1, err
	}
	if float64(c) >= v.Number {
		return -1, fmt.Errorf("%s has %v channels, counted from 0: there is no channel %d", path, v.Number, c)
	}
	return c, nil
}

const maxDirectiveDepth = 4

// inline builds a directive inside a sentence.
func (b *builder) inline(line int, d directive) (Inline, error) {
	if b.depth++; b.depth > maxDirectiveDepth {
		b.depth--
		return nil, fmt.Errorf("directives nested too deeply")
	}
	defer func() { b.depth-- }()
	b.sign(d.signature())
	switch d.name {
	case "number":
		return b.number(line, d)
	case "term":
		return b.term(d)
	case "ref":
		return b.ref(line, d)
	case "cite":
		return b.cite(d)
	case "result":
		return b.result(d)
	}
	if _, ok := blockDirectives[d.name]; ok {
		return nil, fmt.Errorf("{{%s}} stands on a line of its own", d.name)
	}
	return nil, fmt.Errorf("there is no directive {{%s}}", d.name)
}

// number is a plain quantity, {{number macs node=conv1}}, or an expression, {{number expr="…" as=percent}}. The flag
// "product" shows how the number comes about instead of the number.
func (b *builder) number(line int, d directive) (Inline, error) {
	if e, ok := d.attrs["expr"]; ok {
		if err := d.only(0, "expr", "as"); err != nil {
			return nil, err
		}
		return b.expression(e, d.attrs["as"])
	}
	if err := d.only(2, "arch", "node", "as"); err != nil {
		return nil, err
	}
	n := Number{Arch: b.archOf(d), Node: d.attrs["node"], Quantity: Quantity(d.flag(0))}
	if n.Node != "" {
		if _, err := b.node(line, n.Arch, n.Node); err != nil {
			return nil, err
		}
	}
	v, err := ask(b.res, n.Arch, n.Node, n.Quantity)
	if err != nil {
		return nil, err
	}
	n.Value, n.Product = v.Number, v.Product
	switch {
	case d.flag(1) == "product" && v.Product != "":
		n.Text = v.Product
	case d.flag(1) != "":
		return nil, fmt.Errorf("number: %q has no meaning or %s of %s is no product", d.flag(1), n.Quantity, n.Node)
	case len(v.Dims) > 0:
		n.Text = dims(v.Dims)
	default:
		n.Text, err = formatNumber(v.Number, d.attrs["as"])
	}
	return n, err
}

func dims(d []int) string {
	s := make([]string, len(d))
	for i, n := range d {
		s[i] = strconv.Itoa(n)
	}
	return strings.Join(s, "×")
}

// expression computes a number from an expression.
func (b *builder) expression(e, form string) (Number, error) {
	v, err := evalExpr(e, b.arch, b.res)
	if err != nil {
		return Number{}, err
	}
	t, err := formatNumber(v, form)
	return Number{Text: t, Value: v, Expr: e}, err
}

// formatted is the valueFunc of formulas.
func (b *builder) formatted(expr, form string) (string, error) {
	n, err := b.expression(expr, form)
	return n.Text, err
}

func (b *builder) term(d directive) (Inline, error) {
	if err := d.only(1); err != nil {
		return nil, err
	}
	t := b.book.terms[d.flag(0)]
	if t == nil {
		return nil, fmt.Errorf("there is no glossary entry %q", d.flag(0))
	}
	text := d.text
	if text == "" {
		text = t.Name
	}
	return TermLink{t, text}, nil
}

func (b *builder) ref(line int, d directive) (Inline, error) {
	if err := d.only(0, "arch", "node", "role"); err != nil {
		return nil, err
	}
	r := Ref{Arch: b.archOf(d), Node: d.attrs["node"], Role: d.attrs["role"]}
	if r.Role != "" && !Roles[r.Role] {
		return nil, fmt.Errorf("ref: there is no colour role %q", r.Role)
	}
	info, err := b.node(line, r.Arch, r.Node)
	if err != nil {
		return nil, err
	}
	r.Kind = info.Kind
	if r.Text = b.inlines(line, d.text); len(r.Text) == 0 {
		return nil, fmt.Errorf("ref: the text after the bar is missing")
	}
	return r, nil
}

func (b *builder) cite(d directive) (Inline, error) {
	if err := d.only(2, "section", "table", "figure", "appendix"); err != nil {
		return nil, err
	}
	c := Cite{Reference: b.book.references[d.flag(0)]}
	if c.Reference == nil {
		return nil, fmt.Errorf("there is no reference %q", d.flag(0))
	}
	var places []string
	if f := d.flag(1); f != "" {
		places = append(places, f)
	}
	for _, k := range []string{"section", "table", "figure", "appendix"} {
		if v, ok := d.attrs[k]; ok {
			places = append(places, k+"="+v)
		}
	}
	var err error
	c.Locator, err = locator(places, b.book.Lang)
	c.Text = c.Reference.Short
	if c.Locator != "" {
		c.Text += ", " + c.Locator
	}
	return c, err
}

func (b *builder) result(d directive) (Inline, error) {
	if err := d.only(1); err != nil {
		return nil, err
	}
	r := b.book.results[d.flag(0)]
	if r == nil {
		return nil, fmt.Errorf("there is no published result %q", d.flag(0))
	}
	return Published{r, r.Value}, nil
}
