package weights

import (
	"fmt"
	"slices"
	"strings"
)

// stateKeys are the names under which people put the state dict into a checkpoint.
var stateKeys = []string{"state_dict", "model_state_dict", "model", "net"}

// maxClaim bounds what all tensors together may hold, as a multiple of the file: tied weights share a storage, but
// thousands of views of one storage are an attack on memory.
const maxClaim = 4

// stateDict finds the state dict in what a file contains and makes a set of it. data gives the bytes of a storage.
func stateDict(root any, data func(*storage) []byte, fileBytes int64) (*Set, error) {
	d, path, err := findStateDict(root)
	if err != nil {
		return nil, err
	}
	s := NewSet()
	if path != "" {
		s.Notes = append(s.Notes, fmt.Sprintf("the weights were under %q", path))
	}
	var claimed int64
	var dropped []string
	for i, k := range d.keys {
		key, ok := k.(string)
		if !ok {
			return nil, refuse(BadHeader, "", "a key of the state dict is not text")
		}
		t, ok := d.values[i].(*stored)
		switch why := badName(key); {
		case !ok:
			dropped = append(dropped, clip(key))
			continue
		case why != "":
			return nil, refuse(BadHeader, key, "the name %s", why)
		case s.Has(key):
			return nil, refuse(BadHeader, key, "the name occurs twice")
		case s.Len() == MaxTensors:
			return nil, refuse(BadHeader, "", "more than %d tensors", MaxTensors)
		}
		e, err := t.entry(key, data(t.storage))
		if err != nil {
			return nil, err
		}
		if claimed += int64(product(e.dims)) * int64(e.dtype.Size()); claimed > maxClaim*fileBytes {
			return nil, refuse(TooLarge, key, "the tensors hold more than %d times the bytes of the file", maxClaim)
		}
		s.put(key, e)
	}
	if len(dropped) > 0 {
		s.Notes = append(s.Notes, fmt.Sprintf("%d entries are not tensors and were left out: %s", len(dropped), strings.Join(dropped[:min(5, len(dropped))], ", ")))
	}
	return s, nil
}

// entry is the tensor as an entry of a set: a view where the values lie in order, else a copy in row-major order.
func (t *stored) entry(key string, b []byte) (*entry, error) {
	w := t.storage.dtype.Size()
	n := product(t.dims)
	if !t.storage.dtype.IsFloat() && n > 1 {
		return nil, refuse(BadDType, key, "%d values of type %s: integers are read as single counters only", n, t.storage.dtype)
	}
	from := (t.storage.from + t.offset) * w
	if t.contiguous() || n == 0 {
		return load(t.dims, t.storage.dtype, b[from:from+n*w:from+n*w]), nil
	}
	return lazy(t.dims, t.storage.dtype, func() []float32 { return convert(t.storage.dtype, t.gather(b[from:], w)) }), nil
}

// gather copies a strided tensor into row-major order; b starts at its first value, a value has w bytes.
func (t *stored) gather(b []byte, w int) []byte {
	out := make([]byte, 0, product(t.dims)*w)
	at := make([]int, len(t.dims))
	for {
		i := 0
		for d, x := range at {
			i += x * t.stride[d]
		}
		out = append(out, b[i*w:(i+1)*w]...)
		d := len(at) - 1
		for ; d >= 0; d-- {
			if at[d]++; at[d] < t.dims[d] {
				break
			}
			at[d] = 0
		}
		if d < 0 {
			return out
		}
	}
}

// findStateDict goes down from the root through the usual keys to the first dict that holds tensors.
func findStateDict(root any) (d *dict, path string, err error) {
	v := root
	for range 4 {
		var ok bool
		if d, ok = v.(*dict); !ok {
			break
		}
		if slices.ContainsFunc(d.values, func(v any) bool { _, ok := v.(*stored); return ok }) {
			return d, path, nil
		}
		v = nil
		for _, k := range stateKeys {
			if i := slices.Index(d.keys, any(k)); i >= 0 {
				v = d.values[i]
				path = strings.TrimPrefix(path+"."+k, ".")
				break
			}
		}
	}
	return nil, "", &Error{Code: PickleRefused, Text: "the file has no state dict, neither at the top nor under " + strings.Join(stateKeys, ", "), Hint: hintStateDict}
}
