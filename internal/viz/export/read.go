package export

import (
	"errors"
	"fmt"
	"image"
	"math"
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// Reader turns the markup of pages into pictures.
type Reader struct {
	Sheet *Sheet
	Fonts *Fonts
	// Dark takes the dark colours: the document's data-theme.
	Dark bool
	// Lang is the language of the texts.
	Lang string
	// Image finds the bitmap of an address in the markup.
	Image func(href string) (image.Image, error)

	images map[string]image.Image
	root   style
	marks  map[string]*html.Node
}

// Read takes the first svg element of the markup.
func (r *Reader) Read(markup string) (*Picture, error) {
	theme := "light"
	if r.Dark {
		theme = "dark"
	}
	doc, err := html.Parse(strings.NewReader(`<!doctype html><html lang="` + r.Lang + `" data-theme="` + theme + `"><body>` + markup))
	if err != nil {
		return nil, fmt.Errorf("export: %w", err)
	}
	r.images, r.marks = map[string]image.Image{}, map[string]*html.Node{}
	var svg *html.Node
	for n := range doc.Descendants() {
		switch {
		case n.Type != html.ElementNode:
		case n.Data == "html":
			r.root = r.Sheet.styleOf(n, nil)
		case n.Data == "svg" && svg == nil:
			svg = n
		case n.Data == "marker":
			r.marks[attr(n, "id")] = n
		}
	}
	if svg == nil {
		return nil, errors.New("export: no picture in the markup")
	}
	st := r.above(svg.Parent)
	view, err := viewBox(svg)
	if err != nil {
		return nil, err
	}
	p := &Picture{W: view.x1 - view.x0, H: view.y1 - view.y0, Title: attr(svg, "aria-label")}
	g := &group{opacity: 1}
	if err := r.children(svg, r.Sheet.styleOf(svg, st), transform{1, 1, -view.x0, -view.y0}, everything, g); err != nil {
		return nil, err
	}
	p.nodes = g.nodes
	return p, nil
}

// everything is a clip that cuts nothing.
var everything = box{math.Inf(-1), math.Inf(-1), math.Inf(1), math.Inf(1)}

// above is the style of an element outside the picture.
func (r *Reader) above(n *html.Node) style {
	if n == nil || n.Type != html.ElementNode {
		return nil
	}
	return r.Sheet.styleOf(n, r.above(n.Parent))
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// number is an attribute as a number, 0 when it is not there.
func number(n *html.Node, key string) float64 {
	v, err := strconv.ParseFloat(strings.TrimSuffix(attr(n, key), "px"), 64)
	if err != nil || v-v != 0 {
		return 0
	}
	return v
}

// viewBox is the coordinates of an svg element; without one they start at 0 and have its size.
func viewBox(n *html.Node) (box, error) {
	v := attr(n, "viewBox")
	if v == "" {
		return box{0, 0, number(n, "width"), number(n, "height")}, nil
	}
	f := strings.Fields(strings.ReplaceAll(v, ",", " "))
	var x [4]float64
	for i := range f {
		n, err := strconv.ParseFloat(f[i], 64)
		if err != nil || i > 3 {
			return box{}, fmt.Errorf("export: viewBox %q", v)
		}
		x[i] = n
	}
	if b := (box{x[0], x[1], x[0] + x[2], x[1] + x[3]}); len(f) == 4 && !b.empty() {
		return b, nil
	}
	return box{}, fmt.Errorf("export: viewBox %q", v)
}

func (r *Reader) children(n *html.Node, st style, t transform, clip box, g *group) error {
	for c := range n.ChildNodes() {
		if c.Type != html.ElementNode {
			continue
		}
		if err := r.element(c, r.Sheet.styleOf(c, st), t, clip, g); err != nil {
			return err
		}
	}
	return nil
}

// element adds an element to a group, in a group of its own where it is translucent.
func (r *Reader) element(n *html.Node, st style, t transform, clip box, g *group) error {
	if st.value("display") == "none" || st.value("visibility") == "hidden" || has(n, "hidden") {
		return nil
	}
	if v := attr(n, "transform"); v != "" {
		m, err := parseTransform(v)
		if err != nil {
			return err
		}
		t = t.then(m)
	}
	if v := st.value("opacity"); v != "" {
		o, err := strconv.ParseFloat(v, 64)
		if err != nil {
			return fmt.Errorf("export: opacity %q", v)
		}
		if o < 1 {
			in := &group{opacity: o}
			g.nodes = append(g.nodes, in)
			g = in
		}
	}
	switch n.Data {
	case "title", "desc", "defs", "marker":
		return nil
	case "g", "a":
		return r.children(n, st, t, clip, g)
	case "svg":
		return r.viewport(n, st, t, clip, g)
	case "text":
		return r.text(n, st, t, g)
	case "image":
		return r.bitmap(n, st, t, clip, g)
	}
	p, err := outline(n)
	if err != nil {
		return err
	}
	return r.shape(n, p, st, t, g)
}

func has(n *html.Node, key string) bool {
	for _, a := range n.Attr {
		if a.Key == key {
			return true
		}
	}
	return false
}

// parseTransform reads translate and scale.
func parseTransform(v string) (transform, error) {
	t := transform{1, 1, 0, 0}
	for rest := strings.TrimSpace(v); rest != ""; {
		name, in, ok := strings.Cut(rest, "(")
		args, after, ok2 := strings.Cut(in, ")")
		f := strings.Fields(strings.ReplaceAll(args, ",", " "))
		if !ok || !ok2 || len(f) < 1 || len(f) > 2 {
			return t, fmt.Errorf("export: transform %q", v)
		}
		x, err := strconv.ParseFloat(f[0], 64)
		y, err2 := strconv.ParseFloat(f[len(f)-1], 64)
		if err != nil || err2 != nil {
			return t, fmt.Errorf("export: transform %q", v)
		}
		switch strings.TrimSpace(name) {
		case "translate":
			if len(f) == 1 {
				y = 0
			}
			t = t.then(transform{1, 1, x, y})
		case "scale":
			t = t.then(transform{x, y, 0, 0})
		default:
			return t, fmt.Errorf("export: transform %q", v)
		}
		rest = strings.TrimSpace(after)
	}
	return t, nil
}

// viewport is a nested svg element: a window on its own coordinates.
func (r *Reader) viewport(n *html.Node, st style, t transform, clip box, g *group) error {
	view, err := viewBox(n)
	if err != nil {
		return err
	}
	x, y, w, h := number(n, "x"), number(n, "y"), number(n, "width"), number(n, "height")
	if w <= 0 || h <= 0 {
		return fmt.Errorf("export: a nested picture of %g×%g", w, h)
	}
	sx, sy := w/(view.x1-view.x0), h/(view.y1-view.y0)
	if attr(n, "preserveAspectRatio") != "none" {
		s := min(sx, sy)
		x, y = x+(w-s*(view.x1-view.x0))/2, y+(h-s*(view.y1-view.y0))/2
		sx, sy = s, s
	}
	a, b := t.apply(point{number(n, "x"), number(n, "y")}), t.apply(point{number(n, "x") + w, number(n, "y") + h})
	return r.children(n, st, t.then(transform{sx, sy, x - sx*view.x0, y - sy*view.y0}), clip.intersect(box{a.x, a.y, b.x, b.y}), g)
}

// outline is the path of a basic shape.
func outline(n *html.Node) (path, error) {
	switch n.Data {
	case "path":
		return parsePath(attr(n, "d"))
	case "rect":
		rx, ry := number(n, "rx"), number(n, "ry")
		if !has(n, "ry") {
			ry = rx
		} else if !has(n, "rx") {
			rx = ry
		}
		return rectangle(number(n, "x"), number(n, "y"), number(n, "width"), number(n, "height"), rx, ry), nil
	case "circle":
		return ellipse(number(n, "cx"), number(n, "cy"), number(n, "r"), number(n, "r")), nil
	case "ellipse":
		return ellipse(number(n, "cx"), number(n, "cy"), number(n, "rx"), number(n, "ry")), nil
	case "line":
		return path{{op: 'M', p: [3]point{{number(n, "x1"), number(n, "y1")}}}, {op: 'L', p: [3]point{{number(n, "x2"), number(n, "y2")}}}}, nil
	case "polyline":
		return parsePath("M" + attr(n, "points"))
	case "polygon":
		return parsePath("M" + attr(n, "points") + "Z")
	}
	return nil, fmt.Errorf("export: element %q is not known here", n.Data)
}
