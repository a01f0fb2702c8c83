package nchwc

import "fmt"

// DenseWeights are the weights of a fully connected layer in panels of columns: [panel][k][columns]. A panel has eight
// blocks of columns, or four where the layer is narrow.
type DenseWeights struct {
	set     *Set
	in      Map // geometry of the input; Data is nil
	out, k  int
	columns int
	kernel  func(dst, x, w, bias []float32)
	w       []float32
	bias    []float32
}

// PackDense prepares w, out×(C·H·W) in NCHW order, for an input of the geometry of in, whose stored values the layer reads
// as they lie, so that no flattening is needed. bias may be nil. If parallel is not nil, parallel(n, f) calls
// f(i) for every i < n on several goroutines.
func (s *Set) PackDense(out int, in Map, w, bias []float32, parallel func(n int, f func(i int))) *DenseWeights {
	hw := in.H * in.W
	if in.Block != s.Block || len(w) != out*in.C*hw {
		panic(fmt.Sprintf("nchwc: PackDense: len(w) = %d, want %d·%d for %v", len(w), out, in.C*hw, in))
	}
	in.Data = nil
	columns, kernel := 8*s.Block, s.dense8
	if out <= 2*columns {
		columns, kernel = 4*s.Block, s.dense4
	}
	d := &DenseWeights{set: s, in: in, out: out, k: in.Len(), columns: columns, kernel: kernel, bias: padded(bias, out, columns)}
	panels := ceil(out, columns)
	d.w = Floats(panels * d.k * columns)
	pack := func(p int) {
		panel := d.w[p*d.k*columns:][:d.k*columns]
		lo, n := p*columns, min(columns, out-p*columns)
		for c := range in.C {
			in.eachRow(c, func(i, y int) {
				for x := range in.W {
					dst := panel[(i+x*in.Block)*columns:][:n]
					src := w[lo*in.C*hw+c*hw+y*in.W+x:]
					for j := range dst {
						dst[j] = src[j*in.C*hw]
					}
				}
			})
		}
	}
	if parallel == nil {
		parallel = func(n int, f func(i int)) {
			for i := range n {
				f(i)
			}
		}
	}
	parallel(panels, pack)
	return d
}

// Bytes is the size of the packed weights.
func (d *DenseWeights) Bytes() int64 { return 4 * int64(len(d.w)+len(d.bias)) }

// dense is a bound fully connected layer.
type dense struct {
	*DenseWeights
	x     []float32
	dst   Map
	act   Act
	curve func(dst, src []float32)
	env   *Env
}

// Dense binds dst = act(w·src + bias); dst is a vector, out×1×1, without a halo. The values of src's halo and padding
// lanes are read, times zero.
func (e *Env) Dense(d *DenseWeights, dst, src Map, act Act) Job {
	dst.checkShape("Dense", "dst", d.out, 1, 1)
	src.check("Dense", "src")
	in := src
	in.Data = nil
	if in.String() != d.in.String() || dst.Before+dst.After != 0 || dst.Block != d.set.Block {
		panic(fmt.Sprintf("nchwc: Dense: src %v and dst %v, want src %v", src, dst, d.in))
	}
	e.reserve(d.columns, 0)
	k := &dense{DenseWeights: d, x: src.Data[:d.k], dst: dst, act: act, curve: d.set.curve(act), env: e}
	return Job{[]Phase{{ceil(d.out, d.columns), k.unit}}}
}

// unit computes one panel. The last may be wider than dst, so every panel is finished in scratch memory.
func (k *dense) unit(worker, unit int) {
	columns := k.columns
	v := k.env.scratch(worker)[:columns]
	k.kernel(v, k.x, k.w[unit*k.k*columns:][:k.k*columns], k.bias[unit*columns:][:columns])
	if k.curve != nil {
		k.curve(v, v)
	}
	lo, hi, flags := k.act.clamp()
	clampTo(v, v, lo, hi, flags)
	copy(k.dst.Data[unit*columns:k.dst.Len()], v)
}
