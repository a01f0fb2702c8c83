package view

import "testing"

// TestVolumes: whatever the depths, all boxes of a figure have one scale, labels and steps have room of their own, and the
// text keeps its size: the drawing is made for its width.
func TestVolumes(t *testing.T) {
	path := func(cells int, channels ...int) VolumePath {
		v := VolumePath{Steps: []string{"1×1", "11×11"}[:len(channels)-1]}
		for _, c := range channels {
			v.Volumes = append(v.Volumes, Volume{Cells: cells, Channels: c, Shape: "2048×112²", Name: "입력"})
		}
		return v
	}
	for _, s := range []BottleneckStage{
		{Paths: []VolumePath{path(28, 32, 64), path(28, 32, 16, 64)}}, {Paths: []VolumePath{path(7, 2048, 2048), path(7, 2048, 1, 2048)}},
		{Paths: []VolumePath{path(512, 1, 2), path(512, 1, 1, 2)}}, {Paths: []VolumePath{path(1, 1, 1), path(1, 1, 256, 1)}},
	} {
		for _, width := range []float64{volumesWide, volumesSlim} {
			k := s.scale(width)
			if k <= 0 {
				t.Fatalf("scale %v", k)
			}
			for _, p := range s.Paths {
				d := p.draw(width, k)
				end := 0.0
				for i, b := range d.shapes {
					if b.side != k*float64(b.Cells) || b.depth != thickness*k*float64(b.Channels) {
						t.Errorf("%d cells and %d channels are %v by %v, want the scale %v", b.Cells, b.Channels, b.side, b.depth, k)
					}
					left := min(b.x, b.textX-b.label()/2)
					if i > 0 {
						if from, to := b.stepX-b.stepW/2, b.stepX+b.stepW/2; from < end || to > left || b.stepY < 10 {
							t.Errorf("step %q from %v to %v is not between %v and %v", b.step, from, to, end, left)
						}
					}
					if left < 0 || left < end {
						t.Errorf("volume %d begins at %v, before %v", i, left, end)
					}
					end = max(b.x+b.side+b.depth, b.textX+b.label()/2)
				}
				if end > width || d.H > 200 {
					t.Errorf("a drawing of %v×%v reaches to %v", width, d.H, end)
				}
			}
		}
	}
}
