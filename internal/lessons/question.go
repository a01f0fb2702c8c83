package lessons

import (
	"fmt"
	"math"
	"regexp"
	"strings"
)

// Question is asked inside a step. With Predict it comes before the reveal: the page also offers "no idea yet", and no
// answer counts as a failure.
//
// In a file, choices follow the prompt; the indented lines under a choice explain it, and {M18} at its end names the
// misconception behind a wrong answer. A choice that starts with = is an expression; if all do, the question takes a
// number.
//
//	{{question deeper predict}}
//	A plain network gets more layers.
//	What happens to its error on the training data?
//	- [x] It rises.
//	  This is degradation: the deeper network is worse even on the data it learned from.
//	- [ ] It falls, and the test error rises. {M18}
//	  That would be overfitting.
//	{{end}}
type Question struct {
	ID      string
	Predict bool
	Numeric bool
	Prompt  []Inline
	Choices []Choice
}

// Choice is one answer. Misconception is "" or a code such as "M18".
type Choice struct {
	Label         []Inline
	Value         float64 // of a numeric question
	Right         bool
	Misconception string
	Why           []Inline
}

// Right gives the index of the right choice.
func (q Question) Right() int {
	for i, c := range q.Choices {
		if c.Right {
			return i
		}
	}
	return -1 // impossible after loading
}

// Grade finds the choice that an entered number means: the right answer, or the wrong answer of a known misconception.
// The tolerance is that of the printed digits, relative 10⁻³ for fractions; whole numbers must be exact.
func (q Question) Grade(v float64) (choice Choice, known bool) {
	for _, c := range q.Choices {
		if c.Value == v || c.Value != math.Trunc(c.Value) && math.Abs(v-c.Value) <= 1e-3*math.Abs(c.Value) {
			return c, true
		}
	}
	return Choice{}, false
}

var (
	choiceLine        = regexp.MustCompile(`^- \[([ x])\] (.+)$`)
	misconceptionMark = regexp.MustCompile(`\s*\{(M\d\d)\}$`)
)

// question builds a question from the lines of its body; first is the line number of the first of them.
func (b *builder) question(d directive, line int, body []string) (Question, error) {
	q := Question{ID: d.flag(0)}
	if err := d.only(2); err != nil {
		return q, err
	}
	if !isID(q.ID) {
		return q, fmt.Errorf("question: an identifier is needed, got %q", q.ID)
	}
	switch d.flag(1) {
	case "":
	case "predict":
		q.Predict = true
	default:
		return q, fmt.Errorf("question %s: unexpected %q", q.ID, d.flag(1))
	}
	i := 0
	for i < len(body) && !choiceLine.MatchString(body[i]) {
		i++
	}
	q.Prompt = b.inlines(line+1, strings.Join(body[:i], "\n"))
	for i < len(body) {
		end := i + 1
		for end < len(body) && !choiceLine.MatchString(body[end]) {
			end++
		}
		c, numeric, err := b.choice(line+1+i, body[i], body[i+1:end])
		if err != nil {
			return q, fmt.Errorf("question %s: %w", q.ID, err)
		}
		if len(q.Choices) == 0 {
			q.Numeric = numeric
		} else if q.Numeric != numeric {
			return q, fmt.Errorf("question %s: either all choices are numbers or none", q.ID)
		}
		q.Choices = append(q.Choices, c)
		i = end
	}
	return q, q.check()
}

func (b *builder) choice(line int, head string, why []string) (c Choice, numeric bool, err error) {
	m := choiceLine.FindStringSubmatch(head)
	label := strings.TrimSpace(m[2])
	c.Right = m[1] == "x"
	if mm := misconceptionMark.FindStringSubmatch(label); mm != nil {
		c.Misconception = mm[1]
		label = strings.TrimSuffix(label, mm[0])
		if b.book.misconceptions[c.Misconception] == nil {
			return c, false, fmt.Errorf("there is no misconception %s", c.Misconception)
		}
	}
	for i, l := range why {
		if l != "" && !strings.HasPrefix(l, "  ") {
			return c, false, fmt.Errorf("line %d: the explanation of a choice is indented by two spaces", line+1+i)
		}
		why[i] = strings.TrimSpace(l)
	}
	c.Why = b.inlines(line+1, strings.TrimSpace(strings.Join(why, "\n")))
	b.sign("choice " + m[1] + " " + c.Misconception)
	expr, numeric := strings.CutPrefix(label, "=")
	if !numeric {
		c.Label = b.inlines(line, label)
		return c, false, nil
	}
	n, err := b.expression(strings.TrimSpace(expr), "")
	if err != nil {
		return c, true, err
	}
	b.sign("= " + n.Expr)
	c.Value, c.Label = n.Value, []Inline{n}
	return c, true, nil
}

// check makes sure that the question can be graded.
func (q Question) check() error {
	right := 0
	for i, c := range q.Choices {
		switch {
		case c.Right:
			right++
		case len(c.Why) == 0:
			return fmt.Errorf("question %s: wrong answer %d does not say what it computes or means", q.ID, i+1)
		}
		if c.Right && c.Misconception != "" {
			return fmt.Errorf("question %s: a right answer has no misconception", q.ID)
		}
		for _, o := range q.Choices[:i] {
			if q.Numeric && o.Value == c.Value || Plain(o.Label) == Plain(c.Label) {
				return fmt.Errorf("question %s: two choices are %q", q.ID, Plain(c.Label))
			}
		}
	}
	switch {
	case len(q.Prompt) == 0:
		return fmt.Errorf("question %s asks nothing", q.ID)
	case len(q.Choices) < 2:
		return fmt.Errorf("question %s needs two choices or more", q.ID)
	case right != 1:
		return fmt.Errorf("question %s has %d right answers, want 1", q.ID, right)
	}
	return nil
}
