package view

import (
	"math"
	"strconv"
	"strings"
	"unicode"
)

// num writes a coordinate with at most two decimals, as short as possible.
func num(v float64) string {
	s := strconv.FormatFloat(math.Round(v*100)/100, 'f', -1, 64)
	if s == "-0" {
		return "0"
	}
	return s
}

// viewBox writes the value of a viewBox attribute.
func viewBox(x, y, w, h float64) string {
	return num(x) + " " + num(y) + " " + num(w) + " " + num(h)
}

// barsPath draws many bars of one operation as a single path, so that a silhouette of hundreds of layers stays small.
func barsPath(bars []Bar) string {
	var b strings.Builder
	for _, r := range bars {
		b.WriteString("M" + num(r.X) + " " + num(r.Y) + "h" + num(r.W) + "v" + num(r.H) + "h" + num(-r.W) + "z")
	}
	return b.String()
}

// barGroup is the bars of one look.
type barGroup struct {
	Op   Op
	Dim  bool
	Bars []Bar
}

// groupBars puts bars of the same look together, in the order in which the looks first occur.
func groupBars(bars []Bar) []barGroup {
	var groups []barGroup
next:
	for _, bar := range bars {
		for i := range groups {
			if groups[i].Op == bar.Op && groups[i].Dim == bar.Dim {
				groups[i].Bars = append(groups[i].Bars, bar)
				continue next
			}
		}
		groups = append(groups, barGroup{bar.Op, bar.Dim, []Bar{bar}})
	}
	return groups
}

// textWidth estimates the width of a line of interface text in pixels. It is used where SVG needs a box around a text;
// the text is centred in it, so that an error of a pixel or two does not show.
func textWidth(s string, size float64) float64 {
	w := 0.0
	for _, r := range s {
		switch {
		case unicode.Is(unicode.Hangul, r) || r > 0x2E80:
			w += 0.88
		case strings.ContainsRune(" ilI1.,:;'|!", r):
			w += 0.3
		case strings.ContainsRune("mwMW", r):
			w += 0.86
		case unicode.IsUpper(r) || r == '×' || r == '–':
			w += 0.66
		default:
			w += 0.55
		}
	}
	return w * size
}

// cell gives the corner of a tile on its sheet.
func (t Tile) cell() (x, y int) {
	if t.Sheet.Cols < 1 {
		return 0, 0
	}
	return t.Index % t.Sheet.Cols * t.Sheet.CellW, t.Index / t.Sheet.Cols * t.Sheet.CellH
}

// window gives the viewBox that shows the tile alone.
func (t Tile) window() string {
	x, y := t.cell()
	w, h := t.size()
	return viewBox(float64(x), float64(y), float64(w), float64(h))
}

func (t Tile) sheetW() string { return strconv.Itoa(t.Sheet.Cols * t.Sheet.CellW) }
func (t Tile) sheetH() string { return strconv.Itoa(t.Sheet.Rows * t.Sheet.CellH) }

// step is the distance between the tiles of a stack.
func (s Stack) step() float64 {
	if s.Face >= 110 {
		return 6
	}
	return 4
}

// size gives the side of the whole stack.
func (s Stack) size() float64 { return s.Face + s.step()*float64(max(len(s.Tiles)-1, 0)) }

// path writes the edge as SVG path data: straight lines with rounded corners.
func (e DiagramEdge) path() string {
	if e.Path != "" {
		return e.Path
	}
	var b strings.Builder
	for i, p := range e.Points {
		switch {
		case i == 0:
			b.WriteString("M" + num(p.X) + " " + num(p.Y))
		case i == len(e.Points)-1 || e.Radius == 0:
			b.WriteString("L" + num(p.X) + " " + num(p.Y))
		default:
			in := toward(p, e.Points[i-1], e.Radius)
			out := toward(p, e.Points[i+1], e.Radius)
			b.WriteString("L" + num(in.X) + " " + num(in.Y) + "Q" + num(p.X) + " " + num(p.Y) + " " + num(out.X) + " " + num(out.Y))
		}
	}
	return b.String()
}

// toward gives the point at distance d from p on the way to q, at most half way.
func toward(p, q Point, d float64) Point {
	dx, dy := q.X-p.X, q.Y-p.Y
	n := math.Hypot(dx, dy)
	if n == 0 {
		return p
	}
	t := min(d/n, 0.5)
	return Point{p.X + dx*t, p.Y + dy*t}
}

// width gives the width of a pill with its glyph.
func (p Pill) width() float64 {
	w := 8 + 13 + 4 + textWidth(p.Text, 12) + 8
	if p.Sub != "" {
		w += 4 + textWidth(p.Sub, 12)
	}
	return w
}

// level gives the CSS class of a cell's tint, in eight steps: p7 warm, n7 cold. Only zero has none.
func (c SumCell) level() string {
	l := min(max(c.Level, -15), 15)
	if l < 0 {
		return "n" + strconv.Itoa((1-l)/2)
	}
	return "p" + strconv.Itoa((l+1)/2)
}

// darken draws everything outside a rectangle of a unit square: the square with the rectangle as a hole.
func (r Rect) darken() string {
	x0, y0 := max(r.X, 0), max(r.Y, 0)
	x1, y1 := min(r.X+r.W, 1), min(r.Y+r.H, 1)
	return "M0 0H200V200H0zM" + num(200*x0) + " " + num(200*y0) + "V" + num(200*y1) + "H" + num(200*x1) + "V" + num(200*y0) + "z"
}

func itoa(n int) string { return strconv.Itoa(n) }

func bounded(v, lo, hi float64) float64 { return min(max(v, lo), hi) }

// digits cuts a number into what an input takes.
func digits(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// idPart makes a string safe as a part of an element's id.
func idPart(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 128 && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			return r
		}
		return '-'
	}, s)
}
