package export

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"
	"os"
	"strings"
	"testing"

	"stride/internal/viz/viztest"
)

var fonts = func() *Fonts {
	f, err := NewFonts(os.DirFS("../../../web/static/fonts"))
	if err != nil {
		panic(err)
	}
	return f
}()

// ink is the area that a black picture covers, in units.
func ink(t *testing.T, p *Picture, scale float64) float64 {
	t.Helper()
	b, err := p.PNG(fonts, scale)
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() {
			_, _, _, a := img.At(x, y).RGBA()
			sum += float64(a) / 0xffff
		}
	}
	return sum / scale / scale
}

const sheetText = `
:root { --c: #0000ff; --ground: #ffffff; --surface: #ffffff; --ink: #111111; --ink-2: #333333; --ink-3: #666666; --line: #dddddd; --part: 25%; }
:root[data-theme=dark] { --ground: #000000; --surface: #101010; --ink: #eeeeee; }
@media print { rect { fill: red; } }
svg text { font-family: "Sans"; font-size: 12px; fill: var(--ink) }
svg text.m { font-family: "JetBrains Mono"; letter-spacing: -.02em }
.a { fill: var(--c); stroke: currentColor; color: #ff0000 }
.a.b { fill: color-mix(in srgb, var(--c) var(--part), var(--ground)) }
ellipse:where(:not([fill])) { fill: #808080 }
.calc { fill: color-mix(in srgb, var(--c) calc(var(--l, 2) * 12.5%), var(--ground)) }
.up { fill: #00ff00 !important }
rect:hover { fill: #ffff00 }
g.off { opacity: .5 }
.set { --c: #123456; }
.gone { display: none }
`

func reader(dark bool) *Reader {
	return &Reader{Sheet: ParseSheet(sheetText), Fonts: fonts, Dark: dark, Lang: "en", Image: func(href string) (image.Image, error) {
		if href != "/map.png" {
			return nil, errors.New("no such bitmap")
		}
		m := image.NewNRGBA(image.Rect(0, 0, 4, 2)) // two tiles of 2×2, black and white
		for y := range 2 {
			for x := range 4 {
				m.Set(x, y, color.Gray{uint8(x / 2 * 255)})
			}
		}
		return m, nil
	}}
}

// TestLook reads one rectangle and looks at its colours.
func TestLook(t *testing.T) {
	for _, c := range []struct {
		name, markup string
		dark         bool
		fill, stroke paint
	}{
		{"attribute", `<rect fill="#abc"/>`, false, paint{0xaa, 0xbb, 0xcc, 1}, paint{}},
		{"where not set", `<ellipse rx="3" ry="3"/>`, false, paint{0x80, 0x80, 0x80, 1}, paint{}},
		{"black by itself", `<rect/>`, false, paint{0, 0, 0, 1}, paint{}},
		{"rule over attribute", `<rect class="a" fill="#abc"/>`, false, paint{0, 0, 255, 1}, paint{255, 0, 0, 1}},
		{"inherited", `<g class="a"><rect/></g>`, false, paint{0, 0, 255, 1}, paint{255, 0, 0, 1}},
		{"important", `<rect class="a b up"/>`, false, paint{0, 255, 0, 1}, paint{255, 0, 0, 1}},
		{"mixed", `<rect class="b a"/>`, false, paint{191, 191, 255, 1}, paint{255, 0, 0, 1}},
		{"mixed by a product", `<rect class="calc"/>`, false, paint{191, 191, 255, 1}, paint{}},
		{"mixed on dark", `<rect class="b a"/>`, true, paint{0, 0, 64, 1}, paint{255, 0, 0, 1}},
		{"variable set above", `<g class="set"><rect class="a"/></g>`, false, paint{0x12, 0x34, 0x56, 1}, paint{255, 0, 0, 1}},
		{"translucent", `<rect fill="rgba(1, 2, 3, .25)" fill-opacity=".5"/>`, false, paint{1, 2, 3, 0.125}, paint{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			markup := strings.Replace(c.markup, "<rect", `<rect width="4" height="4"`, 1)
			p, err := reader(c.dark).Read(`<div><svg viewBox="0 0 10 10">` + markup + `</svg></div>`)
			if err != nil || len(p.nodes) != 1 {
				t.Fatal(len(p.nodes), err)
			}
			s := p.nodes[0].(*shape)
			if s.fill != c.fill || s.stroke != c.stroke {
				t.Errorf("got %v and %v, want %v and %v", s.fill, s.stroke, c.fill, c.stroke)
			}
		})
	}
}

// TestRefused: what cannot be drawn is an error, never a picture with a hole in it.
func TestRefused(t *testing.T) {
	for _, markup := range []string{
		``, `<p>no picture</p>`, `<svg viewBox="0 0 0 1"></svg>`, `<svg viewBox="0 0 1 1"><foreignObject/></svg>`, `<svg viewBox="0 0 1 1"><path d="M0"/></svg>`,
		`<svg viewBox="0 0 1 1"><image href="/other.png" width="1" height="1"/></svg>`, `<svg viewBox="0 0 1 1"><rect fill="blurple" width="1" height="1"/></svg>`,
		`<svg viewBox="0 0 1 1"><path d="M0 0h1" marker-end="url(#none)"/></svg>`, `<svg viewBox="0 0 1 1"><g transform="rotate(3)"/></svg>`,
	} {
		if _, err := reader(false).Read(markup); err == nil {
			t.Errorf("%s was read", markup)
		}
	}
}

// TestWindow: of a sheet of bitmaps, a window keeps the tile that it shows.
func TestWindow(t *testing.T) {
	p, err := reader(false).Read(`<svg viewBox="0 0 10 10"><svg x="1" y="2" width="6" height="6" viewBox="2 0 2 2" preserveAspectRatio="none"><image href="/map.png" width="4" height="2" preserveAspectRatio="none"></image></svg></svg>`)
	if err != nil {
		t.Fatal(err)
	}
	m := p.nodes[0].(*bitmap)
	r, _, _, _ := m.img.At(m.img.Bounds().Min.X, 0).RGBA()
	if m.box != (box{1, 2, 7, 8}) || m.img.Bounds().Dx() != 2 || r != 0xffff {
		t.Errorf("the window shows %v of %v in %v", r, m.img.Bounds(), m.box)
	}
}

const scene = `<div><svg viewBox="10 10 200 90" aria-label="A picture"><defs><marker id="m" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="6" markerHeight="6"><path class="a" d="M0 0L8 4L0 8z"></path></marker></defs>
<rect class="a b" x="20" y="20" width="60" height="40" rx="8" stroke-width="2"></rect><g class="off"><rect x="40" y="30" width="60" height="40"/><circle class="up" cx="100" cy="50" r="15"/></g>
<path d="M120 40H170" fill="none" stroke="#2463d6" stroke-width="2" stroke-dasharray="5 4" marker-end="url(#m)"/><a href="/x"><text x="195" y="30" text-anchor="end">μ × ⊙ <tspan class="m">3×3</tspan></text></a>
<text x="20" y="85" font-weight="640">합성곱 Conv</text><rect class="gone" width="999" height="9"/><title>words</title></svg></div>`

func framed(t *testing.T, dark bool) *Picture {
	t.Helper()
	r := reader(dark)
	p, err := r.Read(scene)
	if err == nil {
		p, err = r.Frame(p, Frame{Title: "Title & <name>", Caption: "What it shows, in a sentence that is long enough for a second line of the frame, which it needs for the test.", Sources: []string{"A paper", "합성곱 신경망"}})
	}
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestPixels holds the whole way to pixels to golden files.
func TestPixels(t *testing.T) {
	for _, c := range []struct {
		name string
		dark bool
	}{{"scene-light.png", false}, {"scene-dark.png", true}} {
		p := framed(t, c.dark)
		b, err := p.PNG(fonts, 1.5)
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		if w, h := p.Size(1.5); img.Bounds() != image.Rect(0, 0, w, h) || w != int(math.Round(1.5*p.W)) {
			t.Errorf("%s: %v, want %d×%d", c.name, img.Bounds(), w, h)
		}
		viztest.Golden(t, c.name, b)
	}
}

// TestSVG: the file is XML, has its words, and refers to nothing outside.
func TestSVG(t *testing.T) {
	b, err := framed(t, false).SVG()
	if err != nil {
		t.Fatal(err)
	}
	viztest.Golden(t, "scene.svg", b)
	words := map[string]string{}
	d := xml.NewDecoder(bytes.NewReader(b))
	in := ""
	for {
		tok, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		switch x := tok.(type) {
		case xml.StartElement:
			in = x.Name.Local
			for _, a := range x.Attr {
				if k := a.Name.Local; k == "class" || k == "style" || k == "id" || strings.Contains(a.Value, "var(") || k == "href" && !strings.HasPrefix(a.Value, "data:") {
					t.Errorf("%s has %s=%q", in, k, a.Value)
				}
			}
		case xml.CharData:
			words[in] += string(x)
		}
	}
	if words["title"] != "Title & <name>" || !strings.Contains(words["desc"], "A paper 합성곱") || !strings.Contains(words["text"]+words["tspan"], "합성곱 Conv") {
		t.Errorf("words: %v", words)
	}
}

// TestFonts: letters of all kinds come from fonts, and heavier ones cover more.
func TestFonts(t *testing.T) {
	box := fonts.glyph(0x10ffff, false, 400)
	for _, r := range "Aµμ×→²가힣≥·한" {
		for _, mono := range []bool{false, true} {
			if g := fonts.glyph(r, mono, 400); g.outline.String() == box.outline.String() {
				t.Errorf("no font has %c, mono %v", r, mono)
			}
		}
	}
	area := func(weight int) float64 {
		return ink(t, &Picture{W: 60, H: 20, nodes: []node{&label{x: 2, y: 15, runs: []run{{text: "한글 Text", font: textFont{size: 12, weight: weight}, fill: paint{A: 1}}}}}}, 4)
	}
	if a, b := area(400), area(640); b < 1.1*a {
		t.Errorf("weight 400 covers %g, 640 covers %g", a, b)
	}
}

func TestWrap(t *testing.T) {
	f := textFont{size: 12, weight: 400}
	text := "One two three 합성곱 신경망은 " + strings.Repeat("x", 60) + " end"
	lines := fonts.wrap(text, f, 120)
	for _, l := range lines {
		if fonts.Width(l, f) > 120 {
			t.Errorf("%q is %g wide", l, fonts.Width(l, f))
		}
	}
	if got := strings.ReplaceAll(strings.Join(lines, ""), " ", ""); got != strings.ReplaceAll(text, " ", "") {
		t.Errorf("got %q", got)
	}
}
