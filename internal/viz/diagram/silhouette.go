package diagram

import (
	"math"
	"strconv"
	"strings"
)

// Silhouette is a whole network as one bar per layer with weights or pooling, in a W×H box: height follows the size of
// the map, width the channels, the class gives the colour. Branches stand one after the other.
type Silhouette struct {
	W, H float64
	Bars []Bar
	// Arcs are the skip connections over the bars.
	Arcs []Arc
	// Stages are the areas to choose, the picture first; without auxiliary classifiers.
	Stages []StageArea
	// Merged is the largest number of layers that one bar stands for: 1 unless there are more layers than room.
	Merged int
}

// Bar is one layer, or Count neighbouring ones where there is no room for each.
type Bar struct {
	Box
	Class Class
	Layer *Layer // the first one
	Count int
	// Stage and Block are indices into the outline.
	Stage, Block int
}

// Arc is a skip connection: feet at X1 and X2, Y pixels from the top.
type Arc struct {
	X1, X2, Y float64
	Class     Class
	// Block is the block that it belongs to.
	Block *Block
}

// StageArea is the part of a silhouette that belongs to a stage. Frame leaves out the labels; X is where they begin.
type StageArea struct {
	Stage *Stage
	Frame Box
	X     float64
	// Shape and Name are the two lines of the label, "512×28²" and "conv3 ×4"; both are empty where there is no room.
	Shape, Name string
	Blocks      []BlockArea
}

// BlockArea is the part of a stage that belongs to a block.
type BlockArea struct {
	Block *Block
	Frame Box
}

// SilhouetteSize says how large a silhouette is and what it shows.
type SilhouetteSize struct {
	W, H float64
	// Labels keeps room for stage labels, arcs and the picture.
	Labels bool
}

// The two sizes of the pages: over a block graph, and in a cell of a table.
var (
	Wide    = SilhouetteSize{W: 709, H: 150, Labels: true}
	Compact = SilhouetteSize{W: 72, H: 44}
)

// What labels take: room above for arcs, room below for two lines, and the picture at the left.
const (
	arcRoom     = 18.0
	labelRoom   = 44.0
	labelSpace  = 10.0
	photoSide   = 60.0
	photoMargin = 6.0
)

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

// Silhouette lays the bars out in the given size. All fill the width as far as they can without becoming clumsy; what is
// left over goes between the stages.
func (o *Outline) Silhouette(size SilhouetteSize) *Silhouette {
	s := &Silhouette{W: size.W, H: size.H, Merged: 1}
	slots := o.slots(size)
	room := size.W
	if size.Labels {
		room -= 2 * photoMargin
	}
	k := fit(slots, room, size)
	top, height := 0.0, size.H
	if size.Labels {
		top, height = arcRoom, size.H-arcRoom-labelRoom
	}
	used := total(slots, k, size)
	spare := max(room-used, 0) / float64(max(len(slots)-1, 1))
	if !size.Labels {
		spare = 0
	}
	x := (size.W - room) / 2
	scale := (height - 2) / o.tallest()
	for i := range slots {
		if i > 0 {
			x += stageGap(k, size) + spare
		}
		w := slots[i].draw(s, x, top, height, scale, k, size)
		x += w
	}
	s.frames(top, height)
	return s
}

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

// Label is the stage's name with the number of its blocks, "conv3 ×4", or of the layers of a chain, "conv1 ×2".
func (s *Stage) Label() string {
	if n := s.Count(); n > 1 {
		return s.Name + " ×" + strconv.Itoa(n)
	}
	return s.Name
}

// Count is the number of like parts of a stage of the body: blocks, or convolutions of a chain. 1 for other stages.
func (s *Stage) Count() int {
	if s.Kind != StageBody {
		return 1
	}
	if !s.composite {
		if strings.ContainsRune(s.Name, '–') { // conv3–5 says it already
			return 1
		}
		return len(s.Blocks[0].work())
	}
	n := 0
	for _, b := range s.Blocks {
		if b.Kind != BlockTransition && len(b.work()) > 1 {
			n++
		}
	}
	return n
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

// draw places a stage's bars from x on and returns the width of its slot.
func (s *slot) draw(sil *Silhouette, x, top, height, scale, k float64, size SilhouetteSize) float64 {
	area := StageArea{Stage: s.stage, X: round(x), Shape: s.shape, Name: s.name}
	cy, start := top+height/2, x
	drawn := false
	for i, bars := range s.blocks {
		b := s.stage.Blocks[i]
		if len(bars) == 0 && s.stage.Kind != StageInput {
			continue // merged into a neighbour's bar
		}
		if drawn {
			x += blockGap(k, size)
		}
		drawn = true
		from := x
		tall := 0.0
		for j, bar := range bars {
			if j > 0 {
				x += barGap(k)
			}
			w, h := k*bar.W, max(bar.H*scale, 1)
			bar.Box = Box{round(x), round(cy - h/2), round(w), round(h)}
			tall = max(tall, h)
			x += w
			sil.Bars = append(sil.Bars, bar)
			sil.Merged = max(sil.Merged, bar.Count)
		}
		if s.stage.Kind == StageInput {
			x = start + photoSide
		}
		if b.Skip && size.Labels {
			sil.Arcs = append(sil.Arcs, Arc{round(from), round(x), round(cy - tall/2 - 1.5), ClassAdd, b})
		}
		area.Blocks = append(area.Blocks, BlockArea{Block: b, Frame: Box{X: from, W: x - from}})
	}
	area.Frame = Box{X: start, W: max(x-start, 1)}
	sil.Stages = append(sil.Stages, area)
	return s.room(k, size)
}

// frames gives every stage and block the room up to half way to its neighbours, at most 4 pixels.
func (s *Silhouette) frames(top, height float64) {
	for i := range s.Stages {
		a := &s.Stages[i]
		left, right := 0.0, s.W
		if i > 0 {
			left = s.Stages[i-1].Frame.Right()
		}
		if i < len(s.Stages)-1 {
			right = s.Stages[i+1].Frame.X
			left = max(left, 0)
			right = (right + a.Frame.Right()) / 2
		}
		widen(&a.Frame, left, right, top, height)
		for j := range a.Blocks {
			b := &a.Blocks[j]
			l, r := a.Frame.X, a.Frame.Right()
			if j > 0 {
				l = a.Blocks[j-1].Frame.Right()
			}
			if j < len(a.Blocks)-1 {
				r = (b.Frame.Right() + a.Blocks[j+1].Frame.X) / 2
			}
			widen(&b.Frame, l, r, top, height)
		}
	}
}

// widen stretches a frame by up to 4 pixels within limits and gives it its height.
func widen(f *Box, left, right, top, height float64) {
	l := max(f.X-4, left)
	r := max(min(f.Right()+4, right), l)
	*f = Box{round(l), top, round(r - l), height}
}
