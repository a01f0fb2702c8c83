package view

// ArchPage is the workspace of one architecture: lesson, network, block, result, inspector. From 1180 px everything is
// visible at once; on a phone Tab chooses.
type ArchPage struct {
	Page
	Bar       ArchBar
	Tab       Tab
	TabURLs   [3]string // the page with each tab, in the order of the Tab constants
	Lesson    *Lesson   // nil leaves the column out
	Overview  Overview
	Block     BlockView
	Result    Result
	Inspector Inspector
	List      NetList  // the network as a list: phones, and the twin of the diagram
	Charts    []Chart  // below the workspace: parameters and multiply–adds per stage, histogram of the selected activation
	Refs      []RefRow // the papers, at the end
	Surgery   *Surgery // nil leaves it out
}

// Tab is a view of the architecture page on a phone.
type Tab int

// The tabs.
const (
	TabLesson Tab = iota
	TabNetwork
	TabResult
)

// ArchBar is the line under the header: which network, which variant, its totals, its weights.
type ArchBar struct {
	Name     string // "ResNet-50"
	Variants []Option
	Facts    []Fact
	Weights  Badge
	GradCAM  *Toggle // nil where there are no gradients
	ShareURL string  // this view, absolute: copied by the button, opened without JavaScript
	Links    []Link  // layers as a table, print handout, paper against weights
	Note     Rich    // how this variant differs from the paper, in one line; may be empty
	Notice   *Notice // "VGG-16 takes about 6 s on this machine"; may be nil
}

// Lesson is the lesson column: one step at a time.
type Lesson struct {
	Title      string // of the lesson, for screen readers
	Steps      []LessonStep
	Current    int // index into Steps
	Heading    string
	About      Rich // which network the text's numbers are of, where another one runs on the page; else nil
	Blocks     []Block
	Back, Next *Link // labels are the other steps' short titles; nil at the ends
	Terms      []TermRow
}

// LessonStep is one mark of the step bar.
type LessonStep struct {
	Title, URL string
	Done       bool
}

// Overview is the silhouette of the whole network (zoom level 1). Coordinates are those of a W×H box.
type Overview struct {
	W, H    float64
	Label   string // one sentence: what the drawing shows
	Photo   string // URL of the picture at the left; may be empty
	PhotoAt Box
	Bars    []Bar
	Arcs    []Arc
	Stages  []OverviewStage
	Legend  []LegendItem
	Brief   string // beside the title in place of the legend where it is empty
	Files   []Link // the drawing as a file
}

// Box is a rectangle in the coordinates of a drawing.
type Box struct{ X, Y, W, H float64 }

// Bar is one layer of a silhouette.
type Bar struct {
	Box
	Op    Op
	Title string // tooltip; may be empty
	Dim   bool
}

// Arc is a skip connection over the bars: from x1 to x2, its feet at height y.
type Arc struct {
	X1, X2, Y float64
	Op        Op
	Dim       bool
}

// OverviewStage is a link over a part of the silhouette, with its shape and name below.
type OverviewStage struct {
	Frame    Box // the clickable area; drawn when selected
	X        float64
	Shape    string // "512×28²"
	Name     string // "conv3 ×4"
	URL      string
	Selected bool
	// Blocks are finer links inside the stage, drawn only as areas.
	Blocks []OverviewBlock
}

// OverviewBlock is one block of a stage: a link over its bars.
type OverviewBlock struct {
	Frame    Box
	Name     string
	URL      string
	Selected bool
}

// LegendItem explains a colour.
type LegendItem struct {
	Op    Op
	Label string
}

// BlockView is the middle of the page (zoom levels 2 and 3): a block or a single layer as a graph.
type BlockView struct {
	Title   string // "Block conv3.1, bottleneck with projection"
	Meta    string // "379,392 params"
	Crumbs  []Link // network / conv3 / conv3.1; the last is the current one
	OutURL  string // one level out; "" at the top
	InURL   string // one level in; "" at the bottom
	Zoom    []Option
	Diagram Diagram
	Files   []Link // the drawing as a file
}

// Result is the bar under the graph: Grad-CAM, the five best classes, progress.
type Result struct {
	CAM     *CAM
	Preds   []Prediction
	Other   []Prediction // the predictions before surgery, beside the new ones; may be empty
	Stream  Stream
	Explain *Select // the class that Grad-CAM explains
	Notice  *Notice // in place of the predictions: untrained weights, a failed run
	Caution string  // "The network had to answer with one of its 1,000 classes."; may be empty
}

// CAM is the picture with the class activation painted over it, and the slider that leads through the layers.
type CAM struct {
	URL, Alt string
	Layer    string // path of the layer
	Through  Control
	Action   string // GET with the slider's value and the fields
	Fields   []Field
	Files    []Link // the picture as files
}

// Prediction is one class with its softmax value.
type Prediction struct {
	Label   string
	Percent float64 // 0 … 100: the bar's length
	Text    string  // "62%"
	URL     string  // explains this class; may be empty
	Title   string  // the label in the other language, WordNet id; may be empty
}

// Stream is the state of a run.
type Stream struct {
	Percent   float64 // of the layers
	Text      string  // "stage 5 of 5 · 412 ms", "2 runs before yours"
	EventsURL string  // server-sent events while the run is not finished; "" when it is
	Done      bool
	StopURL   string // POST; may be empty
	Slow      *Notice
}

// RefRow is a reference to a paper.
type RefRow struct {
	ID      string
	Authors string
	Title   string
	Where   string // "CVPR 2016"
	Year    string
	URL     string
	Note    string
}

// Surgery changes the network for this visitor: scale or cut skips, mute branches and channels.
type Surgery struct {
	Action   string
	Fields   []Field
	Controls []Control
	Mute     *Link  // mutes the selected channel, or undoes that; may be nil
	ResetURL string // "" when nothing is changed
	Changed  []Link // layers that differ from the unchanged network
	Note     string
}

// NetList is the whole network as a list: stages, blocks, layers, in the order of the pass.
type NetList struct{ Stages []ListStage }

// ListStage is one stage or block of the list. With no layers loaded it is a link; open, it shows them.
type ListStage struct {
	Name   string // "conv3 · block 1 of 4"
	Shape  string
	Count  string // parameters
	Tile   Tile
	Photo  string // URL of a picture in place of the tile
	URL    string // opens this stage
	Open   bool
	Layers []ListLayer
}

// ListLayer is one layer of a stage.
type ListLayer struct {
	Op       Op
	Name     string
	Shape    string
	Count    string
	Note     string // "also receives x"; may be empty
	Tile     Tile
	URL      string
	Selected bool
	Dim      bool
}
