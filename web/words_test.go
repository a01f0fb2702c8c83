package web

import (
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"stride/internal/nn/input"
	"stride/web/i18n"
)

// TestWordsAreComplete: every text exists in both languages, with the same places for values.
func TestWordsAreComplete(t *testing.T) {
	compareWords(t, "words", englishWords, koreanWords)
}

// TestErrorsHaveWords: every refusal of a picture has a text of its own, and no place in a text stays empty.
func TestErrorsHaveWords(t *testing.T) {
	for _, l := range i18n.Langs {
		for _, c := range input.Codes() {
			if _, ok := wordsOf(l).Errors[string(c)]; !ok {
				t.Errorf("%v has no text for %s", l, c)
			}
			m := messageOf(l, &Error{Code: string(c), Err: &input.Error{Code: c, Width: 20000, Height: 1000, Limit: 25e6, SideLimit: 12000}})
			if strings.Contains(m.title+m.what+m.hint, "{") {
				t.Errorf("%v, %s: %+v", l, c, m)
			}
		}
		if m := messageOf(l, &Error{Code: "too_large", Err: &http.MaxBytesError{Limit: 64 << 10}}); !strings.Contains(m.what, i18n.Bytes(64<<10)) {
			t.Errorf("%v: %q", l, m.what)
		}
	}
}

// compareWords walks two catalogues of one type.
func compareWords(t *testing.T, path string, a, b any) {
	t.Helper()
	walkWords(t, path, reflect.ValueOf(a), reflect.ValueOf(b))
}

// mayBeEmpty are texts that a language may leave out: hints, and the form that needs no remark.
func mayBeEmpty(path string) bool {
	return strings.HasSuffix(path, ".hint") || strings.HasSuffix(path, "Forms[]")
}

func walkWords(t *testing.T, path string, a, b reflect.Value) {
	t.Helper()
	switch a.Kind() {
	case reflect.String:
		if (a.String() == "") != (b.String() == "") || a.String() == "" && !mayBeEmpty(path) {
			t.Errorf("%s: %q and %q", path, a.String(), b.String())
		}
		if x, y := verbs(a.String()), verbs(b.String()); x != y {
			t.Errorf("%s: places %q and %q", path, x, y)
		}
	case reflect.Struct:
		for i := range a.NumField() {
			walkWords(t, path+"."+a.Type().Field(i).Name, a.Field(i), b.Field(i))
		}
	case reflect.Slice:
		if a.Len() != b.Len() {
			t.Errorf("%s: %d and %d texts", path, a.Len(), b.Len())
			return
		}
		for i := range a.Len() {
			walkWords(t, path+"[]", a.Index(i), b.Index(i))
		}
	case reflect.Map:
		if a.Len() == 0 || a.Len() != b.Len() {
			t.Errorf("%s: %d and %d texts", path, a.Len(), b.Len())
		}
		for _, k := range a.MapKeys() {
			v := b.MapIndex(k)
			if !v.IsValid() {
				t.Errorf("%s has no %v", path, k)
				continue
			}
			walkWords(t, path+"["+k.String()+"]", a.MapIndex(k), v)
		}
	}
}

// verbs are the places for values: %d, %s, {arg}, in the order of the values. Places with numbers (%[2]d) may stand in any order
// of the sentence, as long as all of them have one.
func verbs(s string) string {
	var out []string
	byNumber := map[int]string{}
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '%':
			j := i + 1
			for j < len(s) && !unicode.IsLetter(rune(s[j])) && s[j] != '%' {
				j++
			}
			if j < len(s) {
				place := s[i : j+1]
				out = append(out, place)
				if number, rest, ok := strings.Cut(strings.TrimPrefix(place, "%["), "]"); ok {
					if n, err := strconv.Atoi(number); err == nil {
						byNumber[n] = "%" + rest
					}
				}
			}
			i = j
		case '{':
			if j := strings.IndexByte(s[i:], '}'); j > 0 {
				out = append(out, s[i:i+j+1])
			}
		}
	}
	if len(byNumber) == len(out) {
		for i := range out {
			out[i] = byNumber[i+1]
		}
	}
	return strings.Join(out, " ")
}
