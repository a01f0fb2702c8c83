package input

import (
	"bytes"
	"errors"
	"io"
	"math"
	"strings"
	"testing"

	"stride/internal/nn/tensor"
)

// npyFile is a version 1 file with the given header text and values 0, 1, 2, ….
func npyFile(header string, n int) []byte {
	b := append([]byte(npyMagic), 1, 0, byte(len(header)), byte(len(header)>>8))
	b = append(b, header...)
	for i := range n {
		v := math.Float32bits(float32(i))
		b = append(b, byte(v), byte(v>>8), byte(v>>16), byte(v>>24))
	}
	return b
}

// header is one that numpy.save writes, for a shape.
func header(shape string) string {
	return "{'descr': '<f4', 'fortran_order': False, 'shape': " + shape + ", }          \n"
}

func TestNPYRoundTrip(t *testing.T) {
	x := tensor.New(tensor.Shape{N: 2, C: 3, H: 4, W: 5})
	for i := range x.Data {
		x.Data[i] = float32(i)*0.1 - 3
	}
	x.Data[7], x.Data[8] = float32(math.Inf(-1)), float32(math.Copysign(0, -1))
	for _, dims := range [][]int{nil, {2, 60}, {120}, {6, 4, 5}, {2, 3, 4, 5}} {
		var b bytes.Buffer
		if err := WriteNPY(&b, x, dims...); err != nil {
			t.Fatal(err)
		}
		if at := b.Len() - 4*len(x.Data); at%64 != 0 || b.Bytes()[at-1] != '\n' {
			t.Errorf("%v: values begin at %d, want a multiple of 64 after a newline", dims, at)
		}
		y, err := ReadNPY(&b, len(x.Data))
		if err != nil {
			t.Fatalf("%v: %v", dims, err)
		}
		for i, v := range x.Data {
			if math.Float32bits(y.Data[i]) != math.Float32bits(v) {
				t.Fatalf("%v: value %d = %v, want %v", dims, i, y.Data[i], v)
			}
		}
		if dims == nil && y.Shape != x.Shape {
			t.Errorf("shape %v, want %v", y.Shape, x.Shape)
		}
	}
}

// TestNPYLikeNumPy compares with the bytes of numpy.save(f, numpy.arange(6, dtype="<f4").reshape(shape)), NumPy 1.24.2.
func TestNPYLikeNumPy(t *testing.T) {
	for _, c := range []struct {
		dims []int
		text string
	}{
		{[]int{1, 1, 2, 3}, "(1, 1, 2, 3)"}, {[]int{6}, "(6,)"}, {[]int{1, 6}, "(1, 6)"},
	} {
		text := "{'descr': '<f4', 'fortran_order': False, 'shape': " + c.text + ", }"
		want := npyFile(text+strings.Repeat(" ", 117-len(text))+"\n", 6)
		var b bytes.Buffer
		x := tensor.Of(tensor.CHW(1, 2, 3), []float32{0, 1, 2, 3, 4, 5})
		if err := WriteNPY(&b, x, c.dims...); err != nil || !bytes.Equal(b.Bytes(), want) {
			t.Errorf("%v: %q (%v), want %q", c.dims, b.Bytes(), err, want)
		}
	}
}

func TestReadNPYShapes(t *testing.T) {
	version2 := npyFile(header("(6,)"), 6)
	version2 = append(append([]byte(npyMagic), 2, 0, version2[8], version2[9], 0, 0), version2[10:]...)
	for _, c := range []struct {
		name string
		data []byte
		want tensor.Shape
	}{
		{"one dimension", npyFile(header("(6,)"), 6), tensor.Shape{N: 1, C: 6, H: 1, W: 1}},
		{"two", npyFile(header("(2, 3)"), 6), tensor.Shape{N: 2, C: 3, H: 1, W: 1}},
		{"three", npyFile(header("(1, 2, 3)"), 6), tensor.Shape{N: 1, C: 1, H: 2, W: 3}},
		{"four", npyFile(header("(3, 1, 2, 1,)"), 6), tensor.Shape{N: 3, C: 1, H: 2, W: 1}},
		{"version 2", version2, tensor.Shape{N: 1, C: 6, H: 1, W: 1}},
		{"other order and quotes", npyFile(`{"shape":(6,),"fortran_order":False,"descr":"<f4"}`, 6), tensor.Shape{N: 1, C: 6, H: 1, W: 1}},
	} {
		x, err := ReadNPY(bytes.NewReader(c.data), 6)
		if err != nil || x.Shape != c.want || x.Data[5] != 5 {
			t.Errorf("%s: %v (%v), want %v", c.name, x, err, c.want)
		}
	}
}

func TestReadNPYRefuses(t *testing.T) {
	for _, c := range []struct {
		name string
		data []byte
		want string
	}{
		{"empty", nil, "not a .npy file"},
		{"other magic", []byte("\x93NUMPZ\x01\x00\x00\x00"), "not a .npy file"},
		{"version 3", []byte(npyMagic + "\x03\x00\x00\x00\x00\x00"), "version 3"},
		{"header of 4 GB", []byte(npyMagic + "\x02\x00\xff\xff\xff\xff"), "header of 4294967295 bytes"},
		{"cut header", npyFile(header("(6,)"), 0)[:40], "unexpected EOF"},
		{"cut values", npyFile(header("(6,)"), 5), "after 0 of 6 values"},
		{"no values", npyFile(header("(6,)"), 0), "unexpected EOF"},
		{"too many values", npyFile(header("(6,)"), 7), "data after the last value"},
		{"float64", npyFile(strings.Replace(header("(6,)"), "<f4", "<f8", 1), 12), `"<f8"`},
		{"big-endian", npyFile(strings.Replace(header("(6,)"), "<f4", ">f4", 1), 6), `">f4"`},
		{"Fortran order", npyFile(strings.Replace(header("(6,)"), "False", "True", 1), 6), "Fortran"},
		{"above the cap", npyFile(header("(101,)"), 101), "limit is 100"},
		{"overflowing product", npyFile(header("(65536, 65536, 65536, 65536)"), 1), "too many values"},
		{"side above int32", npyFile(header("(4294967296,)"), 1), "dictionary"},
		{"empty side", npyFile(header("(0, 3)"), 0), "empty side"},
		{"scalar", npyFile(header("()"), 1), "0 dimensions"},
		{"five dimensions", npyFile(header("(1, 1, 1, 1, 1)"), 1), "5 dimensions"},
		{"no tuple", npyFile(header("(6)"), 6), "dictionary"},
		{"negative side", npyFile(header("(-6,)"), 6), "dictionary"},
		{"key twice", npyFile("{'descr': '<f4', 'descr': '<f4', 'shape': (6,)}", 6), "twice"},
		{"key missing", npyFile("{'descr': '<f4', 'shape': (6,)}", 6), "dictionary"},
		{"unknown key", npyFile("{'descr': '<f4', 'x': False, 'shape': (6,)}", 6), `"x"`},
		{"not closed", npyFile("{'descr': '<f4', 'fortran_order': False, 'shape': (6,)", 6), "dictionary"},
		{"text after the dictionary", npyFile("{'descr': '<f4', 'fortran_order': False, 'shape': (6,)} x", 6), "dictionary"},
		{"structured type", npyFile("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (6,)}", 6), "dictionary"},
	} {
		if _, err := ReadNPY(bytes.NewReader(c.data), 100); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want an error with %q", c.name, err, c.want)
		}
	}
	// A header that claims the cap allocates what arrives, not what it claims.
	huge := npyFile(header("(1000000000,)"), 3)
	n := allocated(func() {
		if _, err := ReadNPY(bytes.NewReader(huge), math.MaxInt32); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%v, want unexpected EOF", err)
		}
	})
	if n > 1<<20 {
		t.Errorf("allocated %d bytes for 3 values", n)
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestWriteNPYReportsErrors(t *testing.T) {
	x := tensor.New(tensor.CHW(1, 200, 200))
	if err := WriteNPY(fullDisk{}, x); err == nil || !strings.Contains(err.Error(), "disk full") {
		t.Errorf("%v", err)
	}
	defer func() {
		if recover() == nil {
			t.Error("dimensions that do not fit are accepted")
		}
	}()
	_ = WriteNPY(io.Discard, x, 200, 199)
}

func FuzzReadNPY(f *testing.F) {
	f.Add(npyFile(header("(1, 1, 2, 3)"), 6))
	f.Add(npyFile(header("(6,)"), 6))
	f.Add([]byte(npyMagic + "\x02\x00\x06\x00\x00\x00{'a':("))
	f.Fuzz(func(t *testing.T, data []byte) {
		x, err := ReadNPY(bytes.NewReader(data), 1000)
		if err != nil {
			return
		}
		if len(x.Data) != x.Shape.Len() || len(x.Data) > 1000 {
			t.Fatalf("%d values for %v", len(x.Data), x.Shape)
		}
		// Written again and read again, it is the same tensor.
		var b bytes.Buffer
		if err := WriteNPY(&b, x); err != nil {
			t.Fatal(err)
		}
		y, err := ReadNPY(&b, 1000)
		if err != nil || y.Shape != x.Shape {
			t.Fatalf("%v became %v (%v)", x.Shape, y, err)
		}
	})
}
