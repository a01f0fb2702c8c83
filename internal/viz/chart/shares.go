package chart

import (
	"fmt"
	"math"
)

// Key names a part that all rows of Shares have.
type Key struct {
	Name string
	Ink  Ink
}

// MapSizeInks is the ordered ramp for parts by map size, the largest map first; what comes after the maps (the dense
// layers) takes Text.
var MapSizeInks = []Ink{"seq-1", "seq-2", "seq-3", "seq-4", "seq-5"}

// Share is one row: how a total is made up.
type Share struct {
	Name string
	// Total is the whole in words, at the row's end.
	Total string
	// Parts belong to the keys, in their order; they are shown as shares of their sum.
	Parts []float64
}

// Shares draws rows of equal length divided by parts: where the parameters live, where the work happens.
type Shares struct {
	Words
	// Whole names the rows' labels, Part what the parts measure, for the table.
	Whole, Part string
	Keys        []Key
	Shares      []Share
}

func (s *Shares) words() Words { return s.Words }

// Rows has one row for each share, one column for each part.
func (s *Shares) Rows() [][]string {
	head := []string{s.Whole}
	for _, k := range s.Keys {
		name := k.Name
		if s.Part != "" {
			name += ", " + s.Part
		}
		head = append(head, name)
	}
	rows := [][]string{head}
	for _, r := range s.Shares {
		row := []string{r.Name}
		for _, p := range r.Parts {
			row = append(row, exact(p))
		}
		rows = append(rows, row)
	}
	return rows
}

func (s *Shares) check() error {
	if len(s.Keys) == 0 || len(s.Shares) == 0 {
		return fmt.Errorf("chart: shares: %d parts of %d rows", len(s.Keys), len(s.Shares))
	}
	for _, k := range s.Keys {
		if err := known("shares", k.Ink); err != nil {
			return err
		}
	}
	for _, r := range s.Shares {
		if len(r.Parts) != len(s.Keys) {
			return fmt.Errorf("chart: shares: %q has %d parts, want %d", r.Name, len(r.Parts), len(s.Keys))
		}
		for _, p := range r.Parts {
			if p-p != 0 || p < 0 {
				return fmt.Errorf("chart: shares: %q has a part of %v, want a finite one of zero or above", r.Name, p)
			}
		}
	}
	return nil
}

const (
	shareHeight = 20.0
	swatch      = 10.0
	keyLine     = 20.0
)

func (s *Shares) draw(w float64, ink func(Ink) string, mono string) (*canvas, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	keys, lines := s.layoutKeys(w)
	h := rowHeight*float64(len(s.Shares)) + 12 + keyLine*float64(lines) + 8
	f := newFigure(w, h, ink, mono, Axis{}, Axis{})
	f.gridY = false
	f.bottom += keyLine*float64(lines) + 6
	names := make([]string, len(s.Shares))
	for i, r := range s.Shares {
		names[i] = r.Name
		f.right = max(f.right, textWidth(r.Total, textSize, true, false)+14)
	}
	if err := f.ranges(0, 1, false, -0.5, float64(len(s.Shares))-0.5, false); err != nil {
		return nil, err
	}
	f.ticksX = nil
	f.p.X.Tick.Marker = noTicks
	f.rows(names)
	f.add(func(a area) {
		s.rows(f, a)
		s.drawKeys(f, keys, h-keyLine*float64(lines)-4)
	})
	return f.finish(), nil
}

func (s *Shares) rows(f *figure, a area) {
	for i, r := range s.Shares {
		y := a.y(float64(len(s.Shares) - 1 - i))
		sum := 0.0
		for _, p := range r.Parts {
			sum += p
		}
		f.c.open("row", "")
		before := 0.0
		for j, p := range r.Parts {
			if p == 0 || math.IsInf(sum, 0) {
				continue
			}
			x0, x1 := a.x(before/sum), a.x((before+p)/sum)
			before += p
			if x1-x0 > 3 && before < sum {
				x1-- // the ground shows between parts that are wide enough
			}
			f.c.open("part", r.Name+", "+s.Keys[j].Name+": "+Percent(p/sum))
			f.c.rect(x0, y-shareHeight/2, x1, y+shareHeight/2, s.Keys[j].Ink)
			f.c.end()
		}
		f.c.text(f.c.w-2, y+capHeight/2*textSize, r.Total, textStyle{ink: Strong, mono: true, anchor: "end"})
		f.c.end()
	}
}

// keyPlace is where a key stands: its left end and its line.
type keyPlace struct {
	x    float64
	line int
}

// layoutKeys breaks the keys into lines.
func (s *Shares) layoutKeys(w float64) (at []keyPlace, lines int) {
	x, line := 2.0, 0
	for _, k := range s.Keys {
		width := swatch + 6 + textWidth(k.Name, textSize, false, false)
		if x+width > w-4 && x > 2 {
			x, line = 2, line+1
		}
		at = append(at, keyPlace{x, line})
		x += width + 14
	}
	return at, line + 1
}

func (s *Shares) drawKeys(f *figure, at []keyPlace, top float64) {
	f.c.open("keys", "")
	for i, k := range s.Keys {
		y := top + keyLine*float64(at[i].line) + keyLine/2
		f.c.rect(at[i].x, y-swatch/2, at[i].x+swatch, y+swatch/2, k.Ink)
		f.c.text(at[i].x+swatch+6, y+capHeight/2*textSize, k.Name, textStyle{ink: Strong})
	}
	f.c.end()
}
