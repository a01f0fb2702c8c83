package lessons

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// newMarkdown is CommonMark with tables, our directives and formulas inside a line, and escaped spaces: "**bold**\ 는"
// puts a Korean particle right behind a bold word that ends in a bracket, which CommonMark otherwise leaves literal.
func newMarkdown() parser.Parser {
	md := goldmark.New(
		goldmark.WithExtensions(extension.Table, extension.NewCJK(extension.WithEscapedSpace())),
		goldmark.WithParserOptions(parser.WithInlineParsers(
			util.Prioritized(spanParser{'{', directiveSpan}, 50),
			util.Prioritized(spanParser{'$', mathSpan}, 51),
		)),
	)
	return md.Parser()
}

// span is a directive or a formula inside a line.
type span struct {
	ast.BaseInline
	math   bool
	inner  string
	offset int // in the parsed text
}

var spanKind = ast.NewNodeKind("LessonSpan")

func (*span) Kind() ast.NodeKind { return spanKind }

func (s *span) Dump(source []byte, level int) { ast.DumpHelper(s, source, level, nil, nil) }

// spanParser recognises a span by its first byte; find returns the whole length and what is inside, or 0.
type spanParser struct {
	trigger byte
	find    func(line string) (length int, inner string, math bool)
}

func (p spanParser) Trigger() []byte { return []byte{p.trigger} }

func (p spanParser) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, segment := block.PeekLine()
	n, inner, math := p.find(string(line))
	if n == 0 {
		return nil
	}
	block.Advance(n)
	return &span{math: math, inner: inner, offset: segment.Start}
}

func directiveSpan(line string) (int, string, bool) {
	if !strings.HasPrefix(line, "{{") {
		return 0, "", false
	}
	n := directiveEnd(line)
	if n < 0 {
		return 0, "", false
	}
	return n, line[2 : n-2], false
}

func mathSpan(line string) (int, string, bool) {
	i := strings.IndexByte(line[1:], '$')
	if i <= 0 || strings.ContainsRune(line[1:1+i], '\n') {
		return 0, "", false
	}
	return i + 2, line[1 : 1+i], true
}

// markdown turns running Markdown that starts at a line of the file into blocks.
func (b *builder) markdown(line int, src string) []Block {
	for i, l := range strings.Split(src, "\n") {
		b.digits(line+i, l)
	}
	data := []byte(src)
	doc := b.md.Parse(text.NewReader(data))
	c := converter{b: b, line: line, src: data}
	var blocks []Block
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Paragraph:
			blocks = append(blocks, Paragraph{c.text(n)})
		case *ast.List:
			blocks = append(blocks, c.list(n))
		case *east.Table:
			blocks = append(blocks, c.table(n))
		default:
			b.problem(c.lineOf(n), "%s has no place in a lesson: use paragraphs, flat lists and tables; steps are \"## \" headings", n.Kind())
		}
	}
	return blocks
}

// inlines parses text that is one paragraph.
func (b *builder) inlines(line int, src string) []Inline {
	if strings.TrimSpace(src) == "" {
		return nil
	}
	blocks := b.markdown(line, src)
	if len(blocks) == 1 {
		if p, ok := blocks[0].(Paragraph); ok {
			return p.Text
		}
	}
	b.problem(line, "one paragraph is expected here")
	return nil
}

// converter walks a goldmark tree and makes ours.
type converter struct {
	b    *builder
	line int
	src  []byte
}

func (c converter) at(offset int) int {
	return c.line + bytes.Count(c.src[:min(max(offset, 0), len(c.src))], []byte{'\n'})
}

func (c converter) lineOf(n ast.Node) int {
	if n.Type() == ast.TypeBlock && n.Lines().Len() > 0 {
		return c.at(n.Lines().At(0).Start)
	}
	return c.line
}

func (c converter) list(l *ast.List) List {
	out := List{Ordered: l.IsOrdered()}
	for item := l.FirstChild(); item != nil; item = item.NextSibling() {
		first := item.FirstChild()
		if first == nil || first.NextSibling() != nil || first.Kind() != ast.KindTextBlock && first.Kind() != ast.KindParagraph {
			c.b.problem(c.lineOf(item), "a list item is one paragraph")
			continue
		}
		out.Items = append(out.Items, c.text(first))
	}
	return out
}

func (c converter) table(t *east.Table) Table {
	var out Table
	for row := t.FirstChild(); row != nil; row = row.NextSibling() {
		var cells []Cell
		for cell := row.FirstChild(); cell != nil; cell = cell.NextSibling() {
			cells = append(cells, c.text(cell))
		}
		if row.Kind() == east.KindTableHeader {
			out.Head = cells
		} else {
			out.Rows = append(out.Rows, cells)
		}
	}
	return out
}

// text converts the inline children of a block and checks what Markdown left behind.
func (c converter) text(block ast.Node) []Inline {
	out := c.children(block)
	walk(out, func(x Inline) {
		t, ok := x.(Text)
		if !ok {
			return
		}
		for sign, why := range leftovers {
			if strings.Contains(string(t), sign) {
				c.b.problem(c.lineOf(block), "%q is left in the text: %s", sign, why)
			}
		}
	})
	return out
}

var leftovers = map[string]string{
	"**": "put an escaped space between a bold word that ends in a bracket and the particle after it, **병목(bottleneck)**\\ 은",
	"{{": "a directive must close on its line",
	"$":  "a formula must close on its line",
	"`":  "a code span is not closed",
}

func (c converter) children(parent ast.Node) []Inline {
	var out []Inline
	add := func(x Inline) {
		if t, ok := x.(Text); ok && len(out) > 0 {
			if before, ok := out[len(out)-1].(Text); ok {
				out[len(out)-1] = before + t
				return
			}
		}
		out = append(out, x)
	}
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Text:
			s := unescape(n.Segment.Value(c.src))
			if n.SoftLineBreak() || n.HardLineBreak() {
				s += " "
			}
			add(Text(s))
		case *ast.Emphasis:
			if n.Level == 2 {
				add(Strong{c.children(n)})
			} else {
				add(Emph{c.children(n)})
			}
		case *ast.CodeSpan:
			add(Code(c.raw(n)))
		case *ast.Link:
			add(c.link(string(n.Destination), c.children(n)))
		case *ast.AutoLink:
			u := string(n.URL(c.src))
			add(c.link(u, []Inline{Text(u)}))
		case *span:
			if x := c.span(n); x != nil {
				add(x)
			}
		default:
			c.b.problem(c.line, "%s has no place in running text", n.Kind())
		}
	}
	return out
}

func (c converter) raw(n ast.Node) string {
	var s strings.Builder
	for t := n.FirstChild(); t != nil; t = t.NextSibling() {
		if t, ok := t.(*ast.Text); ok {
			s.Write(t.Segment.Value(c.src))
		}
	}
	return strings.ReplaceAll(s.String(), "\n", " ")
}

func (c converter) link(url string, inside []Inline) Inline {
	if !strings.HasPrefix(url, "https://") {
		c.b.problem(c.line, "link to %q: links lead out by https; inside the product use term, ref, cite and lab", url)
	}
	return Link{url, inside}
}

func (c converter) span(s *span) Inline {
	line := c.at(s.offset)
	if s.math {
		f, err := renderMath(s.inner, false, c.b.formatted)
		if err != nil {
			c.b.problem(line, "%v", err)
			return nil
		}
		c.b.sign("math " + textArg.ReplaceAllString(s.inner, `\text{}`))
		return Math{f}
	}
	d, err := parseDirective(s.inner)
	if err != nil {
		c.b.problem(line, "%v", err)
		return nil
	}
	x, err := c.b.inline(line, d)
	if err != nil {
		c.b.problem(line, "%v", err)
		return nil
	}
	return x
}

// unescape removes the backslash before punctuation, and a backslash together with the space after it.
func unescape(raw []byte) string {
	var out []byte
	for i := 0; i < len(raw); i++ {
		if raw[i] == '\\' && i+1 < len(raw) {
			switch next := raw[i+1]; {
			case next == ' ':
				i++
				continue
			case util.IsPunct(next):
				i++
			}
		}
		out = append(out, raw[i])
	}
	return string(out)
}
