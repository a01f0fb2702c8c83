package lessons

import (
	"fmt"
	"regexp"
	"strings"
)

var textArg = regexp.MustCompile(`\\text\{[^}]*\}`)

// equation builds displayed formulas, one per line, each with an optional word after "::".
//
//	{{eq residual}}
//	\rh{H(x)} = \rf{F(x)} + \rx{x} :: forward
//	{{end}}
func (b *builder) equation(d directive, line int, body []string) (Equation, error) {
	e := Equation{ID: d.flag(0)}
	if err := d.only(1); err != nil {
		return e, err
	}
	if !isID(e.ID) {
		return e, fmt.Errorf("eq: an identifier is needed, got %q", e.ID)
	}
	for i, l := range body {
		if strings.TrimSpace(l) == "" {
			continue
		}
		tex, label, _ := strings.Cut(l, "::")
		f, err := renderMath(strings.TrimSpace(tex), true, b.formatted)
		if err != nil {
			b.problem(line+1+i, "%v", err)
			continue
		}
		label = strings.TrimSpace(label)
		b.digits(line+1+i, label)
		b.sign("eq " + textArg.ReplaceAllString(strings.TrimSpace(tex), `\text{}`))
		e.Lines = append(e.Lines, EquationLine{f, label})
	}
	if len(e.Lines) == 0 {
		return e, fmt.Errorf("eq %s has no formula", e.ID)
	}
	return e, nil
}
