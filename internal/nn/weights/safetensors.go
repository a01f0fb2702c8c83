package weights

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// ReadSafetensors reads the bytes of a safetensors file: 8 bytes of little-endian header length, the JSON header, the
// values. The set keeps b and gives out views of it, so b must not change afterwards.
func ReadSafetensors(b []byte) (*Set, error) {
	if len(b) == 0 {
		return nil, refuse(EmptyFile, "", "the file is empty")
	}
	if len(b) < 8 {
		return nil, refuse(BadHeader, "", "the file has %d bytes, a header needs 8", len(b))
	}
	n := binary.LittleEndian.Uint64(b)
	switch {
	case n > MaxHeader:
		return nil, refuse(BadHeader, "", "the header would have %d bytes, the limit is %d", n, MaxHeader)
	case n > uint64(len(b)-8):
		return nil, refuse(BadHeader, "", "the header would have %d bytes, the file has %d after the length", n, len(b)-8)
	}
	h, err := parseHeader(b[8 : 8+n])
	if err != nil {
		return nil, err
	}
	data := b[8+n:]
	if err := h.checkLayout(uint64(len(data))); err != nil {
		return nil, err
	}
	s := NewSet()
	s.Meta = h.meta
	for _, t := range h.tensors {
		s.put(t.name, load(t.dims, t.dtype, data[t.begin:t.end:t.end]))
	}
	s.setSource(&source{bytes: b})
	return s, nil
}

// checkLayout checks type, shape and place of every tensor: together they cover the data exactly once.
func (h *header) checkLayout(size uint64) error {
	order := make([]*tensorInfo, len(h.tensors))
	for i := range h.tensors {
		t := &h.tensors[i]
		if err := t.check(); err != nil {
			return err
		}
		order[i] = t
	}
	slices.SortStableFunc(order, func(a, b *tensorInfo) int {
		return cmp.Or(cmp.Compare(a.begin, b.begin), cmp.Compare(a.end, b.end))
	})
	at := uint64(0)
	for _, t := range order {
		if t.begin != at {
			return refuse(BadLayout, t.name, "the tensor begins at byte %d, the one before ends at %d: no gaps and no overlaps", t.begin, at)
		}
		at = t.end
	}
	if at != size {
		return refuse(BadLayout, "", "the tensors end at byte %d, the data has %d", at, size)
	}
	return nil
}

func (t *tensorInfo) check() error {
	w := t.dtype.Size()
	if w == 0 {
		return refuse(BadDType, t.name, "values of type %q are not supported; save the weights as F32, F16 or BF16", clip(string(t.dtype)))
	}
	n, ok := elements(t.dims)
	if !ok {
		return refuse(BadShape, t.name, "the shape %v has more than %d values", t.dims, MaxElements)
	}
	if !t.dtype.IsFloat() && n > 1 {
		return refuse(BadDType, t.name, "%d values of type %s: integers are read as single counters only (the scale of quantised weights is not in the file)", n, t.dtype)
	}
	if t.end < t.begin {
		return refuse(BadLayout, t.name, "the tensor ends at byte %d, before it begins at %d", t.end, t.begin)
	}
	if want := uint64(n) * uint64(w); t.end-t.begin != want {
		return refuse(BadLayout, t.name, "the tensor has %d bytes, %v values of %s need %d", t.end-t.begin, t.dims, t.dtype, want)
	}
	return nil
}

// WriteSafetensors writes a set as F32 or F16, tensors in the order of the set, metadata sorted by key. The same set gives
// the same bytes. The header is padded with spaces so that the values start at a multiple of 8 bytes. Values that F16
// cannot hold (beyond ±65504, NaN excepted) are an error, as are a header that the reader would refuse.
func WriteSafetensors(w io.Writer, s *Set, t DType) error {
	if t != F32 && t != F16 {
		return fmt.Errorf("weights: WriteSafetensors: type %q: want F32 or F16", t)
	}
	h, err := formatHeader(s, t)
	if err != nil {
		return err
	}
	out := bufio.NewWriterSize(w, 1<<16)
	if err := binary.Write(out, binary.LittleEndian, uint64(len(h))); err != nil {
		return err
	}
	if _, err := out.Write(h); err != nil {
		return err
	}
	for _, k := range s.Keys() {
		if err := writeValues(out, k, s.Values(k), t); err != nil {
			return err
		}
	}
	return out.Flush()
}

func writeValues(out *bufio.Writer, key string, v []float32, t DType) error {
	var b [4]byte
	for i, x := range v {
		n := 4
		if t == F32 {
			binary.LittleEndian.PutUint32(b[:], math.Float32bits(x))
		} else {
			h := floatToHalf(x)
			if h&0x7fff == 0x7c00 && !math.IsInf(float64(x), 0) {
				return refuse(BadDType, key, "value %d is %g, F16 ends at ±65504; write F32", i, x)
			}
			binary.LittleEndian.PutUint16(b[:], h)
			n = 2
		}
		if _, err := out.Write(b[:n]); err != nil {
			return err
		}
	}
	return nil
}

func formatHeader(s *Set, t DType) ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	sep := ""
	if len(s.Meta) > 0 {
		for k, v := range s.Meta {
			if !utf8.ValidString(k) || !utf8.ValidString(v) {
				return nil, refuse(BadHeader, k, "the metadata is not valid UTF-8")
			}
		}
		m, err := json.Marshal(s.Meta) // sorts the keys
		if err != nil {
			return nil, err
		}
		b.WriteString(`"__metadata__":`)
		b.Write(m)
		sep = ","
	}
	at := 0
	for _, k := range s.Keys() {
		if why := badName(k); why != "" {
			return nil, refuse(BadHeader, k, "the name %s", why)
		}
		name, err := json.Marshal(k)
		if err != nil {
			return nil, err
		}
		dims := s.Dims(k)
		end := at + product(dims)*t.Size()
		fmt.Fprintf(&b, `%s%s:{"dtype":"%s","shape":[%s],"data_offsets":[%d,%d]}`, sep, name, t, join(dims), at, end)
		at, sep = end, ","
	}
	b.WriteByte('}')
	for b.Len()%8 != 0 {
		b.WriteByte(' ')
	}
	if b.Len() > MaxHeader || s.Len() > MaxTensors {
		return nil, refuse(BadHeader, "", "%d tensors and a header of %d bytes; the limits are %d and %d", s.Len(), b.Len(), MaxTensors, MaxHeader)
	}
	return b.Bytes(), nil
}

func join(dims []int) string {
	var b strings.Builder
	for i, d := range dims {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprint(&b, d)
	}
	return b.String()
}
