package input

import (
	"bytes"
	"context"
	"errors"
	"image/jpeg"
	"os"
	"path/filepath"
	"testing"
)

// FuzzWalkJPEG holds our walk to the decoder: what image/jpeg reads, the walk must have seen.
func FuzzWalkJPEG(f *testing.F) {
	f.Add(plainJPEG(ramp(3, 2), exifSegment(orientationTIFF(3)))[2:])
	f.Add(scanBomb(8, 8, 2)[2:])
	f.Add(join([]byte{0xff, 0xff}, sof(mSOF0, 8, 8, 8), sos, []byte{0xff, 0, 0xff, 0xd0, 1}, eoi))
	f.Fuzz(func(t *testing.T, tail []byte) {
		data := append(bytes.Clone(soi), tail...)
		facts := walkJPEG(data)
		if facts.scans > facts.segments || facts.segments > len(data)/2 {
			t.Errorf("%d scans, %d segments in %d bytes", facts.scans, facts.segments, len(data))
		}
		if facts.width*facts.height > 1<<16 || facts.scans > 8 {
			return
		}
		m, err := jpeg.Decode(bytes.NewReader(data))
		if err != nil {
			return
		}
		b := m.Bounds()
		if int64(b.Dx()) != facts.width || int64(b.Dy()) != facts.height || !facts.complete || facts.scans == 0 {
			t.Errorf("decoded %v, the walk saw %+v", b, facts)
		}
	})
}

// FuzzDecode: any bytes give a picture of the announced size or a refusal with a code, never a panic.
func FuzzDecode(f *testing.F) {
	files, err := filepath.Glob("testdata/colour/tiny-3x3.jpg")
	more, _ := filepath.Glob("testdata/colour/*.webp")
	for _, name := range append(files, more...) {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	if err != nil || len(files) == 0 || len(more) == 0 {
		f.Fatal("no seeds")
	}
	f.Add(plainPNG(ramp(3, 2), pngChunk("eXIf", orientationTIFF(6))))
	f.Add(adam7PNG(ramp(5, 5)))
	f.Add(gifOf(2, 2, transparentGIF(1), gifFrame(1, 1, 1, 1, "", 1)))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, info, err := Decode(context.Background(), data, Limits{Pixels: 1 << 14})
		var e *Error
		switch {
		case err == nil:
			if len(p.Pix) != 3*p.W*p.H || p.W*p.H != info.Width*info.Height {
				t.Errorf("%d bytes for %d×%d, %+v", len(p.Pix), p.W, p.H, info)
			}
		case !errors.As(err, &e) || e.Panicked:
			t.Errorf("%v (%v)", err, errors.Unwrap(err))
		}
	})
}
