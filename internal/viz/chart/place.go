package chart

import (
	"cmp"
	"math"
	"slices"
)

// box is a rectangle that a label takes, y downwards.
type box struct{ x0, y0, x1, y1 float64 }

func (b box) overlaps(o box) bool { return b.x0 < o.x1 && o.x0 < b.x1 && b.y0 < o.y1 && o.y0 < b.y1 }

func (b box) inside(o box) bool { return b.x0 >= o.x0 && b.x1 <= o.x1 && b.y0 >= o.y0 && b.y1 <= o.y1 }

// overlap is the area that two boxes share.
func (b box) overlap(o box) float64 {
	return max(0, min(b.x1, o.x1)-max(b.x0, o.x0)) * max(0, min(b.y1, o.y1)-max(b.y0, o.y0))
}

// spread moves positions apart so that neighbours keep a distance, as little as possible in the sum of squares, and all stay
// between lo and hi if they fit. The result is in the order of the input. (Pool adjacent violators: positions less their
// rank times the distance must not fall.)
func spread(at []float64, distance, lo, hi float64) []float64 {
	n := len(at)
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(at[a], at[b]) })
	type pool struct {
		sum float64
		n   int
	}
	var pools []pool
	for rank, i := range order {
		pools = append(pools, pool{at[i] - float64(rank)*distance, 1})
		for len(pools) > 1 {
			a, b := pools[len(pools)-2], pools[len(pools)-1]
			if a.sum/float64(a.n) <= b.sum/float64(b.n) {
				break
			}
			pools = append(pools[:len(pools)-2], pool{a.sum + b.sum, a.n + b.n})
		}
	}
	out := make([]float64, n)
	rank := 0
	for _, p := range pools {
		for range p.n {
			// Clamping to the room that is left for the ranks below and above keeps the distances.
			v := p.sum / float64(p.n)
			v = max(lo, min(v, hi-float64(n-1)*distance))
			out[order[rank]] = v + float64(rank)*distance
			rank++
		}
	}
	return out
}

// tag is a label looking for a place beside its point, a disc of radius r.
type tag struct {
	x, y, r       float64
	width, height float64
	// must says that the label has to be shown; others are left out when there is no room.
	must bool
}

// place is where a label went: the left end of its baseline box, and whether it stands so far off that it needs a line to
// its point.
type place struct {
	box
	shown, far bool
}

// placeTags finds places one after the other, in the order given: of the positions around the point that are inside bounds
// and on no label already placed, the one that covers least of the discs, near ones first. Labels never overlap; one that must be shown
// looks farther and farther away.
func placeTags(tags []tag, bounds box) []place {
	places := make([]place, len(tags))
	var taken []box
	for i, t := range tags {
		best, cost := place{}, math.Inf(1)
		for ring := range 7 {
			away := float64(ring) * 60 // what standing apart is worth in covered area
			if cost <= away || ring > 2 && (!t.must || best.shown) {
				break
			}
			for k, b := range t.candidates(ring) {
				if c := away + t.cost(b, k, i, tags, taken, bounds); c < cost {
					best, cost = place{box: b, shown: true, far: ring > 0}, c
				}
			}
		}
		if best.shown {
			places[i] = best
			taken = append(taken, best.box)
		}
	}
	return places
}

// candidates is the places at a ring around the point, the preferred ones first: right, left, above, below, corners.
func (t tag) candidates(ring int) []box {
	d := t.r + 4 + float64(ring)*t.height*0.9
	diagonal := d * 0.75
	at := func(cx, cy float64) box {
		return box{cx - t.width/2, cy - t.height/2, cx + t.width/2, cy + t.height/2}
	}
	w, h := t.width/2, t.height/2
	return []box{
		at(t.x+d+w, t.y), at(t.x-d-w, t.y), at(t.x, t.y-d-h), at(t.x, t.y+d+h),
		at(t.x+diagonal+w, t.y-diagonal-h/2), at(t.x+diagonal+w, t.y+diagonal+h/2),
		at(t.x-diagonal-w, t.y-diagonal-h/2), at(t.x-diagonal-w, t.y+diagonal+h/2),
	}
}

// cost is infinite for a place that is taken or out of bounds; else what the label covers of discs, and a little for places
// further down the list.
func (t tag) cost(b box, rank, self int, tags []tag, taken []box, bounds box) float64 {
	if !b.inside(bounds) {
		return math.Inf(1)
	}
	for _, o := range taken {
		if b.overlaps(o) {
			return math.Inf(1)
		}
	}
	c := float64(rank) * 4
	for j, o := range tags {
		if j != self {
			c += b.overlap(box{o.x - o.r, o.y - o.r, o.x + o.r, o.y + o.r})
		}
	}
	return c
}
