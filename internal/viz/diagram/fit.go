package diagram

// The room that a page has for a drawing at its natural size. Text keeps its size; pictures give way.
const (
	Column = 664.0
	Pane   = 348.0
)

// styles are the ways to draw the maps of a block, the roomiest first; rowFirst those for what is rather seen as one row.
var (
	styles = []style{
		{}, {face: 84}, {face: 84, tuck: true}, {face: 72, tuck: true},
		{rows: true}, {face: 84, rows: true}, {face: 72, rows: true}, {face: FaceSizeSmall, tuck: true, rows: true}, {face: 48, tuck: true, rows: true}, {face: 40, tuck: true, rows: true},
	}
	rowFirst = []style{{}, {face: 84}, {face: 72}, {face: 58}, {face: 48}, {rows: true}, {face: 84, rows: true}, {face: 72, rows: true}, {face: 58, rows: true}, {face: 48, rows: true}}
)

// fitted draws in the first style that has room; else in the one that is the least too wide, and of those in the roomiest
// that is not much higher than any.
func fitted(styles []style, draw func(style) canvas) *Drawing {
	var best *Drawing
	for _, st := range styles {
		c := draw(st)
		if st.rows {
			c.wrap(Column - 2*drawingMargin)
		}
		d := c.drawing()
		if d.W <= Column && d.H <= Pane {
			return d
		}
		if best == nil || over(d.W, Column) < over(best.W, Column) || over(d.W, Column) == over(best.W, Column) && d.H < lower*best.H {
			best = d
		}
	}
	return best
}

// lower is how much lower a drawing must be to make up for smaller pictures.
const lower = 0.9

func over(v, room float64) float64 { return max(v-room, 0) }
