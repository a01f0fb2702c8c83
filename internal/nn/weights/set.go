package weights

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"os"
	"slices"
	"sync"
	"unsafe"
)

// Tensor is one named array of a Set: Data holds the product of Dims values in row-major order. Data may be a view of a
// mapped file: it is read only and valid until Set.Close.
type Tensor struct {
	Dims []int
	Data []float32
}

// Set is an ordered collection of tensors with string metadata. It implements nn.Weights. Reading is safe from several
// goroutines; Add and changes to Meta are not.
type Set struct {
	// Meta is the metadata of the file: the keys Meta… below and whatever else the file brings.
	Meta map[string]string
	// Notes says in words what a reader changed: prefixes stripped, keys renamed.
	Notes []string

	keys   []string
	byKey  map[string]*entry
	file   *source
	digest func() string
}

// entry is one tensor. Values of other types than float32 are converted once, when they are first asked for.
type entry struct {
	dims  []int
	dtype DType
	value func() []float32
}

// Release says that v, a part of the values of a tensor, is not needed soon. Where v lies in a mapped file its pages leave
// the memory of the process; reading it again brings them back. (plan.Releaser)
func (s *Set) Release(v []float32) {
	if s.file != nil && s.file.close != nil && len(v) > 0 {
		s.file.release(v)
	}
}

// release gives back the whole pages of the file that hold v.
func (f *source) release(v []float32) {
	base := uintptr(unsafe.Pointer(unsafe.SliceData(f.bytes)))
	lo := uintptr(unsafe.Pointer(unsafe.SliceData(v))) - base
	hi := lo + uintptr(len(v))*unsafe.Sizeof(v[0])
	if hi > uintptr(len(f.bytes)) { // converted: elsewhere (what lies before the file has wrapped around)
		return
	}
	page := uintptr(os.Getpagesize())
	if lo, hi = (lo+page-1)/page*page, hi/page*page; lo < hi {
		dropPages(f.bytes[lo:hi])
	}
}

// source is the file behind the views of a set; several sets may share it.
type source struct {
	bytes []byte
	close func() error
}

// NewSet is an empty set.
func NewSet() *Set { return &Set{Meta: map[string]string{}, byKey: map[string]*entry{}} }

// Add appends a tensor; data is kept, not copied. It panics when the key is taken or len(data) is not the product of dims.
func (s *Set) Add(key string, dims []int, data []float32) {
	if n := product(dims); n != len(data) {
		panic(fmt.Sprintf("weights: Add: %q: len(data) = %d, want %d for %v", key, len(data), n, dims))
	}
	if data == nil {
		data = []float32{}
	}
	s.put(key, &entry{slices.Clone(dims), F32, func() []float32 { return data }})
}

func (s *Set) put(key string, e *entry) {
	if s.byKey[key] != nil {
		panic(fmt.Sprintf("weights: Add: the key %q is taken", key))
	}
	s.keys = append(s.keys, key)
	s.byKey[key] = e
}

// lazy is an entry whose values are made once, on demand.
func lazy(dims []int, t DType, f func() []float32) *entry {
	return &entry{dims, t, sync.OnceValue(f)}
}

// Keys lists the names in file order. The slice is the set's own.
func (s *Set) Keys() []string { return s.keys }

// Len is the number of tensors.
func (s *Set) Len() int { return len(s.keys) }

// Has reports whether there is a tensor of this name.
func (s *Set) Has(key string) bool { return s.byKey[key] != nil }

// Get is one tensor; ok is false when there is none.
func (s *Set) Get(key string) (t Tensor, ok bool) {
	e := s.byKey[key]
	if e == nil {
		return Tensor{}, false
	}
	return Tensor{e.dims, e.value()}, true
}

// Dims is the shape of one tensor without reading its values; nil when there is none (a scalar's is empty, not nil).
func (s *Set) Dims(key string) []int {
	if e := s.byKey[key]; e != nil {
		return e.dims
	}
	return nil
}

// DType is how the tensor is stored in the file; F32 for tensors that were added, "" when there is none.
func (s *Set) DType(key string) DType {
	if e := s.byKey[key]; e != nil {
		return e.dtype
	}
	return ""
}

// Values is what the engine reads: the values of a tensor, nil when there is none (nn.Weights).
func (s *Set) Values(key string) []float32 {
	if e := s.byKey[key]; e != nil {
		return e.value()
	}
	return nil
}

// Count is the number of values of all tensors.
func (s *Set) Count() int64 {
	var n int64
	for _, e := range s.byKey {
		n += int64(product(e.dims))
	}
	return n
}

// Subset is the set of the tensors whose key keep accepts. It shares values, metadata and file with s.
func (s *Set) Subset(keep func(key string) bool) *Set {
	t, err := s.Rename(func(k string) string {
		if keep(k) {
			return k
		}
		return ""
	})
	if err != nil {
		panic(err) // names that are unique in s stay unique
	}
	return t
}

// Rename is the set with every key mapped by f; "" drops the tensor. It shares values, metadata and file with s. The
// error names two keys that would become one.
func (s *Set) Rename(f func(key string) string) (*Set, error) {
	t := &Set{Meta: s.Meta, Notes: slices.Clone(s.Notes), byKey: make(map[string]*entry, len(s.keys)), file: s.file, digest: s.digest}
	from := make(map[string]string, len(s.keys))
	for _, k := range s.keys {
		n := f(k)
		if n == "" {
			continue
		}
		if o, ok := from[n]; ok {
			return nil, &Error{Code: BadHeader, Tensor: k, Text: fmt.Sprintf("%q and %q would both become %q", o, k, n)}
		}
		from[n] = k
		t.put(n, s.byKey[k])
	}
	return t, nil
}

// NonFinite lists the keys of tensors with NaN or infinite values, in order.
func (s *Set) NonFinite() []string {
	var l []string
	for _, k := range s.keys {
		if slices.ContainsFunc(s.Values(k), func(v float32) bool { d := float64(v); return math.IsNaN(d - d) }) {
			l = append(l, k)
		}
	}
	return l
}

// FileBytes is the size of the file the set was read from, 0 when it was not.
func (s *Set) FileBytes() int64 {
	if s.file == nil {
		return 0
	}
	return int64(len(s.file.bytes))
}

// SHA256 is the digest of the file the set was read from, in hexadecimal; "" when it was not. It is computed once.
func (s *Set) SHA256() string {
	if s.digest == nil {
		return ""
	}
	return s.digest()
}

// Close releases the file. Nothing of the set, and nothing that shares its file, may be read afterwards.
func (s *Set) Close() error {
	if s.file == nil || s.file.close == nil {
		return nil
	}
	return s.file.close()
}

func (s *Set) setSource(f *source) {
	s.file = f
	s.digest = sync.OnceValue(func() string {
		h := sha256.Sum256(f.bytes)
		return hex.EncodeToString(h[:])
	})
}

// product is the number of values of dims, which are known to be sound.
func product(dims []int) int {
	n := 1
	for _, d := range dims {
		n *= d
	}
	return n
}
