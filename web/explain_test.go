package web

import (
	"context"
	"math"
	"math/rand/v2"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"

	"stride/internal/nn"
	"stride/web/view"
)

// traceOf runs a network to the end, as its page does.
func traceOf(t *testing.T, s *Server, model, query string) *trace {
	t.Helper()
	route := chi.NewRouteContext()
	route.URLParams.Add("model", model)
	route.URLParams.Add("lang", "en")
	r := httptest.NewRequest("GET", "/en/a/"+model+"?"+query, nil)
	tr, err := s.open(httptest.NewRecorder(), r.WithContext(context.WithValue(r.Context(), chi.RouteCtxKey, route)), time.Minute)
	if err != nil || !tr.done {
		t.Fatalf("%s: %v", model, err)
	}
	return tr
}

var printed = regexp.MustCompile(`[−-]?\d[\d,]*(\.\d+)?(e[-+]\d+)?`)

// numbers are those in a text, each with how many decimals it is printed.
func numbers(s string) (v []float64, decimals []int) {
	for _, m := range printed.FindAllString(s, -1) {
		m = strings.ReplaceAll(strings.ReplaceAll(m, ",", ""), "−", "-")
		x, err := strconv.ParseFloat(m, 64)
		if err != nil {
			continue
		}
		_, rest, _ := strings.Cut(m, ".")
		v, decimals = append(v, x), append(decimals, len(rest))
	}
	return v, decimals
}

// line is the text of a line of arithmetic without the names below its terms.
func line(l []view.SumTerm) string {
	var parts []string
	for _, x := range l {
		parts = append(parts, x.Text)
	}
	return strings.Join(parts, " ")
}

// wrong says what does not come out in a line, computed from what is printed; "" where everything does.
func wrong(text string) string {
	v, d := numbers(text)
	if len(v) == 0 {
		return ""
	}
	last := len(v) - 1
	var got float64
	switch {
	case strings.Contains(text, "σ²") && strings.Contains(text, "√("): // γ, x, μ, σ², ε, β
		if len(v) < 7 {
			return "not all numbers of the normalisation"
		}
		g := v[last-6:]
		got = g[0]*(g[1]-g[2])/math.Sqrt(g[3]+g[4]) + g[5]
	case strings.Contains(text, "^"): // own/(k + α · Σ)^β
		got = v[0] / math.Pow(v[1]+v[2]*v[3], v[4])
	case strings.Contains(text, "÷"):
		got = v[last-2] / v[last-1]
	case strings.Contains(text, " + "):
		got = 0
		for _, x := range v[:last] {
			got += x
		}
	case strings.Contains(text, " · "):
		got = v[0] * v[1]
	default:
		return ""
	}
	if half := 0.5000001 * math.Pow(10, -float64(d[last])); !(math.Abs(got-v[last]) <= half) {
		return strconv.FormatFloat(got, 'g', 8, 64) + " comes out of " + text
	}
	return ""
}

// TestArithmetic computes every printed line again from what is printed, at random places of every layer: each comes out to the
// printed digit, the contributions add up, and the last value is that of the map.
func TestArithmetic(t *testing.T) {
	s := newSite(t)
	rnd := rand.New(rand.NewPCG(1, 2))
	forms := map[string]int{}
	for _, c := range []struct{ model, query string }{
		{"lenet5", ""}, {"lenet5_paper", ""}, {"mini_alexnet", ""}, {"mini_vgg", ""}, {"mini_googlenet", ""}, {"mini_resnet", ""}, {"mini_mobilenet", ""}, {"mini_densenet", ""}, {"mini_efficientnet", ""},
		{"alexnet_paper", ""}, {"mini_resnet", "edit=block1.bn2:*:0.5,block1.relu:3:0"},
	} {
		tr := traceOf(t, s.s, c.model, c.query)
		for _, n := range tr.model.Graph.Main() {
			if c.model == "alexnet_paper" && n.Op.Kind() != "lrn" {
				continue // the one network with this normalisation
			}
			x := tr.out(t.Context(), n)
			for range 12 {
				cell := nn.Cell{C: rnd.IntN(n.Shape.C), Y: rnd.IntN(n.Shape.H), X: rnd.IntN(n.Shape.W)}
				p := tr.pixelSum(t.Context(), n, x, cell)
				if p == nil {
					continue
				}
				forms[string(n.Op.Kind())]++
				where := c.model + " " + n.Path
				for _, l := range append([][]view.SumTerm{p.Line}, p.Lines...) {
					if bad := wrong(line(l)); bad != "" {
						t.Errorf("%s %v: %s", where, cell, bad)
					}
				}
				checkTerms(t, where, p)
				checkValue(t, where, p, float64(x.At(0, cell.C, cell.Y, cell.X)))
			}
		}
	}
	for _, kind := range []string{"conv", "linear", "batchnorm", "maxpool", "avgpool", "add", "concat", "lrn", "mul", "softmax", "rbf"} {
		if forms[kind] == 0 {
			t.Errorf("no layer of kind %s was seen", kind)
		}
	}
}

// checkTerms adds up the listed contributions.
func checkTerms(t *testing.T, where string, p *view.PixelSum) {
	t.Helper()
	if len(p.Terms) == 0 {
		return
	}
	sum := 0.0
	for _, term := range p.Terms {
		v, _ := numbers(term.Value[strings.LastIndex(term.Value, "=")+1:])
		if len(v) != 1 {
			t.Fatalf("%s: a contribution of %q", where, term.Value)
		}
		sum += v[0]
	}
	v, d := numbers(line(p.Line))
	want := 0 // Σ = a (+ bias)
	if strings.Contains(line(p.Line), "÷") {
		want = 1
	}
	if strings.Contains(line(p.Line), "−Σ") {
		sum, want = -sum, len(v)-1
	}
	if math.Abs(sum-v[want]) > 1e-6*math.Pow(10, -float64(d[want])) {
		t.Errorf("%s: the contributions add up to %v: %s", where, sum, line(p.Line))
	}
}

// checkValue looks for the value of the map at the end of the first lines.
func checkValue(t *testing.T, where string, p *view.PixelSum, want float64) {
	t.Helper()
	for _, l := range append([][]view.SumTerm{p.Line}, p.Lines...) {
		if len(l) == 0 || !l[len(l)-1].Final {
			continue
		}
		v, d := numbers(l[len(l)-1].Text)
		if len(v) == 1 && math.Abs(v[0]-want) <= 0.5000001*math.Pow(10, -float64(d[0])) {
			return
		}
	}
	t.Errorf("%s: no line ends in %v: %s", where, want, line(p.Line))
}
