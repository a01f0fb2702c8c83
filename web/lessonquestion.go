package web

import (
	"strconv"
	"strings"

	"stride/internal/lessons"
	"stride/web/view"
)

// question shows a question and, once it is answered, what the answer computes.
func (r *reader) question(q lessons.Question) view.Question {
	v := view.Question{ID: q.ID, Prompt: r.rich(q.Prompt), Action: r.action, Name: "q." + q.ID, Numeric: q.Numeric, Predict: q.Predict}
	if r.fields != nil {
		v.Fields = r.fields(q.ID)
	}
	given, answered := r.answers[q.ID]
	v.Value = given
	chosen := -1
	if q.Numeric {
		if f, err := strconv.ParseFloat(strings.ReplaceAll(given, ",", ""), 64); answered && err == nil {
			r.gradeNumber(&v, q, f)
		}
		return v
	}
	if n, err := strconv.Atoi(given); answered && err == nil && n >= 0 && n < len(q.Choices) {
		chosen = n
	}
	for i, c := range q.Choices {
		v.Choices = append(v.Choices, view.Choice{Label: r.rich(c.Label), Value: strconv.Itoa(i), Chosen: i == chosen, Right: answered && c.Right})
	}
	switch {
	case chosen >= 0:
		r.verdict(&v, q.Choices[chosen])
	case answered && q.Predict: // "no idea yet"
		v.Verdict = r.rich(q.Choices[q.Right()].Why)
	}
	return v
}

func (r *reader) verdict(v *view.Question, c lessons.Choice) {
	v.Verdict, v.Right = r.rich(c.Why), c.Right
	if m := r.s.library.Book(r.lang).Misconception(c.Misconception); m != nil && !c.Right {
		v.Cause = m.Text
	}
}

func (r *reader) gradeNumber(v *view.Question, q lessons.Question, f float64) {
	c, known := q.Grade(f)
	if known {
		r.verdict(v, c)
		return
	}
	right := q.Choices[q.Right()]
	v.Verdict = append(view.T(r.w.NotThat+" "), append(r.rich(right.Label), append(view.T(". "), r.rich(right.Why)...)...)...)
}
