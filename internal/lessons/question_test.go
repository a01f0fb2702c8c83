package lessons

import (
	"strings"
	"testing"
)

const choiceQuestion = `## A {#a}
{{question deeper predict}}
A network gets more layers.
What happens?
- [x] The error rises.
  It is degradation.
- [ ] It falls. {M18}
  That is overfitting,
  as {{number depth}} layers show.
{{end}}

{{question count}}
How many?
- [x] = params(conv1)
- [ ] = kernel(conv1)^2*channels(conv1)+1 {M01}
  One too many.
- [ ] = params(conv1)/params() as
{{end}}
`

func TestQuestion(t *testing.T) {
	l, probs := build(t, frontMatter+strings.Replace(choiceQuestion, " as\n", "\n  A share.\n", 1))
	if err := probs.err(); err != nil {
		t.Fatal(err)
	}
	qs := l.Steps[0].Questions()
	q := qs[0]
	if q.ID != "deeper" || !q.Predict || q.Numeric || Plain(q.Prompt) != "A network gets more layers. What happens?" || q.Right() != 0 {
		t.Errorf("choice question: got %+v", q)
	}
	if c := q.Choices[1]; c.Right || c.Misconception != "M18" || Plain(c.Label) != "It falls." || Plain(c.Why) != "That is overfitting, as 3 layers show." {
		t.Errorf("choice: got %+v", c)
	}
	n := qs[1]
	if !n.Numeric || n.Predict {
		t.Errorf("numeric question: got %+v", n)
	}
	for _, c := range []struct {
		answer float64
		known  bool
		code   string
		right  bool
	}{
		{300, true, "", true},
		{301, true, "M01", false},
		{0.3, true, "", false},
		{0.30001, true, "", false},
		{300.1, false, "", false}, // whole numbers are exact
		{7, false, "", false},
	} {
		got, known := n.Grade(c.answer)
		if known != c.known || got.Misconception != c.code || got.Right != c.right {
			t.Errorf("Grade(%v) = %+v, %v", c.answer, got, known)
		}
	}
}

func TestQuestionProblems(t *testing.T) {
	for _, c := range []struct{ name, body, want string }{
		{"no id", "{{question}}\nA?\n- [x] a\n- [ ] b\n  c\n{{end}}\n", "an identifier is needed"},
		{"two right", "{{question q}}\nA?\n- [x] a\n- [x] b\n{{end}}\n", "has 2 right answers"},
		{"none right", "{{question q}}\nA?\n- [ ] a\n  x\n- [ ] b\n  y\n{{end}}\n", "has 0 right answers"},
		{"one choice", "{{question q}}\nA?\n- [x] a\n{{end}}\n", "needs two choices"},
		{"no prompt", "{{question q}}\n- [x] a\n- [ ] b\n  c\n{{end}}\n", "asks nothing"},
		{"silent wrong answer", "{{question q}}\nA?\n- [x] a\n- [ ] b\n{{end}}\n", "wrong answer 2 does not say"},
		{"unknown misconception", "{{question q}}\nA?\n- [x] a\n- [ ] b {M77}\n  c\n{{end}}\n", "there is no misconception M77"},
		{"misconception of the right answer", "{{question q}}\nA?\n- [x] a {M18}\n- [ ] b\n  c\n{{end}}\n", "a right answer has no misconception"},
		{"same value twice", "{{question q}}\nA?\n- [x] = 2+2\n- [ ] = 2*2\n  c\n{{end}}\n", `two choices are "4"`},
		{"mixed", "{{question q}}\nA?\n- [x] = 2+2\n- [ ] five\n  c\n{{end}}\n", "either all choices are numbers or none"},
		{"explanation not indented", "{{question q}}\nA?\n- [x] a\nb\n- [ ] c\n  d\n{{end}}\n", "line 11: the explanation of a choice is indented"},
		{"twice in a lesson", "{{question q}}\nA?\n- [x] a\n- [ ] b\n  c\n{{end}}\n{{question q}}\nA?\n- [x] a\n- [ ] b\n  c\n{{end}}\n", `question "q" is given twice`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, probs := build(t, frontMatter+"## S {#s}\n"+c.body)
			if got := probs.Error(); !strings.Contains(got, c.want) {
				t.Errorf("got problems\n%s\nwant %s", got, c.want)
			}
		})
	}
}
