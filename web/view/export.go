package view

// DiagramRow is a row of DiagramRows.
type DiagramRow struct {
	Heading string
	Diagram Diagram
}

// The measures of DiagramRows, in pixels.
const (
	rowHead = 26.0 // the heading
	rowGap  = 28.0 // between rows
)

type placedRow struct {
	DiagramRow
	y float64
}

// placeRows puts the rows below one another.
func placeRows(rows []DiagramRow) []placedRow {
	var l []placedRow
	y := 0.0
	for _, r := range rows {
		l = append(l, placedRow{r, y})
		y += rowHead + r.Diagram.H + rowGap
	}
	return l
}

func rowsWidth(rows []DiagramRow) float64 {
	w := 0.0
	for _, r := range rows {
		w = max(w, r.Diagram.W)
	}
	return w
}

func rowsHeight(rows []DiagramRow) float64 {
	l := placeRows(rows)
	if len(l) == 0 {
		return 1
	}
	last := l[len(l)-1]
	return last.y + rowHead + last.Diagram.H
}

// mapHeight is the height of the map in a file, where it is 264 wide.
func (c ChannelView) mapHeight() float64 { return 264 * c.overlayH() / 200 }

func (c ChannelView) fileHeight() float64 { return max(c.mapHeight()+82, 292) }

// The measures of GridFile: channels in a row, and how far tiles lie apart.
const (
	gridCols = 10
	gridStep = 72.0
	gridRow  = 90.0
)

func (g ChannelGrid) fileHeight() float64 {
	return gridRow * float64((len(g.Tiles)+gridCols-1)/gridCols)
}

// The measures of PixelFile.
const (
	cellW = 48.0
	cellH = 26.0
	signW = 34.0 // a sign between grids
)

type placedPart struct {
	SumPart
	x, mid float64
}

// placed puts the parts in a row.
func (s PixelSum) placed() []placedPart {
	var l []placedPart
	x := 0.0
	for _, p := range s.Parts {
		l = append(l, placedPart{p, x, (20 + s.gridHeight()) / 2})
		x += p.fileWidth()
	}
	return l
}

func (p SumPart) fileWidth() float64 {
	if len(p.Rows) > 0 {
		return max(cellW*float64(len(p.Rows[0])), textWidth(p.Caption, 12)) + 12
	}
	return max(signW, 7.5*float64(len([]rune(p.Sign+p.Result)))+12)
}

// gridHeight is how far down the grids reach.
func (s PixelSum) gridHeight() float64 {
	rows := 1
	for _, p := range s.Parts {
		rows = max(rows, len(p.Rows))
	}
	return 20 + cellH*float64(rows)
}

func (s PixelSum) fileWidth() float64 {
	w := 0.0
	for _, p := range s.Parts {
		w += p.fileWidth()
	}
	for _, l := range s.sumLines() {
		n := 0
		for _, t := range l {
			n += len([]rune(t.plain())) + 1
		}
		w = max(w, 7*float64(n))
	}
	return w
}

func (s PixelSum) fileHeight() float64 { return s.gridHeight() + 20*float64(len(s.sumLines())) + 8 }

// sumLines are the lines of arithmetic that hold something.
func (s PixelSum) sumLines() [][]SumTerm {
	var l [][]SumTerm
	for _, line := range append([][]SumTerm{s.Line}, s.Lines...) {
		if len(line) > 0 {
			l = append(l, line)
		}
	}
	return l
}

// plain is the term in one line of text.
func (t SumTerm) plain() string {
	if t.Sub == "" {
		return t.Text
	}
	return t.Text + t.Sub
}

// The measures of MatrixFile.
const (
	matrixTile = 52.0
	matrixStep = 3*(matrixTile+3) + 15
	matrixRow  = 66.0
)

type placedPartLabel struct {
	SharePart
	x float64
}

// placedLegend puts the legend in a row.
func (b BandBars) placedLegend() []placedPartLabel {
	var l []placedPartLabel
	x := 130.0
	for _, p := range b.Legend {
		l = append(l, placedPartLabel{p, x})
		x += 15 + textWidth(p.Label, 12) + 18
	}
	return l
}

// Heights between the networks of a figure.
const (
	netHead = 30.0 // the name, and room for arcs
	netGap  = 18.0
)

type placedNet struct {
	FigureNet
	y float64
}

func placeNets(nets []FigureNet) []placedNet {
	var l []placedNet
	y := 0.0
	for _, n := range nets {
		l = append(l, placedNet{n, y})
		y += netHead + n.Silhouette.H + netGap
	}
	return l
}

func netsWidth(nets []FigureNet) float64 {
	w := 1.0
	for _, n := range nets {
		w = max(w, n.Silhouette.W)
	}
	return w
}

func netsHeight(nets []FigureNet) float64 {
	l := placeNets(nets)
	if len(l) == 0 {
		return 1
	}
	last := l[len(l)-1]
	return last.y + netHead + last.Silhouette.H
}

type placedPath struct {
	VolumePath
	d volumes
	y float64
}

// placedPaths puts the paths below one another on one scale.
func (s BottleneckStage) placedPaths() []placedPath {
	var l []placedPath
	y := 0.0
	for _, p := range s.Paths {
		d := p.draw(volumesWide, s.scale(volumesWide))
		l = append(l, placedPath{p, d, y})
		y += 24 + d.H + 24
	}
	return l
}

func (s BottleneckStage) fileWidth() float64 {
	w := 1.0
	for _, p := range s.placedPaths() {
		w = max(w, p.d.W)
	}
	return w
}

func (s BottleneckStage) fileHeight() float64 {
	h := 1.0
	for _, p := range s.placedPaths() {
		h = p.y + 24 + p.d.H
	}
	return h
}

// The layout of PairFile.
const (
	pairTile = 76.0
	pairGap  = 3.0
	pairRow  = pairTile + 34
)

func pairBox(rows []MapRow) string {
	widest := 0
	for _, r := range rows {
		widest = max(widest, len(r.Tiles))
	}
	return viewBox(0, 0, (pairTile+pairGap)*float64(widest)-pairGap, pairRow*float64(len(rows))-10)
}
