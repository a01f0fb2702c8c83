package input

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
)

// allocated is how many bytes f allocates.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

func file(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile("testdata/colour/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// edit is a copy of data with b written at offset at; a negative offset counts from the end.
func edit(data []byte, at int, b ...byte) []byte {
	if at < 0 {
		at += len(data)
	}
	c := bytes.Clone(data)
	copy(c[at:], b)
	return c
}

// TestRefusals: what Decode answers to bad pictures, and that the gate allocates nothing for what a header claims.
func TestRefusals(t *testing.T) {
	const gate = 5 << 20 // bytes that refusing at the gate may cost
	small := ramp(40, 30)
	jpg, pngFile := plainJPEG(small), plainPNG(small)
	webpFile, alpha := file(t, "lossy.webp"), file(t, "alpha.webp")
	head := func(w, h uint32) []byte { return join([]byte(pngMagic), ihdr(w, h, 16, 6, 0), iend) }
	badSum := bytes.Clone(pngFile)
	at := bytes.Index(badSum, []byte("IDAT")) + 4
	n := int(binary.BigEndian.Uint32(badSum[at-8:]))
	badSum[at+n-1] ^= 1 // of the zlib stream; the chunk's own sum is made right again
	binary.BigEndian.PutUint32(badSum[at+n:], crc32.ChecksumIEEE(badSum[at-4:at+n]))
	cases := []struct {
		name string
		data []byte
		code Code
		most uint64 // bytes allocated, 0 for no claim
	}{
		{"empty", nil, EmptyFile, gate},
		{"one byte FF", []byte{0xff}, UnsupportedType, gate},
		{"PNG signature only", []byte(pngMagic), IncompleteImage, gate},
		{"JPEG SOI only", soi, IncompleteImage, gate},
		{"JPEG cut at 10 %", jpg[:len(jpg)/10], IncompleteImage, 0},
		{"JPEG cut at 50 %", jpg[:len(jpg)/2], IncompleteImage, 0},
		{"JPEG cut at 99 %", jpg[:len(jpg)*99/100], IncompleteImage, 0},
		{"JPEG cut before EOI", jpg[:len(jpg)-2], IncompleteImage, 0},
		{"JPEG cut inside EOI", jpg[:len(jpg)-1], IncompleteImage, 0},
		{"JPEG segment of length 1", join(soi, []byte{0xff, mAPP1, 0, 1}, eoi), BrokenImage, gate},
		{"JPEG without frame", join(soi, sos, []byte{0}, eoi), BrokenImage, gate},
		{"JPEG without scan", join(soi, sof(mSOF0, 8, 8, 8), eoi), BrokenImage, gate},
		{"JPEG with short scan", join(jpg[:len(jpg)/2], eoi), BrokenImage, 0},
		{"JPEG of height 0", join(soi, sof(mSOF0, 8, 8, 0), sos, eoi), BrokenImage, gate},
		{"JPEG 65535×65535 baseline", join(soi, sof(mSOF0, 8, 65535, 65535), sos), TooManyPixels, gate},
		{"JPEG 65535×65535 progressive", join(soi, sof(0xc2, 8, 65535, 65535), sos, eoi), TooManyPixels, gate},
		{"JPEG 100 scans", scanBomb(5000, 5000, 100), TooManyScans, gate},
		{"JPEG 1000 scans", scanBomb(5000, 5000, 1000), TooManyScans, gate},
		{"JPEG 100000 scans", scanBomb(5000, 5000, 100000), TooManyScans, gate},
		{"JPEG 10001 segments", plainJPEG(small, bytes.Repeat(segment(0xfe), 10001)), BrokenImage, gate},
		{"JPEG arithmetic", file(t, "arithmetic.jpg"), UnsupportedJPEG, gate},
		{"JPEG lossless", join(soi, sof(0xc3, 8, 8, 8), sos, eoi), UnsupportedJPEG, gate},
		{"JPEG hierarchical", join(soi, sof(0xc5, 8, 8, 8), sos, eoi), UnsupportedJPEG, gate},
		{"JPEG 12-bit", join(soi, sof(0xc1, 12, 8, 8), sos, eoi), UnsupportedJPEG, gate},
		{"JPEG CMYK without Adobe marker", bytes.Replace(file(t, "cmyk.jpg"), []byte("Adobe"), []byte("Bdobe"), 1), UnsupportedJPEG, 0},
		{"PNG cut inside IDAT", pngFile[:len(pngFile)/2], IncompleteImage, gate},
		{"PNG without IEND", pngFile[:len(pngFile)-len(iend)], IncompleteImage, gate},
		{"PNG cut inside IHDR", pngFile[:20], IncompleteImage, gate},
		{"PNG 65535×65535", head(65535, 65535), TooManyPixels, gate},
		{"PNG 2³¹−1 squared", head(1<<31-1, 1<<31-1), TooManyPixels, gate},
		{"PNG 2³²−1 squared", head(1<<32-1, 1<<32-1), TooManyPixels, gate},
		{"PNG 20000×20000", head(20000, 20000), TooManyPixels, gate},
		{"PNG 12001×1", head(12001, 1), TooManyPixels, gate},
		{"PNG 25.1 MP", head(5020, 5000), TooManyPixels, gate},
		{"PNG width 0", head(0, 5), BrokenImage, gate},
		{"PNG height 0", head(5, 0), BrokenImage, gate},
		{"PNG without IHDR", join([]byte(pngMagic), iend), BrokenImage, gate},
		{"PNG bad depth", join([]byte(pngMagic), ihdr(4, 4, 3, 2, 0), iend), BrokenImage, gate},
		{"PNG palette missing", pngOf(ihdr(4, 4, 8, 3, 0), nil, make([]byte, 20)), BrokenImage, 0},
		{"PNG palette of 257", pngOf(ihdr(4, 4, 8, 3, 0), pngChunk("PLTE", make([]byte, 257*3)), make([]byte, 20)), BrokenImage, 0},
		{"PNG bad chunk sum", edit(pngFile, -len(iend)-1, ^pngFile[len(pngFile)-len(iend)-1]), BrokenImage, 0},
		{"PNG bad zlib sum", badSum, BrokenImage, 0},
		{"PNG broken deflate", join([]byte(pngMagic), ihdr(4, 4, 8, 2, 0), pngChunk("IDAT", edit(deflate(make([]byte, 52)), 2, 0xff, 0xff)), iend), BrokenImage, 0},
		{"PNG too few rows", pngOf(ihdr(4, 4, 8, 2, 0), nil, make([]byte, 13)), BrokenImage, 0},
		{"PNG text of 50 MB", plainPNG(small, pngChunk("iTXt", make([]byte, 50<<20))), TooLarge, gate},
		{"GIF header only", gifOf(4, 4)[:13], IncompleteImage, gate},
		{"GIF cut", gifOf(2, 2, gifFrame(0, 0, 2, 2, "", 0, 1, 2, 3))[:40], IncompleteImage, gate},
		{"GIF screen 65535×65535", gifOf(65535, 65535, gifFrame(0, 0, 1, 1, "", 0)), TooManyPixels, gate},
		{"GIF frame outside screen", gifOf(2, 2, gifFrame(1, 1, 2, 2, "", 0, 1, 2, 3)), BrokenImage, 0},
		{"GIF without frames", gifOf(2, 2), BrokenImage, 0},
		{"GIF too little data", gifOf(4, 4, gifFrame(0, 0, 4, 4, "", 0, 1)), BrokenImage, 0},
		{"GIF screen 0×0", gifOf(0, 0), BrokenImage, gate},
		{"WebP animated", file(t, "animated.webp"), AnimatedWebP, gate},
		{"WebP cut", webpFile[:len(webpFile)-40], IncompleteImage, gate},
		{"WebP header only", webpFile[:12], IncompleteImage, gate},
		{"WebP without frame", join([]byte("RIFF\x04\x00\x00\x00WEBP")), BrokenImage, gate},
		{"WebP chunk of 2 GB", edit(webpFile, 16, 0, 0, 0, 0x70), IncompleteImage, gate},
		{"WebP 16383²", edit(webpFile, 26, 0xff, 0x3f, 0xff, 0x3f), TooManyPixels, gate},
		{"WebP canvas unlike frame", edit(alpha, 24, 5), BrokenImage, 0},
		{"WebP large frame in small canvas", edit(alpha, bytes.Index(alpha, []byte("VP8 "))+14, 0xff, 0x3f, 0xff, 0x3f), TooManyPixels, gate},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var err error
			n := allocated(func() { _, _, err = Decode(context.Background(), c.data, Limits{}) })
			var e *Error
			if !errors.As(err, &e) || e.Code != c.code {
				t.Fatalf("got %v, want code %s", err, c.code)
			}
			if e.Error() == "" || strings.Contains(e.Error(), "%!") {
				t.Errorf("text %q", e.Error())
			}
			if c.most > 0 && n > c.most {
				t.Errorf("allocated %d bytes, want at most %d", n, c.most)
			}
			if e.Panicked {
				t.Errorf("panicked: %v", e.Err)
			}
		})
	}
}

// TestForeignFormats: content is judged, and the hint fits what was found.
func TestForeignFormats(t *testing.T) {
	ftyp := func(brand string) []byte { return []byte("\x00\x00\x00\x18ftyp" + brand + "\x00\x00\x00\x00mif1") }
	for _, c := range []struct {
		data []byte
		kind string
		hint Hint
	}{
		{svg("<script>alert(1)</script>"), "svg", HintExport},
		{join([]byte("\xef\xbb\xbf<?xml version=\"1.0\"?><!DOCTYPE svg [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>"), svg("&x;")), "svg", HintExport},
		{[]byte("\x1f\x8b\x08\x00 svgz"), "gzip", HintExport},
		{[]byte(" \n<!DOCTYPE html><svg>"), "html", NoHint},
		{[]byte("<html><body>PNG"), "html", NoHint},
		{[]byte("<?xml version='1.0'?><a/>"), "xml", HintExport},
		{[]byte("alert('GIF89a')"), "", NoHint},
		{[]byte("%PDF-1.7"), "pdf", HintExport},
		{[]byte("MZ\x90\x00"), "exe", NoHint},
		{[]byte("PK\x03\x04"), "zip", NoHint},
		{[]byte("II*\x00\x08\x00\x00\x00"), "tiff", HintExport},
		{[]byte("MM\x00*\x00\x00\x00\x08"), "tiff", HintExport},
		{[]byte("BM\x36\x00"), "bmp", HintExport},
		{[]byte("\x00\x00\x01\x00\x01\x00"), "ico", HintExport},
		{[]byte("8BPS\x00\x01"), "psd", HintExport},
		{[]byte("P6\n3 2\n255\n"), "pnm", HintExport},
		{ftyp("heic"), "heic", HintPhone}, {ftyp("mif1"), "heic", HintPhone}, {ftyp("avif"), "avif", HintPhone},
		{ftyp("crx "), "camera raw", HintExport}, {ftyp("isom"), "video", NoHint},
		{[]byte("\xff\x0a\x00\x00"), "jxl", HintPhone},
		{[]byte("\x00\x00\x00\x0cJXL \r\n\x87\n\x00"), "jxl", HintPhone},
		{[]byte("RIFF\x00\x00\x00\x00WAVE"), "", NoHint},
	} {
		_, err := inspect(c.data, DefaultLimits())
		var e *Error
		if !errors.As(err, &e) || e.Code != UnsupportedType || e.Kind != c.kind || e.Hint != c.hint {
			t.Errorf("%q: %+v, want unsupported_type, kind %q, hint %q", c.data, err, c.kind, c.hint)
		}
	}
}

// TestAccepted: unusual pictures that must open, with the same pixels as their plain twin.
func TestAccepted(t *testing.T) {
	small := ramp(40, 30)
	jpg, pngFile := plainJPEG(small), plainPNG(small)
	fromJPEG, _, err := Decode(context.Background(), jpg, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	flat := NewRGB(2048, 2048)
	for i := range flat.Pix {
		flat.Pix[i] = 128
	}
	thumbnail := exifSegment(join(orientationTIFF(1), plainJPEG(NewRGB(8, 8))))
	icc := bytes.Repeat(segment(0xe2, append([]byte("ICC_PROFILE\x00\x01\xff"), make([]byte, 60000)...)...), 170)
	frame := gifFrame(0, 0, 2, 2, "", 0, 1, 2, 3)
	gifPixels := &RGB{2, 2, []uint8{255, 0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0}}
	placed := &RGB{3, 2, []uint8{255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0, 255, 0}}
	for _, c := range []struct {
		name string
		data []byte
		want *RGB
		info Info
	}{
		{"plain PNG", pngFile, small, Info{}},
		{"PNG 1×1", plainPNG(ramp(1, 1)), ramp(1, 1), Info{}},
		{"PNG 1×12000", plainPNG(ramp(1, 12000)), ramp(1, 12000), Info{}},
		{"PNG 12000×1", plainPNG(ramp(12000, 1)), ramp(12000, 1), Info{}},
		{"PNG with HTML tail", join(pngFile, []byte("<html><script>")), small, Info{}},
		{"PNG with 15 MiB of text", plainPNG(small, pngChunk("iTXt", make([]byte, 15<<20))), small, Info{}},
		{"PNG with inflating text", plainPNG(small, pngChunk("zTXt", join([]byte("a\x00\x00"), deflate(make([]byte, 64<<20))))), small, Info{}},
		{"PNG with 100000 chunks", plainPNG(small, bytes.Repeat(pngChunk("tEXt", []byte("a")), 100000)), small, Info{}},
		{"PNG with 100000 empty IDATs", plainPNG(small, bytes.Repeat(pngChunk("IDAT", nil), 100000)), small, Info{}},
		{"animated PNG", plainPNG(small, pngChunk("acTL", []byte{0, 0, 0x27, 0x10, 0, 0, 0, 0})), small, Info{FirstFrame: true}},
		{"JPEG with restart markers", restarts(), flat, Info{}},
		{"JPEG with thumbnail", plainJPEG(small, thumbnail), fromJPEG, Info{}},
		{"JPEG with 10 MB profile", plainJPEG(small, icc), fromJPEG, Info{}},
		{"JPEG with second picture", join(jpg, plainJPEG(NewRGB(9, 9))), fromJPEG, Info{}},
		{"JPEG with ZIP tail", join(jpg, []byte("PK\x03\x04")), fromJPEG, Info{}},
		{"JPEG with fill bytes", join(soi, []byte{0xff, 0xff, 0xff}, jpg[2:]), fromJPEG, Info{}},
		{"JPEG with directory loop", plainJPEG(small, exifSegment(edit(orientationTIFF(6), 4, 0, 0, 0, 4))), fromJPEG, Info{}},
		{"GIF", gifOf(2, 2, frame), gifPixels, Info{}},
		{"GIF without trailer", bytes.TrimSuffix(gifOf(2, 2, frame), []byte{0x3b}), gifPixels, Info{}},
		{"GIF with script tail", join(gifOf(2, 2, frame), []byte("*/=1;alert(1)")), gifPixels, Info{}},
		{"GIF of 10000 frames", gifOf(2, 2, bytes.Repeat(frame, 10000)), gifPixels, Info{FirstFrame: true}},
		{"GIF frame smaller than screen", gifOf(3, 2, gifFrame(2, 1, 1, 1, "", 1)), placed, Info{Transparent: true}},
		{"GIF with local palette", gifOf(1, 1, gifFrame(0, 0, 1, 1, "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c", 2)), &RGB{1, 1, []uint8{7, 8, 9}}, Info{}},
		{"GIF transparent", gifOf(2, 2, transparentGIF(0), frame), &RGB{2, 2, edit(gifPixels.Pix, 0, 255, 255, 255)}, Info{Transparent: true}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, info, err := Decode(context.Background(), c.data, Limits{})
			if err != nil {
				t.Fatal(err)
			}
			if got.W != c.want.W || got.H != c.want.H || !bytes.Equal(got.Pix, c.want.Pix) {
				t.Errorf("pixels differ (size %d×%d, want %d×%d)", got.W, got.H, c.want.W, c.want.H)
			}
			if info.FirstFrame != c.info.FirstFrame || info.Transparent != c.info.Transparent || info.Orientation != 1 {
				t.Errorf("info %+v, want %+v and orientation 1", info, c.info)
			}
		})
	}
}

// TestLargestPicture: exactly the limit is accepted.
func TestLargestPicture(t *testing.T) {
	data := pngOf(ihdr(5000, 5000, 1, 0, 0), nil, make([]byte, 5000*626))
	p, _, err := Decode(context.Background(), data, Limits{})
	if err != nil || p.W != 5000 || p.H != 5000 || len(p.Pix) != 75_000_000 {
		t.Fatalf("25 MP: %v", err)
	}
	if _, err := inspect(scanBomb(100, 100, 64), DefaultLimits()); err != nil {
		t.Errorf("64 scans: %v", err)
	}
}

func TestAdam7EqualsPlain(t *testing.T) {
	for w := 1; w <= 8; w++ {
		for h := 1; h <= 8; h++ {
			want := ramp(w, h)
			got, _, err := Decode(context.Background(), adam7PNG(want), Limits{})
			if err != nil || !bytes.Equal(got.Pix, want.Pix) {
				t.Errorf("%d×%d: interlaced picture differs (%v)", w, h, err)
			}
		}
	}
}

func TestProgressiveEqualsBaseline(t *testing.T) {
	a, _ := decodeFile(t, "testdata/colour/420.jpg")
	b, _ := decodeFile(t, "testdata/colour/progressive.jpg")
	if largest, _ := difference(a.Pix, b.Pix); largest > 1 {
		t.Errorf("largest difference %d, want at most 1", largest)
	}
}

// TestPNGKinds: bit depths, grey, palettes and every way of being transparent. Each picture is one row.
func TestPNGKinds(t *testing.T) {
	palette := pngChunk("PLTE", []byte{10, 20, 30, 40, 50, 60, 70, 80, 90})
	for _, c := range []struct {
		name          string
		w             uint32
		depth, colour byte
		extra, row    []byte
		want          []uint8 // RGB
		transparent   bool
	}{
		{"grey 1", 3, 1, 0, nil, []byte{0b10100000}, grey(255, 0, 255), false},
		{"grey 2", 4, 2, 0, nil, []byte{0b00011011}, grey(0, 85, 170, 255), false},
		{"grey 4", 2, 4, 0, nil, []byte{0x3f}, grey(0x33, 0xff), false},
		{"grey 16", 2, 16, 0, nil, []byte{0x12, 0xff, 0xfe, 0x00}, grey(0x12, 0xfe), false},
		{"RGB 16", 1, 16, 2, nil, []byte{1, 200, 2, 100, 3, 0}, []uint8{1, 2, 3}, false},
		{"grey+alpha 8", 3, 8, 4, nil, []byte{100, 255, 100, 0, 100, 51}, grey(100, 255, 224), true},
		{"grey+alpha 16", 1, 16, 4, nil, []byte{100, 9, 51, 9}, grey(224), true},
		{"RGBA 8", 2, 8, 6, nil, []byte{1, 2, 3, 255, 0, 100, 200, 128}, []uint8{1, 2, 3, 127, 177, 227}, true},
		{"RGBA 8 opaque", 1, 8, 6, nil, []byte{1, 2, 3, 255}, []uint8{1, 2, 3}, false},
		{"RGBA 16", 1, 16, 6, nil, []byte{0, 1, 100, 1, 200, 1, 128, 1}, []uint8{127, 177, 227}, true},
		{"palette 8", 3, 8, 3, palette, []byte{2, 0, 1}, []uint8{70, 80, 90, 10, 20, 30, 40, 50, 60}, false},
		{"palette out of range", 2, 8, 3, palette, []byte{7, 0}, []uint8{0, 0, 0, 10, 20, 30}, false},
		{"palette 2 with tRNS", 3, 2, 3, join(palette, pngChunk("tRNS", []byte{0, 255})), []byte{0b00011000}, []uint8{255, 255, 255, 40, 50, 60, 70, 80, 90}, true},
		{"grey with key", 2, 8, 0, pngChunk("tRNS", []byte{0, 9}), []byte{9, 10}, grey(255, 10), true},
		{"RGB with key", 2, 8, 2, pngChunk("tRNS", []byte{0, 1, 0, 2, 0, 3}), []byte{1, 2, 3, 1, 2, 4}, []uint8{255, 255, 255, 1, 2, 4}, true},
	} {
		p, info, err := Decode(context.Background(), pngOf(ihdr(c.w, 1, c.depth, c.colour, 0), c.extra, rows(c.row, 1)), Limits{})
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if !bytes.Equal(p.Pix, c.want) || info.Transparent != c.transparent {
			t.Errorf("%s: %v transparent %v, want %v %v", c.name, p.Pix, info.Transparent, c.want, c.transparent)
		}
	}
}

func grey(v ...uint8) []uint8 { return repeat3(v) }

func TestLimitsAreConfigurable(t *testing.T) {
	data := plainJPEG(ramp(40, 30), segment(0xfe))
	for _, c := range []struct {
		lim  Limits
		code Code
	}{
		{Limits{Bytes: 100}, TooLarge}, {Limits{Pixels: 1199}, TooManyPixels}, {Limits{Side: 39}, TooManyPixels},
		{Limits{Segments: 3}, BrokenImage}, {Limits{Time: 1}, DecodeTimeout},
	} {
		_, _, err := Decode(context.Background(), data, c.lim)
		var e *Error
		if !errors.As(err, &e) || e.Code != c.code {
			t.Errorf("%+v: %v, want %s", c.lim, err, c.code)
		}
	}
	if _, _, err := Decode(context.Background(), data, Limits{Pixels: 1200, Side: 40}); err != nil {
		t.Errorf("exactly at the limit: %v", err)
	}
}

// TestContext: a context that has ended is not a fault of the picture; and a decode under way is stopped by it.
func TestContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	r := &ctxReader{ctx, make([]byte, 3*step)}
	if n, err := r.Read(make([]byte, 4096)); n != step || err != nil {
		t.Errorf("read %d bytes (%v), want %d", n, err, step)
	}
	cancel()
	if n, err := r.Read(make([]byte, 4096)); n != 0 || err != context.Canceled {
		t.Errorf("read %d bytes (%v) after the end, want none", n, err)
	}
	data := plainPNG(ramp(4, 4))
	if _, _, err := Decode(ctx, data, Limits{}); err != context.Canceled {
		t.Errorf("Decode: %v, want context.Canceled", err)
	}
	d := NewDecoder(Limits{}, 1<<30)
	if _, _, err := d.Decode(ctx, data); err != context.Canceled {
		t.Errorf("Decoder.Decode: %v, want context.Canceled", err)
	}
	if _, _, err := d.Decode(ctx, nil); errors.Is(err, context.Canceled) {
		t.Error("the gate waited for its turn")
	}
}

// TestDecoderBoundsMemory: a picture that does not fit beside another waits; one heavier than everything goes alone.
func TestDecoderBoundsMemory(t *testing.T) {
	data := plainPNG(ramp(20, 20))
	weight := Weight(20, 20, int64(len(data)))
	d := NewDecoder(Limits{}, weight+1)
	if !d.sem.TryAcquire(2) {
		t.Fatal("a new decoder is not free")
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	if _, _, err := d.Decode(ctx, data); err != context.DeadlineExceeded {
		t.Errorf("%v, want to wait until the context ends", err)
	}
	d.sem.Release(2)
	if _, _, err := d.Decode(context.Background(), data); err != nil {
		t.Error(err)
	}
	if _, _, err := NewDecoder(Limits{}, 10).Decode(context.Background(), data); err != nil {
		t.Errorf("heavier than the total: %v", err)
	}
	if !d.sem.TryAcquire(weight + 1) {
		t.Error("weight was not given back")
	}
}

// TestPanicBecomesRefusal: a codec's panic is told apart, but not shown.
func TestPanicBecomesRefusal(t *testing.T) {
	g := &gated{data: []byte("x"), info: Info{Format: "none"}}
	_, err := g.pixels(context.Background())
	var e *Error
	if !errors.As(err, &e) || e.Code != BrokenImage || !e.Panicked || strings.Contains(e.Error(), "panic") {
		t.Errorf("%v", err)
	}
}

func TestErrorTexts(t *testing.T) {
	for _, c := range []struct {
		err  Error
		want string
	}{
		{Error{Code: TooLarge, Got: 16<<20 + 1, Limit: 16 << 20}, "16.1 MB; the limit is 16 MB."},
		{Error{Code: TooManyPixels, Width: 5020, Height: 5000, Limit: 25_000_000, SideLimit: 12000},
			"5020×5000 is 25.1 million pixels; the limit is 25 million and 12000 per side."},
		{Error{Code: DecodeTimeout, Limit: 5000}, "The picture took longer than 5 s to open."},
		{Error{Code: UnsupportedType, Kind: "heic", Hint: HintPhone},
			`Not a PNG, JPEG, GIF or WebP picture but HEIC. Set the phone's camera to "Most compatible", or take a screenshot of the picture.`},
	} {
		if got := c.err.Error(); got != c.want {
			t.Errorf("%s: %q, want %q", c.err.Code, got, c.want)
		}
	}
	for _, code := range Codes() {
		if text := (&Error{Code: code}).Error(); text == fmt.Sprintf("input: %s", code) {
			t.Errorf("%s has no text", code)
		}
	}
}
