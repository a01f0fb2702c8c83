package plan

import (
	"time"

	"stride/internal/nn/kernel/nchwc"
)

// packing brings weights of a step into the order in which its kernels read them.
type packing struct {
	w    []float32 // as they are stored
	pack func(nchwc.Parallel)
}

// Releaser is what weights may have besides the method of nn.Weights when their values lie in a file: Release says that v,
// a part of what Values returned, is not needed soon. Reading v again still works, and may be slow.
type Releaser interface{ Release(v []float32) }

// prepare packs the weights of a step with all workers and binds its kernels. It happens when the step first runs, so that
// the first maps of a large network are there before its last layers are read; what has been packed is released piece by
// piece, so that few weights are ever in memory twice.
func (p *Plan) prepare(s *step) {
	if s.ready {
		return
	}
	start := time.Now()
	stored, _ := p.w.(Releaser)
	for _, k := range s.packs {
		k.pack(func(n int, f func(i int)) {
			p.pool.Run(n, func(_, i int) {
				f(i)
				if stored != nil {
					stored.Release(k.w[i*len(k.w)/n : (i+1)*len(k.w)/n])
				}
			})
		})
	}
	if s.bind != nil {
		s.bind(s)
	}
	s.joinClear()
	p.env.Alloc()
	s.packs, s.bind, s.ready = nil, nil, true
	p.packing.Add(int64(time.Since(start)))
}
