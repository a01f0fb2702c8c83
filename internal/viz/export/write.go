package export

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"image/png"
	"math"
	"strconv"
)

// Families of the texts of a file, which cannot count on the page's fonts. Both lists end in one that every viewer has.
const (
	sansFamily = "Pretendard, Inter, 'Noto Sans KR', 'Apple SD Gothic Neo', 'Malgun Gothic', sans-serif"
	monoFamily = "'JetBrains Mono', ui-monospace, Consolas, 'Noto Sans Mono CJK KR', monospace"
)

// SVG is the picture as a file of its own: sizes, colours and bitmaps inside, looks as attributes, texts as text.
func (p *Picture) SVG() ([]byte, error) {
	w := &writer{}
	w.str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
	fmt.Fprintf(&w.b, `<svg xmlns="http://www.w3.org/2000/svg" width="%s" height="%s" viewBox="0 0 %s %s" role="img" font-family="%s"><title>%s</title><desc>%s</desc>`,
		num(p.W), num(p.H), num(p.W), num(p.H), sansFamily, escape(p.Title), escape(p.Desc))
	w.nodes(p.nodes)
	w.str("</svg>\n")
	return w.b.Bytes(), w.err
}

type writer struct {
	b   bytes.Buffer
	err error
}

func (w *writer) str(s string) { w.b.WriteString(s) }

func (w *writer) attr(name, value string) { w.str(" " + name + `="` + escape(value) + `"`) }

func (w *writer) nodes(l []node) {
	for _, n := range l {
		switch n := n.(type) {
		case *group:
			w.str("<g")
			if n.opacity < 1 {
				w.attr("opacity", num(n.opacity))
			}
			w.str(">")
			w.nodes(n.nodes)
			w.str("</g>")
		case *shape:
			w.shape(n)
		case *label:
			w.label(n)
		case *bitmap:
			w.bitmap(n)
		}
	}
}

func (w *writer) paint(name string, p paint) {
	if p.A == 0 {
		w.attr(name, "none")
		return
	}
	w.attr(name, fmt.Sprintf("#%02x%02x%02x", p.R, p.G, p.B))
	if p.A < 1 {
		w.attr(name+"-opacity", num(p.A))
	}
}

func (w *writer) shape(s *shape) {
	w.str("<path")
	w.attr("d", s.path.String())
	w.paint("fill", s.fill)
	if s.stroke.A > 0 && s.width > 0 {
		w.paint("stroke", s.stroke)
		w.attr("stroke-width", num(s.width))
		if len(s.dash) > 0 {
			d := ""
			for i, v := range s.dash {
				if i > 0 {
					d += " "
				}
				d += num(v)
			}
			w.attr("stroke-dasharray", d)
		}
		if s.round {
			w.attr("stroke-linecap", "round")
			w.attr("stroke-linejoin", "round")
		}
	}
	w.str("/>")
}

// String is the path as path data.
func (p path) String() string {
	var b []byte
	for _, s := range p {
		b = append(b, s.op)
		for i, q := range s.points() {
			if i > 0 {
				b = append(b, ' ')
			}
			b = append(append(append(b, num(q.x)...), ' '), num(q.y)...)
		}
	}
	return string(b)
}

func (w *writer) label(l *label) {
	w.str("<text")
	w.attr("x", num(l.x))
	w.attr("y", num(l.y))
	if l.anchor != "" && l.anchor != "start" {
		w.attr("text-anchor", l.anchor)
	}
	if len(l.runs) == 1 {
		w.look(l.runs[0])
		w.str(">" + escape(l.runs[0].text))
	} else {
		w.attr("xml:space", "preserve")
		w.str(">")
		for _, r := range l.runs {
			w.str("<tspan")
			w.look(r)
			w.str(">" + escape(r.text) + "</tspan>")
		}
	}
	w.str("</text>")
}

func (w *writer) look(r run) {
	w.paint("fill", r.fill)
	w.attr("font-size", num(r.font.size))
	if r.font.mono {
		w.attr("font-family", monoFamily)
	}
	if r.font.weight != 400 {
		w.attr("font-weight", strconv.Itoa(r.font.weight))
	}
	if r.font.letters != 0 {
		w.attr("letter-spacing", num(r.font.letters))
	}
	if r.font.words != 0 {
		w.attr("word-spacing", num(r.font.words))
	}
	if r.halo.A > 0 {
		w.paint("stroke", r.halo)
		w.attr("stroke-width", num(haloWidth))
		w.attr("stroke-linejoin", "round")
		w.attr("paint-order", "stroke")
	}
}

func (w *writer) bitmap(m *bitmap) {
	var b bytes.Buffer
	if err := png.Encode(&b, m.img); err != nil {
		w.err = fmt.Errorf("export: %w", err)
		return
	}
	w.str("<image")
	w.attr("x", num(m.box.x0))
	w.attr("y", num(m.box.y0))
	w.attr("width", num(m.box.x1-m.box.x0))
	w.attr("height", num(m.box.y1-m.box.y0))
	w.attr("preserveAspectRatio", "none")
	if m.pixelated {
		w.attr("image-rendering", "pixelated")
	}
	w.attr("href", "data:image/png;base64,"+base64.StdEncoding.EncodeToString(b.Bytes()))
	w.str("/>")
}

// num is a coordinate to a hundredth, without trailing zeros.
func num(v float64) string {
	v = math.Round(v*100) / 100
	if v == 0 {
		return "0" // not "-0"
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// escape makes s safe as text and in attributes.
func escape(s string) string {
	var b bytes.Buffer
	xml.EscapeText(&b, []byte(s)) // a buffer takes everything
	return b.String()
}
