package diagram

import "slices"

// seq is a series of elements, each reading the one before.
type seq []elem

// elem is one vertex of a flow or, with lanes, everything from a fork to the join v: every lane starts at the vertex
// before and ends in v. An empty lane is a direct connection. Lanes are in the order of the join's inputs.
type elem struct {
	v     int
	lanes []seq
}

// parse reads a flow as a tree of series and forks. It fails on a flow that is not made of such parts, that has several
// inputs (unless they all meet in the first layer, and nothing else reads them), or several ends.
func (f *flow) parse() (seq, bool) {
	n := len(f.pred)
	if n == len(f.src) {
		return nil, false
	}
	var start int
	switch {
	case len(f.src) == 0:
		start = 0
	case len(f.src) == 1:
		s, ok := f.series(0, -1)
		return s, ok && s.size() == n-1
	default:
		start = len(f.src)
		for v := range f.src {
			if len(f.succ[v]) != 1 || f.succ[v][0] != start {
				return nil, false
			}
		}
	}
	s, ok := f.series(start, -1)
	return append(seq{{v: start}}, s...), ok && s.size()+1 == n-len(f.src)
}

// size counts the vertices of a series.
func (s seq) size() int {
	n := 0
	for _, e := range s {
		n++
		for _, l := range e.lanes {
			n += l.size()
		}
	}
	return n
}

// series follows the flow from a vertex (which is not part of the result) up to the vertex stop, or to the end.
func (f *flow) series(from, stop int) (seq, bool) {
	var s seq
	for cur := from; ; {
		next := f.succ[cur]
		switch {
		case len(next) == 0:
			return s, stop < 0
		case len(next) == 1 && next[0] == stop:
			return s, true
		case len(next) == 1:
			if len(f.pred[next[0]]) != 1 {
				return nil, false
			}
			s = append(s, elem{v: next[0]})
			cur = next[0]
		default:
			e, ok := f.fork(cur, stop)
			if !ok {
				return nil, false
			}
			s = append(s, e)
			cur = e.v
		}
	}
}

// fork reads the lanes between a vertex with several readers and the vertex where they meet again.
func (f *flow) fork(from, stop int) (elem, bool) {
	join := f.meet(from)
	if join < 0 || join == stop || len(f.pred[join]) != len(f.succ[from]) {
		return elem{}, false
	}
	type lane struct {
		s     seq
		order int
	}
	var lanes []lane
	for _, v := range f.succ[from] {
		last, s := from, seq(nil)
		if v != join {
			if len(f.pred[v]) != 1 {
				return elem{}, false
			}
			rest, ok := f.series(v, join)
			if !ok {
				return elem{}, false
			}
			s = append(seq{{v: v}}, rest...)
			last = s[len(s)-1].v
		}
		i := slices.Index(f.pred[join], last)
		if i < 0 {
			return elem{}, false
		}
		lanes = append(lanes, lane{s, i})
	}
	slices.SortStableFunc(lanes, func(a, b lane) int { return a.order - b.order })
	e := elem{v: join}
	for i, l := range lanes {
		if l.order != i {
			return elem{}, false
		}
		e.lanes = append(e.lanes, l.s)
	}
	return e, true
}

// meet is the first vertex that lies on all ways from v to the end; −1 when the ways do not meet.
func (f *flow) meet(v int) int {
	last := len(f.pred) - 1
	// A vertex is on all ways when, walking in order, no way that began before it is still open past it.
	reach := v
	seen := make(map[int]bool)
	for _, u := range f.succ[v] {
		seen[u] = true
		reach = max(reach, u)
	}
	for u := v + 1; u <= last; u++ {
		if !seen[u] {
			continue
		}
		if u >= reach {
			return u
		}
		for _, w := range f.succ[u] {
			seen[w] = true
			reach = max(reach, w)
		}
		if len(f.succ[u]) == 0 {
			return -1
		}
	}
	return -1
}
