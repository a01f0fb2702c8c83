package op

import (
	"fmt"
	"math"

	"stride/internal/nn"
	"stride/internal/nn/kernel"
	"stride/internal/nn/tensor"
)

// pool is what the sliding pools share: the window and PyTorch's rule for its last position.
type pool struct {
	kernel, stride, pad int
	ceil                bool
}

func (p pool) window() nn.Window {
	s := p.stride
	if s == 0 {
		s = p.kernel
	}
	return nn.Window{KH: p.kernel, KW: p.kernel, SH: s, SW: s, PT: p.pad, PL: p.pad, DH: 1, DW: 1}
}

func (p pool) outShape(in []tensor.Shape) (tensor.Shape, error) {
	x, err := one(in)
	if err != nil {
		return x, err
	}
	if p.kernel < 1 || p.stride < 0 || p.pad < 0 || 2*p.pad > p.kernel {
		return x, fmt.Errorf("pool of %d×%d with stride %d and padding %d (at most half the kernel)", p.kernel, p.kernel, p.stride, p.pad)
	}
	w := p.window()
	oh, ow := p.side(x.H, w.SH), p.side(x.W, w.SW)
	if oh < 1 || ow < 1 {
		return x, fmt.Errorf("pool of %d×%d is larger than the %d×%d input with padding %d", p.kernel, p.kernel, x.H, x.W, p.pad)
	}
	return tensor.Shape{N: x.N, C: x.C, H: oh, W: ow}, nil
}

// side rounds down, or up with ceil; then the last window must still start inside the map or its left padding (PyTorch).
func (p pool) side(n, s int) int {
	span := n + 2*p.pad - p.kernel
	if span < 0 {
		return 0
	}
	if !p.ceil {
		return span/s + 1
	}
	out := (span+s-1)/s + 1
	if (out-1)*s >= n+p.pad {
		out--
	}
	return out
}

func (p pool) shape(in, out tensor.Shape) kernel.PoolShape {
	w := p.window()
	return kernel.PoolShape{N: in.N, C: in.C, H: in.H, W: in.W, OH: out.H, OW: out.W, KH: w.KH, KW: w.KW, SH: w.SH, SW: w.SW, PadTop: w.PT, PadLeft: w.PL}
}

// MaxPool takes the largest value of each window. Stride 0 means Kernel. Padding counts as −∞. Ceil rounds the output
// size up by PyTorch's rule: the last window must start inside the map or its left padding.
type MaxPool struct {
	Kernel, Stride, Pad int
	Ceil                bool
}

func (p MaxPool) pool() pool { return pool{p.Kernel, p.Stride, p.Pad, p.Ceil} }

// Kind is "maxpool".
func (MaxPool) Kind() nn.Kind { return "maxpool" }

// Window is the pooling window.
func (p MaxPool) Window(tensor.Shape) nn.Window { return p.pool().window() }

// OutShape keeps the channels.
func (p MaxPool) OutShape(in []tensor.Shape) (tensor.Shape, error) { return p.pool().outShape(in) }

// Params is empty.
func (MaxPool) Params([]tensor.Shape) []nn.ParamSpec { return nil }

// MACs is 0 by the convention.
func (MaxPool) MACs([]tensor.Shape, tensor.Shape) int64 { return 0 }

// Forward pools; in training it saves where each maximum was.
func (p MaxPool) Forward(k *nn.Call) {
	var idx []int32
	if k.Train {
		idx = make([]int32, k.Out.Shape.Len())
		k.Saved = idx
	}
	kernel.MaxPool(k.Out.Data, idx, k.In[0].Data, p.pool().shape(k.In[0].Shape, k.Out.Shape), k.Workers)
}

// Backward sends the gradient to the maximum.
func (p MaxPool) Backward(k *nn.GradCall) {
	if k.GradIn[0] == nil {
		return
	}
	s := p.pool().shape(k.In[0].Shape, k.Out.Shape)
	idx, ok := k.Saved.([]int32)
	if !ok { // an evaluation pass kept no indices: find them again
		idx = make([]int32, k.Out.Shape.Len())
		kernel.MaxPool(make([]float32, len(idx)), idx, k.In[0].Data, s, k.Workers)
	}
	kernel.MaxPoolBackward(k.GradIn[0].Data, k.GradOut.Data, idx, s, k.Workers)
}

// Explain lists the window; the largest item has W 1.
func (p MaxPool) Explain(k *nn.Call, cell nn.Cell) nn.Terms {
	t := nn.Terms{Form: nn.FormMax, Value: math.Inf(-1)}
	best := -1
	eachTap(p.Window(k.In[0].Shape), k.In[0].Shape, cell, func(_, _, y, x int) {
		v := float64(k.In[0].At(0, cell.C, y, x))
		if v > t.Value || v != v {
			t.Value, best = v, len(t.Items)
		}
		t.Items = append(t.Items, nn.Term{Cell: nn.Cell{C: cell.C, Y: y, X: x}, X: v})
	})
	if best >= 0 {
		t.Items[best].W = 1
	}
	t.Sum = t.Value
	return t
}

// AvgPool averages each window. Padding counts as zeros unless ExcludePad. Ceil as in MaxPool; a window that hangs over
// the end of the padded map divides by the part that does not (PyTorch).
type AvgPool struct {
	Kernel, Stride, Pad int
	Ceil                bool
	ExcludePad          bool
}

func (p AvgPool) pool() pool { return pool{p.Kernel, p.Stride, p.Pad, p.Ceil} }

// Kind is "avgpool".
func (AvgPool) Kind() nn.Kind { return "avgpool" }

// Window is the pooling window.
func (p AvgPool) Window(tensor.Shape) nn.Window { return p.pool().window() }

// OutShape keeps the channels.
func (p AvgPool) OutShape(in []tensor.Shape) (tensor.Shape, error) { return p.pool().outShape(in) }

// Params is empty.
func (AvgPool) Params([]tensor.Shape) []nn.ParamSpec { return nil }

// MACs is 0 by the convention.
func (AvgPool) MACs([]tensor.Shape, tensor.Shape) int64 { return 0 }

// Forward averages.
func (p AvgPool) Forward(k *nn.Call) {
	kernel.AvgPool(k.Out.Data, k.In[0].Data, p.pool().shape(k.In[0].Shape, k.Out.Shape), !p.ExcludePad, k.Workers)
}

// Backward spreads the gradient evenly over the window.
func (p AvgPool) Backward(k *nn.GradCall) {
	if k.GradIn[0] != nil {
		kernel.AvgPoolBackward(k.GradIn[0].Data, k.GradOut.Data, p.pool().shape(k.In[0].Shape, k.Out.Shape), !p.ExcludePad, k.Workers)
	}
}

// Explain lists the window's values; W is 1 divided by the number of cells that count.
func (p AvgPool) Explain(k *nn.Call, cell nn.Cell) nn.Terms {
	in, w := k.In[0].Shape, p.Window(k.In[0].Shape)
	t := nn.Terms{Form: nn.FormMean}
	eachTap(w, in, cell, func(_, _, y, x int) {
		t.Items = append(t.Items, nn.Term{Cell: nn.Cell{C: cell.C, Y: y, X: x}, X: float64(k.In[0].At(0, cell.C, y, x))})
	})
	n := len(t.Items)
	if !p.ExcludePad {
		y0, x0 := cell.Y*w.SH-w.PT, cell.X*w.SW-w.PL
		n = (min(y0+w.KH, in.H+w.PT) - y0) * (min(x0+w.KW, in.W+w.PL) - x0)
	}
	return meanOf(t, n)
}

func meanOf(t nn.Terms, n int) nn.Terms {
	for i := range t.Items {
		t.Items[i].W = 1 / float64(n)
		t.Sum += t.Items[i].X
	}
	t.Sum /= float64(n)
	t.Value = t.Sum
	return t
}

// AdaptiveAvgPool averages so that the result is Out×Out, whatever the input (PyTorch's rule): row y averages rows
// ⌊y·H/Out⌋ … ⌈(y+1)·H/Out⌉ − 1. Out 1 is the global average pool that replaced the dense layers (Lin et al. 2013,
// arXiv:1312.4400, §3.2).
type AdaptiveAvgPool struct{ Out int }

func (p AdaptiveAvgPool) shape(in tensor.Shape) kernel.AdaptiveShape {
	return kernel.AdaptiveShape{N: in.N, C: in.C, H: in.H, W: in.W, OH: p.Out, OW: p.Out}
}

// Kind is "adaptiveavgpool".
func (AdaptiveAvgPool) Kind() nn.Kind { return "adaptiveavgpool" }

// Window is the whole map for Out 1; otherwise the largest window.
func (p AdaptiveAvgPool) Window(in tensor.Shape) nn.Window {
	w := wholeMap(in)
	w.SH, w.SW = max(in.H/or1(p.Out), 1), max(in.W/or1(p.Out), 1)
	w.KH, w.KW = (in.H+p.Out-1)/or1(p.Out), (in.W+p.Out-1)/or1(p.Out)
	return w
}

// OutShape is C×Out×Out.
func (p AdaptiveAvgPool) OutShape(in []tensor.Shape) (tensor.Shape, error) {
	x, err := one(in)
	if err == nil && p.Out < 1 {
		err = fmt.Errorf("an average pool to %d×%d", p.Out, p.Out)
	}
	return tensor.Shape{N: x.N, C: x.C, H: p.Out, W: p.Out}, err
}

// Params is empty.
func (AdaptiveAvgPool) Params([]tensor.Shape) []nn.ParamSpec { return nil }

// MACs is 0 by the convention.
func (AdaptiveAvgPool) MACs([]tensor.Shape, tensor.Shape) int64 { return 0 }

// Forward averages.
func (p AdaptiveAvgPool) Forward(k *nn.Call) {
	kernel.AdaptiveAvgPool(k.Out.Data, k.In[0].Data, p.shape(k.In[0].Shape), k.Workers)
}

// Backward spreads the gradient evenly over the window.
func (p AdaptiveAvgPool) Backward(k *nn.GradCall) {
	if k.GradIn[0] != nil {
		kernel.AdaptiveAvgPoolBackward(k.GradIn[0].Data, k.GradOut.Data, p.shape(k.In[0].Shape), k.Workers)
	}
}

// Explain lists the averaged cells.
func (p AdaptiveAvgPool) Explain(k *nn.Call, cell nn.Cell) nn.Terms {
	in := k.In[0].Shape
	t := nn.Terms{Form: nn.FormMean}
	for y := cell.Y * in.H / p.Out; y < ((cell.Y+1)*in.H+p.Out-1)/p.Out; y++ {
		for x := cell.X * in.W / p.Out; x < ((cell.X+1)*in.W+p.Out-1)/p.Out; x++ {
			t.Items = append(t.Items, nn.Term{Cell: nn.Cell{C: cell.C, Y: y, X: x}, X: float64(k.In[0].At(0, cell.C, y, x))})
		}
	}
	return meanOf(t, len(t.Items))
}

// SubSample is LeNet-5's trainable sub-sampling (LeCun et al. 1998, §II.B): the sum of each 2×2 block times a
// coefficient plus a bias, one pair per map.
//
//	in      N×C×H×W,  H and W even
//	out     N×C×H/2×W/2
//	weight  C,  bias  C
type SubSample struct{}

// Kind is "subsample".
func (SubSample) Kind() nn.Kind { return "subsample" }

// Window is 2×2 with stride 2.
func (SubSample) Window(tensor.Shape) nn.Window {
	return nn.Window{KH: 2, KW: 2, SH: 2, SW: 2, DH: 1, DW: 1}
}

// OutShape halves the sides.
func (SubSample) OutShape(in []tensor.Shape) (tensor.Shape, error) {
	x, err := one(in)
	if err == nil && (x.H%2 != 0 || x.W%2 != 0) {
		err = fmt.Errorf("sub-sampling halves the map, %d×%d is odd", x.H, x.W)
	}
	return tensor.Shape{N: x.N, C: x.C, H: x.H / 2, W: x.W / 2}, err
}

// Params are one coefficient and one bias per map.
func (SubSample) Params(in []tensor.Shape) []nn.ParamSpec {
	return []nn.ParamSpec{
		{Name: "weight", Dims: []int{in[0].C}, Role: nn.NormWeight},
		{Name: "bias", Dims: []int{in[0].C}, Role: nn.NormBias},
	}
}

// MACs is 0: neither a convolution nor a dense layer.
func (SubSample) MACs([]tensor.Shape, tensor.Shape) int64 { return 0 }

// Forward uses plain loops; the layer is tiny.
func (SubSample) Forward(k *nn.Call) {
	eachBlock(k, func(c, o int, in []float32, i, w int) {
		k.Out.Data[o] = (in[i]+in[i+1]+in[i+w]+in[i+w+1])*k.Params[0][c] + k.Params[1][c]
	})
}

// Backward adds the gradients of input, coefficient and bias.
func (SubSample) Backward(k *nn.GradCall) {
	eachBlock(&k.Call, func(c, o int, in []float32, i, w int) {
		g := k.GradOut.Data[o]
		if dx := k.GradIn[0]; dx != nil {
			base := o / k.Out.Shape.PlaneLen() * k.In[0].Shape.PlaneLen()
			for _, j := range [4]int{i, i + 1, i + w, i + w + 1} {
				dx.Data[base+j] += g * k.Params[0][c]
			}
		}
		if dw := param(k.GradParams, 0); dw != nil {
			dw[c] += g * (in[i] + in[i+1] + in[i+w] + in[i+w+1])
			k.GradParams[1][c] += g
		}
	})
}

// eachBlock visits the 2×2 blocks: o is the flat output position, i the block's first position in the plane in.
func eachBlock(k *nn.Call, f func(c, o int, in []float32, i, w int)) {
	s := k.Out.Shape
	o := 0
	for n := range s.N {
		for c := range s.C {
			in, w := k.In[0].Plane(n, c).Data, k.In[0].Shape.W
			for y := range s.H {
				for x := range s.W {
					f(c, o, in, 2*y*w+2*x, w)
					o++
				}
			}
		}
	}
}

// Explain lists the four values, each times the coefficient.
func (s SubSample) Explain(k *nn.Call, cell nn.Cell) nn.Terms {
	t := nn.Terms{Form: nn.FormSum}
	eachTap(s.Window(k.In[0].Shape), k.In[0].Shape, cell, func(_, _, y, x int) {
		t.Items = append(t.Items, nn.Term{Cell: nn.Cell{C: cell.C, Y: y, X: x}, X: float64(k.In[0].At(0, cell.C, y, x)), W: float64(k.Params[0][cell.C])})
	})
	return withBias(t, k.Params[1], cell.C)
}
