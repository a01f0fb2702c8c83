package lessons

import (
	"reflect"
	"strings"
	"testing"
)

func TestLessonTree(t *testing.T) {
	l := buildClean(t, `Lead with {{number params}} parameters.

## Learn the difference {#residual focus=block node=conv1 channel=3 short="difference"}
A block adds {{ref node=block.add role=r-x | **its** input}}, the {{term residual}} stays {{cite he2015 section=4.1 figure=5}}.
It has {{number params node=conv1 product}} weights, shape {{number shape node=conv1}}, error {{result r1}}, share {{number expr="params(conv1)/params()" as=percent}}.

- first $F(x)$
- second

| a | b |
|---|---|
| {{number depth}} | c |

{{figure id=shares | Where the {{number params}} are.}}
{{diagram from=conv1 to=block.add | The block.}}
{{activation node=conv1 channel=0 | A map.}}
{{lab bottleneck | Go there}}
`)
	if got, want := Plain(l.Lead[0].(Paragraph).Text), "Lead with 1,000 parameters."; got != want {
		t.Errorf("lead: got %q, want %q", got, want)
	}
	s := l.Steps[0]
	if s.ID != "residual" || s.Short != "difference" || s.Node != "conv1" || s.Channel != 3 || !reflect.DeepEqual(s.Focus, []string{"block"}) {
		t.Errorf("step head: got %+v", s)
	}
	want := "A block adds its input, the residual stays (He et al. 2015, section 4.1, Fig. 5). " +
		"It has 5 · 5 · 12 weights, shape 12×28×28, error 28.54%, share 30.0%."
	if got := Plain(s.Blocks[0].(Paragraph).Text); got != want {
		t.Errorf("paragraph:\n got %q\nwant %q", got, want)
	}
	ref := s.Blocks[0].(Paragraph).Text[1].(Ref)
	if ref.Kind != "add" || ref.Role != "r-x" || ref.Arch != "net" || !reflect.DeepEqual(ref.Text, []Inline{Strong{[]Inline{Text("its")}}, Text(" input")}) {
		t.Errorf("ref: got %+v", ref)
	}
	if got := Plain(s.Blocks[1].(List).Items[0]); got != "first F(x)" {
		t.Errorf("list item: got %q", got)
	}
	if got := Plain(s.Blocks[2].(Table).Rows[0][0]); got != "3" {
		t.Errorf("table cell: got %q", got)
	}
	if f := s.Blocks[3].(Figure); Plain(f.Caption) != "Where the 1,000 are." || !reflect.DeepEqual(f.Archs, []string{"net"}) {
		t.Errorf("figure: got %+v", f)
	}
	for i, want := range []string{"Diagram", "Activation", "LabLink"} {
		if got := reflect.TypeOf(s.Blocks[4+i]).Name(); got != want {
			t.Errorf("block %d: got %s, want %s", 4+i, got, want)
		}
	}
	if terms := TermsOf(s.Blocks); len(terms) != 1 || terms[0].ID != "residual" {
		t.Errorf("terms: got %v", terms)
	}
	if _, i, ok := l.Step("residual"); i != 0 || !ok {
		t.Errorf("Step: got %d, %v", i, ok)
	}
}

func TestNumberKeepsItsOrigin(t *testing.T) {
	l := buildClean(t, "{{number macs node=conv1}} and {{number expr=\"2*params()\"}}\n")
	text := l.Lead[0].(Paragraph).Text
	if n := text[0].(Number); n.Arch != "net" || n.Node != "conv1" || n.Quantity != MACs || n.Value != 1500 || n.Text != "1,500" {
		t.Errorf("plain quantity: got %+v", n)
	}
	if n := text[2].(Number); n.Expr != "2*params()" || n.Value != 2000 || n.Node != "" {
		t.Errorf("expression: got %+v", n)
	}
}

func TestEscapedSpaceJoinsParticle(t *testing.T) {
	l := buildClean(t, `**병목(bottleneck)**\ 은 좁습니다.`+"\n")
	if got, want := Plain(l.Lead[0].(Paragraph).Text), "병목(bottleneck)은 좁습니다."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestSentencesJoinWithSpace(t *testing.T) {
	l := buildClean(t, "첫 문장입니다.\n둘째 문장입니다.\n")
	if got, want := Plain(l.Lead[0].(Paragraph).Text), "첫 문장입니다. 둘째 문장입니다."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestTextIsNotHTML(t *testing.T) {
	l := buildClean(t, "a < b & `<i>`\n")
	if got, want := l.Lead[0].(Paragraph).Text, []Inline{Text("a < b & "), Code("<i>")}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %#v, want %#v", got, want)
	}
}

func TestEquationAndNote(t *testing.T) {
	l := buildClean(t, `## A {#a}
{{eq sum}}
\rh{H} = \rf{F} + \rx{x} :: forward
5 \cdot \val{channels(conv1)}
{{end}}

{{note n}}
notes: They say {{number params}}.
source: The paper says
otherwise {{cite he2015 table=2}}.
try: See.
{{end}}
`)
	e := l.Steps[0].Blocks[0].(Equation)
	if len(e.Lines) != 2 || e.Lines[0].Label != "forward" || e.Lines[1].Plain != "5·12" {
		t.Errorf("equation: got %+v", e)
	}
	n := l.Steps[0].Blocks[1].(Note)
	if Plain(n.Notes) != "They say 1,000." || Plain(n.Source) != "The paper says otherwise (He et al. 2015, Table 2)." || Plain(n.Try) != "See." {
		t.Errorf("note: got %+v", n)
	}
}

func TestPath(t *testing.T) {
	head := strings.Replace(frontMatter, "arch: net\n", "arch: net\nvariants: twin\npaths.twin: conv1=c1\n", 1)
	l, probs := build(t, head+"## A {#a node=conv1}\nSee {{ref node=block.add | it}}.\n")
	if err := probs.err(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		arch, path, want string
		ok               bool
	}{
		{"net", "conv1", "conv1", true},
		{"twin", "conv1", "c1", true},
		{"twin", "block.add", "block.add", true},
		{"other", "conv1", "conv1", false},
	} {
		if got, ok := l.Path(c.arch, c.path); got != c.want || ok != c.ok {
			t.Errorf("Path(%s, %s) = %s, %v, want %s, %v", c.arch, c.path, got, ok, c.want, c.ok)
		}
	}
}

// TestProblems writes one mistake at a time and looks for its place and its message.
func TestProblems(t *testing.T) {
	for _, c := range []struct{ name, body, want string }{
		{"no front matter", "text", `t.md:1: the file starts with front matter`},
		{"front matter key", "---\ntitle: T\nsummary: S\ncolour: red\n---\n", `t.md:4: front matter has no key "colour"`},
		{"unknown arch", "---\ntitle: T\nsummary: S\narch: nonet\n---\n", `t.md:4: arch: no network "nonet"`},
		{"digit in prose", frontMatter + "It has 25 layers.\n", `t.md:7: the number "25" is typed in prose`},
		{"digit in second line", frontMatter + "Fine.\nThe count is 1,234 here.\n", `t.md:8: the number "1,234"`},
		{"digit in ref text", frontMatter + "A {{ref node=conv1 | 12 maps}}.\n", `t.md:7: the number "12"`},
		{"digit in title", frontMatter + "## The 18 layers {#a}\n", `t.md:7: the number "18"`},
		{"digit in formula", frontMatter + "See $18432$.\n", `t.md:7: formula "18432": the number 18432 can be computed`},
		{"unknown node", frontMatter + "A\n{{ref node=conv9 | b}}\n", `t.md:8: no node conv9 in net`},
		{"unknown term", frontMatter + "A {{term nothing}}\n", `t.md:7: there is no glossary entry "nothing"`},
		{"unknown reference", frontMatter + "A {{cite nobody1999}}\n", `t.md:7: there is no reference "nobody1999"`},
		{"unknown result", frontMatter + "A {{result r9}}\n", `t.md:7: there is no published result "r9"`},
		{"unknown place in paper", frontMatter + "A {{cite he2015 page=4}}\n", `t.md:7: cite: there is no attribute "page"`},
		{"unknown directive", frontMatter + "A {{picture x}}\n", `t.md:7: there is no directive {{picture}}`},
		{"unknown quantity", frontMatter + "A {{number flops}}\n", `t.md:7: there is no quantity "flops"`},
		{"node quantity without node", frontMatter + "A {{number channels}}\n", `t.md:7: channels needs a node`},
		{"unknown figure", frontMatter + "{{figure id=cat | A cat.}}\n", `t.md:7: no figure cat`},
		{"unknown lab", frontMatter + "{{lab skip | x}}\n", `t.md:7: no lab skip`},
		{"channel too high", frontMatter + "## A {#a node=conv1 channel=12}\n", `t.md:7: step: conv1 has 12 channels, counted from 0: there is no channel 12`},
		{"focus", frontMatter + "## A {#a focus=conv1,layer9}\n", `t.md:7: focus: no node layer9 in net`},
		{"step without id", frontMatter + "## A\n", `t.md:7: a step is "## Title {#id …}"`},
		{"step twice", frontMatter + "## A {#a}\n## B {#a}\n", `t.md:8: step "a" is given twice`},
		{"deep heading", frontMatter + "### A\n", `t.md:7: Heading has no place in a lesson`},
		{"code block", frontMatter + "```\nx\n```\n", `FencedCodeBlock has no place in a lesson`},
		{"raw HTML", frontMatter + "a <b>c</b>\n", `RawHTML has no place in running text`},
		{"relative link", frontMatter + "a [b](/c)\n", `links lead out by https`},
		{"bold left over", frontMatter + "**병목(bottleneck)**은 좁습니다.\n", `"**" is left in the text`},
		{"directive over lines", frontMatter + "a {{number\nparams}} b\n", `"{{" is left in the text`},
		{"question without end", frontMatter + "{{question q}}\nWhy?\n", `t.md:7: {{question}} is not closed by {{end}}`},
		{"end alone", frontMatter + "{{end}}\n", `t.md:7: {{end}} closes nothing`},
		{"note without source", frontMatter + "{{note n}}\nnotes: a\n{{end}}\n", `note n: what the notes say and what the source says are both needed`},
		{"empty equation", frontMatter + "{{eq e}}\n{{end}}\n", `eq e has no formula`},
		{"variant", strings.Replace(frontMatter, "arch: net", "arch: net\nvariants: twin", 1) + "A {{ref node=conv1 | b}}\n", `t.md:8: variant twin: no node conv1 in twin; translate it in the front matter, paths.twin: conv1=…`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, probs := build(t, c.body)
			if got := probs.Error(); !strings.Contains(got, c.want) {
				t.Errorf("got problems\n%s\nwant %s", got, c.want)
			}
		})
	}
}
