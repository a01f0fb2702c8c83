package view

// MapSize is the width in CSS pixels at which the inspector shows a channel. A click without JavaScript sends coordinates
// in these pixels: column = x·Cols/MapSize, row = y·Rows/height, where height = MapSize·Rows/Cols.
const MapSize = 184

// Inspector is everything about one layer: identity, four facts, one channel, one pixel, all channels.
type Inspector struct {
	Op         Op
	Name       string // "conv3.1b"
	Kind       string // "3×3 convolution, stride 2, padding 1"
	Path       string // "layer2.0.conv2"
	Prev, Next *Link  // neighbouring layers
	NodeURL    string // the layer's own page
	Facts      []Fact // output, parameters, multiply–adds, receptive field
	Notes      []Rich // further lines: fused in the plan, aux head, the paper's difference; may be empty
	Channel    *ChannelView
	Pixel      *PixelSum
	Grid       *ChannelGrid
	Strip      *VectorStrip // of dense layers, in place of Channel and Grid
	Pending    string       // said in place of the maps while they are computed; may be empty
}

// ChannelView is one channel, the selected pixel on it, and what that pixel sees of the picture.
type ChannelView struct {
	Title      string // "Channel 26"
	Place      string // "row 10, col 14"; "" when no pixel is selected
	MapURL     string // one PNG pixel per value, or a multiple
	MapAlt     string // "28×28 map, brightest at row 10, column 14"
	Rows, Cols int
	Cell       *Cell
	Value      string // "5.82"
	Lo, Hi     string // ends of the colour scale
	Zero       string // "0" in the middle of a diverging scale; may be empty
	Colours    Colours
	Scope      string // what the scale covers: "this channel", "the whole layer"
	Prev, Next *Link  // neighbouring channels; may be nil

	ValuesURL string  // the plane as little-endian float32, Rows×Cols; "" where there is none
	Action    string  // where a click goes (GET), with the fields below and p.x, p.y
	Fields    []Field // the rest of the page's state
	CellURL   string  // the page with the pixel at row {y}, column {x}: the braces are filled in by the script

	Photo    string // URL of the picture as the network sees it, square
	PhotoAlt string
	Field    ReceptiveField
	Now      *Rect  // the receptive field of the selected pixel, as fractions of the picture
	Sees     string // "What this pixel can see: 43×43"
	CAMURL   string // Grad-CAM behind the receptive field; may be empty
	Files    []Link // the picture and the numbers as files
}

// Cell is a place on a map.
type Cell struct{ Y, X int }

// ReceptiveField gives the field of every cell of a layer: rows Start + y·Jump … + Size of an input of InputH×InputW pixels.
type ReceptiveField struct {
	StartY, StartX float64
	JumpY, JumpX   float64
	SizeY, SizeX   float64
	InputH, InputW int
}

// PixelSum shows how one value was made: factors, their result, and the line that ends in the shown value. The same form
// serves every operation; what does not apply is empty.
type PixelSum struct {
	Title string  // "How that pixel was made"
	Input *Select // which input channel; nil where there is one
	Prev  string  // neighbouring input channels, by contribution
	Next  string
	Parts []SumPart   // patch ⊙ kernel = 4.30
	Line  []SumTerm   // Σ128 = 6.23 + bias −0.41 → ReLU → 5.82
	Lines [][]SumTerm // further lines, such as BN's four numbers
	Terms []TermLine  // contributions of the input channels, largest first
	More  *Link       // all terms
	Note  string
	Files []Link // the arithmetic as a picture
}

// SumPart is a grid of numbers or a sign between grids.
type SumPart struct {
	Caption string
	Rows    [][]SumCell
	Sign    string // "⊙", "=", "max"; used when Rows is empty
	Result  string // a single number; used when Rows and Sign are empty
	Hue     Hue
}

// Hue says how the cells of a grid are tinted by their level.
type Hue string

// The hues.
const (
	HueMap    Hue = "map"    // activations
	HueSigned Hue = "signed" // weights and signed values: warm above zero, blue below
	HueInk    Hue = "ink"    // grey values of a drawing
)

// SumCell is one number. Level −15 … 15 tints it.
type SumCell struct {
	Text   string
	Level  int
	URL    string // the cell that this value came from; may be empty
	Chosen bool   // the maximum of a pool, the term in hand
	Pad    bool   // outside the input: padding
}

// SumTerm is a part of a line of arithmetic.
type SumTerm struct {
	Text  string
	Sub   string // lowered after the text
	Op    Op     // colours an operation's name
	Final bool   // the value shown on the map
	URL   string
	Title string
}

// TermLine is the contribution of one input channel.
type TermLine struct {
	Label    string
	Value    string
	Percent  float64 // −100 … 100 of the largest, for the bar
	URL      string
	Selected bool
}

// ChannelGrid is all channels of a layer, or a counted sample.
type ChannelGrid struct {
	Title  string // "128 channels"
	Shown  string // "36 of 128"; "" when all are shown
	Sort   Select
	Scale  Select
	Colour Select
	Tiles  []GridTile
	AllURL string // "" when all are shown
	All    string // "Show all 128"
	Silent string // "17 silent channels, sorted last"; may be empty
	Clip   string // tooltip: "Colours end at the 99.5th percentile."
	Large  bool   // the node's own page: tiles at full size
	Scope  string // id prefix where a page has several grids
	Files  []Link // the picture and the numbers as files
}

// GridTile is one channel as a link.
type GridTile struct {
	Tile
	Channel  int
	URL      string
	Selected bool
	Caption  string // number and mean on the node's page; may be empty
}

// VectorStrip shows a vector, such as a dense layer's output, as sorted bars.
type VectorStrip struct {
	Title string
	// Signed puts zero in the middle; without negative values it is at the foot.
	Signed bool
	Bars   []StripBar
	Label  string
	Lo     string
	Hi     string
	Sort   Select
	More   *Link
	Files  []Link // the picture and the numbers as files
}

// StripBar is one value of a vector; Level −1 … 1.
type StripBar struct {
	Level    float64
	Title    string
	URL      string
	Selected bool
}

// LayersPage is a network as a table: for reading, printing, screen readers.
type LayersPage struct {
	Page
	Bar     ArchBar
	BackURL string
	Columns []string // headings after "Layer" and "Operation"
	Groups  []LayerGroup
	Totals  []Fact
	CSVURL  string
	JSONURL string
}

// LayerGroup is a stage of the table.
type LayerGroup struct {
	Name string
	Rows []LayerRow
}

// LayerRow is one layer of the table.
type LayerRow struct {
	ID    string
	Op    Op
	Path  string
	URL   string
	Kind  string
	Note  string // inputs of a join, aux; may be empty
	Cells []string
	Tile  *Tile
}

// NodePage is one layer with all its channels at full size and its values as a table.
type NodePage struct {
	Page
	Crumbs    []Link
	Weights   Badge // what the maps come from
	Inspector Inspector
	Stream    Stream // shown while the run goes on
	Stats     []Fact // mean, standard deviation, range, share of zeros
	Charts    []Chart
	Values    *ValuesTable
	Code      string // how the layer is declared, as Go; may be empty
}

// ValuesTable is the values of the selected channel, or a window of it.
type ValuesTable struct {
	Caption    string
	RowFirst   int // number of the first row and column shown
	ColFirst   int
	Rows       [][]SumCell
	Pages      []Option // windows of a large map
	CSVURL     string
	Float32URL string
}
