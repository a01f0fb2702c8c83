package weights

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// one is a state dict of a single 2×2 tensor, and its values.
var one = testTensor{key: "w", class: "FloatStorage", storage: "0", n: 4, dims: []int{2, 2}, stride: []int{2, 1}}

func oneData() namedBytes { return namedBytes{"archive/data/0", floats(1, 2, 3, 4)} }

func oneZip(t testing.TB, pickle []byte, more ...namedBytes) []byte {
	t.Helper()
	return zipFile(t, append([]namedBytes{{"archive/data.pkl", pickle}, oneData()}, more...)...)
}

func values(t *testing.T, b []byte, key string, want ...float32) *Set {
	t.Helper()
	s, err := Read(b)
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Values(key); !slices.Equal(got, want) {
		t.Errorf("%s = %v, want %v", key, got, want)
	}
	return s
}

func TestZipContainer(t *testing.T) {
	b := oneZip(t, newPk().dictOf("_rebuild_tensor_v2", false, one).stop(), namedBytes{"archive/version", []byte("3\n")}, namedBytes{"archive/byteorder", []byte("little")})
	if s := values(t, b, "w", 1, 2, 3, 4); !slices.Equal(s.Dims("w"), []int{2, 2}) || s.FileBytes() != int64(len(b)) {
		t.Errorf("shape %v, %d bytes", s.Dims("w"), s.FileBytes())
	}
	// as PyTorch writes it: sizes in front, and the 64-bit end records
	z := rawZip{members: []rawMember{{name: "archive/data.pkl", data: newPk().dictOf("_rebuild_tensor_v2", false, one).stop(), flags: 1 << 11}, {name: "archive/data/0", data: oneData().data}}, zip64: func([]byte) {}}
	values(t, z.bytes(), "w", 1, 2, 3, 4)
}

func TestLegacyContainer(t *testing.T) {
	root := newPk().dictOf("_rebuild_tensor", true, one).stop()
	b := legacyFile(root, namedBytes{"0", counted(4, floats(1, 2, 3, 4))})
	values(t, b, "w", 1, 2, 3, 4)
	view := newPk().op(opEmptyDict).str("w").tensor("_rebuild_tensor", func(p *pk) *pk { return p.storage("FloatStorage", "0", 4, 1, 3) }, 1, []int{2}, []int{1}).op(opSetItem).stop()
	values(t, legacyFile(view, namedBytes{"0", counted(4, floats(1, 2, 3, 4))}), "w", 3, 4)
	for n := range b {
		if _, err := Read(b[:n]); err == nil {
			t.Fatalf("the file cut at byte %d of %d was read", n, len(b))
		}
	}
	if _, err := Read(append(b, 0)); !errors.Is(err, &Error{Code: BadLayout}) {
		t.Errorf("a byte after the end: %v", err)
	}
}

func TestBadLegacy(t *testing.T) {
	root := newPk().dictOf("_rebuild_tensor", true, one).stop()
	two := newPk().dictOf("_rebuild_tensor", true, one, testTensor{"v", "HalfStorage", "0", 4, 0, []int{4}, []int{1}}).stop()
	for name, c := range map[string]struct {
		b    []byte
		want Code
	}{
		"count lie":           {legacyFile(root, namedBytes{"0", counted(5, floats(1, 2, 3, 4))}), BadLayout},
		"unknown storage":     {legacyFile(root, namedBytes{"1", counted(4, floats(1, 2, 3, 4))}), BadLayout},
		"extra storage":       {legacyFile(root, namedBytes{"0", counted(4, floats(1, 2, 3, 4))}, namedBytes{"1", counted(1, floats(1))}), BadLayout},
		"two types":           {legacyFile(two, namedBytes{"0", counted(4, floats(1, 2, 3, 4))}), BadLayout},
		"no magic":            {newPk().op(opEmptyDict).stop(), PickleRefused},
		"big-endian":          {[]byte(strings.Replace(string(legacyFile(root, namedBytes{"0", counted(4, floats(1, 2, 3, 4))})), "little_endian\x88", "little_endian\x89", 1)), BadHeader},
		"tar":                 {append(make([]byte, 257), "ustar\x0000xxxxxxxx"...), PickleRefused},
		"persistent id early": {append(append([]byte(nil), legacyMagic...), newPk().storage("FloatStorage", "0", 4).stop()...), PickleRefused},
	} {
		if _, err := Read(c.b); !errors.Is(err, &Error{Code: c.want}) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
}

// What people save around the state dict.
func TestCheckpoints(t *testing.T) {
	for _, path := range []string{"", "state_dict", "model", "net", "model.state_dict"} {
		p := newPk()
		keys := strings.Split(path, ".")
		if path == "" {
			keys = nil
		}
		for _, k := range keys {
			p.op(opEmptyDict, opMark).str("epoch").int(7).str("best").op(opBinFloat).raw("\x40\x56\xf1\xeb\x80\x00\x00\x00").str("args").op(opNone).str(k)
		}
		p.dictOf("_rebuild_tensor_v2", false, one)
		for range keys {
			p.op(opSetItems)
		}
		s := values(t, oneZip(t, p.stop()), "w", 1, 2, 3, 4)
		if path != "" && (len(s.Notes) != 1 || !strings.Contains(s.Notes[0], `"`+path+`"`)) {
			t.Errorf("%s: notes %q", path, s.Notes)
		}
	}
}

func TestTypesAndStrides(t *testing.T) {
	half := []byte{0x00, 0x3c, 0x00, 0xc0, 0x00, 0x38, 0x00, 0x44} // 1, −2, 0.5, 4
	bf := []byte{0x80, 0x3f, 0x00, 0xc0}
	for name, c := range map[string]struct {
		t    testTensor
		data []byte
		want []float32
	}{
		"half":               {testTensor{"w", "HalfStorage", "0", 4, 0, []int{4}, []int{1}}, half, []float32{1, -2, 0.5, 4}},
		"bfloat16":           {testTensor{"w", "BFloat16Storage", "0", 2, 0, []int{2}, []int{1}}, bf, []float32{1, -2}},
		"long":               {testTensor{"w", "LongStorage", "0", 1, 0, nil, nil}, []byte{9, 0, 0, 0, 0, 0, 0, 0}, []float32{9}},
		"offset":             {testTensor{"w", "FloatStorage", "0", 4, 1, []int{3}, []int{1}}, floats(1, 2, 3, 4), []float32{2, 3, 4}},
		"transposed":         {testTensor{"w", "FloatStorage", "0", 6, 0, []int{3, 2}, []int{1, 3}}, floats(1, 2, 3, 4, 5, 6), []float32{1, 4, 2, 5, 3, 6}},
		"half, every second": {testTensor{"w", "HalfStorage", "0", 4, 1, []int{2}, []int{2}}, half, []float32{-2, 4}},
		"channels last":      {testTensor{"w", "FloatStorage", "0", 8, 0, []int{2, 2, 2, 1}, []int{4, 1, 2, 2}}, floats(0, 1, 2, 3, 4, 5, 6, 7), []float32{0, 2, 1, 3, 4, 6, 5, 7}},
		"side of 1":          {testTensor{"w", "FloatStorage", "0", 2, 0, []int{1, 2}, []int{999, 1}}, floats(5, 6), []float32{5, 6}},
	} {
		t.Run(name, func(t *testing.T) {
			pickle := newPk().dictOf("_rebuild_tensor_v2", false, c.t).stop()
			values(t, zipFile(t, namedBytes{"a b/data.pkl", pickle}, namedBytes{"a b/data/0", c.data}), "w", c.want...)
		})
	}
}

func TestSharedStorageAndParameter(t *testing.T) {
	tied := one
	tied.key = "v"
	values(t, oneZip(t, newPk().dictOf("_rebuild_tensor_v2", false, one, tied).stop()), "v", 1, 2, 3, 4)
	p := newPk().op(opEmptyDict).str("w").global("torch._utils", "_rebuild_parameter").op(opMark)
	p.tensor("_rebuild_tensor_v2", func(p *pk) *pk { return p.storage("FloatStorage", "0", 4) }, 0, []int{4}, []int{1})
	p.op(opNewTrue).global("collections", "OrderedDict").op(opEmptyTuple, opReduce, opTuple, opReduce, opSetItem)
	values(t, oneZip(t, p.stop()), "w", 1, 2, 3, 4)
}

// Row M20: tensors that reach beyond their storage, or blow it up.
func TestBadTensors(t *testing.T) {
	many := make([]testTensor, 40)
	for i := range many {
		many[i] = one
		many[i].key = fmt.Sprint("w", i)
		many[i].n, many[i].dims, many[i].stride = 4000, []int{4000}, []int{1}
	}
	for name, c := range map[string]struct {
		ts   []testTensor
		want Code
	}{
		"offset beyond":       {[]testTensor{{"w", "FloatStorage", "0", 4, 5, []int{1}, []int{1}}}, BadLayout},
		"offset + size":       {[]testTensor{{"w", "FloatStorage", "0", 4, 1, []int{4}, []int{1}}}, BadLayout},
		"negative offset":     {[]testTensor{{"w", "FloatStorage", "0", 4, -1, []int{2}, []int{1}}}, BadLayout},
		"stride beyond":       {[]testTensor{{"w", "FloatStorage", "0", 4, 0, []int{2, 2}, []int{3, 1}}}, BadLayout},
		"huge stride":         {[]testTensor{{"w", "FloatStorage", "0", 4, 0, []int{2, 2}, []int{1<<31 - 1, 1<<31 - 1}}}, BadLayout},
		"negative stride":     {[]testTensor{{"w", "FloatStorage", "0", 4, 0, []int{2}, []int{-1}}}, PickleRefused},
		"stride 0 × 10^9":     {[]testTensor{{"w", "FloatStorage", "0", 4, 0, []int{1_000_000_000}, []int{0}}}, BadShape},
		"stride 0":            {[]testTensor{{"w", "FloatStorage", "0", 4, 0, []int{8}, []int{0}}}, BadShape},
		"ranks differ":        {[]testTensor{{"w", "FloatStorage", "0", 4, 0, []int{2, 2}, []int{1}}}, PickleRefused},
		"length lie":          {[]testTensor{{"w", "FloatStorage", "0", 8, 0, []int{8}, []int{1}}}, BadLayout},
		"type lie":            {[]testTensor{{"w", "DoubleStorage", "0", 4, 0, []int{4}, []int{1}}}, BadLayout},
		"integers":            {[]testTensor{{"w", "IntStorage", "0", 4, 0, []int{4}, []int{1}}}, BadDType},
		"missing storage":     {[]testTensor{{"w", "FloatStorage", "7", 4, 0, []int{4}, []int{1}}}, BadLayout},
		"path as storage key": {[]testTensor{{"w", "FloatStorage", "../0", 4, 0, []int{4}, []int{1}}}, PickleRefused},
		"name twice":          {[]testTensor{one, one}, BadHeader},
		"name not printable":  {[]testTensor{{"w\x00", "FloatStorage", "0", 4, 0, []int{4}, []int{1}}}, BadHeader},
	} {
		if _, err := Read(oneZip(t, newPk().dictOf("_rebuild_tensor_v2", false, c.ts...).stop())); !errors.Is(err, &Error{Code: c.want}) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	b := zipFile(t, namedBytes{"archive/data.pkl", newPk().dictOf("_rebuild_tensor_v2", false, many...).stop()}, namedBytes{"archive/data/0", make([]byte, 16000)})
	if _, err := Read(b); !errors.Is(err, &Error{Code: TooLarge}) {
		t.Errorf("40 views of one storage: %v", err)
	}
}

// Row M16, and files that are no state dict.
func TestOtherContents(t *testing.T) {
	good := newPk().dictOf("_rebuild_tensor_v2", false, one).stop()
	for name, b := range map[string][]byte{
		"TorchScript":     oneZip(t, good, namedBytes{"archive/code/__torch__.py", []byte("x")}),
		"constants":       oneZip(t, good, namedBytes{"archive/constants.pkl", good}),
		"pt2":             zipFile(t, namedBytes{"archive/models/model.json", []byte("{}")}),
		"nested zip":      zipFile(t, namedBytes{"inner.zip", oneZip(t, good)}),
		"two pickles":     oneZip(t, good, namedBytes{"other/data.pkl", good}),
		"bytes after it":  oneZip(t, append(append([]byte(nil), good...), '.')),
		"a list":          oneZip(t, newPk().op(opEmptyList).stop()),
		"no tensors":      oneZip(t, newPk().op(opEmptyDict).str("a").int(1).op(opSetItem).stop()),
		"a lone tensor":   oneZip(t, newPk().tensor("_rebuild_tensor_v2", func(p *pk) *pk { return p.storage("FloatStorage", "0", 4) }, 0, []int{4}, []int{1}).stop()),
		"unfinished dict": oneZip(t, newPk().op(opEmptyDict, opMark).str("a").op(opSetItems).stop()),
	} {
		if _, err := Read(b); !errors.Is(err, &Error{Code: PickleRefused}) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Read(oneZip(t, good, namedBytes{"archive/byteorder", []byte("big")})); !errors.Is(err, &Error{Code: BadHeader}) {
		t.Errorf("big-endian: %v", err)
	}
}

func TestRealLegacyFile(t *testing.T) {
	s, err := Open(shared(t, "resnet20-12fca82f.th"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	// ResNet-20 of the CIFAR paper: 0.27 M parameters; 688 normalised channels have two statistics each.
	if s.Count() != 269_722+2*688 || !s.Has("module.linear.weight") {
		t.Errorf("%d values, keys %v…", s.Count(), s.Keys()[:3])
	}
	if bad := s.NonFinite(); len(bad) > 0 {
		t.Errorf("values that are not finite in %v", bad)
	}
}
