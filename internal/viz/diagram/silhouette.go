package diagram

// Silhouette is a whole network as one bar per layer with weights or pooling, in a W×H box: height follows the size of
// the map, width the channels, the class gives the colour. Branches stand one after the other.
type Silhouette struct {
	W, H float64
	Bars []Bar
	// Photo is the room of the input picture; empty without labels.
	Photo Box
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
			side := min(photoSide, height)
			sil.Photo = Box{round(start), round(cy - side/2), side, side}
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
