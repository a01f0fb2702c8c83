package train

import (
	"stride/internal/nn"
	"stride/internal/nn/tensor"
)

// Dataset is a set of labelled pictures, already in the form the network reads. It is safe for concurrent use.
type Dataset interface {
	Len() int
	// Read writes example i into dst (C×H×W values) and returns its class. A seed other than 0 asks for a random variation
	// of the example, the same for the same seed. A data set that can also give smaller pictures (for recipes with stages) does
	// so when dst is shorter.
	Read(i int, seed uint64, dst []float32) int
}

// mix is the finalizer of SplitMix64: one step of a random stream.
func mix(z uint64) uint64 {
	z += 0x9E3779B97F4A7C15
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}

// shuffle is a permutation of n that depends on the seed alone (Fisher, Yates).
func shuffle(n int, seed uint64) []int {
	p := make([]int, n)
	for i := range p {
		p[i] = i
	}
	for i := n - 1; i > 0; i-- {
		seed = mix(seed)
		j := int(seed % uint64(i+1))
		p[i], p[j] = p[j], p[i]
	}
	return p
}

// fill reads a batch in parallel. seed 0 reads the examples as they are.
func fill(x *tensor.Tensor, labels []int, d Dataset, idx []int, seed uint64, ws nn.Workers) {
	l := x.Shape.ImageLen()
	read := func(_, i int) {
		s := seed
		if s != 0 {
			s = mix(s+uint64(idx[i])) | 1
		}
		labels[i] = d.Read(idx[i], s, x.Data[i*l:(i+1)*l])
	}
	if ws == nil {
		for i := range idx {
			read(0, i)
		}
		return
	}
	ws.Run(len(idx), read)
}
