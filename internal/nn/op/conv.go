package op

import (
	"fmt"

	"stride/internal/nn"
	"stride/internal/nn/kernel"
	"stride/internal/nn/tensor"
)

// Conv is a 2-D convolution (cross-correlation, as in every framework). Kernel is the side of a square kernel and Pad its
// padding on every side; a rectangular kernel (1×7) sets Size and Pads, each {rows, columns}, instead. The zero values of
// Stride, Dilation and Groups mean 1.
//
//	in      N×C×H×W
//	out     N×Out×H'×W',  H' = ⌊(H + 2·Pad − Dilation·(Kernel−1) − 1)/Stride⌋ + 1
//	weight  Out×(C/Groups)×KH×KW,  bias  Out
//
// Cost is Out·H'·W'·(C/Groups)·KH·KW multiply-accumulates. Groups == C gives a depthwise convolution (MobileNet,
// arXiv:1704.04861).
type Conv struct {
	Out      int
	Kernel   int
	Stride   int
	Pad      int
	Dilation int
	Groups   int
	NoBias   bool
	Size     [2]int
	Pads     [2]int
	// Same pads as TensorFlow does: H' = ⌈H/Stride⌉, an odd remainder of the padding going to the bottom and right.
	Same bool
}

// Kind is "conv", whatever the kernel; Pointwise and Depthwise tell the special cases apart.
func (Conv) Kind() nn.Kind { return "conv" }

// Dims is the kernel's size in rows and columns.
func (c Conv) Dims() (kh, kw int) {
	if c.Size != [2]int{} {
		return c.Size[0], c.Size[1]
	}
	return c.Kernel, c.Kernel
}

// GroupCount is Groups with its default.
func (c Conv) GroupCount() int { return or1(c.Groups) }

// SamePadding is Same.
func (c Conv) SamePadding() bool { return c.Same }

// Pointwise reports whether the kernel is 1×1.
func (c Conv) Pointwise() bool { kh, kw := c.Dims(); return kh == 1 && kw == 1 }

// Depthwise reports whether every input channel has filters of its own.
func (c Conv) Depthwise(in tensor.Shape) bool { return or1(c.Groups) == in.C && in.C > 1 }

// Window is the rectangle of input behind one output cell.
func (c Conv) Window(in tensor.Shape) nn.Window {
	kh, kw := c.Dims()
	s, d := or1(c.Stride), or1(c.Dilation)
	w := nn.Window{KH: kh, KW: kw, SH: s, SW: s, PT: c.Pad, PL: c.Pad, DH: d, DW: d}
	if c.Size != [2]int{} {
		w.PT, w.PL = c.Pads[0], c.Pads[1]
	}
	if c.Same {
		w.PT, w.PL = samePad(in.H, kh, s, d), samePad(in.W, kw, s, d)
	}
	return w
}

// samePad is TensorFlow's padding before the map (top or left).
func samePad(n, k, s, d int) int {
	out := (n + s - 1) / s
	return max((out-1)*s+d*(k-1)+1-n, 0) / 2
}

// OutShape follows the formula above.
func (c Conv) OutShape(in []tensor.Shape) (tensor.Shape, error) {
	x, err := one(in)
	if err != nil {
		return x, err
	}
	kh, kw := c.Dims()
	g := or1(c.Groups)
	if c.Out < 1 || kh < 1 || kw < 1 || c.Stride < 0 || c.Pad < 0 || c.Dilation < 0 || c.Groups < 0 || c.Pads[0] < 0 || c.Pads[1] < 0 {
		return x, fmt.Errorf("convolution with %d filters of %d×%d, stride %d, padding %d, dilation %d, groups %d", c.Out, kh, kw, c.Stride, c.Pad, c.Dilation, c.Groups)
	}
	if x.C%g != 0 || c.Out%g != 0 {
		return x, fmt.Errorf("%d groups do not divide %d input and %d output channels", g, x.C, c.Out)
	}
	w := c.Window(x)
	if c.Same {
		return tensor.Shape{N: x.N, C: c.Out, H: (x.H + w.SH - 1) / w.SH, W: (x.W + w.SW - 1) / w.SW}, nil
	}
	oh, ow := outSide(x.H, kh, w.SH, w.PT, w.DH), outSide(x.W, kw, w.SW, w.PL, w.DW)
	if oh < 1 || ow < 1 {
		return x, fmt.Errorf("kernel %d×%d is larger than the %d×%d input with padding %d", kh, kw, x.H, x.W, w.PT)
	}
	return tensor.Shape{N: x.N, C: c.Out, H: oh, W: ow}, nil
}

// outSide is the output size of a window that moves over n values; 0 or less when it does not fit once.
func outSide(n, k, s, p, d int) int {
	span := n + 2*p - d*(k-1) - 1
	if span < 0 {
		return 0
	}
	return span/s + 1
}

// Params are the weight and, unless NoBias, the bias.
func (c Conv) Params(in []tensor.Shape) []nn.ParamSpec {
	kh, kw := c.Dims()
	p := []nn.ParamSpec{{Name: "weight", Dims: []int{c.Out, in[0].C / or1(c.Groups), kh, kw}, Role: nn.ConvWeight}}
	if !c.NoBias {
		p = append(p, nn.ParamSpec{Name: "bias", Dims: []int{c.Out}, Role: nn.Bias})
	}
	return p
}

// MACs counts one multiplication per weight and output position.
func (c Conv) MACs(in []tensor.Shape, out tensor.Shape) int64 {
	kh, kw := c.Dims()
	return int64(out.Len()) * int64(in[0].C/or1(c.Groups)*kh*kw)
}

func (c Conv) shape(in, out tensor.Shape) kernel.ConvShape {
	w := c.Window(in)
	return kernel.ConvShape{N: in.N, C: in.C, H: in.H, W: in.W, Out: out.C, OH: out.H, OW: out.W, KH: w.KH, KW: w.KW,
		SH: w.SH, SW: w.SW, PadTop: w.PT, PadLeft: w.PL, DH: w.DH, DW: w.DW, Groups: or1(c.Groups)}
}

// Forward computes the convolution.
func (c Conv) Forward(k *nn.Call) {
	x := k.In[0]
	kernel.Conv(k.Out.Data, x.Data, k.Params[0], param(k.Params, 1), c.shape(x.Shape, k.Out.Shape), k.Workers)
}

// Backward adds the gradients of input, weight and bias.
func (c Conv) Backward(k *nn.GradCall) {
	x, s := k.In[0], c.shape(k.In[0].Shape, k.Out.Shape)
	if k.GradIn[0] != nil {
		kernel.ConvBackwardInput(k.GradIn[0].Data, k.GradOut.Data, k.Params[0], s, k.Workers)
	}
	if dw := param(k.GradParams, 0); dw != nil {
		kernel.ConvBackwardWeight(dw, param(k.GradParams, 1), k.GradOut.Data, x.Data, s, k.Workers)
	}
}

// Explain lists patch ⊙ kernel over all input channels of the cell's group. Positions in the padding are left out: they
// contribute nothing.
func (c Conv) Explain(k *nn.Call, cell nn.Cell) nn.Terms {
	x := k.In[0]
	icg := x.Shape.C / or1(c.Groups)
	first := cell.C / (k.Out.Shape.C / or1(c.Groups)) * icg
	w := c.Window(x.Shape)
	t := nn.Terms{Form: nn.FormSum}
	for ic := range icg {
		eachTap(w, x.Shape, cell, func(ky, kx, y, xx int) {
			wt := k.Params[0][((cell.C*icg+ic)*w.KH+ky)*w.KW+kx]
			t.Items = append(t.Items, nn.Term{Cell: nn.Cell{C: first + ic, Y: y, X: xx}, X: float64(x.At(0, first+ic, y, xx)), W: float64(wt)})
		})
	}
	return withBias(t, param(k.Params, 1), cell.C)
}

// eachTap visits the positions of the window behind cell that lie inside the map.
func eachTap(w nn.Window, in tensor.Shape, cell nn.Cell, f func(ky, kx, y, x int)) {
	for ky := range w.KH {
		y := cell.Y*w.SH - w.PT + ky*w.DH
		if y < 0 || y >= in.H {
			continue
		}
		for kx := range w.KW {
			if x := cell.X*w.SW - w.PL + kx*w.DW; x >= 0 && x < in.W {
				f(ky, kx, y, x)
			}
		}
	}
}

// withBias completes a weighted sum.
func withBias(t nn.Terms, bias []float32, c int) nn.Terms {
	for _, i := range t.Items {
		t.Sum += i.X * i.W
	}
	if bias != nil {
		t.Bias, t.HasBias = float64(bias[c]), true
	}
	t.Value = t.Sum + t.Bias
	return t
}

// ConvTable is a convolution whose output maps read only some of the input maps: LeNet-5's C3 (LeCun et al. 1998,
// Table I). Inputs[o] lists the input maps of output map o. Stride 1, no padding.
//
//	in      N×C×H×W
//	out     N×len(Inputs)×(H−Kernel+1)×(W−Kernel+1)
//	weight  connections×Kernel×Kernel in the order of the table,  bias  len(Inputs)
type ConvTable struct {
	Kernel int
	Inputs [][]int
}

// Kind is "convtable".
func (ConvTable) Kind() nn.Kind { return "convtable" }

// Table lists, for every output map, the input maps that it reads. It is shared and read only.
func (c ConvTable) Table() [][]int { return c.Inputs }

// Connections is the number of (input map, output map) pairs.
func (c ConvTable) Connections() int {
	n := 0
	for _, in := range c.Inputs {
		n += len(in)
	}
	return n
}

func (c ConvTable) dense() Conv { return Conv{Out: len(c.Inputs), Kernel: c.Kernel} }

// Window is that of the square kernel.
func (c ConvTable) Window(in tensor.Shape) nn.Window { return c.dense().Window(in) }

// OutShape is that of a dense convolution with as many filters.
func (c ConvTable) OutShape(in []tensor.Shape) (tensor.Shape, error) {
	x, err := one(in)
	if err != nil {
		return x, err
	}
	for o, row := range c.Inputs {
		for _, i := range row {
			if i < 0 || i >= x.C {
				return x, fmt.Errorf("output map %d reads input map %d of %d", o, i, x.C)
			}
		}
	}
	return c.dense().OutShape(in)
}

// Params are one kernel per connection and one bias per output map.
func (c ConvTable) Params([]tensor.Shape) []nn.ParamSpec {
	return []nn.ParamSpec{
		{Name: "weight", Dims: []int{c.Connections(), 1, c.Kernel, c.Kernel}, Role: nn.ConvWeight},
		{Name: "bias", Dims: []int{len(c.Inputs)}, Role: nn.Bias},
	}
}

// MACs counts the connections of the table only.
func (c ConvTable) MACs(_ []tensor.Shape, out tensor.Shape) int64 {
	return int64(out.N*out.H*out.W) * int64(c.Connections()*c.Kernel*c.Kernel)
}

// eachKernel pairs every connection's kernel with its place in a dense weight tensor of in input maps.
func (c ConvTable) eachKernel(in int, f func(sparse, dense int)) {
	kk, n := c.Kernel*c.Kernel, 0
	for o, row := range c.Inputs {
		for _, i := range row {
			f(n*kk, (o*in+i)*kk)
			n++
		}
	}
}

func (c ConvTable) denseWeight(w []float32, in int) []float32 {
	kk := c.Kernel * c.Kernel
	d := make([]float32, len(c.Inputs)*in*kk)
	c.eachKernel(in, func(s, t int) { copy(d[t:t+kk], w[s:s+kk]) })
	return d
}

// Forward runs the dense convolution with zeros for the missing connections; a layer of this size is not worth a kernel.
func (c ConvTable) Forward(k *nn.Call) {
	x := k.In[0]
	w := c.denseWeight(k.Params[0], x.Shape.C)
	kernel.Conv(k.Out.Data, x.Data, w, k.Params[1], c.dense().shape(x.Shape, k.Out.Shape), k.Workers)
}

// Backward is the dense backward pass, of which only the connections are kept.
func (c ConvTable) Backward(k *nn.GradCall) {
	x, s := k.In[0], c.dense().shape(k.In[0].Shape, k.Out.Shape)
	if k.GradIn[0] != nil {
		kernel.ConvBackwardInput(k.GradIn[0].Data, k.GradOut.Data, c.denseWeight(k.Params[0], x.Shape.C), s, k.Workers)
	}
	if g := param(k.GradParams, 0); g != nil {
		kk := c.Kernel * c.Kernel
		d := make([]float32, len(c.Inputs)*x.Shape.C*kk)
		kernel.ConvBackwardWeight(d, param(k.GradParams, 1), k.GradOut.Data, x.Data, s, k.Workers)
		c.eachKernel(x.Shape.C, func(s, t int) {
			for i := range kk {
				g[s+i] += d[t+i]
			}
		})
	}
}

// Explain lists the connected maps only.
func (c ConvTable) Explain(k *nn.Call, cell nn.Cell) nn.Terms {
	x, w := k.In[0], c.Window(k.In[0].Shape)
	first := 0
	for _, row := range c.Inputs[:cell.C] {
		first += len(row)
	}
	t := nn.Terms{Form: nn.FormSum}
	for j, ic := range c.Inputs[cell.C] {
		eachTap(w, x.Shape, cell, func(ky, kx, y, xx int) {
			wt := k.Params[0][((first+j)*w.KH+ky)*w.KW+kx]
			t.Items = append(t.Items, nn.Term{Cell: nn.Cell{C: ic, Y: y, X: xx}, X: float64(x.At(0, ic, y, xx)), W: float64(wt)})
		})
	}
	return withBias(t, k.Params[1], cell.C)
}
