package weights

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"math"
	"testing"
)

// pk assembles pickles the way Python's pickler writes them.
type pk struct{ bytes.Buffer }

func newPk() *pk { return new(pk).op(opProto, 2) }

func (p *pk) op(b ...byte) *pk { p.Write(b); return p }
func (p *pk) raw(s string) *pk { p.WriteString(s); return p }
func (p *pk) global(module, name string) *pk {
	return p.op(opGlobal).raw(module + "\n" + name + "\n")
}
func (p *pk) str(s string) *pk {
	p.op(opBinUnicode)
	p.Write(binary.LittleEndian.AppendUint32(nil, uint32(len(s))))
	return p.raw(s)
}
func (p *pk) int(n int) *pk {
	p.op(opBinInt)
	p.Write(binary.LittleEndian.AppendUint32(nil, uint32(n)))
	return p
}
func (p *pk) ints(n ...int) *pk {
	p.op(opMark)
	for _, x := range n {
		p.int(x)
	}
	return p.op(opTuple)
}
func (p *pk) stop() []byte { return p.op(opStop).Bytes() }

// storage pushes a persistent storage; view, if any, is the older container's (first, values).
func (p *pk) storage(class, key string, n int, view ...int) *pk {
	p.op(opMark).str("storage").global("torch", class).str(key).str("cpu").int(n)
	if len(view) == 2 {
		p.op(opMark).str(key + "v").int(view[0]).int(view[1]).op(opTuple)
	} else if view != nil {
		p.op(opNone)
	}
	return p.op(opTuple, opBinPersID)
}

// tensor pushes a tensor of a storage that store has pushed before: store must leave it on the stack.
func (p *pk) tensor(function string, store func(*pk) *pk, offset int, dims, stride []int) *pk {
	p.global("torch._utils", function).op(opMark)
	store(p).int(offset).ints(dims...).ints(stride...)
	if function != "_rebuild_tensor" {
		p.op(opNewFalse).global("collections", "OrderedDict").op(opEmptyTuple, opReduce)
	}
	return p.op(opTuple, opReduce)
}

// entry is one tensor of a test file.
type testTensor struct {
	key, class   string
	storage      string
	n            int // values of the storage
	offset       int
	dims, stride []int
}

// dictOf pushes an OrderedDict of tensors with the _metadata that PyTorch adds.
func (p *pk) dictOf(function string, legacy bool, ts ...testTensor) *pk {
	p.global("collections", "OrderedDict").op(opEmptyTuple, opReduce, opMark)
	for _, t := range ts {
		p.str(t.key).tensor(function, func(p *pk) *pk {
			if legacy {
				return p.storage(t.class, t.storage, t.n, 0)
			}
			return p.storage(t.class, t.storage, t.n)
		}, t.offset, t.dims, t.stride)
	}
	p.op(opSetItems)
	return p.op(opEmptyDict).str("_metadata").global("collections", "OrderedDict").op(opEmptyTuple, opReduce, opSetItem, opBuild)
}

func floats(v ...float32) []byte {
	var b []byte
	for _, x := range v {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(x))
	}
	return b
}

type namedBytes struct {
	name string
	data []byte
}

// legacyFile is the older container.
func legacyFile(root []byte, storages ...namedBytes) []byte {
	b := append([]byte(nil), legacyMagic...)
	b = append(b, newPk().int(legacyProtocol).stop()...)
	b = append(b, newPk().op(opEmptyDict).str("little_endian").op(opNewTrue, opSetItem).stop()...)
	b = append(b, root...)
	keys := newPk().op(opEmptyList, opMark)
	for _, s := range storages {
		keys.str(s.name)
	}
	b = append(b, keys.op(opAppends).stop()...)
	for _, s := range storages {
		b = append(b, s.data...)
	}
	return b
}

// counted puts the number of values in front, as the older container does.
func counted(n int, data []byte) []byte {
	return append(binary.LittleEndian.AppendUint64(nil, uint64(n)), data...)
}

// zipFile writes stored members with archive/zip, which puts sizes behind the data as PyTorch does.
func zipFile(t testing.TB, members ...namedBytes) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, m := range members {
		f, err := w.CreateHeader(&zip.FileHeader{Name: m.name, Method: zip.Store})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write(m.data); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// rawZip is a zip file under full control: what each header says can be bent.
type rawZip struct {
	prefix       string
	members      []rawMember
	comment      string
	count        int // 0: the true one
	extraEntries int // copies of the last directory entry that the end record does not count
	zip64        func(record []byte)
}

type rawMember struct {
	name, localName        string // localName "" is name
	data                   []byte
	flags, localFlags      uint16
	method                 uint16
	crc, size, packed, pos *uint32 // nil: the true value
	attributes             uint32
	madeBy                 uint16
}

func or(p *uint32, v uint32) uint32 {
	if p != nil {
		return *p
	}
	return v
}

func (z rawZip) bytes() []byte {
	le := binary.LittleEndian
	b := []byte(z.prefix)
	var dir, entry []byte
	for _, m := range z.members {
		local := m.localName
		if local == "" {
			local = m.name
		}
		crc, size := or(m.crc, crc32.ChecksumIEEE(m.data)), or(m.size, uint32(len(m.data)))
		packed, pos := or(m.packed, size), or(m.pos, uint32(len(b)))
		h := make([]byte, lenLocal)
		le.PutUint32(h, sigLocal)
		le.PutUint16(h[6:], m.flags^m.localFlags)
		le.PutUint16(h[8:], m.method)
		le.PutUint32(h[14:], crc)
		le.PutUint32(h[18:], packed)
		le.PutUint32(h[22:], size)
		le.PutUint16(h[26:], uint16(len(local)))
		b = append(append(append(b, h...), local...), m.data...)
		e := make([]byte, lenCentral)
		le.PutUint32(e, sigCentral)
		le.PutUint16(e[4:], m.madeBy)
		le.PutUint16(e[8:], m.flags)
		le.PutUint16(e[10:], m.method)
		le.PutUint32(e[16:], crc)
		le.PutUint32(e[20:], packed)
		le.PutUint32(e[24:], size)
		le.PutUint16(e[28:], uint16(len(m.name)))
		le.PutUint32(e[38:], m.attributes)
		le.PutUint32(e[42:], pos)
		entry = append(e, m.name...)
		dir = append(dir, entry...)
	}
	for range z.extraEntries {
		dir = append(dir, entry...)
	}
	at := len(b)
	b = append(b, dir...)
	n := z.count
	if n == 0 {
		n = len(z.members)
	}
	if z.zip64 != nil {
		r := make([]byte, lenEnd64+lenLocator)
		le.PutUint32(r, sigEnd64)
		le.PutUint64(r[4:], lenEnd64-12)
		le.PutUint64(r[24:], uint64(n))
		le.PutUint64(r[32:], uint64(n))
		le.PutUint64(r[40:], uint64(len(dir)))
		le.PutUint64(r[48:], uint64(at))
		le.PutUint32(r[lenEnd64:], sigLocator)
		le.PutUint64(r[lenEnd64+8:], uint64(len(b)))
		le.PutUint32(r[lenEnd64+16:], 1)
		z.zip64(r)
		b = append(b, r...)
	}
	end := make([]byte, lenEnd)
	le.PutUint32(end, sigEnd)
	le.PutUint16(end[8:], uint16(n))
	le.PutUint16(end[10:], uint16(n))
	le.PutUint32(end[12:], uint32(len(dir)))
	le.PutUint32(end[16:], uint32(at))
	le.PutUint16(end[20:], uint16(len(z.comment)))
	return append(append(b, end...), z.comment...)
}
