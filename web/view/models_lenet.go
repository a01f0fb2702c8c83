package view

// PadSize is the width in CSS pixels of the drawing pad; a click without JavaScript sends coordinates in these pixels.
const PadSize = 240

// LeNetPage is the whole of LeNet-5 at once, beside a pad.
type LeNetPage struct {
	Page
	Crumbs   []Link
	Facts    []Fact
	Weights  Badge
	Variants []Option
	Pad      Pad
	Stages   []LeNetStage
	Says     string // the digit with the largest softmax value; "" before a drawing
	Digits   []DigitBar
	Lesson   *Lesson
	Channel  *ChannelView // the selected map; nil for a vector
	Pixel    *PixelSum
	Filters  []GridTile // the filters of the first layer, as links
	Stream   Stream
	Notice   *Notice
	Links    []Link // layers, print
}

// Pad is the drawing pad. The drawing is a square of Side×Side grey values; Data is its compact form in the address.
type Pad struct {
	Side     int
	Data     string
	Action   string // GET with the drawing under Name
	Name     string
	Fields   []Field
	ImageURL string // the drawing as a picture of Side×Side pixels; a click without JavaScript paints a dot
	Alt      string
	Empty    bool
	ClearURL string
	UndoURL  string // may be empty
	Sample   string // URL: a random sample
	Samples  []PadSample
	Box      *Rect // the window of the selected pixel
	// Ink says how a painted pixel is encoded: two hexadecimal digits per value, rows from the top.
}

// PadSample is a stored digit.
type PadSample struct {
	Digit string
	URL   string
	Tile  Tile
	On    bool
}

// LeNetStage is one layer with all its maps.
type LeNetStage struct {
	Op     Op
	Title  string // "C1 convolve 5×5"
	Shape  string // "6×28×28"
	Params string // "156 params"
	URL    string
	Cols   int     // tiles per row
	Size   float64 // side of a tile in pixels
	Tiles  []GridTile
	Vector *Tile   // a dense layer as one small picture, in place of Tiles
	W, H   float64 // of Vector, in pixels
	Chosen *Rect   // the selected value, in cells of Vector; may be nil
}

// DigitBar is one class of LeNet.
type DigitBar struct {
	Digit   string
	Percent float64
	Text    string
	On      bool
}
