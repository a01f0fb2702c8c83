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
// as they lie, so that no flattening is needed. bias may be nil. Unit i of n that it does in parallel reads that part of w.
func (s *Set) PackDense(out int, in Map, w, bias []float32, parallel Parallel) *DenseWeights {
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
	parallel.each(panels, func(p int) {
		lo := p * columns
		d.pack(d.w[p*d.k*columns:][:d.k*columns], w[lo*in.C*hw:], min(columns, out-lo))
	})
	return d
}

// pack transposes the first n rows of w into a panel. Rows of w often lie at distances at which few of them fit into the
// nearest cache: it takes few rows and a few cache lines of each at a time.
func (d *DenseWeights) pack(panel, w []float32, n int) {
	const values = 64
	in, hw := d.in, d.in.H*d.in.W
	k, channels := in.C*hw, max(1, values/hw)
	for c0 := 0; c0 < in.C; c0 += channels {
		for j := 0; j < n; j += packRows {
			rows := w[j*k:]
			for c := c0; c < min(c0+channels, in.C); c++ {
				in.eachRow(c, func(i, y int) {
					transpose(panel[i*d.columns+j:], in.Block*d.columns, rows[c*hw+y*in.W:], k, in.W, min(packRows, n-j))
				})
			}
		}
	}
}

// packRows is how many rows are transposed at a time.
const packRows = 8

// transpose is dst[x·step + j] = src[j·k + x] for x < width and j < n, n at most packRows.
func transpose(dst []float32, step int, src []float32, k, width, n int) {
	if n < packRows {
		for j := range n {
			for x, v := range src[j*k:][:width] {
				dst[x*step+j] = v
			}
		}
		return
	}
	r0, r1, r2, r3 := src[:width], src[k:][:width], src[2*k:][:width], src[3*k:][:width]
	r4, r5, r6, r7 := src[4*k:][:width], src[5*k:][:width], src[6*k:][:width], src[7*k:][:width]
	for x := range width {
		*(*[packRows]float32)(dst[x*step:]) = [...]float32{r0[x], r1[x], r2[x], r3[x], r4[x], r5[x], r6[x], r7[x]}
	}
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
