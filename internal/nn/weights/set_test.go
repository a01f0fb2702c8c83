package weights

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestSetHelpers(t *testing.T) {
	s := sample()
	if s.Count() != 7 || s.Len() != 3 || s.Values("nothing") != nil || s.Dims("nothing") != nil || s.Values("empty") == nil || s.DType("nothing") != "" {
		t.Errorf("Count %d, Len %d, Values %v, Dims %v", s.Count(), s.Len(), s.Values("nothing"), s.Dims("nothing"))
	}
	if got := s.Subset(func(k string) bool { return strings.Contains(k, ".") }).Keys(); !slices.Equal(got, []string{"b.weight", "a.bias"}) {
		t.Errorf("Subset: %v", got)
	}
	r, err := s.Rename(func(k string) string { return "x." + k })
	if err != nil || &r.Values("x.a.bias")[0] != &s.Values("a.bias")[0] {
		t.Errorf("Rename copies (%v)", err)
	}
	if _, err := s.Rename(func(string) string { return "same" }); !errors.Is(err, &Error{Code: BadHeader}) {
		t.Errorf("two keys with one name: %v", err)
	}
	if s.SHA256() != "" || s.FileBytes() != 0 || s.Close() != nil {
		t.Error("a set without a file has a digest or a size")
	}
}

func TestAddPanics(t *testing.T) {
	for name, f := range map[string]func(s *Set){
		"length": func(s *Set) { s.Add("x", []int{2}, []float32{1}) },
		"twice":  func(s *Set) { s.Add("a.bias", []int{1}, []float32{1}) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			f(sample())
		}()
	}
}

func TestUntrainedProvenance(t *testing.T) {
	if p := UntrainedProvenance(7); p.ID != "untrained:7" || p.Status != Untrained || p.SHA256 != "" {
		t.Errorf("%+v", p)
	}
}
