package nchwc

import "testing"

// The units of a grid cover every row of every block once; a map that is cut into bands gives every worker as many.
func TestGrid(t *testing.T) {
	for _, threads := range []int{1, 2, 3, 8} {
		e := NewEnv(Generic(8), threads)
		for _, m := range []Map{{C: 3, H: 1, W: 1}, {C: 1280, H: 7, W: 7}, {C: 512, H: 14, W: 14}, {C: 64, H: 56, W: 56},
			{C: 8, H: 3, W: 200}, {C: 40, H: 200, W: 3}, {C: 24, H: 112, W: 112}} {
			m.Block = 8
			g := e.grid(m)
			seen := map[[2]int]int{}
			for u := range g.units() {
				b0, b1, y0, y1 := g.unit(u)
				for b := b0; b < b1; b++ {
					for y := y0; y < y1; y++ {
						seen[[2]int{b, y}]++
					}
				}
			}
			for b := range m.Blocks() {
				for y := range m.H {
					if n := seen[[2]int{b, y}]; n != 1 {
						t.Fatalf("%v on %d threads: row %d of block %d is in %d units of %+v", m, threads, y, b, n, g)
					}
				}
			}
			if len(seen) != m.Blocks()*m.H {
				t.Errorf("%v on %d threads: %+v goes beyond the map", m, threads, g)
			}
			if pixels := m.H * m.W; m.H >= e.units() && pixels >= 56*e.units() && g.bands%threads != 0 {
				t.Errorf("%v on %d threads: %d bands", m, threads, g.bands)
			}
		}
	}
}
