package analyze

import (
	"stride/internal/nn"
	"stride/internal/nn/tensor"
)

// Field is the receptive field of a node: the rectangle of the picture that can influence one cell. Cell (y, x) sees
// rows y·Jump[0]+Start[0] … + Size[0]−1 and columns likewise; parts outside the picture are padding.
//
// Sizes follow r ← r + (k−1)·j, j ← j·s (with dilation d: k−1 becomes d·(k−1)). Where paths join, the field is the
// smallest rectangle around all of them, except squeeze-and-excitation gates, which see the whole map and would hide
// what the layer itself does.
type Field struct {
	Size, Jump [2]int
	Start      [2]int
	// Whole is set from the first op on that reads every position of its map (global pooling, flattening): the cell
	// depends on the whole picture, whatever Size says.
	Whole bool
	// From is the path of the input that the field was taken from, the one with the largest field.
	From string
}

// Fields computes the receptive field of every node, by ID.
func Fields(g *nn.Graph) []Field {
	f := make([]Field, len(g.Nodes))
	f[g.Input.ID] = Field{Size: [2]int{1, 1}, Jump: [2]int{1, 1}}
	for _, n := range g.Nodes {
		if n == g.Input {
			continue
		}
		f[n.ID] = slide(join(n, f), n)
	}
	return f
}

// join is the smallest rectangle around the fields of all inputs that count.
func join(n *nn.Node, f []Field) Field {
	var out Field
	first := true
	shapes := n.InShapes(1)
	gated, _ := n.Op.(nn.Gated)
	for i, in := range n.In {
		if gated != nil && gated.IsGate(shapes, i) {
			continue
		}
		x := f[in.ID]
		x.From = in.Path
		if first {
			out, first = x, false
			continue
		}
		out = union(out, x)
	}
	return out
}

func union(a, b Field) Field {
	out := a
	if b.Size[0] > a.Size[0] {
		out.From = b.From
	}
	out.Whole = a.Whole || b.Whole
	for d := range 2 {
		start := min(a.Start[d], b.Start[d])
		end := max(a.Start[d]+a.Size[d], b.Start[d]+b.Size[d])
		out.Start[d], out.Size[d], out.Jump[d] = start, end-start, max(a.Jump[d], b.Jump[d])
	}
	return out
}

// slide applies the window of n to the field of its input.
func slide(f Field, n *nn.Node) Field {
	w := n.Window()
	if _, ok := n.Op.(nn.Windowed); ok && coversAll(w, n.In[0].Shape) {
		f.Whole = true
	}
	if n.Shape.PlaneLen() == 1 && n.In[0].Shape.PlaneLen() == 1 {
		return f // vectors: every cell already sees what it sees
	}
	for d, k := range [2][4]int{{w.KH, w.SH, w.PT, w.DH}, {w.KW, w.SW, w.PL, w.DW}} {
		f.Start[d] -= k[2] * f.Jump[d]
		f.Size[d] += (k[0] - 1) * k[3] * f.Jump[d]
		f.Jump[d] *= k[1]
	}
	return f
}

func coversAll(w nn.Window, in tensor.Shape) bool {
	return w.KH >= in.H && w.KW >= in.W && in.PlaneLen() >= 1
}

// Box is the part of the picture that cell (y, x) can see, clipped to the picture: rows y0 … y1−1, columns x0 … x1−1.
// Full is false when padding was cut off.
func (f Field) Box(y, x int, in tensor.Shape) (y0, x0, y1, x1 int, full bool) {
	if f.Whole {
		return 0, 0, in.H, in.W, true
	}
	a, b := f.Start[0]+y*f.Jump[0], f.Start[1]+x*f.Jump[1]
	y0, x0 = min(max(a, 0), in.H-1), min(max(b, 0), in.W-1)
	y1, x1 = max(min(a+f.Size[0], in.H), y0+1), max(min(b+f.Size[1], in.W), x0+1)
	return y0, x0, y1, x1, y1-y0 == f.Size[0] && x1-x0 == f.Size[1]
}
