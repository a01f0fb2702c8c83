package lessons

import (
	"math"
	"strings"
	"testing"
)

// FuzzLesson feeds any text to the parser: it must neither panic nor let markup through, and what it accepts keeps the
// promises of the tree.
func FuzzLesson(f *testing.F) {
	for _, s := range []string{
		frontMatter + choiceQuestion,
		frontMatter + "## A {#a focus=block node=conv1 channel=3}\n**b**\\ 는 {{ref node=conv1 | {{number params}} x}} $x^2$\n",
		frontMatter + "{{note n}}\nnotes: a\nsource: b {{cite he2015}}\n{{end}}\n{{eq e}}\n\\frac{a}{b} :: c\n{{end}}\n",
		frontMatter + "- a\n- b\n\n| a |\n|---|\n| b |\n\n{{figure id=shares | c}}\n",
		"---\ntitle: x\n", "{{{{}}}}", "## {#}\n{{question",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		l, probs := build(t, s)
		if len(probs) > 0 {
			return
		}
		each := func(text []Inline) {
			walk(text, func(x Inline) {
				switch x := x.(type) {
				case Math:
					if err := wellFormed(x.MathML); err != nil {
						t.Errorf("%s: %v", x.MathML, err)
					}
				case Link:
					if !strings.HasPrefix(x.URL, "https://") {
						t.Errorf("link to %q", x.URL)
					}
				case TermLink:
					if x.Term == nil {
						t.Error("term without an entry")
					}
				}
			})
		}
		WalkBlocks(l.Lead, each)
		for _, step := range l.Steps {
			WalkBlocks(step.Blocks, each)
			for _, q := range step.Questions() {
				if q.Right() < 0 || len(q.Choices) < 2 {
					t.Errorf("question %+v", q)
				}
			}
		}
	})
}

func FuzzMath(f *testing.F) {
	for _, s := range []string{`\frac{\partial H}{\partial x} = 1`, `\sum_{i=1}^{n} x_i`, `\left( 1 + f_i \right)`, `\role{q-param}{\val[si]{p}}`, `\text{a<b}`, `x'_{-1}`} {
		f.Add(s, true)
	}
	f.Fuzz(func(t *testing.T, tex string, display bool) {
		m, err := renderMath(tex, display, testValue)
		if err != nil {
			return
		}
		if strings.ContainsFunc(tex, func(r rune) bool { return r < ' ' || r == 0xFFFE || r == 0xFFFF }) {
			return // not characters of XML; HTML takes them as they are
		}
		if err := wellFormed(m.MathML); err != nil {
			t.Errorf("%q: %s: %v", tex, m.MathML, err)
		}
	})
}

func FuzzExpr(f *testing.F) {
	for _, s := range []string{"params(conv1, block.conv2)/params()", "floor(-2^3)*(1+sqrt(4))", "macs(twin:c1)", "1/0"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		v, err := evalExpr(s, "net", fakeNets{})
		if err != nil {
			return
		}
		if text, err := formatNumber(v, ""); err == nil && (math.IsNaN(v) || text == "") {
			t.Errorf("evalExpr(%q) = %v, shown as %q", s, v, text)
		}
	})
}
