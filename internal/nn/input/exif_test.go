package input

import (
	"bytes"
	"context"
	"encoding/binary"
	"testing"
)

// TestOrient writes a picture of six letters through all orientations.
func TestOrient(t *testing.T) {
	letters := func(s string) []uint8 { return repeat3([]uint8(s)) }
	stored := &RGB{3, 2, letters("abcdef")} // abc over def
	for o, want := range map[int]string{
		0: "abcdef", 1: "abcdef", 9: "abcdef", 65535: "abcdef",
		2: "cbafed", 3: "fedcba", 4: "defabc",
		5: "adbecf", 6: "daebfc", 7: "fcebda", 8: "cfbead", // three rows of two
	} {
		p, info, err := Decode(context.Background(), plainPNG(stored, pngChunk("eXIf", orientationTIFF(uint32(o)))), Limits{})
		if err != nil {
			t.Fatal(err)
		}
		w := 3
		if o >= 5 && o <= 8 {
			w = 2
		}
		if p.W != w || !bytes.Equal(p.Pix, letters(want)) {
			t.Errorf("%d: %d wide, %q, want %d wide, %s", o, p.W, p.Pix, w, want)
		}
		if info.Width != 3 || info.Height != 2 {
			t.Errorf("%d: stored size %d×%d, want 3×2", o, info.Width, info.Height)
		}
		valid := o
		if o < 1 || o > 8 {
			valid = 1
		}
		lossy := file(t, "lossy.webp")
		exif := join([]byte("EXIF\x30\x00\x00\x00"), []byte(exifMagic), orientationTIFF(uint32(o)))
		exif = append(exif, make([]byte, 8+0x30-len(exif))...)
		webpFile := join(lossy, exif)
		binary.LittleEndian.PutUint32(webpFile[4:], uint32(len(webpFile)-8))
		for name, data := range map[string][]byte{
			"PNG":  plainPNG(stored, pngChunk("eXIf", orientationTIFF(uint32(o)))),
			"JPEG": plainJPEG(stored, exifSegment(orientationTIFF(uint32(o)))), "WebP": webpFile,
		} {
			if g, err := inspect(data, DefaultLimits()); err != nil || g.info.Orientation != valid {
				t.Errorf("%s %d: %+v (%v), want orientation %d", name, o, g, err, valid)
			}
		}
	}
}

func TestExifOrientation(t *testing.T) {
	entry := [4]uint32{tagOrientation, typeShort, 1, 6}
	good := tiff(binary.LittleEndian, "II", entry)
	many := make([][4]uint32, exifEntries)
	for _, c := range []struct {
		name string
		data []byte
		want int
	}{
		{"little-endian", good, 6},
		{"big-endian", tiff(binary.BigEndian, "MM", entry), 6},
		{"empty", nil, 1},
		{"header only", good[:8], 1},
		{"cut inside the entry", good[:20], 1},
		{"wrong mark", edit(good, 0, 'X'), 1},
		{"directory at the end of the address space", edit(good, 4, 0xff, 0xff, 0xff, 0xff), 1},
		{"directory inside itself", edit(good, 4, 0, 0, 0, 0), 1},
		{"count of 65535", edit(good, 8, 0xff, 0xff), 6},
		{"wrong type", tiff(binary.LittleEndian, "II", [4]uint32{tagOrientation, 4, 1, 6}), 1},
		{"two values", tiff(binary.LittleEndian, "II", [4]uint32{tagOrientation, typeShort, 2, 6}), 1},
		{"last looked at", tiff(binary.LittleEndian, "II", append(many[:exifEntries-1:exifEntries-1], entry)...), 6},
		{"beyond the cap", tiff(binary.LittleEndian, "II", append(many, entry)...), 1},
	} {
		if got := exifOrientation(c.data); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}

func FuzzExifOrientation(f *testing.F) {
	f.Add(orientationTIFF(6))
	f.Add(tiff(binary.LittleEndian, "II", [4]uint32{tagOrientation, typeShort, 1, 8}))
	f.Add([]byte("II*\x00\x08\x00\x00\x00\xff\xff"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if o := exifOrientation(data); o < 1 || o > 8 {
			t.Errorf("orientation %d", o)
		}
	})
}
