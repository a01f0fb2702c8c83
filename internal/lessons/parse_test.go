package lessons

import (
	"reflect"
	"strings"
	"testing"
)

func TestParseDirective(t *testing.T) {
	for _, c := range []struct {
		in   string
		want directive
	}{
		{"number params", directive{"number", []string{"params"}, map[string]string{}, ""}},
		{` number expr="a(b) / c" as=si `, directive{"number", nil, map[string]string{"expr": "a(b) / c", "as": "si"}, ""}},
		{"ref node=a.b | the | end", directive{"ref", nil, map[string]string{"node": "a.b"}, "the | end"}},
		{`cite x section="4|1"`, directive{"cite", []string{"x"}, map[string]string{"section": "4|1"}, ""}},
	} {
		got, err := parseDirective(c.in)
		if err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("parseDirective(%q) = %+v, %v, want %+v", c.in, got, err, c.want)
		}
	}
	for _, in := range []string{"", " | text", `a b="c`, "a b=1 b=2", "a =1"} {
		if d, err := parseDirective(in); err == nil {
			t.Errorf("parseDirective(%q) = %+v, want an error", in, d)
		}
	}
}

func TestDirectiveEnd(t *testing.T) {
	for _, c := range []struct {
		in   string
		want int
	}{{"{{a}}", 5}, {"{{a | {{b}} }} c", 14}, {"{{a", -1}, {"{{a | {{b}}", -1}, {"", -1}} {
		if got := directiveEnd(c.in); got != c.want {
			t.Errorf("directiveEnd(%q) = %d, want %d", c.in, got, c.want)
		}
	}
}

func TestTypedNumber(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"VGG-16 and ResNet-50 of 2014, top-5, C3, conv3, layer2.0, B0", ""},
		{"2014년의 3×3 필터와 1×1, 11×11", ""},
		{"modules 3a to 5b, 2010–2017", ""},
		{"{{number params node=conv1}} and {{cite he2015 section=4.1}}", ""},
		{"$0.3$ and `[1, 2, 3]` and [a](https://example.org/1234)", ""},
		{"1. first item", ""}, {"1차원으로 변환", ""}, {"stride 2, padding 1", ""}, {"스트라이드 2인", ""}, {"0으로, 0과 0.", ""}, {"10 and 0.5", "10"}, {"stride 2 of 4", "4"},
		{"it has 96 filters", "96"},
		{"96개", "96"},
		{"총25개", "25"},
		{"61,706 weights", "61,706"},
		{"maps of 56×56", "56"},
		{"about 3.5 times", "3.5"},
		{"{{ref node=a | 64 channels}}", "64"},
		{"in 1492", "1492"},
	} {
		if got := typedNumber(c.in); got != c.want {
			t.Errorf("typedNumber(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestFormatNumber(t *testing.T) {
	for _, c := range []struct {
		v    float64
		form string
		want string
	}{
		{25557032, "", "25,557,032"}, {0, "", "0"}, {-1706, "int", "−1,706"}, {999, "", "999"}, {1000, "", "1,000"},
		{4089184256, "si", "4.09\u00a0G"}, {416520, "si", "417\u00a0k"}, {15470264320, "si", "15.5\u00a0G"}, {999999, "si", "1.00\u00a0M"}, {12, "si", "12"},
		{0.9617, "percent", "96.2%"}, {0.000573, "percent2", "0.06%"}, {16.94, "times", "16.9"}, {16.94, "", "16.9"}, {836.68, "times", "837"},
		{0.5510, "dec2", "0.55"}, {1.0995e-8, "sci", "1.1·10⁻⁸"}, {836.7, "sci", "8.4·10²"},
	} {
		got, err := formatNumber(c.v, c.form)
		if err != nil || got != c.want {
			t.Errorf("formatNumber(%v, %q) = %q, %v, want %q", c.v, c.form, got, err, c.want)
		}
	}
	if s, err := formatNumber(0.5, "int"); err == nil {
		t.Errorf("formatNumber(0.5, int) = %q, want an error", s)
	}
	if s, err := formatNumber(1, "roman"); err == nil {
		t.Errorf("formatNumber(1, roman) = %q, want an error", s)
	}
}

func TestEvalExpr(t *testing.T) {
	for _, c := range []struct {
		in   string
		want float64
	}{
		{"1+2*3", 7}, {"(1+2)*3", 9}, {"2^3^2", 512}, {"-2^2", -4}, {"7-2-1", 4}, {"12/3/2", 2}, {"3*3*32*64", 18432},
		{"floor(9*32*64/(32+9*64))", 30}, {"sqrt(16)", 4}, {"1.2*1.1^2*1.15^2", 1.2 * 1.21 * 1.3225},
		{"params()", 1000}, {"params(conv1)/params()", 0.3}, {"params(conv1, block.conv2)", 500}, {"macs(twin:c1)", 1500}, {"depth(twin:)", 3},
	} {
		got, err := evalExpr(c.in, "net", fakeNets{})
		if err != nil || got < c.want-1e-9 || got > c.want+1e-9 {
			t.Errorf("evalExpr(%q) = %v, %v, want %v", c.in, got, err, c.want)
		}
	}
	for _, c := range []struct{ in, want string }{
		{"", "missing"}, {"1+", "missing"}, {"(1", "not closed"}, {"1/0", "division by zero"}, {"2 2", "unexpected"}, {"params", "parentheses"},
		{"speed()", `no quantity "speed"`}, {"channels(conv1,conv1)", "of several nodes"}, {"params(conv9)", "no node conv9"}, {"params(", "not closed"},
		{strings.Repeat("(", 100) + "1", "too deeply"}, {"1.2.3", "invalid syntax"},
	} {
		if got, err := evalExpr(c.in, "net", fakeNets{}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("evalExpr(%q) = %v, %v, want an error with %q", c.in, got, err, c.want)
		}
	}
}
