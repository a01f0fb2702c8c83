package view

// ComparePage puts up to five networks side by side.
type ComparePage struct {
	Page
	Action     string // GET with a checkbox per network under Name
	Name       string
	Fields     []Field
	Chips      []ModelChip
	Max        int
	CSVURL     string
	ShareURL   string
	Cost       Chart // accuracy against cost
	Params     BandBars
	Work       BandBars
	Table      CompareTable
	Matrix     MapMatrix
	Reckoning  *ReckoningBox
	Notice     *Notice
	PairsTitle string
	Pairs      []Action // comparisons worth a look
}

// ModelChip is a network that can be chosen.
type ModelChip struct {
	Name   string
	Value  string
	Family Family
	On     bool
}

// BandBars is one bar per network, divided by map size.
type BandBars struct {
	Title  string
	Bars   []ShareBar
	Legend []SharePart // labels and colours
	Note   string
	Files  []Link // the bars and their numbers as files
}

// CompareTable is sortable by links in its head.
type CompareTable struct {
	Columns []CompareColumn
	Rows    []CompareRow
}

// CompareColumn is a heading.
type CompareColumn struct {
	Label   string
	URL     string // sorts by this column
	Sorted  string // "", "ascending", "descending"
	Numeric bool
}

// CompareRow is one network.
type CompareRow struct {
	Name   string
	Family Family
	URL    string
	Cells  []CompareCell // one per column after the first
}

// CompareCell is a value, with a bar when Percent is positive, or a pill.
type CompareCell struct {
	Text    string
	Percent float64
	Pill    Op
}

// MapMatrix shows the same picture at the same sizes: a row per network.
type MapMatrix struct {
	Title   string
	Sort    Select
	Colour  Select
	Columns []string
	Rows    []MapMatrixRow
	Files   []Link // the maps as a picture
}

// MapMatrixRow is one network; Cells has one entry per column.
type MapMatrixRow struct {
	Name  string
	Note  string
	URL   string
	Cells []MatrixCell
}

// MatrixCell is a few tiles of one layer.
type MatrixCell struct {
	Tiles []Tile
	URL   string
	Node  string
	Label string
}
