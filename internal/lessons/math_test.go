package lessons

import (
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
)

func testValue(expr, form string) (string, error) {
	if expr == "bad" {
		return "", errors.New("bad value")
	}
	return "<" + expr + form + ">", nil
}

func TestRenderMath(t *testing.T) {
	for _, c := range []struct {
		tex     string
		display bool
		ml      string // inside the outer mrow
		plain   string
	}{
		{`F(x)`, false, `<mi>F</mi><mo stretchy="false">(</mo><mi>x</mi><mo stretchy="false">)</mo>`, "F(x)"},
		{`\rh{H} = \rf{F} + \rx{x}`, false, `<mrow class="r-h"><mi>H</mi></mrow><mo>=</mo><mrow class="r-f"><mi>F</mi></mrow><mo>+</mo><mrow class="r-x"><mi>x</mi></mrow>`, "H = F + x"},
		{`k^2`, false, `<msup><mi>k</mi><mn>2</mn></msup>`, "k^2"},
		{`x_{i+1}^2`, false, `<msubsup><mi>x</mi><mrow><mi>i</mi><mo>+</mo><mn>1</mn></mrow><mn>2</mn></msubsup>`, "x_(i + 1)^2"},
		{`\frac{\partial H}{2}`, false, `<mfrac><mrow><mi>∂</mi><mi>H</mi></mrow><mrow><mn>2</mn></mrow></mfrac>`, "(∂H)/2"},
		{`\sum_{i}^{n} i`, true, `<munderover><mo>∑</mo><mrow><mi>i</mi></mrow><mrow><mi>n</mi></mrow></munderover><mi>i</mi>`, "∑_i^ni"},
		{`\sum_{i} i`, false, `<msub><mo>∑</mo><mrow><mi>i</mi></mrow></msub><mi>i</mi>`, "∑_ii"},
		{`\left( \frac{1}{2} \right)`, false, `<mrow><mo>(</mo><mfrac><mrow><mn>1</mn></mrow><mrow><mn>2</mn></mrow></mfrac><mo>)</mo></mrow>`, "(1/2)"},
		{`-1 - 2`, false, `<mo form="prefix">−</mo><mn>1</mn><mo>−</mo><mn>2</mn>`, "−1 − 2"},
		{`\text{a b & 한글}`, false, "<mtext>a\u00a0b\u00a0&amp;\u00a0한글</mtext>", "a b & 한글"},
		{`\val[si]{p}`, false, `<mn>&lt;psi&gt;</mn>`, "<psi>"},
		{`\max(0, x)`, false, "<mi>max</mi><mo>\u2061</mo>" + `<mo stretchy="false">(</mo><mn>0</mn><mo>,</mo><mi>x</mi><mo stretchy="false">)</mo>`, "max(0,x)"},
		{`\lfloor n \rfloor`, false, `<mo stretchy="false">⌊</mo><mi>n</mi><mo stretchy="false">⌋</mo>`, "⌊n⌋"},
	} {
		got, err := renderMath(c.tex, c.display, testValue)
		if err != nil {
			t.Errorf("%s: %v", c.tex, err)
			continue
		}
		open := "<math><semantics><mrow>"
		if c.display {
			open = `<math displaystyle="true"><semantics><mrow>`
		}
		if want := open + c.ml + `</mrow><annotation`; !strings.HasPrefix(got.MathML, want) {
			t.Errorf("%s:\n got %s\nwant %s", c.tex, got.MathML, want)
		}
		if got.Plain != c.plain {
			t.Errorf("%s: plain %q, want %q", c.tex, got.Plain, c.plain)
		}
	}
}

// TestMathBreaks: a displayed formula may go to a new line before its relations and sums, and nowhere else.
func TestMathBreaks(t *testing.T) {
	for tex, want := range map[string][]string{
		`a \cdot b + \role{q-param}{c + d} = -e - f`: {`a\cdot b`, `+{c+d}`, `=-e`, `-f`},
		`(a + b) \cdot c = \left( d + e \right)`:     {`(a+b)\cdot c`, `=\left(d+e\right)`},
		`\text{layer } l \text{ reads } k`:           {`\text{layer }`, `l\text{ reads }`, `k`},
		`r \gets 1 \quad j \gets \sum_{i = 1} i`:     {`r`, `\gets 1\quad`, `j`, `\gets \sum _{i=1}i`},
		`x`:                                          {`x`},
	} {
		f, err := renderMath(tex, true, testValue)
		if err != nil {
			t.Errorf("%s: %v", tex, err)
			continue
		}
		var got []string
		for _, part := range strings.Split(f.MathML, formulaGap) {
			_, a, _ := strings.Cut(part, `"application/x-tex">`)
			a, _, _ = strings.Cut(a, "</annotation>")
			got = append(got, a)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: breaks into %q, want %q", tex, got, want)
		}
		if strings.Contains(f.MathML, `<semantics><mrow><mo>`) {
			t.Errorf("%s: an operator begins a line and would be taken for a sign: %s", tex, f.MathML)
		}
	}
}

func TestMathAnnotationDropsColours(t *testing.T) {
	f, err := renderMath(`\rx{x} \cdot \role{q-param}{\val{p}}`, false, testValue)
	if err != nil {
		t.Fatal(err)
	}
	if want := `{x}\cdot {<p>}`; f.TeX != want {
		t.Errorf("TeX: got %q, want %q", f.TeX, want)
	}
	if !strings.Contains(f.MathML, `<annotation encoding="application/x-tex">{x}\cdot {&lt;p&gt;}</annotation>`) {
		t.Errorf("annotation: got %s", f.MathML)
	}
}

func TestMathErrors(t *testing.T) {
	for _, c := range []struct{ tex, want string }{
		{`25557032`, "can be computed"}, {`\frac{a}`, "group"}, {`{a`, "not closed"}, {`a}`, "unexpected"}, {`\blah`, `unknown command \blah`},
		{`x^2^3`, "two exponents"}, {`x^`, "missing"}, {`x_}`, "missing"}, {`\role{red}{x}`, `no colour role "red"`}, {`\left( a`, `\right is missing`},
		{`\left a \right)`, "no bracket"}, {`\val{bad}`, "bad value"}, {`\val`, "missing"}, {`@`, "no meaning"}, {`\`, "unknown command"},
		{strings.Repeat("{", 60), "too deeply"}, {strings.Repeat("x", 3000), "longer than"}, {"\xff", "UTF-8"},
	} {
		if f, err := renderMath(c.tex, true, testValue); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("renderMath(%.20q) = %.60q, %v, want an error with %q", c.tex, f.MathML, err, c.want)
		}
	}
}

// wellFormed reports whether s is one balanced element without style attributes or event handlers.
func wellFormed(s string) error {
	d := xml.NewDecoder(strings.NewReader(s))
	for {
		tok, err := d.Token()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if e, ok := tok.(xml.StartElement); ok {
			for _, a := range e.Attr {
				if a.Name.Local == "style" || strings.HasPrefix(a.Name.Local, "on") {
					return errors.New("attribute " + a.Name.Local)
				}
			}
		}
	}
}
