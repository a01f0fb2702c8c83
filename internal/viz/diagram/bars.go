package diagram

import "math"

// barHeight is proportional to the height of a bar: log2(side)^1.35 for maps, log2(channels) for the output of a dense
// layer, little for other vectors.
func barHeight(l *Layer) float64 {
	s := l.Main.Shape
	switch {
	case s.PlaneLen() > 1:
		return math.Pow(math.Log2(float64(max(s.H, s.W))), 1.35)
	case l.Class == ClassDense:
		return 0.68 * math.Log2(float64(s.C)+1)
	case l.Role == RoleGate:
		return 1.5
	}
	return 3
}

// tallest is the height that fills a silhouette: that of a 224×224 map, so that networks can be compared, or of the
// largest map when that is larger.
func (o *Outline) tallest() float64 {
	t := math.Pow(math.Log2(224), 1.35)
	for _, s := range o.Stages {
		for _, b := range s.Blocks {
			for _, l := range b.Layers {
				if hasBar(l) {
					t = max(t, barHeight(l))
				}
			}
		}
	}
	return t
}

// barWidth is proportional to the width of a bar.
func barWidth(l *Layer) float64 {
	if l.Class == ClassDense {
		return 5.5
	}
	return max(math.Log2(float64(l.Main.Shape.C)), 2)
}

func hasBar(l *Layer) bool { return weighty(l.Main) || l.Class == ClassPool }

// slot is the room of one stage.
type slot struct {
	stage       *Stage
	blocks      [][]Bar // boxes not yet placed: W and H are in the units of barWidth and barHeight
	label       float64
	shape, name string
}

// slots collects the bars stage by stage and merges neighbours when there are too many.
func (o *Outline) slots(size SilhouetteSize) []slot {
	var slots []slot
	n := 0
	for _, st := range o.Stages {
		if st.Kind == StageAux || st.Kind == StageInput && !size.Labels {
			continue
		}
		sl := slot{stage: st}
		if size.Labels {
			sl.shape, sl.name = ShapeText(st.Out), st.Label()
			sl.label = max(MonoWidth(sl.shape, textSize), 1.06*TextWidth(sl.name, textSize))
		}
		for _, b := range st.Blocks {
			var bars []Bar
			for _, l := range b.Layers {
				if hasBar(l) {
					bars = append(bars, Bar{Box: Box{W: barWidth(l), H: barHeight(l)}, Class: l.Class, Layer: l, Count: 1, Stage: st.Index, Block: b.Index})
				}
			}
			n += len(bars)
			sl.blocks = append(sl.blocks, bars)
		}
		slots = append(slots, sl)
	}
	least := 0.9
	if size.Labels {
		least = 1.5
	}
	if r := int(math.Ceil(float64(n) * least / size.W)); r > 1 {
		for i := range slots {
			slots[i].merge(r)
		}
	}
	return slots
}

// merge joins r neighbouring bars into one, across the blocks of a stage: the most frequent class, the tallest height.
func (s *slot) merge(r int) {
	var all []Bar
	for _, b := range s.blocks {
		all = append(all, b...)
	}
	var out []Bar
	for i := 0; i < len(all); i += r {
		run := all[i:min(i+r, len(all))]
		bar := run[0]
		bar.Count = len(run)
		seen := map[Class]int{}
		sum := 0.0
		for _, x := range run {
			seen[x.Class]++
			if seen[x.Class] > seen[bar.Class] {
				bar.Class = x.Class
			}
			bar.H = max(bar.H, x.H)
			sum += x.W
		}
		bar.W = sum / float64(len(run))
		out = append(out, bar)
	}
	s.blocks = make([][]Bar, len(s.stage.Blocks))
	for _, b := range out {
		s.blocks[b.Block] = append(s.blocks[b.Block], b)
	}
}

// The gaps shrink with the bars.
func barGap(k float64) float64 { return min(max(k, 0.15), 1.4) }

func blockGap(k float64, size SilhouetteSize) float64 {
	if !size.Labels {
		return barGap(k)
	}
	return min(max(5*k, 0.6), 6)
}

func stageGap(k float64, size SilhouetteSize) float64 {
	if !size.Labels {
		return min(2*barGap(k), 2)
	}
	return min(max(16*k, 6), 14)
}

// width is the room that a stage's bars take.
func (s *slot) width(k float64, size SilhouetteSize) float64 {
	w := 0.0
	drawn := 0
	for _, b := range s.blocks {
		if len(b) == 0 {
			continue
		}
		if drawn++; drawn > 1 {
			w += blockGap(k, size)
		}
		w += barGap(k) * float64(len(b)-1)
		for _, x := range b {
			w += k * x.W
		}
	}
	if s.stage.Kind == StageInput {
		w = photoSide
	}
	return w
}

func (s *slot) room(k float64, size SilhouetteSize) float64 {
	if s.label == 0 {
		return s.width(k, size)
	}
	return max(s.width(k, size), s.label+labelSpace-stageGap(k, size))
}

func total(slots []slot, k float64, size SilhouetteSize) float64 {
	w := stageGap(k, size) * float64(len(slots)-1)
	for i := range slots {
		w += slots[i].room(k, size)
	}
	return w
}

// fit finds the largest scale of widths at which everything has room; when even the labels have none, they go.
func fit(slots []slot, room float64, size SilhouetteSize) float64 {
	most := 2.2
	if !size.Labels {
		most = 3
	}
	const least = 0.02
	if total(slots, least, size) > room {
		for i := range slots {
			slots[i].label, slots[i].shape, slots[i].name = 0, "", ""
		}
	}
	lo, hi := least, most
	for range 30 {
		if mid := (lo + hi) / 2; total(slots, mid, size) <= room {
			lo = mid
		} else {
			hi = mid
		}
	}
	return lo
}
