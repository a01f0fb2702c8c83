package weights

import (
	"bytes"
	"encoding/binary"
	"strings"
)

// ReadPTH reads the state dict of a PyTorch file: the zip container (since PyTorch 1.6) or the older sequence of pickles.
// Nothing of the file is executed; see allowed.go for what a pickle may contain. The state dict may be the whole file or
// lie under one of the usual keys. The set keeps b and gives out views of it.
func ReadPTH(b []byte) (*Set, error) {
	var root any
	var data func(*storage) []byte
	var err error
	if bytes.HasPrefix(b, []byte("PK")) {
		root, data, err = readZipPTH(b)
	} else {
		root, data, err = readLegacyPTH(b)
	}
	if err != nil {
		return nil, err
	}
	s, err := stateDict(root, data, int64(len(b)))
	if err != nil {
		return nil, err
	}
	s.setSource(&source{bytes: b})
	return s, nil
}

const hintStateDict = "in PyTorch, save model.state_dict(), best as safetensors"

// readZipPTH reads <archive>/data.pkl; storages are the members <archive>/data/<key>.
func readZipPTH(b []byte) (root any, data func(*storage) []byte, err error) {
	members, err := readZip(b)
	if err != nil {
		return nil, nil, err
	}
	prefix, err := archiveName(members)
	if err != nil {
		return nil, nil, err
	}
	if m := members[prefix+"byteorder"]; m != nil && string(m.data) != "little" {
		return nil, nil, refuse(BadHeader, m.name, "the values are in byte order %q; want little", clip(string(m.data)))
	}
	at := func(key string) *member { return members[prefix+"data/"+key] }
	pkl := members[prefix+"data.pkl"].data
	root, n, err := unpickle(pkl, func(id any) (any, *Error) {
		s, err := storageID(id)
		if err != nil {
			return nil, err
		}
		m := at(s.key)
		if m == nil {
			return nil, refuse(BadLayout, s.key, "the container has no data of this storage")
		}
		if len(m.data) != s.total*s.dtype.Size() {
			return nil, refuse(BadLayout, s.key, "the storage has %d bytes, %d values of %s need %d", len(m.data), s.total, s.dtype, s.total*s.dtype.Size())
		}
		return s, nil
	})
	if err != nil {
		return nil, nil, err
	}
	if n != len(pkl) {
		return nil, nil, refuse(PickleRefused, "", "%d bytes after the end of the pickle", len(pkl)-n)
	}
	return root, func(s *storage) []byte { return at(s.key).data }, nil
}

// archiveName finds the one folder that has a data.pkl and tells other zip files of PyTorch apart.
func archiveName(members map[string]*member) (string, error) {
	prefix := ""
	for name := range members {
		if dir, ok := strings.CutSuffix(name, "/data.pkl"); ok && !strings.Contains(dir, "/") {
			if prefix != "" {
				return "", &Error{Code: PickleRefused, Text: "the container has two pickles", Hint: hintStateDict}
			}
			prefix = dir + "/"
		}
	}
	if prefix == "" {
		return "", &Error{Code: PickleRefused, Text: "the container has no data.pkl: it is not a file of torch.save", Hint: hintStateDict}
	}
	for name := range members {
		if name == prefix+"constants.pkl" || strings.HasPrefix(name, prefix+"code/") {
			return "", &Error{Code: PickleRefused, Text: "this is a TorchScript program, not weights", Hint: hintStateDict}
		}
	}
	return prefix, nil
}

// legacyMagic is the pickled number in front of the older container, and its protocol.
var legacyMagic = []byte("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.")

const legacyProtocol = 1001

// readLegacyPTH reads magic, protocol and system information, the pickle, the list of storage keys, and then per storage
// its number of values (8 bytes) and the values.
func readLegacyPTH(b []byte) (root any, data func(*storage) []byte, err error) {
	if !bytes.HasPrefix(b, legacyMagic) {
		return nil, nil, &Error{Code: PickleRefused, Text: "the file is a pickle, but not one of torch.save", Hint: hintStateDict}
	}
	rest := b[len(legacyMagic):]
	next := func(persist func(any) (any, *Error)) any {
		if err != nil {
			return nil
		}
		var v any
		var n int
		v, n, err = unpickle(rest, persist)
		rest = rest[n:]
		return v
	}
	protocol := next(nil)
	system := next(nil)
	refs := map[string]*storage{}
	root = next(func(id any) (any, *Error) {
		s, err := storageID(id)
		if err != nil {
			return nil, err
		}
		if o := refs[s.key]; o != nil && (o.dtype != s.dtype || o.total != s.total) {
			return nil, refuse(BadLayout, s.key, "the storage is %d values of %s and %d values of %s", o.total, o.dtype, s.total, s.dtype)
		}
		if len(refs) == MaxTensors {
			return nil, refuse(BadLayout, s.key, "more than %d storages", MaxTensors)
		}
		refs[s.key] = s
		return s, nil
	})
	keys := next(nil)
	if err != nil {
		return nil, nil, err
	}
	if protocol != int64(legacyProtocol) || !isLittleEndian(system) {
		return nil, nil, refuse(BadHeader, "", "the file was not written with protocol %d on a little-endian machine", legacyProtocol)
	}
	bytes, err := legacyStorages(rest, keys, refs)
	return root, func(s *storage) []byte { return bytes[s.key] }, err
}

func isLittleEndian(system any) bool {
	d, ok := system.(*dict)
	if !ok {
		return false
	}
	for i, k := range d.keys {
		if k == "little_endian" {
			return d.values[i] == true
		}
	}
	return false
}

// legacyStorages cuts the values of each storage out of the rest of the file, in the order of keys.
func legacyStorages(rest []byte, keys any, refs map[string]*storage) (map[string][]byte, error) {
	l, ok := keys.(*list)
	if !ok || len(l.items) != len(refs) {
		return nil, refuse(BadLayout, "", "the list of storages does not have the %d that the tensors use", len(refs))
	}
	out := make(map[string][]byte, len(refs))
	for _, k := range l.items {
		key, ok := k.(string)
		s := refs[key]
		if !ok || s == nil || out[key] != nil {
			return nil, refuse(BadLayout, key, "a storage that no tensor uses, or the same one twice")
		}
		if len(rest) < 8 {
			return nil, refuse(BadLayout, key, "the file is cut off before this storage")
		}
		n, size := binary.LittleEndian.Uint64(rest), s.total*s.dtype.Size()
		if n != uint64(s.total) {
			return nil, refuse(BadLayout, key, "the storage has %d values, the tensors expect %d", n, s.total)
		}
		if rest = rest[8:]; len(rest) < size {
			return nil, refuse(BadLayout, key, "the file is cut off: %d bytes left, the storage needs %d", len(rest), size)
		}
		out[key] = rest[:size:size]
		rest = rest[size:]
	}
	if len(rest) > 0 {
		return nil, refuse(BadLayout, "", "%d bytes after the last storage", len(rest))
	}
	return out, nil
}

// storageID reads a persistent id: ("storage", class, key, device, values) and, in the older container, a view
// (key, first value, values) or None.
func storageID(id any) (*storage, *Error) {
	bad := badCall("a storage")
	t, ok := id.(tuple)
	if !ok || len(t) < 5 || len(t) > 6 || t[0] != "storage" {
		return nil, bad
	}
	c, ok1 := t[1].(*class)
	key, ok2 := t[2].(string)
	_, ok3 := t[3].(string)
	n, ok4 := t[4].(int64)
	if !ok1 || !ok2 || !ok3 || !ok4 || c.dtype == "" || badName(key) != "" || strings.Contains(key, "/") {
		return nil, bad
	}
	if n < 0 || n > MaxElements {
		return nil, refuse(BadShape, key, "a storage of %d values, the limit is %d", n, MaxElements)
	}
	s := &storage{dtype: c.dtype, key: key, total: int(n), len: int(n)}
	if len(t) == 6 && t[5] != nil {
		v, ok := t[5].(tuple)
		if !ok || len(v) != 3 {
			return nil, bad
		}
		from, ok1 := v[1].(int64)
		count, ok2 := v[2].(int64)
		if !ok1 || !ok2 || from < 0 || count < 0 || from > n || count > n-from {
			return nil, refuse(BadLayout, key, "a view outside its storage of %d values", n)
		}
		s.from, s.len = int(from), int(count)
	}
	return s, nil
}
