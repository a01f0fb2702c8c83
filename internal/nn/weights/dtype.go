package weights

import (
	"encoding/binary"
	"math"
	"unsafe"
)

// DType is the type of stored values, by its safetensors name.
type DType string

// The types that are read. The floats become float32: F16 and BF16 exactly, F64 rounded to nearest (beyond the range of
// float32 it becomes infinite). Integers and BOOL are accepted only for a single value, which is what a counter such as
// num_batches_tracked is: a larger integer tensor is a quantised one whose scale the file does not say, so it is refused.
const (
	F64  DType = "F64"
	F32  DType = "F32"
	F16  DType = "F16"
	BF16 DType = "BF16"
	I64  DType = "I64"
	I32  DType = "I32"
	I16  DType = "I16"
	I8   DType = "I8"
	U8   DType = "U8"
	Bool DType = "BOOL"
)

// Size is the number of bytes of one value, 0 for a type that is not read.
func (t DType) Size() int {
	switch t {
	case F64, I64:
		return 8
	case F32, I32:
		return 4
	case F16, BF16, I16:
		return 2
	case I8, U8, Bool:
		return 1
	}
	return 0
}

// IsFloat reports whether weights may be of this type.
func (t DType) IsFloat() bool { return t == F64 || t == F32 || t == F16 || t == BF16 }

// littleEndian reports whether the machine stores numbers as the files do; only then are views possible.
var littleEndian = func() bool {
	x := uint16(1)
	return *(*byte)(unsafe.Pointer(&x)) == 1
}()

// view is b as float32 values without a copy; ok is false when alignment or byte order forbid it.
func view(b []byte) (v []float32, ok bool) {
	if len(b) == 0 {
		return []float32{}, true
	}
	p := unsafe.Pointer(unsafe.SliceData(b))
	if !littleEndian || uintptr(p)%unsafe.Alignof(float32(0)) != 0 || len(b)%4 != 0 {
		return nil, false
	}
	return unsafe.Slice((*float32)(p), len(b)/4), true
}

// load is an entry for the little-endian values in b, which has the length that dims and t say.
func load(dims []int, t DType, b []byte) *entry {
	if t == F32 {
		if v, ok := view(b); ok {
			return &entry{dims, t, func() []float32 { return v }}
		}
	}
	return lazy(dims, t, func() []float32 { return convert(t, b) })
}

// convert makes float32 values of the little-endian values in b.
func convert(t DType, b []byte) []float32 {
	w := t.Size()
	v := make([]float32, len(b)/w)
	le := binary.LittleEndian
	for i := range v {
		x := b[i*w:]
		switch t {
		case F64:
			v[i] = float32(math.Float64frombits(le.Uint64(x)))
		case F32:
			v[i] = math.Float32frombits(le.Uint32(x))
		case F16:
			v[i] = halfToFloat(le.Uint16(x))
		case BF16:
			v[i] = math.Float32frombits(uint32(le.Uint16(x)) << 16)
		case I64:
			v[i] = float32(int64(le.Uint64(x)))
		case I32:
			v[i] = float32(int32(le.Uint32(x)))
		case I16:
			v[i] = float32(int16(le.Uint16(x)))
		case I8:
			v[i] = float32(int8(x[0]))
		default:
			v[i] = float32(x[0])
		}
	}
	return v
}

// halfToFloat widens an IEEE 754 binary16 value, subnormals, infinities and NaN payloads included.
func halfToFloat(h uint16) float32 {
	sign := uint32(h>>15) << 31
	exp, man := uint32(h>>10)&31, uint32(h)&1023
	switch exp {
	case 0:
		f := math.Float32frombits(sign | 0x3f800000) // ±1
		return f * float32(man) * (1.0 / (1 << 24))  // exact: a power of two times at most 10 bits
	case 31:
		return math.Float32frombits(sign | 0x7f800000 | man<<13)
	}
	return math.Float32frombits(sign | (exp+112)<<23 | man<<13)
}

// floatToHalf rounds to the nearest binary16 value, ties to even; what is beyond 65504 becomes infinite.
func floatToHalf(f float32) uint16 {
	b := math.Float32bits(f)
	sign := uint16(b>>16) & 0x8000
	exp, man := int(b>>23)&255, b&0x7fffff
	switch {
	case exp == 255 && man != 0:
		return sign | 0x7e00 | uint16(man>>13)
	case exp == 255:
		return sign | 0x7c00
	case exp-127 < -14: // subnormal or zero: shift the full mantissa until the exponent is −14
		shift := uint(-14-(exp-127)) + 13
		if shift > 24 {
			return sign
		}
		return sign | roundShift(man|0x800000, shift)
	}
	// A carry out of the mantissa raises the exponent, which is what rounding up means; 2^16 becomes infinity so.
	h := uint32(exp-112)<<10 + uint32(roundShift(man, 13))
	if h >= 0x7c00 {
		h = 0x7c00
	}
	return sign | uint16(h)
}

// roundShift is m / 2^n rounded to nearest, ties to even.
func roundShift(m uint32, n uint) uint16 {
	q, r, half := m>>n, m&(1<<n-1), uint32(1)<<(n-1)
	if r > half || r == half && q&1 == 1 {
		q++
	}
	return uint16(q)
}
