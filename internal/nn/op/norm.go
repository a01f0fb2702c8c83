package op

import (
	"fmt"
	"math"

	"stride/internal/nn"
	"stride/internal/nn/kernel"
	"stride/internal/nn/tensor"
)

// BatchNorm normalises every channel and gives it a learned scale and shift (Ioffe, Szegedy 2015, arXiv:1502.03167).
//
//	in, out       N×C×H×W
//	evaluation    out = weight·(in − running_mean)/√(running_var + ε) + bias
//	training      the batch's own mean and biased variance in their place; the running statistics move by Momentum
//	              towards them (the variance unbiased)
//
// The zero Eps is 1e-5 and the zero Momentum 0.1, as in PyTorch.
type BatchNorm struct{ Eps, Momentum float64 }

// Kind is "batchnorm".
func (BatchNorm) Kind() nn.Kind { return "batchnorm" }

// Epsilon is Eps with its default.
func (b BatchNorm) Epsilon() float64 {
	if b.Eps == 0 {
		return 1e-5
	}
	return b.Eps
}

func (b BatchNorm) momentum() float64 {
	if b.Momentum == 0 {
		return 0.1
	}
	return b.Momentum
}

// OutShape keeps the shape.
func (BatchNorm) OutShape(in []tensor.Shape) (tensor.Shape, error) { return one(in) }

// Params are scale, shift and the two running statistics.
func (BatchNorm) Params(in []tensor.Shape) []nn.ParamSpec {
	d := []int{in[0].C}
	return []nn.ParamSpec{{Name: "weight", Dims: d, Role: nn.NormWeight}, {Name: "bias", Dims: d, Role: nn.NormBias},
		{Name: "running_mean", Dims: d, Role: nn.NormMean}, {Name: "running_var", Dims: d, Role: nn.NormVar}}
}

// MACs is 0 by the convention.
func (BatchNorm) MACs([]tensor.Shape, tensor.Shape) int64 { return 0 }

// Affine folds the statistics into out = scale·in + shift, in float64 before rounding once.
func (b BatchNorm) Affine(params [][]float32) (scale, shift []float32) {
	scale, shift = make([]float32, len(params[0])), make([]float32, len(params[0]))
	kernel.BatchNormFold(scale, shift, params[0], params[1], params[2], params[3], float32(b.Epsilon()))
	return scale, shift
}

// moments are the batch's statistics, which a training forward pass leaves for the backward pass.
type moments struct{ mean, variance []float32 }

// Forward normalises by the running statistics, or in training by the batch's own, which also updates the running ones.
func (b BatchNorm) Forward(k *nn.Call) {
	s := k.Out.Shape
	if !k.Train {
		scale, shift := b.Affine(k.Params)
		kernel.BatchNormInference(k.Out.Data, k.In[0].Data, scale, shift, s.N, s.C, s.PlaneLen(), k.Workers)
		return
	}
	m := &moments{make([]float32, s.C), make([]float32, s.C)}
	kernel.BatchNormTrain(k.Out.Data, m.mean, m.variance, k.In[0].Data, k.Params[0], k.Params[1], float32(b.Epsilon()), s.N, s.C, s.PlaneLen(), k.Workers)
	b.track(k.Params[2], k.Params[3], m, s.N*s.PlaneLen())
	k.Saved = m
}

// track moves the running statistics towards those of a batch of n values per channel.
func (b BatchNorm) track(mean, variance []float32, m *moments, n int) {
	t := b.momentum()
	unbiased := float64(n) / float64(max(n-1, 1))
	for c := range mean {
		mean[c] = float32(float64((1-t)*float64(mean[c])) + t*float64(m.mean[c]))
		variance[c] = float32(float64((1-t)*float64(variance[c])) + t*unbiased*float64(m.variance[c]))
	}
}

// Backward adds the gradients of input, scale and shift. After an evaluation pass the statistics are constants.
func (b BatchNorm) Backward(k *nn.GradCall) {
	s, dx := k.Out.Shape, data(k.GradIn[0])
	dw, db := param(k.GradParams, 0), param(k.GradParams, 1)
	if m, ok := k.Saved.(*moments); ok {
		kernel.BatchNormBackward(dx, dw, db, k.GradOut.Data, k.In[0].Data, k.Params[0], m.mean, m.variance, float32(b.Epsilon()), s.N, s.C, s.PlaneLen(), k.Workers)
		return
	}
	b.backwardFixed(k, dx, dw, db)
}

// backwardFixed is the backward pass with constant statistics: out = scale·in + shift.
func (b BatchNorm) backwardFixed(k *nn.GradCall, dx, dw, db []float32) {
	s := k.Out.Shape
	scale, _ := b.Affine(k.Params)
	hw := s.PlaneLen()
	for p := range s.N * s.C {
		c := p % s.C
		var sum, dot float64
		for i := p * hw; i < (p+1)*hw; i++ {
			g := k.GradOut.Data[i]
			if dx != nil {
				dx[i] += g * scale[c]
			}
			sum += float64(g)
			dot += float64(g) * float64(k.In[0].Data[i]-k.Params[2][c])
		}
		if db != nil {
			db[c] += float32(sum)
		}
		if dw != nil {
			dw[c] += float32(dot / math.Sqrt(float64(k.Params[3][c])+b.Epsilon()))
		}
	}
}

// Explain gives the value before and the four numbers of the channel.
func (b BatchNorm) Explain(k *nn.Call, cell nn.Cell) nn.Terms {
	t := pointTerm(k, 0, cell, nn.FormNorm)
	g, beta := float64(k.Params[0][cell.C]), float64(k.Params[1][cell.C])
	mu, v := float64(k.Params[2][cell.C]), float64(k.Params[3][cell.C])
	t.Value = g*(t.Sum-mu)/math.Sqrt(v+b.Epsilon()) + beta
	t.Named = []nn.Named{{Symbol: "γ", Value: g}, {Symbol: "β", Value: beta}, {Symbol: "μ", Value: mu}, {Symbol: "σ²", Value: v}, {Symbol: "ε", Value: b.Epsilon()}}
	return t
}

// LRN is local response normalisation across channels (Krizhevsky et al. 2012, §3.3):
//
//	out = in / (K + a·Σ in²)^Beta,  the sum over N channels around the own one
//
// with a = Alpha as printed in the paper when Sum is set, and a = Alpha/N as Caffe and PyTorch have it otherwise.
type LRN struct {
	N              int
	K, Alpha, Beta float64
	Sum            bool
}

// Kind is "lrn".
func (LRN) Kind() nn.Kind { return "lrn" }

// OutShape keeps the shape.
func (l LRN) OutShape(in []tensor.Shape) (tensor.Shape, error) {
	x, err := one(in)
	if err == nil && l.N < 1 {
		err = fmt.Errorf("normalisation over %d channels", l.N)
	}
	return x, err
}

// Params is empty.
func (LRN) Params([]tensor.Shape) []nn.ParamSpec { return nil }

// MACs is 0 by the convention.
func (LRN) MACs([]tensor.Shape, tensor.Shape) int64 { return 0 }

// Factor is the a of the formula.
func (l LRN) Factor() float64 {
	if l.Sum {
		return l.Alpha
	}
	return l.Alpha / float64(l.N)
}

func (l LRN) shape(s tensor.Shape) kernel.LRNShape {
	return kernel.LRNShape{N: s.N, C: s.C, HW: s.PlaneLen(), Size: l.N, Alpha: l.Alpha, Beta: l.Beta, K: l.K, PlainAlpha: l.Sum}
}

// Forward normalises.
func (l LRN) Forward(k *nn.Call) {
	kernel.LRN(k.Out.Data, k.In[0].Data, l.shape(k.Out.Shape), k.Workers)
}

// Backward adds the gradient, which runs through the neighbours too.
func (l LRN) Backward(k *nn.GradCall) {
	if k.GradIn[0] != nil {
		kernel.LRNBackward(k.GradIn[0].Data, k.GradOut.Data, k.In[0].Data, l.shape(k.Out.Shape), k.Workers)
	}
}

// Explain lists the neighbouring channels; W is 1 for the own one and 0 for the others. Sum is Σ in².
func (l LRN) Explain(k *nn.Call, cell nn.Cell) nn.Terms {
	t := nn.Terms{Form: nn.FormLRN}
	own := 0.0
	for c := max(cell.C-l.N/2, 0); c < min(cell.C-l.N/2+l.N, k.In[0].Shape.C); c++ {
		x := float64(k.In[0].At(0, c, cell.Y, cell.X))
		i := nn.Term{Cell: nn.Cell{C: c, Y: cell.Y, X: cell.X}, X: x}
		if c == cell.C {
			i.W, own = 1, x
		}
		t.Items = append(t.Items, i)
		t.Sum += x * x
	}
	t.Value = own / math.Pow(l.K+l.Factor()*t.Sum, l.Beta)
	t.Named = []nn.Named{{Symbol: "k", Value: l.K}, {Symbol: "α", Value: l.Factor()}, {Symbol: "β", Value: l.Beta}}
	return t
}
