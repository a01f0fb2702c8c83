package view

import (
	"slices"
	"strings"

	"github.com/a-h/templ"
)

// arrowOps lists the colours of the diagram's arrow heads.
func (d Diagram) arrowOps() []Op {
	var ops []Op
	for _, e := range d.Edges {
		if !e.Plain && !slices.Contains(ops, e.Op) {
			ops = append(ops, e.Op)
		}
	}
	return ops
}

func (d Diagram) marker(op Op) string {
	if op == OpNone {
		op = OpNorm
	}
	return "ar-" + idPart(d.ID) + "-" + string(op)
}

func (n DiagramNode) title() string {
	if n.Title != "" {
		return n.Title
	}
	if n.Size == "" {
		return n.Name
	}
	return n.Name + ", " + n.Size
}

// label is the node's name for a screen reader: what is written, then what it means.
func (n DiagramNode) label() string { return spoken(strings.TrimSpace(n.Name+" "+n.Size), n.Title) }

// label is the pill's name for a screen reader.
func (p Pill) label() string { return spoken(strings.TrimSpace(p.Text+" "+p.Sub), p.Title) }

// spoken puts the meaning after the visible text, which a voice command may use (WCAG 2.5.3).
func spoken(visible, meaning string) string {
	switch {
	case visible == "":
		return meaning
	case meaning == "" || meaning == visible:
		return visible
	}
	return visible + ". " + meaning
}

// words is the node's line in the list.
func (n DiagramNode) words() string {
	if n.Inputs == "" {
		return n.title()
	}
	return n.title() + "; " + n.Inputs
}

func (n DiagramNode) haloRadius() string {
	if n.Shape == NodeJoin {
		return num(n.W/2 + 5)
	}
	return "5"
}

// face gives the side of the top tile so that the whole stack fills the box.
func (n DiagramNode) face() float64 {
	return n.W - n.Stack.step()*float64(max(len(n.Stack.Tiles)-1, 0))
}

// centred captions stand under joins, bars and slabs; those of pictures are flush left.
func (n DiagramNode) centred() bool {
	return n.Shape == NodeJoin || n.Shape == NodeDense || n.Shape == NodeSlabs
}

func (n DiagramNode) captionX() float64 {
	if n.centred() {
		return n.X + n.W/2
	}
	return n.X
}

func (n DiagramNode) captionY() float64 {
	if n.Above {
		return n.Y - 26
	}
	return n.Y + n.H + 20
}

func (n DiagramNode) anchor() templ.Attributes {
	if n.centred() {
		return templ.Attributes{"text-anchor": "middle"}
	}
	return nil
}

// sign is the plus or times inside a join.
func (n DiagramNode) sign() string {
	x, y, r := n.X+n.W/2, n.Y+n.H/2, n.W*0.22
	if n.Op == OpMul {
		r *= 0.8
		return "M" + num(x-r) + " " + num(y-r) + "L" + num(x+r) + " " + num(y+r) + "M" + num(x+r) + " " + num(y-r) + "L" + num(x-r) + " " + num(y+r)
	}
	return "M" + num(x-r) + " " + num(y) + "H" + num(x+r) + "M" + num(x) + " " + num(y-r) + "V" + num(y+r)
}

// slabs places the branches of a concat; their lengths are their shares of the channels.
func (n DiagramNode) slabs() []span {
	var out []span
	y := 0.0
	for _, s := range n.Slabs {
		h := s.Share * n.H
		out = append(out, span{y, h, s.Op.Class(), s.Label})
		y += h
	}
	return out
}

// path is a flat arc: up, over, down.
func (a Arc) path() string {
	mid := (a.X2 - a.X1) / 2
	return "M" + num(a.X1) + " " + num(a.Y) + "q0 -9 " + num(mid) + " -9t" + num(mid) + " 9"
}

// pick is the frame of what is selected: the block, or the stage when no block of it is.
func (s OverviewStage) pick() Box {
	for _, b := range s.Blocks {
		if b.Selected {
			return b.Frame
		}
	}
	if s.Selected {
		return s.Frame
	}
	return Box{}
}

// selected reports whether the stage or one of its blocks is selected.
func (s OverviewStage) selected() bool {
	return s.Selected || slices.ContainsFunc(s.Blocks, func(b OverviewBlock) bool { return b.Selected })
}
