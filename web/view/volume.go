package view

import (
	"math"
	"strings"
)

// Widths of the two drawings of volumes; the style sheet shows the one that fits, at its own size.
const (
	volumesWide = 460.0
	volumesSlim = 312.0
)

const (
	volumeText = 12.0
	thickness  = 0.21  // pixels that a channel recedes for each pixel of a cell's side
	slope      = 0.543 // of the receding edges
	mostSide   = 84.0
	mostRise   = 44.0
	leastRoom  = 8.0  // beside the pill of a step
	mostRoom   = 96.0 // between volumes
	volumeEdge = 2.0  // of the drawing
)

// volumeShape is a box in parallel projection with the step that leads to it.
type volumeShape struct {
	Volume
	x, side, depth, rise float64 // in pixels
	front, top, flank    string
	textX                float64
	step, arrow          string
	stepX, stepW, stepY  float64
}

// volumes is a path drawn for a width.
type volumes struct {
	W, H   float64
	shapes []volumeShape
	textY  float64
}

// label is the room that the two lines under a volume need.
func (v Volume) label() float64 {
	return math.Ceil(max(textWidth(v.Name, volumeText), 0.6*volumeText*float64(len([]rune(v.Shape)))))
}

// slot is the room that a volume takes at k pixels a cell, and where in it the box begins: a box narrower than its label
// stands over its middle.
func (v Volume) slot(k float64) (width, offset float64) {
	side, depth := k*float64(v.Cells), k*thickness*float64(v.Channels)
	offset = max(0, (v.label()-side)/2)
	return max(offset+side+depth, v.label()), offset
}

func pillRoom(step string) float64 { return textWidth(step, volumeText) + 18 }

// width is what a path needs at least at k pixels a cell.
func (v VolumePath) width(k float64) float64 {
	w := 2 * volumeEdge
	for i, b := range v.Volumes {
		s, _ := b.slot(k)
		w += s
		if i > 0 && i <= len(v.Steps) {
			w += pillRoom(v.Steps[i-1]) + leastRoom
		}
	}
	return w
}

// scale is how many pixels a cell of a map has in the figure: one scale for all volumes of all its paths, so that faces
// can be compared by area and thickness by length. It is the largest that fits a width.
func (s BottleneckStage) scale(width float64) float64 {
	hi := math.Inf(1)
	for _, p := range s.Paths {
		for _, b := range p.Volumes {
			hi = min(hi, mostSide/float64(b.Cells), mostRise/(thickness*slope*float64(b.Channels)))
		}
	}
	lo := 0.0
	for range 40 {
		k := (lo + hi) / 2
		fits := true
		for _, p := range s.Paths {
			fits = fits && p.width(k) <= width
		}
		if fits {
			lo = k
		} else {
			hi = k
		}
	}
	return lo
}

// draw places the volumes side by side with equal room for the steps between them.
func (v VolumePath) draw(width, k float64) volumes {
	steps := float64(max(len(v.Volumes)-1, 1))
	more := min((width-v.width(k))/steps, mostRoom/2)
	x := (width-v.width(k)-more*float64(len(v.Volumes)-1))/2 + volumeEdge
	out := volumes{W: width, shapes: make([]volumeShape, len(v.Volumes))}
	line, foot := 0.0, 0.0
	for _, b := range v.Volumes { // the front faces begin at one height, under the highest back edge and the pills
		line = max(line, slope*thickness*k*float64(b.Channels)+2, pillOver+20-faceLine*k*float64(b.Cells))
		foot = max(foot, k*float64(b.Cells))
	}
	for i, b := range v.Volumes {
		s := volumeShape{Volume: b, side: k * float64(b.Cells), depth: k * thickness * float64(b.Channels)}
		s.rise = s.depth * slope
		if i > 0 && i <= len(v.Steps) {
			s.step = v.Steps[i-1]
			s.stepW = pillRoom(s.step)
			room := s.stepW + leastRoom + more
			s.stepX, s.stepY = x+room/2, line+faceLine*foot-pillOver
			s.arrow = "M" + num(x+4) + " " + num(line+faceLine*foot) + "H" + num(x+room-6)
			x += room
		}
		w, offset := b.slot(k)
		s.x = x + offset
		s.textX = max(s.x+s.side/2, x+b.label()/2)
		at := num(s.x) + " " + num(line)
		s.front = "M" + at + "h" + num(s.side) + "v" + num(s.side) + "h" + num(-s.side) + "z"
		s.top = "M" + at + "h" + num(s.side) + "l" + num(s.depth) + " " + num(-s.rise) + "h" + num(-s.side) + "z"
		s.flank = "M" + num(s.x+s.side) + " " + num(line) + "v" + num(s.side) + "l" + num(s.depth) + " " + num(-s.rise) + "v" + num(-s.side) + "z"
		out.shapes[i] = s
		x += w
	}
	out.textY = math.Ceil(line + foot + 22)
	out.H = out.textY + 22
	return out
}

// The arrows run at this share of the largest face; the middle of a pill is that far above.
const (
	faceLine = 0.43
	pillOver = 20.0
)

func (v VolumePath) describe() string {
	words := []string{}
	for i, b := range v.Volumes {
		if i > 0 && i <= len(v.Steps) {
			words = append(words, v.Steps[i-1])
		}
		words = append(words, b.Name+" "+b.Shape)
	}
	return v.Title + ": " + strings.Join(words, ", ")
}
