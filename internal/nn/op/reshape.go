package op

import (
	"fmt"

	"stride/internal/nn"
	"stride/internal/nn/tensor"
)

// Flatten lays the maps of an image out as one vector, channel by channel, row by row.
type Flatten struct{}

// Kind is "flatten".
func (Flatten) Kind() nn.Kind { return "flatten" }

// Window is the whole input: what follows sees everything.
func (Flatten) Window(in tensor.Shape) nn.Window { return wholeMap(in) }

// OutShape is a vector of all values.
func (Flatten) OutShape(in []tensor.Shape) (tensor.Shape, error) {
	x, err := one(in)
	return tensor.Vec(x.N, x.ImageLen()), err
}

// Params is empty.
func (Flatten) Params([]tensor.Shape) []nn.ParamSpec { return nil }

// MACs is 0.
func (Flatten) MACs([]tensor.Shape, tensor.Shape) int64 { return 0 }

// Forward copies.
func (Flatten) Forward(k *nn.Call) { copy(k.Out.Data, k.In[0].Data) }

// Backward copies back.
func (Flatten) Backward(k *nn.GradCall) { addTo(k.GradIn[0], k.GradOut) }

// Explain names the cell that was copied.
func (Flatten) Explain(k *nn.Call, cell nn.Cell) nn.Terms {
	s := k.In[0].Shape
	hw := s.PlaneLen()
	return pointTerm(k, 0, nn.Cell{C: cell.C / hw, Y: cell.C % hw / s.W, X: cell.C % hw % s.W}, nn.FormCopy)
}

func addTo(dst, src *tensor.Tensor) {
	if dst == nil {
		return
	}
	for i, v := range src.Data {
		dst.Data[i] += v
	}
}

// Dropout sets each value to zero with probability P in training and scales the others by 1/(1−P); otherwise it passes
// the values on (Srivastava et al. 2014).
type Dropout struct{ P float64 }

// Kind is "dropout".
func (Dropout) Kind() nn.Kind { return "dropout" }

// OutShape keeps the shape.
func (d Dropout) OutShape(in []tensor.Shape) (tensor.Shape, error) {
	x, err := one(in)
	if err == nil && (d.P < 0 || d.P >= 1) {
		err = fmt.Errorf("dropout with probability %v", d.P)
	}
	return x, err
}

// Params is empty.
func (Dropout) Params([]tensor.Shape) []nn.ParamSpec { return nil }

// MACs is 0.
func (Dropout) MACs([]tensor.Shape, tensor.Shape) int64 { return 0 }

// Forward copies, or in training drops by a mask drawn from the call's random bits.
func (d Dropout) Forward(k *nn.Call) {
	if !k.Train || d.P == 0 {
		copy(k.Out.Data, k.In[0].Data)
		return
	}
	k.Saved = dropMask(k.Rand, len(k.Out.Data), d.P)
	applyMask(k.Out.Data, k.In[0].Data, k.Saved.([]float32), 1)
}

// Backward drops what was dropped.
func (Dropout) Backward(k *nn.GradCall) { maskBackward(k, 1) }

// Explain is the identity of evaluation.
func (Dropout) Explain(k *nn.Call, cell nn.Cell) nn.Terms { return pointTerm(k, 0, cell, nn.FormCopy) }

// StochasticDepth drops the whole residual branch of an image with probability P in training (Huang et al. 2016,
// arXiv:1603.09382); otherwise it passes the values on.
type StochasticDepth struct{ P float64 }

// Kind is "stochasticdepth".
func (StochasticDepth) Kind() nn.Kind { return "stochasticdepth" }

// OutShape keeps the shape.
func (s StochasticDepth) OutShape(in []tensor.Shape) (tensor.Shape, error) {
	return Dropout(s).OutShape(in)
}

// Params is empty.
func (StochasticDepth) Params([]tensor.Shape) []nn.ParamSpec { return nil }

// MACs is 0.
func (StochasticDepth) MACs([]tensor.Shape, tensor.Shape) int64 { return 0 }

// Forward copies, or in training drops whole images.
func (s StochasticDepth) Forward(k *nn.Call) {
	if !k.Train || s.P == 0 {
		copy(k.Out.Data, k.In[0].Data)
		return
	}
	k.Saved = dropMask(k.Rand, k.Out.Shape.N, s.P)
	applyMask(k.Out.Data, k.In[0].Data, k.Saved.([]float32), k.Out.Shape.ImageLen())
}

// Backward drops what was dropped.
func (StochasticDepth) Backward(k *nn.GradCall) { maskBackward(k, k.Out.Shape.ImageLen()) }

// Explain is the identity of evaluation.
func (StochasticDepth) Explain(k *nn.Call, cell nn.Cell) nn.Terms {
	return pointTerm(k, 0, cell, nn.FormCopy)
}

// dropMask draws n factors, each 0 with probability p and 1/(1−p) otherwise (SplitMix64).
func dropMask(seed uint64, n int, p float64) []float32 {
	m := make([]float32, n)
	keep := float32(1 / (1 - p))
	for i := range m {
		z := seed + uint64(i+1)*0x9E3779B97F4A7C15
		z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9
		z = (z ^ (z >> 27)) * 0x94D049BB133111EB
		if z ^= z >> 31; float64(z>>40)/(1<<24) >= p {
			m[i] = keep
		}
	}
	return m
}

// applyMask multiplies runs of the given length by one factor each.
func applyMask(dst, x, mask []float32, run int) {
	for i, v := range x {
		dst[i] = v * mask[i/run]
	}
}

func maskBackward(k *nn.GradCall, run int) {
	if k.GradIn[0] == nil {
		return
	}
	mask, ok := k.Saved.([]float32)
	if !ok {
		addTo(k.GradIn[0], k.GradOut)
		return
	}
	for i, v := range k.GradOut.Data {
		k.GradIn[0].Data[i] += v * mask[i/run]
	}
}

// Subsample keeps every Step-th row and column: the first half of ResNet's parameter-free shortcut (option A, He et al.
// 2015, §3.3). The second half is PadChannels.
type Subsample struct{ Step int }

// Kind is "stride".
func (Subsample) Kind() nn.Kind { return "stride" }

// Window is one cell, Step apart.
func (s Subsample) Window(tensor.Shape) nn.Window {
	return nn.Window{KH: 1, KW: 1, SH: s.Step, SW: s.Step, DH: 1, DW: 1}
}

// OutShape rounds up.
func (s Subsample) OutShape(in []tensor.Shape) (tensor.Shape, error) {
	x, err := one(in)
	if err == nil && s.Step < 1 {
		err = fmt.Errorf("keeps every %d-th row", s.Step)
	}
	if err != nil {
		return x, err
	}
	return tensor.Shape{N: x.N, C: x.C, H: (x.H + s.Step - 1) / s.Step, W: (x.W + s.Step - 1) / s.Step}, nil
}

// Params is empty.
func (Subsample) Params([]tensor.Shape) []nn.ParamSpec { return nil }

// MACs is 0.
func (Subsample) MACs([]tensor.Shape, tensor.Shape) int64 { return 0 }

// each visits the pairs of output and input positions.
func (s Subsample) each(in, out tensor.Shape, f func(o, i int)) {
	for p := range in.N * in.C {
		for y := range out.H {
			for x := range out.W {
				f((p*out.H+y)*out.W+x, (p*in.H+y*s.Step)*in.W+x*s.Step)
			}
		}
	}
}

// Forward copies.
func (s Subsample) Forward(k *nn.Call) {
	s.each(k.In[0].Shape, k.Out.Shape, func(o, i int) { k.Out.Data[o] = k.In[0].Data[i] })
}

// Backward copies back.
func (s Subsample) Backward(k *nn.GradCall) {
	if d := k.GradIn[0]; d != nil {
		s.each(d.Shape, k.Out.Shape, func(o, i int) { d.Data[i] += k.GradOut.Data[o] })
	}
}

// Explain names the cell that was copied.
func (s Subsample) Explain(k *nn.Call, cell nn.Cell) nn.Terms {
	return pointTerm(k, 0, nn.Cell{C: cell.C, Y: cell.Y * s.Step, X: cell.X * s.Step}, nn.FormCopy)
}

// PadChannels appends channels of zeros until there are Out.
type PadChannels struct{ Out int }

// Kind is "padchannels".
func (PadChannels) Kind() nn.Kind { return "padchannels" }

// OutShape has Out channels.
func (p PadChannels) OutShape(in []tensor.Shape) (tensor.Shape, error) {
	x, err := one(in)
	if err == nil && p.Out < x.C {
		err = fmt.Errorf("cannot pad %d channels to %d", x.C, p.Out)
	}
	x.C = p.Out
	return x, err
}

// Params is empty.
func (PadChannels) Params([]tensor.Shape) []nn.ParamSpec { return nil }

// MACs is 0.
func (PadChannels) MACs([]tensor.Shape, tensor.Shape) int64 { return 0 }

// Forward copies and clears the rest.
func (PadChannels) Forward(k *nn.Call) {
	for n := range k.Out.Shape.N {
		dst := k.Out.Image(n).Data
		clear(dst[copy(dst, k.In[0].Image(n).Data):])
	}
}

// Backward cuts the gradient.
func (PadChannels) Backward(k *nn.GradCall) {
	if k.GradIn[0] == nil {
		return
	}
	for n := range k.Out.Shape.N {
		g, d := k.GradOut.Image(n).Data, k.GradIn[0].Image(n).Data
		for i := range d {
			d[i] += g[i]
		}
	}
}

// Explain names the cell that was copied; a padded channel has no items.
func (PadChannels) Explain(k *nn.Call, cell nn.Cell) nn.Terms {
	if cell.C >= k.In[0].Shape.C {
		return nn.Terms{Form: nn.FormCopy}
	}
	return pointTerm(k, 0, cell, nn.FormCopy)
}
