package golden

import (
	"encoding/binary"
	"hash/fnv"
	"math"
	"sync"

	"stride/internal/nn"
	"stride/internal/nn/tensor"
	"stride/internal/nn/weights"
)

// Values are the n values of the formula tensor called name, in [lo, hi).
func Values(name string, n int, lo, hi float64) []float32 {
	v := make([]float32, n)
	weights.Uniform(v, name, 0, lo, hi)
	return v
}

// Range is the interval from which the formula draws a parameter. fanIn matters for weights only.
func Range(role nn.Role, fanIn int, gain float64) (lo, hi float64) {
	switch role {
	case nn.ConvWeight, nn.LinearWeight:
		b := gain * math.Sqrt(6/float64(fanIn))
		return -b, b
	case nn.Bias:
		return -0.05, 0.05
	case nn.NormWeight, nn.NormVar:
		return 0.5, 1.5
	}
	return -0.1, 0.1
}

// Weights are the formula weights of a graph, auxiliary classifiers included. gain is in the model's golden file.
func Weights(g *nn.Graph, gain float64) *weights.Set {
	s := weights.NewSet()
	weights.EachParam(g, func(n *nn.Node, p nn.ParamSpec) {
		lo, hi := Range(p.Role, p.FanIn(), gain)
		s.Add(n.Key(p), p.Dims, Values(n.Key(p), p.Len(), lo, hi))
	})
	return s
}

// grid is the number of support points per side of the smooth part of the picture.
const grid = 9

// Input is the formula picture: a smooth part, bilinear between 9×9 points per image and channel, plus noise, in [−2, 2).
func Input(s tensor.Shape) *tensor.Tensor {
	g := Values("input.grid", s.N*s.C*grid*grid, -1.5, 1.5)
	t := tensor.Of(s, Values("input.noise", s.Len(), -0.5, 0.5))
	for n := range s.N {
		for c := range s.C {
			at := g[(n*s.C+c)*grid*grid:]
			for y := range s.H {
				for x := range s.W {
					i := s.Index(n, c, y, x)
					t.Data[i] = float32(smooth(at, y, x, s.H, s.W) + float64(t.Data[i]))
				}
			}
		}
	}
	return t
}

// smooth interpolates the grid at pixel (y, x). Every product is rounded by itself.
func smooth(at []float32, y, x, h, w int) float64 {
	iy, ty := support(y, h)
	ix, tx := support(x, w)
	v := func(y, x int) float64 { return float64(at[y*grid+x]) }
	top := lerp(v(iy, ix), v(iy, ix+1), tx)
	bottom := lerp(v(iy+1, ix), v(iy+1, ix+1), tx)
	return lerp(top, bottom, ty)
}

func support(p, side int) (i int, t float64) {
	q := (grid - 1) * p
	return q / side, float64(q%side) / float64(side)
}

func lerp(a, b, t float64) float64 {
	d := float64((b - a) * t)
	return a + d
}

// Checksum is the FNV-1a hash of the values as little-endian float32, in NCHW order.
func Checksum(v []float32) uint64 {
	h := fnv.New64a()
	b := make([]byte, 4)
	for _, x := range v {
		binary.LittleEndian.PutUint32(b, math.Float32bits(x))
		h.Write(b)
	}
	return h.Sum64()
}

// Probe is Σ v_i · r_i in float64, where r_i in [−1, 1) are formula values of the name "probe": one number that depends on
// every value and its position.
func Probe(v []float32) float64 {
	u := probeValues(len(v))
	var sum float64
	for i, x := range v {
		sum += float64(float64(x) * (2*float64(u[i]) - 1))
	}
	return sum
}

var probe struct {
	sync.Mutex
	u []float32 // 24 bits each, so float32 holds them exactly
}

func probeValues(n int) []float32 {
	probe.Lock()
	defer probe.Unlock()
	if len(probe.u) < n {
		probe.u = Values("probe", n, 0, 1)
	}
	return probe.u[:n]
}
