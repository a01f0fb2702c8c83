package weights

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// shared is a file of the folder STRIDE_SHARED; the test is skipped without it.
func shared(t *testing.T, name string) string {
	t.Helper()
	dir := os.Getenv("STRIDE_SHARED")
	if dir == "" {
		t.Skip("STRIDE_SHARED is not set: no real weight files")
	}
	return filepath.Join(dir, "weights", name)
}

func TestRealSafetensors(t *testing.T) {
	for _, c := range []struct {
		name, model string
		params      int64 // torchvision's count plus two running statistics per normalised channel
		tensors     int
	}{
		{"mobilenet_v2", "mobilenet_v2", 3_504_872 + 2*17_056, 262},
		{"mobilenet_v1", "mobilenet_v1_tf", 4_231_976 + 2*10_944, 137},
	} {
		s, err := Open(shared(t, c.name+".imagenet.safetensors"))
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		if s.Count() != c.params || s.Len() != c.tensors {
			t.Errorf("%s: %d values in %d tensors, want %d in %d", c.name, s.Count(), s.Len(), c.params, c.tensors)
		}
		if bad := s.NonFinite(); len(bad) > 0 {
			t.Errorf("%s: values that are not finite in %v", c.name, bad)
		}
		if p := s.Meta[MetaPreprocess]; !strings.Contains(p, `"resize"`) {
			t.Errorf("%s: preprocess %q", c.name, p)
		}
		if v := ProvenanceOf(s, "x", Installed); s.Meta[MetaModel] != c.model || v.Licence != "Apache-2.0" || v.TrainedOn == "" || len(v.SHA256) != 64 || v.Bytes == 0 {
			t.Errorf("%s: model %q, provenance %+v", c.name, s.Meta[MetaModel], v)
		}
	}
}
