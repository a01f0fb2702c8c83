package view

import (
	"strings"

	"github.com/a-h/templ"
)

const lenetGap = 3

func (s LeNetStage) width() float64 {
	n := float64(min(max(s.Cols, 1), max(len(s.Tiles), 1)))
	return n*s.Size + (n-1)*lenetGap
}

func (s LeNetStage) height() float64 {
	rows := float64((len(s.Tiles) + max(s.Cols, 1) - 1) / max(s.Cols, 1))
	return rows*s.Size + max(rows-1, 0)*lenetGap
}

func (s LeNetStage) x(i int) float64 { return float64(i%max(s.Cols, 1)) * (s.Size + lenetGap) }
func (s LeNetStage) y(i int) float64 { return float64(i/max(s.Cols, 1)) * (s.Size + lenetGap) }

// mesh is the pad's grid as one path.
func (d Pad) mesh() string {
	var b strings.Builder
	n := itoa(d.Side)
	for i := 1; i < d.Side; i++ {
		b.WriteString("M" + itoa(i) + " 0V" + n + "M0 " + itoa(i) + "H" + n)
	}
	return b.String()
}

func (d Pad) box() templ.Attributes {
	n := float64(d.Side)
	return box(d.Box.X*n, d.Box.Y*n, d.Box.W*n, d.Box.H*n, 0)
}
