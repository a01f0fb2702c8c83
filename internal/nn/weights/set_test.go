package weights

import (
	"errors"
	"os"
	"path/filepath"
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

// What is released can be read again: whole, in part, from a file whose values are views, converted or in memory only.
func TestRelease(t *testing.T) {
	s := NewSet()
	v := make([]float32, 50_000)
	Uniform(v, "a", 1, -1, 1)
	for i := range v {
		v[i] = halfToFloat(floatToHalf(v[i])) // so that F16 holds it
	}
	s.Add("a", []int{len(v)}, v)
	s.Add("b", []int{3}, []float32{1, 2, 3})
	sets := []*Set{s}
	for _, dtype := range []DType{F32, F16} {
		file := filepath.Join(t.TempDir(), "set.safetensors")
		f, err := os.Create(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(WriteSafetensors(f, s, dtype), f.Close()); err != nil {
			t.Fatal(err)
		}
		opened, err := Open(file)
		if err != nil {
			t.Fatal(err)
		}
		defer opened.Close()
		sets = append(sets, opened)
	}
	for _, s := range sets {
		for _, cut := range [][2]int{{0, len(v)}, {1, 2}, {0, 0}, {1000, 30_000}, {len(v) - 1, len(v)}} {
			s.Release(s.Values("a")[cut[0]:cut[1]])
			if got := s.Values("a"); !slices.Equal(got, v) || !slices.Equal(s.Values("b"), []float32{1, 2, 3}) {
				t.Errorf("%s: the values differ after the release of %v", s.DType("a"), cut)
			}
		}
		s.Release(v) // of another set
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
