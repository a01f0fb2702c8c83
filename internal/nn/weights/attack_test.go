package weights

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// Row M13: every way in which a pickle can make an object. Nothing is executed; the class is named.
func TestPickleAttacks(t *testing.T) {
	command := func(p *pk) *pk { return p.op(opMark).str("id").op(opTuple) }
	system := func(op ...byte) []byte { return command(newPk().global("os", "system")).op(op...).stop() }
	for name, c := range map[string]struct {
		pickle []byte
		class  string
	}{
		"GLOBAL REDUCE":             {system(opReduce), "os.system"},
		"STACK_GLOBAL":              {command(newPk().str("os").str("system").op(opStackGlobal)).op(opReduce).stop(), "os.system"},
		"INST":                      {newPk().op(opMark).str("id").op(opInst).raw("os\nsystem\n").stop(), "os.system"},
		"INST, allowed":             {newPk().op(opMark, opInst).raw("torch\nSize\n").stop(), ""},
		"OBJ":                       {newPk().op(opMark).global("os", "system").str("id").op('o').stop(), "os.system"},
		"NEWOBJ":                    {system(0x81), "os.system"},
		"NEWOBJ_EX":                 {newPk().global("os", "system").op(opEmptyTuple, opEmptyDict, 0x92).stop(), "os.system"},
		"NEWOBJ, allowed class":     {newPk().global("torch", "Size").op(opEmptyTuple, 0x81).stop(), ""},
		"BUILD":                     {newPk().op(opEmptyDict, opEmptyDict).str("__class__").str("x").op(opSetItem, opBuild).stop(), ""},
		"BUILD, nested":             {newPk().global("builtins", "eval").op(opEmptyDict, opBuild).stop(), "builtins.eval"},
		"BUILD on a class":          {newPk().global("torch", "Size").op(opEmptyDict).str("_metadata").op(opNone, opSetItem, opBuild).stop(), ""},
		"EXT1":                      {newPk().op(0x82, 1).stop(), ""},
		"EXT2":                      {newPk().op(0x83, 1, 0).stop(), ""},
		"EXT4":                      {newPk().op(0x84, 1, 0, 0, 0).stop(), ""},
		"PERSID":                    {newPk().op('P').raw("x\n").stop(), ""},
		"BINPERSID of another kind": {newPk().op(opMark).str("module").op(opTuple, opBinPersID).stop(), ""},
		"nested in a state dict":    {newPk().op(opEmptyDict, opMark).str("w").global("posix", "system").op(opMark).str("id").op(opTuple, opReduce, opSetItems).stop(), "posix.system"},
		"load_from_bytes":           {newPk().global("torch.storage", "_load_from_bytes").op(opEmptyTuple, opReduce).stop(), "torch.storage._load_from_bytes"},
		"numpy":                     {newPk().global("numpy.core.multiarray", "_reconstruct").stop(), "numpy.core.multiarray._reconstruct"},
		"a whole model":             {newPk().global("torchvision.models.alexnet", "AlexNet").stop(), "torchvision.models.alexnet.AlexNet"},
		"calling a value":           {newPk().str("x").op(opEmptyTuple, opReduce).stop(), ""},
		"calling a storage class":   {newPk().global("torch", "FloatStorage").op(opEmptyTuple, opReduce).stop(), ""},
		// row M14: only the exact module and name will do
		"other case":        {newPk().global("Torch", "FloatStorage").stop(), "Torch.FloatStorage"},
		"dotted name":       {newPk().global("torch", "_utils._rebuild_tensor").stop(), "torch._utils._rebuild_tensor"},
		"dotted name 2":     {newPk().str("torch").str("_utils._rebuild_tensor").op(opStackGlobal).stop(), "torch._utils._rebuild_tensor"},
		"dots and spaces":   {newPk().global("collections", "OrderedDict ").stop(), "collections.OrderedDict "},
		"attribute of it":   {newPk().global("collections", "OrderedDict.update").stop(), "collections.OrderedDict.update"},
		"class as a module": {newPk().global("collections.OrderedDict", "").stop(), "collections.OrderedDict."},
		"names not as text": {newPk().int(1).int(2).op(opStackGlobal).stop(), ""},
		"endless name":      {newPk().op(opGlobal).raw(strings.Repeat("a", 4096)).stop(), ""},
	} {
		t.Run(name, func(t *testing.T) {
			for kind, b := range map[string][]byte{"zip": oneZip(t, c.pickle), "legacy": legacyFile(c.pickle)} {
				s, err := Read(b)
				var e *Error
				if !errors.As(err, &e) || e.Code != PickleRefused || e.Class != c.class || s != nil {
					t.Errorf("%s: %v; want a refusal of class %q", kind, err, c.class)
				}
			}
		})
	}
}

// Row M15: pickles that eat time or memory, or are no pickles.
func TestPickleLimits(t *testing.T) {
	laughs := newPk().op(opEmptyList, opBinPut, 0)
	for i := byte(0); i < 60; i++ {
		laughs.op(opEmptyList, opMark)
		for range 10 {
			laughs.op(opBinGet, i)
		}
		laughs.op(opAppends, opBinPut, i+1)
		laughs.op(opMark, opTuple, opPop)
	}
	le := binary.LittleEndian
	for name, p := range map[string][]byte{
		"10^7 marks":       newPk().op(bytes.Repeat([]byte{opMark}, 10_000_000)...).stop(),
		"10^6 operations":  newPk().op(bytes.Repeat([]byte{opNone, opPop}, 600_000)...).stop(),
		"deep stack":       newPk().op(bytes.Repeat([]byte{opNone}, maxPickleStack+1)...).stop(),
		"memo 2^31":        newPk().op(opNone, opLongBinPut, 0, 0, 0, 0x80).stop(),
		"memo never set":   newPk().op(opBinGet, 3).stop(),
		"memo of a mark":   newPk().op(opMark, opBinPut, 0, opBinGet, 0).stop(),
		"LONG4 2 GiB":      newPk().op(opLong4, 0, 0, 0, 0x80).stop(),
		"BINUNICODE8 2^63": newPk().op(opBinUnicode8).op(le.AppendUint64(nil, 1<<63)...).stop(),
		"long string":      newPk().str(strings.Repeat("s", maxPickleString+1)).stop(),
		"bad text":         newPk().str("\xff\xfe").stop(),
		"frame beyond":     newPk().op(opFrame).op(le.AppendUint64(nil, 1<<40)...).stop(),
		"no stop":          newPk().op(opNone).Bytes(),
		"two stops":        newPk().op(opNone, opStop, opStop).Bytes(),
		"empty stop":       newPk().stop(),
		"two values":       newPk().op(opNone, opNone).stop(),
		"underflow":        newPk().op(opPop).stop(),
		"tuple underflow":  newPk().op(opNone, opTuple3).stop(),
		"no mark":          newPk().op(opNone, opTuple).stop(),
		"mark as a value":  newPk().op(opMark).stop(),
		"append to none":   newPk().op(opNone, opNone, opAppend).stop(),
		"odd dict":         newPk().op(opEmptyDict, opMark, opNone, opSetItems).stop(),
		"protocol 0":       []byte("N."),
		"protocol 1":       {opProto, 1, opNone, opStop},
		"protocol 6":       {opProto, 6, opNone, opStop},
		"protocol 255":     {opProto, 255, opNone, opStop},
		"cycle":            newPk().op(opEmptyList, opBinPut, 0, opBinGet, 0, opAppend).stop(),
		"dict in itself":   newPk().op(opEmptyDict, opBinPut, 0).str("model").op(opBinGet, 0, opSetItem).stop(),
		"memo laughs":      laughs.op(opPop, opNone).stop(),
		"unknown":          newPk().op(0xff).stop(),
		"empty":            {},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := Read(oneZip(t, p)); !errors.Is(err, &Error{Code: PickleRefused}) {
				t.Error(err)
			}
		})
	}
}

// Integers and texts of every length are read as Python means them.
func TestPickleValues(t *testing.T) {
	for name, c := range map[string]struct {
		p    *pk
		want string
	}{
		"negative BININT": {newPk().int(-2), "-2"},
		"BININT1":         {newPk().op(opBinInt1, 200), "200"},
		"BININT2":         {newPk().op(opBinInt2, 1, 2), "513"},
		"LONG1 of 0":      {newPk().op(opLong1, 0), "0"},
		"LONG1 negative":  {newPk().op(opLong1, 1, 0xff), "-1"},
		"LONG1 positive":  {newPk().op(opLong1, 2, 0xff, 0), "255"},
		"LONG1 of 8":      {newPk().op(opLong1, 8, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff), "-2"},
		"short unicode":   {newPk().op(opShortBinUnicode, 2).raw("ab"), "ab"},
		"Python 2 string": {newPk().op(opShortBinString, 2).raw("ab"), "ab"},
		"memoize":         {newPk().op(opNone, opMemoize, opPop, opBinGet, 0), "<nil>"},
		"list":            {newPk().op(opMark).int(1).int(2).op(opList, opPop).str("ok"), "ok"},
		"pop mark":        {newPk().str("ok").op(opMark).int(1).op(opPopMark), "ok"},
	} {
		v, _, err := unpickle(c.p.stop(), nil)
		if got := fmt.Sprint(v); err != nil || got != c.want {
			t.Errorf("%s: %s, %v; want %s", name, got, err, c.want)
		}
	}
}

// Rows M17 to M19.
func TestZipAttacks(t *testing.T) {
	pickle := newPk().dictOf("_rebuild_tensor_v2", false, one).stop()
	data := oneData().data
	u32 := func(v uint32) *uint32 { return &v }
	base := func(change func(z *rawZip)) []byte {
		z := rawZip{members: []rawMember{{name: "a/data.pkl", data: pickle}, {name: "a/data/0", data: data}}}
		change(&z)
		return z.bytes()
	}
	named := func(name string) []byte {
		return base(func(z *rawZip) { z.members = append(z.members, rawMember{name: name, data: []byte("x")}) })
	}
	values(t, base(func(*rawZip) {}), "w", 1, 2, 3, 4)
	for name, b := range map[string][]byte{
		"M17 too many entries": base(func(z *rawZip) {
			for i := range maxEntries {
				z.members = append(z.members, rawMember{name: fmt.Sprint("a/x/", i)})
			}
		}),
		"M17 duplicate data.pkl":   named("a/data.pkl"),
		"M17 uncounted entries":    base(func(z *rawZip) { z.extraEntries = 3 }),
		"M17 count too high":       base(func(z *rawZip) { z.count = 3 }),
		"M17 local name differs":   base(func(z *rawZip) { z.members[1].localName = "a/data/1" }),
		"M17 local flags differ":   base(func(z *rawZip) { z.members[1].localFlags = 1 << 11 }),
		"M17 encrypted":            base(func(z *rawZip) { z.members[1].flags = 1 }),
		"M17 strong encryption":    base(func(z *rawZip) { z.members[1].flags = 1 << 6 }),
		"M17 wrong CRC":            base(func(z *rawZip) { z.members[1].crc = u32(7) }),
		"M17 prefix junk":          base(func(z *rawZip) { z.prefix = "PK\x03\x04junk" }),
		"M17 comment":              base(func(z *rawZip) { z.comment = "x" }),
		"M17 zip64 lie, entries":   base(func(z *rawZip) { z.zip64 = func(r []byte) { r[24]++ } }),
		"M17 zip64 lie, size":      base(func(z *rawZip) { z.zip64 = func(r []byte) { r[40]++ } }),
		"M17 zip64 lie, offset":    base(func(z *rawZip) { z.zip64 = func(r []byte) { r[48]++ } }),
		"M17 zip64 lie, locator":   base(func(z *rawZip) { z.zip64 = func(r []byte) { r[lenEnd64+8]-- } }),
		"M17 zip64 lie, disks":     base(func(z *rawZip) { z.zip64 = func(r []byte) { r[lenEnd64+16] = 2 } }),
		"M18 deflated":             base(func(z *rawZip) { z.members[1].method = 8 }),
		"M18 packed ≠ size":        base(func(z *rawZip) { z.members[1].packed = u32(3) }),
		"M18 size beyond the file": base(func(z *rawZip) { z.members[1].size, z.members[1].packed = u32(1<<31), u32(1<<31) }),
		"M18 overlapping":          base(func(z *rawZip) { z.members = append(z.members, rawMember{name: "a/data/0", pos: u32(0)}) }),
		"M18 inside another": base(func(z *rawZip) {
			inner := rawZip{members: []rawMember{{name: "a/data/1", data: data}}}.bytes()
			z.members = append(z.members, rawMember{name: "a/outer", data: inner}, rawMember{name: "a/data/1", data: data,
				pos: u32(uint32(2*lenLocal + len("a/data.pkl") + len(pickle) + len("a/data/0") + len(data) + lenLocal + len("a/outer")))})
		}),
		"M18 position in the directory": base(func(z *rawZip) { z.members[1].pos = u32(1 << 30) }),
		"M19 parent":                    named("a/../../etc/passwd"),
		"M19 absolute":                  named("/etc/passwd"),
		"M19 drive":                     named("C:x"),
		"M19 backslash":                 named(`a\x`),
		"M19 empty element":             named("a//b"),
		"M19 device":                    named("a/con.txt"),
		"M19 device port":               named("a/LPT1"),
		"M19 folder":                    named("a/b/"),
		"M19 empty":                     named(""),
		"M19 link":                      base(func(z *rawZip) { z.members[1].madeBy, z.members[1].attributes = 3<<8, 0xa1ff0000 }),
		"NUL in a name":                 named("a/x\x00"),
		"only an end":                   rawZip{}.bytes()[:21],
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := ReadPTH(b); !errors.Is(err, &Error{Code: BadLayout}) && !errors.Is(err, &Error{Code: PickleRefused}) {
				t.Error(err)
			}
		})
	}
}

// A zip file is refused wherever one byte of it is changed, or reads as before (time stamps and the like say nothing).
func TestZipDamage(t *testing.T) {
	good := oneZip(t, newPk().dictOf("_rebuild_tensor_v2", false, one).stop())
	for n := range good {
		if _, err := Read(good[:n]); err == nil {
			t.Fatalf("the file cut at byte %d of %d was read", n, len(good))
		}
		b := slices.Clone(good)
		b[n] ^= 0x55
		if s, err := Read(b); err == nil && !slices.Equal(s.Values("w"), []float32{1, 2, 3, 4}) {
			t.Fatalf("byte %d changed, and the values with it: %v", n, s.Values("w"))
		}
	}
}

func FuzzPickle(f *testing.F) {
	f.Add(newPk().dictOf("_rebuild_tensor_v2", false, one).stop())
	f.Add(newPk().op(opMark).int(3).op(opLong1, 1, 7, opTuple, opMemoize, opBinGet, 0, opTuple2).stop())
	f.Add(newPk().global("os", "system").op(opEmptyTuple, opReduce).stop())
	f.Fuzz(func(t *testing.T, b []byte) {
		root, _, err := unpickle(b, func(id any) (any, *Error) { return storageID(id) })
		if err != nil {
			var e *Error
			if !errors.As(err, &e) || e.Code == "" {
				t.Fatalf("an error without a code: %v", err)
			}
			return
		}
		s, err := stateDict(root, func(s *storage) []byte { return make([]byte, min(s.total, 1<<16)*s.dtype.Size()) }, 1<<16)
		if err == nil {
			for _, k := range s.Keys() {
				if s.Dims(k) == nil {
					t.Fatalf("%q has no shape", k)
				}
			}
		}
	})
}

func FuzzPTH(f *testing.F) {
	f.Add(oneZip(f, newPk().dictOf("_rebuild_tensor_v2", false, one).stop()))
	f.Add(legacyFile(newPk().dictOf("_rebuild_tensor", true, one).stop(), namedBytes{"0", counted(4, floats(1, 2, 3, 4))}))
	f.Add(rawZip{members: []rawMember{{name: "a/data.pkl", data: []byte("\x80\x02N.")}}, zip64: func([]byte) {}}.bytes())
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := ReadPTH(b)
		if err != nil {
			return
		}
		for _, k := range s.Keys() {
			if len(s.Values(k)) != product(s.Dims(k)) {
				t.Fatalf("%q has %d values for %v", k, len(s.Values(k)), s.Dims(k))
			}
		}
		var out bytes.Buffer
		if err := WriteSafetensors(&out, s, F32); err != nil {
			t.Fatal(err)
		}
	})
}
