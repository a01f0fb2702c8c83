package export

import (
	"math"
	"strings"
)

// Frame is what a file says about its picture.
type Frame struct {
	// Title names the picture, above it.
	Title string
	// Caption says what it shows, Sources where it is from; each source starts a line.
	Caption string
	Sources []string
}

// The frame's measures, in units.
const (
	margin      = 24.0
	narrowest   = 480.0 // room for lines of a readable length
	titleSize   = 16.0
	captionSize = 12.5
	sourceSize  = 11.0
	leading     = 1.5
)

// Frame puts the picture on the page's ground with its title, caption and sources, which also become its description.
func (r *Reader) Frame(p *Picture, f Frame) (*Picture, error) {
	ink := map[string]paint{}
	for _, name := range []string{"--surface", "--ink", "--ink-2", "--ink-3", "--line"} {
		var err error
		if ink[name], err = r.root.paintOf(r.root.value(name)); err != nil {
			return nil, err
		}
	}
	out := &Picture{W: max(p.W, narrowest) + 2*margin, Title: f.Title, Desc: strings.Join(append([]string{f.Caption}, f.Sources...), " ")}
	width := out.W - 2*margin
	y := margin
	write := func(s string, size float64, weight int, colour string) {
		t := textFont{size: size, weight: weight}
		for _, l := range r.Fonts.wrap(s, t, width) {
			y += size
			out.nodes = append(out.nodes, &label{x: margin, y: y, runs: []run{{text: l, font: t, fill: ink[colour]}}})
			y += (leading - 1) * size
		}
	}
	write(f.Title, titleSize, 640, "--ink")
	y += 10
	// A viewport cannot be moved after it is read, so the picture's own nodes are.
	for _, n := range p.nodes {
		move(n, margin, y)
	}
	out.nodes = append(out.nodes, p.nodes...)
	y += p.H + 14
	write(f.Caption, captionSize, 420, "--ink-2")
	y += 6
	for _, s := range f.Sources {
		write(s, sourceSize, 420, "--ink-3")
	}
	out.W, out.H = math.Ceil(out.W), math.Ceil(y+margin-6)
	ground := &shape{path: rectangle(0, 0, out.W+1, out.H+1, 0, 0), fill: ink["--surface"]}
	out.nodes = append([]node{ground}, out.nodes...)
	return out, nil
}

func move(n node, dx, dy float64) {
	switch n := n.(type) {
	case *group:
		for _, m := range n.nodes {
			move(m, dx, dy)
		}
	case *shape:
		n.path = n.path.placed(transform{1, 1, dx, dy})
	case *label:
		n.x, n.y = n.x+dx, n.y+dy
	case *bitmap:
		n.box = box{n.box.x0 + dx, n.box.y0 + dy, n.box.x1 + dx, n.box.y1 + dy}
	}
}

// slack is the part of a line that stays free, since a viewer may have another font.
const slack = 0.04

// wrap breaks a text into lines at spaces; a word longer than a line is broken where it must be.
func (f *Fonts) wrap(s string, t textFont, width float64) []string {
	width *= 1 - slack
	var lines []string
	cur := ""
	for _, word := range strings.Fields(s) {
		if next := strings.TrimSpace(cur + " " + word); f.Width(next, t) <= width {
			cur = next
			continue
		}
		if cur != "" {
			lines, cur = append(lines, cur), ""
		}
		for _, c := range word {
			if cur != "" && f.Width(cur+string(c), t) > width {
				lines, cur = append(lines, cur), ""
			}
			cur += string(c)
		}
	}
	if cur != "" {
		lines = append(lines, cur)
	}
	return lines
}
