package weights

import "strconv"

// class is a global that a pickle may name. make, if not nil, is our own code for a call of it.
type class struct {
	module string
	dtype  DType // of a storage class
	make   func(args tuple) (any, *Error)
}

// allowed is the whole list, by exact module and name. It has no way to grow at run time, and no entry leads to code
// other than the functions of this file.
var allowed = map[string]*class{
	"collections.OrderedDict":         {module: "collections", make: makeDict},
	"torch.Size":                      {module: "torch", make: makeSize},
	"torch._utils._rebuild_tensor":    {module: "torch._utils", make: makeTensor},
	"torch._utils._rebuild_tensor_v2": {module: "torch._utils", make: makeTensor},
	"torch._utils._rebuild_parameter": {module: "torch._utils", make: makeParameter},
	"torch.FloatStorage":              {module: "torch", dtype: F32},
	"torch.HalfStorage":               {module: "torch", dtype: F16},
	"torch.BFloat16Storage":           {module: "torch", dtype: BF16},
	"torch.DoubleStorage":             {module: "torch", dtype: F64},
	"torch.LongStorage":               {module: "torch", dtype: I64},
	"torch.IntStorage":                {module: "torch", dtype: I32},
	"torch.ShortStorage":              {module: "torch", dtype: I16},
	"torch.CharStorage":               {module: "torch", dtype: I8},
	"torch.ByteStorage":               {module: "torch", dtype: U8},
	"torch.BoolStorage":               {module: "torch", dtype: Bool},
}

func refusedClass(name string) *Error {
	return &Error{Code: PickleRefused, Class: clip(name), Text: "the file asks for " + strconv.QuoteToGraphic(clip(name)) + ", which is not plain weights; nothing was executed",
		Hint: "in PyTorch, save model.state_dict(), best as safetensors"}
}

func badCall(what string) *Error {
	return refuse(PickleRefused, "", "%s is called with unexpected arguments", what)
}

// storage is a flat array of values in the file. Views of a larger one begin at value from.
type storage struct {
	dtype DType
	key   string
	total int // values of the array named key
	from  int
	len   int
}

// stored is a tensor as a pickle describes it: a strided view of a storage.
type stored struct {
	storage      *storage
	offset       int
	dims, stride []int
}

func makeDict(args tuple) (any, *Error) {
	d := &dict{}
	if len(args) == 0 {
		return d, nil
	}
	pairs, ok := args[0].(*list)
	if !ok || len(args) != 1 {
		return nil, badCall("OrderedDict")
	}
	for _, p := range pairs.items {
		var kv []any
		switch p := p.(type) {
		case tuple:
			kv = p
		case *list:
			kv = p.items
		}
		if len(kv) != 2 {
			return nil, badCall("OrderedDict")
		}
		d.keys, d.values = append(d.keys, kv[0]), append(d.values, kv[1])
	}
	return d, nil
}

func makeSize(args tuple) (any, *Error) {
	if len(args) != 1 {
		return nil, badCall("Size")
	}
	t, ok := args[0].(tuple)
	if !ok {
		return nil, badCall("Size")
	}
	return t, nil
}

// makeTensor is _rebuild_tensor(storage, offset, size, stride) and _rebuild_tensor_v2, which adds whether a gradient is
// wanted, hooks and metadata; those say nothing about the values and are dropped.
func makeTensor(args tuple) (any, *Error) {
	if len(args) < 4 || len(args) > 7 {
		return nil, badCall("_rebuild_tensor")
	}
	s, ok1 := args[0].(*storage)
	offset, ok2 := args[1].(int64)
	dims, ok3 := ints(args[2])
	stride, ok4 := ints(args[3])
	if !ok1 || !ok2 || !ok3 || !ok4 || len(dims) != len(stride) {
		return nil, badCall("_rebuild_tensor")
	}
	t := &stored{s, int(offset), dims, stride}
	if err := t.check(); err != nil {
		return nil, err
	}
	return t, nil
}

// makeParameter is _rebuild_parameter(data, requires_grad, hooks).
func makeParameter(args tuple) (any, *Error) {
	if len(args) != 3 {
		return nil, badCall("_rebuild_parameter")
	}
	t, ok := args[0].(*stored)
	if !ok {
		return nil, badCall("_rebuild_parameter")
	}
	return t, nil
}

func ints(v any) ([]int, bool) {
	t, ok := v.(tuple)
	if !ok || len(t) > MaxRank {
		return nil, false
	}
	l := make([]int, len(t))
	for i, x := range t {
		n, ok := x.(int64)
		if !ok || n < 0 || n > 1<<31-1 {
			return nil, false
		}
		l[i] = int(n)
	}
	return l, true
}

// check makes sure that every value of the tensor lies inside its storage, and that there are no more values than the
// storage has: a stride of 0 must not blow one number up to gigabytes.
func (t *stored) check() *Error {
	n, ok := elements(t.dims)
	if !ok {
		return refuse(BadShape, t.storage.key, "the shape %v has more than %d values", t.dims, MaxElements)
	}
	if n > t.storage.len {
		return refuse(BadShape, t.storage.key, "%d values in a storage of %d", n, t.storage.len)
	}
	if t.offset < 0 || t.offset > t.storage.len {
		return refuse(BadLayout, t.storage.key, "the tensor starts at value %d of a storage of %d", t.offset, t.storage.len)
	}
	if n == 0 {
		return nil
	}
	last := int64(t.offset)
	for i, d := range t.dims {
		last += int64(d-1) * int64(t.stride[i]) // below 8 · 2^27 · 2^31: no overflow
	}
	if last >= int64(t.storage.len) {
		return refuse(BadLayout, t.storage.key, "shape %v with strides %v from %d ends at value %d of a storage of %d", t.dims, t.stride, t.offset, last, t.storage.len)
	}
	return nil
}

// contiguous reports whether the values lie in row-major order without gaps.
func (t *stored) contiguous() bool {
	n := 1
	for i := len(t.dims) - 1; i >= 0; i-- {
		if t.dims[i] != 1 && t.stride[i] != n {
			return false
		}
		n *= t.dims[i]
	}
	return true
}
