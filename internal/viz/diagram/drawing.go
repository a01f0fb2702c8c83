package diagram

import (
	"math"

	"stride/internal/nn"
	"stride/internal/nn/tensor"
)

// Drawing is a part of a network as a graph in a W×H box. Maps are nodes, operations are pills on the edges between them.
// Nothing overlaps: pictures, captions and pills each have room of their own. Nodes are in reading order.
type Drawing struct {
	W, H  float64
	Nodes []Node
	Edges []Edge
	Pills []Pill
	// Hidden is the number of layers that are only counted in a group, not drawn.
	Hidden int
}

// NodeShape says what a node looks like.
type NodeShape string

// The shapes.
const (
	ShapeMaps  NodeShape = "maps"  // a stack of feature maps
	ShapeImage NodeShape = "image" // the input picture
	ShapeDense NodeShape = "dense" // a thin tall bar: a vector
	ShapeJoin  NodeShape = "join"  // a circle with plus or times
	ShapeSlabs NodeShape = "slabs" // abutting slabs, one per input of a concat, from top to bottom
	ShapeGroup NodeShape = "group" // a box that stands for several layers or blocks
)

// Node is a map, a join, or a group.
type Node struct {
	Box   // of the picture, without the caption
	Shape NodeShape
	Class Class
	// Node is the graph's node whose output is shown; for a group the last one in it.
	Node *nn.Node
	// Layer is the layer that ends in Node; it lies in another block for an input.
	Layer *Layer
	Role  Role
	// Name and Size are the two lines of the caption, either may be empty. Name is the sign of a residual block's parts,
	// "x", "F(x)", "Wₛx" (x′ without weights), "H(x)", and the layer's name otherwise.
	Name, Size string
	// Caption is the room of the two lines.
	Caption Box
	// Face is the side of one map and Sheets how many lie on one another, StackStep pixels apart, for maps.
	Face   float64
	Sheets int
	Slabs  []Slab
	// Block and Count are set for groups: the first block, and how many like it (or how many layers) are hidden.
	Block *Block
	Count int
}

// Slab is one input of a concat. Share is its part of the channels.
type Slab struct {
	Node     *nn.Node
	Class    Class
	Channels int
	Share    float64
}

// Edge is a connection, drawn under the nodes.
type Edge struct {
	// Path is SVG path data. Points are its corners, for whoever draws it otherwise; nil for curves.
	Path   string
	Points []Point
	Radius float64
	// Class colours the edge: add for what goes into a sum untouched, concat for arcs of a dense stage, "" is grey.
	Class Class
	// Skip marks the path that leaves x as it is: drawn thicker.
	Skip bool
	// Plain has no arrow head.
	Plain bool
	// From and To are indices into Drawing.Nodes.
	From, To int
}

// Pill is an operation on an edge.
type Pill struct {
	Box
	Mark  Mark
	Class Class
	Node  *nn.Node
}

// FaceSize is the side in pixels of one map of a stack, by the size of the map.
func FaceSize(s tensor.Shape) float64 {
	switch side := max(s.H, s.W); {
	case side >= 84:
		return 112
	case side >= 42:
		return 96
	case side >= 21:
		return 72
	case side >= 11:
		return 58
	}
	return 44
}

// SheetCount is how many maps lie on one another, by channels.
func SheetCount(s tensor.Shape) int {
	switch {
	case s.C <= 64:
		return min(s.C, 3)
	case s.C <= 256:
		return 4
	}
	return 5
}

// StackStep is how far the maps of a stack lie apart, across and down.
func StackStep(face float64) float64 {
	if face >= 110 {
		return 6
	}
	return 4
}

// style says how large things are in one drawing.
type style struct {
	face float64 // largest side of a map; 0 for no limit
	tuck bool    // the output of a residual block stands under F(x), not beside it; edges are no longer than their pills
	rows bool    // a line that is too long goes on below
}

// picture makes the node of an output, its picture's left edge at x = 0 and its middle at y = 0.
func (st style) picture(n *nn.Node, l *Layer) Node {
	d := Node{Node: n, Layer: l, Class: ClassOf(n), Size: ShapeText(n.Shape)}
	if l != nil {
		d.Name, d.Role, d.Class = l.Name, l.Role, l.Class
	}
	switch {
	case n.Op.Kind() == nn.KindInput:
		d.Shape, d.Face, d.Sheets = ShapeImage, 96, 1
		d.W, d.H = st.limit(96), st.limit(96)
	case n.Shape.PlaneLen() == 1:
		d.Shape = ShapeDense
		d.W, d.H = 10, math.Round(6.5*math.Log2(float64(n.Shape.C)+1)+8)
	default:
		d.Shape, d.Face, d.Sheets = ShapeMaps, st.limit(FaceSize(n.Shape)), SheetCount(n.Shape)
		d.W = d.Face + StackStep(d.Face)*float64(d.Sheets-1)
		d.H = d.W
	}
	d.Y = -d.H / 2
	return d
}

func (st style) limit(v float64) float64 {
	if st.face > 0 {
		return min(v, st.face)
	}
	return v
}

// lines counts the lines of the caption.
func (d *Node) lines() int {
	n := 0
	if d.Name != "" {
		n++
	}
	if d.Size != "" {
		n++
	}
	return n
}

// captionWidth is the room that the caption needs across.
func (d *Node) captionWidth() float64 {
	return math.Ceil(max(1.05*TextWidth(d.Name, textSize), MonoWidth(d.Size, textSize)))
}

// centred captions stand under bars, joins, slabs and groups; those of maps are flush left.
func (d *Node) centred() bool { return d.Shape != ShapeMaps && d.Shape != ShapeImage }

// caption places the caption below the picture.
func (d *Node) caption() {
	w, h := d.captionWidth(), captionHeight(d.lines())
	x := d.X
	if d.centred() {
		x = d.X + d.W/2 - w/2
	}
	d.Caption = Box{x, d.Y + d.H, w, h}
}

// signs are how the parts of a residual block are written (He et al. 2015, eqs. 1 and 2).
var signs = map[Role]string{RoleX: "x", RoleF: "F(x)", RoleShortcut: "Wₛx", RoleH: "H(x)"}
