package i18n

import (
	"fmt"
	"math"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"unicode"
)

// visit calls f with the path of every text of a catalogue.
func visit(v reflect.Value, path string, f func(path, text string)) {
	for i := range v.NumField() {
		name := path + v.Type().Field(i).Name
		switch field := v.Field(i); field.Kind() {
		case reflect.Struct:
			visit(field, name+".", f)
		case reflect.String:
			f(name, field.String())
		}
	}
}

func catalogue(l Lang) map[string]string {
	m := map[string]string{}
	visit(reflect.ValueOf(*For(l)), "", func(path, text string) { m[path] = text })
	return m
}

func TestNoTextIsMissing(t *testing.T) {
	for _, l := range Langs {
		texts := catalogue(l)
		if len(texts) < 200 {
			t.Fatalf("%s: visited %d texts, want more than 200", l.Tag(), len(texts))
		}
		for path, text := range texts {
			if text == "" {
				t.Errorf("%s: %s is missing", l.Tag(), path)
			}
			if strings.TrimSpace(text) != text {
				t.Errorf("%s: %s has white space at an end: %q", l.Tag(), path, text)
			}
			if strings.ContainsAny(text, "!") {
				t.Errorf("%s: %s exclaims: %q", l.Tag(), path, text)
			}
		}
	}
}

var verb = regexp.MustCompile(`%(\[\d+\])?[sd]`)

// TestVerbsAgree checks that both languages take the same values: the same verbs, whatever their order.
func TestVerbsAgree(t *testing.T) {
	en, ko := catalogue(English), catalogue(Korean)
	for path, text := range en {
		a, b := verb.FindAllString(text, -1), verb.FindAllString(ko[path], -1)
		if len(a) != len(b) {
			t.Errorf("%s takes %d values in English and %d in Korean", path, len(a), len(b))
			continue
		}
		args := make([]any, len(a))
		for i, v := range a {
			args[i] = "x"
			if strings.HasSuffix(v, "d") {
				args[i] = 7
			}
		}
		for _, s := range []string{text, ko[path]} {
			if got := fmt.Sprintf(s, args...); len(args) > 0 && strings.Contains(got, "%!") {
				t.Errorf("%s: formatting %q gives %q", path, s, got)
			}
		}
	}
}

// TestKoreanIsKorean finds texts that were left in English. Names and signs may stay.
func TestKoreanIsKorean(t *testing.T) {
	same := map[string]bool{
		"Ops.Pointwise": true, "Ops.Softmax": true, "Ops.Stride": true, "Ops.Padding": true, "Common.Top1": true, "Common.CSV": true,
		"Common.JSON": true, "Arch.GradCAM": true, "Models.Float32": true, "Models.Digest": true, "Keys.GradCAM": true,
	}
	for path, text := range catalogue(Korean) {
		if strings.IndexFunc(text, func(r rune) bool { return unicode.Is(unicode.Hangul, r) }) < 0 && !same[path] {
			t.Errorf("%s has no Korean: %q", path, text)
		}
	}
	for path, text := range catalogue(English) {
		if strings.IndexFunc(text, func(r rune) bool { return unicode.Is(unicode.Hangul, r) }) >= 0 {
			t.Errorf("%s has Korean in English: %q", path, text)
		}
	}
}

func TestInt(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", 25557032: "25,557,032", -1234567: "\u22121,234,567", math.MinInt64: "\u22129,223,372,036,854,775,808"} {
		if got := Int(n); got != want {
			t.Errorf("Int(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestSI(t *testing.T) {
	for n, want := range map[int64]string{
		0: "0", 999: "999", 1000: "1.00 k", 61706: "61.7 k", 416520: "416.5 k", 999499: "999.5 k", 999500: "1.00 M", 4231976: "4.23 M", 9_994_999: "9.99 M",
		9_996_000: "10.0 M", 138357544: "138.4 M", 568740352: "568.7 M", 4089184256: "4.09 G", 15470264320: "15.5 G", -2000: "\u22122.00 k",
	} {
		if got := strings.ReplaceAll(SI(n), "\u00a0", " "); got != want {
			t.Errorf("SI(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestFixed(t *testing.T) {
	tests := []struct {
		v        float64
		decimals int
		want     string
	}{
		{5.823, 2, "5.82"}, {-0.41, 2, "\u22120.41"}, {-0.001, 2, "0.00"}, {1234.5, 1, "1,234.5"}, {-1e6, 0, "\u22121,000,000"},
		{math.Inf(-1), 2, "\u2212∞"}, {math.NaN(), 2, "NaN"}, {0, 0, "0"},
	}
	for _, tt := range tests {
		if got := Fixed(tt.v, tt.decimals); got != tt.want {
			t.Errorf("Fixed(%v, %d) = %q, want %q", tt.v, tt.decimals, got, tt.want)
		}
	}
}

func TestBytesAndDims(t *testing.T) {
	for n, want := range map[int64]string{512: "512 B", 246824: "247 kB", 1_500_000: "1.5 MB", 102_200_000: "102 MB", 2_500_000_000: "2.50 GB"} {
		if got := strings.ReplaceAll(Bytes(n), "\u00a0", " "); got != want {
			t.Errorf("Bytes(%d) = %q, want %q", n, got, want)
		}
	}
	if got := Dims(128, 28, 28); got != "128×28×28" {
		t.Errorf("Dims = %q", got)
	}
	if got := Percent(0.7613, 1); got != "76.1%" {
		t.Errorf("Percent = %q", got)
	}
}

func TestN(t *testing.T) {
	if got := fmt.Sprintf("%d of %[1]d", N(8192)); got != "8,192 of 8,192" {
		t.Errorf("got %q", got)
	}
}

func TestCountAndList(t *testing.T) {
	for got, want := range map[string]string{
		English.Count(1, "layer", "layers", "층 %s개"):     "1\u00a0layer",
		English.Count(1200, "layer", "layers", "층 %s개"):  "1,200\u00a0layers",
		Korean.Count(3, "layer", "layers", "층 %s개"):      "층 3개",
		English.List([]string{"VGG", "ResNet", "LeNet"}): "VGG, ResNet and LeNet",
		Korean.List([]string{"VGG", "ResNet"}):           "VGG, ResNet",
		English.List(nil):                                "",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestParse(t *testing.T) {
	for tag, want := range map[string]bool{"en": true, "ko": true, "EN": false, "": false, "fr": false} {
		if l, ok := Parse(tag); ok != want || ok && l.Tag() != tag {
			t.Errorf("Parse(%q) = %v, %v", tag, l, ok)
		}
	}
	if English.Other() != Korean || Korean.Other() != English {
		t.Error("the other language of the two is not the other one")
	}
}
