package view

import "strings"

// volumeShape is a box in parallel projection with the step that leads to it.
type volumeShape struct {
	Volume
	front, top, side string
	textX            float64
	step, arrow      string
	stepX, stepW     float64
}

const (
	volumeW   = 460
	volumeTop = 60.0  // of the front face; the label of a step stands above the arrow
	slope     = 0.543 // of the receding edges
	leastRoom = 56.0  // between volumes: an arrow with its label
)

// scale shrinks all volumes of the figure alike, so that its longest path has room for the steps.
func (s BottleneckStage) scale() float64 {
	k := 1.0
	for _, v := range s.Paths {
		k = min(k, (volumeW-16-leastRoom*float64(max(len(v.Volumes)-1, 0)))/v.width())
	}
	return k
}

// width is the room that the volumes themselves take.
func (v VolumePath) width() float64 {
	total := 1.0
	for _, b := range v.Volumes {
		total += b.Side + b.Depth
	}
	return total
}

// layout places the volumes side by side, k times their size, with equal room for the steps between them.
func (v VolumePath) layout(k float64) []volumeShape {
	total := k * v.width()
	steps := float64(max(len(v.Volumes)-1, 1))
	room := min((volumeW-16-total)/steps, 96)
	x := (volumeW - total - room*steps) / 2
	out := make([]volumeShape, len(v.Volumes))
	for i, b := range v.Volumes {
		b.Side, b.Depth = k*b.Side, k*b.Depth
		s := volumeShape{Volume: b, textX: x + b.Side/2}
		rise := b.Depth * slope
		at := num(x) + " " + num(volumeTop)
		s.front = "M" + at + "h" + num(b.Side) + "v" + num(b.Side) + "h" + num(-b.Side) + "z"
		s.top = "M" + at + "h" + num(b.Side) + "l" + num(b.Depth) + " " + num(-rise) + "h" + num(-b.Side) + "z"
		s.side = "M" + num(x+b.Side) + " " + num(volumeTop) + "v" + num(b.Side) + "l" + num(b.Depth) + " " + num(-rise) + "v" + num(-b.Side) + "z"
		if i > 0 && i <= len(v.Steps) {
			s.step = v.Steps[i-1]
			s.stepX, s.stepW = x-room/2-2, textWidth(s.step, 12)+18
			y := volumeTop + b.Side*0.43
			s.arrow = "M" + num(x-room+6) + " " + num(y) + "H" + num(x-8)
		}
		out[i] = s
		x += b.Side + b.Depth + room
	}
	return out
}

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
