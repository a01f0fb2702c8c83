// Package viztest compares pictures with golden files. It is for tests only; nothing that ships imports it.
//
// Run the tests with -update to write the golden files anew, then look at them before committing: the comparison only
// says that a picture changed, not that it was right.
package viztest

import (
	"bytes"
	"flag"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write golden files instead of comparing with them")

// Updating reports whether -update was given.
func Updating() bool { return *update }

// Golden compares got with testdata/name byte by byte. A PNG that differs is decoded, and the error says how many pixels
// differ, where the first one is, and where both pictures and their difference have been written.
func Golden(t testing.TB, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Errorf("no golden file: %v (run the test with -update, then look at the file)", err)
		return
	}
	if bytes.Equal(got, want) {
		return
	}
	report(t, name, got, want)
}

func report(t testing.TB, name string, got, want []byte) {
	t.Helper()
	dir := filepath.Join(os.TempDir(), "viztest", t.Name())
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	base := strings.TrimSuffix(filepath.Base(name), filepath.Ext(name))
	write(t, filepath.Join(dir, "got-"+filepath.Base(name)), got)
	write(t, filepath.Join(dir, "want-"+filepath.Base(name)), want)
	a, errGot := png.Decode(bytes.NewReader(got))
	b, errWant := png.Decode(bytes.NewReader(want))
	if errGot != nil || errWant != nil {
		t.Errorf("%s differs from its golden file in byte %d of %d; both are in %s", name, firstDifference(got, want), len(want), dir)
		return
	}
	d, n, at := Diff(a, b)
	if d == nil {
		t.Errorf("%s is %v, want %v; both are in %s", name, a.Bounds().Size(), b.Bounds().Size(), dir)
		return
	}
	if n == 0 {
		t.Errorf("%s has the same pixels as its golden file but other bytes; both are in %s", name, dir)
		return
	}
	var buf bytes.Buffer
	if err := png.Encode(&buf, d); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "diff-"+base+".png"), buf.Bytes())
	t.Errorf("%s differs in %d pixels, first at row %d, column %d: got %v, want %v; pictures are in %s",
		name, n, at.Y, at.X, a.At(at.X, at.Y), b.At(at.X, at.Y), dir)
}

// Diff marks the pixels of a that differ from b in red on a faded copy of a. It returns their number and the first of
// them, row by row, and a nil picture when the sizes differ.
func Diff(a, b image.Image) (d *image.RGBA, n int, first image.Point) {
	if a.Bounds() != b.Bounds() {
		return nil, 0, image.Point{}
	}
	d = image.NewRGBA(a.Bounds())
	for y := d.Rect.Min.Y; y < d.Rect.Max.Y; y++ {
		for x := d.Rect.Min.X; x < d.Rect.Max.X; x++ {
			p, q := color.RGBAModel.Convert(a.At(x, y)).(color.RGBA), color.RGBAModel.Convert(b.At(x, y)).(color.RGBA)
			if p == q {
				d.SetRGBA(x, y, color.RGBA{192 + p.R/4, 192 + p.G/4, 192 + p.B/4, 255})
				continue
			}
			if n == 0 {
				first = image.Point{X: x, Y: y}
			}
			n++
			d.SetRGBA(x, y, color.RGBA{255, 0, 0, 255})
		}
	}
	return d, n, first
}

func firstDifference(a, b []byte) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	return min(len(a), len(b))
}

func write(t testing.TB, path string, b []byte) {
	t.Helper()
	if err := os.WriteFile(path, b, 0o644); err != nil {
		t.Fatal(err)
	}
}
