package nchwc

import (
	"fmt"
	"math"
)

// rowJob binds f to every row of every block of dst.
func (e *Env) rowJob(dst Map, f func(worker, block, y int)) Job {
	g := e.grid(dst)
	return Job{[]Phase{{g.units(), func(worker, unit int) {
		b0, b1, y0, y1 := g.unit(unit)
		for b := b0; b < b1; b++ {
			for y := y0; y < y1; y++ {
				f(worker, b, y)
			}
		}
	}}}}
}

// flat views maps without halos as maps of one row where their rows are short: a call per row would cost more than the row.
func flat(maps ...*Map) {
	const long = 32 // pixels
	for _, m := range maps {
		if m.Before+m.After != 0 || m.W >= long {
			return
		}
	}
	for _, m := range maps {
		m.H, m.W = 1, m.H*m.W
	}
}

// row is the values of one row of a block.
func (m Map) row(block, y int) []float32 { return m.Data[m.At(block, y, 0):][:m.W*m.Block] }

// same panics unless the maps have one shape and block.
func same(op string, dst Map, src ...Map) {
	dst.check(op, "dst")
	for _, s := range src {
		if s.Block != dst.Block {
			panic(fmt.Sprintf("nchwc: %s: blocks of %v and %v differ", op, s, dst))
		}
		s.checkShape(op, "src", dst.C, dst.H, dst.W)
	}
}

// Act binds dst = act(src); dst may be src.
func (e *Env) Act(act Act, dst, src Map) Job {
	ones := make([]float32, dst.Block)
	for i := range ones {
		ones[i] = 1
	}
	if f := e.Set.curve(act); f != nil {
		same("Act", dst, src)
		flat(&dst, &src)
		return e.rowJob(dst, func(_, b, y int) { f(dst.row(b, y), src.row(b, y)) })
	}
	return e.affine(dst, src, func(int) ([]float32, []float32) { return ones, make([]float32, dst.Block) }, act)
}

// Affine binds dst = act(src·scale + shift) with one scale and shift per channel (batch normalisation); dst may be src.
func (e *Env) Affine(scale, shift []float32, dst, src Map, act Act) Job {
	if len(scale) != dst.C || len(shift) != dst.C {
		panic(fmt.Sprintf("nchwc: Affine: len(scale), len(shift) = %d, %d, want %d", len(scale), len(shift), dst.C))
	}
	sc, sh := padded(scale, dst.C, dst.Block), padded(shift, dst.C, dst.Block)
	return e.affine(dst, src, func(b int) ([]float32, []float32) { return sc[b*dst.Block:], sh[b*dst.Block:] }, act)
}

func (e *Env) affine(dst, src Map, of func(block int) (scale, shift []float32), act Act) Job {
	same("Affine", dst, src)
	flat(&dst, &src)
	scale, shift := make([][]float32, dst.Blocks()), make([][]float32, dst.Blocks())
	for b := range scale {
		sc, sh := of(b)
		scale[b], shift[b] = sc[:dst.Block], sh[:dst.Block]
	}
	lo, hi, _ := act.clamp()
	curve := e.Set.curve(act)
	return e.rowJob(dst, func(_, b, y int) {
		row := dst.row(b, y)
		e.Set.affine(row, src.row(b, y), scale[b], shift[b], lo, hi)
		if curve != nil {
			curve(row, row)
		}
	})
}

// Add binds dst = act(a + b); dst may be a or b.
func (e *Env) Add(dst, a, b Map, act Act) Job { return e.binary("Add", e.Set.add, dst, a, b, act) }

// Mul binds dst = act(a · b); dst may be a or b.
func (e *Env) Mul(dst, a, b Map, act Act) Job { return e.binary("Mul", e.Set.mul, dst, a, b, act) }

func (e *Env) binary(op string, f func(dst, a, b []float32, lo, hi float32), dst, a, b Map, act Act) Job {
	same(op, dst, a, b)
	flat(&dst, &a, &b)
	lo, hi, _ := act.clamp()
	curve := e.Set.curve(act)
	return e.rowJob(dst, func(_, blk, y int) {
		row := dst.row(blk, y)
		f(row, a.row(blk, y), b.row(blk, y), lo, hi)
		if curve != nil {
			curve(row, row)
		}
	})
}

// Scale binds dst = src · gate, gate C×1×1: one factor per channel (squeeze and excitation). dst may be src.
func (e *Env) Scale(dst, src, gate Map) Job {
	same("Scale", dst, src)
	gate.checkShape("Scale", "gate", dst.C, 1, 1)
	flat(&dst, &src)
	zero := make([]float32, dst.Block)
	return e.rowJob(dst, func(_, b, y int) {
		e.Set.affine(dst.row(b, y), src.row(b, y), gate.row(b, 0), zero, -inf, inf)
	})
}

// Copy binds dst = src. The channels of dst and src may lie differently in their blocks: dst is a slice of a map that
// starts at lane first of its block 0 (a concatenation whose parts do not fill blocks).
func (e *Env) Copy(dst Map, first int, src Map) Job {
	if first%dst.Block == 0 && src.C%src.Block == 0 || first == 0 && src.C == dst.C {
		part := dst.Slice(first, src.C)
		same("Copy", part, src)
		flat(&part, &src)
		return e.rowJob(part, func(_, b, y int) { copy(part.row(b, y), src.row(b, y)) })
	}
	src.checkShape("Copy", "src", src.C, dst.H, dst.W)
	dst.check("Copy", "dst")
	if first+src.C > dst.C || src.Block != dst.Block {
		panic(fmt.Sprintf("nchwc: Copy: %v to channel %d of %v", src, first, dst))
	}
	end := first + src.C
	if end == dst.C {
		end = dst.Blocks() * dst.Block // and clear the padding lanes
	}
	return Job{[]Phase{{dst.H, func(_, y int) {
		for c := first + src.C; c < end; c++ {
			o := dst.Index(c, y, 0)
			for x := range dst.W {
				dst.Data[o+x*dst.Block] = 0
			}
		}
		for c := range src.C {
			i, o := src.Index(c, y, 0), dst.Index(first+c, y, 0)
			for x := range src.W {
				dst.Data[o+x*dst.Block] = src.Data[i+x*src.Block]
			}
		}
	}}}}
}

// LRN binds local response normalisation over n channels: dst[c] = src[c] / (k + a·Σ src²)^beta, the sum over the n
// channels around c that exist; a is the factor in front of the sum (Krizhevsky et al. 2012, §3.3). dst is not src.
func (e *Env) LRN(dst, src Map, n int, k, a, beta float32) Job {
	same("LRN", dst, src)
	need := dst.Blocks()*dst.Block + 4
	e.reserve(need, 0)
	if n != 5 || beta != 0.75 {
		return Job{[]Phase{{dst.H, func(_, y int) { lrnRow(dst, src, y, n, k, a, beta) }}}}
	}
	return Job{[]Phase{{dst.H, func(worker, y int) {
		sq := e.scratch(worker)[:need]
		sq[0], sq[1], sq[need-2], sq[need-1] = 0, 0, 0, 0
		e.Set.lrn5(dst.Data[dst.At(0, y, 0):], src.Data[src.At(0, y, 0):], sq, dst.Blocks(), dst.BlockStride(), src.BlockStride(),
			dst.W, k, a)
	}}}}
}

// lrnRow is local response normalisation of one row for any window and exponent.
func lrnRow(dst, src Map, y, n int, k, a, beta float32) {
	for c := range src.C {
		lo, hi := max(c-n/2, 0), min(c-n/2+n, src.C)
		for x := range src.W {
			var sum float32
			for q := lo; q < hi; q++ {
				v := src.Data[src.Index(q, y, x)]
				sum += v * v
			}
			v := src.Data[src.Index(c, y, x)]
			dst.Data[dst.Index(c, y, x)] = v / float32(math.Pow(float64(k+a*sum), float64(beta)))
		}
	}
}

// Softmax is dst = e^x / Σ e^x over the values of src, a vector without a halo; the largest value is subtracted first.
func (e *Env) Softmax(dst, src Map) Job {
	dst.checkShape("Softmax", "dst", src.C, 1, 1)
	src.check("Softmax", "src")
	return Job{[]Phase{{1, func(int, int) { softmax(e.Set, dst.Data[:dst.Len()], src.Data[:src.Len()], src.C) }}}}
}

func softmax(s *Set, dst, src []float32, n int) {
	top := float32(math.Inf(-1))
	for _, v := range src[:n] {
		if v > top || v != v {
			top = v
		}
	}
	for i, v := range src {
		dst[i] = v - top
	}
	s.exp(dst, dst)
	clear(dst[n:])
	var sum float64
	for _, v := range dst[:n] {
		sum += float64(v)
	}
	for i, v := range dst[:n] {
		dst[i] = float32(float64(v) / sum)
	}
}
