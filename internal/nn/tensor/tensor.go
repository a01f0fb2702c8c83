// Package tensor holds the one array type of the engine: a dense float32 tensor in NCHW order, and its two-dimensional
// slice, a Plane (one activation map).
//
// It is not a linear-algebra library: nothing here multiplies. Arithmetic lives in nn/kernel, meaning in nn/op.
// Start reading at Tensor. The package imports nothing of ours.
package tensor

import (
	"fmt"
	"math"
	"strconv"
)

// Shape is the size of a tensor: N images, C channels, H rows, W columns. A vector of C values is {N, C, 1, 1}.
type Shape struct{ N, C, H, W int }

// CHW is the shape of one image of c channels, h rows and w columns.
func CHW(c, h, w int) Shape { return Shape{1, c, h, w} }

// Vec is the shape of n vectors of c values.
func Vec(n, c int) Shape { return Shape{n, c, 1, 1} }

// Len is the number of values.
func (s Shape) Len() int { return s.N * s.C * s.H * s.W }

// PlaneLen is the number of values of one channel of one image.
func (s Shape) PlaneLen() int { return s.H * s.W }

// ImageLen is the number of values of one image.
func (s Shape) ImageLen() int { return s.C * s.H * s.W }

// Valid reports whether every side is at least 1 and the number of values fits an int32, so that no later product overflows.
func (s Shape) Valid() bool {
	n := int64(1)
	for _, d := range [4]int{s.N, s.C, s.H, s.W} {
		if d < 1 || d > math.MaxInt32 {
			return false
		}
		if n *= int64(d); n > math.MaxInt32 {
			return false
		}
	}
	return true
}

// WithN is s for a batch of n images.
func (s Shape) WithN(n int) Shape { s.N = n; return s }

// Index is the flat position of one value.
func (s Shape) Index(n, c, y, x int) int { return ((n*s.C+c)*s.H+y)*s.W + x }

// String is "128×28×28"; a batch of more than one is written first: "4×128×28×28".
func (s Shape) String() string {
	t := strconv.Itoa(s.C) + "×" + strconv.Itoa(s.H) + "×" + strconv.Itoa(s.W)
	if s.N != 1 {
		t = strconv.Itoa(s.N) + "×" + t
	}
	return t
}

// Tensor is a dense array. Data has Shape.Len() values in NCHW order and may be shared: whoever hands a tensor out says
// for how long it may be read and by whom it may be written.
type Tensor struct {
	Shape Shape
	Data  []float32
}

// New is a tensor of zeros. It panics on a shape that is not Valid.
func New(s Shape) *Tensor {
	if !s.Valid() {
		panic(fmt.Sprintf("tensor: New: shape %d×%d×%d×%d is not valid", s.N, s.C, s.H, s.W))
	}
	return &Tensor{s, make([]float32, s.Len())}
}

// Of wraps data without copying. It panics when the lengths differ.
func Of(s Shape, data []float32) *Tensor {
	if len(data) != s.Len() {
		panic(fmt.Sprintf("tensor: Of: len(data) = %d, want %d for %v", len(data), s.Len(), s))
	}
	return &Tensor{s, data}
}

// At is one value.
func (t *Tensor) At(n, c, y, x int) float32 { return t.Data[t.Shape.Index(n, c, y, x)] }

// Set writes one value.
func (t *Tensor) Set(n, c, y, x int, v float32) { t.Data[t.Shape.Index(n, c, y, x)] = v }

// Clone is a copy that shares nothing.
func (t *Tensor) Clone() *Tensor {
	return &Tensor{t.Shape, append([]float32(nil), t.Data...)}
}

// Image is image n of the batch, sharing Data.
func (t *Tensor) Image(n int) *Tensor {
	l := t.Shape.ImageLen()
	return &Tensor{t.Shape.WithN(1), t.Data[n*l : (n+1)*l : (n+1)*l]}
}

// Plane is channel c of image n, sharing Data.
func (t *Tensor) Plane(n, c int) Plane {
	i, l := t.Shape.Index(n, c, 0, 0), t.Shape.PlaneLen()
	return Plane{t.Shape.H, t.Shape.W, t.Data[i : i+l : i+l]}
}

// Bytes is the memory of the values.
func (t *Tensor) Bytes() int64 { return int64(len(t.Data)) * 4 }

// Plane is one activation map: H rows of W values.
type Plane struct {
	H, W int
	Data []float32
}

// At is the value in row y, column x.
func (p Plane) At(y, x int) float32 { return p.Data[y*p.W+x] }

// Stats summarises the values of a tensor or plane. Std is the population deviation. Values that are NaN or infinite
// are counted in NonFinite and left out of everything else.
type Stats struct {
	Mean, Std, Min, Max, AbsMean, L2 float64
	NonFinite                        int
	// ArgMax is the flat index of the first largest value, -1 when there is none.
	ArgMax int
}

// Summarize computes Stats in float64, in index order, so that the result does not depend on anything but the values.
func Summarize(v []float32) Stats {
	s := Stats{Min: math.Inf(1), Max: math.Inf(-1), ArgMax: -1}
	var sum, abs, sq float64
	n := 0
	for i, f := range v {
		x := float64(f)
		if x-x != 0 {
			s.NonFinite++
			continue
		}
		n++
		sum += x
		abs += math.Abs(x)
		sq += x * x
		s.Min = min(s.Min, x)
		if x > s.Max {
			s.Max, s.ArgMax = x, i
		}
	}
	if n == 0 {
		return Stats{NonFinite: s.NonFinite, ArgMax: -1}
	}
	s.Mean, s.AbsMean, s.L2 = sum/float64(n), abs/float64(n), math.Sqrt(sq)
	// A second pass: the textbook E[x²] − E[x]² loses all digits when the deviation is small beside the mean.
	var dev float64
	for _, f := range v {
		if x := float64(f); x-x == 0 {
			dev += (x - s.Mean) * (x - s.Mean)
		}
	}
	s.Std = math.Sqrt(dev / float64(n))
	return s
}

// Stats summarises the whole tensor.
func (t *Tensor) Stats() Stats { return Summarize(t.Data) }

// Stats summarises one map.
func (p Plane) Stats() Stats { return Summarize(p.Data) }
