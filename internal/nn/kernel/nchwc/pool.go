package nchwc

import "fmt"

// PoolShape is a pooling window. Windows are clipped to the map; for averages, IncludePad says that padding counts in the
// divisor as far as it belongs to the padded map.
type PoolShape struct {
	KH, KW          int
	SH, SW          int
	PadTop, PadLeft int
	IncludePad      bool
}

// pool is a bound pooling layer. Windows are lists per axis, so that clipped and adaptive windows need no special case.
type pool struct {
	src, dst Map
	ys, xs   []span
	runs     []run // of xs
	avg      bool
	set      *Set
	grid     grid
	args     []poolArgs
}

// span is the clipped window along one axis: n cells from at on; an average divides by count.
type span struct{ at, n, count int }

// run is a number of neighbouring output columns with windows of the same size at equal distances.
type run struct{ x, n, step int }

// MaxPool binds dst = max over the windows of src.
func (e *Env) MaxPool(p PoolShape, dst, src Map) Job { return e.pool(p, dst, src, false) }

// AvgPool binds dst = mean over the windows of src.
func (e *Env) AvgPool(p PoolShape, dst, src Map) Job { return e.pool(p, dst, src, true) }

func (e *Env) pool(p PoolShape, dst, src Map, avg bool) Job {
	ys, xs := windows(dst.H, src.H, p.KH, p.SH, p.PadTop, p.IncludePad), windows(dst.W, src.W, p.KW, p.SW, p.PadLeft, p.IncludePad)
	return e.poolSpans("Pool", dst, src, ys, xs, avg)
}

// AdaptiveAvgPool binds the mean over the windows ⌊y·H/H'⌋ … ⌈(y+1)·H/H'⌉ − 1; a 1×1 dst is the global average.
func (e *Env) AdaptiveAvgPool(dst, src Map) Job {
	return e.poolSpans("AdaptiveAvgPool", dst, src, adaptive(dst.H, src.H), adaptive(dst.W, src.W), true)
}

// windows lists the windows of out positions over n cells.
func windows(out, n, k, stride, pad int, includePad bool) []span {
	w := make([]span, out)
	for i := range w {
		lo := i*stride - pad
		hi := lo + k
		w[i] = span{at: max(lo, 0), n: min(hi, n) - max(lo, 0)}
		w[i].count = w[i].n
		if includePad {
			w[i].count = min(hi, n+pad) - lo
		}
	}
	return w
}

func adaptive(out, n int) []span {
	w := make([]span, out)
	for i := range w {
		lo, hi := i*n/out, ((i+1)*n+out-1)/out
		w[i] = span{lo, hi - lo, hi - lo}
	}
	return w
}

func (e *Env) poolSpans(op string, dst, src Map, ys, xs []span, avg bool) Job {
	dst.checkShape(op, "dst", src.C, dst.H, dst.W)
	src.check(op, "src")
	for _, s := range append(append([]span{}, ys...), xs...) {
		if s.n < 1 || src.Block != e.Set.Block || dst.Block != e.Set.Block {
			panic(fmt.Sprintf("nchwc: %s: empty window or wrong block: %v → %v", op, src, dst))
		}
	}
	k := &pool{src: src, dst: dst, ys: ys, xs: xs, runs: equalRuns(xs), avg: avg, set: e.Set, args: make([]poolArgs, e.Threads)}
	for i := range k.args {
		k.args[i] = poolArgs{Src: src.Data, Dst: dst.Data, RowStride: src.RowStride(), Scale: 1}
	}
	k.grid = e.grid(dst)
	return Job{[]Phase{{k.grid.units(), k.unit}}}
}

// equalRuns joins neighbouring columns.
func equalRuns(xs []span) []run {
	var runs []run
	for x := 0; x < len(xs); {
		r := run{x: x, n: 1}
		for x+r.n < len(xs) {
			step, next := xs[x+r.n].at-xs[x+r.n-1].at, xs[x+r.n]
			if next.n != xs[x].n || next.count != xs[x].count || (r.n > 1 && step != r.step) {
				break
			}
			r.n, r.step = r.n+1, step
		}
		runs = append(runs, r)
		x += r.n
	}
	return runs
}

func (k *pool) unit(worker, unit int) {
	b0, b1, y0, y1 := k.grid.unit(unit)
	for b := b0; b < b1; b++ {
		for y := y0; y < y1; y++ {
			k.row(&k.args[worker], b, y)
		}
	}
}

// row computes row y of block b.
func (k *pool) row(a *poolArgs, b, y int) {
	for _, r := range k.runs {
		a.SrcOff, a.DstOff = k.src.At(b, k.ys[y].at, k.xs[r.x].at), k.dst.At(b, y, r.x)
		a.KH, a.KW, a.N, a.PxStride = k.ys[y].n, k.xs[r.x].n, r.n, r.step*k.src.Block
		switch {
		case k.avg:
			a.Scale = 1 / float32(k.ys[y].count*k.xs[r.x].count)
			k.set.avgPool(a)
		case a.KW == 3:
			k.set.maxPool3(a)
		default:
			k.set.maxPool(a)
		}
	}
}
