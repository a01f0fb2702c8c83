package export

import (
	"fmt"
	"image"
	"math"
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// colour is a property's paint with its opacity.
func (st style) colour(name, opacity, otherwise string) (paint, error) {
	v := st.value(name)
	if v == "" {
		v = otherwise
	}
	p, err := st.paintOf(v)
	if err != nil {
		return p, fmt.Errorf("%w of %s", err, name)
	}
	if o := st.value(opacity); o != "" {
		a, err := strconv.ParseFloat(o, 64)
		if err != nil {
			return p, fmt.Errorf("export: %s %q", opacity, o)
		}
		p.A *= a
	}
	return p, nil
}

// shape adds a path with its paint, and the arrow head at its end.
func (r *Reader) shape(n *html.Node, p path, st style, t transform, g *group) (err error) {
	s := &shape{path: p.placed(t)}
	if s.fill, err = st.colour("fill", "fill-opacity", "#000"); err != nil {
		return err
	}
	if s.stroke, err = st.colour("stroke", "stroke-opacity", "none"); err != nil {
		return err
	}
	if s.stroke.A > 0 {
		k := t.scale()
		if st.value("vector-effect") == "non-scaling-stroke" {
			k = 1
		}
		s.width = k
		if v := st.value("stroke-width"); v != "" {
			if s.width, err = length(v, 0); err != nil {
				return err
			}
			s.width *= k
		}
		for _, d := range strings.FieldsFunc(st.value("stroke-dasharray"), func(c rune) bool { return c == ' ' || c == ',' }) {
			if d == "none" {
				continue
			}
			v, err := length(d, 0)
			if err != nil {
				return err
			}
			s.dash = append(s.dash, v*k)
		}
		s.round = st.value("stroke-linecap") == "round" || st.value("stroke-linejoin") == "round"
	}
	if s.fill.A > 0 || s.stroke.A > 0 && s.width > 0 {
		g.nodes = append(g.nodes, s)
	}
	if ref := attr(n, "marker-end"); ref != "" {
		return r.arrow(strings.TrimSuffix(strings.TrimPrefix(ref, "url(#"), ")"), s, g)
	}
	return nil
}

// arrow draws a marker at the end of a stroke, turned as the stroke ends and as large as it is wide.
func (r *Reader) arrow(id string, s *shape, g *group) error {
	m := r.marks[id]
	if m == nil {
		return fmt.Errorf("export: no marker %q", id)
	}
	end, from, ok := s.path.tail()
	if !ok {
		return nil
	}
	view, err := viewBox(m)
	if err != nil {
		return err
	}
	k := s.width * number(m, "markerWidth") / (view.x1 - view.x0)
	turn := math.Atan2(end.y-from.y, end.x-from.x)
	sin, cos := math.Sincos(turn)
	st := r.above(m)
	for c := range m.ChildNodes() {
		if c.Type != html.ElementNode {
			continue
		}
		p, err := outline(c)
		if err != nil {
			return err
		}
		p = p.placed(transform{k, k, -k * number(m, "refX"), -k * number(m, "refY")})
		for i := range p {
			for j, q := range p[i].p {
				p[i].p[j] = point{end.x + q.x*cos - q.y*sin, end.y + q.x*sin + q.y*cos}
			}
		}
		fill, err := r.Sheet.styleOf(c, st).colour("fill", "fill-opacity", "#000")
		if err != nil {
			return err
		}
		g.nodes = append(g.nodes, &shape{path: p, fill: fill})
	}
	return nil
}

// tail is the last point of a path and the point that it comes from.
func (p path) tail() (end, from point, ok bool) {
	var all []point
	for _, s := range p {
		all = append(all, s.points()...)
	}
	if len(all) == 0 {
		return end, from, false
	}
	end = all[len(all)-1]
	for i := len(all) - 2; i >= 0; i-- {
		if all[i] != end {
			return end, all[i], true
		}
	}
	return end, from, false
}

// text adds a line of text.
func (r *Reader) text(n *html.Node, st style, t transform, g *group) error {
	at := t.apply(point{number(n, "x"), number(n, "y")})
	l := &label{x: at.x, y: at.y, anchor: st.value("text-anchor")}
	if err := r.runs(n, st, t.scale(), l); err != nil {
		return err
	}
	// White space collapses as in HTML, across runs.
	space := true
	for i := range l.runs {
		var b strings.Builder
		for _, c := range l.runs[i].text {
			if blank := c == ' ' || c == '\n' || c == '\t' || c == '\r'; !blank {
				b.WriteRune(c)
				space = false
			} else if !space {
				b.WriteByte(' ')
				space = true
			}
		}
		l.runs[i].text = b.String()
	}
	if k := len(l.runs) - 1; k >= 0 {
		l.runs[k].text = strings.TrimRight(l.runs[k].text, " ")
		g.nodes = append(g.nodes, l)
	}
	return nil
}

func (r *Reader) runs(n *html.Node, st style, scale float64, l *label) error {
	for c := range n.ChildNodes() {
		switch {
		case c.Type == html.TextNode && c.Data != "":
			x := run{text: c.Data}
			var err error
			if x.font, err = st.font(scale); err != nil {
				return err
			}
			if x.fill, err = st.colour("fill", "fill-opacity", "#000"); err != nil {
				return err
			}
			if st.value("paint-order") == "stroke" {
				if x.halo, err = st.colour("stroke", "stroke-opacity", "none"); err != nil {
					return err
				}
			}
			l.runs = append(l.runs, x)
		case c.Type == html.ElementNode && c.Data == "tspan":
			if err := r.runs(c, r.Sheet.styleOf(c, st), scale, l); err != nil {
				return err
			}
		case c.Type == html.ElementNode && c.Data != "title":
			return fmt.Errorf("export: element %q in a text", c.Data)
		}
	}
	return nil
}

func (st style) font(scale float64) (textFont, error) {
	f := textFont{weight: 400, size: 16, mono: strings.Contains(strings.ToLower(firstFamily(st.value("font-family"))), "mono")}
	var err error
	if v := st.value("font-size"); v != "" {
		if f.size, err = length(v, 16); err != nil {
			return f, err
		}
	}
	switch v := st.value("font-weight"); v {
	case "", "normal":
	case "bold":
		f.weight = 700
	default:
		if f.weight, err = strconv.Atoi(v); err != nil {
			return f, fmt.Errorf("export: font-weight %q", v)
		}
	}
	if f.letters, err = length(st.value("letter-spacing"), f.size); err != nil {
		return f, err
	}
	if f.words, err = length(st.value("word-spacing"), f.size); err != nil {
		return f, err
	}
	f.size, f.letters, f.words = f.size*scale, f.letters*scale, f.words*scale
	return f, nil
}

func firstFamily(v string) string {
	first, _, _ := strings.Cut(v, ",")
	return first
}

// bitmap adds what a window shows of a bitmap: the pixels inside it, no more.
func (r *Reader) bitmap(n *html.Node, st style, t transform, clip box, g *group) error {
	href := attr(n, "href")
	img, ok := r.images[href]
	if !ok {
		if r.Image == nil {
			return fmt.Errorf("export: bitmap %q in a picture that has none", href)
		}
		var err error
		if img, err = r.Image(href); err != nil {
			return err
		}
		r.images[href] = img
	}
	a := t.apply(point{number(n, "x"), number(n, "y")})
	b := t.apply(point{number(n, "x") + number(n, "width"), number(n, "y") + number(n, "height")})
	whole := box{a.x, a.y, b.x, b.y}
	if attr(n, "preserveAspectRatio") == "xMidYMid slice" {
		clip, whole = clip.intersect(whole), slice(whole, img.Bounds())
	}
	seen := whole.intersect(clip)
	if seen.empty() {
		return nil
	}
	m := &bitmap{box: seen, img: img, pixelated: st.value("image-rendering") == "pixelated"}
	if seen != whole {
		m.img, m.box = cut(img, whole, seen)
	}
	g.nodes = append(g.nodes, m)
	return nil
}

// slice grows a box around its middle to the shape of a bitmap.
func slice(b box, pixels image.Rectangle) box {
	w, h := b.x1-b.x0, b.y1-b.y0
	k := max(w/float64(pixels.Dx()), h/float64(pixels.Dy()))
	dx, dy := (k*float64(pixels.Dx())-w)/2, (k*float64(pixels.Dy())-h)/2
	return box{b.x0 - dx, b.y0 - dy, b.x1 + dx, b.y1 + dy}
}

// cut is the pixels of a bitmap on whole that touch seen, and their box.
func cut(img image.Image, whole, seen box) (image.Image, box) {
	const tiny = 1e-6 // of a pixel: windows are whole pixels up to rounding
	p := img.Bounds()
	kx, ky := float64(p.Dx())/(whole.x1-whole.x0), float64(p.Dy())/(whole.y1-whole.y0)
	x0, y0 := int(math.Floor((seen.x0-whole.x0)*kx+tiny)), int(math.Floor((seen.y0-whole.y0)*ky+tiny))
	x1, y1 := int(math.Ceil((seen.x1-whole.x0)*kx-tiny)), int(math.Ceil((seen.y1-whole.y0)*ky-tiny))
	part, ok := img.(interface {
		SubImage(image.Rectangle) image.Image
	})
	if !ok {
		return img, whole
	}
	sub := part.SubImage(image.Rect(x0, y0, x1, y1).Add(p.Min))
	return sub, box{whole.x0 + float64(x0)/kx, whole.y0 + float64(y0)/ky, whole.x0 + float64(x1)/kx, whole.y0 + float64(y1)/ky}
}
