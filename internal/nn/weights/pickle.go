package weights

import (
	"encoding/binary"
	"fmt"
	"math"
)

// The bounds of one pickle. Files of the largest networks stay below a tenth of each.
const (
	maxPickleOps    = 1_000_000
	maxPickleStack  = 10_000
	maxPickleMemo   = 100_000
	maxPickleString = 1 << 20
	maxPickleText   = 16 << 20 // all strings together
)

// The values a pickle can build here: nil, bool, int64, float64, string, []byte, integer, tuple, *list, *dict, *class,
// *storage and *stored (a tensor). None of them can act.
type (
	tuple   []any
	integer []byte // a long of more than 8 bytes, little-endian two's complement
	list    struct{ items []any }
	dict    struct{ keys, values []any }
	mark    struct{}
)

// unpickler is a stack machine that reads one pickle. Its methods panic with an *Error, which unpickle returns.
type unpickler struct {
	b       []byte
	i       int
	text    int // bytes of all strings so far
	stack   []any
	memo    map[uint32]any
	persist func(id any) (any, *Error)
}

// unpickle reads the pickle at the front of b; n is its length. persist answers persistent ids (storages); nil refuses them.
func unpickle(b []byte, persist func(id any) (any, *Error)) (v any, n int, err error) {
	u := &unpickler{b: b, memo: map[uint32]any{}, persist: persist}
	defer func() {
		if r := recover(); r != nil {
			e, ok := r.(*Error)
			if !ok {
				panic(r)
			}
			v, err = nil, e
		}
	}()
	u.proto()
	for range maxPickleOps {
		if op := u.byte(); op == opStop {
			v := u.pop()
			if len(u.stack) != 0 {
				u.fail("%d values are left on the stack", len(u.stack))
			}
			return v, u.i, nil
		} else {
			u.step(op)
		}
	}
	u.fail("more than %d operations", maxPickleOps)
	return nil, 0, nil
}

func (u *unpickler) fail(format string, args ...any) {
	panic(refuse(PickleRefused, "", "%s (byte %d of the pickle)", fmt.Sprintf(format, args...), u.i))
}

func (u *unpickler) proto() {
	if u.byte() != opProto {
		u.fail("the pickle does not start with a protocol")
	}
	if p := u.byte(); p < 2 || p > 5 {
		u.fail("protocol %d; want 2 to 5", p)
	}
}

// step executes one operation.
func (u *unpickler) step(op byte) {
	switch op {
	case opFrame:
		if n := u.length(8); n > len(u.b)-u.i {
			u.fail("a frame of %d bytes, %d are left", n, len(u.b)-u.i)
		}
	case opMark:
		u.push(mark{})
	case opPop:
		u.pop()
	case opPopMark:
		u.popMark()
	case opNone:
		u.push(nil)
	case opNewTrue:
		u.push(true)
	case opNewFalse:
		u.push(false)
	case opBinFloat:
		u.push(math.Float64frombits(binary.BigEndian.Uint64(u.take(8))))
	case opBinInt, opBinInt1, opBinInt2, opLong1, opLong4:
		u.push(u.integer(op))
	case opBinUnicode, opShortBinUnicode, opBinUnicode8, opBinString, opShortBinString, opBinBytes, opShortBinBytes:
		u.push(u.str(op))
	case opBinGet, opLongBinGet, opBinPut, opLongBinPut, opMemoize:
		u.memory(op)
	case opGlobal, opStackGlobal, opInst, opReduce, opBuild, opBinPersID:
		u.object(op)
	default:
		u.container(op)
	}
}

// container executes the operations on tuples, lists and dicts.
func (u *unpickler) container(op byte) {
	switch op {
	case opEmptyTuple:
		u.push(tuple{})
	case opTuple:
		u.push(tuple(u.popMark()))
	case opTuple1, opTuple2, opTuple3:
		t := make(tuple, op-opTuple1+1)
		for i := len(t) - 1; i >= 0; i-- {
			t[i] = u.pop()
		}
		u.push(t)
	case opEmptyList:
		u.push(&list{})
	case opList:
		u.push(&list{u.popMark()})
	case opAppend:
		v := u.pop()
		l := top[*list](u)
		l.items = append(l.items, v)
	case opAppends:
		v := u.popMark()
		l := top[*list](u)
		l.items = append(l.items, v...)
	case opEmptyDict:
		u.push(&dict{})
	case opDict:
		d := &dict{}
		u.fill(d, u.popMark())
		u.push(d)
	case opSetItem:
		v, k := u.pop(), u.pop()
		u.fill(top[*dict](u), []any{k, v})
	case opSetItems:
		v := u.popMark()
		u.fill(top[*dict](u), v)
	default:
		if name := refusedOps[op]; name != "" {
			u.fail("the operation %s makes objects that are not plain data", name)
		}
		u.fail("the operation %#02x is not understood", op)
	}
}

func (u *unpickler) fill(d *dict, kv []any) {
	if len(kv)%2 != 0 {
		u.fail("a key without a value")
	}
	for i := 0; i < len(kv); i += 2 {
		d.keys, d.values = append(d.keys, kv[i]), append(d.values, kv[i+1])
	}
}

// object executes the operations that make anything but plain data: each class is on the list of allowed.go or refused.
func (u *unpickler) object(op byte) {
	switch op {
	case opGlobal, opInst:
		module, name := u.line(), u.line()
		c := u.class(module, name)
		if op == opInst {
			u.fail("the operation INST makes objects that are not plain data")
		}
		u.push(c)
	case opStackGlobal:
		name, ok1 := u.pop().(string)
		module, ok2 := u.pop().(string)
		if !ok1 || !ok2 {
			u.fail("the name of a class is not text")
		}
		u.push(u.class(module, name))
	case opReduce:
		args, ok1 := u.pop().(tuple)
		c, ok2 := u.pop().(*class)
		if !ok1 || !ok2 || c.make == nil {
			u.fail("a call of something that cannot be made here")
		}
		v, err := c.make(args)
		if err != nil {
			panic(err)
		}
		u.push(v)
	case opBuild:
		u.build(u.pop())
	case opBinPersID:
		id := u.pop()
		if u.persist == nil {
			u.fail("a persistent id outside the weights")
		}
		v, err := u.persist(id)
		if err != nil {
			panic(err)
		}
		u.push(v)
	}
}

// build drops the one attribute that state dicts carry: the _metadata of their OrderedDict.
func (u *unpickler) build(state any) {
	top[*dict](u)
	if d, ok := state.(*dict); !ok || len(d.keys) != 1 || d.keys[0] != "_metadata" {
		u.fail("the operation BUILD sets attributes; only _metadata is known")
	}
}

func (u *unpickler) class(module, name string) *class {
	full := module + "." + name
	c := allowed[full]
	if c == nil || c.module != module { // "torch" + "_utils.x" must not pass for "torch._utils" + "x"
		panic(refusedClass(full))
	}
	return c
}

func (u *unpickler) memory(op byte) {
	switch op {
	case opMemoize:
		u.put(uint32(len(u.memo)))
	case opBinPut:
		u.put(uint32(u.byte()))
	case opLongBinPut:
		u.put(binary.LittleEndian.Uint32(u.take(4)))
	case opBinGet:
		u.get(uint32(u.byte()))
	case opLongBinGet:
		u.get(binary.LittleEndian.Uint32(u.take(4)))
	}
}

func (u *unpickler) put(i uint32) {
	if i >= maxPickleMemo {
		u.fail("memo index %d, the limit is %d", i, maxPickleMemo)
	}
	if len(u.stack) == 0 {
		u.fail("the stack is empty")
	}
	v := u.stack[len(u.stack)-1]
	if v == (mark{}) {
		u.fail("a mark in the memo")
	}
	u.memo[i] = v
}

func (u *unpickler) get(i uint32) {
	v, ok := u.memo[i]
	if !ok {
		u.fail("memo index %d was never stored", i)
	}
	u.push(v)
}

func (u *unpickler) push(v any) {
	if len(u.stack) == maxPickleStack {
		u.fail("more than %d values on the stack", maxPickleStack)
	}
	u.stack = append(u.stack, v)
}

func (u *unpickler) pop() any {
	if len(u.stack) == 0 {
		u.fail("the stack is empty")
	}
	v := u.stack[len(u.stack)-1]
	if _, ok := v.(mark); ok {
		u.fail("a value is missing after a mark")
	}
	u.stack = u.stack[:len(u.stack)-1]
	return v
}

// popMark takes everything above the last mark, and the mark.
func (u *unpickler) popMark() []any {
	for i := len(u.stack) - 1; i >= 0; i-- {
		if _, ok := u.stack[i].(mark); ok {
			v := append([]any(nil), u.stack[i+1:]...)
			u.stack = u.stack[:i]
			return v
		}
	}
	u.fail("there is no mark")
	return nil
}

func top[T any](u *unpickler) T {
	if len(u.stack) > 0 {
		if v, ok := u.stack[len(u.stack)-1].(T); ok {
			return v
		}
	}
	u.fail("the operation does not fit the value on the stack")
	panic("unreachable")
}
