package weights

import (
	"hash/fnv"
	"math"
	"strconv"

	"stride/internal/nn"
)

// Uniform fills dst with values of [lo, hi) that depend only on name, seed and position: SplitMix64 (Steele, Lea, Flood
// 2014) from the FNV-1a hash of the name, 24 bits each. The arithmetic is exact or rounded explicitly, so that every
// machine gets the same bits. Seed 0 is the stream of the golden files (nntest/golden).
func Uniform(dst []float32, name string, seed uint64, lo, hi float64) {
	s := stream(name, seed)
	for i := range dst {
		p := float64((hi - lo) * unit(s, i)) // the conversion forbids a fused multiply-add
		dst[i] = float32(lo + p)
	}
}

// stream is the start of a name's random stream.
func stream(name string, seed uint64) uint64 {
	h := fnv.New64a()
	h.Write([]byte(name))
	return h.Sum64() + mix(seed) // mix(0) = 0
}

// unit is value i of a stream in [0, 1), a multiple of 2^−24.
func unit(s uint64, i int) float64 {
	return float64(mix(s+(uint64(i)+1)*0x9E3779B97F4A7C15)>>40) / (1 << 24)
}

// mix is the finalizer of SplitMix64.
func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}

// Init is a set of initial weights for g, auxiliary classifiers included: He et al. 2015 (arXiv:1502.01852) in its uniform
// form, U(−b, b) with b = √(6 / fan-in), for convolutions and dense layers, so that Var(w) = 2 / fan-in. Fan-in (C/groups ·
// KH · KW, or the inputs of a dense layer) keeps the variance of the forward pass through ReLU, which is what a page about
// an untrained network shows. The uniform form is taken because its bits need no logarithm and are the same everywhere.
// Biases are 0; batch normalisation starts as the identity (weight 1, bias 0, mean 0, variance 1). Parameters of role Fixed
// are the architecture's own: an op that has some says them through FixedValues; otherwise they are U(−1, 1).
//
// A key's values depend on the key and the seed alone, not on the other keys or their order.
func Init(g *nn.Graph, seed uint64) *Set {
	s := NewSet()
	s.Meta[MetaTrainedOn] = ""
	s.Meta[MetaSource] = "seeded initialisation, seed " + strconv.FormatUint(seed, 10)
	EachParam(g, func(n *nn.Node, p nn.ParamSpec) {
		key := n.Key(p)
		s.put(key, lazy(p.Dims, F32, func() []float32 { return initial(n, p, key, seed) }))
	})
	return s
}

// initial draws one parameter. It is called when the values are first asked for: VGG's 138 million would keep a page
// waiting that only wants their number.
func initial(n *nn.Node, p nn.ParamSpec, key string, seed uint64) []float32 {
	v := make([]float32, p.Len())
	switch p.Role {
	case nn.ConvWeight, nn.LinearWeight:
		b := math.Sqrt(6 / float64(p.FanIn()))
		Uniform(v, key, seed, -b, b)
	case nn.NormWeight, nn.NormVar:
		for i := range v {
			v[i] = 1
		}
	case nn.Fixed:
		if f, ok := n.Op.(fixed); ok && copy(v, f.FixedValues(p.Name)) == len(v) {
			break
		}
		Uniform(v, key, seed, -1, 1)
	}
	return v
}

// fixed is an op with parameters that the architecture gives (LeNet's output prototypes), in the order of ParamSpec.Dims.
type fixed interface {
	FixedValues(name string) []float32
}

// EachParam visits every parameter of the graph once, in node order, auxiliary classifiers included.
func EachParam(g *nn.Graph, f func(n *nn.Node, p nn.ParamSpec)) {
	for _, n := range g.Nodes {
		for _, p := range n.Params {
			f(n, p)
		}
	}
}
