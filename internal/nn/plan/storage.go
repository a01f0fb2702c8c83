package plan

import (
	"stride/internal/nn/kernel/nchwc"
)

// value is where an activation lives: a map of its own, or a slice of the channels of another (a concatenation).
type value struct {
	c, h, w       int
	block         int
	before, after int // halo that the readers need
	parent        *value
	channel       int // first channel in parent
	first, last   int // steps between which the root's memory is in use
	off           int // place of the root in the arena
	at            int // place of this value in the arena
	m             nchwc.Map
}

// root is the value whose memory this one lies in, and the first channel there.
func (v *value) root() (r *value, channel int) {
	for v.parent != nil {
		channel += v.channel
		v = v.parent
	}
	return v, channel
}

// needs widens the halo.
func (v *value) needs(before, after int) {
	v.before, v.after = max(v.before, before), max(v.after, after)
}

// geometry is the map without memory, with the halo of the root.
func (v *value) geometry() nchwc.Map {
	r, _ := v.root()
	return nchwc.Map{C: v.c, H: v.h, W: v.w, Before: r.before, After: r.after, Block: v.block}
}

// used extends the time in which the memory holds something.
func (v *value) used(step int) {
	r, _ := v.root()
	if r.first < 0 || step < r.first {
		r.first = step
	}
	r.last = max(r.last, step)
}

// line is the alignment of values in the arena, in float32s: a cache line.
const line = 16

// layout gives every root a place in the arena and returns the arena's size. With reuse, values whose times do not
// overlap may share memory; each is placed at the lowest offset that is free during its time, largest first.
func layout(roots []*value, reuse bool) (size int) {
	order := append([]*value(nil), roots...)
	if reuse {
		sortBySize(order)
	}
	var placed []*value
	for _, v := range order {
		v.off = 0
		if reuse {
			v.off = lowest(v, placed)
		} else {
			v.off = size
		}
		placed = append(placed, v)
		size = max(size, v.off+v.span())
	}
	return size
}

// span is the memory of a root, a multiple of the line. The slack behind a map may be another map: it is read, never
// written, and what is read there is not used.
func (v *value) span() int {
	return (v.geometry().Len() + line - 1) / line * line
}

// lowest is the smallest offset at which v overlaps no placed value that lives at the same time.
func lowest(v *value, placed []*value) int {
	off := 0
	for moved := true; moved; {
		moved = false
		for _, q := range placed {
			if q.first <= v.last && v.first <= q.last && off < q.off+q.span() && q.off < off+v.span() {
				off, moved = q.off+q.span(), true
			}
		}
	}
	return off
}

func sortBySize(v []*value) {
	// Insertion sort: stable, and the lists are short.
	for i := 1; i < len(v); i++ {
		for j := i; j > 0 && v[j].span() > v[j-1].span(); j-- {
			v[j], v[j-1] = v[j-1], v[j]
		}
	}
}

// alone reports whether no other root ever uses the memory of v, so that its halo stays zero.
func alone(v *value, roots []*value) bool {
	for _, q := range roots {
		if q != v && v.off < q.off+q.span() && q.off < v.off+v.span() {
			return false
		}
	}
	return true
}

// clearHalo sets the halo of blocks b0 ≤ b < b1 of a map to zero.
func clearHalo(m nchwc.Map, b0, b1 int) {
	if m.Before+m.After == 0 {
		return
	}
	row := m.RowStride()
	for b := b0; b < b1; b++ {
		block := m.Data[b*m.BlockStride():][:m.BlockStride()]
		clear(block[:m.Before*row])
		clear(block[(m.Before+m.H)*row:])
		for y := m.Before; y < m.Before+m.H; y++ {
			r := block[y*row:][:row]
			clear(r[:m.Before*m.Block])
			clear(r[(m.Before+m.W)*m.Block:])
		}
	}
}
