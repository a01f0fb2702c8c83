package view

// Diagram is a part of a network as a graph, laid out by viz/diagram. Coordinates are pixels of a W×H box. It is drawn as
// one SVG whose nodes are links, and followed by the same content as an ordered list.
type Diagram struct {
	ID     string // unique on the page
	W, H   float64
	Label  string // one sentence: what the drawing shows
	Frames []DiagramFrame
	Edges  []DiagramEdge
	Nodes  []DiagramNode
	Pills  []Pill
}

// NodeShape says how a node is drawn.
type NodeShape string

// The shapes of nodes.
const (
	NodeMaps  NodeShape = "maps"  // a stack of feature maps
	NodeImage NodeShape = "image" // the input picture
	NodeDense NodeShape = "dense" // a thin tall bar
	NodeJoin  NodeShape = "join"  // a circle with plus or times
	NodeSlabs NodeShape = "slabs" // abutting slabs: concat
	NodeGroup NodeShape = "group" // a collapsed part: a box with its name and count
)

// DiagramNode is a tensor, a join or a collapsed group.
type DiagramNode struct {
	Box             // of the picture, without the caption below it
	Path     string // of the layer: the node's identity
	Shape    NodeShape
	Op       Op
	Name     string // "conv3.1b", "F(x)"
	Size     string // "128×28²"
	Stack    Stack  // for maps
	ImageURL string // for the input picture
	Slabs    []Slab
	URL      string
	Title    string // tooltip, and what a screen reader says: "conv3.1b, 3×3 convolution, 128×28×28"
	Inputs   string // for the list: "from conv3.1a, also receives x"; may be empty
	Selected bool
	Dim      bool // outside the lesson step
	Above    bool // caption above the picture instead of below
}

// Slab is one branch of a concat; Share is its part of the channels.
type Slab struct {
	Op    Op
	Share float64
	Label string
}

// DiagramEdge is a connection. Points are joined by straight lines with corners of the given radius; two points make a line.
type DiagramEdge struct {
	Points []Point
	Radius float64
	Path   string // SVG path data in place of Points
	Op     Op     // colours the edge: OpAdd for the untouched path of a skip; OpNone is grey
	Back   bool   // the backward pass: dashed
	Dim    bool
	Plain  bool // without an arrow head
}

// Point is a place in a drawing.
type Point struct{ X, Y float64 }

// Pill is an operation on an edge. X and Y are its centre.
type Pill struct {
	X, Y     float64
	Op       Op
	Text     string // "3×3"
	Sub      string // "s2"; may be empty
	URL      string // the operation's own node
	Title    string
	Selected bool
	Dim      bool
}

// DiagramFrame is a labelled area behind nodes: a repeated block, a branch.
type DiagramFrame struct {
	Box
	Label string
	URL   string // expands or collapses
	Dim   bool
}
