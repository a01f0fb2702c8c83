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
	h := -rowGap
	for _, r := range rows {
		h += rowHead + r.Diagram.H + rowGap
	}
	return max(h, 1)
}
