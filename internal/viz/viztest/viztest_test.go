package viztest

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// recorder stands in for a failing test.
type recorder struct {
	testing.TB
	errors []string
}

func (r *recorder) Helper() {}
func (r *recorder) Errorf(format string, args ...any) {
	r.errors = append(r.errors, fmt.Sprintf(format, args...))
}

func picture(t *testing.T, w int, red int) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, w, 4))
	for i := range red {
		m.SetRGBA(2+i, 1, color.RGBA{200, 0, 0, 255})
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestGoldenTellsWhatDiffers(t *testing.T) {
	if Updating() {
		t.Skip("compares nothing with -update")
	}
	t.Chdir(t.TempDir())
	t.Setenv("TMPDIR", t.TempDir())
	if err := os.Mkdir("testdata", 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("testdata/p.png", picture(t, 8, 0), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name, file string
		got        []byte
		want       string
	}{
		{"same", "p.png", picture(t, 8, 0), ""},
		{"pixels", "p.png", picture(t, 8, 3), "differs in 3 pixels, first at row 1, column 2"},
		{"size", "p.png", picture(t, 9, 0), "is (9,4), want (8,4)"},
		{"not a picture", "p.png", []byte("\x89PNGx"), "in byte 4"},
		{"missing", "q.png", picture(t, 8, 0), "no golden file"},
	} {
		r := &recorder{TB: t}
		Golden(r, tc.file, tc.got)
		got := strings.Join(r.errors, "\n")
		if (tc.want == "") != (got == "") || !strings.Contains(got, tc.want) {
			t.Errorf("%s: reports %q, want %q in it", tc.name, got, tc.want)
		}
	}
	f, err := os.Open(filepath.Join(os.TempDir(), "viztest", t.Name(), "diff-p.png"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	d, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	if got := color.RGBAModel.Convert(d.At(2, 1)); got != (color.RGBA{255, 0, 0, 255}) {
		t.Errorf("differing pixel is %v in the difference, want red", got)
	}
}
