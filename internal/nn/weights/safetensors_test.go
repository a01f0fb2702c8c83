package weights

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// file puts a header in front of n data bytes.
func file(header string, n int) []byte {
	b := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	return append(append(b, header...), make([]byte, n)...)
}

// lengthFile claims a header of n bytes.
func lengthFile(n uint64, rest string) []byte {
	return append(binary.LittleEndian.AppendUint64(nil, n), rest...)
}

// tensors is a header of one-value tensors with these offsets.
func tensors(offsets ...int) string {
	var l []string
	for i := 0; i < len(offsets); i += 2 {
		l = append(l, fmt.Sprintf(`"t%d":{"dtype":"F32","shape":[1],"data_offsets":[%d,%d]}`, i/2, offsets[i], offsets[i+1]))
	}
	return "{" + strings.Join(l, ",") + "}"
}

func info(dtype, shape, offsets string) string {
	return `{"a":{"dtype":` + dtype + `,"shape":` + shape + `,"data_offsets":` + offsets + `}}`
}

// The names are the rows of the list of bad model files.
func TestBadSafetensors(t *testing.T) {
	good := info(`"F32"`, `[1]`, `[0,4]`)
	for _, c := range []struct {
		name string
		b    []byte
		want Code
	}{
		{"M1 empty", nil, EmptyFile},
		{"M1 7 bytes", []byte("1234567"), UnknownFormat},
		{"M1 noise", bytes.Repeat([]byte{0x9b, 0x37, 0xe1, 0x55, 0x02, 0xfd, 0x68, 0x70}, 1<<17), UnknownFormat},
		{"M1 png", []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), UnknownFormat},
		{"M1 lfs", []byte("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"), LFSPointer},
		{"M2 2^63", lengthFile(1<<63, good), BadHeader},
		{"M2 2^64-1", lengthFile(math.MaxUint64, good), BadHeader},
		{"M2 beyond the file", lengthFile(500, good), BadHeader},
		{"M2 0", lengthFile(0, "    "), BadHeader},
		{"M2 1", lengthFile(1, "{}"), BadHeader},
		{"M2 100000001", lengthFile(100_000_001, good), BadHeader},
		{"M3 no brace", file(" "+good, 4), BadHeader},
		{"M3 BOM", file("\ufeff"+good, 4), BadHeader},
		{"M3 trailing NUL", file(good+"\x00", 4), BadHeader},
		{"M3 newline after the header", file(good+"\n", 4), BadHeader},
		{"M4 duplicate tensor", file(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, 4), BadHeader},
		{"M4 duplicate through an escape", file(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"\u0061":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}`, 8), BadHeader},
		{"M4 duplicate dtype", file(`{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, 4), BadHeader},
		{"M4 DTYPE", file(`{"a":{"DTYPE":"F32","shape":[1],"data_offsets":[0,4]}}`, 4), BadHeader},
		{"M4 Shape", file(`{"a":{"dtype":"F32","Shape":[1],"data_offsets":[0,4]}}`, 4), BadHeader},
		{"M4 no shape", file(`{"a":{"dtype":"F32","data_offsets":[0,4]}}`, 4), BadHeader},
		{"M4 duplicate metadata", file(`{"__metadata__":{"x":"1","x":"2"}}`, 0), BadHeader},
		{"M4 metadata twice", file(`{"__metadata__":{"x":"1"},"__metadata__":{"y":"2"}}`, 0), BadHeader},
		{"M5 invalid UTF-8", file("{\"a\xff\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4), BadHeader},
		{"M5 lone surrogate", file(`{"a\ud800":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, 4), BadHeader},
		{"M5 lone low surrogate", file(`{"a\udc00\ud800":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, 4), BadHeader},
		{"M5 NUL", file(`{"a\u0000":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, 4), BadHeader},
		{"M5 raw control character", file("{\"a\x01\":{}}", 4), BadHeader},
		{"M6 overlap", file(tensors(0, 4, 0, 4), 4), BadLayout},
		{"M6 partial overlap", file(tensors(0, 4, 2, 6), 6), BadLayout},
		{"M6 hole", file(tensors(0, 4, 8, 12), 12), BadLayout},
		{"M6 hole at the start", file(tensors(4, 8), 8), BadLayout},
		{"M6 beyond the end", file(tensors(0, 4, 4, 8), 7), BadLayout},
		{"M6 end before start", file(info(`"F32"`, `[1]`, `[4,0]`), 4), BadLayout},
		{"M6 bytes after the last", file(good, 5), BadLayout},
		{"M6 wrong length", file(info(`"F32"`, `[2]`, `[0,4]`), 4), BadLayout},
		{"M7 2^32 squared", file(info(`"F32"`, `[4294967296,4294967296]`, `[0,4]`), 4), BadShape},
		{"M7 2^16 to the fourth", file(info(`"F32"`, `[65536,65536,65536,65536]`, `[0,0]`), 0), BadShape},
		{"M7 overflow to zero", file(info(`"F32"`, `[0,134217728,134217728,134217728,134217729]`, `[0,0]`), 0), BadShape},
		{"M7 -1", file(info(`"F32"`, `[-1]`, `[0,4]`), 4), BadShape},
		{"M7 1e3", file(info(`"F32"`, `[1e3]`, `[0,4]`), 4), BadShape},
		{"M7 1.5", file(info(`"F32"`, `[1.5]`, `[0,4]`), 4), BadShape},
		{"M7 string", file(info(`"F32"`, `"3"`, `[0,4]`), 4), BadShape},
		{"M7 leading zero", file(info(`"F32"`, `[01]`, `[0,4]`), 4), BadShape},
		{"M7 rank 10000", file(info(`"F32"`, "["+strings.Repeat("1,", 9999)+"1]", `[0,4]`), 4), BadShape},
		{"M8 header over 1 MiB", file(`{"__metadata__":{"x":"`+strings.Repeat("y", MaxHeader)+`"}}`, 0), BadHeader},
		{"M8 tensors over the limit", file(emptyTensors(MaxTensors+1), 0), BadHeader},
		{"M9 nested", file(`{"a":`+strings.Repeat(`{"a":`, 20_000)+strings.Repeat(`}`, 20_001), 0), BadHeader},
		{"M9 nested lists", file(info(`"F32"`, strings.Repeat("[", 20_000)+strings.Repeat("]", 20_000), `[0,4]`), 4), BadHeader},
		{"M9 long number", file(info(`"F32"`, `[`+strings.Repeat("1", 1_000_000)+`]`, `[0,4]`), 4), BadHeader},
		{"M10 unknown type", file(info(`"F8_E4M3"`, `[4]`, `[0,4]`), 4), BadDType},
		{"M10 lower case", file(info(`"f32"`, `[1]`, `[0,4]`), 4), BadDType},
		{"M10 integer weights", file(info(`"I64"`, `[2]`, `[0,16]`), 16), BadDType},
		{"M12 big-endian length", append([]byte{0, 0, 0, 0, 0, 0, 0, byte(len(good))}, append([]byte(good), 0, 0, 0, 0)...), BadHeader},
		{"M12 metadata not an object", file(`{"__metadata__":"x"}`, 0), BadHeader},
		{"M12 metadata value not a string", file(`{"__metadata__":{"x":1}}`, 0), BadHeader},
		{"M31 long name", file(`{"`+strings.Repeat("n", MaxName+1)+`":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, 4), BadHeader},
		{"M31 right-to-left override", file("{\"a\u202e\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4), BadHeader},
		{"M31 empty name", file(`{"":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, 4), BadHeader},
		{"trailing comma", file(`{"a":{"dtype":"F32","shape":[1,],"data_offsets":[0,4]}}`, 4), BadShape},
		{"three offsets", file(info(`"F32"`, `[1]`, `[0,4,8]`), 4), BadHeader},
		{"unfinished", file(`{"a":{"dtype":"F3`, 4), BadHeader},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := Read(c.b)
			if !errors.Is(err, &Error{Code: c.want}) || s != nil {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

func emptyTensors(n int) string {
	var b strings.Builder
	b.WriteByte('{')
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `"%x":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}`, i)
	}
	b.WriteByte('}')
	return b.String()
}

func TestGoodSafetensors(t *testing.T) {
	for name, b := range map[string][]byte{
		"trailing spaces":      file(info(`"F32"`, `[1]`, `[0,4]`)+"     ", 4),
		"white space":          file("{ \"a\" :\n{\"dtype\": \"F32\",\t\"shape\": [ 1 ] , \"data_offsets\":[ 0 , 4 ]} }", 4),
		"keys in any order":    file(`{"a":{"data_offsets":[0,4],"shape":[1],"dtype":"F32"}}`, 4),
		"scalar":               file(info(`"F32"`, `[]`, `[0,4]`), 4),
		"escaped name":         file(`{"\u0061":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, 4),
		"offsets out of order": file(`{"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, 8),
		"counter":              file(`{"n":{"dtype":"I64","shape":[],"data_offsets":[4,12]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, 12),
		"header of 640 bytes":  file(info(`"F32"`, `[1]`, `[0,4]`)+strings.Repeat(" ", 640-len(info(`"F32"`, `[1]`, `[0,4]`))), 4),
	} {
		t.Run(name, func(t *testing.T) {
			s, err := Read(b)
			if err != nil {
				t.Fatal(err)
			}
			if v := s.Values("a"); len(v) != 1 || v[0] != 0 {
				t.Errorf("a = %v", v)
			}
		})
	}
}

func TestSafetensorsMetadata(t *testing.T) {
	s, err := Read(file(`{"__metadata__":{"x\n\"":"\ud83d\ude00 \u003cb\u003e\/","model":"m"}}`, 0))
	if err != nil {
		t.Fatal(err)
	}
	if want := map[string]string{"x\n\"": "😀 <b>/", "model": "m"}; !reflect.DeepEqual(s.Meta, want) {
		t.Errorf("metadata %q, want %q", s.Meta, want)
	}
}

func TestConversions(t *testing.T) {
	b := []byte{
		0, 0, 0, 0, 0, 0, 0xf8, 0x3f, // F64 1.5
		0x01, 0x00, 0xff, 0x03, 0x00, 0xbc, 0xff, 0x7b, 0x00, 0xfc, 0x00, 0x80, // F16 2^-24, 1023·2^-24, −1, 65504, −Inf, −0
		0x80, 0xbf, 0x49, 0x40, // BF16 −1, 3.140625
		7, 0, 0, 0, 0, 0, 0, 0, // I64
		0xfe, // I8
	}
	s, err := Read(append(file(`{"d":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},"h":{"dtype":"F16","shape":[6],"data_offsets":[8,20]},
	"b":{"dtype":"BF16","shape":[2],"data_offsets":[20,24]},"n":{"dtype":"I64","shape":[],"data_offsets":[24,32]},"i":{"dtype":"I8","shape":[1],"data_offsets":[32,33]}}`, 0), b...))
	if err != nil {
		t.Fatal(err)
	}
	inf := float32(math.Inf(-1))
	for key, want := range map[string][]float32{"d": {1.5}, "h": {1.0 / (1 << 24), 1023.0 / (1 << 24), -1, 65504, inf, float32(math.Copysign(0, -1))}, "b": {-1, 3.140625}, "n": {7}, "i": {-2}} {
		got := s.Values(key)
		if !slices.EqualFunc(got, want, func(a, b float32) bool { return math.Float32bits(a) == math.Float32bits(b) }) {
			t.Errorf("%s = %v, want %v", key, got, want)
		}
	}
	if l := s.NonFinite(); !slices.Equal(l, []string{"h"}) {
		t.Errorf("NonFinite = %v, want [h]", l)
	}
}

// All 65,536 half values survive the way to float32 and back, and rounding is to nearest even.
func TestHalf(t *testing.T) {
	for h := range 1 << 16 {
		f := halfToFloat(uint16(h))
		if got := floatToHalf(f); got != uint16(h) && !(f != f && got&0x7e00 == 0x7e00) {
			t.Fatalf("%04x → %v → %04x", h, f, got)
		}
	}
	for _, c := range []struct {
		f float32
		h uint16
	}{
		{1 + 1.0/2048, 0x3c00}, {1 + 3.0/2048, 0x3c02}, {65519, 0x7bff}, {65520, 0x7c00}, {1.0 / (1 << 25), 0}, {1.5 / (1 << 25), 1},
		{3.0 / (1 << 25), 2}, {1e-30, 0}, {-1e30, 0xfc00}, {0.99999, 0x3c00},
	} {
		if got := floatToHalf(c.f); got != c.h {
			t.Errorf("floatToHalf(%v) = %04x, want %04x", c.f, got, c.h)
		}
	}
}

func sample() *Set {
	s := NewSet()
	s.Meta[MetaModel], s.Meta[MetaSource] = "m", `<"quoted"> \ 한국어`
	s.Add("b.weight", []int{2, 3}, []float32{1, -2, 0.5, 4, float32(math.Inf(1)), -0.25})
	s.Add("a.bias", []int{}, []float32{3})
	s.Add("empty", []int{0, 4}, nil)
	return s
}

func TestRoundTrip(t *testing.T) {
	for _, dt := range []DType{F32, F16} {
		var b bytes.Buffer
		if err := WriteSafetensors(&b, sample(), dt); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "w.safetensors")
		if err := Save(path, sample(), dt); err != nil {
			t.Fatal(err)
		}
		if l, err := os.ReadDir(filepath.Dir(path)); err != nil || len(l) != 1 {
			t.Errorf("Save left %v (%v)", l, err)
		}
		s, err := Open(path)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, s, sample())
		if s.DType("b.weight") != dt || s.FileBytes() != int64(b.Len()) || len(s.SHA256()) != 64 {
			t.Errorf("type %s, %d bytes, digest %q", s.DType("b.weight"), s.FileBytes(), s.SHA256())
		}
		var again bytes.Buffer
		if err := WriteSafetensors(&again, s, dt); err != nil || !bytes.Equal(again.Bytes(), b.Bytes()) {
			t.Errorf("%s: writing what was read gave other bytes (%v)", dt, err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

func equal(t *testing.T, got, want *Set) {
	t.Helper()
	if !slices.Equal(got.Keys(), want.Keys()) || !reflect.DeepEqual(got.Meta, want.Meta) {
		t.Errorf("keys %q, metadata %q; want %q, %q", got.Keys(), got.Meta, want.Keys(), want.Meta)
	}
	for _, k := range want.Keys() {
		g, _ := got.Get(k)
		w, _ := want.Get(k)
		if !slices.Equal(g.Dims, w.Dims) || !slices.Equal(g.Data, w.Data) {
			t.Errorf("%s = %v, want %v", k, g, w)
		}
	}
}

func TestWriteRefuses(t *testing.T) {
	big := NewSet()
	big.Add("x", []int{1}, []float32{70000})
	if err := WriteSafetensors(&bytes.Buffer{}, big, F16); !errors.Is(err, &Error{Code: BadDType}) {
		t.Errorf("70000 as F16: %v", err)
	}
	named := NewSet()
	named.Add("x\x00", []int{1}, []float32{1})
	if err := WriteSafetensors(&bytes.Buffer{}, named, F32); !errors.Is(err, &Error{Code: BadHeader}) {
		t.Errorf("a NUL in a name: %v", err)
	}
}

// A failed write leaves the old file and nothing else.
func TestSaveFails(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "w.safetensors")
	if err := Save(path, sample(), F32); err != nil {
		t.Fatal(err)
	}
	big := NewSet()
	big.Add("x", []int{1}, []float32{70000})
	if err := Save(path, big, F16); err == nil {
		t.Fatal("70000 was saved as F16")
	}
	s, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if l, err := os.ReadDir(dir); err != nil || len(l) != 1 || !s.Has("a.bias") {
		t.Errorf("the folder has %v (%v)", l, err)
	}
}

func TestViewsShareTheFile(t *testing.T) {
	b := file(info(`"F32"`, `[1]`, `[0,4]`)+strings.Repeat(" ", 8-len(info(`"F32"`, `[1]`, `[0,4]`))%8), 4)
	aligned := append(make([]byte, 0, len(b)), b...)
	s, err := Read(aligned)
	if err != nil {
		t.Fatal(err)
	}
	binary.LittleEndian.PutUint32(aligned[len(aligned)-4:], math.Float32bits(7))
	if got := s.Values("a")[0]; littleEndian && got != 7 {
		t.Errorf("the value is a copy (%v): want a view of the file", got)
	}
}

// Odd header lengths give unaligned values, which are copied.
func TestUnaligned(t *testing.T) {
	for pad := range 8 {
		b := file(info(`"F32"`, `[2]`, `[0,8]`)+strings.Repeat(" ", pad), 8)
		binary.LittleEndian.PutUint32(b[len(b)-4:], math.Float32bits(2.5))
		s, err := Read(b)
		if err != nil {
			t.Fatal(err)
		}
		if v := s.Values("a"); !slices.Equal(v, []float32{0, 2.5}) {
			t.Errorf("padding %d: %v", pad, v)
		}
	}
}

func FuzzSafetensors(f *testing.F) {
	for _, h := range []string{info(`"F32"`, `[1]`, `[0,4]`), `{"__metadata__":{"a":"\u00e9"}}`, tensors(0, 4, 4, 8), `{"a":{"dtype":"F16","shape":[2,1],"data_offsets":[0,4]}}  `} {
		f.Add(file(h, 4))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := ReadSafetensors(b)
		if err != nil {
			var e *Error
			if !errors.As(err, &e) || e.Code == "" {
				t.Fatalf("an error without a code: %v", err)
			}
			return
		}
		for _, k := range s.Keys() {
			if len(s.Values(k)) != product(s.Dims(k)) {
				t.Fatalf("%q has %d values for %v", k, len(s.Values(k)), s.Dims(k))
			}
		}
		var out bytes.Buffer
		if err := WriteSafetensors(&out, s, F32); err != nil {
			t.Fatalf("what was read cannot be written: %v", err)
		}
		back, err := ReadSafetensors(out.Bytes())
		if err != nil || !slices.Equal(back.Keys(), s.Keys()) || !reflect.DeepEqual(back.Meta, s.Meta) {
			t.Fatalf("the round trip changed the set: %v", err)
		}
	})
}
